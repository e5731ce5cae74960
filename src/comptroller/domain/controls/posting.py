"""The journal that books an invoice: balanced in the document's and in the entity's currency, or not at all.

What is owed (payables, credit) stands against what it is owed for. A matched line clears goods received at the order's
price for the quantity that was received; whatever the invoice asks beyond that is the price difference. An order-less
line is an expense of its category, an asset, or spread over months, as its coding says. Input VAT is what the invoice
charges, as far as it may be deducted; where the buyer owes the tax, it is computed here and booked both ways. A credit
note is the same with every sign turned.

**Two rates.** Goods received were booked at the rate of their day; the invoice is converted at its own. What lies
between the two, for the amount that is cleared, is an exchange difference. Each line is converted and rounded; what
the rounding leaves over in the entity's currency goes to the rounding account, so that both columns sum to nothing.
Accounts are the pack's parameters.
"""

from collections.abc import Iterable
from decimal import Decimal, localcontext

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.journal_shapes import (
    PLAIN,
    Accounts,
    Entry,
    Journal,
    JournalLine,
    Plan,
    TaxPosting,
    UnbalancedJournal,
)
from comptroller.domain.controls.ledger_context import Accrual
from comptroller.domain.controls.matching import LineMatch
from comptroller.domain.controls.posting_settlement import settlement
from comptroller.domain.controls.posting_tax import NonDeductible, taxes
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

__all__ = [
    "Accounts",
    "Journal",
    "JournalLine",
    "Plan",
    "TaxPosting",
    "UnbalancedJournal",
    "accrual_journal",
    "build_journal",
]

PREPAYMENT_TYPE = "386"
"""SOURCE: UNTDID 1001: a request to pay in advance."""


def build_journal(
    invoice: Invoice,
    context: InvoiceContext,
    *,
    accounts: Accounts,
    tax: TaxPosting,
    matches: tuple[LineMatch, ...],
    plan: Plan = PLAIN,
) -> Journal:
    """Build the journal of an invoice or credit note.

    `matches` are the lines as measured against the order, empty for an order-less document; `plan` is what the other
    controls say about booking. Raises `UnbalancedJournal` when totals, rate or entity are missing, or the totals
    contradict each other.
    """
    totals = invoice.totals
    if totals.net is None or totals.gross is None or totals.payable is None:
        raise UnbalancedJournal(f"document `{invoice.number}` has no totals")
    rate = _local_rate(context)
    with localcontext(CONTEXT):
        goods = [entry for entry in _goods(invoice, context, accounts, matches, plan) if entry.amount]
        charged = taxes(invoice, accounts, tax)
        entries = [*goods, *charged.entries, *_borne(charged, goods)]
        entries += settlement(invoice, accounts, plan, _supplier_name(invoice, context), context.advances)
        sign = -1 if invoice.is_credit_note else 1
        entries = [entry.turned(sign) for entry in entries if entry.amount]
        if sum(entry.amount for entry in entries) != 0:
            raise UnbalancedJournal(f"the journal of document `{invoice.number}` does not balance")
        local_currency = context.entity.currency if context.entity is not None else ""
        lines = [_converted(entry, rate, local_currency) for entry in entries]
        lines += _exchange_difference(entries, rate, context, accounts, local_currency)
        left = sum((line.local_amount for line in lines), ZERO)
        if left:
            lines.append(JournalLine(accounts.rounding, "", ZERO, -left, "rounding of the conversion"))
    return Journal(invoice.currency, local_currency, rate, tuple(lines))


def _local_rate(context: InvoiceContext) -> Decimal:
    """Cross the two group rates: how much of the entity's currency one unit of the document's is."""
    if context.entity is None or not context.rate or not context.entity_rate:
        raise UnbalancedJournal("the entity or a rate is not known")
    return CONTEXT.divide(context.rate, context.entity_rate)


def _supplier_name(invoice: Invoice, context: InvoiceContext) -> str:
    if context.supplier is not None:
        return context.supplier.name
    return invoice.seller.name if invoice.seller is not None else ""


# What it is owed for


