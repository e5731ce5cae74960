from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.identity import (
    NEVER_AN_AGENT,
    ONLY_A_PERSON,
    Duty,
    Principal,
    PrincipalKind,
    Role,
    attenuate,
    duties_of,
)
from comptroller.domain.kernel.ids import PersonId

ROLES = {
    "ap-clerk": Role("ap-clerk", "AP clerk", frozenset({Duty.DOCUMENT_SUBMIT, Duty.DOCUMENT_KEY, Duty.CASE_READ})),
    "approver": Role("approver", "Approver", frozenset({Duty.CASE_READ, Duty.TASK_APPROVE})),
    "everything": Role("everything", "Everything", frozenset(Duty)),
}


def holder(*roles: str, kind: PrincipalKind = PrincipalKind.PERSON, active: bool = True) -> Principal:
    return Principal(PersonId("p"), "P", kind, roles=roles, active=active)


@pytest.mark.parametrize(
    ("principal", "duties"),
    [
        pytest.param(holder(), set(), id="no role"),
        pytest.param(holder("approver"), {Duty.CASE_READ, Duty.TASK_APPROVE}, id="one role"),
        pytest.param(
            holder("approver", "ap-clerk"),
            {Duty.CASE_READ, Duty.TASK_APPROVE, Duty.DOCUMENT_SUBMIT, Duty.DOCUMENT_KEY},
            id="union of two roles",
        ),
        pytest.param(holder("unheard-of"), set(), id="unknown role"),
        pytest.param(holder("unheard-of", "approver"), {Duty.CASE_READ, Duty.TASK_APPROVE}, id="one of two unknown"),
        pytest.param(holder("everything", active=False), set(), id="no longer active"),
        pytest.param(holder("everything"), set(Duty), id="person with everything"),
        pytest.param(holder("approver", kind=PrincipalKind.AGENT), {Duty.CASE_READ}, id="agent made approver"),
        pytest.param(holder("approver", kind=PrincipalKind.INTEGRATION), {Duty.CASE_READ}, id="system made approver"),
    ],
)
def test_duties(principal: Principal, duties: set[Duty]) -> None:
    assert duties_of(principal, ROLES) == duties


@pytest.mark.parametrize(
    "duty",
    [
        Duty.TASK_APPROVE,
        Duty.ORDER_RELEASE,
        Duty.SUPPLIER_ENTER,
        Duty.SUPPLIER_VERIFY,
        Duty.RECEIPT_RECORD,
        Duty.EXCEPTION_RESOLVE,
        Duty.DELIVERY_RETRY,
        Duty.NOTICE_WRITE,
        Duty.PEOPLE_ADMINISTER,
        Duty.POLICY_RELEASE,
        Duty.PAYMENT_PROPOSE,
        Duty.PAYMENT_RELEASE,
        Duty.REFERENCE_IMPORT,
    ],
)
def test_agent_never_holds(duty: Duty) -> None:
    assert duty in duties_of(holder("everything"), ROLES)
    assert duty not in duties_of(holder("everything", kind=PrincipalKind.AGENT), ROLES)


@pytest.mark.parametrize("kind", [kind for kind in PrincipalKind if kind is not PrincipalKind.PERSON])
def test_no_machine_signs(kind: PrincipalKind) -> None:
    assert not duties_of(holder("everything", kind=kind), ROLES) & ONLY_A_PERSON


@given(st.frozensets(st.sampled_from(Duty)), st.sampled_from(PrincipalKind))
def test_attenuation_only_takes_away_and_an_agent_has_least(duties: frozenset[Duty], kind: PrincipalKind) -> None:
    left = attenuate(duties, kind)
    assert left <= duties
    assert attenuate(left, kind) == left
    assert attenuate(duties, PrincipalKind.AGENT) <= left
    assert not attenuate(duties, PrincipalKind.AGENT) & NEVER_AN_AGENT


def test_role_is_read() -> None:
    body = {"name": "Approver", "duties": ["case.read", "task.approve"]}
    assert Role.from_body("approver", body) == ROLES["approver"]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        pytest.param(None, {("01", "")}, id="no object"),
        pytest.param({"duties": []}, {("02", "/name")}, id="no name"),
        pytest.param({"name": "A", "key": "b"}, {("07", "/key")}, id="another's key"),
        pytest.param({"name": "A", "duties": "case.read"}, {("03", "/duties")}, id="duties no list"),
        pytest.param(
            {"name": "A", "duties": ["case.read", "task.aprove", "pay"]},
            {("08", "/duties/1"), ("08", "/duties/2")},
            id="unknown duties",
        ),
        pytest.param({"name": "A", "dutys": []}, {("06", "/dutys")}, id="misspelt member"),
    ],
)
def test_faulty_role_is_told(body: Any, faults: set[tuple[str, str]]) -> None:
    read = Role.from_body("a", body)
    assert not isinstance(read, Role)
    assert {(fault.code.removeprefix("ROLE-RECORD-"), fault.path) for fault in read} == faults
