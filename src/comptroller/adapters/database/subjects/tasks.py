"""Tasks, by case and by whose they are."""

from collections.abc import Sequence

from comptroller.adapters.database.queries import tasks as queries
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records


class Tasks(BufferedTransaction):
    """Tasks, by case and by whose they are."""

    def task(self, task_id: str) -> records.TaskRow | None:
        """Return a task."""
        return self._one(queries.TASK, task_id, records.TaskRow)

    def case_tasks(self, case_id: str) -> Sequence[records.TaskRow]:
        """Return a case's tasks in the order they were offered."""
        return self._of_case(records.TaskRow, queries.CASE_TASKS, case_id, lambda row: (row.offered_at, row.task_id))

    def open_tasks(
        self, *, person: str = "", roles: Sequence[str] = (), after: str = "", limit: int = 50
    ) -> Sequence[records.TaskRow]:
        """Return a page of open tasks, the most urgent first: one of each queue that is asked for, merged."""
        everyone = not person and not roles
        behind = None
        parameters: dict[str, object] = {"after": after}
        if after:
            previous = self.task(after)
            if previous is None:
                return ()
            behind, parameters["due"] = (previous.due, previous.task_id), previous.due
        queues: list[tuple[Query, dict[str, object]]] = []
        if everyone:
            queues.append((queries.OPEN_TASKS[bool(after)], parameters))
        if person:
            queues.append((queries.PERSON_TASKS[bool(after)], {**parameters, "person": person}))
        queues += [(queries.ROLE_TASKS[bool(after)], {**parameters, "role": role}) for role in dict.fromkeys(roles)]
        return self._page(
            records.TaskRow,
            queues,
            lambda row: (
                row.status == "open"
                and (everyone or (row.person == person if row.person else row.role in roles))
                and (behind is None or (row.due, row.task_id) > behind)
            ),
            lambda row: (row.due, row.task_id),
            limit,
        )
