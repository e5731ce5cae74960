from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.identity import (
    ACT_CONFLICTS,
    DUTY_CONFLICTS,
    CaseAct,
    Duty,
    Weight,
    case_conflicts,
    conflicts,
)


@pytest.mark.parametrize(
    ("duties", "rules"),
    [
        pytest.param(set(), [], id="nothing"),
        pytest.param({Duty.DOCUMENT_KEY}, [], id="one half"),
        pytest.param({Duty.DOCUMENT_KEY, Duty.TASK_APPROVE}, ["SOD-INVOICE-01"], id="key and approve"),
        pytest.param({Duty.ORDER_AMEND, Duty.ORDER_RELEASE}, ["SOD-ORDER-01"], id="order and release"),
        pytest.param({Duty.SUPPLIER_ENTER, Duty.SUPPLIER_VERIFY}, ["SOD-SUPPLIER-07"], id="supplier alone"),
        pytest.param({Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}, ["SOD-POLICY-01"], id="own policy"),
        pytest.param({Duty.PAYMENT_PROPOSE, Duty.PAYMENT_RELEASE}, ["SOD-PAYMENT-01"], id="pay alone"),
        pytest.param({Duty.CASE_READ, Duty.AUDIT_READ, Duty.TASK_APPROVE}, [], id="read and approve"),
        pytest.param(
            {Duty.ORDER_AMEND, Duty.RECEIPT_RECORD, Duty.DOCUMENT_KEY},
            ["SOD-ORDER-02", "SOD-ORDER-03", "SOD-RECEIPT-01"],
            id="order, receive and key",
        ),
    ],
)
def test_duties_that_one_must_not_hold_together(duties: set[Duty], rules: list[str]) -> None:
    assert [rule.id for rule in conflicts(duties)] == rules


@given(st.sets(st.sampled_from(Duty)))
def test_conflicts_are_those_of_the_pairs(duties: set[Duty]) -> None:
    of_pairs = {rule.id for pair in combinations(duties, 2) for rule in conflicts(pair)}
    assert {rule.id for rule in conflicts(duties)} == of_pairs


def test_who_administers_people_does_no_business() -> None:
    business = {Duty.TASK_APPROVE, Duty.ORDER_RELEASE, Duty.SUPPLIER_ENTER, Duty.DOCUMENT_KEY, Duty.PAYMENT_RELEASE}
    found = [conflicts({Duty.PEOPLE_ADMINISTER, duty}) for duty in business]
    assert [len(rules) for rules in found] == [1] * len(business)
    assert {rules[0].weight for rules in found} == {Weight.CRITICAL}


def test_tables_name_each_rule_and_each_pair_once() -> None:
    for table in (DUTY_CONFLICTS, ACT_CONFLICTS):
        assert len({rule.id for rule in table}) == len(table)
        assert len({frozenset({rule.first, rule.second}) for rule in table}) == len(table)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param([], [], id="nothing done"),
        pytest.param([("lena", CaseAct.REQUESTED), ("elif", CaseAct.SIGNED)], [], id="two people"),
        pytest.param(
            [("lena", CaseAct.REQUESTED), ("lena", CaseAct.SIGNED)], [("lena", "SOD-CASE-01")], id="requester signs"
        ),
        pytest.param(
            [("lena", CaseAct.SIGNED), ("lena", CaseAct.REQUESTED)], [("lena", "SOD-CASE-01")], id="in either order"
        ),
        pytest.param(
            [("tomasz", CaseAct.ENTERED), ("tomasz", CaseAct.SIGNED)], [("tomasz", "SOD-CASE-02")], id="enterer signs"
        ),
        pytest.param(
            [("jonas", CaseAct.ORDERED), ("jonas", CaseAct.SIGNED)], [("jonas", "SOD-CASE-03")], id="orderer signs"
        ),
        pytest.param(
            [("karim", CaseAct.RECEIVED), ("karim", CaseAct.SIGNED)], [("karim", "SOD-CASE-04")], id="receiver signs"
        ),
        pytest.param(
            [("hannah", CaseAct.SIGNED), ("hannah", CaseAct.SIGNED)], [("hannah", "SOD-CASE-05")], id="signs twice"
        ),
        pytest.param([("hannah", CaseAct.SIGNED), ("nadia", CaseAct.SIGNED)], [], id="two sign once each"),
        pytest.param([("jonas", CaseAct.ORDERED), ("jonas", CaseAct.ORDERED)], [], id="order changed twice"),
        pytest.param(
            [("jonas", CaseAct.ORDERED), ("jonas", CaseAct.ORDER_RELEASED)],
            [("jonas", "SOD-CASE-08")],
            id="releases own order",
        ),
        pytest.param(
            [("oskar", CaseAct.SUPPLIER_ENTERED), ("oskar", CaseAct.SUPPLIER_VERIFIED)],
            [("oskar", "SOD-CASE-07")],
            id="verifies own supplier",
        ),
        pytest.param(
            [("jonas", CaseAct.ORDERED), ("jonas", CaseAct.VARIANCE_ACCEPTED)],
            [("jonas", "SOD-CASE-11")],
            id="accepts variance of own order",
        ),
        pytest.param([("", CaseAct.REQUESTED), ("", CaseAct.SIGNED)], [], id="nobody known"),
        pytest.param(
            [
                ("lena", CaseAct.SIGNED),
                ("jonas", CaseAct.ORDERED),
                ("jonas", CaseAct.RECEIVED),
                ("lena", CaseAct.REQUESTED),
                ("lena", CaseAct.SIGNED),
            ],
            [("lena", "SOD-CASE-01"), ("lena", "SOD-CASE-05"), ("jonas", "SOD-CASE-09")],
            id="person by person",
        ),
    ],
)
def test_acts_that_one_must_not_have_done_together(
    acts: list[tuple[str, CaseAct]], found: list[tuple[str, str]]
) -> None:
    assert [(conflict.person, conflict.rule.id) for conflict in case_conflicts(acts)] == found


def test_conflict_is_told_in_words() -> None:
    signed_twice, own_request = (
        case_conflicts([("lena", CaseAct.SIGNED), ("lena", act)])[0] for act in (CaseAct.SIGNED, CaseAct.REQUESTED)
    )
    assert signed_twice.text == "`lena` signed twice"
    assert own_request.text == "`lena` requested and signed"
    assert own_request.rule.breach == "own request or benefit"


@given(st.lists(st.tuples(st.sampled_from(["lena", "jonas"]), st.sampled_from(CaseAct)), max_size=8))
def test_more_acts_never_lift_a_conflict(acts: list[tuple[str, CaseAct]]) -> None:
    for count in range(len(acts)):
        assert set(case_conflicts(acts[:count])) <= set(case_conflicts(acts))
