"""Days, times and zones without the bounds of the standard library's types.

FEEL's years reach far beyond 1 to 9999. Every computation here therefore runs on whole numbers, the days since
1970-01-01 and the microseconds of a day, and gives a `datetime` type where one can hold the result and our own where
none can. A zone whose rules are asked for a far year answers with those of the nearest year it knows.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from comptroller.domain.feel.values import Day, DayAndTime, FarDate, FarDateAndTime
from comptroller.domain.kernel.money import CONTEXT

YEAR_MAX: Final = 999_999_999
"""The furthest year, either way: XML Schema's parsers agree on nine digits."""

DAY_MICROSECONDS: Final = 86_400_000_000
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
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
    first = date(2000, 1, 1).toordinal() - _EPOCH_ORDINAL
    eras, rest = divmod(number - first, _DAYS_OF_ERA)
    near = date.fromordinal(first + rest + _EPOCH_ORDINAL)
    return make_day(near.year + 400 * eras, near.month, near.day)


def combine(day: Day | None, clock: time) -> DayAndTime | None:
    """Put a day and a time of day, with its zone, together."""
    if day is None:
        return None
    return FarDateAndTime(day, clock) if isinstance(day, FarDate) else datetime.combine(day, clock)


def day_of(value: Day | DayAndTime) -> Day:
    """Take the day of a date and time, as its own zone has it."""
    if isinstance(value, datetime):
        return value.date()
    return value.day if isinstance(value, FarDateAndTime) else value


def clock_of(value: DayAndTime) -> time:
    """Take the time of day, with its zone."""
    return value.timetz() if isinstance(value, datetime) else value.time


def microseconds_of(clock: time) -> int:
    """Count the microseconds since midnight, the zone left aside."""
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def clock_of_microseconds(microseconds: int, zone: tzinfo | None) -> time:
    """Give the time of day so many microseconds after midnight."""
    seconds, microsecond = divmod(microseconds, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second, microsecond, zone)


def offset_microseconds(zone: tzinfo | None, day: Day, clock: time) -> int | None:
    """Give a zone's offset from UTC at a local day and time; None without a zone."""
    if zone is None:
        return None
    if isinstance(day, FarDate):
        leap = month_length(day.year, 2) == 29
        day = date((4 if leap else 1) if day.year < 1 else (9996 if leap else 9999), day.month, day.day)
    offset = zone.utcoffset(datetime.combine(day, clock.replace(tzinfo=None)).replace(tzinfo=zone))
    return None if offset is None else offset // timedelta(microseconds=1)


def clock_offset(clock: time) -> int | None:
    """Give the offset in microseconds of a time of day; a named zone is asked for a fixed day."""
    return offset_microseconds(clock.tzinfo, _REFERENCE_DAY, clock)


def instant_of(value: DayAndTime) -> tuple[int, bool]:
    """Give the microseconds since 1970 in UTC, or in local time for a value without zone; and whether it has one."""
    day, clock = day_of(value), clock_of(value)
    offset = offset_microseconds(clock.tzinfo, day, clock)
    return day_number(day) * DAY_MICROSECONDS + microseconds_of(clock) - (offset or 0), offset is not None


def moment(instant: int, zone: tzinfo | None) -> DayAndTime | None:
    """Give the date and time of an instant in a zone (or of a local count without one)."""
    local = _at_offset(instant, 0, zone)
    if zone is None or local is None:
        return local
    if isinstance(zone, timezone):
        return _at_offset(instant, offset_microseconds(zone, _REFERENCE_DAY, time()) or 0, zone)
    if isinstance(local, datetime) and 1 < local.year < 9999:
        return local.replace(tzinfo=UTC).astimezone(zone)
    return _at_offset(instant, offset_microseconds(zone, day_of(local), clock_of(local)) or 0, zone)


def _at_offset(instant: int, offset: int, zone: tzinfo | None) -> DayAndTime | None:
    days, microseconds = divmod(instant + offset, DAY_MICROSECONDS)
    return combine(day_of_number(days), clock_of_microseconds(microseconds, zone))


def plus_months(value: Day | DayAndTime, months: int) -> Day | DayAndTime | None:
    """Move by whole months; a day that the new month lacks becomes its last."""
    day = day_of(value)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > YEAR_MAX:
        return None
    moved = make_day(year, month + 1, min(day.day, month_length(year, month + 1)))
    return combine(moved, clock_of(value)) if isinstance(value, datetime | FarDateAndTime) else moved


def seconds_of(microseconds: int) -> Decimal:
    """Turn microseconds into exact seconds."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return CONTEXT.scaleb(Decimal(microseconds), -6).normalize(CONTEXT) if rest else Decimal(seconds)


def find_zone(name: str) -> tzinfo | None:
    """Find a zone of the IANA database; None when there is none such."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
