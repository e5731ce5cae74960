"""The order, and each line beside it."""

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.charges import charge_of_line
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.controls.matching import LineMatch
from comptroller.domain.documents.model import Invoice


def order_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State how the order stands and whether it fits the document."""
    order = context.order
    if order is None:
        return {**dict.fromkeys(_ORDER_FACTS), "order known": False}
    return {
        "order known": True,
        "order status": order.status or None,
        "order type": order.order_type or None,
        "order match": order.match or None,
        "order released": bool(order.released_by) and order.released_by != order.created_by,
        "order supplier same": context.supplier is not None and order.supplier == context.supplier.id,
        "order entity same": context.entity is not None and order.entity == context.entity.code,
        "order currency same": order.currency == invoice.currency,
        "order settled by receipts": order.evaluated_receipt,
        "settlement": context.settlement,
        "accepted total": _accepted("", context)["price"],
    }


_ORDER_FACTS = (
    "order known",
    "order status",
    "order type",
    "order match",
    "order released",
    "order supplier same",
    "order entity same",
    "order currency same",
    "order settled by receipts",
    "settlement",
    "accepted total",
)

SELF_BILLED = "389"
"""UNTDID 1001: an invoice that the buyer makes."""


def line_facts(match: LineMatch, invoice: Invoice, context: InvoiceContext) -> FactValue:
    """State what was measured on one line."""
    line, order_line = match.line, match.order_line
    difference, receipt, order = match.price_difference, match.over_receipt, match.over_order
    side = None
    if difference is not None:
        side = "none" if difference == 0 else "over" if difference > 0 else "under"
    return {
        "line": line.id or None,
        "known": order_line is not None,
        "named": bool(line.order_line) or line.order_number not in {"", context.order.number if context.order else ""},
        "group": order_line.material_group or None if order_line is not None else None,
        "serialised": order_line.serialised if order_line is not None else None,
        "unit same": match.unit_fits if order_line is not None else None,
        "charge": charge_of_line(line, invoice, context),
        "estimated": order_line.price_estimated if order_line is not None else None,
        "final": match.receipt.final,
        "uninspected": match.receipt.uninspected,
        "accepted": _accepted(line.id, context),
        "quantity": match.quantity,
        "ordered": order_line.quantity if order_line is not None else None,
        "order unit": order_line.unit or None if order_line is not None else None,
        "invoiced before": match.taken,
        "net": line.net_amount,
        "price": match.price,
        "ordered price": order_line.unit_price if order_line is not None else None,
        "difference": difference,
        "side": side,
        "percent": match.price_percent,
        "value": match.price_value,
        "received": match.received,
        "available": match.available,
        "over receipt": receipt.quantity if receipt is not None else None,
        "over receipt percent": receipt.percent if receipt is not None else None,
        "over receipt value": receipt.value if receipt is not None else None,
        "over order": order.quantity if order is not None else None,
        "over order percent": order.percent if order is not None else None,
        "over order value": order.value if order is not None else None,
    }


def _accepted(line: str, context: InvoiceContext) -> dict[str, FactValue]:
    """How great a difference of each kind was accepted on this line by somebody with the authority for it."""
    kinds = ("price", "quantity")
    return {
        kind: max((each.value for each in context.accepted if (each.type, each.line) == (kind, line)), default=None)
        for kind in kinds
    }
