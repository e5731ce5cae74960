"""Lanes: what waits outside of transactions, sorted by who waits for it.

A worker takes a share of every lane in each round, the first lanes first. So nobody who signed waits behind ten
thousand timers, and what may wait is still never forgotten. Each outside system has a lane of its own: one that is
slow or closed holds up nothing else.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from comptroller.application.ports.work import Terms, Wanted

DELIVERY: Final = "delivery"
"""The kind of rows that go to an outside system; their lane names it."""

JOB: Final = "job"
"""The kind of rows that are long jobs."""

PEOPLE: Final = "people"
CASES: Final = "cases"
NOTICES: Final = "notices"
JOBS: Final = "jobs"
BACKGROUND: Final = "background"

_OF_KIND: Final = {
    "act": PEOPLE,
    "timer": CASES,
    "message": CASES,
    "thrown": CASES,
    "signal": CASES,
    "told": CASES,
    "turn": CASES,
    "begin": CASES,
    "watch": CASES,
    "person": CASES,
    "holder": CASES,
    "notice": NOTICES,
    "reminder": NOTICES,
    "digest": NOTICES,
    JOB: JOBS,
    "stop": JOBS,
    "index": BACKGROUND,
    "sequence": BACKGROUND,
}

_SHARES: Final = {PEOPLE: 8, CASES: 8, NOTICES: 4, JOBS: 2, BACKGROUND: 2}
_DELIVERY_SHARE: Final = 6
"""Rows of each lane that a round takes of every twenty: what a lane leaves is taken by the next round. The lanes of few
systems take a round's worth together: where hundreds wait for one, each round is a question less to the database."""


def lane_of(kind: str, target: str) -> str:
    """The lane of a row."""
    return delivery_lane(target) if kind == DELIVERY else _OF_KIND[kind]


def delivery_lane(connector: str) -> str:
    """The lane of what goes to an outside system."""
    return f"{DELIVERY}/{connector}"


def wanted_lanes(connectors: Iterable[str], terms: Mapping[str, Terms], *, batch: int) -> tuple[Wanted, ...]:
    """What one round asks for, the first lane first; what a connector bears goes for all workers together."""

    def share(of_twenty: int) -> int:
        return max(1, of_twenty * batch // 20)

    systems = sorted(connectors)
    of_each = share(max(_DELIVERY_SHARE, 20 // max(1, len(systems))))
    deliveries = [Wanted(delivery_lane(name), of_each, terms.get(name, Terms())) for name in systems]
    others = [Wanted(lane, share(of_twenty)) for lane, of_twenty in _SHARES.items()]
    return (*others[:2], *deliveries, *others[2:])
