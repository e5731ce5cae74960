"""What else was bought around these days: gathered for what is bought without an order, where a split would show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from comptroller.application.casework.gathering.names import order_numbers
from comptroller.application.casework.gathering.reading import Found, candidate_of
from comptroller.domain.controls.candidate_index import spending_lookups
from comptroller.domain.controls.context import Spending
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known


def lookups(known: "Known") -> Sequence[str]:
    """The names under which the other parts are found; they are also what this document competes for."""
    if known.supplier is None or order_numbers(known.invoice):
        return ()
    return spending_lookups(known.supplier.id, known.cost_centre, known.dossier.requester)


def subjects(known: "Known", _found: Found) -> Sequence[str]:
    """A further part calls this one up again."""
    return lookups(known)


def build(known: "Known", _found: Found) -> Spending | None:
    """The other documents of those days, those of an order left out; None where the supplier is not known."""
    if known.supplier is None:
        return None
    day = known.invoice.issue_date or known.today
    uow, most = known.session.uow, limits.SPENDING_DOCUMENTS_MAX
    searched = limits.SPENDING_DAYS_MAX
    cases: list[str] = []
    for lookup in lookups(known):
        found = uow.candidate_keys([lookup], day.isoformat(), most)
        far = [abs((when - day).days) for row in found if (when := parse_day(row.day)) is not None]
        sides = [sum(row.day <= day.isoformat() for row in found), sum(row.day > day.isoformat() for row in found)]
        if max(sides) >= most:  # there may be more of them just behind the farthest that was read
            searched = min(searched, max(far, default=0) - 1)
        cases += [row.case_id for row, days in zip(found, far, strict=True) if days <= searched]
    others = [case for case in dict.fromkeys(cases) if case != known.case.case_id]
    pairs = uow.candidates(others) if others else ()
    return Spending(tuple(candidate_of(row, case) for row, case in pairs), max(searched, 0))
