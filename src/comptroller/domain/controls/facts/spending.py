"""What else was bought from the supplier around the same days: the parts of which a split would be made."""

from datetime import date
from decimal import Decimal

from comptroller.domain.controls.context import Candidate, InvoiceContext
from comptroller.domain.controls.facts.document_types import CREDIT_NOTE_TYPES
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.controls.marks import line_marks
from comptroller.domain.documents.model import Invoice


def spending_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """Tell of each other document how far it is and what it shares with this one."""
    spending = context.spending
    return {
        "spend source": "AP",
        "spend others": None if spending is None else [_other(invoice, context, other) for other in spending.others],
        "spend searched days": None if spending is None else Decimal(spending.searched_days),
        "spend limits": None,
        "spend window": None,
    }


def spending_day(invoice: Invoice, context: InvoiceContext) -> date:
    """The day that a document counts on: its issue date, or the day of the decision where it has none."""
    return invoice.issue_date or context.today


def _other(invoice: Invoice, context: InvoiceContext, other: Candidate) -> FactValue:
    day = other.issue_date or (other.received_at.date() if other.received_at is not None else None)
    names = {mark.name for mark in line_marks(invoice) if mark.name}
    return {
        "case": other.case_id,
        "number": other.number or None,
        "amount": other.amount,
        "days": None if day is None else Decimal(abs((day - spending_day(invoice, context)).days)),
        "same subject": None if other.lines is None else any(mark.name in names for mark in other.lines),
        "same cost centre": bool(context.cost_centre) and other.cost_centre == context.cost_centre,
        "same requester": bool(context.requester) and other.requester == context.requester,
        "order number": other.order_number,
        "state": other.status or None,
        "credit": other.type_code in CREDIT_NOTE_TYPES,
        "cleared": other.case_id in context.cleared,
    }
