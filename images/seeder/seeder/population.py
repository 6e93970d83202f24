"""People with their accounts, cards and devices, and the merchants of their towns."""

from datetime import date, timedelta

from .dice import Dice
from .network import Network

TOWNS = ["Ashford", "Brackwell", "Corvale", "Dunmere", "Eastholm", "Fenwick"]
PEOPLE, SAVERS, EMPLOYERS, CARDS, DEVICES, MERCHANTS, SHARED = 600, 180, 18, 480, 480, 96, 180
# What is wrong with the data, as in every register: the notebook on data quality finds it again.
BROKEN_EMAILS, MOVED, REGISTERED_TWICE, OPENED_LATE = 8, 18, 5, 4

FIRST = (
    "Ada Amir Anika Bela Bruno Carla Chidi Dana Dario Edda Elif Emil Farah Felix Gita Goran Hana Hugo Ines Ivo Jana Jonas "
    "Kaja Kofi Lena Luca Mara Milo Nadia Noor Olga Omar Pia Pavel Quinn Rana Remo Sara Sven Tara Timo Uma Vera Viktor Wanda "
    "Yann Yara Zeno Zita"
).split()
LAST = (
    "Abel Baxter Castell Dorn Ekwall Farrow Grau Haldane Ibsen Jarvis Keller Lindqvist Marlow Novak Okafor Petrov Quist "
    "Rahman Solberg Tanaka Ulrich Varga Weiss Yilmaz Zeller"
).split()
TRADES = [
    ("bakery", "Bakery", ["fresh bread and pastry from a stone oven", "sourdough bread, rye rolls and cakes to order"]),
    ("grocer", "Market", ["vegetables, fruit and daily groceries", "organic vegetables, cheese and bread from the region"]),
    ("books", "Books", ["second-hand books, maps and rare prints", "new novels, school books and a reading room"]),
    ("fuel", "Fuel", ["fuel, tyres and a small workshop", "fuel, car wash and coffee day and night"]),
    ("cafe", "Coffee House", ["coffee roasted in the house and light meals", "coffee, cakes and newspapers under old trees"]),
    ("electronics", "Electronics", ["phones, laptops and repairs while you wait", "used phones bought and sold for cash"]),
    ("travel", "Travel", ["train and ferry tickets, package tours", "last-minute flights, vouchers and gift cards"]),
    ("jewellery", "Jewellers", ["watches, rings and gold bought for cash", "wedding rings, engraving and watch repairs"]),
    ("pharmacy", "Pharmacy", ["medicines, spectacles and advice", "medicines by prescription, open at night"]),
    ("cinema", "Cinema", ["new films and old ones, with a bar", "films for children, popcorn and tickets"]),
    ("clothing", "Outfitters", ["coats, shoes and alterations", "second-hand clothes, sold by weight"]),
    ("garden", "Garden Centre", ["plants, seeds and tools", "cut flowers, wreaths and wedding bouquets"]),
]
PLACES = ["Harbour", "Old Mill", "Station", "Market Square", "River", "North Gate", "Castle", "Orchard"]
ORIGIN = date(2026, 1, 1)


def populate(seed: int) -> Network:
    net = Network()
    _people(net, Dice(seed, "people"))
    _accounts(net, Dice(seed, "accounts"))
    _cards(net, Dice(seed, "cards"))
    _devices(net, Dice(seed, "devices"))
    _merchants(net, Dice(seed, "merchants"))
    net.vertices["dataset"].append({"dataset_id": "payments", "seed": seed, "complete": True})
    return net


def _people(net: Network, dice: Dice) -> None:
    names = dice.sample([(f, l) for f in FIRST for l in LAST], PEOPLE)
    broken = set(dice.sample(range(PEOPLE), BROKEN_EMAILS))
    moved = set(dice.sample(range(EMPLOYERS, PEOPLE), MOVED))
    for i, (first, last) in enumerate(names):
        home = TOWNS[i % len(TOWNS)]
        # Who moved is still registered in the town before.
        town = dice.choice([t for t in TOWNS if t != home]) if i in moved else home
        net.home[f"P{i + 1:04d}"] = home
        at = " at " if i in broken else "@"
        net.vertices["person"].append(
            {
                "person_id": f"P{i + 1:04d}",
                "name": f"{first} {last}",
                "email": f"{first}.{last}{at}mail.{town}.example".lower(),
                "town": town,
                "born": dice.between(1945, 2005),
            }
        )
    for i in sorted(dice.sample(range(2 * len(TOWNS), PEOPLE), REGISTERED_TWICE)):  # like the neighbour, in name and year
        first, second = net.vertices["person"][i - len(TOWNS)], net.vertices["person"][i]
        second.update(name=first["name"], born=first["born"], email=first["email"].replace(".", "_", 1))


def _accounts(net: Network, dice: Dice) -> None:
    people = net.vertices["person"]
    owners = [("checking", p) for p in people]
    owners += [("savings", p) for p in sorted(dice.sample(people, SAVERS), key=lambda p: p["person_id"])]
    # Three employers a town, so that salaries stay near home.
    owners += [("business", people[i]) for i in range(EMPLOYERS)]
    for i, (kind, person) in enumerate(owners):
        account_id = f"A{i + 1:04d}"
        opened = ORIGIN - timedelta(days=dice.between(200, 4000))
        net.vertices["account"].append(
            {"account_id": account_id, "kind": kind, "opened": opened.isoformat(), "flagged": False}
        )
        net.owner[account_id] = person["person_id"]
        net.connect("owns", person["person_id"], account_id)
    for account in dice.sample(net.accounts("checking"), OPENED_LATE):  # the date is wrong: it was used in January
        account["opened"] = (ORIGIN + timedelta(days=dice.between(40, 80))).isoformat()


def _cards(net: Network, dice: Dice) -> None:
    holders = sorted(dice.sample(net.accounts("checking"), CARDS), key=lambda a: a["account_id"])
    for i, account in enumerate(holders):
        card_id = f"C{i + 1:04d}"
        scheme = dice.weighted(["debit", "credit"], [0.8, 0.2])
        net.vertices["card"].append({"card_id": card_id, "scheme": scheme})
        net.connect("has_card", account["account_id"], card_id)


def _devices(net: Network, dice: Dice) -> None:
    people = net.vertices["person"]
    for i in range(DEVICES):
        system = dice.weighted(["android", "ios", "desktop"], [0.5, 0.35, 0.15])
        net.vertices["device"].append({"device_id": f"D{i + 1:04d}", "system": system})
    # The first 480 people have a device each; the rest, and some more, share one with somebody of their town.
    for i, person in enumerate(people):
        index = i if i < DEVICES else i - len(TOWNS) * dice.between(20, 60)
        net.connect("uses", person["person_id"], f"D{index + 1:04d}")
    for i in sorted(dice.sample(range(len(TOWNS), DEVICES), SHARED)):
        net.connect("uses", people[i]["person_id"], f"D{i - len(TOWNS) + 1:04d}")


def _merchants(net: Network, dice: Dice) -> None:
    for i in range(MERCHANTS):
        category, trade, abouts = TRADES[i % len(TRADES)]
        about = dice.choice(abouts)
        town, place = TOWNS[(i // len(TRADES) + i) % len(TOWNS)], dice.choice(PLACES)
        net.vertices["merchant"].append(
            {
                "merchant_id": f"M{i + 1:04d}",
                "name": f"{place} {trade}",
                "category": category,
                "town": town,
                "about": f"{about}, near {place} in {town}",
            }
        )
