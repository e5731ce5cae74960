"""What a credit note rests on: goods that went back, or a dispute that the supplier agreed to.

A return is seen in the balance of its order line: more was invoiced than stayed here. So a credit note rests on a
return where each of its lines is covered by what was invoiced and went back, and on a dispute where the claims on
file against its original, less what earlier credit notes took of them, cover its net amount.
"""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.matching import match_lines
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import ZERO


def credit_basis(invoice: Invoice, context: InvoiceContext) -> str:
    """Say what a credit note rests on: `return`, `dispute`, or `none`."""
    if _is_returned(invoice, context):
        return "return"
    net, left = invoice.totals.net, disputed_left(invoice, context)
    return "dispute" if net is not None and left is not None and ZERO < net <= left else "none"


def disputed_left(invoice: Invoice, context: InvoiceContext) -> Decimal | None:
    """What open disputes about the original still allow to be credited, net; None without an original."""
    original = context.original
    if original is None:
        return None
    open_ones = (
        dispute.amount
        for dispute in original.disputes
        if dispute.status == "open" and dispute.kind != "return" and dispute.currency == invoice.currency
    )
    return sum(open_ones, ZERO) - original.disputed


def _is_returned(invoice: Invoice, context: InvoiceContext) -> bool:
    matches = match_lines(invoice, context)
    return bool(matches) and all(
        match.quantity is not None
        and match.quantity > 0
        and match.unit_fits is True
        and match.clearing_quantity == match.quantity
        for match in matches
    )
