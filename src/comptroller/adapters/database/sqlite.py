"""The store on SQLite: one writer at a time, and one commit for all who wait.

A unit of work is put into the queue; whoever gets the writer's lock next runs the whole queue in one transaction, each
unit's writes under a savepoint, and commits once. Those who wait for the lock meanwhile find their answer ready. So
a lone client pays no thread switch, and many share the flush to disk (WAL, synchronous=FULL) that makes their answers
durable. Queries and rehearsals run beside the writer on read-only connections, each on one snapshot.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, partial
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import Any, Final, Generic, TypeVar, cast

import msgspec
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from comptroller.adapters.database.attempts import answer_each, settle
from comptroller.adapters.database.buffer import Change, Pending, WriteBuffer
from comptroller.adapters.database.queries import all_queries, company
from comptroller.adapters.database.query import Query, compile_query
from comptroller.adapters.database.schema import RECORD_TABLES, RecordTable
from comptroller.adapters.database.sealing import Ciphers
from comptroller.adapters.database.session import TransactionLost, reader
from comptroller.adapters.database.sqlite_work import SqliteWork
from comptroller.adapters.database.transaction import PolicyCache
from comptroller.adapters.database.unit_of_work import DatabaseUnitOfWork
from comptroller.application import records
from comptroller.application.ports.store import Conflict, UnitOfWork
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.kernel.money import CONTEXT, ZERO, decimal_text

T = TypeVar("T")

GROUP_MAX: Final = 64
"""Units of work in one commit: the first of them waits for the last."""

BUSY_TIMEOUT_S: Final = 30.0
"""How long the writer waits for a writer of another process."""

_JSON: Final = msgspec.json.Encoder()


@lru_cache(maxsize=256)  # the rows of a unit of work share their instant
def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


_LOADERS: Final[dict[object, Callable[[Any], Any] | None]] = {
    str: None,
    int: None,
    bytes: None,
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    tuple[str, ...]: msgspec.json.Decoder(tuple[str, ...]).decode,
}
_DUMPERS: Final[dict[object, Callable[[Any], Any]]] = {
    Decimal: decimal_text,
    datetime: _instant,
    tuple[str, ...]: lambda value: _JSON.encode(value).decode(),
}


def _parameter(value: Any) -> Any:
    match value:
        case datetime():
            return _instant(value)
        case list() | tuple():
            return _JSON.encode(value).decode()
        case _:
            return value


class _Statement:
    """A query as SQLite runs it."""

    def __init__(self, query: Query) -> None:
        dialect = SQLiteDialect(paramstyle="qmark")
        dialect.supports_native_boolean = True
        compiled = compile_query(query, "sqlite", dialect)
        self.text = compiled.text
        self.parameters = compiled.parameters
        self.constants = compiled.constants
        self.read = reader(compiled.makers, [_LOADERS[column] for column in compiled.columns])

    def rows(self, connection: sqlite3.Connection, given: Mapping[str, object]) -> list[tuple[Any, ...]]:
        constants = self.constants
        values = [constants[name] if name in constants else _parameter(given[name]) for name in self.parameters]
        return [self.read(cells) for cells in connection.execute(self.text, values)]


class _TableWriter:
    """The statements that write one table, and how a row becomes their parameters."""

    def __init__(self, table: RecordTable) -> None:
        self.name = table.name
        self._dumps = [
            (place, _DUMPERS[column.type]) for place, column in enumerate(table.columns) if column.type in _DUMPERS
        ]
        names = [column.name for column in table.columns]
        self._cells = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
        key = attrgetter(*table.key)
        self._key = key if len(table.key) > 1 else lambda row: (key(row),)
        columns, marks = ["tenant", *names], ["?"] * (1 + len(names))
        if table.record is records.EntryRow:  # entries are never deleted, so that SQLite's own row ids have no gaps
            columns.append("row_id")
            marks.append("(SELECT coalesce(max(rowid), 0) + 1 FROM entry)")
        same = " AND ".join(f'"{name}" = ?' for name in ("tenant", *table.key, *filter(None, [table.expected])))
        self._guarded = bool(table.expected)
        self.insert = f'INSERT INTO "{table.name}" ({_quoted(columns)}) VALUES ({", ".join(marks)})'  # noqa: S608 - names of the schema
        self.update = f'UPDATE "{table.name}" SET {", ".join(f"{_quoted([name])} = ?" for name in columns[1 : 1 + len(names)])} WHERE {same}'  # noqa: S608, E501 - as above
        self.delete = f'DELETE FROM "{table.name}" WHERE {same}'  # noqa: S608 - as above

    def add(self, cursor: sqlite3.Cursor, tenant: str, rows: Sequence[object]) -> None:
        """Insert rows."""
        cursor.executemany(self.insert, [(tenant, *self._values(row)) for row in rows])

    def change(self, cursor: sqlite3.Cursor, tenant: str, change: Change, group: Sequence[Pending]) -> None:
        """Update or delete rows; to miss one is a conflict."""
        places = [(tenant, *self._key(pending.row), *self._expected(pending)) for pending in group]
        if change is Change.DELETE:
            cursor.executemany(self.delete, places)
        else:
            values = (self._values(pending.row) for pending in group)
            cursor.executemany(self.update, [(*cells, *place) for cells, place in zip(values, places, strict=True)])
        if cursor.rowcount != len(group):
            raise Conflict(f"a row of `{self.name}` changed since it was read")

    def _expected(self, pending: Pending) -> tuple[int | None, ...]:
        return (pending.expected,) if self._guarded else ()

    def _values(self, row: object) -> Sequence[Any]:
        if not self._dumps:
            return self._cells(row)
        cells = list(self._cells(row))
        for place, dump in self._dumps:
            if cells[place] is not None:
                cells[place] = dump(cells[place])
        return cells


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


_STATEMENTS: Final = {query: _Statement(query) for query in all_queries()}
_WRITERS: Final = {table.name: _TableWriter(table) for table in RECORD_TABLES}
_PLACE: Final = "UPDATE entry SET leaf_index = ? WHERE tenant = ? AND row_id = ? AND leaf_index IS NULL"


class SqliteSession:
    """The writer's transaction, or a reader's snapshot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fetch(self, requests: Sequence[tuple[Query, Mapping[str, object]]]) -> Sequence[list[Any]]:
        """Answer queries."""
        return [_STATEMENTS[query].rows(self._connection, given) for query, given in requests]

    def lock(self, tenant: str, keys: Sequence[str]) -> bool:  # noqa: ARG002 - there is one writer
        """Hold nothing: the only writer has everything, and a snapshot does not change."""
        return False

    def place(self, tenant: str, first_index: int, row_ids: Sequence[int]) -> None:
        """Give entries consecutive places in the log."""
        places = [(first_index + offset, tenant, row_id) for offset, row_id in enumerate(row_ids)]
        cursor = self._connection.executemany(_PLACE, places)
        if cursor.rowcount != len(places):
            raise TransactionLost("an entry has its place already")

    def flush(self, tenant: str, buffer: WriteBuffer) -> None:
        """Write everything buffered."""
        cursor = self._connection.cursor()
        try:
            for table, change, group in buffer.changes():
                _WRITERS[table.name].change(cursor, tenant, change, group)
            for table, rows in buffer.inserts():
                _WRITERS[table.name].add(cursor, tenant, rows)
        except sqlite3.IntegrityError as error:
            raise Conflict(f"a row with this key exists: {error}") from error


