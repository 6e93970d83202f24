"""Finds sums that go round: each payment follows the one before within hours, and carries nearly the same amount."""

from collections import defaultdict
from datetime import datetime, timezone

from .models import Ring

MEMBERS = range(3, 9)
NEXT_WITHIN_SECONDS = 6 * 3600
KEPT_AT_MOST = 0.05


def find_rings(transfers: list[dict], flagged: set[str]) -> list[Ring]:
    """transfers have source, target, at (seconds) and amount_cents; the rings come sorted by size and members."""
    leaving = defaultdict(list)
    for payment in sorted(transfers, key=lambda t: (t["at"], t["transfer_id"])):
        leaving[payment["source"]].append(payment)
    rounds: dict[tuple, list] = defaultdict(list)
    for source in sorted(leaving):
        for first in leaving[source]:
            for trail in _trails(leaving, [first]):
                rounds[_turned(trail)].append(trail)
    rings = [_ring(members, trails, flagged) for members, trails in rounds.items()]
    return sorted(rings, key=lambda ring: (len(ring.members), ring.members))


def _trails(leaving: dict, trail: list[dict]):
    last, home = trail[-1], trail[0]["source"]
    visited = {payment["source"] for payment in trail}
    for payment in leaving[last["target"]]:
        soon = last["at"] < payment["at"] <= last["at"] + NEXT_WITHIN_SECONDS
        whole = (1 - KEPT_AT_MOST) * last["amount_cents"] <= payment["amount_cents"] <= last["amount_cents"]
        if not (soon and whole):
            continue
        longer = [*trail, payment]
        if payment["target"] == home and len(longer) in MEMBERS:
            yield longer
        elif payment["target"] not in visited and len(longer) < MEMBERS[-1]:
            yield from _trails(leaving, longer)


def _turned(trail: list[dict]) -> tuple:
    """The members, turned so that the smallest id comes first."""
    members = [payment["source"] for payment in trail]
    start = members.index(min(members))
    return tuple(members[start:] + members[:start])


def _ring(members: tuple, trails: list, flagged: set[str]) -> Ring:
    return Ring(
        members=list(members),
        rounds=len(trails),
        first_seen=datetime.fromtimestamp(min(trail[0]["at"] for trail in trails), tz=timezone.utc),
        total_cents=sum(payment["amount_cents"] for trail in trails for payment in trail),
        flagged_members=sum(member in flagged for member in members),
    )
