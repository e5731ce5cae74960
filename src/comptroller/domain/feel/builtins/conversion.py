"""Conversion functions: to numbers, strings, dates, times, durations and ranges.

SOURCE: DMN 1.5, clause 10.3.4.1.
"""

import re
from datetime import time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final

from comptroller.domain.feel import calendar, temporal, text
from comptroller.domain.feel.arithmetic import number_from_text, whole
from comptroller.domain.feel.builtins.numbers import integer
from comptroller.domain.feel.builtins.range_text import read_range
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.values import (
    Clock,
    Day,
    DayAndTime,
    DaysDuration,
    FarDateAndTime,
    Kind,
    MonthsDuration,
    Value,
    kind_of,
)
from comptroller.domain.kernel.limits import FEEL_CHARACTERS_MAX
from comptroller.domain.kernel.money import CONTEXT

LIBRARY: Final = Library()

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,6})?\Z", re.ASCII)
_PRICE_OF_READING: Final = 16
"""Iterations that cutting a text into the tokens of the language is worth."""
_OFFSET_SECONDS_MAX: Final = 14 * 3_600


@LIBRARY.function(
    "number(from: string)", "number(from: string, grouping separator: string?, decimal separator: string?)"
)
def number(written: str, grouping: str | None = None, point: str | None = None) -> Value:
    """Read a number, with the separators given."""
    if grouping not in {None, " ", ",", "."} or point not in {None, ",", "."} or (grouping and grouping == point):
        raise Undefined("the grouping separator is one of ` `, `,`, `.`, the decimal separator another of `,`, `.`")
    plain = written.replace(grouping, "") if grouping else written
    plain = plain.replace(point, ".") if point else plain
    found = number_from_text(plain) if len(plain) <= FEEL_CHARACTERS_MAX and _NUMBER.match(plain) else None
    if found is None:
        raise Undefined(f"`{written[:40]}` is no number")
    return found


@LIBRARY.function("string(from:?)", with_evaluation=True)
def string(run: Evaluation, value: Value) -> Value:
    """Write a value; null stays null."""
    return None if value is None else text.text_of(run, value)


@LIBRARY.function("date(from: string)")
def date_from_text(written: str) -> Value:
    """Read a day."""
    return _read(temporal.parse_day(written), written, "day")


@LIBRARY.function("date(from: date|date and time)")
def date_of(value: Day | DayAndTime) -> Value:
    """Take the day of a date and time."""
    return calendar.day_of(value)


@LIBRARY.function("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    """Make a day of its numbers."""
    found = calendar.make_day(integer(year), integer(month), integer(day))
    if found is None:
        raise Undefined(f"there is no day {year}-{month}-{day}")
    return found


@LIBRARY.function("date and time(from: string)")
def moment_from_text(written: str) -> Value:
    """Read a date and time; a day alone means its midnight."""
    day = temporal.parse_day(written)
    found = calendar.combine(day, time()) if day is not None else temporal.parse_moment(written)
    return _read(found, written, "date and time")


@LIBRARY.function("date and time(from: date|date and time)")
def moment_of(value: Day | DayAndTime) -> Value:
    """Take a date and time as it is, a day as its midnight in UTC."""
    if kind_of(value) is Kind.DATE_AND_TIME:
        return value
    return calendar.combine(calendar.day_of(value), time(tzinfo=timezone.utc))  # noqa: UP017  # beside `timezone`


@LIBRARY.function("date and time(date: date|date and time, time: time)")
def moment_of_day_and_time(day: Day | DayAndTime, clock: Clock) -> Value:
    """Put a day and a time of day together."""
    return calendar.combine(calendar.day_of(day), clock)


@LIBRARY.function("date and time(date and time: date and time, timezone: string)")
def moment_in_zone(value: DayAndTime, name: str) -> Value:
    """Give the same instant as a zone's clocks show it; a value without zone counts as UTC."""
    return calendar.moment(calendar.instant_of(value)[0], _zone(name))


@LIBRARY.function(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset?: days and time duration)",
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "timezone: string)",
)
def moment_of_parts(  # called with the arguments of its signature, in order
    year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal,
    zone: DaysDuration | str | None = None,
) -> Value:  # fmt: skip
    """Make a date and time of its numbers."""
    found = calendar.make_day(integer(year), integer(month), integer(day))
    if found is None:
        raise Undefined(f"there is no day {year}-{month}-{day}")
    return calendar.combine(found, _clock(hour, minute, second, _zone(zone)))


