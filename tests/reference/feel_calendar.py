"""Days, times, zones and durations by counting, and their texts.

SOURCE: DMN 1.5, clauses 10.3.2.3.4 to 10.3.2.3.8; XML Schema part 2, appendix E (adding durations); the calendar is
the proleptic Gregorian one with a year zero.
"""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from tests.reference.feel_numbers import number_text
from tests.reference.feel_values import Clock, Day, Moment, Months, Seconds, Unstated

SECOND = 10**9  # nanoseconds
DAY = 86_400 * SECOND
YEAR_MAX = 999_999_999
"""The furthest year, either way; the standard leaves it to XML Schema, whose processors agree on nine digits."""

WHOLE_DIGITS_MAX = 20
"""Digits of the whole seconds or months of a duration; the standard sets no bound, the product does."""

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def leaps(year: int) -> bool:
    """Every fourth year leaps, but of the hundreds only every fourth."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """The days of a month."""
    return 29 if month == 2 and leaps(year) else LENGTHS[month - 1]


def exists(day: Day) -> bool:
    """Say whether the calendar has the day."""
    return abs(day.year) <= YEAR_MAX and 1 <= day.month <= 12 and 1 <= day.number <= month_length(day.year, day.month)


@lru_cache(maxsize=4096)
def _days_before(year: int) -> int:
    """The days from 1 January of the year 0 to 1 January of a year, counted year by year within 400 years."""
    cycles, rest = divmod(year, 400)
    return cycles * 146_097 + sum(366 if leaps(each) else 365 for each in range(rest))


def count_of(day: Day) -> int:
    """Count the days since 1 January of the year 0."""
    months = sum(month_length(day.year, month) for month in range(1, day.month))
    return _days_before(day.year) + months + day.number - 1


def day_of(count: int) -> Day | None:
    """The day that many days after 1 January of the year 0; None where the years end."""
    year = count // 146_097 * 400
    while _days_before(year + 1) <= count:
        year += 1
    rest, month = count - _days_before(year), 1
    while rest >= month_length(year, month):
        rest, month = rest - month_length(year, month), month + 1
    day = Day(year, month, rest + 1)
    return day if exists(day) else None


def weekday(day: Day) -> int:
    """Monday is 1; 1 January of the year 0 was a Saturday."""
    return (count_of(day) + 5) % 7 + 1


def day_in_year(day: Day) -> int:
    """Count the day within its year."""
    return count_of(day) - _days_before(day.year) + 1


def week_in_year(day: Day) -> int:
    """ISO 8601: a week belongs to the year that its Thursday is in."""
    thursday = day_of(count_of(day) + 4 - weekday(day))
    if thursday is None:
        raise Unstated("the week reaches beyond the calendar")
    return (day_in_year(thursday) - 1) // 7 + 1


# Zones


def offset_of(moment: Moment) -> int | None:
    """The offset from UTC in seconds at a local date and time; None without a zone."""
    zone = moment.clock.zone
    if not isinstance(zone, str):
        return zone
    if not 1 < moment.day.year < 9999:
        raise Unstated("the rules of a zone are not told for so far a year")
    local = datetime(moment.day.year, moment.day.month, moment.day.number, tzinfo=ZoneInfo(zone), fold=0)
    local += timedelta(microseconds=moment.clock.nanoseconds // 1_000)
    offset = local.replace(fold=moment.clock.fold).utcoffset()
    assert offset is not None
    return offset // timedelta(seconds=1)


def clock_offset(clock: Clock) -> int | None:
    """The offset of a time alone; the standard names no day for a zone's name, the product takes 1970-01-01."""
    return offset_of(Moment(Day(1970, 1, 1), clock))


def instant_of(moment: Moment) -> tuple[int, bool]:
    """Nanoseconds since the year 0, in UTC for a moment with a zone; and whether it has one."""
    offset = offset_of(moment)
    return count_of(moment.day) * DAY + moment.clock.nanoseconds - (offset or 0) * SECOND, offset is not None


def moment_at(instant: int, zone: int | str | None) -> Moment | None:
    """The local date and time at an instant."""
    if isinstance(zone, str):
        return _moment_in_zone(instant, zone)
    days, nanoseconds = divmod(instant + (zone or 0) * SECOND, DAY)
    day = day_of(days)
    return None if day is None else Moment(day, Clock(nanoseconds, zone))


