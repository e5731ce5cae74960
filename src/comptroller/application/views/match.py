"""Order, receipt and invoice side by side."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Order, receipt and invoice of one line side by side; quantities in the order's unit."""

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
    order_price: Decimal | None = None
    invoice_price: Decimal | None = None
    price_variance: Decimal | None = None  # on the line, in the document's currency; above the order is positive
    price_percent: Decimal | None = None
    quantity_variance: Decimal | None = None  # above what was received is positive
    quantity_percent: Decimal | None = None


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
    lines: tuple[MatchLine, ...] = ()
    receipts: tuple[ReceiptView, ...] = ()
    ceiling: CeilingView | None = None
