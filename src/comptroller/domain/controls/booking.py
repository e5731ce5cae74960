"""Journals that no invoice asks for: goods received, a price amended, an accrual and its reversal, a payment.

**Goods received** are booked when they come, at the order's price: inventory or expense against received-not-invoiced.
An invoice takes that balance back (`posting`), so that what is left on the clearing account is what came and was not
invoiced. Where the order's price is amended in between, what is still open is booked at the new price; else the
invoice would clear more, or less, than was booked.

Every journal balances in the document's and in the entity's currency: each entry is converted at one rate and rounded,
and what the rounding leaves over goes to the rounding account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from comptroller.domain.controls.posting import Accounts, Journal, JournalLine, UnbalancedJournal
from comptroller.domain.documents.model import Order, OrderLine, Receipt
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount to book: debit positive, in the document's currency."""

    account: str
    amount: Decimal
    text: str
    cost_centre: str = ""
    local_amount: Decimal | None = None  # where it is known already, else converted at the journal's rate


@dataclass(frozen=True, slots=True)
class Currencies:
    """The document's currency, the entity's, and how much of the entity's one unit of the document's is."""

    document: str
    local: str
    rate: Decimal


def balanced(entries: Iterable[Entry], currencies: Currencies, rounding_account: str) -> Journal:
    """Make a journal of entries; raises `UnbalancedJournal` when they do not sum to nothing."""
    with localcontext(CONTEXT):
        lines = [
            JournalLine(
                entry.account,
                entry.cost_centre,
                entry.amount,
                round_money(entry.amount * currencies.rate, currencies.local)
                if entry.local_amount is None
                else entry.local_amount,
                entry.text,
            )
            for entry in entries
            if entry.amount or entry.local_amount
        ]
        if sum((line.amount for line in lines), ZERO) != 0:
            raise UnbalancedJournal("the entries do not sum to nothing")
        left = sum((line.local_amount for line in lines), ZERO)
    if left:
        lines.append(JournalLine(rounding_account, "", ZERO, -left, "rounding of the conversion"))
    return Journal(currencies.document, currencies.local, currencies.rate, tuple(lines))


def reversed_journal(journal: Journal) -> Journal:
    """Return the same journal with every sign turned."""
    lines = tuple(replace(line, amount=-line.amount, local_amount=-line.local_amount) for line in journal.lines)
    return replace(journal, lines=lines)


def received_entries(receipt: Receipt, order: Order, accounts: Accounts, *, opening: bool = False) -> list[Entry]:
    """What a receipt books: goods or expense against received-not-invoiced, at the order's price.

    A line in another unit than the order's has no value here and is left out. What came before the books were taken
    over (`opening`) was an expense of that time: it stands against the balance carried forward.
    """
    lines = {line.id: line for line in order.lines}
    entries: list[Entry] = []
    with localcontext(CONTEXT):
        for received in receipt.lines:
            line = lines.get(received.order_line)
            if line is None or received.unit != line.unit:
                continue
            value = round_money(received.quantity * line.unit_price, order.currency)
            entries += _pair(line, order, value, accounts, f"{receipt.number}: {line.name}", opening=opening)
    return entries


def unvalued_lines(receipt: Receipt, order: Order) -> tuple[str, ...]:
    """Name the lines of a receipt that no value can be given: of no line of the order, or in another unit."""
    units = {line.id: line.unit for line in order.lines}
    return tuple(line.order_line for line in receipt.lines if units.get(line.order_line) != line.unit)


def repriced_entries(old: Order, new: Order, open_quantity: Mapping[str, Decimal], accounts: Accounts) -> list[Entry]:
    """What an amended price books for what came and is not invoiced: its difference in value, line by line."""
    before = {line.id: line for line in old.lines}
    entries: list[Entry] = []
    with localcontext(CONTEXT):
        for line in new.lines:
            was, quantity = before.get(line.id), open_quantity.get(line.id, ZERO)
            if was is None or was.unit_price == line.unit_price or quantity <= 0 or was.unit != line.unit:
                continue
            difference = round_money(quantity * line.unit_price, new.currency) - round_money(
                quantity * was.unit_price, old.currency
            )
            text = f"order {new.number}: price {was.price} to {line.price}"
            entries += _pair(line, new, difference, accounts, text)
    return entries


def _pair(
    line: OrderLine, order: Order, value: Decimal, accounts: Accounts, text: str, *, opening: bool = False
) -> list[Entry]:
    account = line.account or accounts.expense.get(order.category, accounts.expense_other)
    return [
        Entry(accounts.opening if opening else account, value, text, line.cost_centre),
        Entry(accounts.receipts_clearing, -value, text, line.cost_centre),
    ]
