"""What a unit of work has written and not yet flushed: at most one change a row.

Several changes of one row become one: an insert that is changed stays an insert, a change of a change keeps the state
that the first one expected in the database. An undo log takes back what one of several units of work wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

from comptroller.adapters.database.schema import RECORD_TABLES, TABLE_OF, RecordTable, ReferenceAliasRow
from comptroller.adapters.database.sealing import SEALED, Sealing
from comptroller.application import records
from comptroller.application.ports.store import Conflict

R = TypeVar("R")


class Change(Enum):
    """What happens to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Pending:
    """A buffered update or removal. `expected` is the value that the table's `expected` column must still have."""

    change: Change
    row: Any
    expected: int | None = None


class _TableBuffer:
    """The pending changes of one table by key; inserts apart, because nearly all rows are inserts."""

    __slots__ = ("changes", "inserts", "key_of", "table")

    def __init__(self, table: RecordTable) -> None:
        self.table = table
        self.key_of = KEY_OF[table.record]
        self.inserts: dict[Any, Any] = {}
        self.changes: dict[Any, Pending] = {}


KEY_OF: Final = {table.record: attrgetter(*table.key) for table in RECORD_TABLES}
"""Each record's key: the value itself where it is one column, else a tuple."""


class WriteBuffer:
    """The pending changes of one transaction."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing
        self._tables: dict[type, _TableBuffer] = {}
        self._heads: dict[str, records.EntryRow] = {}
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    def __bool__(self) -> bool:
        return any(buffer.inserts or buffer.changes for buffer in self._tables.values())

    def insert(self, row: object) -> None:
        """Buffer a new row."""
        record = type(row)
        buffer = self._tables.get(record) or self._open(record)
        key = buffer.key_of(row)
        inserts = buffer.inserts
        if key in inserts:
            raise Conflict(f"`{buffer.table.name}` {key!r} is inserted twice")
        if key in buffer.changes:
            self._insert_again(buffer, key, row)
            return
        inserts[key] = row
        self._undo.append((inserts, key, None))
        if record is records.EntryRow:
            self._advance(cast("records.EntryRow", row))
        elif record is records.ReferenceRow:
            reference = cast("records.ReferenceRow", row)
            for alias in dict.fromkeys((f"{reference.kind}/{reference.key}", *reference.aliases)):
                self.insert(ReferenceAliasRow(alias, reference.kind, reference.key, reference.version))

    def update(self, row: object, expected: int | None = None) -> None:
        """Buffer a changed row; `expected` guards the row's state in the database."""
        buffer = self._tables.get(type(row)) or self._open(type(row))
        if not buffer.table.updates:
            raise TypeError(f"rows of `{buffer.table.name}` are never changed")
        key = buffer.key_of(row)
        if key in buffer.inserts:
            self._set(buffer.inserts, key, row)
            return
        match buffer.changes.get(key):
            case None:
                self._set(buffer.changes, key, Pending(Change.UPDATE, row, expected))
            case Pending(change=Change.DELETE):
                raise Conflict(f"`{buffer.table.name}` {key!r} was deleted")
            case current:
                self._set(buffer.changes, key, replace(current, row=row))

    def delete(self, row: object) -> None:
        """Buffer a row's removal."""
        buffer = self._tables.get(type(row)) or self._open(type(row))
        if not buffer.table.deletes:
            raise TypeError(f"rows of `{buffer.table.name}` are kept")
        key = buffer.key_of(row)
        if key in buffer.inserts:
            self._set(buffer.inserts, key, None)
            return
        current = buffer.changes.get(key)
        if current is not None and current.change is Change.DELETE:
            raise Conflict(f"`{buffer.table.name}` {key!r} is deleted twice")
        self._set(buffer.changes, key, Pending(Change.DELETE, row, current.expected if current else None))

    def get(self, record: type[R], key: object) -> R | None:
        """Return one row as inserted or changed here; None for a row that is untouched or removed."""
        buffer = self._tables.get(record)
        if buffer is None:
            return None
        row = buffer.inserts.get(key)
        if row is None:
            change = buffer.changes.get(key)
            if change is not None and change.change is Change.UPDATE:
                row = change.row
        return cast("R | None", row)

    def count(self, record: type) -> int:
        """Count the rows of one table that are inserted, changed or removed here."""
        buffer = self._tables.get(record)
        return 0 if buffer is None else len(buffer.inserts) + len(buffer.changes)

    def written(self, record: type[R]) -> Iterator[R]:
        """Iterate over the rows of one table that are inserted or changed."""
        buffer = self._tables.get(record)
        if buffer is not None:
            yield from buffer.inserts.values()
            yield from (pending.row for pending in buffer.changes.values() if pending.change is Change.UPDATE)

    def removed(self, record: type) -> Iterator[object]:
        """Iterate over the keys of one table that are removed."""
        buffer = self._tables.get(record)
        if buffer is not None:
            yield from (key for key, pending in buffer.changes.items() if pending.change is Change.DELETE)

    def head(self, stream: str) -> records.EntryRow | None:
        """Return the newest buffered entry of a stream."""
        return self._heads.get(stream)

    def inserts(self) -> Iterator[tuple[RecordTable, list[Any]]]:
        """Iterate over the tables with new rows as they are to be kept, always in the same order."""
        for table in RECORD_TABLES:
            buffer = self._tables.get(table.record)
            if buffer is not None and buffer.inserts:
                rows = buffer.inserts.values()
                yield table, [*map(self._sealing.close, rows)] if table.record in SEALED else list(rows)

    def changes(self) -> Iterator[tuple[RecordTable, Change, list[Pending]]]:
        """Iterate over removals and updates by table, rows as they are to be kept, always in the same order."""
        for table in RECORD_TABLES:
            buffer = self._tables.get(table.record)
            if buffer is not None and buffer.changes:
                for change in (Change.DELETE, Change.UPDATE):
                    group = [pending for pending in buffer.changes.values() if pending.change is change]
                    if group and table.record in SEALED:
                        group = [replace(pending, row=self._sealing.close(pending.row)) for pending in group]
                    if group:
                        yield table, change, group

    def mark(self) -> int:
        """Return the present position of the undo log."""
        return len(self._undo)

    def undo(self, mark: int) -> None:
        """Take back everything since a mark."""
        while len(self._undo) > mark:
            target, key, previous = self._undo.pop()
            if previous is None:
                target.pop(key, None)
            else:
                target[key] = previous
        self._heads.clear()
        for entry in self.written(records.EntryRow):
            self._advance(entry)

    def _open(self, record: type) -> _TableBuffer:
        table = TABLE_OF.get(record)
        if table is None:
            raise TypeError(f"`{record.__name__}` is no record")
        buffer = self._tables[record] = _TableBuffer(table)
        return buffer

    def _insert_again(self, buffer: _TableBuffer, key: object, row: object) -> None:
        current = buffer.changes[key]
        if current.change is not Change.DELETE:
            raise Conflict(f"`{buffer.table.name}` {key!r} exists")
        self._set(buffer.changes, key, Pending(Change.UPDATE, row, current.expected))

    def _set(self, target: dict[Any, Any], key: object, value: object) -> None:
        self._undo.append((target, key, target.get(key)))
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value

    def _advance(self, row: records.EntryRow) -> None:
        head = self._heads.get(row.stream)
        if head is None or head.seq < row.seq:
            self._heads[row.stream] = row
