"""Finds the other cases that may be the same document: by the index, the nearest ones, never more than so many."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from comptroller.application.casework.gathering.names import order_numbers
from comptroller.application.casework.gathering.reading import candidate_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CandidateKeyRow
from comptroller.domain.controls import numbers
from comptroller.domain.controls.candidate_index import amount_lookups, copy_lookup, identities, number_lookups
from comptroller.domain.controls.context import Candidate
from comptroller.domain.documents.model import Invoice, Supplier
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day

UNRELATED: Final = frozenset({None, "different"})


def candidates_of(
    uow: UnitOfWork, case_id: str, invoice: Invoice, supplier: Supplier | None, today: date
) -> tuple[Candidate, ...] | None:
    """The other cases with a related number, or with the amount; None for a document without a number.

    Where the number tells nothing the amount alone makes a candidate only of what was bought without an order: what an
    order covers is held against its own quantities.
    """
    if not invoice.number:
        return None
    told = identities(invoice, supplier)
    gross, currency = invoice.totals.gross, invoice.currency
    lookups = (
        *number_lookups(told, invoice.number),
        *copy_lookup(invoice.number, currency, gross),
        *amount_lookups(told, currency, gross),
    )
    day = invoice.issue_date or today
    found = uow.candidate_keys(lookups, day.isoformat(), limits.CANDIDATES_PER_KEY_MAX)
    nearest = _nearest(found, case_id, invoice, day)
    pairs = uow.candidates(nearest) if nearest else ()
    return tuple(candidate_of(row, case) for row, case in pairs)


def _nearest(found: Sequence[CandidateKeyRow], case_id: str, invoice: Invoice, day: date) -> list[str]:
    """The cases to compare, deterministically: related numbers first, then the nearest days, then the order of ids."""
    own = numbers.normalised(invoice.number)
    by_amount = not order_numbers(invoice)
    ranked: dict[str, tuple[bool, int, str]] = {}
    for row in found:
        unrelated = numbers.relation_of_normalised(own, row.number_normalised) in UNRELATED
        if row.case_id == case_id or (unrelated and not by_amount):
            continue
        when = parse_day(row.day)
        rank = (unrelated, abs((when - day).days) if when is not None else 0, row.case_id)
        ranked[row.case_id] = min(rank, ranked.get(row.case_id, rank))
    return [case for *_, case in sorted(ranked.values())[: limits.CANDIDATES_MAX]]
