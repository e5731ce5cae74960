"""The debit note of an invoice that is paid short: a journal that claims the difference back from the supplier.

The invoice is booked as it came, its difference on the price-difference account; the debit note takes that back, with
the input VAT that was charged on it, and leaves an open item for the supplier's debt that is netted when paying.
"""

from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from comptroller.application.ledger.items import owed, owed_on, told
from comptroller.application.ledger.writing import About, stored_journal, write_journal
from comptroller.application.records import OpenItemRow
from comptroller.domain.controls.posting import Journal, JournalLine
from comptroller.domain.controls.tax import tax_of
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def post_debit_note(run: "CaseRun") -> None:
    """Book the debit note of a case that has just been posted; nothing where nothing is claimed back."""
    claimed = run.dossier.short_paid
    if not claimed:
        return
    journal = _journal(run)
    posted_on = run.context.posting_date
    assert isinstance(posted_on, date)
    number = f"DN-{run.row.number}"
    row = write_journal(
        run.session,
        journal,
        About(
            journal_id=f"{run.row.case_id}.D1",
            kind="debit note",
            entity=run.row.entity,
            posted_on=posted_on,
            text=f"debit note to {run.row.supplier_name} {run.row.number}",
            stream=run.stream,
            case_id=run.row.case_id,
            supplier=run.row.supplier,
            document=number,
            order_number=run.invoice.order_number,
        ),
    )
    amount, local_amount = owed(journal, run.accounts)
    item = OpenItemRow(
        item_id=row.journal_id,
        case_id=run.row.case_id,
        entity=run.row.entity,
        supplier=run.row.supplier,
        supplier_name=run.row.supplier_name,
        number=number,
        currency=journal.currency,
        amount=amount,
        local_currency=journal.local_currency,
        local_amount=local_amount,
        posted_on=row.posted_on,
        issued_on=row.posted_on,
        due_on=row.posted_on,
        discount_on="",
        discount=ZERO,
        payment_block="",
        status="open",
        run="",
        cleared_on="",
        version=1,
    )
    run.session.uow.insert(item)
    run.tell("item.opened", told(item))


def _journal(run: "CaseRun") -> Journal:
    """The account that the invoice is owed on against price difference and input VAT, for every difference."""
    invoice, context, accounts = run.invoice, run.context, run.accounts
    posted = stored_journal(run.session.uow, run.dossier.journal)
    assert posted is not None  # the invoice has just been booked
    payables = next(iter(owed_on(posted, accounts)), accounts.payables)  # nothing is owed on what was paid in advance
    currency = context.entity.currency if context.entity else ""
    lines: list[JournalLine] = []
    with localcontext(CONTEXT):
        assert context.rate is not None  # the invoice has just been booked at these
        assert context.entity_rate is not None
        rate = context.rate / context.entity_rate
        tax: Any = run.outcomes.get("tax comparison") or {}
        rates = {line.id: line.tax.rate for line in invoice.lines if line.tax is not None}

        def add(account: str, amount: Decimal, text: str) -> None:
            if amount:
                lines.append(JournalLine(account, "", amount, round_money(amount * rate, currency), text))

        for each in run.dossier.short_paid:
            net = Decimal(each["amount"])
            charged = None if tax.get("self assess") else rates.get(each["line"])
            vat = tax_of(net, charged, invoice.currency) if charged else ZERO
            about = f"{each['type']} of line {each['line']}"
            add(payables, net + vat, f"debit note: {about}")
            add(accounts.price_difference, -net, f"claimed back: {about}")
            add(accounts.input_tax, -vat, f"input VAT claimed back: {about}")
        left = sum((line.local_amount for line in lines), ZERO)
        if left:
            lines.append(JournalLine(accounts.rounding, "", ZERO, -left, "rounding of the conversion"))
    return Journal(invoice.currency, currency, rate, tuple(lines))
