"""Days, times and zones without the bounds of the standard library's types.

FEEL's years reach far beyond 1 to 9999, and its seconds below the microsecond. Every computation here therefore runs on
whole numbers, the days since 1970-01-01 and the nanoseconds of a day, and gives a `datetime` type where one can hold
the result and our own where none can. A zone whose rules are asked for a far year answers with those of the nearest
year it knows.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from comptroller.domain.feel.values import Clock, Day, DayAndTime, FarDate, FarDateAndTime, FineTime
from comptroller.domain.kernel.money import CONTEXT

YEAR_MAX: Final = 999_999_999
"""The furthest year, either way: XML Schema's parsers agree on nine digits."""

SECOND_NANOSECONDS: Final = 1_000_000_000
DAY_NANOSECONDS: Final = 86_400 * SECOND_NANOSECONDS
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # subtracted from local times
_EPOCH_ORDINAL: Final = _EPOCH.toordinal()
_ORDINAL_MAX: Final = date.max.toordinal()
_DAYS_OF_ERA: Final = 146_097  # 400 years
_MONTH_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REFERENCE_DAY: Final = date(1970, 1, 1)
"""The day at which a time of day asks its zone for the offset."""


def make_day(year: int, month: int, day: int) -> Day | None:
    """Make a day; None when the calendar has none such."""
    if not (-YEAR_MAX <= year <= YEAR_MAX and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def month_length(year: int, month: int) -> int:
    """Count the days of a month of the proleptic Gregorian calendar."""
    if month == 2 and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0)):
        return 28
    return _MONTH_DAYS[month - 1]


def day_number(day: Day) -> int:
    """Count the days since 1970-01-01."""
    if isinstance(day, date):
        return day.toordinal() - _EPOCH_ORDINAL
    eras, year = divmod(day.year - 2000, 400)
    return date(2000 + year, day.month, day.day).toordinal() - _EPOCH_ORDINAL + eras * _DAYS_OF_ERA


def day_of_number(number: int) -> Day | None:
    """Give the day so many days after 1970-01-01; None beyond the years there are."""
    ordinal = number + _EPOCH_ORDINAL
    if 1 <= ordinal <= _ORDINAL_MAX:
        return date.fromordinal(ordinal)
    first = date(2000, 1, 1).toordinal() - _EPOCH_ORDINAL
    eras, rest = divmod(number - first, _DAYS_OF_ERA)
    near = date.fromordinal(first + rest + _EPOCH_ORDINAL)
    return make_day(near.year + 400 * eras, near.month, near.day)


def combine(day: Day | None, clock: Clock) -> DayAndTime | None:
    """Put a day and a time of day, with its zone, together."""
    if day is None:
        return None
    if isinstance(day, FarDate) or isinstance(clock, FineTime):
        return FarDateAndTime(day, clock)
    return datetime.combine(day, clock)


def day_of(value: Day | DayAndTime) -> Day:
    """Take the day of a date and time, as its own zone has it."""
    if isinstance(value, datetime):
        return value.date()
    return value.day if isinstance(value, FarDateAndTime) else value


def clock_of(value: DayAndTime) -> Clock:
    """Take the time of day, with its zone."""
    return value.timetz() if isinstance(value, datetime) else value.time


def coarse(clock: Clock) -> time:
    """Leave the nanoseconds beyond the microsecond aside: what is left tells hour, minute, second and zone."""
    return clock.time if isinstance(clock, FineTime) else clock


def nanoseconds_of(clock: Clock) -> int:
    """Count the nanoseconds since midnight, the zone left aside."""
    plain, beyond = coarse(clock), clock.nanosecond if isinstance(clock, FineTime) else 0
    return (((plain.hour * 60 + plain.minute) * 60 + plain.second) * 1_000_000 + plain.microsecond) * 1_000 + beyond


