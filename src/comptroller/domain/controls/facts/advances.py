"""What was asked and paid in advance on the order, and what this document asks or deducts."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.controls.matching import PREPAYMENT
from comptroller.domain.documents.model import Invoice, Order
from comptroller.domain.kernel.money import CONTEXT, ZERO


def advance_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the advances of the order; `prepaid` is what the document deducts, zero where it says nothing of it."""
    order, advances = context.order, context.advances
    facts: Facts = {
        "prepaid": invoice.totals.prepaid if invoice.totals.prepaid is not None else ZERO,
        "prepayment percent": order.prepayment_percent if order is not None else None,
        "prepayment share": _share(invoice, context, order),
        "guarantee on file": _guaranteed(context, order),
        "advance left": None,
        "advance expected": None,
    }
    if order is None:
        return facts | {"advance left": ZERO, "advance expected": ZERO}
    if advances is not None:
        facts |= {"advance left": advances.left, "advance expected": advances.expected}
    return facts


def _share(invoice: Invoice, context: InvoiceContext, order: Order | None) -> Decimal | None:
    """The percentage of the order that is asked for in advance, with this document; unrounded."""
    advances, net = context.advances, invoice.totals.net
    if order is None or advances is None or net is None or invoice.type_code != PREPAYMENT:
        return None
    total = sum((CONTEXT.multiply(line.quantity, line.unit_price) for line in order.lines), ZERO)
    if total <= 0:
        return None
    return CONTEXT.multiply(CONTEXT.divide(CONTEXT.add(advances.net, net), total), Decimal(100))


def _guaranteed(context: InvoiceContext, order: Order | None) -> bool | None:
    if order is None:
        return None
    return bool(order.guarantee) and (order.guarantee_until is None or context.today <= order.guarantee_until)
