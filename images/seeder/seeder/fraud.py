"""Two kinds of fraud: rings that pass one sum round and round, to make money look earned, of which the bank knows all but
the last; and stolen cards, used up in one night."""

from datetime import timedelta

from .dice import Dice
from .network import DAY, DAYS, HOUR, START, Network
from .payments import transfer
from .population import ORIGIN

RING_SIZES = [3, 3, 4, 4, 4, 5, 5, 6, 7]
ROUNDS = 3
FALSE_ALARMS = 8
STOLEN_CARDS = 4
EASILY_SOLD = ["electronics", "jewellery", "travel"]


def plant(net: Network, seed: int) -> list[list[str]]:
    """Adds the rings and returns their members, ring by ring, in the order of payment."""
    dice = Dice(seed, "fraud")
    candidates = [a["account_id"] for a in net.accounts("checking")[60:]]
    members = dice.sample(candidates, sum(RING_SIZES))
    by_id = {a["account_id"]: a for a in net.vertices["account"]}
    rings = []
    for index, size in enumerate(RING_SIZES):
        ring, members = members[:size], members[size:]
        rings.append(ring)
        _launder(net, dice, ring)
        _share_phone(net, ring)
        for account_id in ring:
            by_id[account_id]["flagged"] = index < len(RING_SIZES) - 1
            if dice.chance(0.6):  # a mule's account is often young
                by_id[account_id]["opened"] = (ORIGIN - timedelta(days=dice.between(10, 120))).isoformat()
    quiet = [a for a in candidates if not any(a in ring for ring in rings)]
    for account_id in dice.sample(quiet, FALSE_ALARMS):
        by_id[account_id]["flagged"] = True
    _steal_cards(net, Dice(seed, "stolen cards"))
    return rings


def _launder(net: Network, dice: Dice, ring: list[str]) -> None:
    for start in sorted(dice.sample(range(3, DAYS - 4), ROUNDS)):
        cents = round(dice.lognormal(1900, 0.35) * 100)
        at = START + start * DAY + dice.between(0, 23) * HOUR + dice.below(HOUR)
        for source, target in zip(ring, ring[1:] + ring[:1]):
            reference = dice.choice(["invoice", "consulting", "loan", "refund"])
            transfer(net, source, target, at, cents, reference)
            cents -= round(cents * (0.01 + 0.02 * dice.unit()))  # each member keeps a small share
            at += dice.between(20 * 60, 5 * HOUR)


def _share_phone(net: Network, ring: list[str]) -> None:
    """Three of the members log in from one phone more, beside their own."""
    device_id = f"D{len(net.vertices['device']) + 1:04d}"
    net.vertices["device"].append({"device_id": device_id, "system": "android"})
    for account_id in ring[:3]:
        net.connect("uses", net.owner[account_id], device_id)


def _steal_cards(net: Network, dice: Dice) -> None:
    account_of = {e.target: e.source for e in net.edges if e.label == "has_card"}
    merchants = [m for m in net.vertices["merchant"] if m["category"] in EASILY_SOLD]
    for card in dice.sample(sorted(account_of), STOLEN_CARDS):
        away = [m for m in merchants if m["town"] != net.town(account_of[card])]
        at = START + dice.between(10, DAYS - 10) * DAY + dice.between(0, HOUR)
        for _ in range(8):
            cents = round(dice.lognormal(390, 0.25) * 100)
            net.connect("purchase", card, dice.choice(away)["merchant_id"], at=at, amount_cents=cents)
            at += dice.between(4 * 60, 25 * 60)
