"""What the worker does with leased rows: deliver, fire timers, call up cases; each result is a use case of its own.

INVARIANT 4: an outside effect carries a key derived from case and step, the same at every attempt.
INVARIANT 10: what keeps failing is never dropped: it waits as `dead` where an operator sees it and can send it again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from comptroller.application.casework.milestones import mark
from comptroller.application.casework.posted import look_again
from comptroller.application.casework.record import tell_on_case
from comptroller.application.casework.resuming import call_up, resume_alone, resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.waits import SIGNAL, tokens_awaiting
from comptroller.application.casework.watching import look_at
from comptroller.application.needs import Needs
from comptroller.application.outbox import SEQUENCE, told_row
from comptroller.application.people.records import principal
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.records import OutboxRow, revised
from comptroller.application.session import Refused, Session
from comptroller.application.starting.event import Beginning, begin_row, begun_by
from comptroller.domain import workflow
from comptroller.domain.feel.value_json import value_from_json
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import Status
from comptroller.domain.workflow.machine import SUSPENDED
from comptroller.domain.workflow.process import CatchKind

LOOKED_AT_AGAIN: Final = timedelta(hours=1)
"""So long what is due of a suspended case waits before it is looked at again."""

LISTENING: Final = frozenset({"waiting", "posted"})
"""What a case's status may be while its process still waits: a posted one waits for the outside system."""

NOT_YET: Final = "WORKFLOW-TIMER-04"
"""The machine's refusal of a timer that is not due."""


@dataclass(frozen=True, slots=True)
class CallUp:
    """A case that waits on a changed subject is to judge itself again."""

    case_id: str


@dataclass(frozen=True, slots=True)
class SpreadThrown:
    """A process has thrown a message or signal: whoever waits for it is to be told."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class TellCase:
    """What was thrown comes to a case that waits for it."""

    row: OutboxRow

    @property
    def needs(self) -> Needs:
        """The case, to be taken up, and the row itself."""
        return _needs(self.row)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """A timer is due."""

    row: OutboxRow

    @property
    def needs(self) -> Needs:
        """The case, to be taken up, and the row itself."""
        return _needs(self.row)


@dataclass(frozen=True, slots=True)
class LookAtTask:
    """The instant has come at which policy wants to look at a task."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """One attempt at a delivery has ended."""

    row: OutboxRow
    delivered: Delivered

    @property
    def needs(self) -> Needs:
        """The case, to be told, and the row itself."""
        return Needs(told=[self.row.case_id], outbox=[self.row.outbox_id])


@dataclass(frozen=True, slots=True)
class FinishMessage:
    """Every case that a message was for has been called up."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """What a row asked for could not be done, by a defect of ours or because its workers died."""

    row: OutboxRow
    why: str


@dataclass(frozen=True, slots=True)
class RetryDelivery:
    """An operator has what was given up tried again."""

    outbox_id: str
    reason: str


def _needs(row: OutboxRow) -> Needs:
    return Needs(cases=[row.case_id], outbox=[row.outbox_id])


def call_up_case(session: Session, command: CallUp) -> dict[str, Any]:
    """Run a case's controls again where it still waits; a case that does not listen any more is left alone."""
    case = session.uow.case(command.case_id)
    if case is None or case.status not in LISTENING:
        return {"called": False}
    run = resume_case(session, case)
    is_posted = run.row.status == "posted"
    called = look_again(run) if is_posted else call_up(run)
    if called or is_posted:  # what was decided when looking again is told on the case, whatever came out
        run.close()
    return {"called": called}


def spread_thrown(session: Session, command: SpreadThrown) -> dict[str, Any]:
    """Have every case told that waits for what was thrown; a message that nobody awaits yet is not lost."""
    row, payload = command.row, decode(command.row.payload)
    assert isinstance(payload, dict)
    waits = session.uow.waiting_for(payload["name"], payload["about"])
    cases = dict.fromkeys(wait.case_id for wait in waits)
    settled, begun = revised(row, status="done", attempts=row.attempts + 1, error=""), list[OutboxRow]()
    if row.kind == SIGNAL:
        cases.pop(row.case_id, None)  # who threw a signal has heard it
        begun = _begun(session, row, payload)
    elif not cases:
        begun = _begun(session, row, payload) if payload["key"] else []  # without one it is for the case itself
        if not begun or not payload.get("entity"):
            why = "nobody awaits the message" + (", and it names no entity to begin a case of" if begun else "")
            settled, begun = _tried_again(session, settled, why), []
    session.uow.insert(*(told_row(session, case_id, row) for case_id in cases), *begun)
    session.uow.update(revised(settled, lease_owner="", lease_until=None))
    return {"told": len(cases), "begun": len(begun)}


