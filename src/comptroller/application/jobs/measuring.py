"""Figures of a long span as a job: piece after piece, a month at most, each in its own transaction, added up by month.

A piece that holds more cases than one computation reads is halved. What is kept is what can be added
(`figures/adding.py`), so that memory is that of one piece, and the job goes on behind the last piece that was counted.
The cases of a month are those of its own figures.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from comptroller.application.figures.adding import Sum, is_added
from comptroller.application.figures.material import Material, TooMany
from comptroller.application.figures.show import DEFINITIONS, ShowFigures, more_than_computed, spanned, unit_of
from comptroller.application.jobs.job import (
    EVERYWHERE,
    FIGURES,
    FOUND,
    Job,
    answer_of,
    begin_job,
    standing_of,
    visible_job,
)
from comptroller.application.jobs.stepping import Step
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day

DAYS_MAX: Final = 3_700
"""Ten years."""

TOO_MANY: Final = "FIGURE-SIZE-01"


@dataclass(frozen=True, slots=True)
class StartMeasuring:
    """Have a job compute the figures of the days `first` to `last`, by month and in all."""

    first: str  # YYYY-MM-DD
    last: str
    entity: str = ""


@dataclass(frozen=True, slots=True)
class MeasureDays:
    """The sums of every figure that can be added, of some days."""

    first: date
    last: date
    entity: str = ""


@dataclass(frozen=True, slots=True)
class GetMeasured:
    """The figures of a long span as far as they are computed."""

    job_id: str


def start_measuring(session: Session, command: StartMeasuring) -> dict[str, Any] | Refused:
    """Write the job."""
    first, last = parse_day(command.first), parse_day(command.last)
    if first is None or last is None or not timedelta(0) <= last - first <= timedelta(days=DAYS_MAX):
        text = f"`{command.first[:20]}` to `{command.last[:20]}` is no span of at most {DAYS_MAX} days"
        return Refused(Rejection(RejectionKind.INVALID, "FIGURE-SPAN-02", text, help="write both days YYYY-MM-DD"))
    if not session.caller.sees(command.entity or EVERYWHERE):
        text = f"you do not work for {f'`{command.entity[:80]}`' if command.entity else 'every entity'}"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "FIGURE-ENTITY-01", text, help="name one that you work for"))
    wish = {"first": first.isoformat(), "last": last.isoformat(), "entity": command.entity}
    job_id = session.environment.chance.identifier(session.machine_now)
    total = (last - first).days + 1
    return answer_of(begin_job(session, job_id, FIGURES, wish, total=total, entity=command.entity or EVERYWHERE))


def measure_days(session: Session, command: MeasureDays) -> dict[str, Any] | Refused:
    """The sums by figure; refused where the days hold more cases than one computation reads."""
    span = spanned(session, ShowFigures(command.first, command.last, command.entity))
    if isinstance(span, Refused):
        return span
    material, sums = Material(session, span, command.entity), {}
    try:
        for key, definition in DEFINITIONS.items():
            if is_added(definition):
                samples = (each for each in definition.samples(material) if command.entity in {"", each.entity})
                sums[key] = Sum.of(definition.kind, samples).facts
    except TooMany as too_many:
        return more_than_computed(too_many)
    return {"sums": sums}


def measuring_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Measure piece after piece; `after` is the last day that was counted."""
    job = step.job
    last, entity = date.fromisoformat(job.wish["last"]), job.wish["entity"]
    while True:
        first = (
            date.fromisoformat(job.after) + timedelta(days=1) if job.after else date.fromisoformat(job.wish["first"])
        )
        until = min(first.replace(day=monthrange(first.year, first.month)[1]), last)
        page = step.ask(MeasureDays(first, until, entity))
        while isinstance(page, Rejection) and page.code == TOO_MANY and until > first:
            until = first + (until - first) / 2
            page = step.ask(MeasureDays(first, until, entity))
        if isinstance(page, Rejection):
            yield replace(job, refused={"code": page.code, "message": page.message}), True
            return
        found = dict((job.told or {}).get(FOUND) or {})
        month = f"{first:%Y-%m}"
        found[month] = _merged(found.get(month, {}), page["sums"])
        done = job.done + (until - first).days + 1
        job = replace(job, done=done, after=until.isoformat(), told={"months": len(found), FOUND: found})
        yield job, until >= last
        if until >= last:
            return


def _merged(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    merged = {key: Sum.read(kept) for key, kept in before.items()}
    for key, kept in more.items():
        merged.setdefault(key, Sum()).add(Sum.read(kept))
    return {key: each.facts for key, each in merged.items()}


def get_measured(session: Session, command: GetMeasured) -> dict[str, Any] | Refused:
    """The job, and each figure in all and by month."""
    found = visible_job(session, command.job_id, FIGURES)
    if isinstance(found, Refused):
        return found
    job = found[0]
    months: dict[str, dict[str, Any]] = (job.told or {}).get(FOUND) or {}
    return {**standing_of(session, *found), **job.wish, "figures": [_figure(key, months) for key in _measured(months)]}


def _measured(months: dict[str, dict[str, Any]]) -> list[str]:
    return [key for key in DEFINITIONS if any(key in month for month in months.values())]


def _figure(key: str, months: dict[str, dict[str, Any]]) -> dict[str, Any]:
    about, whole = DEFINITIONS[key], Sum()
    by_month = {month: Sum.read(sums[key]) for month, sums in sorted(months.items()) if key in sums}
    for each in by_month.values():
        whole.add(each)
    return {
        "figure": key,
        "title": about.title,
        "kind": about.kind.value,
        "unit": unit_of(about),
        **whole.told(about.kind),
        "months": [{"month": month, **each.told(about.kind)} for month, each in by_month.items()],
    }