def clock_of_nanoseconds(nanoseconds: int, zone: tzinfo | None, fold: int = 0) -> Clock:
    """Give the time of day so many nanoseconds after midnight; `fold` as `datetime.time` has it."""
    microseconds, nanosecond = divmod(nanoseconds, 1_000)
    seconds, microsecond = divmod(microseconds, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    clock = time(hour, minute, second, microsecond, zone, fold=fold)
    return FineTime(clock, nanosecond) if nanosecond else clock


def offset_nanoseconds(zone: tzinfo | None, day: Day, clock: Clock) -> int | None:
    """Give a zone's offset from UTC at a local day and time; None without a zone."""
    if zone is None:
        return None
    if isinstance(day, FarDate):
        leap = month_length(day.year, 2) == 29
        day = date((4 if leap else 1) if day.year < 1 else (9996 if leap else 9999), day.month, day.day)
    offset = zone.utcoffset(datetime.combine(day, coarse(clock).replace(tzinfo=None)).replace(tzinfo=zone))
    return None if offset is None else offset // timedelta(microseconds=1) * 1_000


def clock_offset(clock: Clock) -> int | None:
    """Give the offset in nanoseconds of a time of day; a named zone is asked for a fixed day."""
    return offset_nanoseconds(coarse(clock).tzinfo, _REFERENCE_DAY, clock)


def instant_of(value: DayAndTime) -> tuple[int, bool]:
    """Give the nanoseconds since 1970 in UTC, or in local time for a value without zone; and whether it has one."""
    if isinstance(value, datetime):
        zone_offset, since = value.utcoffset(), value.replace(tzinfo=None) - _EPOCH
        passed = since if zone_offset is None else since - zone_offset
        return passed // timedelta(microseconds=1) * 1_000, zone_offset is not None
    day, clock = day_of(value), clock_of(value)
    offset = offset_nanoseconds(coarse(clock).tzinfo, day, clock)
    return day_number(day) * DAY_NANOSECONDS + nanoseconds_of(clock) - (offset or 0), offset is not None


def moment(instant: int, zone: tzinfo | None) -> DayAndTime | None:
    """Give the date and time of an instant in a zone (or of a local count without one)."""
    if zone is None:
        return _at_offset(instant, 0, zone)
    if isinstance(zone, timezone):
        return _at_offset(instant, zone.utcoffset(None) // timedelta(microseconds=1) * 1_000, zone)
    day = day_of_number(instant // DAY_NANOSECONDS)
    clock = clock_of_nanoseconds(instant % DAY_NANOSECONDS, None)
    if isinstance(day, date) and 1 < day.year < 9999:
        # Python finds the offset, and which of two equal local times it is; the nanoseconds pass it by
        local = datetime.combine(day, coarse(clock), UTC).astimezone(zone)
        offset = local.utcoffset() or timedelta()
        return _at_offset(instant, offset // timedelta(microseconds=1) * 1_000, zone, local.fold)
    return None if day is None else _at_offset(instant, offset_nanoseconds(zone, day, clock) or 0, zone)


def _at_offset(instant: int, offset: int, zone: tzinfo | None, fold: int = 0) -> DayAndTime | None:
    days, nanoseconds = divmod(instant + offset, DAY_NANOSECONDS)
    return combine(day_of_number(days), clock_of_nanoseconds(nanoseconds, zone, fold))


def plus_months(value: Day | DayAndTime, months: int) -> Day | DayAndTime | None:
    """Move by whole months; a day that the new month lacks becomes its last."""
    day = day_of(value)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > YEAR_MAX:
        return None
    moved = make_day(year, month + 1, min(day.day, month_length(year, month + 1)))
    return combine(moved, clock_of(value)) if isinstance(value, datetime | FarDateAndTime) else moved


def seconds_of(nanoseconds: int) -> Decimal:
    """Turn nanoseconds into exact seconds."""
    seconds, rest = divmod(nanoseconds, SECOND_NANOSECONDS)
    return CONTEXT.scaleb(Decimal(nanoseconds), -9).normalize(CONTEXT) if rest else Decimal(seconds)


def find_zone(name: str) -> tzinfo | None:
    """Find a zone of the IANA database; None when there is none such.

    The names are read once: to look for a file that is not there takes long, and a disk may not know lower from upper.
    """
    return ZoneInfo(name) if name in _zone_names() else None


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
