"""Completeness, from intake to ledger: every document that was received stands in one line, and the lines add up.

A document is in one case, or is the same one again, which opens none. A case of an order, a payment run or a change of
policy is no document and in no line.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from comptroller.application.casework.milestones import RECEIVED_AGAIN
from comptroller.application.presenting.words import OUTCOME_TITLES
from comptroller.application.records import CaseCount
from comptroller.application.session import Session
from comptroller.application.views import CompletenessRow, CompletenessView, ControlTotal
from comptroller.domain.documents.model import DocumentKind

DOCUMENTS: Final = frozenset({DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE})
CURRENCIES_MAX: Final = 3
"""Columns of amounts: a company of more currencies has its amounts in the control totals alone."""


def completeness(session: Session, counts: Sequence[CaseCount]) -> CompletenessView:
    """What became of each document, of the cases that the caller may see."""
    again = [count for count in session.uow.marked_counts(RECEIVED_AGAIN) if session.caller.sees(count.entity)]
    documents = [count for count in counts if count.kind in DOCUMENTS or count.kind == DocumentKind.UNKNOWN]
    currencies = sorted({count.currency for count in documents if count.currency})
    shown = tuple(currencies) if len(currencies) <= CURRENCIES_MAX else ()
    outcomes = [name for name in OUTCOME_TITLES if any(count.outcome == name for count in documents)]
    outcomes += sorted({count.outcome for count in documents} - set(outcomes))
    rows = [_row(shown, outcome, documents, counts) for outcome in outcomes]
    return CompletenessView(
        currencies=shown,
        rows=tuple(rows),
        cases=_sum("Cases of documents", shown, documents),
        again=_sum("The same document once more", shown, again),
        received=_sum("Documents received", shown, [*documents, *again]),
        totals=_totals(documents, again),
        without_amounts=sum(count.cases for count in documents if not count.currency),
    )


def _row(
    currencies: Sequence[str], outcome: str, documents: Sequence[CaseCount], counts: Sequence[CaseCount]
) -> CompletenessRow:
    """One way; its number leads to its cases where the list by this way holds no others."""
    own = [count for count in documents if count.outcome == outcome]
    found = _sum(OUTCOME_TITLES.get(outcome, outcome.capitalize()), currencies, own)
    listed = sum(count.cases for count in counts if count.outcome == outcome)
    query = urlencode({"outcome": outcome}) if listed == found.documents else ""
    return CompletenessRow(found.title, found.documents, found.gross, query)


def _sum(title: str, currencies: Sequence[str], counts: Sequence[CaseCount]) -> CompletenessRow:
    gross = tuple(
        sum((count.gross for count in counts if count.currency == currency), Decimal(0)) for currency in currencies
    )
    return CompletenessRow(title, sum(count.cases for count in counts), gross)


def _totals(documents: Sequence[CaseCount], again: Sequence[CaseCount]) -> tuple[ControlTotal, ...]:
    """What was received, by currency, each time that it was."""
    rows: dict[str, list[Decimal]] = {}
    for count in (*documents, *again):
        if count.currency:
            row = rows.setdefault(count.currency, [Decimal(0), Decimal(0), Decimal(0)])
            row[0] += count.cases
            row[1] += count.net
            row[2] += count.gross
    more = {currency: sum(count.cases for count in again if count.currency == currency) for currency in rows}
    return tuple(
        ControlTotal(currency, int(number), more[currency], net, gross - net, gross)
        for currency, (number, net, gross) in sorted(rows.items())
    )
