"""The log: streams of entries, their places, its tree."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from comptroller.adapters.database.queries import audit as queries
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records

NO_ENTRY: Final = bytes(32)


class Audit(BufferedTransaction):
    """The log: streams of entries, their places, its tree."""

    def stream_head(self, stream: str) -> tuple[int, bytes]:
        """Return sequence number and leaf hash of a stream's newest entry."""
        head = self.buffer.head(stream)
        if head is not None:
            return head.seq, head.leaf_hash
        rows = self._rows(queries.STREAM_HEAD, stream=stream)
        return rows[0] if rows else (0, NO_ENTRY)

    def stream(self, stream: str) -> Sequence[records.EntryRow]:
        """Return a stream's entries in order."""
        return self._overlay(
            records.EntryRow,
            self._records(queries.STREAM, stream=stream),
            lambda row: row.stream == stream,
            lambda row: row.seq,
        )

    def unsequenced(self, limit: int) -> Sequence[tuple[int, records.EntryRow]]:
        """Return the oldest stored entries without a place in the log; what this unit buffers has no row id yet."""
        return self._rows(queries.UNSEQUENCED, limit=limit)

    def unsequenced_count(self) -> int:
        """Count the stored entries without a place in the log."""
        count: int = self._rows(queries.UNSEQUENCED_COUNT)[0][0]
        return count

    def sequence(self, first_index: int, row_ids: Sequence[int]) -> None:
        """Give these entries consecutive places in the log."""
        self._allow_writes()
        if row_ids:
            self._session.place(self._tenant, first_index, row_ids)

    def log_entries(self, start: int, end: int) -> Sequence[tuple[int, records.EntryRow]]:
        """Return entries by place in the log."""
        return self._rows(queries.LOG_ENTRIES, start=start, end=end)

    def tree_nodes(self, positions: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored nodes among these (level, index) positions."""
        wanted = set(positions)
        levels: dict[int, list[int]] = {}
        for level, index in wanted:
            levels.setdefault(level, []).append(index)
        requests: list[tuple[Query, Mapping[str, object]]] = [
            (queries.TREE_NODES.query, {"tenant": self._tenant, "level": level, "keys": indexes})
            for level, indexes in levels.items()
        ]
        nodes = {(row.level, row.index): row.hash for rows in self._session.fetch(requests) for (row,) in rows}
        for row in self.buffer.written(records.TreeNodeRow):
            if (row.level, row.index) in wanted:
                nodes[row.level, row.index] = row.hash
        return nodes

    def checkpoint(self) -> records.CheckpointRow | None:
        """Return the newest checkpoint."""
        rows = self._records(queries.CHECKPOINT)
        found = [*rows, *self.buffer.written(records.CheckpointRow)]
        return max(found, key=lambda row: row.size, default=None)
