"""Tasks that are asked of a role that several people hold: one of them takes such a task, and may give it back.

That a task came from a group is kept with it, also when it is handed on; once it goes up the reporting line it is the
person's alone. Who took a task and is away, or has left, keeps nobody waiting: it lies with the group again.
"""

from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.milestones import mark
from comptroller.application.records import TaskRow, revised
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.notices import NoticeKind

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

FROM_GROUP: Final = "from group"
"""The member of a task's detail that says that it was taken from its role's queue."""


def is_from_group(task: TaskRow) -> bool:
    """Whether somebody has taken the task from a group."""
    detail: Any = decode(task.detail)
    return bool(task.person) and detail.get(FROM_GROUP) is True


def taken(task: TaskRow, person: str) -> TaskRow:
    """The task as one of its group has it."""
    detail: Any = decode(task.detail)
    return revised(task, person=person, detail=encode({**detail, FROM_GROUP: True}).decode())


def to_group(run: "CaseRun", task: TaskRow, *, reason: str = "") -> TaskRow:
    """Lay a task before its whole group again; everybody of the group is told."""
    detail: Any = decode(task.detail)
    back = revised(task, person="", detail=encode({**detail, FROM_GROUP: False}).decode())
    run.session.uow.update(back)
    told = {"task": task.task_id, "role": task.role, "from": task.person, "text": reason}
    mark(run, run.tell("task.released", told), "task released", person=task.person, task=task.task_id)
    run.tasks.tell_people(back, NoticeKind.OFFERED)
    return back
