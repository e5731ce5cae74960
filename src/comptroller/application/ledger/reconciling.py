"""Reconciliations: what must agree, and where it does not.

Three things are held against each other. The **ledger** with itself, in each document currency and in the entity's.
The **payables control account** with the open items, journal by journal. The **clearing account** of goods received
with what was received and is not invoiced, order by order: receipts and quantities that invoices took, valued at the
order's price, against what the journals left on the account.

A difference is told with its place. Accruals move the clearing account to the accruals account over the end of a
period and back; they are left out on both sides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, Final

from comptroller.application.casework.gathering.reading import record_of
from comptroller.application.ledger.reading import EntityLedger, Posted, entity_ledger, whole_ledger
from comptroller.application.ledger.records_booking import open_quantities, receipt_journal_id
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.posting import Accounts
from comptroller.domain.documents.model import Order, Receipt
from comptroller.domain.kernel.money import CONTEXT, ZERO, Money, round_money

ACCRUAL_KINDS: Final = frozenset({"accrual", "reversal"})

CLEARING_KINDS: Final = frozenset({"payment", "return"})
"""Journals that close items, or open them again, and have none of their own."""


@dataclass(frozen=True, slots=True)
class ReconcileLedger:
    """Hold an entity's ledger against what it must agree with."""

    entity: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place where two sides differ."""

    what: str
    ledger: Decimal
    other: Decimal
    text: str

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        difference = self.ledger - self.other
        return {
            "what": self.what,
            "ledger": self.ledger,
            "other": self.other,
            "difference": difference,
            "text": self.text,
        }


def reconcile_ledger(session: Session, command: ReconcileLedger) -> dict[str, Any] | Refused:
    """Run every check; `agrees` is whether all of them do."""
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    accounts = session.policy.pack.accounts
    checks = [
        _balances(session.uow, entity),
        _payables(session.uow, entity, accounts),
        _clearing(session.uow, entity, accounts),
        _unbooked(session.uow, entity),
    ]
    return {
        "entity": entity.code,
        "currency": entity.currency,
        "agrees": all(check["agrees"] for check in checks),
        "checks": checks,
    }


def _check(name: str, text: str, ledger: Decimal, other: Decimal, places: Iterable[Place]) -> dict[str, Any]:
    where = [place.to_json() for place in places]
    return {
        "check": name,
        "text": text,
        "ledger": ledger,
        "other": other,
        "difference": ledger - other,
        "agrees": ledger == other and not where,
        "where": where,
    }


def _balances(uow: UnitOfWork, entity: EntityLedger) -> dict[str, Any]:
    total, places = ZERO, []
    for row, lines in whole_ledger(uow, entity.code):
        amount = sum((line.amount for line in lines), ZERO)
        local = sum((line.local_amount for line in lines), ZERO)
        total += local
        if amount or local:
            places.append(
                Place(row.journal_id, local, ZERO, f"{Money(amount, row.currency)} out of balance: {row.text}")
            )
    return _check("ledger balances", "every journal sums to nothing in both currencies", total, ZERO, places)


def _payables(uow: UnitOfWork, entity: EntityLedger, accounts: Accounts) -> dict[str, Any]:
    """Journal by journal: what it left on the control account and has not been paid is an open item of the same sum.

    A payment clears items of earlier journals and opens none; the journal of a paid item still has its own sum.
    """
    booked: dict[str, Decimal] = {}
    texts: dict[str, str] = {}
    total = ZERO
    named = payables_of(accounts)
    for row, lines in payables_journals(uow, entity.code, accounts):
        amount = -sum((line.local_amount for line in lines if line.account in named), ZERO)
        total += amount
        if row.kind not in CLEARING_KINDS:
            booked[row.journal_id], texts[row.journal_id] = amount, row.text
    items = {item.item_id: item.local_amount for item in uow.open_items(entity=entity.code)}
    other = sum(items.values(), ZERO)
    places = []
    for journal_id, amount in booked.items():
        item = uow.open_item(journal_id)
        if item is None and amount:
            places.append(Place(journal_id, amount, ZERO, f"booked without an open item: {texts[journal_id]}"))
        elif item is not None and item.local_amount != amount:
            places.append(Place(journal_id, amount, item.local_amount, f"another sum than its item: {item.number}"))
    places += [
        Place(item, ZERO, amount, "an open item without its journal")
        for item, amount in items.items()
        if item not in booked
    ]
    text = f"account {' and '.join(sorted(named))} is the sum of the open items"
    return _check("payables", text, total, other, places)


def payables_of(accounts: Accounts) -> frozenset[str]:
    """The control accounts: what is owed to suppliers, and to companies of the group."""
    return frozenset({accounts.payables, accounts.group_payables} - {""})


def payables_journals(uow: UnitOfWork, entity: str, accounts: Accounts, *, period: str = "") -> Iterator[Posted]:
    """Every journal on a control account, each once."""
    seen: set[str] = set()
    for account in sorted(payables_of(accounts)):
        for row, lines in whole_ledger(uow, entity, period=period, account=account):
            if row.journal_id not in seen:
                seen.add(row.journal_id)
                yield row, lines


def _clearing(uow: UnitOfWork, entity: EntityLedger, accounts: Accounts) -> dict[str, Any]:
    ledger: dict[str, Decimal] = {}
    for row, lines in whole_ledger(uow, entity.code, account=accounts.receipts_clearing):
        if row.kind in ACCRUAL_KINDS:
            continue
        amount = -sum((line.amount for line in lines if line.account == accounts.receipts_clearing), ZERO)
        ledger[row.order_number] = ledger.get(row.order_number, ZERO) + amount
    expected = {order.number: open_value(uow, order) for order in orders_of(uow, entity.code)}
    places = [
        Place(
            number or "no order",
            ledger.get(number, ZERO),
            expected.get(number, ZERO),
            f"goods received of order {number}" if number else "booked on the account without an order",
        )
        for number in sorted({*ledger, *expected})
        if ledger.get(number, ZERO) != expected.get(number, ZERO)
    ]
    text = f"account {accounts.receipts_clearing} is what came and is not invoiced, in the orders' currencies"
    return _check(
        "goods received, not invoiced", text, sum(ledger.values(), ZERO), sum(expected.values(), ZERO), places
    )


def orders_of(uow: UnitOfWork, entity: str) -> list[Order]:
    """The orders of an entity that are on file."""
    read = (record_of(Order, row) for row in uow.reference_list("order"))
    return [order for order in read if order is not None and order.entity == entity]


def open_value(uow: UnitOfWork, order: Order, *, until: date | None = None) -> Decimal:
    """What came on an order and is not invoiced, at the order's prices, in its currency; returns count negative.

    `until` leaves out what came after a day.
    """
    quantities = open_quantities(uow, order, until=until)
    with localcontext(CONTEXT):
        return sum((round_money(quantities[line.id] * line.unit_price, order.currency) for line in order.lines), ZERO)


def _unbooked(uow: UnitOfWork, entity: EntityLedger) -> dict[str, Any]:
    orders = {order.number for order in orders_of(uow, entity.code)}
    places = []
    for row in uow.reference_list("receipt"):
        receipt = record_of(Receipt, row)
        if receipt is None or receipt.order not in orders:
            continue
        if uow.journal(receipt_journal_id(row.key, row.version)) is None and any(
            line.quantity for line in receipt.lines
        ):
            places.append(Place(row.key, ZERO, ZERO, f"the receipt for order {receipt.order} is not booked"))
    return _check("receipts booked", "every receipt is in the ledger", ZERO, ZERO, places)
