"""The terms of payment: the document's, the order's, the contract's, the agreement's and the supplier's own."""

from datetime import date, timedelta
from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.documents.model import Invoice, Terms

SATURDAY = 5


def terms_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State each source of terms, and the days from which they may run."""
    order, ceiling, recurring, supplier = context.order, context.ceiling, context.recurring, context.supplier
    contract = ceiling.contract if ceiling is not None else None
    month = recurring.period if recurring is not None else ""
    counting = [receipt for receipt in context.receipts or () if receipt.status != "reversed"]
    master = None
    if supplier is not None:
        master = Terms(supplier.payment_days, supplier.discount_days, supplier.discount_percent)
    return {
        "order terms": _terms(order.terms if order is not None else None, month),
        "contract terms": _terms(contract.terms if contract is not None else None, month),
        "agreement terms": _terms(recurring.agreement.terms if recurring is not None else None, month),
        "supplier terms": _terms(master, month),
        "due date stated": invoice.due_date,
        "accepted on": max((receipt.received_on for receipt in counting), default=None),
    }


def _terms(terms: Terms | None, month: str) -> FactValue:
    if terms is None:
        return None
    return {
        "days": None if terms.days is None else Decimal(terms.days),
        "discount days": Decimal(terms.discount_days),
        "discount percent": terms.discount_percent,
        "due": None if terms.working_day is None else working_day_of(month, terms.working_day),
    }


def working_day_of(month: str, number: int) -> date | None:
    """The n-th working day of a month, Monday to Friday; None for no month.

    >>> working_day_of("2026-03", 3)
    datetime.date(2026, 3, 4)
    """
    if not month or number < 1:
        return None
    day, left = date.fromisoformat(f"{month}-01"), number
    while True:
        left -= day.weekday() < SATURDAY
        if not left:
            return day
        day += timedelta(days=1)
