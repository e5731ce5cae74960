"""What is asked of tasks."""

from typing import Any, Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import by_keys, equal, of_cases, query, select
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records

_task = TABLE_OF[records.TaskRow].table

_OPEN: Final = _task.c.status == sa.literal_column("'open'")
_NOBODY: Final[sa.ColumnElement[Any]] = sa.literal_column("''")
TASK: Final = by_keys("task", records.TaskRow, "task_id")
CASE_TASKS: Final = of_cases("case_tasks", records.TaskRow)


def _task_pages(name: str, *conditions: sa.ColumnElement[bool]) -> dict[bool, Query]:
    """Build the pages of some open tasks, the most urgent first: the first one, and the one behind a task."""
    next_due = sa.tuple_(_task.c.due, _task.c.task_id) > sa.tuple_(sa.bindparam("due"), sa.bindparam("after"))
    return {
        behind: query(
            f"{name}{'_behind' * behind}",
            (records.TaskRow,),
            select(records.TaskRow, _OPEN, *conditions, *([next_due] if behind else []))
            .order_by(_task.c.due, _task.c.task_id)
            .limit(sa.bindparam("limit")),
        )
        for behind in (False, True)
    }


OPEN_TASKS: Final = _task_pages("open_tasks")
"""All open tasks of the tenant."""

PERSON_TASKS: Final = _task_pages("person_tasks", _task.c.person != _NOBODY, *equal(records.TaskRow, "person"))
"""Open tasks of one person; the index holds only tasks that name one."""

ROLE_TASKS: Final = _task_pages("role_tasks", _task.c.person == _NOBODY, *equal(records.TaskRow, "role"))
"""Open tasks of a role that name no person."""
