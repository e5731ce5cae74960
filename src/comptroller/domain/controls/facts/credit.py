"""The original of a credit note, and what is left to credit of it."""

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.credit import credit_basis, disputed_left
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT


def credit_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the original and what the credit rests on: a return, a dispute, or nothing on file."""
    if not invoice.is_credit_note:
        return dict.fromkeys(_FACTS)
    original = context.original
    if original is None:
        return {**dict.fromkeys(_FACTS), "original known": False, "credit basis": credit_basis(invoice, context)}
    left = None if original.net is None else CONTEXT.subtract(original.net, original.credited)
    return {
        "original known": True,
        "original case": original.case_id,
        "original number": original.number,
        "original state": original.status,
        "original currency same": original.currency == invoice.currency,
        "creditable": left,
        "credit basis": credit_basis(invoice, context),
        "disputed": disputed_left(invoice, context),
    }


_FACTS = (
    "original known",
    "original case",
    "original number",
    "original state",
    "original currency same",
    "creditable",
    "credit basis",
    "disputed",
)