def _goods(
    invoice: Invoice, context: InvoiceContext, accounts: Accounts, matches: tuple[LineMatch, ...], plan: Plan
) -> Iterable[Entry]:
    """Book the net amount: an advance, cleared receipts and price differences, or expenses; then what is charged."""
    if invoice.type_code == PREPAYMENT_TYPE:
        yield Entry(accounts.prepayments, "", invoice.totals.net or ZERO, f"paid in advance, {invoice.order_number}")
        return
    category = context.supplier.category if context.supplier is not None else ""
    expense = accounts.expense.get(category, accounts.expense_other)
    if matches:
        for match in matches:
            yield from _matched_line(match, invoice.currency, context.cost_centre, accounts)
    else:
        for line in invoice.lines:
            cost_centre = line.accounting_reference or context.cost_centre
            account = accounts.of_treatment(plan.treatments.get(line.id, ""), expense)
            yield Entry(account, cost_centre, line.net_amount or ZERO, line.name)
    for item in invoice.allowances_charges:
        amount = item.amount or ZERO
        text = item.reason or ("charge" if item.is_charge else "allowance")
        account = expense
        if matches:
            account = accounts.delivery_cost if item.is_charge and accounts.delivery_cost else accounts.price_difference
        yield Entry(account, context.cost_centre, amount if item.is_charge else -amount, text)


def _matched_line(match: LineMatch, currency: str, cost_centre: str, accounts: Accounts) -> Iterable[Entry]:
    line, order_line = match.line, match.order_line
    net = line.net_amount or ZERO
    cleared = ZERO
    if order_line is not None:
        if match.clearing_quantity == match.quantity and match.price_difference == ZERO:
            cleared = net
        else:
            cleared = round_money(match.clearing_quantity * order_line.unit_price, currency)
        cost_centre = order_line.cost_centre or cost_centre
    yield Entry(accounts.receipts_clearing, cost_centre, cleared, line.name, clears_receipt=True)
    yield Entry(accounts.price_difference, cost_centre, net - cleared, f"difference to the order: {line.name}")


def _borne(charged: NonDeductible, goods: list[Entry]) -> Iterable[Entry]:
    """VAT that may not be deducted is a cost of what it was charged on: it goes where the largest part of that went."""
    if charged.not_deductible:
        bearer = max(goods, key=lambda entry: abs(entry.amount), default=None)
        if bearer is None:
            raise UnbalancedJournal("VAT that may not be deducted has nothing that bears it")
        account = bearer.account if not bearer.clears_receipt else charged.account
        yield Entry(account, bearer.cost_centre, charged.not_deductible, "VAT that may not be deducted")


# The entity's currency


def _converted(entry: Entry, rate: Decimal, currency: str) -> JournalLine:
    return JournalLine(
        entry.account, entry.cost_centre, entry.amount, round_money(entry.amount * rate, currency), entry.text
    )


def _exchange_difference(
    entries: list[Entry], rate: Decimal, context: InvoiceContext, accounts: Accounts, currency: str
) -> Iterable[JournalLine]:
    """What the cleared receipts were booked with more, or less, than the invoice's rate makes of them."""
    booked_at = context.receipt_rate
    if booked_at is None or booked_at == rate or not accounts.exchange_difference:
        return
    for entry in entries:
        if entry.clears_receipt:
            apart = round_money(entry.amount * booked_at, currency) - round_money(entry.amount * rate, currency)
            if apart:
                yield JournalLine(entry.account, entry.cost_centre, ZERO, apart, f"at the receipt's rate: {entry.text}")
                yield JournalLine(accounts.exchange_difference, entry.cost_centre, ZERO, -apart, "exchange difference")


# What an earlier period accrued


def accrual_journal(accrual: Accrual, currency: str, *, reverse: bool) -> Journal:
    """Build the journal of an accrual, or of its reversal, in the entity's currency."""
    amount = -accrual.amount if reverse else accrual.amount
    text = f"{'reversal of the ' if reverse else ''}accrual of {accrual.period}"
    lines = (
        JournalLine(accrual.account, accrual.cost_centre, amount, amount, text),
        JournalLine(accrual.liability_account, "", -amount, -amount, text),
    )
    return Journal(currency, currency, Decimal(1), lines)
