"""What speaks for a second look at a document, beyond what the other controls find."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT

SATURDAY = 5


def risk_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State how long the supplier is known, and how the document compares with what is usual."""
    net, history, received = invoice.totals.net, context.history, context.received_at
    created = context.supplier.created_on if context.supplier is not None else None
    usual = history.mean_net if history is not None else None
    return {
        "supplier days": Decimal((context.today - created).days) if created is not None else None,
        "weekend": None if received is None else context.zoned(received).weekday() >= SATURDAY,
        "first invoice": None if history is None else history.posted == 0,
        "times the usual": CONTEXT.divide(abs(net), usual) if net is not None and usual else None,
    }
