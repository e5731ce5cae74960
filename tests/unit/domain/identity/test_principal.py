from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.identity import Absence, Authority, Delegation, Limit, Principal, PrincipalKind, limit_for
from comptroller.domain.kernel.ids import PersonId

LENA: dict[str, Any] = {
    "id": "lena.vogt",
    "name": "Lena Vogt",
    "kind": "person",
    "roles": ["cost-centre-owner"],
    "entities": ["DE"],
    "limits": [
        {"authority": "invoice", "amount": "25000.00", "categories": ["legal"], "valid_from": "2026-01-01"},
        {"authority": "commitment", "amount": 1000, "valid_to": "2026-12-31"},
    ],
    "manager": "elif.demir",
    "active": True,
}
INVOICE = Authority.INVOICE
TODAY = date(2026, 3, 27)


def principal(*limits: Limit, kind: PrincipalKind = PrincipalKind.PERSON, active: bool = True) -> Principal:
    return Principal(PersonId("lena.vogt"), "Lena Vogt", kind, limits=limits, active=active)


def limit(
    amount: int,
    *categories: str,
    authority: Authority = INVOICE,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Limit:
    return Limit(authority, Decimal(amount), frozenset(categories), valid_from, valid_to)


def test_record_is_read_whole() -> None:
    assert Principal.from_body("lena.vogt", LENA) == Principal(
        id=PersonId("lena.vogt"),
        name="Lena Vogt",
        kind=PrincipalKind.PERSON,
        roles=("cost-centre-owner",),
        entities=("DE",),
        limits=(
            limit(25000, "legal", valid_from=date(2026, 1, 1)),
            limit(1000, authority=Authority.COMMITMENT, valid_to=date(2026, 12, 31)),
        ),
        manager="elif.demir",
    )


def test_absence_and_delegation_are_read_with_both_their_days() -> None:
    away = {"from": "2026-03-23", "until": "2026-04-03"}
    body = LENA | {"absent": [away], "delegations": [away | {"to": "owen.price", "categories": ["software"]}]}
    read = Principal.from_body("lena.vogt", body)
    assert isinstance(read, Principal)
    first, last = date(2026, 3, 23), date(2026, 4, 3)
    assert read.absent == (Absence(first, last),)
    assert read.delegations == (Delegation("owen.price", first, last, frozenset({"software"})),)
    days = (date(2026, 3, 22), first, last, date(2026, 4, 4))
    assert [read.is_absent(day) for day in days] == [False, True, True, False]
    (given,) = read.delegations
    assert [given.applies("UK", "software", day) for day in days] == [False, True, True, False]
    assert not given.applies("UK", "rent", first)


def test_delegation_is_read_with_its_bounds() -> None:
    bounds = {"entities": ["UK"], "amount": "20000.00", "may_pass_on": True}
    days = {"to": "owen.price", "from": "2026-03-23", "until": "2026-04-03"}
    read = Principal.from_body("lena.vogt", LENA | {"delegations": [days | bounds]})
    assert isinstance(read, Principal)
    (given,) = read.delegations
    assert (given.may_pass_on, given.amount) == (True, Decimal(20000))
    assert [given.applies(entity, "rent", TODAY) for entity in ("UK", "DE", "")] == [True, False, False]
    amounts = (Decimal("20000.00"), Decimal("20000.01"), None)
    assert [given.reaches(amount) for amount in amounts] == [True, False, False]


def test_delegation_without_an_amount_reaches_any_that_is_known() -> None:
    given = Delegation("owen.price", TODAY, TODAY)
    assert [given.reaches(amount) for amount in (Decimal(10**9), None)] == [True, False]


def test_record_of_a_name_and_a_kind_grants_nothing() -> None:
    read = Principal.from_body("erp", {"name": "ERP", "kind": "integration"})
    assert read == Principal(PersonId("erp"), "ERP", PrincipalKind.INTEGRATION)
    assert isinstance(read, Principal)
    assert (read.roles, read.entities, read.limits) == ((), (), ())


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        pytest.param({"id": "other"}, {("07", "/id")}, id="another's record"),
        pytest.param({"name": ""}, {("02", "/name")}, id="no name"),
        pytest.param({"kind": None}, {("02", "/kind")}, id="no kind"),
        pytest.param({"kind": "robot"}, {("08", "/kind")}, id="unknown kind"),
        pytest.param({"kind": 1}, {("03", "/kind")}, id="kind no text"),
        pytest.param({"roles": "ap-clerk"}, {("03", "/roles")}, id="roles no list"),
        pytest.param({"roles": ["a", 1]}, {("03", "/roles")}, id="role no text"),
        pytest.param({"entities": ["DE", "DE"]}, {("04", "/entities")}, id="entity twice"),
        pytest.param({"manager": "lena.vogt"}, {("09", "/manager")}, id="own manager"),
        pytest.param({"active": "no"}, {("03", "/active")}, id="active no truth"),
        pytest.param({"limit": []}, {("06", "/limit")}, id="misspelt member"),
        pytest.param({"absent": [{"from": "2026-03-23"}]}, {("02", "/absent/0/until")}, id="absent without an end"),
        pytest.param(
            {"absent": [{"from": "2026-03-23", "until": "2026-03-22"}]}, {("12", "/absent/0/until")}, id="back before"
        ),
        pytest.param(
            {"absent": [{"from": "23.3.", "until": "2026-04-03", "why": "ill"}]},
            {("10", "/absent/0/from"), ("06", "/absent/0/why")},
            id="absent since no day, for a reason",
        ),
        pytest.param(
            {"delegations": [{"from": "2026-03-23", "until": "2026-04-03"}]},
            {("02", "/delegations/0/to")},
            id="delegated to nobody",
        ),
        pytest.param(
            {"delegations": [{"to": "lena.vogt", "from": "2026-03-23", "until": "2026-04-03"}]},
            {("13", "/delegations/0/to")},
            id="delegated to oneself",
        ),
        pytest.param(
            {"delegations": [{"to": "o", "from": "2026-03-23", "until": "2026-04-03", "amount": "-1", "until_": ""}]},
            {("05", "/delegations/0/amount"), ("06", "/delegations/0/until_")},
            id="delegated for less than nothing, misspelt",
        ),
        pytest.param({"limits": {}}, {("03", "/limits")}, id="limits no list"),
        pytest.param({"limits": ["all"]}, {("01", "/limits/0")}, id="limit no object"),
        pytest.param(
            {"limits": [{"authority": "invoice", "amount": "1", "categoires": ["legal"]}]},
            {("06", "/limits/0/categoires")},
            id="misspelt restriction",
        ),
        pytest.param(
            {
                "limits": [
                    {"authority": "invoices", "amount": "1e9", "valid_from": "soon"},
                    {"amount": 2.5, "valid_from": "2026-02-01", "valid_to": "2026-01-01"},
                    {"authority": "payment", "amount": "-1"},
                    {"authority": "payment", "amount": True},
                ]
            },
            {
                ("08", "/limits/0/authority"),
                ("05", "/limits/0/amount"),
                ("10", "/limits/0/valid_from"),
                ("02", "/limits/1/authority"),
                ("05", "/limits/1/amount"),
                ("11", "/limits/1/valid_to"),
                ("05", "/limits/2/amount"),
                ("05", "/limits/3/amount"),
            },
            id="every fault of every limit",
        ),
    ],
)
def test_each_fault_is_told_with_its_place(changes: dict[str, Any], faults: set[tuple[str, str]]) -> None:
    read = Principal.from_body("lena.vogt", LENA | changes)
    assert not isinstance(read, Principal)
    assert {(fault.code.removeprefix("PERSON-RECORD-"), fault.path) for fault in read} == faults


