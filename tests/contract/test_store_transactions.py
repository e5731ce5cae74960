"""What a unit of work promises: whole or not at all, its own writes read back, lost races run again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from tests.contract import rows

from comptroller.adapters.database import SqliteStore, open_store
from comptroller.adapters.keys import DataKeys
from comptroller.application import records
from comptroller.application.ports.store import Conflict, ReadOnly, Store, UnitOfWork
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

Work = Callable[[UnitOfWork], object]


def count_cases(store: Store, tenant: TenantId) -> int:
    return store.read(tenant, lambda unit: len(unit.cases(limit=200)))


def adding(number: int) -> Callable[[UnitOfWork], str]:
    def add(unit: UnitOfWork) -> str:
        unit.insert(rows.case(number))
        return f"c{number}"

    return add


def raising(unit: UnitOfWork) -> None:
    unit.insert(rows.case(99))
    raise RuntimeError("a defect")


def test_a_use_case_that_raises_leaves_nothing(store: Store, tenant: TenantId) -> None:
    with pytest.raises(RuntimeError, match="a defect"):
        store.run(tenant, raising)
    assert count_cases(store, tenant) == 0


def test_a_rehearsal_answers_and_leaves_nothing(store: Store, tenant: TenantId) -> None:
    def work(unit: UnitOfWork) -> records.CaseRow | None:
        unit.serialize(["case/c1"])
        unit.insert(rows.CASE, rows.ENTRY)
        assert unit.stream_head("case/c1") == (1, rows.HASH)
        return unit.case("c1")

    assert store.rehearse(tenant, work) == rows.CASE
    assert count_cases(store, tenant) == 0
    assert store.read(tenant, lambda unit: unit.stream_head("case/c1")) == (0, bytes(32))


WRITES: dict[str, Work] = {
    "insert": lambda unit: unit.insert(rows.CASE),
    "update": lambda unit: unit.update(rows.TASK),
    "delete": lambda unit: unit.delete(rows.WAIT),
    "sequence": lambda unit: unit.sequence(0, [1]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_query_must_not_write(store: Store, tenant: TenantId, write: Work) -> None:
    with pytest.raises(ReadOnly):
        store.read(tenant, write)


DEFECTS: dict[str, Work] = {
    "what is no record": lambda unit: unit.insert("text"),
    "a changed document": lambda unit: unit.update(rows.DOCUMENT),
    "a changed entry": lambda unit: unit.update(rows.ENTRY),
    "a removed case": lambda unit: unit.delete(rows.CASE),
}


@pytest.mark.parametrize("write", DEFECTS.values(), ids=DEFECTS)
def test_what_a_table_does_not_allow_is_a_defect(store: Store, tenant: TenantId, write: Work) -> None:
    with pytest.raises(TypeError):
        store.run(tenant, write)


def test_changes_of_one_row_become_one(store: Store, tenant: TenantId) -> None:
    def first(unit: UnitOfWork) -> None:
        unit.insert(rows.CASE, rows.WAIT)
        unit.update(rows.case(1, version=2, received_at=rows.NOW))
        unit.delete(rows.WAIT)
        assert list(unit.case_waits("c1")) == []
        unit.insert(rows.WAIT)

    def second(unit: UnitOfWork) -> None:
        unit.delete(rows.WAIT)
        unit.insert(rows.WAIT)
        unit.update(rows.case(1, version=3), rows.case(1, version=4, status="done"))
        assert list(unit.cases(status="done")) == [rows.case(1, version=4, status="done")]

    def third(unit: UnitOfWork) -> None:
        unit.delete(rows.WAIT)
        assert list(unit.waiting_for("case.changed", "order/PO-1")) == []

    store.run(tenant, first)
    store.run(tenant, second)
    assert store.read(tenant, lambda unit: list(unit.case_waits("c1"))) == [rows.WAIT]
    assert store.read(tenant, lambda unit: unit.case("c1")) == rows.case(1, version=4, status="done")
    store.run(tenant, third)
    assert store.read(tenant, lambda unit: list(unit.case_waits("c1"))) == []


CONFLICTS: dict[str, Work] = {
    "a key that exists": lambda unit: unit.insert(rows.CASE),
    "an entry that exists": lambda unit: unit.insert(rows.ENTRY),
    "a case of an older version": lambda unit: unit.update(rows.case(1, version=1)),
    "a case of a version to come": lambda unit: unit.update(rows.case(1, version=3)),
    "a task that is not there": lambda unit: unit.update(rows.TASK),
    "a wait that is not there": lambda unit: unit.delete(rows.WAIT),
    "an effect posted twice": lambda unit: unit.insert(revised(rows.JOURNAL, journal_id="j2")),
}


@pytest.mark.parametrize("write", CONFLICTS.values(), ids=CONFLICTS)
def test_a_row_that_is_not_as_expected_is_a_conflict_and_nothing_is_written(
    store: Store, tenant: TenantId, write: Work
) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.insert(rows.case(7))
        write(unit)

    store.run(tenant, lambda unit: unit.insert(rows.CASE, rows.ENTRY, rows.JOURNAL))
    with pytest.raises(Conflict):
        store.run(tenant, work)
    assert store.read(tenant, lambda unit: unit.case("c7")) is None


def test_a_balance_is_read_before_it_is_changed(store: Store, tenant: TenantId) -> None:
    with pytest.raises(LookupError, match="without having been read"):
        store.run(tenant, lambda unit: unit.update(rows.BALANCE))


@pytest.mark.parametrize("serialized", [True, False], ids=["by key", "by what it read"])
def test_reservations_at_once_take_exactly_what_is_there(store: Store, tenant: TenantId, *, serialized: bool) -> None:
    limit, part, buyers, rounds = 600, 7, 6, 20
    barrier = Barrier(buyers)

    def reserve(unit: UnitOfWork) -> int:
        if serialized:
            unit.serialize(["balance/b"])
        taken = unit.balances(["b"])["b"]
        if taken + part > limit:
            return 0
        unit.update(records.BalanceRow("b", taken + part))
        return part

    def buy(_: int) -> int:
        barrier.wait()
        return sum(store.run(tenant, reserve) for _ in range(rounds))

    with ThreadPoolExecutor(buyers) as threads:
        bought = sum(threads.map(buy, range(buyers)))
    assert bought == limit - limit % part
    assert store.read(tenant, lambda unit: unit.balances(["b"])) == {"b": bought}


def test_writers_of_one_case_lose_no_change(store: Store, tenant: TenantId) -> None:
    writers, rounds = 6, 15
    store.run(tenant, lambda unit: unit.insert(rows.CASE))

    def change(unit: UnitOfWork) -> None:
        row = unit.case("c1")
        assert row is not None
        sequence, _ = unit.stream_head("case/c1")
        unit.insert(rows.entry("case/c1", sequence + 1))
        unit.update(revised(row, version=row.version + 1))

    def write(_: int) -> None:
        for _round in range(rounds):
            store.run(tenant, change)

    with ThreadPoolExecutor(writers) as threads:
        list(threads.map(write, range(writers)))
    row = store.read(tenant, lambda unit: unit.case("c1"))
    assert row is not None
    assert row.version == 1 + writers * rounds
    assert [entry.seq for entry in store.read(tenant, lambda unit: unit.stream("case/c1"))] == list(
        range(1, 1 + writers * rounds)
    )


def test_keys_taken_in_opposite_order_do_not_stop_anyone(store: Store, tenant: TenantId) -> None:
    rounds = 10
    barrier = Barrier(2)

    def work(first: str, second: str) -> Work:
        def take(unit: UnitOfWork) -> None:
            for key in (first, second):
                unit.serialize([key])
                unit.update(records.BalanceRow(key, unit.balances([key])[key] + 1))

        return take

    def run(keys: tuple[str, str]) -> None:
        barrier.wait()
        for _ in range(rounds):
            store.run(tenant, work(*keys))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, [("a", "b"), ("b", "a")]))
    assert store.read(tenant, lambda unit: unit.balances(["a", "b"])) == {"a": 2 * rounds, "b": 2 * rounds}


def test_a_batch_keeps_what_succeeds_and_answers_what_does_not(store: Store, tenant: TenantId) -> None:
    def take(number: int) -> Callable[[UnitOfWork], int]:
        def work(unit: UnitOfWork) -> int:
            taken = unit.balances(["b"])["b"]
            unit.update(records.BalanceRow("b", taken + 1))
            unit.insert(rows.case(number), rows.entry("batch", unit.stream_head("batch")[0] + 1))
            if number == 2:
                raise RuntimeError("a defect")
            return taken

        return work

    answers = store.run_many(tenant, [take(number) for number in range(4)])
    assert [str(answer) for answer in answers] == ["0", "1", "a defect", "2"]
    assert store.read(tenant, lambda unit: unit.balances(["b"])) == {"b": 3}
    assert [row.case_id for row in store.read(tenant, lambda unit: unit.cases())] == ["c3", "c1", "c0"]
    assert [row.seq for row in store.read(tenant, lambda unit: unit.stream("batch"))] == [1, 2, 3]


def test_a_batch_with_a_conflict_keeps_the_rest(store: Store, tenant: TenantId) -> None:
    store.run(tenant, lambda unit: unit.insert(rows.case(1)))
    answers = store.run_many(tenant, [adding(number) for number in range(3)])
    assert (answers[0], answers[2]) == ("c0", "c2")
    assert isinstance(answers[1], Conflict)
    assert count_cases(store, tenant) == 3


def test_batches_at_once_over_the_same_keys_both_succeed(store: Store, tenant: TenantId) -> None:
    def take(key: str) -> Callable[[UnitOfWork], int]:
        def work(unit: UnitOfWork) -> int:
            unit.serialize([key])
            taken = unit.balances([key])[key]
            unit.update(records.BalanceRow(key, taken + 1))
            return taken

        return work

    keys = [f"b{number}" for number in range(12)]
    batches = [[take(key) for key in order] for order in (keys, keys[::-1], keys[6:] + keys[:6])]
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda works: store.run_many(tenant, works), batches))
    assert not [answer for batch in answers for answer in batch if isinstance(answer, Exception)]
    assert store.read(tenant, lambda unit: unit.balances(keys)) == dict.fromkeys(keys, 3)


def test_what_was_prefetched_is_read_once(store: Store, tenant: TenantId) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.serialize(["number/RE1"])
        unit.prefetch(
            aliases=["vat/DE1", "vat/none"],
            documents=["d1", "d2"],
            balances=["b"],
            commands=[("lena.vogt", "key-1"), ("ali.kaya", "key-1")],
            cases=["c1"],
            outbox=["o1"],
        )
        assert (unit.case("c1"), unit.outbox("o1")) == (rows.CASE, None)
        assert unit.references(["vat/DE1", "vat/none"]) == {"vat/DE1": [rows.REFERENCE], "vat/none": []}
        assert (unit.document("d1"), unit.document("d2")) == (rows.DOCUMENT, None)
        assert unit.candidates(["c1"]) == [(rows.CANDIDATE, rows.CASE)]
        assert unit.command("lena.vogt", "key-1") == rows.COMMAND
        assert unit.command("ali.kaya", "key-1") is None
        assert unit.balances(["b"]) == {"b": 0}

    store.run(
        tenant,
        lambda unit: unit.insert(rows.REFERENCE, rows.DOCUMENT, rows.CANDIDATE, rows.CASE, rows.COMMAND),
    )
    store.run(tenant, work)


def test_of_a_case_that_is_taken_up_everything_is_read_at_once(store: Store, tenant: TenantId) -> None:
    due = revised(rows.OUTBOX, case_id="c1", status="pending")

    def work(unit: UnitOfWork) -> None:
        unit.prefetch(cases=["c1", "c9"], taken_up=["c1", "c9"])
        assert (list(unit.case_waits("c1")), list(unit.case_waits("c9"))) == ([rows.WAIT], [])
        assert (list(unit.case_tasks("c1")), list(unit.case_tasks("c9"))) == ([rows.TASK], [])
        assert unit.outbox(due.outbox_id) == due

    store.run(tenant, lambda unit: unit.insert(rows.CASE, rows.WAIT, rows.TASK, due))
    store.run(tenant, work)


def test_a_further_key_forgets_what_may_have_changed(store: Store, tenant: TenantId) -> None:
    def work(unit: UnitOfWork) -> None:
        assert (unit.document("d1"), unit.document("d2"), unit.case("c1")) == (rows.DOCUMENT, None, None)
        other = revised(rows.DOCUMENT, digest="d2")
        store.run(tenant, lambda unit: unit.insert(other, rows.CASE))
        unit.serialize(["number/RE1"])
        assert (unit.document("d1"), unit.document("d2"), unit.case("c1")) == (rows.DOCUMENT, other, rows.CASE)

    store.run(tenant, lambda unit: unit.insert(rows.DOCUMENT))
    if not isinstance(store, SqliteStore):  # there nobody else writes meanwhile
        store.run(tenant, work)


def test_of_a_new_case_only_what_this_unit_of_work_wrote_is_seen(store: Store, tenant: TenantId) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.begin_case("c1")
        assert list(unit.case_tasks("c1")) == []  # nobody looks for what cannot be there
        new = revised(rows.TASK, task_id="t2")
        unit.insert(new)
        assert list(unit.case_tasks("c1")) == [new]

    store.run(tenant, lambda unit: unit.insert(rows.TASK))
    store.run(tenant, work)
    assert store.read(tenant, lambda unit: [task.task_id for task in unit.case_tasks("c1")]) == [
        rows.TASK.task_id,
        "t2",
    ]


def test_every_acknowledged_unit_of_work_is_there_after_reopening(own_database_url: str, ciphers: DataKeys) -> None:
    tenant, clients, rounds = TenantId("acme"), 8, 12
    store = open_store(own_database_url, ciphers)
    store.create_tenant(tenant, "Acme")
    barrier = Barrier(clients)

    def submit(client: int) -> list[str]:
        barrier.wait()
        return [store.run(tenant, adding(client * rounds + number)) for number in range(rounds)]

    with ThreadPoolExecutor(clients) as threads:
        acknowledged = {case for cases in threads.map(submit, range(clients)) for case in cases}
    store.close()
    reopened = open_store(own_database_url, ciphers)
    stored = {row.case_id for row in reopened.read(tenant, lambda unit: unit.cases(limit=200))}
    reopened.close()
    assert stored == acknowledged
    assert len(stored) == clients * rounds


def test_cases_are_counted_and_summed_exactly(store: Store, tenant: TenantId) -> None:
    cases = [
        rows.case(1, net=Decimal("0.10"), gross=Decimal("0.2")),
        rows.case(2, net=Decimal("9999999999999999.25"), gross=None),
        rows.case(3, kind="credit_note", net=Decimal("0.05"), gross=Decimal(1)),
        rows.case(4, status="posted", currency="JPY", net=None, gross=None),
    ]
    store.run(tenant, lambda unit: unit.insert(*cases))
    assert store.read(tenant, lambda unit: unit.case_counts()) == [
        records.CaseCount("credit_note", "waiting", "hold", "DE01", "EUR", 1, Decimal("-0.05"), Decimal(-1)),
        records.CaseCount("invoice", "posted", "hold", "DE01", "JPY", 1, Decimal(0), Decimal(0)),
        records.CaseCount(
            "invoice", "waiting", "hold", "DE01", "EUR", 2, Decimal("9999999999999999.35"), Decimal("0.2")
        ),
    ]


def test_cases_are_counted_once_for_each_milestone_of_a_kind(store: Store, tenant: TenantId) -> None:
    cases = [rows.case(1, gross=Decimal("0.2"), net=Decimal("0.1")), rows.case(2)]
    marks = [
        revised(rows.MILESTONE, case_id=cases[place].case_id, seq=seq, kind=kind)
        for place, seq, kind in ((0, 7, "received again"), (0, 9, "received again"), (1, 7, "posted"))
    ]
    store.run(tenant, lambda unit: unit.insert(*cases, *marks))
    assert store.read(tenant, lambda unit: unit.marked_counts("received again")) == [
        records.CaseCount("invoice", "waiting", "hold", "DE01", "EUR", 2, Decimal("0.2"), Decimal("0.4"))
    ]


def test_what_the_ledger_is_out_by_is_found(store: Store, tenant: TenantId) -> None:
    amounts = [Decimal("0.1"), Decimal("0.2"), Decimal("-0.3")]
    lines = [revised(rows.JOURNAL_LINE, line=place, amount=amount) for place, amount in enumerate(amounts)]
    other = revised(rows.JOURNAL, journal_id="j2", effect_key="c2/post", currency="USD")
    store.run(tenant, lambda unit: unit.insert(rows.JOURNAL, *lines, other))
    store.run(tenant, lambda unit: unit.insert(revised(rows.JOURNAL_LINE, journal_id="j2", amount=Decimal("0.01"))))
    assert store.read(tenant, lambda unit: unit.ledger_differences()) == [
        ("EUR", Decimal(0)),
        ("USD", Decimal("0.01")),
    ]


def test_units_of_work_that_name_one_key_run_one_after_the_other(store: Store, tenant: TenantId) -> None:
    clients, rounds = 5, 12
    inside: list[int] = []
    seen: list[int] = []
    barrier = Barrier(clients)

    def work(unit: UnitOfWork) -> None:
        unit.serialize(["number/RE1"])
        unit.case("c1")  # the key is held at the latest when something is read
        inside.append(1)
        seen.append(len(inside))
        unit.stream_head("case/c1")
        inside.pop()

    def run(_: int) -> None:
        barrier.wait()
        for _round in range(rounds):
            store.run(tenant, work)

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(run, range(clients)))
    assert seen == [1] * (clients * rounds)


def test_taking_a_key_forgets_what_was_read_before(store: Store, tenant: TenantId) -> None:
    if isinstance(store, SqliteStore):
        pytest.skip("nothing changes beside SQLite's only writer")
    store.run(tenant, lambda unit: unit.insert(rows.CASE))
    versions = []

    def change(unit: UnitOfWork) -> None:
        unit.update(rows.case(1, version=2))

    def look(unit: UnitOfWork) -> None:
        row = unit.case("c1")
        versions.append(row.version if row else 0)

    def reading_first(unit: UnitOfWork) -> None:
        look(unit)
        store.run(tenant, change)
        look(unit)
        unit.serialize(["case/c1"])
        look(unit)

    store.run(tenant, reading_first)
    assert versions == [1, 1, 2]