def _begun(session: Session, row: OutboxRow, payload: dict[str, Any]) -> list[OutboxRow]:
    """A case for each process in force that begins by what was thrown."""
    by, carries = CatchKind.SIGNAL if row.kind == SIGNAL else CatchKind.MESSAGE, value_from_json(payload["carries"])
    assert isinstance(carries, dict)
    whose = {"sender": str(payload.get("sender", "")), "entity": str(payload.get("entity", "")), "cause": row.case_id}
    depth = int(payload.get("depth", 0)) + 1 if row.case_id else 0
    more: Any = {**whose, "depth": depth, "carries": carries}
    return [
        begin_row(
            session,
            f"{row.outbox_id}.{process.id}",
            Beginning(process.id, event, by, payload["name"], payload["key"], **more),
        )
        for process, event in begun_by(session, by, payload["name"])
    ]


def tell_case(session: Session, command: TellCase) -> dict[str, Any]:
    """Tell a case what it waits for, and settle the row; one that does not listen any more is left alone."""
    row, payload = command.row, decode(command.row.payload)
    assert isinstance(payload, dict)
    case = session.uow.case(row.case_id)
    settled, told = revised(row, status="done", lease_owner="", lease_until=None), False
    if case is not None and case.status in LISTENING:
        run = resume_case(session, case)
        if not _may_tell(run, payload):
            run.close()
        elif run.state.status is Status.SUSPENDED:
            settled = _later(session, row)
        else:
            told = _tell(run, payload)
        if told:
            run.close()
    session.uow.update(settled)
    return {"told": told}


def _may_tell(run: CaseRun, payload: dict[str, Any]) -> bool:
    """Whether who sent a message from outside works for the case's entity now; what a process throws reaches all."""
    sender = str(payload.get("sender", ""))
    person = principal(run.session.uow, sender) if sender else None
    if not sender or (person is not None and person.active and person.works_for(run.row.entity)):
        return True
    run.tell("message.refused", {"name": str(payload["name"]), "sender": sender})
    return False


def _tell(run: CaseRun, payload: dict[str, Any]) -> bool:
    name, key, carries = payload["name"], payload["key"], value_from_json(payload["carries"])
    assert isinstance(carries, dict)
    if payload["about"] == SIGNAL:
        return run.send(workflow.DeliverSignal(name, carries)) is None
    told = [run.send(workflow.DeliverMessage(token, name, carries, key)) for token in tokens_awaiting(run, name, key)]
    return any(refused is None for refused in told)


def fire_timer(session: Session, command: FireTimer) -> dict[str, Any]:
    """Fire a timer where its token still waits, and settle its row."""
    row = command.row
    payload: Any = decode(row.payload)
    case = session.uow.case(row.case_id)
    settled = revised(row, status="done", lease_owner="", lease_until=None)
    fired = False
    if case is not None and case.status in LISTENING:
        run = resume_case(session, case)
        refused = run.send(workflow.FireTimer(payload["token"], payload["timer"]))
        fired = refused is None
        if fired:
            run.close()
        elif refused is not None and refused.code == NOT_YET:  # two clocks disagree by a moment
            due = session.machine_now + timedelta(seconds=1)
            settled = revised(settled, status="pending", not_before=due)
        elif refused is not None and refused.code == SUSPENDED:  # who lets the case go on looks at its timers
            settled = _later(session, row)
    session.uow.update(settled)
    return {"fired": fired}


def _later(session: Session, row: OutboxRow) -> OutboxRow:
    """The row of a case that is suspended: it is looked at again, and at once when the case goes on."""
    due = session.machine_now + LOOKED_AT_AGAIN
    return revised(row, status="pending", lease_owner="", lease_until=None, not_before=due)


def look_at_task(session: Session, command: LookAtTask) -> dict[str, Any]:
    """Look at a task that may be lying there; one that was answered or taken back is left alone."""
    row = command.row
    case = session.uow.case(row.case_id)
    done = ""
    if case is not None and case.status == "waiting":
        run = resume_case(session, case)
        if run.state.status is Status.SUSPENDED:
            session.uow.update(_later(session, row))
            return {"done": done}
        task = session.uow.task(row.target)
        if task is not None and task.status == "open":
            if run.has_document:
                run.gather()
            done = look_at(run, task)
            run.close()
    session.uow.update(revised(row, status="done", lease_owner="", lease_until=None))
    return {"done": done}


def finish_message(session: Session, command: FinishMessage) -> dict[str, Any]:
    """Settle a message's row."""
    session.uow.update(revised(command.row, status="done", lease_owner="", lease_until=None))
    return {"done": True}


