"""Open items: what each journal on the payables account leaves owed, with its days, its discount and its block.

An item is opened by the journal that posts it and closed by the one that pays it; it is paid whole or not at all.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import JournalRow, OpenItemRow, revised
from comptroller.application.session import Session
from comptroller.domain.controls.posting import Accounts, Journal
from comptroller.domain.controls.terms import Terms, discount_of
from comptroller.domain.kernel.money import ZERO

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

LIFTED: Final = "lifted"

WITHOUT_CASE: Final = "posted without a case"
"""The block of an item that was posted by hand: nothing has judged it."""


def owed(journal: Journal, accounts: Accounts) -> tuple[Decimal, Decimal]:
    """What a journal leaves owed to suppliers and companies of the group, in its own and in the entity's currency."""
    sums = owed_on(journal, accounts).values()
    return sum((amount for amount, _ in sums), ZERO), sum((local for _, local in sums), ZERO)


def owed_on(journal: Journal, accounts: Accounts) -> dict[str, tuple[Decimal, Decimal]]:
    """What a journal leaves owed on each payables account that it is booked to: paying it settles that account."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for line in journal.lines:
        if line.account in {accounts.payables, accounts.group_payables}:
            amount, local = sums.get(line.account, (ZERO, ZERO))
            sums[line.account] = (amount - line.amount, local - line.local_amount)
    return sums


def open_case_item(run: "CaseRun", row: JournalRow, journal: Journal) -> None:
    """Open the item of a case that has just been posted."""
    amount, local = owed(journal, run.accounts)
    if not amount and not local:
        return
    terms = _terms(run)
    item = OpenItemRow(
        item_id=row.journal_id,
        case_id=row.case_id,
        entity=row.entity,
        supplier=run.row.supplier,
        supplier_name=run.row.supplier_name,
        number=run.row.number,
        currency=journal.currency,
        amount=amount,
        local_currency=journal.local_currency,
        local_amount=local,
        posted_on=row.posted_on,
        issued_on=run.invoice.issue_date.isoformat() if run.invoice.issue_date else "",
        due_on=terms.due_on.isoformat() if terms.due_on else "",
        discount_on=terms.discount_on.isoformat() if terms.discount_on and amount > 0 else "",
        discount=discount_of(amount, terms.percent, journal.currency) if terms.discount_on and amount > 0 else ZERO,
        payment_block=row.payment_block,
        status="open",
        run="",
        cleared_on="",
        version=1,
    )
    run.session.uow.insert(item)
    run.tell("item.opened", told(item))


def open_item_by_hand(session: Session, row: JournalRow, journal: Journal, stream: str) -> None:
    """Open the item of a journal that no case posted; it is blocked, since nothing has judged it."""
    amount, local = owed(journal, session.policy.pack.accounts)
    if not row.supplier or (not amount and not local):
        return
    alias = f"supplier/{row.supplier}"
    found = session.uow.references([alias])[alias]
    name = str(body_of(found[0]).get("name", "")) if found else ""
    item = OpenItemRow(
        item_id=row.journal_id,
        case_id="",
        entity=row.entity,
        supplier=row.supplier,
        supplier_name=name,
        number=row.document,
        currency=journal.currency,
        amount=amount,
        local_currency=journal.local_currency,
        local_amount=local,
        posted_on=row.posted_on,
        issued_on="",
        due_on=row.posted_on,
        discount_on="",
        discount=ZERO,
        payment_block=WITHOUT_CASE,
        status="open",
        run="",
        cleared_on="",
        version=1,
    )
    session.uow.insert(item)
    session.evidence.tell(stream, "item.opened", told(item))


def block_now(uow: UnitOfWork, item: OpenItemRow) -> str:
    """Why the payment of an item is blocked now, empty for none.

    A block that was placed as a record is lifted as a record; an item without such a record has the block that it was
    posted with. A block on the supplier blocks every item of it.
    """
    own = list(uow.payment_blocks(case_id=item.case_id)) if item.case_id else []
    if any(block.status != LIFTED for block in own):
        return item.payment_block or next(block.cause for block in own if block.status != LIFTED)
    blocked = [b for b in uow.payment_blocks(supplier=item.supplier) if not b.case_id and b.status != LIFTED]
    if blocked:
        return blocked[0].cause
    return "" if own else item.payment_block


def change(session: Session, item: OpenItemRow, **changes: Any) -> OpenItemRow:
    """Write the next version of an item."""
    changed = revised(item, version=item.version + 1, **changes)
    session.uow.update(changed)
    return changed


def told(item: OpenItemRow) -> dict[str, Any]:
    """What an entry says of an item."""
    return {
        "item": item.item_id,
        "supplier": item.supplier,
        "currency": item.currency,
        "amount": item.amount,
        "due_on": item.due_on,
        "discount_on": item.discount_on,
        "discount": item.discount,
        "payment_block": item.payment_block,
    }


def _terms(run: "CaseRun") -> Terms:
    """The terms that policy decided; where it decided none, the document's due date or the supplier's own terms."""
    decided = run.outcomes.get("payment terms")
    if isinstance(decided, dict) and isinstance(decided.get("due date"), date):
        until, percent = decided.get("discount date"), decided.get("discount percent")
        return Terms(decided["due date"], until if isinstance(until, date) else None, percent or ZERO)
    supplier, invoice = run.context.supplier, run.invoice
    baseline = invoice.issue_date or run.context.posting_date
    if baseline is None:
        return Terms(invoice.due_date, None, ZERO)
    if supplier is None:
        return Terms(invoice.due_date or baseline, None, ZERO)
    until = baseline + timedelta(days=supplier.discount_days) if supplier.discount_percent else None
    return Terms(invoice.due_date or baseline + timedelta(days=supplier.payment_days), until, supplier.discount_percent)
