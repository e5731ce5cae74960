"""Rows for what is due outside the transaction: messages to other cases, timers, deliveries to outside systems.

Their instants are those of the machines, not the tenant's: a worker serves every tenant with one clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from comptroller.application.lanes import lane_of
from comptroller.application.ports.store import LeaseLost, UnitOfWork
from comptroller.application.records import OutboxRow, revised
from comptroller.application.session import Environment, Session
from comptroller.domain.feel import Value
from comptroller.domain.feel.value_json import value_to_json
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.instant import instant_text

SEQUENCE: Final = "sequence"
"""The kind of the tenant's one row that is leased for giving entries their places, and its name."""


def sequencer_row(machine_now: datetime) -> OutboxRow:
    """The row that whoever sequences a tenant's log holds; it is idle until there are entries without a place."""
    return revised(new_row(machine_now, SEQUENCE, SEQUENCE, "", {}), status="idle")


def hold(uow: UnitOfWork, leased: OutboxRow, environment: Environment, *, progress: str = "") -> None:
    """Bind everything that a unit of work writes to a lease: it is written while the lease is held, or not at all.

    What a long job has got done by it is written with it: `progress` is then what the row says.

    INVARIANT 12: the row is written again with the fence that the worker was given, in the same statement as all else;
    where somebody has taken the row meanwhile, or the lease has run out, nothing is written. It is a heartbeat too.
    """
    row = _held(uow, leased, environment)
    uow.update(revised(row, payload=progress or row.payload))


def begin(uow: UnitOfWork, leased: OutboxRow, environment: Environment) -> None:
    """Count an attempt at a row before it is begun: should the worker die of it, somebody knows."""
    row = _held(uow, leased, environment)
    uow.update(revised(row, attempts=row.attempts + 1))


def was_lost(leased: OutboxRow) -> bool:
    """Whether an earlier lease of a row ended with nothing said: its worker died or was stopped, or handed it back."""
    return leased.fence - leased.attempts > 1


def _held(uow: UnitOfWork, leased: OutboxRow, environment: Environment) -> OutboxRow:
    now, row = environment.clock.machine_now(), uow.outbox(leased.outbox_id)
    held = row is not None and row.status == "leased" and row.fence == leased.fence
    if row is None or not held or row.lease_until is None or row.lease_until <= now:
        raise LeaseLost(f"the lease of `{leased.outbox_id}` with the fence {leased.fence} is not held any more")
    return revised(row, lease_until=max(row.lease_until, now + timedelta(seconds=environment.pace.lease_s)))


def message_row(session: Session, message: str, subject: str, *, cause: str) -> OutboxRow:
    """A message to every case that waits on a subject; due at once."""
    identifier = session.environment.chance.identifier(session.now)
    payload = {"message": message, "subject": subject, "cause": cause}
    return outbox_row(session, identifier, "message", subject, payload)


@dataclass(frozen=True, slots=True)
class Thrown:
    """What a process tells others: a message with its key, or a signal; `about` is what its waits are kept under."""

    kind: str  # thrown, signal
    name: str
    about: str
    carries: Mapping[str, Value]
    key: str = ""
    sender: str = ""  # who sent it from outside; empty: a process threw it
    entity: str = ""  # whose a case is that it begins
    depth: int = 0  # cases that began one another before the one that threw it


def thrown_row(session: Session, case_id: str, thrown: Thrown) -> OutboxRow:
    """What a case's process has thrown, to every case that waits for it; due at once."""
    identifier = session.environment.chance.identifier(session.now)
    carries = value_to_json(dict(thrown.carries))
    payload = {
        "name": thrown.name,
        "about": thrown.about,
        "key": thrown.key,
        "carries": carries,
        "sender": thrown.sender,
        "entity": thrown.entity,
        "depth": thrown.depth,
    }
    return outbox_row(session, identifier, thrown.kind, thrown.name, payload, case_id=case_id)


def told_row(session: Session, case_id: str, thrown: OutboxRow) -> OutboxRow:
    """What was thrown, to one case that waits for it; due at once."""
    row = outbox_row(session, f"{thrown.outbox_id}.{case_id}", "told", thrown.target, {}, case_id=case_id)
    return revised(row, payload=thrown.payload)


def delivery_row(session: Session, case_id: str, connector: str, key: str, payload: dict[str, Any]) -> OutboxRow:
    """An effect in an outside system, under a key derived from the case and its step (INVARIANT 4); due at once."""
    return outbox_row(session, key, "delivery", connector, payload, case_id=case_id)


def timer_row(session: Session, case_id: str, *, token: str, timer: str, due: datetime) -> OutboxRow:
    """A timer of a case: due when as much time has passed on the machine as the tenant has to wait."""
    payload = {"token": token, "timer": timer}
    return outbox_row(session, timer_id(case_id, token, timer), "timer", timer, payload, case_id=case_id, due=due)


def outbox_row(
    session: Session,
    identifier: str,
    kind: str,
    target: str,
    payload: dict[str, Any],
    *,
    case_id: str = "",
    due: datetime | None = None,
) -> OutboxRow:
    """A row of any kind, due at once or at an instant of the tenant's."""
    row = new_row(session.machine_now, identifier, kind, target, payload, case_id=case_id)
    return row if due is None else revised(row, not_before=session.machine_now + (due - session.now))


def timer_id(case_id: str, token: str, timer: str) -> str:
    """The name of a timer's row: a token is one visit of one node, so it is never used again."""
    return f"{case_id}.{token}.{timer}"


def cycle_id(case_id: str, token: str, timer: str, due: datetime) -> str:
    """The name of the row of a timer that comes again: each time has one of its own."""
    return f"{timer_id(case_id, token, timer)}.{instant_text(due)}"


def new_row(
    machine_now: datetime, identifier: str, kind: str, target: str, payload: dict[str, Any], *, case_id: str = ""
) -> OutboxRow:
    """A row that nobody has leased yet, due at once; its name is its key outside as well."""
    return OutboxRow(
        outbox_id=identifier,
        case_id=case_id,
        lane=lane_of(kind, target),
        kind=kind,
        target=target,
        idempotency_key=identifier,
        payload=encode(payload).decode(),
        status="pending",
        not_before=machine_now,
        attempts=0,
        lease_owner="",
        lease_until=None,
        fence=0,
        error="",
    )