class _Job(Generic[T]):
    """A unit of work in the queue, and later its answer."""

    def __init__(self, task: Callable[[SqliteSession], T]) -> None:
        self.task = task
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None


class SqliteStore:
    """An SQLite file with its tenants; see the port for what each method promises."""

    def __init__(self, path: Path, ciphers: Ciphers, *, machine: Callable[[], datetime]) -> None:
        self._path = path
        self._machine = machine
        self._ciphers = ciphers
        self._queue: deque[_Job[Any]] = deque()
        self._writing = Lock()
        self._tenants: set[str] = set()
        self._policies: PolicyCache = {}
        self._readers: deque[sqlite3.Connection] = deque()
        self._work = SqliteWork(
            lambda task: self._write(lambda _: task(self._writer)), self._reader, _LOADERS, _instant
        )
        self._writer = self._connect("rw")
        self._writer.execute("PRAGMA journal_mode = WAL").fetchall()
        self._writer.execute("PRAGMA synchronous = FULL")

    def now(self) -> datetime:
        """Tell the machine's instant: whoever has the file is on it."""
        return self._machine()

    def run(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a use case in the next transaction."""
        self._require(tenant)
        return self._write(partial(self._attempt, tenant, work))

    def run_many(self, tenant: TenantId, works: Sequence[Callable[[UnitOfWork], T]]) -> Sequence[T | Exception]:
        """Run several use cases in the next transaction."""
        self._require(tenant)
        alone: Callable[[Callable[[UnitOfWork], T]], T] = partial(self.run, tenant)

        def task(session: SqliteSession) -> list[T | Exception]:
            unit = DatabaseUnitOfWork(tenant, session, self._ciphers.cipher(tenant), self._policies)
            answers = answer_each(unit, works)
            session.flush(tenant, unit.buffer)
            return answers

        try:
            answers = self._write(task)
        except (Conflict, sqlite3.Error):  # one of them spoils the flush for all
            return settle(alone, works)
        return settle(alone, works, answers)

    def read(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a query against one snapshot."""
        self._require(tenant)
        with self._snapshot() as session:
            return work(
                DatabaseUnitOfWork(tenant, session, self._ciphers.cipher(tenant), self._policies, writable=False)
            )

    def rehearse(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a use case against one snapshot; its writes end in the buffer."""
        self._require(tenant)
        with self._snapshot() as session:
            return work(DatabaseUnitOfWork(tenant, session, self._ciphers.cipher(tenant), self._policies))

    def create_tenant(self, tenant: TenantId, name: str) -> None:
        """Open a tenant."""
        self._ciphers.make(tenant)
        insert = "INSERT INTO tenant (tenant, name) VALUES (?, ?) ON CONFLICT (tenant) DO NOTHING"
        self._write(lambda _: self._writer.execute(insert, (tenant, name)))

    def tenants(self) -> Sequence[TenantId]:
        """List all tenants."""
        with self._reader() as connection:
            return [TenantId(name) for (name,) in connection.execute("SELECT tenant FROM tenant ORDER BY tenant")]

    @property
    def work(self) -> SqliteWork:
        """Who works on what is due."""
        return self._work

    def close(self) -> None:
        """Close all connections."""
        with self._writing:
            self._writer.close()
        while self._readers:
            self._readers.pop().close()

    def _attempt(self, tenant: TenantId, work: Callable[[UnitOfWork], T], session: SqliteSession) -> T:
        unit = DatabaseUnitOfWork(tenant, session, self._ciphers.cipher(tenant), self._policies)
        result = work(unit)
        session.flush(tenant, unit.buffer)
        return result

    def _write(self, task: Callable[[SqliteSession], T]) -> T:
        """Run a task in the next transaction and return its result once that is durable."""
        job = _Job(task)
        self._queue.append(job)
        try:
            while not job.done:
                with self._writing:
                    if not job.done:
                        self._run_group()
        except BaseException:  # its caller is gone: nobody else may run it
            with suppress(ValueError):
                self._queue.remove(job)
            raise
        if job.error is not None:
            raise job.error
        return cast("T", job.result)

    def _run_group(self) -> None:
        """Run what is queued in one transaction and answer it; the caller holds the writer's lock."""
        group: list[_Job[Any]] = []
        connection = self._writer
        session = SqliteSession(connection)
        try:
            connection.execute("BEGIN IMMEDIATE")
            while self._queue and len(group) < GROUP_MAX:
                job = self._queue.popleft()
                group.append(job)
                self._run_job(job, session)
            connection.execute("COMMIT")
        except BaseException as failure:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if not isinstance(failure, Exception):  # interrupted: the others' work is taken up by one of them
                self._queue.extendleft(reversed(group))
                raise
            for job in group:
                job.error = failure
            if not group:
                raise
        for job in group:
            job.done = True

    def _run_job(self, job: _Job[Any], session: SqliteSession) -> None:
        connection = self._writer
        job.error = None
        connection.execute("SAVEPOINT unit")
        try:
            job.result = job.task(session)
        except Exception as error:  # noqa: BLE001 - its caller gets it
            job.error = error
            connection.execute("ROLLBACK TO unit")
        connection.execute("RELEASE unit")

    def _require(self, tenant: TenantId) -> None:
        if tenant in self._tenants:  # tenants are never removed
            return
        with self._snapshot() as session:
            (known,) = session.fetch([(company.TENANT_KNOWN, {"tenant": tenant})])
        if not known:
            raise LookupError(f"there is no tenant `{tenant}`")
        self._tenants.add(tenant)

    @contextmanager
    def _snapshot(self) -> Iterator[SqliteSession]:
        with self._reader() as connection:
            connection.execute("BEGIN")
            try:
                yield SqliteSession(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        connection = self._readers.pop() if self._readers else self._connect("ro")
        try:
            yield connection
        finally:
            self._readers.append(connection)

    def _connect(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_S,
            cached_statements=512,
        )
        connection.create_aggregate("exact_sum", 2, _ExactSum)  # type: ignore[arg-type] # decimals travel as text
        return connection


class _ExactSum:
    """SQLite's aggregate for decimals: `exact_sum(amount, negative)`."""

    def __init__(self) -> None:
        self.total = ZERO

    def step(self, amount: str | None, negative: int) -> None:
        """Add one amount, or take it away."""
        if amount is not None:
            self.total = CONTEXT.add(self.total, -Decimal(amount) if negative else Decimal(amount))

    def finalize(self) -> str:
        """Return the sum as text."""
        return decimal_text(self.total)
