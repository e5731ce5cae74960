"""Where a person may go to by a few words: pages, cases, suppliers, decisions and their own searches.

Nothing is told that its own page would not show: cases by the list or the queue that the person has, suppliers and
policy by the duty to read them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from comptroller.application.presenting.lists import own_tasks
from comptroller.application.presenting.policies.elements import key_of
from comptroller.application.presenting.supplier import suppliers_named
from comptroller.application.presenting.surroundings import places_of
from comptroller.application.presenting.words import gross_of, summary_of
from comptroller.application.records import CaseRow
from comptroller.application.search.finding import find_cases
from comptroller.application.search.saved import searches_of
from comptroller.application.session import Session
from comptroller.application.views import PlaceFound, PlacesView
from comptroller.domain.identity import Duty

EACH_MAX: Final = 8
"""Places of a kind: who wants more opens the list."""

LOOKED_AT_MAX: Final = 200
"""Cases, or tasks, that are looked at for one answer."""


@dataclass(frozen=True, slots=True)
class FindPlaces:
    """Where the caller may go to by some words."""

    query: str = ""


def find_places(session: Session, command: FindPlaces) -> PlacesView:
    """The first few places of each kind in whose name every word stands."""
    words = command.query.casefold().split()
    kinds = (
        ("Cases", _cases(session, command.query, words) if words else ()),
        ("Pages", _pages(session, words)),
        ("Your searches", _searches(session, words)),
        ("Suppliers", _suppliers(session, words) if words else ()),
        ("Policies", _policies(session, words) if words else ()),
    )
    groups = [(title, tuple(places if not words else islice(places, EACH_MAX))) for title, places in kinds]
    return PlacesView(command.query, tuple((title, places) for title, places in groups if places))


def _holds(text: str, words: list[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _cases(session: Session, query: str, words: list[str]) -> Iterator[PlaceFound]:
    """By the search of the list for who may list cases, else among what waits for the caller."""
    if Duty.CASE_LIST in session.caller.duties:
        rows: Iterator[CaseRow] = iter(session.uow.cases_of(find_cases(session.uow, query)[:LOOKED_AT_MAX]))
        yield from (_case(row) for row in rows if session.caller.sees(row.entity))
        return
    tasks = list(islice(own_tasks(session), LOOKED_AT_MAX))
    known = {row.case_id: row for row in session.uow.cases_of([task.case_id for task in tasks])}
    for task in tasks:
        row = known.get(task.case_id)
        if row is None or not (task.person or session.caller.sees(row.entity)):
            continue
        if _holds(f"{row.number} {row.supplier_name} {row.supplier} {task.title}", words):
            del known[row.case_id]
            yield _case(row)


def _case(row: CaseRow) -> PlaceFound:
    title = " of ".join(part for part in (row.number, row.supplier_name or row.supplier) if part)
    return PlaceFound(title or "A document", f"/cases/{row.case_id}", summary_of(row), gross_of(row))


def _pages(session: Session, words: list[str]) -> Iterator[PlaceFound]:
    for key, title, letter in (*places_of(session.caller), ("settings", "Your settings", "")):
        if _holds(title, words):
            yield PlaceFound(title, f"/{key}", f"g {letter}" if letter else "")


def _searches(session: Session, words: list[str]) -> Iterator[PlaceFound]:
    if Duty.CASE_LIST in session.caller.duties:
        for one in searches_of(session.uow, session.caller):
            if _holds(one.name, words):
                yield PlaceFound(one.name, f"/cases?{one.query}")


def _suppliers(session: Session, words: list[str]) -> Iterator[PlaceFound]:
    if Duty.REFERENCE_READ in session.caller.duties:
        for row, body in suppliers_named(session, words):
            yield PlaceFound(str(body.get("name") or row.key), f"/suppliers/{row.key}", row.key)


def _policies(session: Session, words: list[str]) -> Iterator[PlaceFound]:
    if Duty.POLICY_READ not in session.caller.duties:
        return
    models = {model.hash: model for model in session.policy.models.values()}.values()
    numbers = {name: model.policy(name).number for model in models for name in model.decision_names}
    numbers |= dict.fromkeys((name for model in models for name in model.knowledge_names), "")
    for name, number in sorted(numbers.items()):
        if _holds(f"{name} {number}", words):
            yield PlaceFound(name.capitalize(), f"/policies/{key_of(name)}", f"decision {number}" if number else "")
