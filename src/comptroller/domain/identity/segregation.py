"""Segregation of duties: what one principal must not hold together, and what one must not have done on one case.

Two tables. `DUTY_CONFLICTS` judges what somebody *can* do, when roles are given out. `ACT_CONFLICTS` judges what
somebody *did*, over time and through whichever role, when the next act is asked for; it is the one that stops money.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from comptroller.domain.identity.duty import Duty


class Weight(StrEnum):
    """How bad it would be."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"


class Scope(StrEnum):
    """On what the two halves must meet to do harm."""

    SUPPLIER = "same supplier"
    DOCUMENT = "same document"
    ENTITY = "same entity"
    TENANT = "same tenant"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class DutyConflict:
    """Two duties that one principal must not hold together, and what one could do with both."""

    id: str
    first: Duty
    second: Duty
    weight: Weight
    scope: Scope
    risk: str


class CaseAct(StrEnum):
    """What a principal did on a case or on the records that it rests on."""

    REQUESTED = "requested"
    ENTERED = "entered"
    ORDERED = "ordered"  # created or changed the order
    ORDER_RELEASED = "released the order"
    RECEIVED = "received"
    SUPPLIER_ENTERED = "entered the supplier"
    SUPPLIER_VERIFIED = "verified the supplier"
    SIGNED = "signed"
    VARIANCE_ACCEPTED = "accepted a variance"
    DUPLICATE_CLEARED = "cleared a duplicate"
    PAYMENT_RELEASED = "released the payment"


@dataclass(frozen=True, slots=True)
class ActConflict:
    """Two acts that one principal must not have done on one case; twice the same act means doing it twice."""

    id: str
    first: CaseAct
    second: CaseAct
    weight: Weight
    breach: str  # the class of policy-breach attempt


@dataclass(frozen=True, slots=True)
class CaseConflict:
    """A principal who did both acts of a rule on one case."""

    person: str
    rule: ActConflict

    @property
    def text(self) -> str:
        """The conflict in words."""
        if self.rule.first is self.rule.second:
            return f"`{self.person}` {self.rule.first} twice"
        return f"`{self.person}` {self.rule.first} and {self.rule.second}"


_FINANCIAL_DUTIES: Final = (
    Duty.DOCUMENT_KEY,
    Duty.TASK_APPROVE,
    Duty.EXCEPTION_RESOLVE,
    Duty.ORDER_AMEND,
    Duty.ORDER_RELEASE,
    Duty.RECEIPT_RECORD,
    Duty.SUPPLIER_ENTER,
    Duty.SUPPLIER_VERIFY,
    Duty.PAYMENT_PROPOSE,
    Duty.PAYMENT_RELEASE,
)

_ADMINISTRATION: Final = tuple(
    DutyConflict(
        f"SOD-ADMIN-{number:02}",
        Duty.PEOPLE_ADMINISTER,
        duty,
        Weight.CRITICAL,
        Scope.TENANT,
        "grant the duty to oneself, use it, take it back",
    )
    for number, duty in enumerate(_FINANCIAL_DUTIES, start=1)
)

