"""Posts a case to the embedded ledger: the journal is rows of the same unit of work, under one effect key."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comptroller.application.casework.authority import tax_posting
from comptroller.application.casework.milestones import mark_posted
from comptroller.application.ledger.attestation import take_back_attestations
from comptroller.application.ledger.items import open_case_item
from comptroller.application.ledger.writing import About, line_rows, write_journal
from comptroller.application.records import JournalRow
from comptroller.domain.controls.matching import match_lines
from comptroller.domain.controls.posting import Journal, Plan, accrual_journal, build_journal

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def post_journal(run: "CaseRun") -> None:
    """Build the journal from the facts that were just decided on, and write it.

    INVARIANT 4: the effect key is unique in the tenant, so that a case is posted once whatever is repeated.
    """
    journal = build_journal(
        run.invoice,
        run.context,
        accounts=run.accounts,
        tax=tax_posting(run.outcomes["tax comparison"]),
        matches=match_lines(run.invoice, run.context),
        plan=_plan(run),
    )
    day = _posting_day(run)
    _write(run, journal, day)
    _reverse_accrual(run, day)


def _plan(run: "CaseRun") -> Plan:
    """What the controls of this run say about booking."""
    coding, withholding, group = (run.outcomes.get(name) or {} for name in ("coding", "withholding", "intercompany"))
    kept: Any = withholding if withholding.get("outcome") == "withhold" else {}
    return Plan(
        treatments={str(line.get("line")): str(line.get("treatment")) for line in coding.get("lines") or ()},
        withheld_percent=kept.get("rate") or Decimal(0),
        withheld_base=kept.get("base") or Decimal(0),
        in_pair=group.get("outcome") == "post in pair",
    )


def _reverse_accrual(run: "CaseRun", day: date) -> None:
    """Take back what an earlier period has accrued for this supply, in a journal of its own."""
    periods, context = run.context.periods, run.context
    if periods is None or periods.accrual is None or context.entity is None:
        return
    if (run.outcomes.get("period and cut-off") or {}).get("reverse accrual") is not True:
        return
    journal = accrual_journal(periods.accrual, context.entity.currency, reverse=True)
    about = About(
        journal_id=f"{run.row.case_id}.J2",
        kind="reversal",
        entity=run.row.entity,
        posted_on=day,
        text=f"reversal of the accrual of {periods.accrual.period}: {run.row.supplier_name} {run.row.number}",
        stream=run.stream,
        case_id=run.row.case_id,
        supplier=run.row.supplier,
        document=run.row.number,
        order_number=context.order.number if context.order is not None else "",
    )
    write_journal(run.session, journal, about)


def _posting_day(run: "CaseRun") -> date:
    """The day that the journal is dated: today, or the last day of an earlier period that is still open."""
    today = run.context.posting_date
    assert today is not None
    period = str((run.outcomes.get("period and cut-off") or {}).get("posting period") or "")
    if not period or period == f"{today:%Y-%m}":
        return today
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, monthrange(year, month)[1])


def _write(run: "CaseRun", journal: Journal, posting_date: date) -> None:
    uow, row = run.session.uow, run.row
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
    take_back_attestations(run.session, written)
    mark_posted(run, seq)
