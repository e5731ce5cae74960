"""Tasks that lie there: who is reminded, and what goes up, as decision 37 says by the hours of the entity's calendar.

Each open task has one row in the outbox for the instant at which policy wants to look at it again. Nothing happens to a
task that has been answered meanwhile; nothing ever goes down the reporting line.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.clock import calendar_of, today_of
from comptroller.application.casework.milestones import SUPPLIER_ASKED, mark
from comptroller.application.casework.moving import is_there, look_after, move_up, noted
from comptroller.application.outbox import outbox_row
from comptroller.application.records import TaskRow, revised
from comptroller.domain.controls.service_hours import after_service_hours, service_hours_between
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.notices import NoticeKind

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

WATCH: Final = "watch"
"""The kind of outbox rows that end here."""

ESCALATION: Final = "escalation"
"""The decision that says what happens to a task; a policy of an earlier version may not have it."""

HOUR: Final = Decimal(1)
"""Service hours until the next look where policy names an instant that has passed."""


def supplier_asked(run: "CaseRun") -> bool:
    """Whether a question on the case waits for the supplier's answer."""
    return any(
        task.status == "open" and task.kind == "question" and task.node == SUPPLIER_ASKED
        for task in run.session.uow.case_tasks(run.row.case_id)
    )


def ask_policy(run: "CaseRun", task: TaskRow) -> dict[str, Any]:
    """Ask decision 37 what is to happen to a task now; an error moves it up."""
    detail: Any = decode(task.detail)
    today = today_of(run)
    due = run.invoice.due_date if run.has_document else None
    facts: dict[str, Any] = {
        "task kind": task.kind,
        "exception type": str(detail["item"].get("type") or ""),
        "age": age_of(run, task, detail),
        "hours": Decimal(detail["hours"]) if "hours" in detail else None,
        "reminded": bool(detail.get("reminded")),
        "level": Decimal(int(detail.get("level") or 0)),
        "supplier asked": supplier_asked(run),
        "holder absent": bool(task.person) and not is_there(run, task.person),
        "days to due": Decimal((due - today).days) if due is not None else None,
        "discount days": _discount_days(run, today),
        "decision date": today,
    }
    value = run.decide(ESCALATION, facts).value
    return value if isinstance(value, dict) else {"outcome": "reassign up", "text": "policy could not say"}


def age_of(run: "CaseRun", task: TaskRow, detail: dict[str, Any]) -> Decimal:
    """The service hours since a task was offered, without those in which the supplier was asked."""
    start = max(task.offered_at, parked_until(task) or task.offered_at)
    passed = service_hours_between(start, run.session.now, calendar_of(run))
    return max(passed - Decimal(detail.get("paused") or 0), Decimal(0))


def _discount_days(run: "CaseRun", today: date) -> Decimal | None:
    terms = run.outcomes.get("payment terms")
    day = terms.get("discount date") if isinstance(terms, dict) else None
    return Decimal((day - today).days) if type(day) is date else None


def plan_look(run: "CaseRun", task: TaskRow, verdict: dict[str, Any], *, at: datetime | None = None) -> TaskRow:
    """Put the next look at a task into the outbox, when policy says or `at` an instant; the task with its looks."""
    detail: Any = decode(task.detail)
    age, looks = age_of(run, task, detail), int(detail.get("looks") or 0) + 1
    wanted = verdict.get("look again")
    left = max(wanted - age, HOUR) if isinstance(wanted, Decimal) and wanted > age else HOUR
    at = at or after_service_hours(run.session.now, left, calendar_of(run))
    name, payload = f"{task.task_id}.look.{looks}", {"task": task.task_id}
    run.session.uow.insert(outbox_row(run.session, name, WATCH, task.task_id, payload, case_id=task.case_id, due=at))
    return revised(task, detail=encode({**detail, "looks": looks}).decode())


def look_at(run: "CaseRun", task: TaskRow) -> str:
    """Do with a task what policy says now, and plan the next look; answers what was done."""
    until = parked_until(task)
    if until is not None and until > run.session.now:
        return "parked"  # the look at its end is planned already
    task = look_after(run, task)
    verdict = ask_policy(run, task)
    action, text = str(verdict.get("outcome")), str(verdict.get("text") or "")
    match action:
        case "none":
            pass
        case "remind":
            task = _remind(run, task, text)
        case _:
            task = move_up(run, task, reason=text, skip=action == "skip level")
    run.session.uow.update(plan_look(run, task, verdict))
    return action


def look_at_holder(run: "CaseRun", task: TaskRow) -> str:
    """See whether who has a task is there, and do what policy says where not; answers what was done.

    Asked for when somebody comes, goes or leaves, beside the looks that policy plans.
    """
    after = look_after(run, task)
    if not run.knows(ESCALATION):
        return "none"
    if after.person != task.person:
        return "moved"
    if not task.person or is_there(run, task.person):
        return "none"
    verdict = ask_policy(run, task)
    action = str(verdict.get("outcome"))
    if action not in {"none", "remind"}:
        run.session.uow.update(move_up(run, task, reason=str(verdict.get("text") or ""), skip=action == "skip level"))
    return action


def _remind(run: "CaseRun", task: TaskRow, text: str) -> TaskRow:
    told = {"task": task.task_id, "role": task.role, "person": task.person, "text": text}
    mark(run, run.tell("task.reminded", told), "task reminded", person=task.person, task=task.task_id)
    run.tasks.tell_people(task, NoticeKind.REMINDED)
    return noted(task, reminded=True, hurry=text)


def resume_clock(run: "CaseRun", since: datetime) -> None:
    """Give the open tasks of a case back the time in which a question was with the supplier."""
    calendar = calendar_of(run)
    lost = service_hours_between(since, run.session.now, calendar)
    for task in run.session.uow.case_tasks(run.row.case_id):
        if task.status != "open" or task.kind == "question":
            continue
        detail: Any = decode(task.detail)
        started = max(since, task.offered_at)
        own = lost if started == since else service_hours_between(started, run.session.now, calendar)
        paused = Decimal(detail.get("paused") or 0) + own
        due = after_service_hours(max(task.due, run.session.now), own, calendar) if own else task.due
        run.session.uow.update(revised(noted(task, paused=str(paused)), due=due))


def parked(task: TaskRow, until: datetime) -> TaskRow:
    """The task put aside until an instant."""
    return revised(noted(task, parked_until=until), due=until)


def parked_until(task: TaskRow) -> datetime | None:
    """The instant until which a task is put aside."""
    detail: Any = decode(task.detail)
    return parse_instant(str(detail.get("parked_until") or ""))
