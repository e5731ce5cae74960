"""What every act on a task begins with: the case held, the task as it stands now, and whether it is the caller's."""

from typing import Any

from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.session import Refused, Session
from comptroller.domain.documents.lexical import text_problem
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import Status
from comptroller.domain.workflow.machine import SUSPENDED


def busy_case(session: Session, task_id: str) -> tuple[CaseRun, TaskRow] | Refused:
    """The case of an open task that the caller may see, held until the unit of work ends."""
    task = session.uow.task(task_id)
    case = session.uow.case(task.case_id) if task else None
    if task is None or case is None or not may_see(session, task, case):
        return Refused(Rejection(RejectionKind.NOT_FOUND, "TASK-UNKNOWN-01", f"there is no task `{task_id}`"))
    run = resume_case(session, case)
    task = session.uow.task(task_id) or task  # as it stands now that nobody else holds the case
    if task.status != "open":
        message = "the task is no longer open"
        return Refused(Rejection(RejectionKind.CONFLICT, "TASK-CLOSED-01", message, subject=case.case_id), case.case_id)
    refused = refuse_suspended(run)
    return (run, task) if refused is None else Refused(refused, case.case_id)


def refuse_suspended(run: CaseRun) -> Rejection | None:
    """Why nobody answers a suspended case; None where it goes on."""
    if run.state.status is not Status.SUSPENDED:
        return None
    message = "the case is suspended: an operator looks into it"
    return Rejection(RejectionKind.CONFLICT, SUSPENDED, message, help="try again when it goes on")


def may_see(session: Session, task: TaskRow, case: CaseRow) -> bool:
    """Whether the caller may know of a task."""
    return session.caller.sees(case.entity) or task.person == session.caller.id


def whose(task: TaskRow) -> str:
    """Who a task is asked of, as refusals name them."""
    return task.person or f"the role {task.role}"


def is_theirs(run: CaseRun, task: TaskRow) -> bool:
    """Whether a task is asked of the caller: by name, or by a role that the caller holds."""
    caller = run.session.caller
    if task.person:
        return task.person == caller.id
    return task.role in caller.principal.roles and caller.sees(run.row.entity)


def words_of(text: str, what: str) -> Rejection | None:
    """What is wrong with words that a person must give; None for nothing."""
    if not text.strip():
        return Rejection(RejectionKind.INVALID, "WORDS-MISSING-01", f"the {what} is empty", help="say it in a sentence")
    if len(text) > limits.REASON_CHARACTERS_MAX:
        return Rejection(RejectionKind.INVALID, "WORDS-LENGTH-01", f"the {what} is longer than 2,000 characters")
    problem = text_problem(text)
    if problem is not None:
        return Rejection(RejectionKind.INVALID, "WORDS-TEXT-01", f"the {what}: {problem[1]}", help=problem[2])
    return None


def detail_of(task: TaskRow) -> dict[str, Any]:
    """What a task keeps beside its columns."""
    detail = decode(task.detail)
    assert isinstance(detail, dict)
    return detail
