"""Opening a case: the first time that somebody looks at what is asked of them, it is recorded when and what was shown.

From this instant the time that a person took is told apart from the time that the task lay there, and an approval of
something that nobody opened can be seen for what it is.
"""

from dataclasses import dataclass, replace

from comptroller.application.casework.record import lock_case, tell_on_case
from comptroller.application.records import CaseRow, MilestoneRow, TaskRow
from comptroller.application.session import Caller, Session


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """A person has a case before them."""

    case_id: str


def open_tasks(session: Session, command: OpenTasks) -> list[str]:
    """Record the first opening of what the case asks of the caller; the tasks that were opened by it."""
    uow = session.uow
    lock_case(uow, command.case_id)
    case = uow.case(command.case_id)
    tasks = [task for task in uow.case_tasks(command.case_id) if case and is_unopened(session.caller, case, task)]
    for task in tasks:
        uow.update(replace(task, opened_at=session.now))
        told = {"task": task.task_id, "content_hash": task.content_hash}
        seq = tell_on_case(session, command.case_id, "task.opened", told)
        entity, person = case.entity if case else "", session.caller.id
        opened = (session.now, entity, "", person, task.task_id, "", "")
        uow.insert(MilestoneRow(command.case_id, seq, "task opened", *opened))
    return [task.task_id for task in tasks]


def is_unopened(caller: Caller, case: CaseRow, task: TaskRow) -> bool:
    """Whether a task asks something of the caller that nobody has looked at yet."""
    if task.status != "open" or task.opened_at is not None:
        return False
    if task.person:
        return task.person == caller.id
    return task.role in caller.principal.roles and caller.sees(case.entity)
