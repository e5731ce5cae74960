"""Keeps a case where the searches for duplicates and splits find it: what it is compared by, and its names."""

from collections.abc import Iterator, Sequence
from typing import Final

from comptroller.application.casework.gathering import order_numbers
from comptroller.application.casework.run import CaseRun
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CandidateKeyRow, CandidateRow, CaseRow
from comptroller.domain.controls.candidate_index import (
    amount_lookups,
    copy_lookup,
    identities,
    number_lookups,
    spending_lookups,
)
from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.marks import line_marks, period_text
from comptroller.domain.controls.numbers import normalised, stem
from comptroller.domain.documents.model import Invoice, PrecedingInvoice
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import encode

SAME_DAY_MAX: Final = 1_000
"""Cases of one name and day among which a case's own earlier names are looked for."""


def index_case(run: CaseRun) -> None:
    """Write what the case is compared by, and the names it is found under; a correction adds what is new."""
    uow, row = run.session.uow, _candidate_row(run)
    known = {kept.number_normalised for kept, _ in uow.candidates([row.case_id])} if run.row.version > 1 else set()
    if row.number_normalised in known:
        uow.update(row)
    else:
        uow.insert(row)
    keys = list(_key_rows(run))
    if known:
        keys = [key for key in keys if not _is_known(uow, key)]
    uow.insert(*keys)


def numbered(uow: UnitOfWork, invoice: Invoice, preceding: PrecedingInvoice) -> Sequence[tuple[CandidateRow, CaseRow]]:
    """The cases of the invoice's seller with the number that it names as the preceding one."""
    day = preceding.issue_date or invoice.issue_date
    found = uow.candidate_keys(
        number_lookups(identities(invoice, None), preceding.number),
        day.isoformat() if day is not None else "",
        limits.CANDIDATES_PER_KEY_MAX,
    )
    return uow.candidates(dict.fromkeys(row.case_id for row in found)) if found else ()


def _context(run: CaseRun) -> InvoiceContext:
    """What was gathered around the document; where its process stands still, nothing."""
    now = run.session.now
    return InvoiceContext(now=now, today=now.date()) if run.material is None else run.context


def _is_known(uow: UnitOfWork, key: CandidateKeyRow) -> bool:
    found = uow.candidate_keys([key.lookup], key.day, SAME_DAY_MAX)
    return any(row.case_id == key.case_id and row.day == key.day for row in found)


def _candidate_row(run: CaseRun) -> CandidateRow:
    case, invoice, context = run.row, run.invoice, _context(run)
    totals, orders = invoice.totals, order_numbers(invoice)
    marks = [(mark.name, mark.order_line, mark.net) for mark in line_marks(invoice)]
    return CandidateRow(
        number_normalised=stem(invoice.number),
        case_id=case.case_id,
        number=invoice.number,
        supplier=case.supplier,
        vat_id=invoice.seller.vat_id if invoice.seller else "",
        account=next((payment.account for payment in invoice.payments if payment.account), ""),
        entity=case.entity,
        currency=invoice.currency,
        net=totals.net,
        gross=totals.gross,
        issue_date=invoice.issue_date.isoformat() if invoice.issue_date else "",
        type_code=invoice.type_code,
        cost_centre=context.cost_centre,
        requester=context.requester,
        order_number=orders[0] if orders else "",
        amount=run.facts.get("amount"),
        corporate_group=context.supplier.corporate_group if context.supplier is not None else "",
        period=period_text(invoice),
        lines=encode(marks).decode(),
    )


def _key_rows(run: CaseRun) -> Iterator[CandidateKeyRow]:
    invoice, context = run.invoice, _context(run)
    told = identities(invoice, context.supplier)
    day = (invoice.issue_date or context.today).isoformat()
    spent = () if order_numbers(invoice) else spending_lookups(run.row.supplier, context.cost_centre, context.requester)
    lookups = (
        *number_lookups(told, invoice.number),
        *amount_lookups(told, invoice.currency, invoice.totals.gross),
        *copy_lookup(invoice.number, invoice.currency, invoice.totals.gross),
        *spent,
    )
    number = normalised(invoice.number)
    for lookup in dict.fromkeys(lookups):
        yield CandidateKeyRow(lookup, day, run.row.case_id, number)
