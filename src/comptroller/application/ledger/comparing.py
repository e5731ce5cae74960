"""Compares a ledger with the cases: an outside ledger's extract, or the embedded ledger itself."""

from dataclasses import dataclass
from typing import Any

from comptroller.application.ledger.items import owed_on
from comptroller.application.ledger.reading import entity_ledger
from comptroller.application.ledger.reconciling import CLEARING_KINDS, payables_journals
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.ledger_comparison import (
    CaseDocument,
    Comparison,
    LedgerDocument,
    Pair,
    compare,
)
from comptroller.domain.controls.posting import Journal, JournalLine
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class CompareLedger:
    """Compare an extract's documents, or the embedded ledger's own where none are given, with the cases of a period."""

    entity: str
    period: str = ""  # empty: the running one
    documents: tuple[LedgerDocument, ...] | None = None


def compare_ledger(session: Session, command: CompareLedger) -> dict[str, Any] | Refused:
    """Tell what is matched, what was posted without a case, what has no posting, what differs, and the coverage.

    Amounts are in the entity's currency.
    """
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    period = command.period or f"{entity.today:%Y-%m}"
    documents = _own_documents(session, entity.code, period) if command.documents is None else command.documents
    cases = [
        CaseDocument(item.case_id, item.number, parse_day(item.posted_on), item.local_amount, item.supplier)
        for item in session.uow.open_items(entity=entity.code, posted_in=period)
        if item.case_id
    ]
    comparison = compare(documents, cases)
    return {"entity": entity.code, "period": period, "currency": entity.currency, **comparison_view(comparison)}


def _own_documents(session: Session, entity: str, period: str) -> tuple[LedgerDocument, ...]:
    accounts = session.policy.pack.accounts
    found = []
    for row, lines in payables_journals(session.uow, entity, accounts, period=period):
        if row.kind in CLEARING_KINDS:
            continue
        built = tuple(JournalLine(line.account, "", line.amount, line.local_amount, line.text) for line in lines)
        sums = owed_on(Journal(row.currency, row.local_currency, row.rate, built), accounts)
        found.append(
            LedgerDocument(
                row.journal_id,
                row.document,
                parse_day(row.posted_on),
                sum((local for _, local in sums.values()), ZERO),
                account=", ".join(sums),
                text=row.text,
                journal=row.journal_id,
                case_id=row.case_id,
            )
        )
    return tuple(found)


def comparison_view(comparison: Comparison) -> dict[str, Any]:
    """A comparison as it is told."""
    return {
        "documents": comparison.documents,
        "covered": comparison.covered,
        "coverage_percent": comparison.coverage(),
        "coverage_by_value_percent": comparison.coverage_by_value(),
        "bypass_value": sum((abs(document.amount) for document in comparison.bypass), ZERO),
        "matched": [_pair(pair) for pair in comparison.matched],
        "differing": [_pair(pair) for pair in comparison.differing],
        "bypass": [_document(document) for document in comparison.bypass],
        "unposted": [_case(case) for case in comparison.unposted],
    }


def _document(document: LedgerDocument) -> dict[str, Any]:
    return {
        "place": document.place,
        "journal": document.journal,
        "account": document.account,
        "number": document.number,
        "date": document.day,
        "amount": document.amount,
        "text": document.text,
    }


def _case(case: CaseDocument) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "supplier": case.supplier,
        "number": case.number,
        "date": case.day,
        "amount": case.amount,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {**_document(pair.document), "case_id": pair.case.case_id, "difference": pair.difference}
