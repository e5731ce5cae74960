"""Opening a case: the first time that somebody looks at what is asked of them, it is recorded when and what was shown.

From this instant the time that a person took is told apart from the time that the task lay there, and an approval of
something that its signer did not open can be seen for what it is. Each person's first look is one of its own: where a
group is asked, and where a task is handed on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comptroller.application.casework.record import lock_case, tell_on_case
from comptroller.application.records import CaseRow, MilestoneRow, TaskRow, revised
from comptroller.application.session import Caller, Session


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """A person has a case before them."""

    case_id: str


def open_tasks(session: Session, command: OpenTasks) -> list[str]:
    """Record the caller's first look at what the case asks of them; the tasks that were opened by it."""
    uow = session.uow
    lock_case(uow, command.case_id)
    case = uow.case(command.case_id)
    tasks = unopened(session, case, uow.case_tasks(command.case_id)) if case else []
    for task in tasks:
        if task.opened_at is None:
            uow.update(revised(task, opened_at=session.now))
        told = {"task": task.task_id, "content_hash": task.content_hash}
        seq = tell_on_case(session, command.case_id, "task.opened", told)
        entity, person = case.entity if case else "", session.caller.id
        opened = (session.now, entity, "", person, task.task_id, "", "")
        uow.insert(MilestoneRow(command.case_id, seq, "task opened", *opened))
    return [task.task_id for task in tasks]


def unopened(session: Session, case: CaseRow, tasks: Sequence[TaskRow]) -> list[TaskRow]:
    """The tasks that ask something of the caller and that the caller has not looked at yet."""
    asked = [task for task in tasks if asks(session.caller, case, task)]
    opened = opened_tasks(session, asked)
    return [task for task in asked if task.task_id not in opened]


def opened_tasks(session: Session, tasks: Sequence[TaskRow]) -> frozenset[str]:
    """Which of some tasks the caller has looked at: a task is bound to its content, so each as it stands."""
    looked_at = {task.case_id for task in tasks if task.opened_at is not None}
    return session.uow.opened_by(session.caller.id, looked_at) if looked_at else frozenset()


def asks(caller: Caller, case: CaseRow, task: TaskRow) -> bool:
    """Whether an open task asks something of the caller: by name, or by a role."""
    if task.status != "open":
        return False
    if task.person:
        return task.person == caller.id
    return task.role in caller.principal.roles and caller.sees(case.entity)
