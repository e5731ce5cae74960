"""The other side of a journal: who is owed how much, what was paid in advance, what is kept back, what was rounded."""

from collections.abc import Iterable
from decimal import Decimal

from comptroller.domain.controls.journal_shapes import Accounts, Entry, Plan
from comptroller.domain.controls.purchase_context import Advances
from comptroller.domain.controls.tax import tax_of
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money


def settlement(
    invoice: Invoice, accounts: Accounts, plan: Plan, supplier: str, advances: Advances | None
) -> Iterable[Entry]:
    """Book what is payable, and everything by which that differs from the gross amount."""
    totals = invoice.totals
    payables = accounts.group_payables if plan.in_pair and accounts.group_payables else accounts.payables
    yield Entry(accounts.rounding, "", totals.rounding or ZERO, "rounding of the payable amount")
    yield from _cleared_advance(invoice, accounts, advances)
    yield Entry(payables, "", -(totals.payable or ZERO), f"{supplier} {invoice.number}")
    withheld = tax_of(plan.withheld_base, plan.withheld_percent, invoice.currency)
    text = f"kept back, {plan.withheld_percent.normalize():f} %"
    yield Entry(payables, "", withheld, text)
    yield Entry(accounts.withholding, "", -withheld, text)


def _cleared_advance(invoice: Invoice, accounts: Accounts, advances: Advances | None) -> Iterable[Entry]:
    """Clear what was paid in advance: its net amount, and the VAT that was deducted with it.

    The final invoice states the VAT of the whole supply, the part of the advances included. How much of that was
    deducted before is told by the advances; where they are not known, they are taken to be taxed as the whole is.
    """
    prepaid, tax = invoice.totals.prepaid or ZERO, _tax_in(invoice, advances)
    yield Entry(accounts.prepayments, "", tax - prepaid, "paid in advance")
    yield Entry(accounts.input_tax, "", -tax, "input VAT of what was paid in advance")


def _tax_in(invoice: Invoice, advances: Advances | None) -> Decimal:
    totals = invoice.totals
    tax, gross = totals.tax, totals.gross
    if advances is not None and advances.open > 0:
        tax, gross = advances.tax, advances.open
    if not totals.prepaid or not gross or not tax:
        return ZERO
    share = CONTEXT.divide(CONTEXT.multiply(totals.prepaid, tax), gross)
    return round_money(share, invoice.currency)
