"""Line by line, how far an invoice is from its order and from what was received.

Two differences are measured for each line. **Price**: what the line bills against what the order would have billed
for the same quantity. **Quantity**: what is invoiced in all (this line, earlier lines of this document, other cases)
against what was received net of returns and against what was ordered. Both come as quantity, percent and value in the
group's currency; whether that is much is the policy's business.

Received-not-invoiced is a balance: `order-line/<order>/<line>` says how much other invoices have taken. A line may
take what is left, and the store keeps two invoices from taking it twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.documents.model import Invoice, Line, Order, OrderLine, Receipt
from comptroller.domain.kernel.limits import QUANTITY_SCALE
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

_HUNDRED = Decimal(100)
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Over:
    """By how much a quantity exceeds a measure; `percent` is None where the measure is zero."""

    quantity: Decimal
    percent: Decimal | None
    value: Decimal | None  # group currency, at the order's price


@dataclass(frozen=True, slots=True)
class LineMatch:
    """One invoice line beside its order line; None where a side is not known."""

    line: Line
    order_line: OrderLine | None
    quantity: Decimal | None  # None too when finer than balances are counted
    expected_net: Decimal | None  # what the order would have billed, in the document's currency
    price_difference: Decimal | None  # signed, document currency
    price_percent: Decimal | None  # size, of the expected net
    price_value: Decimal | None  # size, group currency
    received: Decimal | None  # net of returns, over all receipts of the order line
    available: Decimal | None  # received and not invoiced before this line; may be negative
    over_receipt: Over | None
    over_order: Over | None

    @property
    def clearing_quantity(self) -> Decimal:
        """The quantity that clears goods received: what is invoiced, at most what is available."""
        if self.quantity is None or self.available is None:
            return ZERO
        return max(min(self.quantity, self.available), ZERO)


def balance_key(order: str, line: str) -> str:
    """Name the balance that counts how much of an order line is invoiced."""
    return f"order-line/{order}/{line}"


def order_line_of(invoice: Invoice, line: Line, order: Order) -> OrderLine | None:
    """Find the order line that an invoice line names; a line that names none belongs to an order's only line."""
    number = line.order_number or invoice.order_number
    if number and number != order.number:
        return None
    if not line.order_line:
        return order.lines[0] if len(order.lines) == 1 else None
    return next((candidate for candidate in order.lines if candidate.id == line.order_line), None)


def takes(invoice: Invoice, order: Order | None) -> Mapping[str, Decimal]:
    """Say how much this invoice takes of each balance; nothing without an order, and nothing for a credit note."""
    taken: dict[str, Decimal] = {}
    if order is None or invoice.is_credit_note:
        return taken
    for line in invoice.lines:
        order_line = order_line_of(invoice, line, order)
        if order_line is not None and line.quantity is not None and line.quantity > 0:
            key = balance_key(order.number, order_line.id)
            taken[key] = CONTEXT.add(taken.get(key, ZERO), line.quantity)
    return taken


def match_lines(invoice: Invoice, context: InvoiceContext) -> tuple[LineMatch, ...]:
    """Measure every line of an invoice against the order; empty when there is no order."""
    order = context.order
    if order is None:
        return ()
    received = _received(order, context.receipts)
    earlier: dict[str, Decimal] = {}  # by earlier lines of this document
    matches: list[LineMatch] = []
    with localcontext(CONTEXT):
        for line in invoice.lines:
            order_line = order_line_of(invoice, line, order)
            if order_line is None:
                matches.append(LineMatch(line, None, line.quantity, *[None] * 8))
                continue
            taken = None
            if context.taken is not None:
                taken = context.taken.get(balance_key(order.number, order_line.id))
            if taken is not None:
                taken += earlier.get(order_line.id, ZERO)
            matches.append(
                _match(
                    line,
                    order_line,
                    currency=invoice.currency,
                    rate=context.rate,
                    received=received[order_line.id],
                    taken=taken,
                )
            )
            if line.quantity is not None and line.quantity > 0:  # a negative line gives nothing back to later ones
                earlier[order_line.id] = earlier.get(order_line.id, ZERO) + line.quantity
    return tuple(matches)


def _received(order: Order, receipts: tuple[Receipt, ...] | None) -> Mapping[str, Decimal | None]:
    """Sum what was received for each order line; None when receipts are not known or count in another unit."""
    if receipts is None:
        return {line.id: None for line in order.lines}
    units = {line.id: line.unit for line in order.lines}
    totals: dict[str, Decimal | None] = dict.fromkeys(units, ZERO)
    for receipt in receipts:
        for line in receipt.lines:
            total = totals.get(line.order_line)
            if receipt.order != order.number or total is None:
                continue
            same_unit = line.unit == units[line.order_line]
            totals[line.order_line] = CONTEXT.add(total, line.quantity) if same_unit else None
    return totals


def _match(
    line: Line,
    order_line: OrderLine,
    *,
    currency: str,
    rate: Decimal | None,
    received: Decimal | None,
    taken: Decimal | None,
) -> LineMatch:
    quantity = _countable(line.quantity)
    expected = difference = percent = value = available = None
    over_receipt = over_order = None
    if quantity is not None and line.net_amount is not None:
        unrounded = order_line.price * quantity
        expected = round_money(unrounded, currency)
        difference = line.net_amount - expected
        if difference == 0:
            percent = value = ZERO
        else:
            percent = abs(difference / unrounded) * _HUNDRED if unrounded else None
            value = abs(difference) * rate if rate is not None else None
    if quantity is not None and taken is not None:
        price = order_line.price * rate if rate is not None else None
        over_order = _over(taken + quantity - order_line.quantity, order_line.quantity, price)
        if received is not None:
            available = received - taken
            over_receipt = _over(quantity - available, available, price)
    return LineMatch(
        line,
        order_line,
        quantity,
        expected,
        difference,
        percent,
        value,
        received,
        available,
        over_receipt,
        over_order,
    )


def _over(excess: Decimal, measure: Decimal, price: Decimal | None) -> Over:
    if excess <= 0:
        return Over(ZERO, ZERO, ZERO)
    percent = excess / measure * _HUNDRED if measure > 0 else None
    return Over(excess, percent, excess * price if price is not None else None)


def _countable(quantity: Decimal | None) -> Decimal | None:
    """Pass a quantity that balances count exactly; a finer one is treated as not known."""
    if quantity is None:
        return None
    exponent = quantity.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -QUANTITY_SCALE:
        return quantity
    return quantity if quantity == quantity.quantize(_ONE.scaleb(-QUANTITY_SCALE)) else None
