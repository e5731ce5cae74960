"""What an operator does about cases that are stuck: sees them by cause, tries again, moves back, stops and lets go on.

An operator serves the machine, not the business: what is shown of a case is where it stands and why, and what the
machine allows never leads past a control (`domain/workflow/repairing.py`). Who has a hand in a case does not repair it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.halting import HALTED
from comptroller.application.casework.resuming import call_up, resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.outbox import timer_id
from comptroller.application.records import CaseRow, StuckCase, revised
from comptroller.application.session import Refused, Session
from comptroller.domain.feel import Value
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import State
from comptroller.domain.workflow.commands import Correct, MoveBack, Repair, Resume, Retry, Skip, Suspend

SUSPENDED: Final = "CASE-SUSPENDED-01"
"""The cause of cases that an operator has stopped; it names no step."""


class RepairKind(StrEnum):
    """What an operator can do; a closed list."""

    RETRY = "retry"
    SKIP = "skip"
    MOVE_BACK = "move back"
    CORRECT = "correct"
    SUSPEND = "suspend"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class ListIncidents:
    """What is stuck, by cause."""


@dataclass(frozen=True, slots=True)
class RepairCase:
    """One repair of one case. `token` may be left out where one token alone has an incident or may be meant."""

    case_id: str
    kind: str
    reason: str
    token: str = ""
    node: str = ""  # move back: where to
    variables: Mapping[str, Value] = field(default_factory=dict)  # correct


def list_incidents(session: Session, _command: ListIncidents) -> dict[str, Any]:
    """Every cause with how many cases it has and the newest of them, the oldest cause first.

    What an operator has stopped is a cause of its own.
    """
    causes: dict[tuple[str, str, str, str], list[StuckCase]] = {}
    for each in session.uow.stuck_cases(limit=limits.PAGE_SIZE_MAX):
        causes.setdefault((each.process, each.process_hash, each.node, each.code), []).append(each)
    found = [
        {
            "process": process,
            "version": version,
            "node": node,
            "code": code if node else SUSPENDED,
            "message": _message(session, cases[0].case_id, node) if node else "an operator has stopped them",
            "cases": cases[0].cases,
            "since": _since(cases[0]),
            "case_ids": [each.case_id for each in cases],
        }
        for (process, version, node, code), cases in causes.items()
    ]
    return {"incidents": sorted(found, key=lambda cause: (cause["since"], cause["node"]))}


def repair_case(session: Session, command: RepairCase) -> dict[str, Any] | Refused:
    """Repair a case that waits; what the machine does not allow is refused with what it allows."""
    case = session.uow.case(command.case_id)
    if case is None:
        message = f"there is no case `{command.case_id}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "CASE-UNKNOWN-01", message))
    refused = words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused, case.case_id)
    run = resume_case(session, case)
    words = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    repair = _repair(run, command, words)
    if isinstance(repair, Rejection):
        return Refused(repair, case.case_id)
    if run.has_document:
        run.gather()
    refusal = run.send(repair)
    if refusal is not None:
        return Refused(refusal, case.case_id)
    told = {"repair": command.kind, "token": command.token, "node": command.node, "reason": words}
    run.tell("case.repaired", {name: value for name, value in told.items() if value})
    if isinstance(repair, Resume):
        _wake(run)
    run.close()
    return answer_of(run)


def _repair(run: CaseRun, command: RepairCase, words: str) -> Repair | Rejection:
    """The machine's command; a rejection where the case does not wait, or is the caller's own."""
    if run.row.status != "waiting" and run.row.outcome not in HALTED:
        message = f"the case is {run.row.status}, it does not wait"
        return Rejection(RejectionKind.CONFLICT, "CASE-REPAIR-02", message, subject=run.row.case_id)
    if run.session.caller.id in run.barred:
        message = "you requested, entered, ordered or received on this case, so somebody else repairs it"
        return Rejection(RejectionKind.FORBIDDEN, "CASE-REPAIR-01", message, breach="forbidden duty pair")
    match command.kind:
        case RepairKind.SUSPEND:
            return Suspend(words)
        case RepairKind.RESUME:
            return Resume()
        case RepairKind.CORRECT:
            return Correct(command.variables)
        case RepairKind.RETRY | RepairKind.SKIP | RepairKind.MOVE_BACK:
            return _token_repair(run, command)
    message = f"`{command.kind}` is no repair"
    return Rejection(RejectionKind.INVALID, "CASE-REPAIR-03", message, help=f"say one of: {', '.join(RepairKind)}")


def _token_repair(run: CaseRun, command: RepairCase) -> Repair | Rejection:
    tokens = run.state.tokens
    stuck = [key for key, token in tokens.items() if token.incident]
    meant = [command.token] if command.token else stuck or list(tokens)
    if len(meant) != 1:
        standing = ", ".join(f"{key} at {token.node}" for key, token in tokens.items())
        message = f"the case has {len(tokens)} tokens: say which is meant"
        return Rejection(RejectionKind.INVALID, "CASE-REPAIR-04", message, help=standing)
    done = tuple(run.dossier.effects)
    match command.kind:
        case RepairKind.RETRY:
            return Retry(meant[0], done)
        case RepairKind.SKIP:
            return Skip(meant[0])
    return MoveBack(meant[0], command.node, done)


def _wake(run: CaseRun) -> None:
    """Let what came while the case was suspended come again: its timers are looked at now, its facts are read anew."""
    session = run.session
    for key, token in run.state.tokens.items():
        for timer in token.timers:
            row = session.uow.outbox(timer_id(run.row.case_id, key, timer.id))
            if row is not None and row.status == "pending":
                left = max(timer.due - session.now, timedelta(0))
                session.uow.update(revised(row, not_before=session.machine_now + left))
    call_up(run)


def _since(cause: StuckCase) -> datetime:
    """When the first case of a cause came to the step; of what was stopped, when the first changed last."""
    return cause.changed if cause.arrived is None or not cause.node else datetime.fromtimestamp(cause.arrived, UTC)


def done_of(row: CaseRow) -> frozenset[str]:
    """The services by which a case has had effects that nobody takes back."""
    state: Any = decode(row.state)
    return frozenset(state["dossier"].get("effects", ()))


def standing_of(row: CaseRow) -> State:
    """Where a case's process stands."""
    state: Any = decode(row.state)
    return State.from_json(state["process"])


def _message(session: Session, case_id: str, node: str) -> str:
    """What the newest incident at a node of a case said."""
    for entry in reversed(session.uow.stream(f"case/{case_id}")):
        body: Any = decode(entry.body)
        if entry.type == "case.incident" and body["data"]["node"] == node:
            return str(body["data"]["message"])
    return ""
