"""What nobody holds together: by the platform's pairs of duties, and by what a pack says of roles."""

from typing import Final

import pytest

from comptroller.domain.identity import Duty, Principal, PrincipalKind, Role
from comptroller.domain.kernel.ids import PersonId
from comptroller.domain.packs.duties_apart import Apart, check_roles
from comptroller.domain.packs.invariant import Invariant

ROLES: Final = {
    key: Role(key, key, frozenset(duties))
    for key, duties in {
        "clerk": {Duty.DOCUMENT_KEY, Duty.CASE_READ},
        "signer": {Duty.TASK_APPROVE, Duty.CASE_READ},
        "deputy": {Duty.TASK_APPROVE},
        "counter": {Duty.PERIOD_OPEN},
        "auditor": {Duty.AUDIT_READ, Duty.AUDIT_VERIFY},
        "storekeeper": {Duty.RECEIPT_RECORD},
        "buyer": {Duty.ORDER_AMEND},
    }.items()
}
PAIR: Final = 'not(list contains(duties, "period.open") and list contains(duties, "audit.read"))'
SAME_AS_THE_TABLE: Final = 'not(list contains(duties, "document.key") and list contains(duties, "task.approve"))'


def held(*roles: str, says: str = "true", kind: PrincipalKind = PrincipalKind.PERSON, active: bool = True) -> list[str]:
    invariant = Invariant("own", "Nobody does both", "signer", says, of="roles")
    elsewhere = Invariant("of-acts", "Of something else", "signer", "false", of="acts")
    person = Principal(PersonId("p"), "P", kind, roles=roles, active=active)
    found = Apart.of(ROLES, (invariant, elsewhere), ()).held_by(person)
    return [f"{each.rule}: {', '.join(each.duties)}" for each in found]


@pytest.mark.parametrize(
    ("roles", "says", "found"),
    [
        pytest.param(("clerk",), "true", [], id="one role"),
        pytest.param(("clerk", "auditor"), "true", [], id="two roles that go together"),
        pytest.param(("clerk", "signer"), "true", ["SOD-INVOICE-01: document.key, task.approve"], id="a pair"),
        pytest.param(
            ("storekeeper", "buyer", "signer"),
            "true",
            [
                "SOD-ORDER-02: order.amend, receipt.record",
                "SOD-ORDER-04: order.amend, task.approve",
                "SOD-RECEIPT-02: receipt.record, task.approve",
            ],
            id="every pair of three",
        ),
        pytest.param(("counter", "auditor"), "true", [], id="what only a pack could say"),
        pytest.param(("counter", "auditor"), PAIR, ["own: audit.read, period.open"], id="a pair of the pack's own"),
        pytest.param(("counter", "clerk"), PAIR, [], id="half of a pair of the pack's own"),
        pytest.param(
            ("clerk", "signer"),
            SAME_AS_THE_TABLE,
            ["SOD-INVOICE-01: document.key, task.approve"],
            id="a pair that both say, once",
        ),
        pytest.param(
            ("counter",), 'not(list contains(duties, "period.open"))', ["own: period.open"], id="a duty of nobody"
        ),
        pytest.param(("clerk", "auditor"), "count(duties) < 4", ["own: "], id="too many duties"),
        pytest.param(("auditor", "clerk"), 'role != "auditor, clerk"', ["own: audit.read", "own: audit.verify",
                     "own: case.read", "own: document.key"], id="roles by their names"),
        pytest.param(("auditor",), "null", ["own: audit.read", "own: audit.verify"], id="neither true nor false"),
        pytest.param(("none",), "false", [], id="a role that is not there"),
    ],
)  # fmt: skip
def test_what_roles_give_together(roles: tuple[str, ...], says: str, found: list[str]) -> None:
    assert held(*roles, says=says) == found


def test_who_has_left_holds_nothing_and_a_machine_less() -> None:
    assert held("clerk", "signer", active=False) == []
    assert held("clerk", "signer", kind=PrincipalKind.AGENT) == []
    assert held("clerk", "buyer", kind=PrincipalKind.INTEGRATION) == ["SOD-ORDER-03: order.amend, document.key"]


def test_each_duty_is_told_with_the_roles_that_give_it() -> None:
    person = Principal(PersonId("p"), "P", PrincipalKind.PERSON, roles=("deputy", "clerk", "signer"))
    (found,) = Apart.of(ROLES, (), ()).held_by(person)
    assert (
        found.text
        == "`document.key` (clerk) and `task.approve` (deputy and signer): sign one's own entry (SOD-INVOICE-01)"
    )
    assert found.to_json()["roles"] == [["clerk"], ["deputy", "signer"]]


def test_a_role_that_nobody_could_be_given_is_a_fault_of_the_pack() -> None:
    both = Role("both", "Both", frozenset({Duty.DOCUMENT_KEY, Duty.TASK_APPROVE}))
    faults = list(check_roles({**ROLES, "both": both}))
    assert [(fault.code, fault.path) for fault in faults] == [("PACK-ROLE-01", "roles.toml/both")]
    assert "`document.key` and `task.approve`" in faults[0].message
