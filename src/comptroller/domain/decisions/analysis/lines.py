"""The orders that values have: where a value stands in its own, and what its neighbours are.

Values of one kind follow one another on a line; times and dates with times on two, those with an offset from UTC and
those without, since the two do not compare. On the lines of days, times and months nothing stands between a value and
the next, on those of numbers and texts there nearly always is something.
"""

from datetime import UTC, date, timedelta, timezone
from decimal import Decimal
from sys import maxunicode
from typing import Any, Final

from comptroller.domain.feel import DaysDuration, Kind, MonthsDuration, Value, calendar, kind_of
from comptroller.domain.kernel.money import CONTEXT

Line = tuple[Kind, bool]
"""A kind of values, and whether these are the ones with an offset from UTC."""

CLOCKS: Final = frozenset({Kind.TIME, Kind.DATE_AND_TIME})
"""The kinds that have two lines."""

ORDERED: Final = frozenset({Kind.NUMBER, Kind.STRING, Kind.DATE, *CLOCKS, Kind.DAYS_DURATION, Kind.MONTHS_DURATION})
"""The kinds whose values follow one another."""

_SURROGATES: Final = range(0xD800, 0xE000)  # no characters
_SECOND: Final = calendar.SECOND_NANOSECONDS
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_STEPS: Final = {
    Kind.TIME: (60 * _SECOND, _SECOND),
    Kind.DATE_AND_TIME: (3600 * _SECOND, 60 * _SECOND, _SECOND),
}
"""How far from an end of an interval a value reads well, in nanoseconds."""


def line_of(value: Value) -> Line:
    """The line that a value stands on."""
    kind = kind_of(value)
    match kind:
        case Kind.TIME:
            return kind, calendar.clock_offset(value) is not None  # type: ignore[arg-type]  # the kind says so
        case Kind.DATE_AND_TIME:
            return kind, calendar.instant_of(value)[1]  # type: ignore[arg-type]  # as above
    return kind, False


def place_of(value: Any) -> Any:
    """Where a value stands on its line: equal for equal values, and in their order."""
    match kind_of(value):
        case Kind.DATE:
            return calendar.day_number(value) + _EPOCH_ORDINAL
        case Kind.TIME:
            return calendar.nanoseconds_of(value) - (calendar.clock_offset(value) or 0)
        case Kind.DATE_AND_TIME:
            return calendar.instant_of(value)[0]
        case Kind.DAYS_DURATION:
            return value.seconds
        case Kind.MONTHS_DURATION:
            return value.months
    return value


def after(value: Any) -> Value:
    """The next value, or one that is as near as can be; None where there is none."""
    match kind_of(value):
        case Kind.NUMBER:
            return CONTEXT.next_plus(value)
        case Kind.STRING:
            return f"{value}\0"
        case Kind.DAYS_DURATION:
            return DaysDuration(CONTEXT.next_plus(value.seconds))
    return _moved(value, 1)


def before(value: Any) -> Value:
    """The value before, or one that is as near as can be (of texts the first there is); None where there is none."""
    match kind_of(value):
        case Kind.NUMBER:
            return CONTEXT.next_minus(value)
        case Kind.STRING:
            return "" if value else None
        case Kind.DAYS_DURATION:
            return DaysDuration(CONTEXT.next_minus(value.seconds))
    return _moved(value, -1)


def after_prefix(prefix: str) -> str | None:
    """The first text behind all that begin with a prefix; None where there is none.

    >>> after_prefix("DE"), after_prefix("")
    ('DF', None)
    """
    kept = prefix.rstrip(chr(maxunicode))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)


def other_line(line: Line) -> Value:
    """A value of the same kind that stands on the other line."""
    kind, has_offset = line
    zone = None if has_offset else UTC
    return calendar.clock_of_nanoseconds(0, zone) if kind is Kind.TIME else calendar.moment(0, zone)


def typical(low: Any, high: Any, otherwise: Any) -> Value:
    """A value between two ends (None: there is no such end) that reads well."""
    kind = kind_of(high if low is None else low)
    match kind:
        case Kind.NUMBER:
            return _middle(low, high, Decimal(1))
        case Kind.DAYS_DURATION:
            first, last = (None if end is None else end.seconds for end in (low, high))
            return DaysDuration(_middle(first, last, Decimal(86_400)))
        case Kind.STRING:
            longer = otherwise if low is None else f"{low}a"
            return longer if high is None or longer < high else otherwise
        case Kind.TIME | Kind.DATE_AND_TIME:
            for step in _STEPS[kind]:
                found = _moved(high, -step) if low is None else _moved(low, step)
                if found is not None and (low is None or high is None or place_of(found) < place_of(high)):
                    return found
    return otherwise  # type: ignore[no-any-return]  # a witness, which is a value


def _middle(low: Decimal | None, high: Decimal | None, step: Decimal) -> Decimal:
    if low is not None and high is not None:
        return (low + high) / 2
    assert low is not None or high is not None
    return low + step if low is not None else high - step  # type: ignore[operator]  # one of both is there


def _moved(value: Any, by: int) -> Value:
    """A value so many places further; None where there is none."""
    place = place_of(value) + by
    match kind_of(value):
        case Kind.DATE:
            return calendar.day_of_number(place - _EPOCH_ORDINAL)
        case Kind.MONTHS_DURATION:
            return MonthsDuration(place)
        case Kind.DATE_AND_TIME:
            return calendar.moment(place, UTC if line_of(value)[1] else None)
        case Kind.TIME if not line_of(value)[1]:
            return calendar.clock_of_nanoseconds(place, None) if 0 <= place < calendar.DAY_NANOSECONDS else None
    return _with_offset(place)


def _with_offset(place: int) -> Value:
    """The time of day at a place of the line of those with an offset, 14 hours at most; in UTC where that has it."""
    hours = 14 if place < 0 else -14 if place >= calendar.DAY_NANOSECONDS else 0
    nanoseconds = place + hours * 3600 * _SECOND
    zone = timezone(timedelta(hours=hours)) if hours else UTC
    return calendar.clock_of_nanoseconds(nanoseconds, zone) if 0 <= nanoseconds < calendar.DAY_NANOSECONDS else None
