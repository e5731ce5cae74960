"""Due rows are leased by one worker at a time; a dead worker's are taken over, and it can write them no more."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from tests.contract import rows

from comptroller.application import records
from comptroller.application.ports.store import Conflict, Store, UnitOfWork
from comptroller.application.ports.work import LaneStanding, Terms, Wanted, WorkerStanding
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

MINUTE = timedelta(minutes=1)


def outbox(number: int, **changes: object) -> records.OutboxRow:
    row = revised(rows.OUTBOX, outbox_id=f"o{number:03}", not_before=rows.NOW + number * timedelta(seconds=1))
    return revised(row, **changes)  # type: ignore[arg-type] # the tests name fields


def lease(
    store: Store, owner: str, now: datetime = rows.NOW, limit: int = 100, *, terms: Terms | None = None
) -> list[tuple[TenantId, records.OutboxRow]]:
    wanted = [Wanted(rows.OUTBOX.lane, limit, terms or Terms())]
    return list(store.work.lease(owner=owner, now=now, lease_until=now + MINUTE, wanted=wanted, kinds=["delivery"]))


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
    assert (second.fence, second.lease_owner, second.attempts) == (2, "b", 0)
    with pytest.raises(Conflict):
        own_store.run(tenant, lambda unit: unit.update(revised(first, status="done")))
    own_store.run(tenant, lambda unit: unit.update(revised(second, status="done")))
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
        unit.update(revised(first, status="done"))

    with pytest.raises(Conflict):
        own_store.run(tenant, late)


def test_cancelling_raises_the_fence_so_that_the_worker_cannot_answer(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    tenant = tenants[0]
    own_store.run(tenant, lambda unit: unit.insert(outbox(0)))
    ((_, leased),) = lease(own_store, "a")

    def cancel(unit: UnitOfWork) -> None:
        (row,) = unit.case_outbox("c1")
        unit.update(revised(row, status="cancelled", fence=row.fence + 1))

    own_store.run(tenant, cancel)
    with pytest.raises(Conflict):
        own_store.run(tenant, lambda unit: unit.update(revised(leased, status="done")))


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


def test_acts_under_way_are_those_without_an_effect_yet(own_store: Store, tenants: tuple[TenantId, TenantId]) -> None:
    first, second = tenants
    acts = [
        outbox(number, kind="act", target=f"t{9 - number}", status=status)
        for number, status in enumerate(("pending", "leased", "done", "cancelled"))
    ]
    own_store.run(first, lambda unit: unit.insert(*acts, outbox(8)))
    own_store.run(second, lambda unit: unit.insert(outbox(0, kind="act", target="t1")))

    def taken_back(unit: UnitOfWork) -> list[str]:
        unit.update(revised(acts[0], status="cancelled"))
        unit.insert(outbox(9, kind="act", target="t0"))
        return [row.target for row in unit.acts_under_way()]

    assert [row.target for row in own_store.read(first, lambda unit: unit.acts_under_way())] == ["t8", "t9"]
    assert own_store.run(first, taken_back) == ["t0", "t8"]
    assert [row.target for row in own_store.read(first, lambda unit: unit.acts_under_way())] == ["t0", "t8"]


def test_lanes_come_in_the_order_asked_for_each_with_its_share(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    lanes = ("cases", "people", "background")
    due = [outbox(number, lane=lanes[number % 3], kind="timer", not_before=rows.NOW) for number in range(12)]
    own_store.run(tenants[0], lambda unit: unit.insert(*due))
    wanted = [Wanted("people", 2), Wanted("cases", 1), Wanted("background", 9), Wanted("notices", 5)]
    taken = own_store.work.lease(
        owner="a", now=rows.NOW, lease_until=rows.NOW + MINUTE, wanted=wanted, kinds=["timer", "act"]
    )
    assert [row.outbox_id for _, row in taken] == ["o001", "o004", "o000", "o002", "o005", "o008", "o011"]


def test_rows_of_a_kind_that_a_worker_does_not_know_are_left_to_a_newer_one(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    newer = outbox(0, kind="of a later release")
    own_store.run(tenants[0], lambda unit: unit.insert(newer, outbox(1)))
    now = rows.NOW + MINUTE
    assert [row.outbox_id for _, row in lease(own_store, "old", now)] == ["o001"]
    assert own_store.read(tenants[0], lambda unit: unit.outbox("o000")) == newer
    kinds = ["delivery", "of a later release"]
    wanted = [Wanted(rows.OUTBOX.lane, 5)]
    taken = own_store.work.lease(owner="new", now=now, lease_until=now + MINUTE, wanted=wanted, kinds=kinds)
    assert [(row.outbox_id, row.payload) for _, row in taken] == [("o000", newer.payload)]


def test_a_system_that_bears_two_at_once_is_never_given_three(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    tenant, terms, now = tenants[0], Terms(at_once=2), rows.NOW + MINUTE
    own_store.run(tenant, lambda unit: unit.insert(*(outbox(number) for number in range(5))))
    (_, first), (_, second) = lease(own_store, "a", now, terms=terms)
    assert lease(own_store, "b", now, terms=terms) == []
    own_store.run(tenant, lambda unit: unit.update(revised(first, status="done", lease_until=None)))
    assert [row.outbox_id for _, row in lease(own_store, "b", now, terms=terms)] == ["o002"]
    later = now + MINUTE  # both leases have run out: they are nobody's any more, and two are free
    taken = [row for _, row in lease(own_store, "c", later, terms=terms)]
    assert [(row.outbox_id, row.fence) for row in taken] == [(second.outbox_id, 2), ("o002", 2)]


def test_a_rate_is_kept_by_all_workers_together(own_store: Store, tenants: tuple[TenantId, TenantId]) -> None:
    own_store.run(tenants[0], lambda unit: unit.insert(*(outbox(number) for number in range(20))))
    now, terms = rows.NOW + MINUTE, Terms(per_s=4)
    counts = []
    for tenths in (0, 1, 3, 5, 10, 50):
        moment = now + timedelta(seconds=tenths / 10)
        counts.append([len(lease(own_store, worker, moment, terms=terms)) for worker in ("a", "b")])
    # four at first (a second that was not used), then one each quarter of a second, and never more than a second's
    assert counts == [[4, 0], [0, 0], [1, 0], [1, 0], [2, 0], [4, 0]]


def test_a_rate_below_one_a_second_lets_one_through_at_its_time(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    own_store.run(tenants[0], lambda unit: unit.insert(*(outbox(number) for number in range(9))))
    now = rows.NOW + MINUTE
    at = [now + timedelta(seconds=seconds) for seconds in (0, 9, 10, 11, 20)]
    assert [len(lease(own_store, "a", moment, terms=Terms(per_s=0.1))) for moment in at] == [1, 0, 1, 0, 1]


def test_a_closed_lane_is_left_alone_until_its_time(own_store: Store, tenants: tuple[TenantId, TenantId]) -> None:
    own_store.run(tenants[0], lambda unit: unit.insert(outbox(0)))
    lane, queue, later = rows.OUTBOX.lane, own_store.work, rows.NOW + MINUTE
    queue.close_lane(lane, until=later, why="it answered 503")
    assert queue.closed_lanes(rows.NOW) == [LaneStanding(lane, later, "it answered 503")]
    assert lease(own_store, "a") == []
    assert lease(own_store, "a", later)
    queue.close_lane(lane, until=later + MINUTE, why="by an operator")
    queue.close_lane(lane, until=rows.NOW, why="")
    assert queue.closed_lanes(later) == []


def test_a_heartbeat_lengthens_what_is_held_and_brings_nothing_back(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    own_store.run(tenants[0], lambda unit: unit.insert(*(outbox(number, not_before=rows.NOW) for number in range(3))))
    held = lease(own_store, "a")
    own_store.run(tenants[0], lambda unit: unit.update(revised(held[0][1], status="done", lease_until=None)))
    almost, until = rows.NOW + MINUTE - timedelta(seconds=1), rows.NOW + 2 * MINUTE
    assert own_store.work.renew(held, now=almost, lease_until=until) == {(tenants[0], "o001"), (tenants[0], "o002")}
    assert lease(own_store, "b", rows.NOW + MINUTE) == []
    assert own_store.work.renew(held, now=until, lease_until=until + MINUTE) == set()
    assert [row.outbox_id for _, row in lease(own_store, "b", until)] == ["o001", "o002"]
    assert own_store.work.renew(held, now=until, lease_until=until + MINUTE) == set()


def test_what_is_handed_back_is_due_for_others_unless_they_have_it(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    own_store.run(tenants[0], lambda unit: unit.insert(*(outbox(number, not_before=rows.NOW) for number in range(2))))
    held = lease(own_store, "a")
    own_store.work.hand_back(held[:1])
    ((_, taken),) = lease(own_store, "b")
    assert (taken.outbox_id, taken.fence, taken.attempts) == ("o000", 2, 0)
    own_store.work.hand_back(held)
    assert own_store.read(tenants[0], lambda unit: unit.outbox("o000")) == taken


def test_one_row_is_leased_by_its_name_while_nobody_holds_it(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    tenant, queue = tenants[0], own_store.work
    idle = outbox(0, status="idle", lane="log", kind="sequence", outbox_id="sequence")
    own_store.run(tenant, lambda unit: unit.insert(idle, outbox(9, outbox_id="later")))

    def take(name: str, owner: str, now: datetime) -> records.OutboxRow | None:
        return queue.lease_row(tenant, name, owner=owner, now=now, lease_until=now + MINUTE)

    first = take("sequence", "a", rows.NOW)
    assert first == revised(idle, status="leased", lease_owner="a", lease_until=rows.NOW + MINUTE, fence=1)
    assert take("sequence", "b", rows.NOW) is None
    assert take("later", "a", rows.NOW) is None
    assert take("none", "a", rows.NOW) is None
    second = take("sequence", "b", rows.NOW + MINUTE)
    assert second is not None
    assert (second.fence, second.attempts, second.lease_owner) == (2, 1, "b")


def test_tenants_wake_whose_log_has_entries_without_a_place(
    own_store: Store, tenants: tuple[TenantId, TenantId]
) -> None:
    own_store.create_tenant(TenantId("zulu"), "zulu")
    assert own_store.work.waking() == []
    for tenant in (TenantId("zulu"), tenants[0]):
        own_store.run(tenant, lambda unit: unit.insert(rows.ENTRY))
    assert own_store.work.waking() == [tenants[0], TenantId("zulu")]
    own_store.run(tenants[0], lambda unit: unit.sequence(0, [row_id for row_id, _ in unit.unsequenced(9)]))
    assert own_store.work.waking() == [TenantId("zulu")]


def test_a_worker_is_listed_as_it_last_said_until_it_leaves(own_store: Store) -> None:
    lanes = ("people", "cases")
    first = WorkerStanding("w1", "host-a", "1.0", "working", lanes, 3, rows.NOW, rows.NOW)
    later = replace(first, state="draining", in_hand=0, seen_at=rows.NOW + MINUTE)
    other = replace(first, worker="w2", host="host-b")
    for told in (other, first, later):
        own_store.work.tell(told)
    assert own_store.work.workers() == [later, other]
    own_store.work.leave("w1")
    assert own_store.work.workers() == [other]
