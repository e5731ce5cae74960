"""How a document is booked: coding of its lines, rounding, what is kept back, how long it is kept."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.cost_shares import cost_centre_of
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.controls.matching import order_line_of
from comptroller.domain.controls.tax import tax_rows
from comptroller.domain.documents.model import Invoice, Line, Period
from comptroller.domain.kernel.money import CONTEXT, ZERO


def coding_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State of each line where it would be booked, what it costs a piece, and over how many months it reaches."""
    return {"coding lines": [_coding_line(line, invoice, context) for line in invoice.lines]}


def _coding_line(line: Line, invoice: Invoice, context: InvoiceContext) -> FactValue:
    order_line = None if context.order is None else order_line_of(invoice, line, context.order)
    chart, objects = context.chart, context.cost_objects
    account = (order_line.account if order_line is not None else "") or (chart.expense if chart is not None else "")
    centre = cost_centre_of(line, (order_line.cost_centre if order_line is not None else "") or context.cost_centre)
    found = None if objects is None else next((each for each in objects if each.code == centre), None)
    amount = _in_group_currency(line.net_amount, context)
    unit = None
    if amount is not None and line.quantity:
        unit = CONTEXT.divide(abs(amount), abs(line.quantity))
    return {
        "line": line.id,
        "ordered": order_line is not None,
        "cost centre": centre,
        "cost centre known": None if objects is None or not centre else found is not None,
        "cost centre open": None if found is None else found.open,
        "account": account or None,
        "account open": None if chart is None else chart.open.get(account),
        "amount": amount,
        "unit amount": unit,
        "months": _months(line.period or invoice.period),
    }


def _in_group_currency(amount: Decimal | None, context: InvoiceContext) -> Decimal | None:
    return None if amount is None or context.rate is None else CONTEXT.multiply(amount, context.rate)


def _months(period: Period | None) -> Decimal:
    """How many months of the calendar a period touches; what names none is of one."""
    if period is None or period.start is None or period.end is None:
        return Decimal(1)
    start, end = period.start, period.end
    return Decimal(max((end.year - start.year) * 12 + end.month - start.month + 1, 1))


def rounding_facts(invoice: Invoice, _context: InvoiceContext) -> Facts:
    """State how far lines, VAT categories and totals are from exact; null where a part is not stated."""
    totals = invoice.totals
    differences = [row.difference for row in tax_rows(invoice)]
    document = None
    if totals.net is not None and totals.gross is not None:
        document = CONTEXT.subtract(CONTEXT.subtract(totals.gross, totals.net), totals.tax or ZERO)
    return {
        "line rounding": _largest([_line_rounding(line) for line in invoice.lines]),
        "category rounding": _largest(differences),
        "document rounding": document,
        "payable rounding": None if totals.payable is None else totals.rounding or ZERO,
    }


def _largest(sizes: list[Decimal | None]) -> Decimal | None:
    known = [size for size in sizes if size is not None]
    return max(known) if known and len(known) == len(sizes) else None


def _line_rounding(line: Line) -> Decimal | None:
    """By how much a line's net differs from quantity times price with its charges; zero where no price is stated."""
    if line.net_amount is None:
        return None
    if line.quantity is None or line.net_price is None:
        return ZERO
    base = line.price_base_quantity or Decimal(1)
    exact = CONTEXT.divide(CONTEXT.multiply(line.quantity, line.net_price), base)
    for item in line.allowances_charges:
        amount = item.amount or ZERO
        exact = CONTEXT.add(exact, amount if item.is_charge else -amount)
    apart = abs(CONTEXT.subtract(line.net_amount, exact))
    return apart if apart >= _CENT else ZERO


_CENT = Decimal("0.01")
"""What is below a cent is what rounding to cents leaves."""


def withholding_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State whether a certificate frees the payment, and what was paid under a scheme before in the year."""
    known = context.withholding
    return {
        "withholding certificate": known.certificate if known is not None else None,
        "paid in the year": known.paid_in_the_year if known is not None else None,
    }


def retention_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State whether a legal hold keeps the documents of this supplier; an asset's life is told by asset accounting."""
    return {"legal hold": context.legal_hold, "asset life": None}
