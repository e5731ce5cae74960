"""What the worker does with leased rows: deliver, fire timers, call up cases; each result is a use case of its own.

INVARIANT 4: an outside effect carries a key derived from case and step, the same at every attempt.
INVARIANT 10: what keeps failing is never dropped: it waits as `dead` where an operator sees it and can send it again.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from comptroller.application.casework.milestones import mark
from comptroller.application.casework.posted import look_again
from comptroller.application.casework.resuming import call_up, resume_case
from comptroller.application.casework.watching import look_at
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.records import OutboxRow
from comptroller.application.session import Refused, Session
from comptroller.domain import workflow
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

NOT_YET: Final = "WORKFLOW-TIMER-04"
"""The machine's refusal of a timer that is not due."""


@dataclass(frozen=True, slots=True)
class CallUp:
    """A case that waits on a changed subject is to judge itself again."""

    case_id: str


@dataclass(frozen=True, slots=True)
class FireTimer:
    """A timer is due."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class LookAtTask:
    """The instant has come at which policy wants to look at a task."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """One attempt at a delivery has ended."""

    row: OutboxRow
    delivered: Delivered


@dataclass(frozen=True, slots=True)
class FinishMessage:
    """Every case that a message was for has been called up."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class RetryDelivery:
    """An operator sends a dead delivery again."""

    outbox_id: str
    reason: str


def call_up_case(session: Session, command: CallUp) -> dict[str, Any]:
    """Run a case's controls again where it still waits; a case that does not listen any more is left alone."""
    case = session.uow.case(command.case_id)
    if case is None or case.status not in {"waiting", "posted"}:
        return {"called": False}
    run = resume_case(session, case)
    called = look_again(run) if run.row.status == "posted" else call_up(run)
    if called:
        run.close()
    return {"called": called}


def fire_timer(session: Session, command: FireTimer) -> dict[str, Any]:
    """Fire a timer where its token still waits, and settle its row."""
    row = command.row
    payload: Any = decode(row.payload)
    case = session.uow.case(row.case_id)
    settled = replace(row, status="done", lease_owner="", lease_until=None)
    fired = False
    if case is not None and case.status == "waiting":
        run = resume_case(session, case)
        refused = run.send(workflow.FireTimer(payload["token"], payload["timer"]))
        fired = refused is None
        if fired:
            run.close()
        elif refused is not None and refused.code == NOT_YET:  # two clocks disagree by a moment
            due = session.machine_now + timedelta(seconds=1)
            settled = replace(settled, status="pending", not_before=due)
    session.uow.update(settled)
    return {"fired": fired}


def look_at_task(session: Session, command: LookAtTask) -> dict[str, Any]:
    """Look at a task that may be lying there; one that was answered or taken back is left alone."""
    row = command.row
    case = session.uow.case(row.case_id)
    done = ""
    if case is not None and case.status == "waiting":
        run = resume_case(session, case)
        task = session.uow.task(row.target)
        if task is not None and task.status == "open":
            if run.has_document:
                run.gather()
            done = look_at(run, task)
            run.close()
    session.uow.update(replace(row, status="done", lease_owner="", lease_until=None))
    return {"done": done}


def finish_message(session: Session, command: FinishMessage) -> dict[str, Any]:
    """Settle a message's row."""
    session.uow.update(replace(command.row, status="done", lease_owner="", lease_until=None))
    return {"done": True}


def record_delivery(session: Session, command: RecordDelivery) -> dict[str, Any]:
    """Settle a delivery's row by its result and tell the case; the fence in the row keeps a late worker out."""
    row, result = command.row, command.delivered
    attempts = row.attempts + 1
    if result.accepted:
        settled = replace(row, status="done", attempts=attempts, error="")
    elif not result.retry or attempts >= limits.DELIVERY_ATTEMPTS_MAX:
        settled = replace(row, status="dead", attempts=attempts, error=result.detail)
    else:
        pause = min(limits.DELIVERY_BACKOFF_S_BASE * 2 ** (attempts - 1), limits.DELIVERY_BACKOFF_S_MAX)
        due = session.machine_now + timedelta(seconds=pause)
        settled = replace(row, status="pending", attempts=attempts, error=result.detail, not_before=due)
    session.uow.update(replace(settled, lease_owner="", lease_until=None))
    case = session.uow.case(row.case_id)
    if case is None:
        raise LookupError(f"a delivery names the unknown case `{row.case_id}`")
    run = resume_case(session, case)
    told = {"connector": row.target, "key": row.idempotency_key, "attempt": attempts, "status": result.status}
    seq = run.tell(f"delivery.{'accepted' if result.accepted else 'failed'}", {**told, "state": settled.status})
    mark(run, seq, "posting confirmed" if result.accepted else "delivery failed", control=row.target)
    if result.accepted:
        for wait in run.session.uow.case_waits(case.case_id):
            if wait.message == "delivery.answered":
                run.send(workflow.DeliverMessage(wait.token, "delivery.answered", {"accepted": True}))
    run.close()
    return {"state": settled.status}


def retry_delivery(session: Session, command: RetryDelivery) -> dict[str, Any] | Refused:
    """Send a dead delivery again, under the same key."""
    row = session.uow.outbox(command.outbox_id)
    if row is None or row.kind not in {"delivery", "notice"}:
        return Refused(
            Rejection(RejectionKind.NOT_FOUND, "DELIVERY-UNKNOWN-01", f"there is no delivery `{command.outbox_id}`")
        )
    if row.status != "dead":
        return Refused(
            Rejection(RejectionKind.CONFLICT, "DELIVERY-STATE-01", f"the delivery is `{row.status}`, not dead"),
            row.case_id,
        )
    session.uow.update(replace(row, status="pending", attempts=0, not_before=session.machine_now))
    case = session.uow.case(row.case_id)
    if case is None:
        told = {"connector": row.target, "key": row.idempotency_key}
        session.evidence.tell(f"principal/{session.caller.id}", "delivery.retried", told)
    else:
        run = resume_case(session, case)
        reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
        run.tell("delivery.retried", {"connector": row.target, "key": row.idempotency_key, "reason": reason})
        run.close()
    return {"state": "pending"}
