"""Every record comes back as it was written, in the same unit of work and in a later one."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract import rows

from comptroller.application import records
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

Reading = Callable[[UnitOfWork], object]

ROUND_TRIPS: dict[str, tuple[object, Reading]] = {
    "document": (rows.DOCUMENT, lambda unit: unit.document("d1")),
    "document of a case": (rows.DOCUMENT, lambda unit: unit.case_documents("c1")[0]),
    "case": (rows.CASE, lambda unit: unit.case("c1")),
    "task": (rows.TASK, lambda unit: unit.task("t1")),
    "task of a case": (rows.TASK, lambda unit: unit.case_tasks("c1")[0]),
    "open task": (rows.TASK, lambda unit: unit.open_tasks(roles=["approver"])[0]),
    "wait by what it is about": (rows.WAIT, lambda unit: unit.waiting_for("case.changed", "order/PO-1")[0]),
    "wait of a case": (rows.WAIT, lambda unit: unit.case_waits("c1")[0]),
    "journal": (rows.JOURNAL, lambda unit: unit.journals()[0][0]),
    "journal of a case": (rows.JOURNAL, lambda unit: unit.journals("c1")[0][0]),
    "journal by its id": (rows.JOURNAL, lambda unit: (unit.journal("j1") or [None])[0]),
    "open item": (rows.OPEN_ITEM, lambda unit: unit.open_item("j1")),
    "open item of an entity": (rows.OPEN_ITEM, lambda unit: unit.open_items(entity="DE01")[0]),
    "item owed on a day": (rows.OPEN_ITEM, lambda unit: unit.items_owed("DE01", "2026-03-27", "2026-03-27")[0]),
    "open item of a case": (rows.OPEN_ITEM, lambda unit: unit.open_items(case_id="c1")[0]),
    "outbox row": (rows.OUTBOX, lambda unit: unit.outbox("o1")),
    "outbox row of a case": (rows.OUTBOX, lambda unit: unit.case_outbox("c1")[0]),
    "outbox row by status": (rows.OUTBOX, lambda unit: unit.deliveries(status="pending")[0]),
    "entry": (rows.ENTRY, lambda unit: unit.stream("case/c1")[0]),
    "decision": (rows.DECISION, lambda unit: unit.decisions("c1")[0]),
    "command": (rows.COMMAND, lambda unit: unit.command("lena.vogt", "key-1")),
    "reference by kind and key": (rows.REFERENCE, lambda unit: unit.references(["supplier/S-1"])["supplier/S-1"][0]),
    "reference by alias": (rows.REFERENCE, lambda unit: unit.references(["iban/DE32"])["iban/DE32"][0]),
    "reference version": (rows.REFERENCE, lambda unit: unit.reference_versions("supplier", "S-1")[0]),
    "reference in a list": (rows.REFERENCE, lambda unit: unit.reference_list("supplier")[0]),
    "policy": (rows.POLICY, lambda unit: unit.policy("h1")),
    "policy in a list": (rows.POLICY, lambda unit: unit.policies("accounts-payable")[0]),
    "API key": (rows.API_KEY, lambda unit: unit.api_key("k1")),
    "checkpoint": (rows.CHECKPOINT, lambda unit: unit.checkpoint()),
    "milestone": (rows.MILESTONE, lambda unit: unit.milestones("c1")[0]),
    "payment block": (rows.PAYMENT_BLOCK, lambda unit: unit.payment_block("b1")),
    "payment block of a case": (rows.PAYMENT_BLOCK, lambda unit: unit.payment_blocks(case_id="c1")[0]),
    "payment block of a supplier": (rows.PAYMENT_BLOCK, lambda unit: unit.payment_blocks(supplier="S-1")[0]),
    "attachment": (rows.ATTACHMENT, lambda unit: unit.attachments("c1")[0]),
    "intake": (rows.INTAKE, lambda unit: unit.intake("i1")),
    "intake in a list": (rows.INTAKE, lambda unit: unit.intake_list("failed")[0]),
    "case of a supplier": (rows.CASE, lambda unit: unit.supplier_cases("S-1")[0]),
}


@pytest.mark.parametrize(("row", "reading"), ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_a_record_comes_back_as_it_was_written(store: Store, tenant: TenantId, row: object, reading: Reading) -> None:
    def write(unit: UnitOfWork) -> object:
        unit.insert(row)
        return reading(unit)

    assert store.run(tenant, write) == row
    assert store.read(tenant, reading) == row


def test_what_is_stored_as_a_value_comes_back(store: Store, tenant: TenantId) -> None:
    def write(unit: UnitOfWork) -> None:
        assert unit.balances([rows.BALANCE.balance]) == {rows.BALANCE.balance: 0}
        unit.insert(rows.BALANCE, rows.PRIVATE_TEXT, rows.TREE_NODE, rows.JOURNAL, rows.JOURNAL_LINE)
        unit.insert(rows.CANDIDATE, rows.CASE)
        see(unit)

    def see(unit: UnitOfWork) -> None:
        assert unit.balances([rows.BALANCE.balance, "other"]) == {rows.BALANCE.balance: 2**62, "other": 0}
        assert unit.private_texts(["commitment", "none"]) == {"commitment": "reason\nof a person"}
        assert unit.tree_nodes([(3, 2**40), (0, 0)]) == {(3, 2**40): rows.HASH}
        assert unit.journals("c1") == [(rows.JOURNAL, [rows.JOURNAL_LINE])]
        assert unit.candidates(["c1", "none"]) == [(rows.CANDIDATE, rows.CASE)]

    store.run(tenant, write)
    store.read(tenant, see)


ABSENT: dict[str, tuple[Reading, object]] = {
    "document": (lambda unit: unit.document("none"), None),
    "case": (lambda unit: unit.case("none"), None),
    "task": (lambda unit: unit.task("none"), None),
    "outbox row": (lambda unit: unit.outbox("none"), None),
    "command": (lambda unit: unit.command("none", "none"), None),
    "policy": (lambda unit: unit.policy("none"), None),
    "API key": (lambda unit: unit.api_key("none"), None),
    "checkpoint": (lambda unit: unit.checkpoint(), None),
    "reference": (lambda unit: unit.references(["none"]), {"none": []}),
    "stream head": (lambda unit: unit.stream_head("none"), (0, bytes(32))),
    "page of cases": (lambda unit: list(unit.cases()), []),
    "page behind an unknown case": (lambda unit: list(unit.cases(after="none")), []),
    "page behind an unknown task": (lambda unit: list(unit.open_tasks(after="none")), []),
    "page behind an unknown delivery": (lambda unit: list(unit.deliveries(after="none")), []),
    "tree nodes": (lambda unit: unit.tree_nodes([]), {}),
    "balances of nothing": (lambda unit: unit.balances([]), {}),
}


@pytest.mark.parametrize(("reading", "answer"), ABSENT.values(), ids=ABSENT)
def test_what_is_not_there_is_answered_plainly(
    store: Store, tenant: TenantId, reading: Reading, answer: object
) -> None:
    assert store.read(tenant, reading) == answer


@pytest.mark.parametrize("amount", rows.AMOUNTS, ids=str)
def test_amounts_are_exact(store: Store, tenant: TenantId, amount: Decimal) -> None:
    store.run(tenant, lambda unit: unit.insert(revised(rows.CASE, net=amount)))
    found = store.read(tenant, lambda unit: unit.case("c1"))
    assert found is not None
    assert found.net == amount
    assert found.net is not None
    assert format(found.net, "f") == format(amount, "f")


def test_an_instant_of_another_zone_comes_back_in_utc(store: Store, tenant: TenantId) -> None:
    local = rows.NOW.astimezone(rows.ELSEWHERE)
    store.run(tenant, lambda unit: unit.insert(revised(rows.CASE, received_at=local)))
    found = store.read(tenant, lambda unit: unit.case("c1"))
    assert found is not None
    assert found.received_at == rows.NOW
    assert found.received_at.utcoffset() == rows.NOW.utcoffset()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    blob=st.binary(),
    at=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    amount=st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**18), max_value=10**18),
)
def test_any_value_comes_back(
    store: Store, tenant: TenantId, text: str, blob: bytes, at: datetime, amount: Decimal
) -> None:
    document = revised(rows.DOCUMENT, digest=f"d{text}", original=blob, canonical=text, received_at=at)
    case = revised(rows.CASE, case_id=f"c{text}", state=text, net=amount, received_at=at)

    def seen(unit: UnitOfWork) -> tuple[object, object]:
        return unit.document(document.digest), unit.case(case.case_id)

    def write(unit: UnitOfWork) -> None:
        if unit.case(case.case_id) is None:
            unit.insert(document, case)

    if store.read(tenant, lambda unit: unit.case(case.case_id)) is None:
        store.run(tenant, write)
        assert store.read(tenant, seen) == (document, case)


def test_milestones_of_a_kind_are_those_of_the_time_asked_for(store: Store, tenant: TenantId) -> None:
    made = [revised(rows.MILESTONE, case_id=f"c{n}", at=rows.NOW.replace(day=n)) for n in range(1, 6)]
    other = revised(made[2], kind="posted")
    store.run(tenant, lambda unit: unit.insert(*made, other))
    since, until = rows.NOW.replace(day=2), rows.NOW.replace(day=4)
    assert store.read(tenant, lambda unit: unit.milestones_between("waiting", since, until)) == made[1:3]


def test_the_newest_version_is_in_force_under_its_own_aliases(store: Store, tenant: TenantId) -> None:
    second = revised(rows.REFERENCE, version=2, aliases=("vat/DE2",))
    asked = ["supplier/S-1", "vat/DE1", "vat/DE2"]

    def see(unit: UnitOfWork) -> None:
        assert unit.references(asked) == {"supplier/S-1": [second], "vat/DE1": [], "vat/DE2": [second]}
        assert list(unit.reference_versions("supplier", "S-1")) == [rows.REFERENCE, second]
        assert list(unit.reference_list("supplier")) == [second]

    def write(unit: UnitOfWork) -> None:
        assert unit.references(asked)["vat/DE1"] == [rows.REFERENCE]
        unit.insert(second)
        see(unit)

    store.run(tenant, lambda unit: unit.insert(rows.REFERENCE))
    store.run(tenant, write)
    store.read(tenant, see)


def test_versions_of_a_pack_are_listed_as_they_were_stored(store: Store, tenant: TenantId) -> None:
    later = revised(rows.POLICY, policy_hash="h0", stored_at=rows.NOW.replace(year=2027))
    store.run(tenant, lambda unit: unit.insert(rows.POLICY, later))
    assert store.read(tenant, lambda unit: unit.policies("accounts-payable")) == [rows.POLICY, later]
    assert store.read(tenant, lambda unit: unit.policies("none")) == []


def test_cases_are_paged_from_the_newest(store: Store, tenant: TenantId) -> None:
    made = [
        rows.case(
            n,
            status="waiting" if n % 2 else "posted",
            outcome="exception" if n % 2 else "approval",
            kind="payment_run" if n % 4 == 3 else "invoice",
            entity=f"E{n % 3}",
            policy_hash=f"p{n % 3 // 2}",
        )
        for n in range(9)
    ]
    store.run(tenant, lambda unit: unit.insert(*made[:6]))

    def see(unit: UnitOfWork) -> None:
        assert list(unit.cases(limit=4)) == made[:4:-1]
        assert list(unit.cases(limit=4, after="c5")) == made[4:0:-1]
        assert list(unit.cases(status="waiting", limit=2, after="c7")) == [made[5], made[3]]
        assert list(unit.cases(entities=["E1"])) == [made[7], made[4], made[1]]
        both: Any = {"entities": ["E2", "E0", "E2"]}
        assert list(unit.cases(**both, limit=4)) == [made[8], made[6], made[5], made[3]]
        assert list(unit.cases(**both, limit=3, after="c2", oldest=True)) == [made[3], made[5], made[6]]
        assert list(unit.cases(**both, status="waiting", limit=2)) == [made[5], made[3]]
        assert list(unit.cases(**both, outcome="approval", after="c6")) == [made[2], made[0]]
        assert list(unit.cases(**both, kind="payment_run")) == [made[3]]
        assert list(unit.cases(entities=[])) == []
        assert list(unit.cases(entities=[""], kind="payment_run")) == []
        assert list(unit.cases(policy_hash="p1", after="c8")) == [made[5], made[2]]
        assert list(unit.cases(limit=3, oldest=True)) == made[:3]
        assert list(unit.cases(status="posted", limit=2, after="c2", oldest=True)) == [made[4], made[6]]
        assert list(unit.cases(kind="payment_run")) == [made[7], made[3]]
        assert list(unit.cases(kind="payment_run", after="c3", oldest=True)) == [made[7]]
        assert list(unit.cases(outcome="approval", limit=2, after="c6")) == [made[4], made[2]]
        assert list(unit.cases(outcome="approval", status="waiting")) == []
        assert list(unit.cases(outcome="approval", kind="payment_run")) == []

    def write(unit: UnitOfWork) -> None:
        unit.insert(*made[6:])
        see(unit)

    store.run(tenant, write)
    store.read(tenant, see)


def test_newest_cases_of_a_supplier_come_first_whatever_else_is_written(store: Store, tenant: TenantId) -> None:
    old, new, newest = (rows.case(n, supplier="S-1") for n in (1, 2, 3))
    store.run(tenant, lambda unit: unit.insert(old, new))

    def asked(unit: UnitOfWork) -> list[str]:
        return [row.case_id for row in unit.newest_supplier_cases("S-1", limit=2)]

    def write(unit: UnitOfWork) -> None:
        assert asked(unit) == ["c2", "c1"]
        unit.insert(newest)
        assert asked(unit) == ["c3", "c2"]

    store.run(tenant, write)


def test_open_tasks_are_those_of_the_person_and_of_the_roles(store: Store, tenant: TenantId) -> None:
    def task(number: int, **changes: object) -> records.TaskRow:
        row = revised(rows.TASK, task_id=f"t{number}", due=rows.NOW.replace(day=number))
        return revised(row, **changes)  # type: ignore[arg-type] # the cases name fields

    hers = task(3, person="lena.vogt")
    anyone = task(2)
    closed = task(1, status="done")
    his = task(4, person="ali.kaya")
    other = task(5, role="buyer")

    def see(unit: UnitOfWork) -> None:
        assert list(unit.open_tasks(person="lena.vogt", roles=["approver"])) == [anyone, hers]
        assert list(unit.open_tasks(person="lena.vogt")) == [hers]
        assert list(unit.open_tasks()) == [anyone, hers, his, other]
        assert list(unit.open_tasks(limit=2)) == [anyone, hers]
        assert list(unit.open_tasks(after="t3")) == [his, other]

    def write(unit: UnitOfWork) -> None:
        unit.update(closed)
        unit.insert(hers, other)
        see(unit)

    store.run(tenant, lambda unit: unit.insert(revised(closed, status="open"), anyone, his))
    store.run(tenant, write)
    store.read(tenant, see)


def test_pages_of_a_queue_follow_each_other(store: Store, tenant: TenantId) -> None:
    tasks = [
        revised(
            rows.TASK,
            task_id=f"t{number:02}",
            due=rows.NOW.replace(day=1 + number // 3),
            person="lena.vogt" if number % 4 == 1 else "",
            role="buyer" if number % 4 == 2 else "approver",
        )
        for number in range(20)
    ]
    others = [revised(each, task_id=f"u{each.task_id}", role="treasurer", person="") for each in tasks]

    def pages(unit: UnitOfWork) -> list[str]:
        seen: list[str] = []
        while page := unit.open_tasks(
            person="lena.vogt", roles=["approver", "buyer"], after=seen[-1] if seen else "", limit=3
        ):
            assert len(page) <= 3
            seen += [task.task_id for task in page]
        return seen

    def write(unit: UnitOfWork) -> None:
        unit.insert(*tasks, *others)
        assert pages(unit) == [task.task_id for task in tasks]

    store.run(tenant, write)
    assert store.read(tenant, pages) == [task.task_id for task in tasks]


def test_pages_of_deliveries_follow_each_other_whatever_their_status(store: Store, tenant: TenantId) -> None:
    statuses = ("done", "dead", "pending", "cancelled", "leased")
    deliveries = [
        revised(
            rows.OUTBOX,
            outbox_id=f"o{number:02}",
            kind="notice" if number % 3 else "delivery",
            status=statuses[number % 5],
            not_before=rows.NOW.replace(day=1 + number // 4),
        )
        for number in range(20)
    ]
    timers = [
        revised(each, outbox_id=f"t{each.outbox_id}", kind="timer") for each in deliveries if each.status != "dead"
    ]

    def pages(unit: UnitOfWork, status: str) -> list[str]:
        seen: list[str] = []
        while page := unit.deliveries(status=status, after=seen[-1] if seen else "", limit=3):
            assert len(page) <= 3
            seen += [row.outbox_id for row in page]
        return seen

    def see(unit: UnitOfWork) -> None:
        assert pages(unit, "") == [row.outbox_id for row in deliveries]
        assert pages(unit, "dead") == [row.outbox_id for row in deliveries if row.status == "dead"]

    def write(unit: UnitOfWork) -> None:
        unit.insert(*deliveries, *timers)
        see(unit)

    store.run(tenant, write)
    store.read(tenant, see)
    store.run(tenant, lambda unit: unit.update(revised(deliveries[0], status="cancelled")))
    given_up = revised(timers[0], outbox_id="timer", status="dead", not_before=rows.NOW.replace(day=28))
    store.run(tenant, lambda unit: unit.insert(given_up))
    assert store.read(tenant, lambda unit: pages(unit, "dead"))[-1] == "timer"
    assert store.read(tenant, lambda unit: pages(unit, "done"))[0] != "o00"
