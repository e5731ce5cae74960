"""The store on PostgreSQL.

A transaction begins with its first query and ends in one message with its writes, so that a unit of work that reads
once takes two round trips. Keys are advisory locks on their hashes. Isolation is READ COMMITTED: what may not change
under a unit of work is held by its keys or proved by the flush (versions, fences, balances, unique keys).

Every connection acts as the application role, which row security binds to the tenant that the transaction names. What
sees all tenants are functions that do nothing more than their task needs: the work queue's (`postgresql_work.py`) and
`comptroller_tenants`.
"""

from binascii import unhexlify
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import blake2b
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import msgspec
import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy.dialects.postgresql.base import PGDialect

from comptroller.adapters.database.attempts import (
    ATTEMPTS_MAX,
    BATCH_ATTEMPTS_MAX,
    answer_each,
    keys_to_begin_with,
    settle,
)
from comptroller.adapters.database.buffer import WriteBuffer
from comptroller.adapters.database.postgresql_flush import flush_request
from comptroller.adapters.database.postgresql_wire import Request, Wire
from comptroller.adapters.database.postgresql_work import PostgresqlWork
from comptroller.adapters.database.queries import all_queries, company
from comptroller.adapters.database.query import Query, compile_query
from comptroller.adapters.database.sealing import Ciphers
from comptroller.adapters.database.server_clock import ServerClock
from comptroller.adapters.database.session import reader
from comptroller.adapters.database.transaction import PolicyCache
from comptroller.adapters.database.unit_of_work import DatabaseUnitOfWork
from comptroller.application import records
from comptroller.application.ports.store import Conflict, Unavailable, UnitOfWork
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

T = TypeVar("T")

APPLICATION_ROLE: Final = "comptroller_application"

LATER_KEY_WAIT_MS: Final = 100
"""How long a transaction that holds keys waits for a further one before it starts again with all of them at once."""

_LOADERS: Final[dict[object, Callable[[Any], Any] | None]] = {
    str: bytes.decode,
    int: int,
    bytes: lambda text: unhexlify(text[2:]),
    Decimal: lambda text: Decimal(text.decode()),
    datetime: lambda text: datetime.fromisoformat(text.decode()),
    tuple[str, ...]: msgspec.json.Decoder(tuple[str, ...]).decode,
}


class _Statement:
    """A query as PostgreSQL runs it."""

    def __init__(self, query: Query) -> None:
        compiled = compile_query(query, "postgresql", PGDialect(paramstyle="numeric_dollar"))  # type: ignore[no-untyped-call]
        self.text = compiled.text
        self.parameters = compiled.parameters
        self.constants = compiled.constants
        self.read = reader(compiled.makers, [_LOADERS[column] for column in compiled.columns])
        self.places = range(len(compiled.columns))

    def request(self, parameters: Mapping[str, Any]) -> Request:
        values: Mapping[str, Any] = {**parameters, **self.constants} if self.constants else parameters
        return self.text, [values[name] for name in self.parameters]

    def rows(self, result: psycopg.pq.abc.PGresult) -> list[tuple[Any, ...]]:
        value, read, places = result.get_value, self.read, self.places
        return [read([value(row, place) for place in places]) for row in range(result.ntuples)]


_STATEMENTS: Final = {query: _Statement(query) for query in all_queries()}

_SETTINGS: Final = (
    "TimeZone = 'UTC'",
    "DateStyle = 'ISO'",
    # Every statement finds its rows by key. Its one plan, made while the tables were empty, must be right when they are
    # full: what reads a table whole because it is small is switched off.
    "plan_cache_mode = force_generic_plan",
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "enable_material = off",
    "enable_bitmapscan = off",
    "jit = off",
)
_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_BEGIN_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_CLOCK: Final = "SELECT clock_timestamp()"
_SET_TENANT: Final = "SELECT set_config('comptroller.tenant', $1, true)"
_SET_LOCK_TIMEOUT: Final = "SELECT set_config('lock_timeout', $1, true)"
_LOCK: Final = "SELECT count(pg_advisory_xact_lock(key)) FROM unnest($1::bigint[]) AS key"
_PLACE: Final = (
    "WITH placed AS (UPDATE entry SET leaf_index = $2::bigint + given.place - 1 "
    "FROM unnest($3::bigint[]) WITH ORDINALITY AS given(row_id, place), "
    # by the whole key, whatever plan was made while the table was empty
    "LATERAL (SELECT f.ctid AS place FROM entry AS f "
    "WHERE f.tenant = $1 AND f.row_id = given.row_id AND f.leaf_index IS NULL OFFSET 0) AS found "
    "WHERE entry.ctid = found.place RETURNING 1) "
    "SELECT comptroller_require((SELECT count(*) FROM placed) = $4::bigint)"
)


def lock_number(tenant: str, key: str) -> int:
    """Return the advisory lock of a key; two keys with one number only wait for each other in vain."""
    return int.from_bytes(blake2b(f"{tenant}\0{key}".encode(), digest_size=8).digest(), "big", signed=True)