@LIBRARY.function("time(from: string)")
def time_from_text(written: str) -> Value:
    """Read a time of day."""
    return _read(temporal.parse_clock(written), written, "time")


@LIBRARY.function("time(from: time|date|date and time)")
def time_of(value: Clock | Day | DayAndTime) -> Value:
    """Take the time of day; a day begins at midnight in UTC."""
    if kind_of(value) is Kind.TIME:
        return value
    if kind_of(value) is Kind.DATE:
        return time(tzinfo=timezone.utc)  # noqa: UP017  # beside `timezone`
    return calendar.clock_of(value)  # type: ignore[arg-type]  # a date and time is left


@LIBRARY.function("time(hour: number, minute: number, second: number, offset?: days and time duration)")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None) -> Value:
    """Make a time of day of its numbers."""
    return _clock(hour, minute, second, _zone(offset))


@LIBRARY.function("duration(from: string)")
def duration(written: str) -> Value:
    """Read a duration of either sort."""
    return _read(temporal.parse_duration(written), written, "duration")


@LIBRARY.function("duration(from: days and time duration|years and months duration)")
def duration_of(value: DaysDuration | MonthsDuration) -> Value:
    """Take a duration as it is."""
    return value


@LIBRARY.function("years and months duration(from: date|date and time, to: date|date and time)")
def months_between(start: Day | DayAndTime, end: Day | DayAndTime) -> Value:
    """Count the whole months from one day to another."""
    first, last = calendar.day_of(start), calendar.day_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    first_at, last_at = (first.day, _clock_in_day(start)), (last.day, _clock_in_day(end))
    if months > 0 and last_at < first_at:
        months -= 1
    elif months < 0 and last_at > first_at:
        months += 1
    return MonthsDuration(months)


@LIBRARY.function("range(from: string)", with_evaluation=True)
def make_range(run: Evaluation, written: str) -> Value:
    """Read a range of literals."""
    run.charge(_PRICE_OF_READING)
    found = read_range(written)
    if found is None:
        raise Undefined(f"`{written[:40]}` is no range")
    return found


def _read(found: Value, written: str, what: str) -> Value:
    if found is None:
        raise Undefined(f"`{written[:40]}` is no {what}", "FEEL-TIME-01")
    return found


def _clock_in_day(value: Day | DayAndTime) -> int:
    return calendar.nanoseconds_of(calendar.clock_of(value)) if _is_moment(value) else 0  # type: ignore[arg-type]


def _is_moment(value: Day | DayAndTime) -> bool:
    return isinstance(value, FarDateAndTime) or kind_of(value) is Kind.DATE_AND_TIME


def _zone(zone: DaysDuration | str | None) -> tzinfo | None:
    if zone is None:
        return None
    if isinstance(zone, str):
        found = calendar.find_zone(zone)
        if found is None:
            raise Undefined(f"there is no time zone `{zone[:40]}`", "FEEL-TIME-01")
        return found
    seconds = whole(zone.seconds)
    if seconds is None or abs(seconds) > _OFFSET_SECONDS_MAX:
        raise Undefined("an offset is a whole number of seconds, at most 14 hours", "FEEL-TIME-01")
    return timezone(timedelta(seconds=seconds))


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: tzinfo | None) -> Clock:
    hours, minutes = integer(hour), integer(minute)
    seconds = Decimal(second)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 60):
        raise Undefined(f"there is no time {hour}:{minute}:{second}", "FEEL-TIME-01")
    nanoseconds = int(CONTEXT.scaleb(seconds, 9))  # what is finer does not move a clock
    return calendar.clock_of_nanoseconds((hours * 60 + minutes) * 60 * calendar.SECOND_NANOSECONDS + nanoseconds, zone)
