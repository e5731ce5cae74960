"""Line by line, how far an invoice is from its order and from what was received.

Two differences are measured for each line. **Price**: what the line bills against what the order would have billed
for the same quantity. **Quantity**: what is invoiced in all (this line, earlier lines of this document, other cases)
against what was received net of returns and against what was ordered. Both come as quantity, percent and value in the
group's currency; whether that is much is the policy's business. All quantities are in the unit of the order.

What counts as received follows the order: withdrawals from a consignment store, accepted quantities where goods are
inspected, receipts everywhere else; a reversed receipt counts nowhere. A credit note is measured the other way round:
what is left for it is what was invoiced and went back.

Received-not-invoiced is a balance: `order-line/<order>/<line>` says how much other invoices have taken. A line may
take what is left, and the store keeps two invoices from taking it twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from typing import Final

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.units import in_unit, is_convertible
from comptroller.domain.documents.model import Invoice, Line, Order, OrderLine, Receipt, ReceiptLine
from comptroller.domain.documents.purchasing import UnitConversion
from comptroller.domain.kernel.limits import QUANTITY_SCALE
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

_HUNDRED = Decimal(100)
_ONE = Decimal(1)

PREPAYMENT = "386"
"""UNTDID 1001: a prepayment invoice; nothing is received before it."""


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
    unit_fits: bool | None = None  # the unit is the ordered one, or a conversion is on file
    receipt: "Received" = field(default_factory=lambda: Received(None))
    taken: Decimal | None = None  # of the order line, before this line

    @property
    def price(self) -> Decimal | None:
        """What is billed for one of the order's units, unrounded."""
        net, quantity = self.line.net_amount, self.quantity
        return CONTEXT.divide(net, quantity) if self.order_line is not None and net is not None and quantity else None

    @property
    def clearing_quantity(self) -> Decimal:
        """The quantity that clears goods received: what is invoiced, at most what is available."""
        if self.quantity is None or self.available is None:
            return ZERO
        return max(min(self.quantity, self.available), ZERO)


@dataclass(frozen=True, slots=True)
class Received:
    """What the receipts of one order line come to."""

    quantity: Decimal | None  # net of returns; None where receipts are not known or count in another unit
    uninspected: Decimal = ZERO  # of a four-way match: received, and not judged yet
    final: bool = False  # nothing more is expected


def balance_key(order: str, line: str) -> str:
    """Name the balance that counts how much of an order line is invoiced."""
    return f"{_ORDER_LINE}{order}/{line}"


def is_of_order_line(balance: str) -> bool:
    """Whether a balance counts how much of an order line is invoiced."""
    return balance.startswith(_ORDER_LINE)


_ORDER_LINE: Final = "order-line/"


def order_line_of(invoice: Invoice, line: Line, order: Order) -> OrderLine | None:
    """Find the order line that an invoice line names; a line that names none belongs to an order's only line."""
    number = line.order_number or invoice.order_number
    if number and number != order.number:
        return None
    if not line.order_line:
        return order.lines[0] if len(order.lines) == 1 else None
    return next((candidate for candidate in order.lines if candidate.id == line.order_line), None)


def takes(invoice: Invoice, context: InvoiceContext) -> Mapping[str, Decimal]:
    """Say how much this document takes of each order line: an invoice what it bills, a credit note gives back.

    A credit note gives back no more than what was invoiced and went back; for a price that is lowered that is nothing.
    """
    order = context.order
    if order is None:
        return {}
    taken: dict[str, Decimal] = {}
    for match in match_lines(invoice, context):
        if match.order_line is None or match.quantity is None or match.quantity <= 0:
            continue
        key = balance_key(order.number, match.order_line.id)
        amount = -match.clearing_quantity if invoice.is_credit_note else match.quantity
        if amount:
            taken[key] = CONTEXT.add(taken.get(key, ZERO), amount)
    return taken


def match_lines(invoice: Invoice, context: InvoiceContext) -> tuple[LineMatch, ...]:
    """Measure every line against the order; empty without one, and where a ceiling or an advance takes its place."""
    order = context.order
    if order is None or order.order_type == "blanket" or invoice.type_code == PREPAYMENT:
        return ()
    conversions = context.conversions or ()
    received = _received(order, context.receipts, _returned(invoice, order, context), conversions)
    earlier: dict[str, Decimal] = {}  # by earlier lines of this document
    matches: list[LineMatch] = []
    with localcontext(CONTEXT):
        for line in invoice.lines:
            order_line = order_line_of(invoice, line, order)
            if order_line is None:
                matches.append(LineMatch(line, None, line.quantity, None, None, None, None, None, None, None, None))
                continue
            taken = None
            if context.taken is not None:
                taken = context.taken.get(balance_key(order.number, order_line.id))
            quantity = _in_order_unit(line, order_line, conversions)
            if taken is not None:
                taken += earlier.get(order_line.id, ZERO)
            matches.append(
                _match(
                    invoice,
                    line,
                    order_line,
                    quantity=quantity,
                    rate=context.rate,
                    received=received[order_line.id],
                    taken=taken,
                    unit_fits=_unit_fits(line, order_line, conversions),
                )
            )
            if quantity is not None and quantity > 0:  # a negative line gives nothing back to later ones
                sign = -1 if invoice.is_credit_note else 1
                earlier[order_line.id] = earlier.get(order_line.id, ZERO) + quantity * sign
    return tuple(matches)