class PostgresqlSession:
    """One transaction on one connection."""

    def __init__(self, wire: Wire, tenant: str, *, snapshot: bool) -> None:
        self._wire = wire
        self._tenant = tenant
        self._snapshot = snapshot
        self._begun = False
        self._locked = False
        self._to_lock: list[int] = []
        self.commit_sent = False

    def fetch(self, requests: Sequence[tuple[Query, Mapping[str, object]]]) -> Sequence[list[Any]]:
        """Answer queries, having begun and locked in the same round trip where that is due."""
        before = self._due()
        statements = [_STATEMENTS[query] for query, _ in requests]
        results = self._wire.run(
            [
                *before,
                *(statement.request(given) for statement, (_, given) in zip(statements, requests, strict=True)),
            ]
        )[len(before) :]
        return [statement.rows(result) for statement, result in zip(statements, results, strict=True)]

    def lock(self, tenant: str, keys: Sequence[str]) -> bool:
        """Note keys to be locked with the next message; a snapshot needs none."""
        if self._snapshot:
            return False
        self._to_lock.extend(lock_number(tenant, key) for key in keys)
        return True

    def place(self, tenant: str, first_index: int, row_ids: Sequence[int]) -> None:
        """Give entries consecutive places in the log."""
        self._wire.run([*self._due(), (_PLACE, [tenant, first_index, row_ids, len(row_ids)])])

    def commit(self, buffer: WriteBuffer) -> None:
        """Write everything buffered and commit, in one round trip."""
        self.commit_sent = True
        if buffer:
            self._wire.run([*self._due(), flush_request(self._tenant, buffer), ("COMMIT", ())])
        elif self._begun:
            self._wire.run([("COMMIT", ())])
        self._begun = False

    def rollback(self) -> None:
        """End the transaction without a trace; a connection that is gone has done so itself."""
        if self._begun and not self._wire.broken:
            with suppress(psycopg.OperationalError):
                self._wire.run([("ROLLBACK", ())])
        self._begun = False

    def _due(self) -> list[Request]:
        due: list[Request] = []
        if not self._begun:
            self._begun = True
            due.append((_BEGIN_SNAPSHOT if self._snapshot else _BEGIN, ()))
            due.append((_SET_TENANT, [self._tenant]))
        if self._to_lock:
            if self._locked:
                due.append((_SET_LOCK_TIMEOUT, [f"{LATER_KEY_WAIT_MS}ms"]))
            due.append((_LOCK, [sorted(set(self._to_lock))]))
            self._locked = True
            self._to_lock = []
        return due


