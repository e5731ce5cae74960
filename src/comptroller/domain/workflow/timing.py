"""When a timer is due: the one place where a duration meets the calendar.

Durations are read as ISO 8601 writes them (`PT16H`, `P1DT12H`, `P2W`, `P1M`) and added to the instant in elapsed time;
years and months move the day of the calendar, in UTC, and stop at the end of a shorter month. A length in service hours
is counted by the calendar of those who work instead. A cycle (`R3/PT1H`, `R/2026-04-01T09:00:00Z/P1D`) is due so many
times, each time a length after the time before, late or not.

What begins cases is no wait of a case: it has turns, each counted from the first instant (the last day of a month stays
the last day), and those that were before it was set are over.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from comptroller.domain.controls.service_hours import ServiceCalendar, after_service_hours
from comptroller.domain.feel import DaysDuration, Evaluation, Expression, MonthsDuration, Value
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.workflow.model import TimerKind

_DURATION: Final = re.compile(
    r"P(?=[\dT])(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10})(?:\.(?P<fraction>\d{1,6}))?S)?)?\Z",
    re.ASCII,
)
_CYCLE: Final = re.compile(r"R(?P<times>\d{0,4})/(?:(?P<start>[^/P]+)/)?(?P<every>P[^/]+)\Z", re.ASCII)
_IN_DAYS: Final = re.compile(r'(?:\A|["/])P\d+[YMWD]', re.ASCII)
_LONGEST: Final = timedelta(days=366 * 10_000)
"""No instant lies this far from another."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: months of the calendar and elapsed time."""

    months: int
    elapsed: timedelta

    @property
    def is_nothing(self) -> bool:
        """Whether it has no length."""
        return not self.months and not self.elapsed


@dataclass(frozen=True, slots=True)
class Cycle:
    """A length again and again: `times` (negative: without end), the first at `start` or one length from now."""

    times: int
    start: datetime | None
    every: Duration


@dataclass(frozen=True, slots=True)
class Timing:
    """The compiled definition of a timer: a text read once, or an expression whose value is read each time."""

    kind: TimerKind
    service_hours: bool
    fixed: datetime | Duration | Cycle | None
    expression: Expression | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """When a timer is due, and how often again after that: None for one that is due once, negative for ever."""

    due: datetime
    left: int | None = None


def is_in_days(text: str) -> bool:
    """Whether a length, or one that an expression writes out, is told in days or longer, which are no number of hours.

    >>> is_in_days("P1DT2H"), is_in_days('= duration("P3D")'), is_in_days("R3/PT72H")
    (True, True, False)
    """
    return _IN_DAYS.search(text) is not None


def read_time(kind: TimerKind, value: Value, *, service_hours: bool = False) -> datetime | Duration | Cycle | None:
    """Read what a text or the value of an expression says for this kind of timer; None when it says no time."""
    if service_hours and isinstance(value, str) and is_in_days(value):
        return None
    match kind:
        case TimerKind.DATE:
            return _instant(value)
        case TimerKind.DURATION:
            return duration_of(value)
        case TimerKind.CYCLE:
            return parse_cycle(value) if isinstance(value, str) else None


def alarm(timing: Timing, now: datetime, scope: Mapping[str, Value], calendar: ServiceCalendar | None) -> Alarm | None:
    """When a timer that is set now is due; None when it says no time, or there is no calendar to count by."""
    time = _time(timing, now, scope)
    match time:
        case datetime():
            return Alarm(time)
        case Duration():
            at = _later(now, time, timing, calendar)
            return None if at is None else Alarm(at)
        case Cycle(times, start, every):
            at = start or _later(now, every, timing, calendar)
            return None if at is None else Alarm(at, max(times - 1, -1))
    return None


def next_alarm(
    timing: Timing, last: Alarm, now: datetime, scope: Mapping[str, Value], calendar: ServiceCalendar | None
) -> Alarm | None:
    """When a cycle that is not over is due again after `last`; None as for `alarm`."""
    time = _time(timing, now, scope)
    at = _later(last.due, time.every, timing, calendar) if isinstance(time, Cycle) else None
    return None if at is None or not last.left else Alarm(at, max(last.left - 1, -1))


@dataclass(frozen=True, slots=True)
class Turn:
    """One time at which cases are begun: when, and its number from where it is counted."""

    due: datetime
    number: int
    counted_from: datetime


def first_turn(timing: Timing, now: datetime, calendar: ServiceCalendar | None) -> Turn | None:
    """The first turn that is not before now, of something that is set now; None when none is to come.

    >>> monthly = Timing(TimerKind.CYCLE, False, parse_cycle("R/2026-01-31T08:00:00Z/P1M"), None)
    >>> first_turn(monthly, datetime(2026, 2, 1, tzinfo=UTC), None).due.isoformat()
    '2026-02-28T08:00:00+00:00'
    """
    match _time(timing, now, {}):
        case datetime() as date:
            return Turn(date, 0, date) if date >= now else None
        case Cycle() as cycle:
            counted_from, first = (cycle.start, 0) if cycle.start is not None else (now, 1)
            number = _first_at_or_after(now, timing, cycle, counted_from, calendar)
            return _turn(max(number, first), timing, cycle, counted_from, calendar)
        case _:
            return None


