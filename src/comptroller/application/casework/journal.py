"""Posts a case to the embedded ledger: the journal is rows of the same unit of work, under one effect key."""

from typing import TYPE_CHECKING, Any

from comptroller.application.casework.milestones import mark_posted
from comptroller.application.ledger.items import open_case_item
from comptroller.application.ledger.writing import line_rows
from comptroller.application.records import JournalRow
from comptroller.domain.controls.matching import match_lines
from comptroller.domain.controls.posting import Journal, TaxPosting, build_journal

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def post_journal(run: "CaseRun") -> None:
    """Build the journal from the facts that were just decided on, and write it.

    INVARIANT 4: the effect key is unique in the tenant, so that a case is posted once whatever is repeated.
    """
    tax: Any = run.outcomes["tax comparison"]
    journal = build_journal(
        run.invoice,
        run.context,
        accounts=run.accounts,
        tax=TaxPosting(bool(tax.get("self assess")), tax.get("expected rate")),
        matches=match_lines(run.invoice, run.context),
    )
    _write(run, journal)


def _write(run: "CaseRun", journal: Journal) -> None:
    uow, row, posting_date = run.session.uow, run.row, run.context.posting_date
    assert posting_date is not None
    journal_id = f"{row.case_id}.J1"
    written = JournalRow(
        journal_id=journal_id,
        case_id=row.case_id,
        effect_key=f"{row.case_id}.post",
        entity=row.entity,
        period=f"{posting_date:%Y-%m}",
        posted_at=run.session.now,
        currency=journal.currency,
        rate=journal.rate,
        text=f"{row.supplier_name} {row.number}",
        payment_block=run.dossier.payment_block,
        kind="invoice",
        posted_on=posting_date.isoformat(),
        local_currency=journal.local_currency,
        supplier=row.supplier,
        document=row.number,
        order_number=run.context.order.number if run.context.order is not None else "",
    )
    uow.insert(written, *line_rows(journal_id, journal))
    open_case_item(run, written, journal)
    run.dossier.journal = journal_id
    seq = run.tell(
        "journal.posted",
        {
            "journal": journal_id,
            "period": f"{posting_date:%Y-%m}",
            "currency": journal.currency,
            "rate": journal.rate,
            "payment_block": run.dossier.payment_block,
            "lines": [[line.account, line.cost_centre, line.amount, line.local_amount] for line in journal.lines],
        },
    )
    mark_posted(run, seq)
