"""Rows for what is due outside the transaction: messages to other cases, timers, deliveries to outside systems.

Their instants are the machine's, not the tenant's: a worker serves every tenant with one clock.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from comptroller.application.records import OutboxRow
from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import encode


def message_row(session: Session, message: str, subject: str, *, cause: str) -> OutboxRow:
    """A message to every case that waits on a subject; due at once."""
    identifier = session.environment.chance.identifier(session.now)
    payload = {"message": message, "subject": subject, "cause": cause}
    return _row(session, identifier, "", "message", subject, identifier, payload)


def delivery_row(session: Session, case_id: str, connector: str, key: str, payload: dict[str, Any]) -> OutboxRow:
    """An effect in an outside system, under a key derived from the case and its step (INVARIANT 4); due at once."""
    return _row(session, key, case_id, "delivery", connector, key, payload)


def timer_row(session: Session, case_id: str, *, token: str, timer: str, due: datetime) -> OutboxRow:
    """A timer of a case: due when as much time has passed on the machine as the tenant has to wait."""
    identifier = timer_id(case_id, token, timer)
    row = _row(session, identifier, case_id, "timer", timer, identifier, {"token": token, "timer": timer})
    return replace(row, not_before=session.machine_now + (due - session.now))


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
    """A row of any other kind, due at once or at an instant of the tenant's."""
    row = _row(session, identifier, case_id, kind, target, identifier, payload)
    return row if due is None else replace(row, not_before=session.machine_now + (due - session.now))


def timer_id(case_id: str, token: str, timer: str) -> str:
    """The name of a timer's row: a token is one visit of one node, so it is never used again."""
    return f"{case_id}.{token}.{timer}"


def _row(
    session: Session, identifier: str, case_id: str, kind: str, target: str, key: str, payload: dict[str, Any]
) -> OutboxRow:
    return OutboxRow(
        outbox_id=identifier,
        case_id=case_id,
        kind=kind,
        target=target,
        idempotency_key=key,
        payload=encode(payload).decode(),
        status="pending",
        not_before=session.machine_now,
        attempts=0,
        lease_owner="",
        lease_until=None,
        fence=0,
        error="",
    )
