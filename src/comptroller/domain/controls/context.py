"""What is known around one invoice when it is judged: master data, order, receipts, balances, other cases, people.

The application gathers it in one unit of work; the controls only measure it. The one rule: a thing that is not known
is None, never an empty stand-in, so that a decision sees null and cannot grant. An empty tuple says "looked for, there
is none".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from comptroller.domain.controls.intake import Intake
from comptroller.domain.controls.ledger_context import (
    Budget,
    Chart,
    CostObject,
    Intercompany,
    Periods,
    Rate,
    VatStandings,
    Withholding,
)
from comptroller.domain.controls.parties import EntityMarks, History, Screening, SupplierMatch
from comptroller.domain.controls.purchase_context import Advances, CeilingTaken, Original, RecurringSupply
from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.documents.model import Order, Receipt, Supplier
from comptroller.domain.documents.purchasing import Dispute, UnitConversion
from comptroller.domain.kernel.fault import Fault


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """The legal entity that receives the document."""

    code: str
    country: str  # ISO 3166-1 alpha-2
    currency: str  # of its ledger
    vat_id: str = ""
    group: str = ""  # the corporate group that it belongs to


@dataclass(frozen=True, slots=True)
class LineMark:
    """What a line is known again by in another document."""

    name: str  # folded
    order_line: str  # `PO-1/2`; empty without an order
    net: Decimal | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another case that the duplicate search found; never the case itself."""

    case_id: str
    number: str
    supplier: str
    vat_id: str
    account: str
    entity: str
    currency: str
    net: Decimal | None
    gross: Decimal | None
    type_code: str
    status: str  # of its case: waiting, posted, rejected, returned, cancelled
    issue_date: date | None = None
    received_at: datetime | None = None
    supplier_name: str = ""
    group: str = ""  # of companies, of the other's supplier
    cost_centre: str = ""
    requester: str = ""
    order_number: str = ""  # empty: bought without an order
    amount: Decimal | None = None  # what authority was measured on, in group currency
    period: str = ""  # that it bills, as `period_text` writes it
    lines: tuple[LineMark, ...] | None = None
    source: str = "AP"  # AP, card, expense


@dataclass(frozen=True, slots=True)
class Spending:
    """What else was bought around the same days from the same supplier, for the same cost centre or person."""

    others: tuple[Candidate, ...]
    searched_days: int  # every other document of so many days before and after is among them


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that still counts: its content hash is the one in force and the signer may sign now."""

    step: str  # the key of the approval step, as `approval routing` names it
    person: str


@dataclass(frozen=True, slots=True)
class AcceptedVariance:
    """A difference to the order that somebody with the authority for it has accepted; no greater one is covered."""

    type: str  # price, quantity
    line: str
    value: Decimal  # group currency
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceContext:
    """Everything around one invoice, as read in one unit of work."""

    now: datetime
    today: date  # the calendar day of `now` at the entity
    posting_date: date | None = None
    received_at: datetime | None = None
    faults: tuple[Fault, ...] | None = None
    entity: EntityFacts | None = None
    group_currency: str = ""  # that authority is measured in
    rate: Decimal | None = None  # group currency for one unit of the document's currency
    entity_rate: Decimal | None = None  # group currency for one unit of the entity's currency
    supplier: Supplier | None = None
    twins: tuple[Supplier, ...] | None = None  # other records with the same VAT id or account
    assignment_notice: bool = False  # a notice of assignment to the payee is on file
    order: Order | None = None
    receipts: tuple[Receipt, ...] | None = None  # of that order; returns are negative lines
    taken: Mapping[str, Decimal] | None = None  # by balance key, without what this case itself holds
    returns: tuple[Dispute, ...] = ()  # goods of that order that went back because of an invoice
    settlement: bool = False  # the platform made the document of a receipt
    conversions: tuple[UnitConversion, ...] | None = None  # of this supplier's units
    ceiling: CeilingTaken | None = None
    recurring: RecurringSupply | None = None  # None: looked for, there is none
    original: Original | None = None  # of a credit note; None: there is none on file
    advances: Advances | None = None  # on the order
    accepted: tuple[AcceptedVariance, ...] = ()
    candidates: tuple[Candidate, ...] | None = None
    spending: Spending | None = None
    cleared: tuple[str, ...] = ()  # cases that an authorised person compared: no duplicates of this one
    requester: str = ""
    enterer: str = ""
    cost_centre: str = ""
    signatures: tuple[Signature, ...] = ()
    zone: tzinfo = UTC  # of the entity
    intake: Intake | None = None  # how the document came in
    supplier_matches: tuple[SupplierMatch, ...] | None = None  # every record that a mark of the seller leads to
    entity_marks: EntityMarks | None = None
    screening: Screening | None = None
    expired_certificates: tuple[str, ...] | None = None  # the kinds of them, of which none is valid now
    employees_with_account: tuple[str, ...] | None = None  # who is paid on the account that would be paid
    history: History | None = None
    budgets: tuple[Budget, ...] | None = None  # of every cost centre that the document names
    rates: tuple[Rate, ...] | None = None  # of every currency but the group's that the document is converted from or to
    receipt_rate: Decimal | None = None  # entity's currency for one unit of the document's, when the goods came
    periods: Periods | None = None
    cost_objects: tuple[CostObject, ...] | None = None  # of those that the document names, the ones on file
    chart: Chart | None = None
    intercompany: Intercompany | None = None
    withholding: Withholding | None = None
    vat_standings: VatStandings | None = None
    legal_hold: bool | None = None

    def zoned(self, instant: datetime) -> datetime:
        """Tell an instant on the entity's clock."""
        return instant.astimezone(self.zone)

    calendar: ServiceCalendar | None = None  # of the entity, without its zone