# SOURCE: the pairs that published rule sets of auditors and of ERP vendors agree on, in the duties of this platform
DUTY_CONFLICTS: Final = (
    DutyConflict(
        "SOD-SUPPLIER-01", Duty.SUPPLIER_ENTER, Duty.DOCUMENT_KEY, Weight.CRITICAL, Scope.SUPPLIER,
        "key an invoice of a supplier that does not exist",
    ),
    DutyConflict(
        "SOD-SUPPLIER-02", Duty.SUPPLIER_ENTER, Duty.DOCUMENT_SUBMIT, Weight.CRITICAL, Scope.SUPPLIER,
        "hand in an invoice of a supplier that does not exist",
    ),
    DutyConflict(
        "SOD-SUPPLIER-03", Duty.SUPPLIER_ENTER, Duty.PAYMENT_RELEASE, Weight.CRITICAL, Scope.SUPPLIER,
        "pay a supplier of one's own making",
    ),
    DutyConflict(
        "SOD-SUPPLIER-04", Duty.SUPPLIER_ENTER, Duty.ORDER_AMEND, Weight.CRITICAL, Scope.SUPPLIER,
        "order from a supplier of one's own making",
    ),
    DutyConflict(
        "SOD-SUPPLIER-05", Duty.SUPPLIER_ENTER, Duty.ORDER_RELEASE, Weight.CRITICAL, Scope.SUPPLIER,
        "release orders to a supplier of one's own making",
    ),
    DutyConflict(
        "SOD-SUPPLIER-06", Duty.SUPPLIER_ENTER, Duty.TASK_APPROVE, Weight.CRITICAL, Scope.SUPPLIER,
        "sign invoices of a supplier of one's own making",
    ),
    DutyConflict(
        "SOD-SUPPLIER-07", Duty.SUPPLIER_ENTER, Duty.SUPPLIER_VERIFY, Weight.CRITICAL, Scope.SUPPLIER,
        "turn a supplier's payments to another account unseen",
    ),
    DutyConflict(
        "SOD-SUPPLIER-08", Duty.SUPPLIER_VERIFY, Duty.PAYMENT_RELEASE, Weight.CRITICAL, Scope.SUPPLIER,
        "confirm a false account and pay to it",
    ),
    DutyConflict(
        "SOD-ORDER-01", Duty.ORDER_AMEND, Duty.ORDER_RELEASE, Weight.CRITICAL, Scope.DOCUMENT,
        "commit the company alone",
    ),
    DutyConflict(
        "SOD-ORDER-02", Duty.ORDER_AMEND, Duty.RECEIPT_RECORD, Weight.HIGH, Scope.DOCUMENT,
        "order and record a delivery that never came",
    ),
    DutyConflict(
        "SOD-ORDER-03", Duty.ORDER_AMEND, Duty.DOCUMENT_KEY, Weight.HIGH, Scope.DOCUMENT,
        "order and key the matching invoice",
    ),
    DutyConflict(
        "SOD-ORDER-04", Duty.ORDER_AMEND, Duty.TASK_APPROVE, Weight.HIGH, Scope.DOCUMENT,
        "order and sign the invoice",
    ),
    DutyConflict(
        "SOD-ORDER-05", Duty.ORDER_AMEND, Duty.PAYMENT_RELEASE, Weight.CRITICAL, Scope.DOCUMENT,
        "order and pay",
    ),
    DutyConflict(
        "SOD-RECEIPT-01", Duty.RECEIPT_RECORD, Duty.DOCUMENT_KEY, Weight.HIGH, Scope.DOCUMENT,
        "have goods paid for that never came",
    ),
    DutyConflict(
        "SOD-RECEIPT-02", Duty.RECEIPT_RECORD, Duty.TASK_APPROVE, Weight.HIGH, Scope.DOCUMENT,
        "confirm a delivery and sign its invoice",
    ),
    DutyConflict(
        "SOD-INVOICE-01", Duty.DOCUMENT_KEY, Duty.TASK_APPROVE, Weight.CRITICAL, Scope.DOCUMENT,
        "sign one's own entry",
    ),
    DutyConflict(
        "SOD-INVOICE-02", Duty.DOCUMENT_KEY, Duty.PAYMENT_RELEASE, Weight.HIGH, Scope.DOCUMENT,
        "enter an inflated invoice and pay it",
    ),
    DutyConflict(
        "SOD-INVOICE-03", Duty.DOCUMENT_KEY, Duty.DUPLICATE_CLEAR, Weight.HIGH, Scope.DOCUMENT,
        "enter an invoice twice and wave it through",
    ),
    DutyConflict(
        "SOD-PAYMENT-01", Duty.PAYMENT_PROPOSE, Duty.PAYMENT_RELEASE, Weight.CRITICAL, Scope.ENTITY,
        "send money alone",
    ),
    DutyConflict(
        "SOD-PAYMENT-02", Duty.PAYMENT_RELEASE, Duty.PAYMENT_CONFIRM, Weight.CRITICAL, Scope.ENTITY,
        "pay and hide what the bank says of it",
    ),
    DutyConflict(
        "SOD-POLICY-01", Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE, Weight.CRITICAL, Scope.TENANT,
        "put the rule in force that lets oneself pass",
    ),
    DutyConflict(
        "SOD-POLICY-02", Duty.POLICY_AUTHOR, Duty.DOCUMENT_SUBMIT, Weight.CRITICAL, Scope.TENANT,
        "hand in what one's own rule judges",
    ),
    DutyConflict(
        "SOD-POLICY-03", Duty.POLICY_AUTHOR, Duty.DOCUMENT_KEY, Weight.CRITICAL, Scope.TENANT,
        "key what one's own rule judges",
    ),
    DutyConflict(
        "SOD-POLICY-04", Duty.PEOPLE_ADMINISTER, Duty.POLICY_RELEASE, Weight.CRITICAL, Scope.TENANT,
        "give out people and roles alone: any right at all",
    ),
    DutyConflict(
        "SOD-POLICY-05", Duty.POLICY_PROPOSE, Duty.POLICY_RELEASE, Weight.CRITICAL, Scope.TENANT,
        "propose a rule and put it in force",
    ),
    *_ADMINISTRATION,
)  # fmt: skip

