"""The audit entries: append-only under any SQL, sequenced once, read back by their place in the log."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.contract import rows

from comptroller.application.ports.store import Conflict, Store, UnitOfWork
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId


def execute(database_url: str, statement: str) -> None:
    """Run SQL as the owner of the tables, past the store."""
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        try:
            connection.execute(statement)
        finally:
            connection.close()
    else:
        with psycopg.connect(database_url, autocommit=True) as server:
            server.execute(statement.encode())


FORBIDDEN = {
    "removed": "DELETE FROM entry WHERE tenant = '{tenant}'",
    "changed body": "UPDATE entry SET body = leaf_hash WHERE tenant = '{tenant}'",
    "changed instant": "UPDATE entry SET at = '2026-01-01' WHERE tenant = '{tenant}'",
    "moved to another stream": "UPDATE entry SET stream = 'x' WHERE tenant = '{tenant}'",
    "moved to another tenant": "UPDATE entry SET tenant = 'x' WHERE tenant = '{tenant}'",
    "placed and changed at once": "UPDATE entry SET leaf_index = 7, body = leaf_hash "
    "WHERE tenant = '{tenant}' AND leaf_index IS NULL",
    "placed again": "UPDATE entry SET leaf_index = 9 WHERE tenant = '{tenant}' AND leaf_index IS NOT NULL",
    "taken from its place": "UPDATE entry SET leaf_index = NULL WHERE tenant = '{tenant}' AND leaf_index IS NOT NULL",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_an_entry_is_append_only(store: Store, database_url: str, tenant: TenantId, statement: str) -> None:
    entries = [rows.entry("case/c1", number) for number in (1, 2)]

    def sequence(unit: UnitOfWork) -> None:
        unit.sequence(0, [row_id for row_id, _ in unit.unsequenced(1)])

    store.run(tenant, lambda unit: unit.insert(*entries))
    store.run(tenant, sequence)
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.IntegrityError)):
        execute(database_url, statement.format(tenant=tenant))
    assert store.read(tenant, lambda unit: list(unit.stream("case/c1"))) == entries
    assert store.read(tenant, lambda unit: unit.log_entries(0, 9)) == [(0, entries[0])]


def test_an_entry_cannot_be_replaced_or_truncated(store: Store, database_url: str, tenant: TenantId) -> None:
    store.run(tenant, lambda unit: unit.insert(rows.ENTRY))
    statement = (
        f"INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE tenant = '{tenant}'"
        if database_url.startswith("sqlite")
        else "TRUNCATE entry"
    )
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.IntegrityError)):
        execute(database_url, statement)


def test_a_stream_s_head_is_its_newest_entry(store: Store, tenant: TenantId) -> None:
    def write(unit: UnitOfWork) -> None:
        assert unit.stream_head("case/c1") == (1, bytes([1]) * 32)
        unit.insert(rows.entry("case/c1", 2), rows.entry("other", 1))
        assert unit.stream_head("case/c1") == (2, bytes([2]) * 32)
        assert [row.seq for row in unit.stream("case/c1")] == [1, 2]

    store.run(tenant, lambda unit: unit.insert(rows.entry("case/c1", 1)))
    store.run(tenant, write)
    assert store.read(tenant, lambda unit: unit.stream_head("case/c1")) == (2, bytes([2]) * 32)


def test_entries_get_their_places_in_the_order_of_arrival(store: Store, tenant: TenantId) -> None:
    def sequence(limit: int) -> Callable[[UnitOfWork], int]:
        def work(unit: UnitOfWork) -> int:
            unit.serialize(["log"])
            found = unit.unsequenced(limit)
            start = len(unit.log_entries(0, 1000))
            unit.sequence(start, [row_id for row_id, _ in found])
            assert len(unit.log_entries(0, 1000)) == start + len(found)
            return unit.unsequenced_count()

        return work

    entries = [rows.entry(f"case/c{number % 3}", number) for number in range(12)]
    store.run(tenant, lambda unit: unit.insert(*entries[:6]))
    store.run(tenant, lambda unit: unit.insert(*entries[6:]))
    assert store.read(tenant, lambda unit: unit.unsequenced_count()) == 12
    assert store.run(tenant, sequence(5)) == 7
    assert store.run(tenant, sequence(100)) == 0
    assert store.read(tenant, lambda unit: list(unit.log_entries(0, 100))) == list(enumerate(entries))
    assert store.read(tenant, lambda unit: list(unit.log_entries(4, 6))) == list(enumerate(entries))[4:6]


def test_sequencers_at_once_place_each_entry_once(store: Store, tenant: TenantId) -> None:
    entries = [rows.entry("case/c1", number) for number in range(1, 61)]
    store.run(tenant, lambda unit: unit.insert(*entries))

    def sequence(unit: UnitOfWork) -> int:
        unit.serialize(["log"])
        found = unit.unsequenced(4)
        unit.sequence(len(unit.log_entries(0, 1000)), [row_id for row_id, _ in found])
        return len(found)

    def run(_: int) -> int:
        return sum(store.run(tenant, sequence) for _ in range(6))

    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(run, range(3))) == 60
    assert store.read(tenant, lambda unit: list(unit.log_entries(0, 100))) == list(enumerate(entries))


def test_an_entry_that_has_its_place_is_not_placed_again(store: Store, tenant: TenantId) -> None:
    store.run(tenant, lambda unit: unit.insert(rows.ENTRY))
    ((row_id, _),) = store.read(tenant, lambda unit: unit.unsequenced(1))
    store.run(tenant, lambda unit: unit.sequence(0, [row_id]))
    with pytest.raises(Conflict):
        store.run(tenant, lambda unit: unit.sequence(1, [row_id]))


def test_the_newest_checkpoint_is_the_largest(store: Store, tenant: TenantId) -> None:
    larger = revised(rows.CHECKPOINT, size=10)

    def write(unit: UnitOfWork) -> None:
        unit.insert(larger)
        assert unit.checkpoint() == larger

    store.run(tenant, lambda unit: unit.insert(rows.CHECKPOINT))
    store.run(tenant, write)
    assert store.read(tenant, lambda unit: unit.checkpoint()) == larger