def turn_after(turn: Turn, timing: Timing, now: datetime, calendar: ServiceCalendar | None) -> Turn | None:
    """The turn that follows another one, late or not; None where that was the last."""
    cycle = _time(timing, now, {})
    return _turn(turn.number + 1, timing, cycle, turn.counted_from, calendar) if isinstance(cycle, Cycle) else None


def _turn(
    number: int, timing: Timing, cycle: Cycle, counted_from: datetime, calendar: ServiceCalendar | None
) -> Turn | None:
    last = cycle.times - 1 if cycle.start is not None else cycle.times
    if cycle.times >= 0 and number > last:
        return None
    at = _at(number, timing, cycle, counted_from, calendar)
    return None if at is None else Turn(at, number, counted_from)


def _first_at_or_after(
    now: datetime, timing: Timing, cycle: Cycle, counted_from: datetime, calendar: ServiceCalendar | None
) -> int:
    """The number of the first turn that is not before now: they only grow, so it is looked for by halves."""

    def reach(number: int) -> datetime:
        return _at(number, timing, cycle, counted_from, calendar) or now

    high = 1
    while reach(high) < now:
        high *= 2
    return bisect_left(range(high + 1), now, key=reach)


def _at(
    number: int, timing: Timing, cycle: Cycle, counted_from: datetime, calendar: ServiceCalendar | None
) -> datetime | None:
    """When a turn is due; None where the calendar ends before it."""
    if number == 0:
        return counted_from
    try:
        length = Duration(number * cycle.every.months, number * cycle.every.elapsed)
    except OverflowError:
        return None
    return _later(counted_from, length, timing, calendar)


def _time(timing: Timing, now: datetime, scope: Mapping[str, Value]) -> datetime | Duration | Cycle | None:
    if timing.expression is None:
        return timing.fixed
    value = timing.expression.evaluate(scope, Evaluation(now))
    return read_time(timing.kind, value, service_hours=timing.service_hours)


def parse_cycle(text: str) -> Cycle | None:
    """Read an ISO 8601 repeating interval with a length and no end; None when the text is none.

    >>> parse_cycle("R3/PT1H")
    Cycle(times=3, start=None, every=Duration(months=0, elapsed=datetime.timedelta(seconds=3600)))
    """
    match = _CYCLE.match(text)
    if match is None:
        return None
    every = parse_duration(match["every"])
    start = parse_instant(match["start"]) if match["start"] else None
    times = int(match["times"]) if match["times"] else -1
    if every is None or every.is_nothing or times == 0 or (match["start"] and start is None):
        return None
    return Cycle(times, start, every)


def parse_duration(text: str) -> Duration | None:
    """Read an ISO 8601 duration that is not negative; None when the text is none.

    >>> parse_duration("P1M")
    Duration(months=1, elapsed=datetime.timedelta(0))
    """
    match = _DURATION.match(text)
    if match is None:
        return None
    part = {name: int(digits or 0) for name, digits in match.groupdict().items() if name != "fraction"}
    elapsed = timedelta(
        weeks=part["weeks"],
        days=part["days"],
        hours=part["hours"],
        minutes=part["minutes"],
        seconds=part["seconds"],
        microseconds=int((match["fraction"] or "").ljust(6, "0")),
    )
    return Duration(12 * part["years"] + part["months"], elapsed)


def duration_of(value: Value) -> Duration | None:
    """Take a FEEL duration, or a text as `parse_duration` reads it, that is not negative; None for anything else."""
    match value:
        case str():
            return parse_duration(value)
        case MonthsDuration(months) if months >= 0:
            return Duration(months, timedelta(0))
        case DaysDuration(seconds) if 0 <= seconds <= _LONGEST.total_seconds():
            return Duration(0, timedelta(microseconds=int(seconds * 1_000_000)))
    return None


def due(now: datetime, duration: Duration) -> datetime | None:
    """The instant at which a timer set `now` is due; None when the calendar ends before it."""
    try:
        return _months_later(now.astimezone(UTC), duration.months) + duration.elapsed
    except (OverflowError, ValueError):
        return None


def _later(instant: datetime, duration: Duration, timing: Timing, calendar: ServiceCalendar | None) -> datetime | None:
    if not timing.service_hours:
        return due(instant, duration)
    if calendar is None or duration.months:
        return None
    hours = Decimal(duration.elapsed // timedelta(microseconds=1)) / 3_600_000_000
    try:
        return after_service_hours(instant, hours, calendar)
    except OverflowError:
        return None


def _instant(value: Value) -> datetime | None:
    if isinstance(value, str):
        return parse_instant(value)
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else None


def _months_later(instant: datetime, months: int) -> datetime:
    if months == 0:
        return instant
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))