_OWN: Final = "own request or benefit"
_PAIR: Final = "forbidden duty pair"
_TWICE: Final = "second signature by the same person"

ACT_CONFLICTS: Final = (
    ActConflict("SOD-CASE-01", CaseAct.REQUESTED, CaseAct.SIGNED, Weight.CRITICAL, _OWN),
    ActConflict("SOD-CASE-02", CaseAct.ENTERED, CaseAct.SIGNED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-03", CaseAct.ORDERED, CaseAct.SIGNED, Weight.HIGH, _PAIR),
    ActConflict("SOD-CASE-04", CaseAct.RECEIVED, CaseAct.SIGNED, Weight.HIGH, _PAIR),
    ActConflict("SOD-CASE-05", CaseAct.SIGNED, CaseAct.SIGNED, Weight.CRITICAL, _TWICE),
    ActConflict("SOD-CASE-06", CaseAct.SUPPLIER_ENTERED, CaseAct.SIGNED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-07", CaseAct.SUPPLIER_ENTERED, CaseAct.SUPPLIER_VERIFIED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-08", CaseAct.ORDERED, CaseAct.ORDER_RELEASED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-09", CaseAct.ORDERED, CaseAct.RECEIVED, Weight.HIGH, _PAIR),
    ActConflict("SOD-CASE-10", CaseAct.RECEIVED, CaseAct.ENTERED, Weight.HIGH, _PAIR),
    ActConflict("SOD-CASE-11", CaseAct.ORDERED, CaseAct.VARIANCE_ACCEPTED, Weight.HIGH, _OWN),
    ActConflict("SOD-CASE-12", CaseAct.RECEIVED, CaseAct.VARIANCE_ACCEPTED, Weight.HIGH, _OWN),
    ActConflict("SOD-CASE-13", CaseAct.ENTERED, CaseAct.DUPLICATE_CLEARED, Weight.HIGH, _PAIR),
    ActConflict("SOD-CASE-14", CaseAct.ENTERED, CaseAct.PAYMENT_RELEASED, Weight.HIGH, _PAIR),
    ActConflict("SOD-CASE-15", CaseAct.ORDERED, CaseAct.PAYMENT_RELEASED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-16", CaseAct.SUPPLIER_ENTERED, CaseAct.PAYMENT_RELEASED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-17", CaseAct.SUPPLIER_VERIFIED, CaseAct.PAYMENT_RELEASED, Weight.CRITICAL, _PAIR),
    ActConflict("SOD-CASE-18", CaseAct.REQUESTED, CaseAct.ORDER_RELEASED, Weight.HIGH, _OWN),
)


def conflicts(duties: Collection[Duty]) -> tuple[DutyConflict, ...]:
    """List the rules of which these duties hold both halves, in the table's order."""
    return tuple(rule for rule in DUTY_CONFLICTS if rule.first in duties and rule.second in duties)


def case_conflicts(acts: Sequence[tuple[str, CaseAct]]) -> tuple[CaseConflict, ...]:
    """List who did both halves of a rule on one case: person by person in order of appearance, then by rule.

    An act done for somebody else, by delegation or through an agent, is listed for both of them (INVARIANT 6). Acts
    without a known person (an empty id) conflict with nothing; whoever must be known is asked for elsewhere.
    """
    done: dict[str, list[CaseAct]] = {}
    for person, act in acts:
        if person:
            done.setdefault(person, []).append(act)
    return tuple(
        CaseConflict(person, rule) for person, own in done.items() for rule in ACT_CONFLICTS if _breaks(rule, own)
    )


def _breaks(rule: ActConflict, acts: Sequence[CaseAct]) -> bool:
    if rule.first is rule.second:
        return acts.count(rule.first) > 1
    return rule.first in acts and rule.second in acts
