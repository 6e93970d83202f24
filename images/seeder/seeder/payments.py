"""Ninety days of ordinary payments: salaries, rents, savings, transfers between friends, circles of debts, purchases."""

from .dice import Dice
from .network import DAY, DAYS, HOUR, START, Network
from .population import EMPLOYERS

TENANTS, FRIENDLY, CIRCLES, PURCHASES = 270, 2600, 24, 4000
NO_REFERENCE, SLIPPED_COMMAS = 12, 4  # blank references; amounts that are a hundred times too large
LANDLORDS = 4  # of each town
MONTH_ENDS = [29, 56, 87]  # the last working days of January, February and March
MONTH_STARTS = [1, 32, 60]
#                 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
WAKING_HOURS = [2, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 8, 9, 7, 6, 6, 7, 8, 9, 9, 8, 6, 4, 3]
PRICES = {
    "bakery": (6, 0.5), "grocer": (38, 0.6), "books": (21, 0.6), "fuel": (55, 0.4),
    "cafe": (9, 0.5), "electronics": (140, 0.9), "travel": (95, 0.8), "jewellery": (210, 0.8),
    "pharmacy": (17, 0.6), "cinema": (14, 0.4), "clothing": (62, 0.7), "garden": (33, 0.7),
}  # fmt: skip


def pay(net: Network, seed: int) -> None:
    _salaries(net, Dice(seed, "salaries"))
    _rents(net, Dice(seed, "rents"))
    _savings(net, Dice(seed, "savings"))
    _friends(net, Dice(seed, "friends"))
    _circles(net, Dice(seed, "circles"))
    _purchases(net, Dice(seed, "purchases"))


def moment(dice: Dice, day: int) -> int:
    hour = dice.weighted(range(24), WAKING_HOURS)
    return START + day * DAY + hour * HOUR + dice.below(HOUR)


def transfer(net: Network, source: str, target: str, at: int, cents: int, reference: str) -> None:
    net.connect("transfer", source, target, at=at, amount_cents=cents, reference=reference)


def neighbours(net: Network) -> dict[str, list[str]]:
    """The checking accounts of each town."""
    towns: dict[str, list[str]] = {}
    for account in net.accounts("checking"):
        towns.setdefault(net.town(account["account_id"]), []).append(account["account_id"])
    return towns


def any_day(dice: Dice) -> int:
    """A day of the ninety; at the weekend people settle what they owe (1 January 2026 is a Thursday)."""
    return dice.weighted(range(DAYS), [1.6 if (day + 3) % 7 >= 5 else 1.0 for day in range(DAYS)])


def _salaries(net: Network, dice: Dice) -> None:
    employers: dict[str, list[str]] = {}
    for account in net.accounts("business"):
        employers.setdefault(net.town(account["account_id"]), []).append(account["account_id"])
    for account in net.accounts("checking")[EMPLOYERS:]:  # the first people are the employers
        employer = dice.choice(employers[net.town(account["account_id"])])
        salary = round(dice.lognormal(2100, 0.3)) * 100
        for day in MONTH_ENDS:
            at = START + day * DAY + 9 * HOUR + dice.below(2 * HOUR)
            transfer(net, employer, account["account_id"], at, salary, "salary")


def _rents(net: Network, dice: Dice) -> None:
    towns = neighbours(net)
    landlords = {town: accounts[:LANDLORDS] for town, accounts in towns.items()}
    tenants = dice.sample([a for accounts in towns.values() for a in accounts[LANDLORDS:]], TENANTS)
    for tenant in sorted(tenants):
        landlord = dice.choice(landlords[net.town(tenant)])
        rent = round(dice.lognormal(640, 0.25)) * 100
        for day in MONTH_STARTS:
            at = START + day * DAY + 6 * HOUR + dice.below(HOUR)
            transfer(net, tenant, landlord, at, rent, "rent")


def _savings(net: Network, dice: Dice) -> None:
    checking = {net.owner[a["account_id"]]: a["account_id"] for a in net.accounts("checking")}
    for account in net.accounts("savings"):
        source = checking[net.owner[account["account_id"]]]
        amount = dice.between(4, 40) * 1000
        for day in MONTH_STARTS:
            transfer(net, source, account["account_id"], moment(dice, day + 1), amount, "savings")


def _friends(net: Network, dice: Dice) -> None:
    towns = neighbours(net)
    everyone = [a for accounts in towns.values() for a in accounts]
    friends = {}
    for account in everyone:
        near = [a for a in towns[net.town(account)] if a != account]
        far = [a for a in everyone if a != account]
        friends[account] = dice.sample(near, 4) + dice.sample(far, 1)
    for _ in range(FRIENDLY):
        source = dice.choice(everyone)
        target = dice.choice(friends[source])
        cents = round(dice.lognormal(34, 0.8) * 100)
        reference = dice.choice(["dinner", "tickets", "groceries", "thank you", "birthday", "taxi"])
        transfer(net, source, target, moment(dice, any_day(dice)), cents, reference)
    for edge in dice.sample(net.edges[-FRIENDLY:], NO_REFERENCE):
        edge.properties["reference"] = ""


def _circles(net: Network, dice: Dice) -> None:
    """Friends who pay for one another in turn: cycles that are no fraud, of any amount, over weeks or in one evening."""
    towns = neighbours(net)
    names = sorted(towns)
    for i in range(CIRCLES):
        members = dice.sample(towns[names[i % len(names)]], 3 + i % 3)
        hops = list(zip(members, members[1:] + members[:1]))
        at = moment(dice, dice.between(2, 40))
        for source, target in hops:
            transfer(net, source, target, at, round(dice.lognormal(60, 0.5) * 100), "my turn")
            at += dice.between(2 * DAY, 6 * DAY)
        at = START + dice.between(3, 85) * DAY + 19 * HOUR
        for source, target in hops:
            transfer(net, source, target, at, round(dice.lognormal(25, 0.6) * 100), "tonight")
            at += dice.between(5 * 60, 40 * 60)


def _purchases(net: Network, dice: Dice) -> None:
    account_of = {e.target: e.source for e in net.edges if e.label == "has_card"}
    cards = [c["card_id"] for c in net.vertices["card"]]
    merchants = net.vertices["merchant"]
    for _ in range(PURCHASES):
        card = dice.choice(cards)
        town = net.town(account_of[card])
        near = [m for m in merchants if m["town"] == town]
        merchant = dice.choice(near) if dice.chance(0.8) else dice.choice(merchants)
        cents = max(100, round(dice.lognormal(*PRICES[merchant["category"]]) * 100))
        at = moment(dice, any_day(dice))
        net.connect("purchase", card, merchant["merchant_id"], at=at, amount_cents=cents)
    cheap = [e for e in net.edges[-PURCHASES:] if e.properties["amount_cents"] < 5000]
    for edge in dice.sample(cheap, SLIPPED_COMMAS):
        edge.properties["amount_cents"] *= 100