class PostgresqlStore:
    """A PostgreSQL database with its tenants; see the port for what each method promises."""

    def __init__(
        self,
        database_url: str,
        ciphers: Ciphers,
        *,
        standstill_s: int = limits.LEASE_S,
        committed: Callable[[Collection[str]], None] | None = None,
        connections_max: int = 16,
        wait_s: float = limits.CONNECTION_WAIT_S_MAX,
    ) -> None:
        self._ciphers = ciphers
        self._committed = committed
        self._wires: WeakKeyDictionary[psycopg.Connection, Wire] = WeakKeyDictionary()
        self._tenants: set[str] = set()
        self._policies: PolicyCache = {}
        self._clock = ServerClock()
        self._work = PostgresqlWork(self._wire, _LOADERS)
        self._pool = ConnectionPool(
            database_url,
            min_size=1,
            max_size=connections_max,
            timeout=wait_s,
            kwargs={"autocommit": True, "client_encoding": "utf8"},
            configure=partial(self._configure, standstill_s=standstill_s),
            open=True,
        )

    def now(self) -> datetime:
        """Tell the server's instant."""
        if not self._clock.is_heard:
            with self._wire():
                pass
        if not self._clock.is_heard:
            raise Unavailable("the database was lost before it told its clock")
        return self._clock.now()

    def run(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a use case in one transaction."""

        def once(unit: DatabaseUnitOfWork, session: PostgresqlSession) -> T:
            result = work(unit)
            session.commit(unit.buffer)
            return result

        return self._repeat(tenant, once, ATTEMPTS_MAX)

    def run_many(self, tenant: TenantId, works: Sequence[Callable[[UnitOfWork], T]]) -> Sequence[T | Exception]:
        """Run several use cases in one transaction."""

        def once(unit: DatabaseUnitOfWork, session: PostgresqlSession) -> list[T | Exception]:
            answers = answer_each(unit, works, (psycopg.Error,))
            session.commit(unit.buffer)
            return answers

        alone: Callable[[Callable[[UnitOfWork], T]], T] = partial(self.run, tenant)
        try:
            answers = self._repeat(tenant, once, BATCH_ATTEMPTS_MAX)
        except psycopg.OperationalError:
            raise
        except (Conflict, psycopg.Error):  # one of them spoils the transaction for all
            return settle(alone, works)
        return settle(alone, works, answers)

    def read(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a query against one snapshot."""
        return self._look(tenant, work, writable=False)

    def rehearse(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a use case against one snapshot; its writes end in the buffer."""
        return self._look(tenant, work, writable=True)

    def create_tenant(self, tenant: TenantId, name: str) -> None:
        """Open a tenant."""
        self._ciphers.make(tenant)
        with self._wire() as wire:
            insert = "INSERT INTO tenant (tenant, name) VALUES ($1, $2) ON CONFLICT (tenant) DO NOTHING"
            try:
                wire.run([(_BEGIN, ()), (_SET_TENANT, [tenant]), (insert, [tenant, name]), ("COMMIT", ())])
            except psycopg.Error:
                with suppress(psycopg.OperationalError):
                    wire.run([("ROLLBACK", ())])
                raise

    def tenants(self) -> Sequence[TenantId]:
        """List all tenants."""
        with self._wire() as wire:
            (result,) = wire.run([("SELECT tenant FROM comptroller_tenants() AS t(tenant) ORDER BY tenant", ())])
        return [TenantId((result.get_value(row, 0) or b"").decode()) for row in range(result.ntuples)]

    @property
    def work(self) -> PostgresqlWork:
        """Who works on what is due."""
        return self._work

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _look(self, tenant: TenantId, work: Callable[[UnitOfWork], T], *, writable: bool) -> T:
        self._require(tenant)
        with self._wire() as wire:
            session = PostgresqlSession(wire, tenant, snapshot=True)
            try:
                return work(
                    DatabaseUnitOfWork(tenant, session, self._ciphers.cipher(tenant), self._policies, writable=writable)
                )
            finally:
                session.rollback()

    def _repeat(self, tenant: TenantId, once: Callable[[DatabaseUnitOfWork, PostgresqlSession], T], attempts: int) -> T:
        self._require(tenant)
        learned: frozenset[str] = frozenset()
        for attempt in range(attempts):
            with self._wire() as wire:
                session = PostgresqlSession(wire, tenant, snapshot=False)
                unit = DatabaseUnitOfWork(tenant, session, self._ciphers.cipher(tenant), self._policies)
                try:
                    unit.serialize(keys_to_begin_with(attempt, learned))
                    result = once(unit, session)
                except Conflict as conflict:
                    learned |= unit.held
                    lost: Exception = conflict
                except psycopg.OperationalError as failure:
                    if session.commit_sent or not wire.broken:
                        raise
                    lost = failure  # the connection died while nobody used it, or before anything was written
                else:
                    self._tell(unit.buffer)
                    return result
                finally:
                    session.rollback()
        raise lost

    def _tell(self, buffer: WriteBuffer) -> None:
        """Say which lanes have work by what was committed."""
        if self._committed is None or not buffer.count(records.OutboxRow):
            return
        now = self.now()
        written = buffer.written(records.OutboxRow)
        lanes = {row.lane for row in written if row.status == "pending" and row.not_before <= now}
        if lanes:
            self._committed(lanes)

    def _require(self, tenant: TenantId) -> None:
        if tenant in self._tenants:  # tenants are never removed
            return
        with self._wire() as wire:
            session = PostgresqlSession(wire, tenant, snapshot=True)
            try:
                (known,) = session.fetch([(company.TENANT_KNOWN, {"tenant": tenant})])
            finally:
                session.rollback()
        if not known:
            raise LookupError(f"there is no tenant `{tenant}`")
        self._tenants.add(tenant)

    @contextmanager
    def _wire(self) -> Iterator[Wire]:
        try:
            connection = self._pool.getconn()
        except PoolTimeout as failure:
            raise Unavailable("no connection to the database was free in time; nothing was done") from failure
        wire = self._wires.get(connection)
        try:
            if wire is None:
                wire = self._wires[connection] = Wire(connection)
            if self._clock.is_due:
                self._ask(wire)
            yield wire
        except psycopg.OperationalError as failure:
            raise Unavailable("the database was lost on the way; a repeat tells what was done") from failure
        finally:
            if wire is None or wire.broken:
                connection.close()
            self._pool.putconn(connection)

    def _ask(self, wire: Wire) -> None:
        """Ask for the server's clock; a connection that is found dead is for whoever took it to deal with."""

        def server() -> datetime:
            (result,) = wire.run([(_CLOCK, ())])
            return datetime.fromisoformat((result.get_value(0, 0) or b"").decode())

        with suppress(psycopg.OperationalError):
            self._clock.ask(server)

    @staticmethod
    def _configure(connection: psycopg.Connection, *, standstill_s: int = limits.LEASE_S) -> None:
        for setting in _SETTINGS:
            connection.execute(f"SET {setting}")
        # a process that stands still with a transaction open holds up nobody longer than its leases last
        connection.execute(f"SET idle_in_transaction_session_timeout = '{standstill_s}s'")
        connection.execute(f"SET ROLE {APPLICATION_ROLE}")
