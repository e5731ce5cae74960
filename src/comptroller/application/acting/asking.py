"""Questions: who has a task may ask a person or the supplier before answering it.

A question is a task of its own: it lies in the queue of who is asked, is looked at, reminded and answered like any
other. One to the supplier is answered by whoever asked, with what the supplier said; until then the clocks of the
case's other tasks stand.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.acting.holding import busy_case, is_theirs, words_of
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.clock import calendar_of
from comptroller.application.casework.milestones import SUPPLIER_ASKED, mark
from comptroller.application.casework.respond import respond
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.watching import ask_policy, plan_look, resume_clock
from comptroller.application.people.records import principal
from comptroller.application.records import TaskRow
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.service_hours import after_service_hours
from comptroller.domain.kernel.canonical_json import Json, encode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.notices import NoticeKind

SUPPLIER: Final = "supplier"
HOURS: Final = 16
"""Service hours for an answer, as for a signature."""


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """A question about a task: to a principal by id, or to `supplier`."""

    task_id: str
    to: str
    text: str


def ask_question(session: Session, command: AskQuestion) -> dict[str, Any] | Refused:
    """Put the question; the task itself stays open with who has it."""
    found = busy_case(session, command.task_id)
    if isinstance(found, Refused):
        return found
    run, task = found
    refused = words_of(command.text, "question") or _askable(run, task, command)
    if refused is not None:
        return Refused(refused, run.row.case_id)
    words = session.evidence.withhold(command.text.strip(), salt=session.environment.chance.salt())
    told = {"task": task.task_id, "to": command.to, "reason": words}
    seq = run.tell("question.asked", told)
    question = _question(run, task, command.to, words, seq)
    question = plan_look(run, question, ask_policy(run, question))
    session.uow.insert(question)
    mark(run, seq, "question asked", person=session.caller.id, task=question.task_id, detail=command.to)
    run.tasks.tell_people(question, NoticeKind.OFFERED)
    respond(run)
    run.close()
    return answer_of(run) | {"question": question.task_id}


def _askable(run: CaseRun, task: TaskRow, command: AskQuestion) -> Rejection | None:
    if task.kind == "question" or not is_theirs(run, task):
        message = "only who has the task asks about it"
        return Rejection(RejectionKind.FORBIDDEN, "QUESTION-TASK-01", message, subject=run.row.case_id)
    if command.to == SUPPLIER:
        silent = any(finding.get("type") == "sanctions" for finding in run.dossier.findings)
        if silent:
            message = "no word goes to the supplier while compliance looks at it"
            return Rejection(RejectionKind.FORBIDDEN, "QUESTION-SILENT-01", message, subject=run.row.case_id)
        return None
    if command.to == run.session.caller.id or principal(run.session.uow, command.to) is None:
        message = f"`{command.to}` is nobody whom you can ask"
        return Rejection(RejectionKind.INVALID, "QUESTION-TO-01", message, help="name a principal, or `supplier`")
    return None


def _question(run: CaseRun, task: TaskRow, to: str, words: str, seq: int) -> TaskRow:
    session = run.session
    person = session.caller.id if to == SUPPLIER else to
    item: dict[str, Json] = {"question": words, "asked by": session.caller.id, "about": task.task_id}
    detail: dict[str, Json] = {
        "item": item,
        "why": "asked about a task",
        "actions": ["answer"],
        "instance": 0,
        "hours": HOURS,
    }
    return TaskRow(
        task_id=f"{run.row.case_id}-q{seq}",
        case_id=run.row.case_id,
        kind="question",
        node=SUPPLIER_ASKED if to == SUPPLIER else "question",
        token=task.token,
        title="Write down the supplier's answer" if to == SUPPLIER else "Answer a question",
        role=task.role if to == SUPPLIER else "",
        person=person,
        content_hash=task.content_hash,
        offered_at=session.now,
        due=after_service_hours(session.now, HOURS, calendar_of(run)),
        status="open",
        opened_at=None,
        closed_at=None,
        closed_by="",
        action="",
        detail=encode(detail).decode(),
    )


def answer_question(run: CaseRun, task: TaskRow, text: str) -> dict[str, Any]:
    """Take the answer down; the process does not move, who asked goes on with their task."""
    session = run.session
    words = session.evidence.withhold(text.strip(), salt=session.environment.chance.salt())
    from_supplier = task.node == SUPPLIER_ASKED
    told = {"question": task.task_id, "reason": words, "from": SUPPLIER if from_supplier else session.caller.id}
    seq = run.tell("question.answered", told)
    run.tasks.close(task, "answer", by=session.caller.id, at=session.now)
    mark(run, seq, "question answered", person=session.caller.id, task=task.task_id, detail=str(told["from"]))
    if from_supplier:
        resume_clock(run, task.offered_at)
        respond(run)
    run.close()
    return answer_of(run) | {"applied": True}
