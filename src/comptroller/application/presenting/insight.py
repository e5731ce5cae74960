"""The figures as a controller reads them: by subject, beside the period before, each down to its cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from comptroller.application.figures.model import Kind, Result
from comptroller.application.figures.show import SUBJECTS, Figures, ShowFigures, compute_figures, rounded, unit_of
from comptroller.application.presenting.lists import case_item
from comptroller.application.presenting.words import Names
from comptroller.application.session import Refused, Session
from comptroller.application.views import CaseItem, FilterChip, InsightFigure, InsightPart, InsightView

NOW: Final = frozenset(
    {"ageing-queue", "past-due", "discount-expiring", "dead-letters", "interest-exposure", "unconfirmed-effects"}
)
"""Figures of what is open now, whatever the span: there is no period before to hold them against."""

HIGHER: Final = frozenset(
    {
        "touchless-rate",
        "first-pass-match",
        "first-pass-match-strict",
        "exceptions-in-service-level",
        "coverage",
        "control-adherence",
        "duplicate-precision",
        "duplicate-recall",
        "on-time-payment",
        "on-time-payment-value",
        "discount-capture",
        "discount-capture-count",
        "spend-under-order",
    }
)
"""What is better the higher it is."""

LOWER: Final = frozenset(
    {
        "approval-latency",
        "case-approval",
        "cycle-time",
        "cycle-time-paid",
        "exception-rate",
        "exceptions-a-case",
        "exception-resolution-time",
        "rework-rate",
        "rework-acts-a-case",
        "breach-leakage",
        "rubber-stamp-rate",
        "cost-per-invoice",
        "days-beyond-terms",
        "accrual-accuracy",
        "failed-deliveries",
        "minutes-to-accepted",
    }
)
"""What is better the lower it is; of all others a controller judges."""

PARTS_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class ShowInsight:
    """All figures of the days `first` to `last`; without them, of the running month to today."""

    first: date | None = None
    last: date | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True)
class ShowCasesNamed:
    """These cases, in this order, as far as the caller may see them."""

    case_ids: tuple[str, ...]


def show_insight(session: Session, command: ShowInsight) -> InsightView | Refused:
    """The figures of a span and of the one of the same length right before it."""
    found = compute_figures(session, ShowFigures(command.first, command.last, command.entity, by="part"))
    if isinstance(found, Refused):
        return found
    length = found.span.last - found.span.first + timedelta(days=1)
    first, last = found.span.first - length, found.span.first - timedelta(days=1)
    earlier = compute_figures(session, ShowFigures(first, last, command.entity))
    before = {} if isinstance(earlier, Refused) else {each.definition.key: each for each in earlier.results}
    results = {each.definition.key: each for each in found.results}
    names, today = Names(session), session.now.astimezone(found.span.zone).date()
    told = {key: _told(result, before.get(key)) for key, result in results.items()}
    return InsightView(
        first=found.span.first,
        last=found.span.last,
        before=None if isinstance(earlier, Refused) else (first, last),
        time_zone=str(found.span.zone),
        calendar=found.calendar,
        currency=found.currency,
        entity=command.entity,
        entities=tuple(
            (row.key, names.entity(row.key))
            for row in session.uow.reference_list("entity")
            if session.caller.sees(row.key)
        ),
        spans=tuple(_spans(found, command.entity, today)),
        subjects=tuple((title, tuple(told[each.key] for each in figures)) for title, figures in SUBJECTS.items()),
    )


def _told(result: Result, before: Result | None) -> InsightFigure:
    about, total = result.definition, result.total
    was = rounded(before.total.value) if before is not None and about.key not in NOW else None
    parts = [
        InsightPart(row.group, rounded(row.value), row.samples)
        for row in sorted(result.rows, key=lambda row: (-row.samples, row.group))
        if about.parts and row.value
    ]
    if about.kind is Kind.RATE and len({part.value for part in parts}) == 1:
        parts = []  # each is what the whole is
    value = rounded(total.value)
    return InsightFigure(
        key=about.key,
        title=about.title,
        unit=unit_of(about),
        numerator_is=about.numerator,
        denominator_is="" if about.denominator == "none" else about.denominator,
        value=value,
        samples=total.samples,
        ninetieth=rounded(total.ninetieth),
        at_stake=rounded(total.amount),
        is_now=about.key in NOW,
        before=was,
        verdict="" if value is None or was is None or value == was else _verdict(about.key, is_higher=value > was),
        parts=tuple(parts[:PARTS_SHOWN]),
        more_parts=max(len(parts) - PARTS_SHOWN, 0),
    )


def _verdict(key: str, *, is_higher: bool) -> str:
    """Whether a figure is better or worse than before; empty where neither can be said of it."""
    if key not in HIGHER | LOWER:
        return ""
    return "better" if is_higher == (key in HIGHER) else "worse"


def _spans(found: Figures, entity: str, today: date) -> Iterator[FilterChip]:
    """The spans that are asked for most."""
    month = today.replace(day=1)
    ended = month - timedelta(days=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    for title, first, last in (
        ("This month", month, today),
        ("Last month", ended.replace(day=1), ended),
        ("This quarter", quarter, today),
        ("This year", today.replace(month=1, day=1), today),
    ):
        is_shown = (first, last) == (found.span.first, found.span.last)
        yield FilterChip(title, urlencode({"first": first, "last": last, "entity": entity}), active=is_shown)


def show_cases_named(session: Session, command: ShowCasesNamed) -> tuple[CaseItem, ...]:
    """The cases, in the order asked for."""
    names = Names(session)
    rows = (session.uow.case(case_id) for case_id in command.case_ids)
    return tuple(case_item(session, names, row) for row in rows if row is not None and session.caller.sees(row.entity))
