"""Order, receipt and invoice side by side."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Excess:
    """By how much an invoice goes beyond what was ordered or received."""

    quantity: Decimal
    percent: Decimal | None
    value: Money | None  # in the group's currency, at the order's price


@dataclass(frozen=True, slots=True)
class EarlierTaking:
    """Another case that takes of an order's line; a credit note gives back."""

    case_id: str
    number: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Order, receipt and invoice of one line side by side, as the decision was given them; in the order's unit."""

    line: str
    name: str
    unit: str
    outcome: str
    standing: Standing
    text: str = ""
    ordered: Decimal | None = None
    received: Decimal | None = None
    invoiced_before: Decimal | None = None
    invoiced: Decimal | None = None
    left_of_order: Decimal | None = None  # below zero it is more than was ordered
    left_of_receipt: Decimal | None = None
    over_order: Excess | None = None
    over_receipt: Excess | None = None
    order_price: Decimal | None = None
    invoice_price: Decimal | None = None
    price_difference: Decimal | None = None  # on the line, in the document's currency; above the order is positive
    price_percent: Decimal | None = None
    document_quantity: Decimal | None = None  # as the document states it, where its unit is another
    document_unit: str = ""
    document_price: Decimal | None = None
    units_in_one: Decimal | None = None  # of the document's unit in one of the order's
    earlier: tuple[EarlierTaking, ...] = ()  # the newest
    earlier_rest: Decimal | None = None  # of what was invoiced before, what others than these took


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A goods receipt or service entry of the order."""

    number: str
    received_on: date
    received_by: str


@dataclass(frozen=True, slots=True)
class CeilingView:
    """What a blanket order or a contract allows in all, and what is taken of it with this document."""

    source: str  # blanket order, contract
    number: str
    ceiling: Money
    before: Money | None  # taken by others
    this: Money | None

    @property
    def left(self) -> Money | None:
        """What is left with this document; below zero it is over the ceiling."""
        if self.before is None or self.this is None:
            return None
        return Money(self.ceiling.amount - self.before.amount - self.this.amount, self.ceiling.currency)


@dataclass(frozen=True, slots=True)
class MatchView:
    """The comparison with the order; without one `order_number` is empty and `text` says whether that is allowed."""

    match_type: str
    currency: str
    text: str = ""
    order_number: str = ""
    order_version: int = 1
    created_by: str = ""
    released_by: str = ""
    is_credit: bool = False  # measured against its original, not against the order
    lines: tuple[MatchLine, ...] = ()
    receipts: tuple[ReceiptView, ...] = ()
    ceiling: CeilingView | None = None
