"""The rows of timer start events: each has one, which is leased like all work, and set to its next turn when it comes.

When a version comes in force, the rows are set anew where the process has changed, and end where the start event is
gone; one whose turn has come stays as it is until that turn is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from comptroller.application.casework.clock import calendar_at
from comptroller.application.evidence import Evidence
from comptroller.application.outbox import new_row
from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import OutboxRow, revised
from comptroller.application.starting.event import stream_of_process
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.process import Catch, CatchKind
from comptroller.domain.workflow.timing import Turn, first_turn

TURN: Final = "turn"
"""The kind of outbox rows that end here."""

EVERY_ENTITY: Final = "*"
"""What a start event names for a case of each entity."""


@dataclass(frozen=True, slots=True)
class Now:
    """One moment on both clocks: the tenant's, by which turns are counted, and that of the machines, which wait."""

    tenants: datetime
    machines: datetime

    def waits_until(self, instant: datetime) -> datetime:
        """When an instant of the tenant's has come on the machines."""
        return self.machines + (instant - self.tenants)


def renew_starts(uow: UnitOfWork, evidence: Evidence, before: Policy | None, after: Policy, now: Now) -> None:
    """Set the timer start events of a version that comes in force, and end those that it does not have."""
    kept = set()
    for process, catch in timers(after):
        kept.add(_row_id(process.id, catch.id))
        _renew(uow, evidence, process, catch, now)
    for process, catch in timers(before) if before is not None else ():
        row = uow.outbox(_row_id(process.id, catch.id))
        if row is None or row.outbox_id in kept or row.status == "leased" or _has_come(row, now):
            continue  # who takes a turn that has come ends it
        uow.update(revised(row, status="cancelled"))
        evidence.tell(stream_of_process(process.id), "start.ended", {"event": catch.id, "version": process.hash})


def _renew(uow: UnitOfWork, evidence: Evidence, process: Process, catch: Catch, now: Now) -> None:
    row = uow.outbox(_row_id(process.id, catch.id))
    body: Any = decode(row.payload) if row is not None else {}
    is_set = row is not None and row.status != "cancelled" and body["version"] == process.hash
    if is_set or (row is not None and (row.status == "leased" or _has_come(row, now))):
        return
    assert catch.timing is not None
    turn = first_turn(catch.timing, now.tenants, calendar_at(uow, process.starts[catch.id].entity))
    told = {"event": catch.id, "version": process.hash, "turn": turn and turn.due}
    evidence.tell(stream_of_process(process.id), "start.set", told)
    payload = payload_of(process, catch, turn or Turn(now.tenants, 0, now.tenants))
    made = new_row(now.machines, _row_id(process.id, catch.id), TURN, process.id, {}) if row is None else row
    made = waiting(made, now.waits_until(turn.due)) if turn else revised(made, status="done")
    (uow.insert if row is None else uow.update)(revised(made, payload=payload, attempts=0, error=""))


def _has_come(row: OutboxRow, now: Now) -> bool:
    return row.status == "pending" and row.not_before <= now.machines


def timers(policy: Policy) -> Iterator[tuple[Process, Catch]]:
    """The timer start events of a version, each with its process."""
    for process in policy.processes.values():
        yield from ((process, catch) for catch in process.begun_by if catch.kind is CatchKind.TIMER)


def _row_id(process: str, event: str) -> str:
    return f"start.{process}.{event}"


def payload_of(process: Process, catch: Catch, turn: Turn) -> str:
    """What the row of a timer start event keeps: by which version of the process it was set, and its turn."""
    body: dict[str, Any] = {
        "process": process.id,
        "version": process.hash,
        "event": catch.id,
        "entity": process.starts[catch.id].entity,
        "turn": turn.due,
        "number": turn.number,
        "counted_from": turn.counted_from,
    }
    return encode(body).decode()


def turn_of(body: dict[str, Any]) -> Turn:
    """Read the turn that `payload_of` wrote."""
    due, counted_from = parse_instant(body["turn"]), parse_instant(body["counted_from"])
    assert due is not None
    assert counted_from is not None
    return Turn(due, int(body["number"]), counted_from)


def waiting(row: OutboxRow, until: datetime) -> OutboxRow:
    """The row, free until an instant of the machines'."""
    return revised(row, status="pending", not_before=until, lease_owner="", lease_until=None)
