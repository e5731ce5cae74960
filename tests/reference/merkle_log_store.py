"""A store of one tenant's log in lists and dictionaries: what sequencing and verification ask of a unit of work.

Everything is public and mutable, because tests tamper with it. A unit of work that raises leaves nothing behind.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.records import CaseRow, CheckpointRow, EntryRow, TreeNodeRow
from comptroller.domain.audit import Actor, build_entry
from comptroller.domain.kernel.ids import TenantId

T = TypeVar("T")


@dataclass(slots=True)
class LogTables:
    """The rows; an entry's place is None until it is sequenced."""

    entries: dict[int, EntryRow] = field(default_factory=dict)  # by row id
    places: dict[int, int] = field(default_factory=dict)  # row id -> place
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    checkpoints: list[CheckpointRow] = field(default_factory=list)
    cases: dict[str, CaseRow] = field(default_factory=dict)


class LogUnit:
    """The methods of a unit of work that concern the log."""

    def __init__(self, tenant: TenantId, tables: LogTables) -> None:
        self.tenant = tenant
        self.tables = tables
        self.locked: list[str] = []

    def serialize(self, keys: Iterable[str]) -> None:
        self.locked.extend(keys)

    def insert(self, *rows: object) -> None:
        for row in rows:
            match row:
                case EntryRow():
                    self.tables.entries[max(self.tables.entries, default=0) + 1] = row
                case TreeNodeRow():
                    assert (row.level, row.index) not in self.tables.nodes, "a stored node never changes"
                    self.tables.nodes[row.level, row.index] = row.hash
                case CheckpointRow():
                    assert all(row.size != each.size for each in self.tables.checkpoints)
                    self.tables.checkpoints.append(row)
                case CaseRow():
                    self.tables.cases[row.case_id] = row
                case _:
                    raise TypeError(type(row).__name__)

    def case(self, case_id: str) -> CaseRow | None:
        return self.tables.cases.get(case_id)

    def cases(self, *, status: str = "", entity: str = "", after: str = "", limit: int = 50) -> Sequence[CaseRow]:
        del status, entity
        newest_first = sorted(self.tables.cases, reverse=True)
        return [self.tables.cases[key] for key in newest_first if not after or key < after][:limit]

    def stream(self, stream: str) -> Sequence[EntryRow]:
        return sorted((row for row in self.tables.entries.values() if row.stream == stream), key=lambda row: row.seq)

    def stream_head(self, stream: str) -> tuple[int, bytes]:
        rows = self.stream(stream)
        return (rows[-1].seq, rows[-1].leaf_hash) if rows else (0, bytes(32))

    def unsequenced(self, limit: int) -> Sequence[tuple[int, EntryRow]]:
        return [(key, row) for key, row in sorted(self.tables.entries.items()) if key not in self.tables.places][:limit]

    def unsequenced_count(self) -> int:
        return len(self.tables.entries) - len(self.tables.places)

    def sequence(self, first_index: int, row_ids: Sequence[int]) -> None:
        given = dict(zip(row_ids, range(first_index, first_index + len(row_ids)), strict=True))
        assert not given.keys() & self.tables.places.keys(), "an entry has one place"
        assert not set(given.values()) & set(self.tables.places.values()), "a place has one entry"
        self.tables.places.update(given)

    def log_entries(self, start: int, end: int) -> Sequence[tuple[int, EntryRow]]:
        in_order = sorted((place, row_id) for row_id, place in self.tables.places.items())
        return [(place, self.tables.entries[row_id]) for place, row_id in in_order if start <= place < end]

    def tree_nodes(self, positions: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        return {each: self.tables.nodes[each] for each in positions if each in self.tables.nodes}

    def checkpoint(self) -> CheckpointRow | None:
        return max(self.tables.checkpoints, key=lambda row: row.size, default=None)


class LogStore:
    """A store of one tenant; `run` undoes everything when its work raises."""

    def __init__(self, tenant: TenantId, tables: LogTables | None = None) -> None:
        self.tenant = tenant
        self.tables = tables or LogTables()
        self.locks: list[list[str]] = []

    @property
    def port(self) -> Store:
        """This store as the use cases know it; what they do not need of the port is not there."""
        return cast("Store", self)

    def run(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        assert tenant == self.tenant
        kept = self.tables
        draft = LogTables(
            dict(kept.entries), dict(kept.places), dict(kept.nodes), list(kept.checkpoints), dict(kept.cases)
        )
        unit = LogUnit(tenant, draft)
        answer = work(cast("UnitOfWork", unit))
        self.tables = draft
        self.locks.append(unit.locked)
        return answer

    def read(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        assert tenant == self.tenant
        return work(cast("UnitOfWork", LogUnit(tenant, self.tables)))

    def copy(self) -> "LogStore":
        """A store with the same rows, to be tampered with."""
        return LogStore(self.tenant, deepcopy(self.tables))


def case_row(case_id: str, *, entry_seq: int, entry_hash: str) -> CaseRow:
    """A case of which only the evidence matters."""
    at = datetime(2026, 3, 27, 8, tzinfo=UTC)
    return CaseRow(
        case_id=case_id,
        process="invoice",
        process_hash="",
        policy_hash="",
        kind="invoice",
        status="waiting",
        outcome="",
        entity="DE",
        supplier="S01",
        supplier_name="Nordkupfer Handel GmbH",
        number="NK-1",
        document="",
        currency="EUR",
        net=None,
        gross=None,
        exceptions="",
        received_at=at,
        updated_at=at,
        version=1,
        entry_seq=entry_seq,
        entry_hash=entry_hash,
        state="{}",
    )


def record(store: LogStore, stream: str, count: int = 1) -> None:
    """Append entries to a stream, as use cases do; a case's row keeps up with its stream."""

    def work(uow: UnitOfWork) -> None:
        seq, previous = uow.stream_head(stream)
        at = datetime(2026, 3, 27, 8, tzinfo=UTC) + timedelta(seconds=seq)
        for number in range(seq + 1, seq + 1 + count):
            entry = build_entry(
                tenant=store.tenant,
                stream=stream,
                seq=number,
                previous=previous,
                at=at,
                actor=Actor("lena.vogt", "person"),
                kind="task.opened",
                data={"number": number},
            )
            previous = entry.leaf_hash
            uow.insert(EntryRow(stream, number, "task.opened", at, entry.body, entry.leaf_hash))
        if stream.startswith("case/"):
            case_id = stream.removeprefix("case/")
            uow.insert(case_row(case_id, entry_seq=seq + count, entry_hash=previous.hex()))

    store.run(store.tenant, work)