def _moment_in_zone(instant: int, zone: str) -> Moment | None:
    days, nanoseconds = divmod(instant, DAY)
    day = day_of(days)
    if day is None or not 1 < day.year < 9999:
        raise Unstated("the rules of a zone are not told for so far a year")
    there = datetime(day.year, day.month, day.number, tzinfo=UTC) + timedelta(seconds=nanoseconds // SECOND)
    local = there.astimezone(ZoneInfo(zone))
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    clock = Clock(seconds * SECOND + nanoseconds % SECOND, zone, local.fold)
    return Moment(Day(local.year, local.month, local.day), clock)


def plus_months(day: Day, months: int) -> Day | None:
    """XML Schema, appendix E: a day that the new month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    moved = Day(year, month + 1, min(day.number, month_length(year, month + 1)))
    return moved if exists(moved) else None


# Texts

_ZONE = r"(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?" + _ZONE, re.ASCII)
_DAY = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_SPAN = re.compile(
    r"(-?)P(?:(\d{1,15})D)?(T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d{1,34}))?S)?)?", re.ASCII
)


def read_day(text: str) -> Day | None:
    """`2026-03-27`"""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    day = Day(*map(int, match.groups()))
    return day if exists(day) else None


def read_clock(text: str) -> Clock | None:
    """`08:00:00.5+01:00`; `24:00:00` is midnight (XML Schema)."""
    found = _clock(text)
    return None if found is None else found[0]


def read_moment(text: str) -> Moment | None:
    """`2026-03-27T08:00:00@Europe/Berlin`"""
    written, letter, rest = text.partition("T")
    day, found = read_day(written), _clock(rest)
    if not letter or day is None or found is None:
        return None
    clock, next_day = found
    if next_day:
        following = day_of(count_of(day) + 1)
        return None if following is None else Moment(following, clock)
    return Moment(day, clock)


def _clock(text: str) -> tuple[Clock, bool] | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nanoseconds = ((hour * 60 + minute) * 60 + second) * SECOND + int((match[4] or "").ljust(9, "0"))
    zone = read_zone(match[5]) if match[5] else None
    if minute > 59 or second > 59 or nanoseconds > DAY or (match[5] and zone is None):
        return None
    return Clock(nanoseconds % DAY, zone), nanoseconds == DAY


def read_zone(text: str) -> int | str | None:
    """`Z`, `+02:00` or `@Europe/Berlin`; None for no zone there is."""
    if text == "Z":
        return 0
    if text[0] == "@":
        return text[1:] if zone_exists(text[1:]) else None
    hours, minutes, *seconds = map(int, text[1:].split(":"))
    if hours > 14 or minutes > 59 or (seconds and seconds[0] > 59):
        return None
    size = (hours * 60 + minutes) * 60 + (seconds[0] if seconds else 0)
    return -size if text[0] == "-" else size


def zone_exists(name: str) -> bool:
    """Say whether the IANA database has a zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def read_duration(text: str) -> Seconds | Months | None:
    """`P1Y2M` or `P3DT4H5M6.5S`, with a sign before."""
    match = _YEARS_MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return Months(-months if match[1] else months)
    match = _SPAN.fullmatch(text)
    if match is None or match[3] == "T" or not (match[2] or match[3]):
        return None
    whole = ((int(match[2] or 0) * 24 + int(match[4] or 0)) * 60 + int(match[5] or 0)) * 60 + int(match[6] or 0)
    count = whole + Fraction(int(match[7]), 10 ** len(match[7])) if match[7] else Fraction(whole)
    return Seconds(-count if match[1] else count)


def read_any(text: str) -> Day | Clock | Moment | Seconds | Months | None:
    """Whatever stands in an at-literal."""
    for read in (read_day, read_clock, read_moment, read_duration):
        found = read(text)
        if found is not None:
            return found
    return None


def text_of(value: Day | Clock | Moment | Seconds | Months) -> str:
    """Write a value as it is read (clause 10.3.4.1, `string`)."""
    match value:
        case Day():
            return f"{'-' if value.year < 0 else ''}{abs(value.year):04}-{value.month:02}-{value.number:02}"
        case Clock():
            return _clock_text(value)
        case Moment():
            return f"{text_of(value.day)}T{_clock_text(value.clock)}"
        case Months():
            years, months = divmod(abs(value.count), 12)
            parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
            return f"{'-' if value.count < 0 else ''}P{parts or '0M'}"
        case Seconds():
            return _span_text(value)


def _clock_text(clock: Clock) -> str:
    seconds, beyond = divmod(clock.nanoseconds, SECOND)
    fraction = f".{beyond:09}".rstrip("0") if beyond else ""
    written = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"
    if clock.zone is None:
        return written
    if isinstance(clock.zone, str):
        return f"{written}@{clock.zone}"
    if not clock.zone:
        return f"{written}Z"
    size = abs(clock.zone)
    tail = f":{size % 60:02}" if size % 60 else ""
    return f"{written}{'-' if clock.zone < 0 else '+'}{size // 3600:02}:{size // 60 % 60:02}{tail}"


def parts_of(duration: Seconds) -> tuple[int, int, int, Fraction]:
    """Days, hours, minutes and seconds of a duration's size."""
    size = abs(duration.count)
    whole = int(size)
    return whole // 86_400, whole // 3_600 % 24, whole // 60 % 60, size - whole + whole % 60


def _span_text(duration: Seconds) -> str:
    days, hours, minutes, seconds = parts_of(duration)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{number_text(seconds)}S" if seconds else ""
    parts = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if duration.count < 0 else ''}P{parts or 'T0S'}"