def _in_order_unit(line: Line, order_line: OrderLine, conversions: tuple[UnitConversion, ...]) -> Decimal | None:
    if line.quantity is None or not line.unit:
        return _countable(line.quantity)
    quantity = in_unit(line.quantity, line.unit, order_line.unit, item=order_line.item, conversions=conversions)
    return _countable(quantity)


def _unit_fits(line: Line, order_line: OrderLine, conversions: tuple[UnitConversion, ...]) -> bool | None:
    if not line.unit:
        return None
    return is_convertible(line.unit, order_line.unit, item=order_line.item, conversions=conversions)


def received_quantity(order: Order, order_line: OrderLine, receipts: tuple[Receipt, ...]) -> Decimal | None:
    """Say what the receipts of a line come to, net of returns; None where one counts in another unit."""
    return _received(order, receipts, [], ())[order_line.id].quantity


def _received(
    order: Order,
    receipts: tuple[Receipt, ...] | None,
    returned: list[ReceiptLine],
    conversions: tuple[UnitConversion, ...],
) -> Mapping[str, Received]:
    """Sum what was received for each order line."""
    if receipts is None:
        return {line.id: Received(None) for line in order.lines}
    counting = [receipt for receipt in receipts if receipt.order == order.number and counts(receipt, order)]
    lines = [line for receipt in counting for line in receipt.lines] + returned
    return {
        line.id: _received_line(order, line, [item for item in lines if item.order_line == line.id], conversions)
        for line in order.lines
    }


def _returned(invoice: Invoice, order: Order, context: InvoiceContext) -> list[ReceiptLine]:
    """What went back because of another invoice; a credit note sees all that went back."""
    named = "" if invoice.is_credit_note else invoice.number
    counting = [each for each in context.returns if each.order == order.number and each.status == "open"]
    return [replace(line, quantity=-line.quantity) for each in counting if each.invoice != named for line in each.lines]


def counts(receipt: Receipt, order: Order) -> bool:
    """Tell whether a receipt counts: not when reversed, and from a consignment store only what was withdrawn."""
    if receipt.status == "reversed":
        return False
    is_withdrawal = receipt.kind in {"withdrawal", "return"}
    return is_withdrawal if order.order_type == "consignment" else receipt.kind != "withdrawal"


def _received_line(
    order: Order, order_line: OrderLine, lines: list[ReceiptLine], conversions: tuple[UnitConversion, ...]
) -> Received:
    total: Decimal | None = ZERO
    uninspected = ZERO
    for line in lines:
        inspected = order.match != "four-way" or line.quantity < 0
        counted = line.quantity if inspected else line.accepted
        if counted is None:
            uninspected = CONTEXT.add(uninspected, line.quantity)
            continue
        quantity = in_unit(counted, line.unit, order_line.unit, item=order_line.item, conversions=conversions)
        total = None if quantity is None or total is None else CONTEXT.add(total, quantity)
    return Received(total, uninspected, any(line.final for line in lines))


def _match(
    invoice: Invoice,
    line: Line,
    order_line: OrderLine,
    *,
    quantity: Decimal | None,
    rate: Decimal | None,
    received: Received,
    taken: Decimal | None,
    unit_fits: bool | None,
) -> LineMatch:
    expected = difference = percent = value = available = None
    over_receipt = over_order = None
    if quantity is not None and line.net_amount is not None:
        unrounded = order_line.price * quantity / order_line.price_base_quantity
        expected = round_money(unrounded, invoice.currency)
        difference = line.net_amount - expected
        if difference == 0:
            percent = value = ZERO
        else:
            percent = abs(difference / unrounded) * _HUNDRED if unrounded else None
            value = abs(difference) * rate if rate is not None else None
    if quantity is not None and taken is not None:
        price = order_line.unit_price * rate if rate is not None else None
        credit = invoice.is_credit_note
        over_order = _over((ZERO if credit else taken + quantity) - order_line.quantity, order_line.quantity, price)
        if received.quantity is not None:
            available = taken - received.quantity if credit else received.quantity - taken
            over_receipt = _over(quantity - available, available, price)
    return LineMatch(
        line,
        order_line,
        quantity,
        expected,
        difference,
        percent,
        value,
        received.quantity,
        available,
        over_receipt,
        over_order,
        unit_fits,
        received,
        taken,
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
