"""What purchasing agrees and records beside its orders: contracts, recurring agreements, conversions, disputes.

Each is a reference record that somebody answers for. Amounts are net, in the record's own currency; a day that ends
something is inclusive.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comptroller.domain.documents.model import ReceiptLine, Terms


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """One price of a contract's list; for `base_quantity` units."""

    item: str
    unit: str
    price: Decimal
    base_quantity: Decimal = Decimal(1)
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract under which is bought: its ceiling, its days, its prices, its terms."""

    number: str
    supplier: str
    entity: str
    currency: str
    valid_from: date
    created_by: str
    owner: str = ""
    released_by: str = ""
    valid_to: date | None = None
    ceiling: Decimal | None = None
    consumed: Decimal = Decimal(0)  # before this platform counted
    call_off: bool = True  # orders may be placed under it
    prices: tuple[ListedPrice, ...] = ()
    indexed: bool = False  # prices follow an index: the listed ones are the newest
    terms: Terms | None = None
    category: str = ""
    cost_centre: str = ""
    status: str = "active"  # active, cancelled


@dataclass(frozen=True, slots=True)
class Agreement:
    """A recurring supply without orders: rent, electricity. What is invoiced is known by `references`."""

    number: str
    supplier: str
    entity: str
    currency: str
    valid_from: date
    references: tuple[str, ...]  # contract number, site, or the seller's item, as invoices name it
    released_by: str
    valid_to: date | None = None
    amount: Decimal | None = None  # expected for one period; None where a schedule says it
    months: int = 1  # length of a period
    owner: str = ""
    terms: Terms | None = None
    cost_centre: str = ""


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a schedule asks for one period."""

    period: str  # YYYY-MM, the month in which the period begins
    amount: Decimal
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The instalments of an agreement, agreed to the cent."""

    number: str  # the agreement's
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class UnitConversion:
    """How many of a unit are in one of another, for a supplier and, where it is named, one item."""

    key: str
    supplier: str
    unit: str  # the smaller: pieces
    order_unit: str  # the larger: boxes
    factor: Decimal  # of `unit` in one `order_unit`
    item: str = ""
    entered_by: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A claim against an invoice: goods that went back, or what the supplier agreed to credit.

    Goods that went back because of one invoice count against every other at once, and against that one once it is
    credited: until then its credit note is awaited.
    """

    number: str
    supplier: str
    invoice: str  # the supplier's number
    kind: str  # return, price, quality, quantity
    amount: Decimal  # net that the supplier owes
    currency: str
    recorded_by: str
    recorded_on: date
    order: str = ""
    lines: tuple[ReceiptLine, ...] = ()  # of a return: what went back, of which order line
    status: str = "open"  # open, withdrawn
    reason: str = ""
