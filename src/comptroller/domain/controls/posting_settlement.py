"""The other side of a journal: who is owed how much, what was paid in advance, what is kept back, what was rounded."""

from collections.abc import Iterable
from decimal import Decimal

from comptroller.domain.controls.journal_shapes import Accounts, Entry, Plan
from comptroller.domain.controls.tax import tax_of
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money


def settlement(invoice: Invoice, accounts: Accounts, plan: Plan, supplier: str) -> Iterable[Entry]:
    """Book what is payable, and everything by which that differs from the gross amount."""
    totals = invoice.totals
    payables = accounts.group_payables if plan.in_pair and accounts.group_payables else accounts.payables
    yield Entry(accounts.rounding, "", totals.rounding or ZERO, "rounding of the payable amount")
    yield from _cleared_advance(invoice, accounts, plan)
    yield Entry(payables, "", -(totals.payable or ZERO), f"{supplier} {invoice.number}")
    withheld = tax_of(plan.withheld_base, plan.withheld_percent, invoice.currency)
    text = f"kept back, {plan.withheld_percent.normalize():f} %"
    yield Entry(payables, "", withheld, text)
    yield Entry(accounts.withholding, "", -withheld, text)


def _cleared_advance(invoice: Invoice, accounts: Accounts, plan: Plan) -> Iterable[Entry]:
    """Clear what was paid in advance: its net amount, and the VAT that was deducted with it.

    The final invoice states the VAT of the whole supply, the part of the advance included; the advance is taken to
    have been taxed as the whole is.
    """
    prepaid, tax = invoice.totals.prepaid or ZERO, _tax_in(invoice)
    if not plan.has_advance_tax:
        tax = ZERO
    yield Entry(accounts.prepayments, "", tax - prepaid, "paid in advance")
    yield Entry(accounts.input_tax, "", -tax, "input VAT of what was paid in advance")


def _tax_in(invoice: Invoice) -> Decimal:
    totals = invoice.totals
    if not totals.prepaid or not totals.gross or not totals.tax:
        return ZERO
    share = CONTEXT.divide(CONTEXT.multiply(totals.prepaid, totals.tax), totals.gross)
    return round_money(share, invoice.currency)
