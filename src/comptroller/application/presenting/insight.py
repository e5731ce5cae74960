"""The cases behind a figure, as a list."""

from dataclasses import dataclass

from comptroller.application.presenting.lists import case_item
from comptroller.application.presenting.words import Names
from comptroller.application.session import Session
from comptroller.application.views import CaseItem


@dataclass(frozen=True, slots=True)
class ShowCasesNamed:
    """These cases, in this order, as far as the caller may see them."""

    case_ids: tuple[str, ...]


def show_cases_named(session: Session, command: ShowCasesNamed) -> tuple[CaseItem, ...]:
    """The cases, in the order asked for."""
    names = Names(session)
    rows = (session.uow.case(case_id) for case_id in command.case_ids)
    return tuple(case_item(session, names, row) for row in rows if row is not None and session.caller.sees(row.entity))
