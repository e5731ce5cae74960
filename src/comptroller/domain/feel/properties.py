"""What a path may ask of a day, a time, a duration or a range.

SOURCE: DMN 1.5, clause 10.3.2.5, table 65.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.temporal import split_seconds, zone_name
from comptroller.domain.feel.values import Clock, Day, DayAndTime, DaysDuration, Kind, MonthsDuration, Value


def weekday(value: Day | DayAndTime) -> int:
    """Count the day of the week, Monday being 1."""
    return (calendar.day_number(calendar.day_of(value)) + 3) % 7 + 1


def _clock_offset(clock: Clock) -> Value:
    return _duration(calendar.clock_offset(clock))


def _moment_offset(value: DayAndTime) -> Value:
    clock = calendar.clock_of(value)
    return _duration(calendar.offset_nanoseconds(calendar.coarse(clock).tzinfo, calendar.day_of(value), clock))


def _duration(offset: int | None) -> Value:
    return None if offset is None else DaysDuration(calendar.seconds_of(offset))


def _second(clock: Clock) -> Decimal:
    return calendar.seconds_of(calendar.nanoseconds_of(clock) % (60 * calendar.SECOND_NANOSECONDS))


def _of_moment(part: Callable[[Any], Value]) -> Callable[[Any], Value]:
    return lambda value: part(calendar.clock_of(value))


def _days_part(place: int) -> Callable[[DaysDuration], Decimal]:
    def part(duration: DaysDuration) -> Decimal:
        size = Decimal(split_seconds(duration)[place])
        return size.copy_negate() if duration.seconds < 0 and size else size

    return part


def _months_part(divisor: int) -> Callable[[MonthsDuration], Decimal]:
    def part(duration: MonthsDuration) -> Decimal:
        years, months = divmod(abs(duration.months), 12)
        size = years if divisor == 12 else months
        return Decimal(-size if duration.months < 0 else size)

    return part


_DAY: Final[Mapping[str, Callable[[Any], Value]]] = {
    "year": lambda value: Decimal(calendar.day_of(value).year),
    "month": lambda value: Decimal(calendar.day_of(value).month),
    "day": lambda value: Decimal(calendar.day_of(value).day),
    "weekday": lambda value: Decimal(weekday(value)),
}
_CLOCK: Final[Mapping[str, Callable[[Any], Value]]] = {
    "hour": lambda value: Decimal(calendar.coarse(value).hour),
    "minute": lambda value: Decimal(calendar.coarse(value).minute),
    "second": _second,
    "time offset": _clock_offset,
    "timezone": lambda value: zone_name(calendar.coarse(value).tzinfo),
}
_RANGE: Final[Mapping[str, Callable[[Any], Value]]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}
_BY_KIND: Final[Mapping[Kind, Mapping[str, Callable[[Any], Value]]]] = {
    Kind.DATE: _DAY,
    Kind.TIME: _CLOCK,
    Kind.DATE_AND_TIME: {
        **_DAY,
        **{name: _of_moment(part) for name, part in _CLOCK.items()},
        "time offset": _moment_offset,
    },
    Kind.DAYS_DURATION: {name: _days_part(place) for place, name in enumerate(("days", "hours", "minutes", "seconds"))},
    Kind.MONTHS_DURATION: {"years": _months_part(12), "months": _months_part(1)},
    Kind.RANGE: _RANGE,
}
PROPERTIES: Final[Mapping[tuple[Kind, str], Callable[[Any], Value]]] = {
    (kind, name): read for kind, properties in _BY_KIND.items() for name, read in properties.items()
}
"""How to read each property of each kind."""