@pytest.mark.parametrize("body", [None, [], "lena.vogt", 1])
def test_body_that_is_no_object_is_one_fault(body: object) -> None:
    read = Principal.from_body("lena.vogt", body)
    assert not isinstance(read, Principal)
    assert [fault.code for fault in read] == ["PERSON-RECORD-01"]


@pytest.mark.parametrize(
    ("entities", "entity", "works"),
    [
        pytest.param(("DE",), "DE", True, id="own entity"),
        pytest.param(("DE",), "FR", False, id="another entity"),
        pytest.param(("DE",), "", False, id="unknown entity"),
        pytest.param(("DE", ""), "", False, id="unknown entity, empty grant"),
        pytest.param(("*",), "FR", True, id="all entities"),
        pytest.param(("*",), "", True, id="all entities, unknown one"),
        pytest.param((), "DE", False, id="no entity"),
    ],
)
def test_entities(entities: tuple[str, ...], entity: str, works: bool) -> None:
    person = Principal(PersonId("lena.vogt"), "Lena Vogt", PrincipalKind.PERSON, entities=entities)
    assert person.works_for(entity) is works


@pytest.mark.parametrize(
    ("limits", "authority", "category", "on", "amount"),
    [
        pytest.param([], INVOICE, "legal", TODAY, None, id="no grant"),
        pytest.param([limit(25)], INVOICE, "legal", TODAY, 25, id="for all categories"),
        pytest.param([limit(25)], INVOICE, "", TODAY, 25, id="for all, category unknown"),
        pytest.param([limit(25, "legal")], INVOICE, "legal", TODAY, 25, id="for this category"),
        pytest.param([limit(25, "legal")], INVOICE, "rent", TODAY, None, id="for another category"),
        pytest.param([limit(25, "legal")], INVOICE, "", TODAY, None, id="for some, category unknown"),
        pytest.param([limit(25)], Authority.PAYMENT, "legal", TODAY, None, id="another authority"),
        pytest.param([limit(25), limit(75, "legal")], INVOICE, "legal", TODAY, 75, id="highest that applies"),
        pytest.param([limit(25), limit(75, "legal")], INVOICE, "rent", TODAY, 25, id="higher one does not apply"),
        pytest.param([limit(0)], INVOICE, "legal", TODAY, 0, id="a limit of nothing"),
        pytest.param([limit(25, valid_from=TODAY)], INVOICE, "", TODAY, 25, id="first day"),
        pytest.param([limit(25, valid_to=TODAY)], INVOICE, "", TODAY, 25, id="last day"),
        pytest.param([limit(25, valid_from=date(2026, 3, 28))], INVOICE, "", TODAY, None, id="day before"),
        pytest.param([limit(25, valid_to=date(2026, 3, 26))], INVOICE, "", TODAY, None, id="day after"),
    ],
)
def test_limit(limits: list[Limit], authority: Authority, category: str, on: date, amount: int | None) -> None:
    assert limit_for(principal(*limits), authority, category, on) == amount


@pytest.mark.parametrize("kind", [PrincipalKind.AGENT, PrincipalKind.INTEGRATION, PrincipalKind.SYSTEM])
def test_no_machine_has_a_limit(kind: PrincipalKind) -> None:
    assert limit_for(principal(limit(25), kind=kind), INVOICE, "", TODAY) is None


def test_who_is_no_longer_active_has_no_limit() -> None:
    assert limit_for(principal(limit(25), active=False), INVOICE, "", TODAY) is None


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
LIMITS = st.builds(
    Limit,
    st.sampled_from(Authority),
    st.integers(0, 5).map(Decimal),
    st.frozensets(st.sampled_from(["legal", "rent"])),
    st.none() | DAYS,
    st.none() | DAYS,
)


@given(st.lists(LIMITS, max_size=4), LIMITS, st.sampled_from(Authority), st.sampled_from(["", "legal", "rent"]), DAYS)
def test_another_grant_never_lowers_authority(
    limits: list[Limit], more: Limit, authority: Authority, category: str, on: date
) -> None:
    before = limit_for(principal(*limits), authority, category, on)
    after = limit_for(principal(*limits, more), authority, category, on)
    assert before is None or (after is not None and after >= before)
    assert after in {before, more.amount}
