"""What is stuck, for the operator: by cause in words, with what can be done about it and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.words import OUTCOME_TITLES, STANDING_OF_OUTCOME
from comptroller.application.records import CaseRow
from comptroller.application.repairing import SUSPENDED, ListIncidents, RepairKind, done_of, list_incidents
from comptroller.application.repairing_many import CANCEL, Chosen, FindChosen, find_chosen
from comptroller.application.session import Refused, Session
from comptroller.application.views import Became, IncidentsView, IncidentView, Standing
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import Activity
from comptroller.domain.workflow.repairing import certainly_before

SHOWN_MAX: Final = 20
"""Cases of a cause that are named; the others are counted."""

OFFERED: Final = {
    RepairKind.RETRY: "Try again",
    RepairKind.MOVE_BACK: "Move back",
    RepairKind.SKIP: "Leave the step out",
    RepairKind.SUSPEND: "Stop",
    CANCEL: "Lay the case aside",
}
"""What can be done about a cause; what is to be corrected is corrected case by case, or from the command line."""

OFFERED_STOPPED: Final = {RepairKind.RESUME: "Let it go on", CANCEL: "Lay the case aside"}


@dataclass(frozen=True, slots=True)
class ShowIncidents:
    """What is stuck, beside what a repair has just answered of its cases; of one cause the cases behind one."""

    answers: Sequence[Mapping[str, Any]] = ()
    cause: str = ""
    after: str = ""


def show_incidents(session: Session, command: ShowIncidents) -> IncidentsView:
    """Every cause, the oldest first."""
    found = list_incidents(session, ListIncidents())["incidents"]
    shown = tuple(_incident(session, each, command) for each in found)
    return IncidentsView(shown, became_of(session.uow, command.answers))


def became_of(uow: UnitOfWork, answers: Sequence[Mapping[str, Any]]) -> tuple[Became, ...]:
    """What repairs answered of cases, in words; a case that is stuck again is no success."""
    numbers = {row.case_id: row.number for row in uow.cases_of([each["case_id"] for each in answers])}
    return tuple(_became(each, numbers.get(each["case_id"], "")) for each in answers)


def _became(answer: Mapping[str, Any], number: str) -> Became:
    case_id, outcome = str(answer["case_id"]), str(answer.get("outcome", ""))
    shown = number or case_id
    if "code" in answer:
        return Became(case_id, shown, Standing.STOPPED, str(answer["message"]))
    if outcome == "incident":
        return Became(case_id, shown, Standing.WAITING, "still stuck")
    standing = STANDING_OF_OUTCOME.get(outcome, Standing.PASSED)
    return Became(case_id, shown, standing, OUTCOME_TITLES.get(outcome, outcome or "goes on"))


def _incident(session: Session, found: Mapping[str, Any], command: ShowIncidents) -> IncidentView:
    cause = "/".join(found[part] for part in ("process", "version", "node", "code"))
    rows = session.uow.cases_of(found["case_ids"][:SHOWN_MAX])
    shown, is_behind = rows, cause == command.cause and bool(command.after)
    if is_behind:
        chosen = Chosen((), found["process"], found["version"], found["node"], found["code"])
        page = find_chosen(session, FindChosen(chosen, command.after, SHOWN_MAX))
        shown = [] if isinstance(page, Refused) else session.uow.cases_of(page["cases"])
    policy = session.environment.policies.version(session.uow, rows[0].policy_hash)
    process, node = policy.processes[found["process"]], found["node"]
    is_stopped = found["code"] == SUSPENDED
    return IncidentView(
        cause=cause,
        process=process.id,
        process_name=process.name,
        version=found["version"],
        title=_name(process, node) if node else "",
        code=found["code"],
        message=found["message"],
        since=found["since"],
        count=found["cases"],
        cases=tuple((row.case_id, row.number or row.case_id) for row in shown),
        is_behind=is_behind,
        next=shown[-1].case_id if len(shown) == SHOWN_MAX < found["cases"] else "",
        offered=_offered(rows, is_stopped=is_stopped),
        steps=_steps(process, node, done=frozenset().union(*map(done_of, rows))) if node else {},
    )


def _offered(rows: Sequence[CaseRow], *, is_stopped: bool) -> dict[str, str]:
    """What can be done about a cause; what has had its effect is laid aside no more."""
    offered: dict[str, str] = OFFERED_STOPPED if is_stopped else OFFERED
    can_be_laid_aside = any(row.status == "waiting" and not done_of(row) for row in rows)
    return {kind: text for kind, text in offered.items() if kind != CANCEL or can_be_laid_aside}


def _steps(process: Process, node: str, *, done: frozenset[str]) -> dict[str, str]:
    """The activities that every way to a node leads through, the last first; a node of a called process has none."""
    before = certainly_before(process, node, alone=True, done=done) if node in process.places else ()
    activities = [each for each in before if isinstance(process.places[each].node, Activity)]
    return {each: _name(process, each) for each in reversed(activities)}


def _name(process: Process, node: str) -> str:
    place = process.places.get(node)
    return (place.node.name if place is not None else "") or node