def _tried_again(session: Session, row: OutboxRow, error: str) -> OutboxRow:
    """The row with its next attempt, ever later; after the last one it waits for a person."""
    if row.attempts >= limits.DELIVERY_ATTEMPTS_MAX:
        return revised(row, status="dead", error=error)
    pause = min(limits.DELIVERY_BACKOFF_S_BASE * 2 ** (row.attempts - 1), limits.DELIVERY_BACKOFF_S_MAX)
    return revised(row, status="pending", error=error, not_before=session.machine_now + timedelta(seconds=pause))


def record_delivery(session: Session, command: RecordDelivery) -> dict[str, Any]:
    """Settle a delivery's row by its result and tell the case; the fence in the row keeps a late worker out."""
    row, result = command.row, command.delivered
    attempts = row.attempts + 1
    settled = revised(row, attempts=attempts)
    if result.accepted:
        settled = revised(settled, status="done", error="")
    elif not result.retry:
        settled = revised(settled, status="dead", error=result.detail)
    else:
        settled = _tried_again(session, settled, result.detail)
    session.uow.update(revised(settled, lease_owner="", lease_until=None))
    case = session.uow.case(row.case_id)
    if case is None:
        raise LookupError(f"a delivery names the unknown case `{row.case_id}`")
    run = resume_alone(session, case)  # most processes end by it, and nobody who bills the same order is waited for
    told = {"connector": row.target, "key": row.idempotency_key, "attempt": attempts, "status": result.status}
    seq = run.tell(f"delivery.{'accepted' if result.accepted else 'failed'}", {**told, "state": settled.status})
    mark(run, seq, "posting confirmed" if result.accepted else "delivery failed", control=row.target)
    if result.accepted:
        for token in tokens_awaiting(run, "delivery.answered"):
            run.send(workflow.DeliverMessage(token, "delivery.answered", {"accepted": True}))
    run.close()
    return {"state": settled.status}


def record_failure(session: Session, command: RecordFailure) -> dict[str, Any]:
    """Have a row tried again after a pause, or give it up where an operator sees it; the log is never given up."""
    row = session.uow.outbox(command.row.outbox_id) or command.row  # a long job has got somewhere under its lease
    attempts = command.row.attempts + 1
    settled = revised(row, attempts=attempts, error=command.why, lease_owner="", lease_until=None)
    if row.kind == SEQUENCE:
        due = session.machine_now + timedelta(seconds=session.environment.pace.lease_s)
        session.uow.update(revised(settled, status="pending", not_before=due))
        return {"state": "pending"}
    if attempts >= limits.WORK_ATTEMPTS_MAX:
        settled = revised(settled, status="dead")
    else:
        pause = min(limits.DELIVERY_BACKOFF_S_BASE * 2 ** (attempts - 1), limits.DELIVERY_BACKOFF_S_MAX)
        settled = revised(settled, status="pending", not_before=session.machine_now + timedelta(seconds=pause))
    session.uow.update(settled)
    told = {"work": row.outbox_id, "kind": row.kind, "attempt": attempts, "state": settled.status, "why": command.why}
    if row.case_id:
        tell_on_case(session, row.case_id, "work.failed", told)
    else:
        session.evidence.tell("work", "work.failed", told)
    return {"state": settled.status}


def retry_delivery(session: Session, command: RetryDelivery) -> dict[str, Any] | Refused:
    """Have what was given up tried again, a delivery under the same key."""
    row = session.uow.outbox(command.outbox_id)
    if row is None or (row.kind not in {"delivery", "notice"} and row.status != "dead"):
        return Refused(
            Rejection(RejectionKind.NOT_FOUND, "DELIVERY-UNKNOWN-01", f"there is no delivery `{command.outbox_id}`")
        )
    if row.status != "dead":
        return Refused(
            Rejection(RejectionKind.CONFLICT, "DELIVERY-STATE-01", f"the delivery is `{row.status}`, not dead"),
            row.case_id,
        )
    session.uow.update(revised(row, status="pending", attempts=0, not_before=session.machine_now))
    case = session.uow.case(row.case_id)
    if case is None:
        told = {"connector": row.target, "key": row.idempotency_key}
        session.evidence.tell(f"principal/{session.caller.id}", "delivery.retried", told)
    else:
        run = resume_case(session, case)
        reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
        seq = run.tell("delivery.retried", {"connector": row.target, "key": row.idempotency_key, "reason": reason})
        mark(run, seq, "delivery retried", person=session.caller.id, control=row.target)
        run.close()
    return {"state": "pending"}
