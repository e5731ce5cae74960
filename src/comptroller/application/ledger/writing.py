"""Writes a journal: its rows and the entry that tells it, in the unit of work of what it books (INVARIANT 1).

The id of a journal is derived from what it books, so that the same thing is booked once (INVARIANT 4).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from comptroller.application.casework.gathering.ledger import group_rate, names_of_rate
from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.ledger.attestation import take_back_attestations
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import JournalLineRow, JournalRow
from comptroller.application.session import Session
from comptroller.domain.controls.booking import Currencies
from comptroller.domain.controls.posting import Journal, JournalLine
from comptroller.domain.kernel.money import CONTEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a journal books, and where it is told."""

    journal_id: str
    kind: str
    entity: str
    posted_on: date
    text: str
    stream: str
    case_id: str = ""
    supplier: str = ""
    document: str = ""
    order_number: str = ""
    source: str = ""


def write_journal(session: Session, journal: Journal, about: About) -> JournalRow:
    """Write a journal that is not there yet and tell it."""
    row = JournalRow(
        journal_id=about.journal_id,
        case_id=about.case_id,
        effect_key=about.journal_id,
        entity=about.entity,
        period=f"{about.posted_on:%Y-%m}",
        posted_at=session.now,
        currency=journal.currency,
        rate=journal.rate,
        text=about.text,
        payment_block="",
        kind=about.kind,
        posted_on=about.posted_on.isoformat(),
        local_currency=journal.local_currency,
        supplier=about.supplier,
        document=about.document,
        order_number=about.order_number,
        source=about.source,
    )
    session.uow.insert(row, *line_rows(about.journal_id, journal))
    session.evidence.tell(about.stream, "journal.posted", told(row, journal))
    take_back_attestations(session, row)
    return row


def line_rows(journal_id: str, journal: Journal) -> list[JournalLineRow]:
    """The lines of a journal as rows."""
    return [
        JournalLineRow(journal_id, number, line.account, line.cost_centre, line.amount, line.local_amount, line.text)
        for number, line in enumerate(journal.lines, start=1)
    ]


def told(row: JournalRow, journal: Journal) -> dict[str, Any]:
    """What the entry says of a posted journal."""
    return {
        "journal": row.journal_id,
        "kind": row.kind,
        "period": row.period,
        "posted_on": row.posted_on,
        "currency": row.currency,
        "rate": row.rate,
        "lines": [[line.account, line.cost_centre, line.amount, line.local_amount] for line in journal.lines],
    }


def stored_journal(uow: UnitOfWork, journal_id: str) -> Journal | None:
    """A written journal, as it was built."""
    found = uow.journal(journal_id)
    if found is None:
        return None
    row, lines = found
    built = tuple(
        JournalLine(each.account, each.cost_centre, each.amount, each.local_amount, each.text) for each in lines
    )
    return Journal(row.currency, row.local_currency, row.rate, built)


def currencies_of(uow: UnitOfWork, entity: str, currency: str, day: date) -> Currencies | None:
    """The entity's currency and the rate to it from a document's on a day; None where one is not known."""
    alias = f"entity/{entity}"
    found = uow.references([alias, *names_of_rate(currency, day)])
    if not found[alias]:
        return None
    local = str(body_of(found[alias][0])["currency"])
    to_group = group_rate(found, currency, day)
    of_local = group_rate(uow.references(names_of_rate(local, day)), local, day)
    if not to_group or not of_local:
        return None
    return Currencies(currency, local, CONTEXT.divide(to_group, of_local))


def period_state(uow: UnitOfWork, entity: str, day: date) -> str:
    """Whether the period of a day is open, closed or not opened; empty where it is not on file."""
    alias = f"period/{entity}/{day:%Y-%m}"
    rows = uow.references([alias])[alias]
    return str(body_of(rows[0]).get("state", "")) if rows else ""
