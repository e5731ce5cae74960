"""The journal that books an invoice: balanced in the document's and in the entity's currency, or not at all.

What is owed (payables, credit) stands against what it is owed for. A matched line clears goods received at the order's
price for the quantity that was received; whatever the invoice asks beyond that is the price difference. An order-less
line is an expense of its category. Input VAT is what the invoice charges; where the buyer owes the tax, it is computed
here and booked both ways. A credit note is the same with every sign turned.

Each line is converted at one rate and rounded; what the rounding leaves over in the entity's currency goes to the
rounding account, so that both columns sum to nothing. Accounts are the pack's parameters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.matching import LineMatch
from comptroller.domain.controls.tax import tax_of
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money


@dataclass(frozen=True, slots=True)
class Accounts:
    """The ledger accounts of a pack; `expense` is by category, `expense_other` for the rest."""

    payables: str
    receipts_clearing: str  # goods received, invoice not received
    input_tax: str
    output_tax: str  # owed by the buyer under reverse charge
    price_difference: str
    rounding: str
    prepayments: str
    expense_other: str
    expense: Mapping[str, str]
    accruals: str = ""  # owed at the end of a period, not invoiced or not posted
    opening: str = ""  # balances carried forward from the books before these
    bank: str = ""
    discount_received: str = ""
    exchange_difference: str = ""


@dataclass(frozen=True, slots=True)
class TaxPosting:
    """What the tax decision says about booking: whether the buyer owes the tax, and at which rate in percent."""

    self_assess: bool
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a journal: debit positive, credit negative."""

    account: str
    cost_centre: str
    amount: Decimal  # document's currency
    local_amount: Decimal  # entity's currency
    text: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A balanced journal with the rate from the document's to the entity's currency."""

    currency: str
    local_currency: str
    rate: Decimal
    lines: tuple[JournalLine, ...]


class UnbalancedJournal(Exception):
    """A journal that cannot be built balanced: a defect, since controls let no such document come this far."""


@dataclass(frozen=True, slots=True)
class _Entry:
    account: str
    cost_centre: str
    amount: Decimal
    text: str


def build_journal(
    invoice: Invoice,
    context: InvoiceContext,
    *,
    accounts: Accounts,
    tax: TaxPosting,
    matches: tuple[LineMatch, ...],
) -> Journal:
    """Build the journal of an invoice or credit note.

    `matches` are the lines as measured against the order, empty for an order-less document. Raises
    `UnbalancedJournal` when totals, rate or entity are missing, or the totals contradict each other.
    """
    totals = invoice.totals
    if totals.net is None or totals.gross is None or totals.payable is None:
        raise UnbalancedJournal(f"document `{invoice.number}` has no totals")
    rate = _local_rate(context)
    with localcontext(CONTEXT):
        entries = [*_goods(invoice, context, accounts, matches), *_taxes(invoice, accounts, tax)]
        prepaid, rounding = totals.prepaid or ZERO, totals.rounding or ZERO
        entries += [
            _Entry(accounts.rounding, "", rounding, "rounding of the payable amount"),
            _Entry(accounts.prepayments, "", -prepaid, "paid in advance"),
            _Entry(accounts.payables, "", -totals.payable, f"{_supplier_name(invoice, context)} {invoice.number}"),
        ]
        sign = -1 if invoice.is_credit_note else 1
        entries = [_Entry(e.account, e.cost_centre, e.amount * sign, e.text) for e in entries if e.amount]
        if sum(entry.amount for entry in entries) != 0:
            raise UnbalancedJournal(f"the journal of document `{invoice.number}` does not balance")
        local_currency = context.entity.currency if context.entity is not None else ""
        lines = _converted(entries, rate, local_currency, accounts.rounding)
    return Journal(invoice.currency, local_currency, rate, lines)


def _local_rate(context: InvoiceContext) -> Decimal:
    """Cross the two group rates: how much of the entity's currency one unit of the document's is."""
    if context.entity is None or not context.rate or not context.entity_rate:
        raise UnbalancedJournal("the entity or a rate is not known")
    return CONTEXT.divide(context.rate, context.entity_rate)


def _supplier_name(invoice: Invoice, context: InvoiceContext) -> str:
    if context.supplier is not None:
        return context.supplier.name
    return invoice.seller.name if invoice.seller is not None else ""


def _goods(
    invoice: Invoice, context: InvoiceContext, accounts: Accounts, matches: tuple[LineMatch, ...]
) -> Iterable[_Entry]:
    """Book the net amount: cleared receipts and price differences, or expenses; then allowances and charges."""
    matched = bool(matches)
    category = context.supplier.category if context.supplier is not None else ""
    expense = accounts.expense.get(category, accounts.expense_other)
    beyond_lines = accounts.price_difference if matched else expense
    if matched:
        for match in matches:
            yield from _matched_line(match, invoice.currency, context.cost_centre, accounts)
    else:
        for line in invoice.lines:
            cost_centre = line.accounting_reference or context.cost_centre
            yield _Entry(expense, cost_centre, line.net_amount or ZERO, line.name)
    for item in invoice.allowances_charges:
        amount = item.amount or ZERO
        text = item.reason or ("charge" if item.is_charge else "allowance")
        yield _Entry(beyond_lines, context.cost_centre, amount if item.is_charge else -amount, text)


def _matched_line(match: LineMatch, currency: str, cost_centre: str, accounts: Accounts) -> Iterable[_Entry]:
    line, order_line = match.line, match.order_line
    net = line.net_amount or ZERO
    cleared = ZERO
    if order_line is not None:
        if match.clearing_quantity == match.quantity and match.price_difference == ZERO:
            cleared = net
        else:
            cleared = round_money(match.clearing_quantity * order_line.price, currency)
        cost_centre = order_line.cost_centre or cost_centre
    yield _Entry(accounts.receipts_clearing, cost_centre, cleared, line.name)
    yield _Entry(accounts.price_difference, cost_centre, net - cleared, f"difference to the order: {line.name}")


def _taxes(invoice: Invoice, accounts: Accounts, tax: TaxPosting) -> Iterable[_Entry]:
    for row in invoice.tax_breakdown:
        code = row.category.code if row.category is not None else ""
        yield _Entry(accounts.input_tax, "", row.tax_amount or ZERO, f"input VAT {code}".rstrip())
    if tax.self_assess:
        if tax.rate is None or invoice.totals.net is None:
            raise UnbalancedJournal("the buyer owes the tax, but no rate is known")
        owed = tax_of(invoice.totals.net, tax.rate, invoice.currency)
        yield _Entry(accounts.input_tax, "", owed, "input VAT, reverse charge")
        yield _Entry(accounts.output_tax, "", -owed, "output VAT, reverse charge")


def _converted(entries: list[_Entry], rate: Decimal, currency: str, rounding_account: str) -> tuple[JournalLine, ...]:
    lines = [
        JournalLine(e.account, e.cost_centre, e.amount, round_money(e.amount * rate, currency), e.text) for e in entries
    ]
    left = sum((line.local_amount for line in lines), ZERO)
    if left:
        lines.append(JournalLine(rounding_account, "", ZERO, -left, "rounding of the conversion"))
    return tuple(lines)
