"""Due rows are leased by one worker at a time; a dead worker's are taken over, and it can write them no more."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from tests.contract import rows

from comptroller.application import records
from comptroller.application.ports.store import Conflict, Store, UnitOfWork
from comptroller.domain.kernel.ids import TenantId

MINUTE = timedelta(minutes=1)


def outbox(number: int, **changes: object) -> records.OutboxRow:
    row = replace(rows.OUTBOX, outbox_id=f"o{number:03}", not_before=rows.NOW + number * timedelta(seconds=1))
    return replace(row, **changes)  # type: ignore[arg-type] # the tests name fields


def lease(
    store: Store, owner: str, now: datetime = rows.NOW, limit: int = 100
) -> list[tuple[TenantId, records.OutboxRow]]:
    return list(store.lease(owner=owner, now=now, lease_until=now + MINUTE, limit=limit))


@pytest.fixture
def tenants(own_store: Store) -> tuple[TenantId, TenantId]:
    names = TenantId("acme"), TenantId("other")
    for name in names:
        own_store.create_tenant(name, name)
    return names


def test_due_rows_of_all_tenants_are_leased_in_order(own_store: Store, tenants: tuple[TenantId, TenantId]) -> None:
    first, second = tenants
    later = outbox(61)
    done = outbox(2, status="done")
    own_store.run(first, lambda unit: unit.insert(outbox(0), later, done))
    own_store.run(second, lambda unit: unit.insert(outbox(1)))
    now = rows.NOW + MINUTE
    until = now + MINUTE
    leased = {"status": "leased", "lease_owner": "a", "lease_until": until, "fence": 1}
    assert lease(own_store, "a", now) == [(first, outbox(0, **leased)), (second, outbox(1, **leased))]
    assert own_store.read(first, lambda unit: unit.outbox("o000")) == outbox(0, **leased)
    assert lease(own_store, "b", now) == []
    assert [row.outbox_id for _, row in lease(own_store, "b", now + timedelta(seconds=1))] == ["o061"]


def test_a_lease_takes_no_more_than_asked(own_store: Store, tenants: tuple[TenantId, TenantId]) -> None:
    own_store.run(tenants[0], lambda unit: unit.insert(*(outbox(number) for number in range(5))))
    now = rows.NOW + MINUTE
    assert [row.outbox_id for _, row in lease(own_store, "a", now, limit=2)] == ["o000", "o001"]
    assert [row.outbox_id for _, row in lease(own_store, "a", now, limit=9)] == ["o002", "o003", "o004"]


def test_a_lease_that_ran_out_is_taken_over_and_its_first_owner_is_fenced_off(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    tenant = tenants[0]
    own_store.run(tenant, lambda unit: unit.insert(outbox(0)))
    ((_, first),) = lease(own_store, "a")
    assert lease(own_store, "b", rows.NOW + MINUTE - timedelta(microseconds=1)) == []
    ((_, second),) = lease(own_store, "b", rows.NOW + MINUTE)
    assert (second.fence, second.lease_owner) == (2, "b")
    with pytest.raises(Conflict):
        own_store.run(tenant, lambda unit: unit.update(replace(first, status="done")))
    own_store.run(tenant, lambda unit: unit.update(replace(second, status="done")))
    done = own_store.read(tenant, lambda unit: unit.outbox("o000"))
    assert done is not None
    assert (done.status, done.fence) == ("done", 2)


def test_an_older_fence_is_refused_even_after_the_row_was_read(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    tenant = tenants[0]
    own_store.run(tenant, lambda unit: unit.insert(outbox(0)))
    ((_, first),) = lease(own_store, "a")
    lease(own_store, "b", rows.NOW + MINUTE)

    def late(unit: UnitOfWork) -> None:
        assert unit.outbox("o000") is not None
        unit.update(replace(first, status="done"))

    with pytest.raises(Conflict):
        own_store.run(tenant, late)


def test_cancelling_raises_the_fence_so_that_the_worker_cannot_answer(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    tenant = tenants[0]
    own_store.run(tenant, lambda unit: unit.insert(outbox(0)))
    ((_, leased),) = lease(own_store, "a")

    def cancel(unit: UnitOfWork) -> None:
        (row,) = unit.outbox_list(case_id="c1")
        unit.update(replace(row, status="cancelled", fence=row.fence + 1))

    own_store.run(tenant, cancel)
    with pytest.raises(Conflict):
        own_store.run(tenant, lambda unit: unit.update(replace(leased, status="done")))


def test_workers_at_once_never_hold_the_same_row_and_fence(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    workers, count = 6, 60
    own_store.run(tenants[0], lambda unit: unit.insert(*(outbox(number) for number in range(count))))
    now = rows.NOW + timedelta(hours=1)
    barrier = Barrier(workers)

    def work(number: int) -> list[tuple[str, int]]:
        held = []
        barrier.wait()
        for turn in range(3):  # each turn every lease has run out
            moment = now + turn * 2 * MINUTE
            while taken := lease(own_store, f"w{number}", moment, limit=4):
                held += [(row.outbox_id, row.fence) for _, row in taken]
            barrier.wait()
        return held

    with ThreadPoolExecutor(workers) as threads:
        held = [one for rows_held in threads.map(work, range(workers)) for one in rows_held]
    assert len(held) == len(set(held)) == 3 * count
    assert {fence for _, fence in held} == {1, 2, 3}
