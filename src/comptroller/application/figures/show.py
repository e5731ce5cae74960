"""Compute the figures of a span of days, or one of them by what tells it apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.figures import controls, duplicates, exceptions, flow, money, operations
from comptroller.application.figures.material import CASES_MAX, Material, Span, TooMany
from comptroller.application.figures.model import MEASURED, By, Definition, Kind, Result, Row, result_of
from comptroller.application.jobs.job import REPLAY, STOPPED_BY
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind

SUBJECTS: Final[Mapping[str, tuple[Definition, ...]]] = {
    "How fast, and by whose hands": flow.FIGURES,
    "Exceptions and rework": exceptions.FIGURES,
    "Controls and attempts against them": controls.FIGURES,
    "Duplicates": duplicates.FIGURES,
    "Payments, discounts and orders": money.FIGURES,
    "What is open, and the connections": operations.FIGURES,
}
"""The figures by what they are about."""

DEFINITIONS: Final[Mapping[str, Definition]] = {each.key: each for figures in SUBJECTS.values() for each in figures}
"""Every figure, in the order in which they are told."""

DAYS_MAX: Final = 1_100


@dataclass(frozen=True, slots=True)
class ShowFigures:
    """The figures of the days `first` to `last`; without them, of the running month to today."""

    first: date | None = None
    last: date | None = None
    entity: str = ""
    figure: str = ""  # one of them, by its key
    by: str = ""  # entity, unit, supplier, person, period, part


@dataclass(frozen=True, slots=True)
class Figures:
    """What was computed, and over what."""

    span: Span
    calendar: str
    currency: str
    entity: str
    by: By
    results: tuple[Result, ...]


def compute_figures(session: Session, command: ShowFigures) -> Figures | Refused:
    """Compute; refused where something asked for is not there, or there is more than one computation takes."""
    span = spanned(session, command)
    if isinstance(span, Refused):
        return span
    material = Material(session, span, command.entity)
    wanted = [DEFINITIONS[command.figure]] if command.figure else list(DEFINITIONS.values())
    by = By(command.by)
    try:
        results = tuple(_computed(each, material, by) for each in wanted)
    except TooMany as too_many:
        return more_than_computed(too_many)
    calendar = "the calendar of each entity on file, else Monday to Friday, eight hours from nine"
    return Figures(span, calendar, material.group_currency, command.entity, by, results)


def spanned(session: Session, command: ShowFigures) -> Span | Refused:
    """The days that are asked about, in the tenant's zone; refused where a command asks for what is not there."""
    zone = ZoneInfo(str(tenant_record(session.uow).get("time_zone") or "UTC"))
    today = session.now.astimezone(zone).date()
    first, last = command.first or today.replace(day=1), command.last or today
    problem = _problem(command, first, last)
    return Span(first, last, zone) if problem is None else Refused(problem)


def more_than_computed(too_many: TooMany) -> Refused:
    """Say that a span holds more cases than one computation reads."""
    text = f"{too_many.cases} cases are more than the {CASES_MAX} that are computed at once"
    help_text = "ask for fewer days, or have a job do it: `comptroller kpi-measure`, `POST /v1/figures/measurements`"
    return Refused(Rejection(RejectionKind.INVALID, "FIGURE-SIZE-01", text, help=help_text))


def _computed(definition: Definition, material: Material, by: By) -> Result:
    samples = [each for each in definition.samples(material) if material.entity in {"", each.entity}]
    note = definition.note(material) if definition.note is not None else ""
    return replace(result_of(definition, samples, by, material.span.zone), note=note)


def _problem(command: ShowFigures, first: date, last: date) -> Rejection | None:
    if command.figure and command.figure not in DEFINITIONS:
        text, help_text = f"there is no figure `{command.figure}`", f"use one of {', '.join(DEFINITIONS)}"
        return Rejection(RejectionKind.NOT_FOUND, "FIGURE-UNKNOWN-01", text, help=help_text)
    if command.by not in set(By):
        text, help_text = f"figures are not told apart by `{command.by}`", f"use {', '.join(by for by in By if by)}"
        return Rejection(RejectionKind.INVALID, "FIGURE-BY-01", text, help=help_text)
    if last < first or last - first > timedelta(days=DAYS_MAX):
        text = f"`{first}` to `{last}` is no span of at most {DAYS_MAX} days"
        return Rejection(RejectionKind.INVALID, "FIGURE-SPAN-01", text, help="give the first and the last day")
    return None


def show_figures(session: Session, command: ShowFigures) -> dict[str, Any] | Refused:
    """The figures as plain values."""
    found = compute_figures(session, command)
    if isinstance(found, Refused):
        return found
    return {
        "from": found.span.first,
        "to": found.span.last,
        "time_zone": str(found.span.zone),
        "calendar": found.calendar,
        "currency": found.currency,
        "entity": found.entity,
        "by": found.by.value,
        "may_replay": bool(STOPPED_BY[REPLAY] & session.caller.duties),
        "figures": [_result(result) for result in found.results],
    }


def _result(result: Result) -> dict[str, Any]:
    about = result.definition
    return {
        "figure": about.key,
        "title": about.title,
        "kind": about.kind.value,
        "unit": unit_of(about),
        "numerator_is": about.numerator,
        "denominator_is": about.denominator,
        "exclusions": about.exclusions,
        "parts_are": about.parts,
        "note": result.note,
        **_told(result.total, about.kind),
        "rows": [{"group": row.group, **_told(row, about.kind)} for row in result.rows],
    }


UNITS: Final = {
    Kind.RATE: "percent",
    Kind.SHARE: "percent",
    Kind.DURATION: "hours",
    Kind.MINUTES: "minutes",
    Kind.COUNT: "count",
    Kind.AMOUNT: "group currency",
    Kind.DAYS: "days",
    Kind.RATIO: "each",
    Kind.COST: "group currency",
}


def unit_of(definition: Definition) -> str:
    """What a figure is measured in."""
    return UNITS[definition.kind]


_CENTS: Final = Decimal("0.01")


def rounded(value: Decimal | None) -> Decimal | None:
    """To the cent; a whole number stays one."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.quantize(_CENTS)


def _told(row: Row, kind: Kind) -> dict[str, Any]:
    told: dict[str, Any] = {
        "value": rounded(row.value),
        "numerator": rounded(row.numerator),
        "denominator": rounded(row.denominator) if kind is not Kind.COUNT else None,
        "samples": row.samples,
        "at_stake": rounded(row.amount),
        "cases": list(row.cases),
        "denominator_cases": list(row.denominator_cases),
    }
    if kind in MEASURED:
        told |= {"median": rounded(row.median), "ninetieth_percentile": rounded(row.ninetieth)}
    if row.details:
        told["details"] = [
            {"name": name, "median": rounded(median), "ninetieth_percentile": rounded(ninetieth)}
            for name, median, ninetieth in row.details
        ]
    return told
