"""Roles, and the duties that a principal has through them.

A role is data of a policy pack: a name for a set of duties. What kind of principal holds it takes duties away again:
an agent suggests and drafts, whatever its roles say, and only a person signs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from comptroller.domain.identity.duty import Duty
from comptroller.domain.identity.principal import Principal, PrincipalKind
from comptroller.domain.identity.record import RecordReader, choose
from comptroller.domain.kernel.fault import Fault

ONLY_A_PERSON: Final = frozenset(
    {
        Duty.TASK_APPROVE,
        Duty.ORDER_RELEASE,
        Duty.SUPPLIER_VERIFY,
        Duty.SANCTIONS_CLEAR,
        Duty.PAYMENT_BLOCK_LIFT,
        Duty.PAYMENT_RELEASE,
        Duty.PERIOD_ATTEST,
        Duty.POLICY_RELEASE,
        Duty.CASE_MIGRATE,
    },
)
"""Duties that are a person's word: no machine holds them."""

NEVER_AN_AGENT: Final = ONLY_A_PERSON | {
    Duty.SUPPLIER_ENTER,
    Duty.RECEIPT_RECORD,
    Duty.EXCEPTION_RESOLVE,
    Duty.DUPLICATE_CLEAR,
    Duty.CASE_CANCEL,
    Duty.CASE_REPAIR,
    Duty.DELIVERY_RETRY,
    Duty.NOTICE_WRITE,
    Duty.PEOPLE_ADMINISTER,
    Duty.PERIOD_OPEN,
    Duty.PAYMENT_PROPOSE,
    Duty.PAYMENT_CONFIRM,
    Duty.POLICY_PROPOSE,
    Duty.REFERENCE_IMPORT,
    Duty.MESSAGE_SEND,
}
"""Duties that no agent holds, whatever its roles say: it may never pay, change bank details, or override."""


class Party(StrEnum):
    """Whom a case can wait for, as figures tell it; a closed list."""

    AP = "ap"  # accounts payable, and the rest of finance
    BUYER = "buyer"
    RECEIVER = "receiver"
    APPROVER = "approver"
    TAX = "tax"
    SUPPLIER = "supplier"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of duties; `party` is whom a case waits for that waits for this role."""

    key: str
    name: str
    duties: frozenset[Duty]
    party: Party = Party.AP

    @staticmethod
    def from_body(key: str, body: object) -> "Role | tuple[Fault, ...]":
        """Read the role `key` from `{"name", "duties", "party"}`; all its faults where it has any."""
        reader = RecordReader(body, kind="role", area="ROLE")
        if reader.faults:
            return tuple(reader.faults)
        named = reader.text("key")
        if named and named != key:
            reader.fault("07", "key", f"the record of `{key}` names `{named}`")
        name, written = reader.text("name", required=True), reader.texts("duties")
        duties = set()
        for position, word in enumerate(written):
            duty = choose(word, Duty)
            if duty is None:
                reader.fault("08", f"duties/{position}", f"there is no duty `{word}`")
            else:
                duties.add(duty)
        party = reader.choice("party", Party) if isinstance(body, Mapping) and "party" in body else Party.AP
        reader.finish()
        if reader.faults or party is None:
            return tuple(reader.faults)
        return Role(key, name, frozenset(duties), party)


def duties_of(principal: Principal, roles: Mapping[str, Role]) -> frozenset[Duty]:
    """Gather the duties of a principal's roles; an unknown role gives none, an inactive principal has none."""
    if not principal.active:
        return frozenset()
    granted = frozenset(duty for key in principal.roles if key in roles for duty in roles[key].duties)
    return attenuate(granted, principal.kind)


def attenuate(duties: frozenset[Duty], kind: PrincipalKind) -> frozenset[Duty]:
    """Take away what a principal of this kind never holds.

    INVARIANT 6: an agent acting for a person has at most the person's duties without these.
    """
    match kind:
        case PrincipalKind.PERSON:
            return duties
        case PrincipalKind.AGENT:
            return duties - NEVER_AN_AGENT
        case PrincipalKind.INTEGRATION | PrincipalKind.SYSTEM:
            return duties - ONLY_A_PERSON
