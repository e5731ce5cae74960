"""The queue of leased work: rows of the outbox, whoever works on them, and what outside systems bear.

Every worker of every release asks the same queue. A lease is a row's fence: taking a row raises it in the same
statement, and whoever holds an older one can change nothing any more. A heartbeat lengthens leases that are still held
and brings none back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from comptroller.application.records import OutboxRow
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

Leased = tuple[TenantId, OutboxRow]
"""A row of a tenant with the fence under which it is held."""


@dataclass(frozen=True, slots=True)
class Pace:
    """For how many seconds a row is leased, and after how many a worker says that it still holds it."""

    lease_s: int = limits.LEASE_S
    heartbeat_s: int = limits.HEARTBEAT_S


@dataclass(frozen=True, slots=True)
class Terms:
    """What an outside system bears of all workers together; 0 is as much as they can."""

    at_once: int = 0
    per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many rows of a lane a worker takes at most."""

    lane: str
    most: int
    terms: Terms = Terms()


@dataclass(frozen=True, slots=True)
class WorkerStanding:
    """A worker as it last said of itself."""

    worker: str  # key
    host: str
    release: str
    state: str  # working, draining
    lanes: tuple[str, ...]
    in_hand: int
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """A lane that is closed until an instant, and why."""

    lane: str
    closed_until: datetime
    why: str


class WorkQueue(Protocol):
    """Leases of the outbox rows of all tenants."""

    def lease(
        self, *, owner: str, now: datetime, lease_until: datetime, wanted: Sequence[Wanted], kinds: Collection[str]
    ) -> Sequence[Leased]:
        """Take due rows of these lanes and kinds: pending ones, and those whose lease has run out.

        Rows come in the order of the lanes asked for and then of their time. No two workers hold the same row and
        fence; rows of other kinds are left to who knows them.
        """
        ...

    def lease_row(
        self, tenant: TenantId, outbox_id: str, *, owner: str, now: datetime, lease_until: datetime
    ) -> OutboxRow | None:
        """Take one row that is due; None where it is not, or is held by somebody."""
        ...

    def renew(
        self, held: Sequence[Leased], *, now: datetime, lease_until: datetime
    ) -> Collection[tuple[TenantId, str]]:
        """Lengthen leases that have not run out; answers which rows are still held."""
        ...

    def hand_back(self, held: Sequence[Leased]) -> None:
        """Let others take rows that were leased and not begun; one that somebody else holds by now stays theirs."""
        ...

    def close_lane(self, lane: str, *, until: datetime, why: str) -> None:
        """Lease nothing of a lane until an instant; one that has passed opens it."""
        ...

    def closed_lanes(self, now: datetime) -> Sequence[LaneStanding]: ...
    def waking(self) -> Sequence[TenantId]:
        """Tenants whose log has entries without a place."""
        ...

    def tell(self, standing: WorkerStanding) -> None:
        """Say how a worker does; it replaces what the worker said before."""
        ...

    def leave(self, worker: str) -> None:
        """Say that a worker has ended."""
        ...

    def workers(self) -> Sequence[WorkerStanding]:
        """Everybody who has not left, by name."""
        ...
