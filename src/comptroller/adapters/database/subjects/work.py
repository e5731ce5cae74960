"""The outbox: what is due outside the transaction."""

from collections.abc import Sequence

from comptroller.adapters.database.queries import work as queries
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records


class Work(BufferedTransaction):
    """The outbox: what is due outside the transaction."""

    def outbox(self, outbox_id: str) -> records.OutboxRow | None:
        """Return an outbox row."""
        return self._one(queries.OUTBOX, outbox_id, records.OutboxRow)

    def case_outbox(self, case_id: str) -> Sequence[records.OutboxRow]:
        """Return the outbox rows of one case, by the time they are due."""
        rows = self._of_case(
            records.OutboxRow, queries.CASE_OUTBOX, case_id, lambda row: (row.not_before, row.outbox_id)
        )
        self._know_outbox(rows)
        return rows

    def deliveries(self, *, status: str = "", after: str = "", limit: int = 50) -> Sequence[records.OutboxRow]:
        """Return a page of deliveries, notices and what was given up, by the time they are due."""
        behind = None
        parameters: dict[str, object] = {"after": after}
        if after:
            previous = self.outbox(after)
            if previous is None:
                return ()
            behind, parameters["not_before"] = (previous.not_before, previous.outbox_id), previous.not_before
        statuses = (status,) if status else queries.DELIVERY_STATUSES
        rows = self._page(
            records.OutboxRow,
            [
                (queries.GIVEN_UP[bool(after)], parameters)
                if each == "dead"
                else (queries.DELIVERIES[bool(after)], {**parameters, "status": each})
                for each in statuses
            ],
            lambda row: (
                (row.kind in {"delivery", "notice"} or row.status == "dead")
                and status in {"", row.status}
                and (behind is None or (row.not_before, row.outbox_id) > behind)
            ),
            lambda row: (row.not_before, row.outbox_id),
            limit,
        )
        self._know_outbox(rows)
        return rows

    def jobs(self, *, limit: int = 200) -> Sequence[records.OutboxRow]:
        """Return long jobs, what was asked for last first."""
        rows = self._records(queries.JOBS, limit=limit + self.buffer.count(records.OutboxRow))
        self._know_outbox(rows)
        found = self._overlay(
            records.OutboxRow, rows, lambda row: row.kind == "job", lambda row: (row.not_before, row.outbox_id)
        )
        return sorted(found, key=lambda row: (row.not_before, row.outbox_id), reverse=True)[:limit]

    def acts_under_way(self) -> Sequence[records.OutboxRow]:
        """Return the acts that have had no effect yet, by the task that they answer."""
        rows = self._records(queries.ACTS_UNDER_WAY)
        self._know_outbox(rows)
        return self._overlay(
            records.OutboxRow,
            rows,
            lambda row: row.kind == "act" and row.status in {"pending", "leased"},
            lambda row: (row.target, row.outbox_id),
        )

    def _know_outbox(self, rows: Sequence[records.OutboxRow]) -> None:
        """Remember rows as read: what is written to them expects the fence that was seen."""
        known = self._read.setdefault((queries.OUTBOX.query.name, ""), {})
        known.update(
            (row.outbox_id, [(row,)]) for row in rows if self.buffer.get(records.OutboxRow, row.outbox_id) is None
        )
