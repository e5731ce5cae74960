"""One transaction: what it reads, and what it has written so far.

It reads first what it wrote itself, then what it has read before, then the database. What was read stays true while the
transaction holds its keys; taking another key forgets it, because the wait may have been for a change. Writes wait in a
buffer, each with the state that it expects to find.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from comptroller.adapters.database.buffer import KEY_OF, WriteBuffer
from comptroller.adapters.database.queries import cases, work
from comptroller.adapters.database.query import Lookup, Query
from comptroller.adapters.database.sealing import KEYED, Cipher, Sealing, opened, sealed_parts
from comptroller.adapters.database.session import Session
from comptroller.application import records
from comptroller.application.ports.store import Conflict, ReadOnly
from comptroller.domain.kernel.ids import TenantId

R = TypeVar("R")

PolicyCache = dict[tuple[TenantId, str], records.PolicyRow]
"""Pack versions read before, by tenant and hash: they are large, asked for by every case, and never change."""


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


class _OfCase(Protocol):
    @property
    def case_id(self) -> str: ...


C = TypeVar("C", bound=_OfCase)


class BufferedTransaction:
    """A transaction of one tenant on a session; the base of the unit of work, which names its queries."""

    def __init__(
        self,
        tenant: TenantId,
        session: Session,
        cipher: Cipher,
        policies: PolicyCache | None = None,
        *,
        writable: bool = True,
    ) -> None:
        self._tenant = tenant
        self._sealing = Sealing(tenant, cipher)
        self._policies = {} if policies is None else policies
        self._session = session
        self._writable = writable
        self._held: set[str] = set()
        self._read: dict[tuple[str, str], dict[Any, list[Any]]] = {}
        self._new_cases: set[str] = set()
        self.buffer = WriteBuffer(self._sealing)

    @property
    def tenant(self) -> TenantId:
        """Whose rows this unit of work sees."""
        return self._tenant

    @property
    def held(self) -> frozenset[str]:
        """The keys taken so far."""
        return frozenset(self._held)

    def serialize(self, keys: Iterable[str]) -> None:
        """Hold these keys until the transaction ends."""
        new = [key for key in dict.fromkeys(keys) if key not in self._held]
        if new:
            self._held.update(new)
            if self._session.lock(self._tenant, new):
                self._forget()

    def _forget(self) -> None:
        """Forget what may have changed while a key was waited for: a document that is there never does."""
        name = (cases.DOCUMENT.query.name, "")
        self._read = {name: {digest: rows for digest, rows in self._read.get(name, {}).items() if rows}}

    def _rows(self, query: Query, **parameters: object) -> list[Any]:
        (rows,) = self._fetch([(query, {"tenant": self._tenant, **parameters})])
        return rows

    def _fetch(self, requests: Sequence[tuple[Query, Mapping[str, object]]]) -> Sequence[list[Any]]:
        answers = self._session.fetch(requests)
        return [
            [opened(row, self._sealing) for row in rows] if sealed_parts(query.shape) else rows
            for (query, _), rows in zip(requests, answers, strict=True)
        ]

    def _records(self, query: Query, **parameters: object) -> list[Any]:
        return [row for (row,) in self._rows(query, **parameters)]

    def _known(self, lookup: Lookup, key: object, principal: str = "") -> list[Any] | None:
        return self._read.get((lookup.query.name, principal), {}).get(key)

    def _look_up(self, *wanted: tuple[Lookup, Iterable[Any], str]) -> None:
        """Read those keys of each lookup that were not read before, all in one round trip."""
        requests: list[tuple[Query, Mapping[str, object]]] = []
        targets: list[tuple[Lookup, dict[Any, list[Any]], dict[Any, list[Any]]]] = []
        for lookup, keys, principal in wanted:
            read = self._read.setdefault((lookup.query.name, principal), {})
            missing: dict[Any, list[Any]] = {key: [] for key in keys if key not in read}
            if missing:
                parameters = {"tenant": self._tenant, "keys": list(missing), "principal": principal}
                requests.append((lookup.query, parameters))
                targets.append((lookup, read, missing))
        if not requests:
            return
        answers = self._fetch(requests)
        for (lookup, read, found), rows in zip(targets, answers, strict=True):
            for row in rows:
                found[lookup.key_of(row)].append(row)
            read.update(found)

    def _one(self, lookup: Lookup, key: str, record: type[R]) -> R | None:
        pending = self.buffer.get(record, key)
        if pending is not None:
            return pending
        self._look_up((lookup, (key,), ""))
        rows = self._known(lookup, key)
        return rows[0][0] if rows else None

    def _overlay(
        self,
        record: type[R],
        rows: Sequence[R],
        matches: Callable[[R], bool],
        order: Callable[[R], _Ordered],
    ) -> Sequence[R]:
        if not self.buffer.count(record):
            return rows
        key_of = KEY_OF[record]
        merged: dict[object, R] = {key_of(row): row for row in rows}
        for key in self.buffer.removed(record):
            merged.pop(key, None)
        for row in self.buffer.written(record):
            if matches(row):
                merged[key_of(row)] = row
            else:
                merged.pop(key_of(row), None)
        return sorted(merged.values(), key=order)

    def _of_case(self, record: type[C], lookup: Lookup, case_id: str, order: Callable[[C], _Ordered]) -> Sequence[C]:
        """The rows of a case: what is stored is read once, and not at all where the case is new."""
        if case_id in self._new_cases:
            stored: list[C] = []
        else:
            self._look_up((lookup, (case_id,), ""))
            stored = sorted((row for (row,) in self._known(lookup, case_id) or ()), key=order)
        return self._overlay(record, stored, lambda row: row.case_id == case_id, order)

    def _page(
        self,
        record: type[R],
        lists: Sequence[tuple[Query, Mapping[str, object]]],
        matches: Callable[[R], bool],
        order: Callable[[R], _Ordered],
        limit: int,
    ) -> Sequence[R]:
        """Merge a page of each of several lists in the same order, read in one round trip, into one page."""
        asked = limit + self.buffer.count(record)  # what is changed here may leave the page
        answers = self._fetch([(query, {"tenant": self._tenant, "limit": asked, **given}) for query, given in lists])
        rows = sorted((row for answer in answers for (row,) in answer), key=order)[:asked]
        last = order(rows[-1]) if len(rows) == asked and rows else None
        page = self._overlay(record, rows, lambda row: matches(row) and (last is None or not last < order(row)), order)
        return page[:limit]

    def insert(self, *rows: object) -> None:
        """Buffer new rows."""
        self._allow_writes()
        for row in rows:
            if type(row) is records.BalanceRow:
                self._set_balance(row)
            else:
                self.buffer.insert(self._sealing.keyed(row) if type(row) in KEYED else row)

    def update(self, *rows: object) -> None:
        """Buffer changed rows."""
        self._allow_writes()
        for row in rows:
            match row:
                case records.BalanceRow():
                    self._set_balance(row)
                case records.CaseRow():
                    self._update_case(row)
                case records.OpenItemRow():
                    self.buffer.update(row, expected=row.version - 1)
                case records.OutboxRow():
                    self._update_outbox(row)
                case _:
                    self.buffer.update(row)

    def delete(self, *rows: object) -> None:
        """Buffer removals."""
        self._allow_writes()
        for row in rows:
            self.buffer.delete(row)

    def _allow_writes(self) -> None:
        if not self._writable:
            raise ReadOnly("a query must not write")

    def _update_case(self, row: records.CaseRow) -> None:
        pending = self.buffer.get(records.CaseRow, row.case_id)
        if pending is not None and pending.version != row.version - 1:
            raise Conflict(f"case `{row.case_id}` has version {pending.version}, not {row.version - 1}")
        self.buffer.update(row, expected=row.version - 1)

    def _update_outbox(self, row: records.OutboxRow) -> None:
        # INVARIANT: a writer with an older fence has lost the row, wherever it got that fence from.
        known = self._known(work.OUTBOX, row.outbox_id)
        current = self.buffer.get(records.OutboxRow, row.outbox_id) or (known[0][0] if known else None)
        if current is not None and row.fence < current.fence:
            raise Conflict(f"outbox row `{row.outbox_id}` was leased again: fence {current.fence}, not {row.fence}")
        self.buffer.update(row, expected=row.fence if current is None else current.fence)

    def _set_balance(self, row: records.BalanceRow) -> None:
        # INVARIANT: balances are reserved exactly: the flush proves that the value read is still the value stored.
        known = self._known(cases.BALANCES, row.balance)
        if self.buffer.get(records.BalanceRow, row.balance) is not None:
            self.buffer.update(row)
        elif known is None:
            raise LookupError(f"balance `{row.balance}` is changed without having been read")
        elif known:
            self.buffer.update(row, expected=known[0][0].taken_micro)
        else:
            self.buffer.insert(row)
