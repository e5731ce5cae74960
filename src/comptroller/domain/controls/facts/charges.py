"""Charges that are on no order: at document level, and lines of a kind of charge that the order does not have."""

from decimal import Decimal
from typing import Final

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.controls.matching import order_line_of
from comptroller.domain.documents.model import AllowanceCharge, Invoice, Line
from comptroller.domain.kernel.money import CONTEXT, ZERO

CHARGE_CODES: Final = {
    "FC": "freight",
    "DAB": "freight",
    "TAC": "freight",
    "PC": "packing",
    "ABL": "packing",
    "IN": "insurance",
    "ZZZ": "other",
    "SM": "minimum quantity",
    "AEL": "minimum quantity",
    "CU": "customs",
    "ADZ": "customs",
}
"""SOURCE: UNTDID 7161, special service codes, in the words of the tables."""

CHARGE_CATEGORIES: Final = frozenset({"freight", "customs", "packing", "insurance"})
"""Suppliers of these categories bill charges; their lines beyond the order are charges of that kind."""


def charge_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State each unplanned charge with its size in group currency, and the value of the goods that it came with."""
    order = context.order
    if order is None or invoice.is_credit_note:
        return {"charges": [], "goods value": None, "incoterm": None}
    rate = context.rate
    found: list[FactValue] = [
        _charge(charge_type(item), item.amount, rate, "") for item in invoice.allowances_charges if item.is_charge
    ]
    for line in invoice.lines:
        kind = charge_of_line(line, invoice, context)
        if kind:
            found.append(_charge(kind, line.net_amount, rate, line.id))
    return {"charges": found, "goods value": _goods(invoice, context), "incoterm": order.incoterm}


def charge_type(item: AllowanceCharge) -> str | None:
    """The kind of a charge at document level; None where its code says none."""
    return CHARGE_CODES.get(item.reason_code)


def charge_of_line(line: Line, invoice: Invoice, context: InvoiceContext) -> str:
    """The kind of charge that a line is: empty for what the order has, and for a line that is no charge."""
    order, supplier = context.order, context.supplier
    if order is None or supplier is None or order_line_of(invoice, line, order) is not None:
        return ""
    return supplier.category if supplier.category in CHARGE_CATEGORIES else ""


def _charge(kind: str | None, amount: Decimal | None, rate: Decimal | None, line: str) -> FactValue:
    value = None if amount is None or rate is None else CONTEXT.multiply(amount, rate)
    return {"type": kind, "amount": amount, "value": value, "line": line or None}


def _goods(invoice: Invoice, context: InvoiceContext) -> Decimal | None:
    """The ordered goods on this document, or of the whole order where it bills charges alone; in group currency."""
    order, rate = context.order, context.rate
    if order is None or rate is None:
        return None
    billed = [line.net_amount for line in invoice.lines if order_line_of(invoice, line, order) is not None]
    if any(amount is None for amount in billed):
        return None
    total = sum((amount for amount in billed if amount is not None), ZERO)
    if not billed:
        total = sum((CONTEXT.multiply(line.quantity, line.unit_price) for line in order.lines), ZERO)
    return CONTEXT.multiply(total, rate)
