"""Reads and writes days, times, dates with times and durations as text.

SOURCE: DMN 1.5, clauses 10.3.2.3.4 to 10.3.2.3.8 and XML Schema part 2: `2026-03-27`, `08:00:00+01:00`,
`2026-03-27T08:00:00@Europe/Berlin`, `P3DT4H`, `-P1Y2M`. The standard sets no bound to the digits of a second; a time
has up to nine here (as the leading engines' have), and a text with more is no time: nothing is cut off unseen.
"""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.values import (
    Clock,
    Day,
    DayAndTime,
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    MonthsDuration,
)
from comptroller.domain.kernel.money import CONTEXT

_DAY_PATTERN: Final = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_CLOCK_PATTERN: Final = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
)
_DAY: Final = re.compile(_DAY_PATTERN + r"\Z", re.ASCII)
_CLOCK: Final = re.compile(_CLOCK_PATTERN + r"\Z", re.ASCII)
_MOMENT: Final = re.compile(_DAY_PATTERN + "T" + _CLOCK_PATTERN + r"\Z", re.ASCII)
_MONTHS: Final = re.compile(r"(-?)P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?\Z", re.ASCII)
_DAYS: Final = re.compile(
    r"(-?)P(?=[\dT])(?:(\d{1,15})D)?(?:T(?=\d)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15}(?:\.\d{1,34})?)S)?)?\Z",
    re.ASCII,
)
_OFFSET_MAX: Final = timedelta(hours=14)


def parse(text: str) -> Day | DayAndTime | Clock | DaysDuration | MonthsDuration | None:
    """Read whatever an at-literal may hold; None when it is none of them.

    >>> parse("2026-03-27"), parse("P1DT12H"), parse("soon")
    (datetime.date(2026, 3, 27), DaysDuration(seconds=Decimal('129600')), None)
    """
    return parse_day(text) or parse_clock(text) or parse_moment(text) or parse_duration(text)


def parse_day(text: str) -> Day | None:
    """Read a day."""
    match = _DAY.match(text)
    return None if match is None else _day(match)


def parse_clock(text: str) -> Clock | None:
    """Read a time of day."""
    match = _CLOCK.match(text)
    found = None if match is None else _clock(match)
    return None if found is None else found[0]


def parse_moment(text: str) -> DayAndTime | None:
    """Read a date and time; `24:00:00` is the next day's midnight."""
    match = _MOMENT.match(text)
    if match is None:
        return None
    day, found = _day(match), _clock(match)
    if day is None or found is None:
        return None
    clock, over = found
    return calendar.combine(calendar.day_of_number(calendar.day_number(day) + 1) if over else day, clock)


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """Read a duration of either sort."""
    match = _MONTHS.match(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return MonthsDuration(-months if match[1] else months)
    match = _DAYS.match(text)
    if match is None:
        return None
    days, hours, minutes, rest = (match[group] or "0" for group in (2, 3, 4, 5))
    whole = ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60
    seconds = CONTEXT.add(Decimal(whole), Decimal(rest))
    return DaysDuration(seconds.copy_negate() if match[1] and seconds else seconds)


def _day(match: re.Match[str]) -> Day | None:
    return calendar.make_day(int(match["year"]), int(match["month"]), int(match["day"]))


def _clock(match: re.Match[str]) -> tuple[Clock, bool] | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    fraction = int((match["fraction"] or "").ljust(9, "0"))
    over = hour == 24
    if over and (minute or second or fraction):
        return None
    zone = _zone(match["zone"]) if match["zone"] else None
    if hour > 24 or minute > 59 or second > 59 or (zone is None and match["zone"]):
        return None
    seconds = ((0 if over else hour) * 60 + minute) * 60 + second
    return calendar.clock_of_nanoseconds(seconds * calendar.SECOND_NANOSECONDS + fraction, zone), over


def _zone(text: str) -> tzinfo | None:
    if text == "Z":
        return UTC
    if text[0] == "@":
        return calendar.find_zone(text[1:])
    hours, minutes, seconds = int(text[1:3]), int(text[4:6]), int(text[7:9] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset > _OFFSET_MAX or minutes > 59 or seconds > 59:
        return None
    return timezone(-offset if text[0] == "-" else offset)


def text_of(value: Day | DayAndTime | Clock | DaysDuration | MonthsDuration) -> str:
    """Write a value so that `parse` reads it again."""
    match value:
        case DaysDuration():
            return _days_text(value)
        case MonthsDuration():
            return _months_text(value)
        case datetime() | FarDateAndTime():
            return f"{day_text(calendar.day_of(value))}T{clock_text(calendar.clock_of(value))}"
        case time() | FineTime():
            return clock_text(value)
        case _:
            return day_text(value)


def day_text(day: Day) -> str:
    """Write a day."""
    if isinstance(day, FarDate):
        return f"{'-' if day.year < 0 else ''}{abs(day.year):04}-{day.month:02}-{day.day:02}"
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def clock_text(clock: Clock) -> str:
    """Write a time of day with its zone: `Z`, an offset, or `@` and the zone's name."""
    plain, beyond = calendar.coarse(clock), calendar.nanoseconds_of(clock) % calendar.SECOND_NANOSECONDS
    fraction = f".{beyond:09}".rstrip("0") if beyond else ""
    return f"{plain.hour:02}:{plain.minute:02}:{plain.second:02}{fraction}{_zone_text(plain.tzinfo)}"


def _zone_text(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    name = zone_name(zone)
    if name is not None:
        return f"@{name}"
    seconds = (zone.utcoffset(None) or timedelta()) // timedelta(seconds=1)
    if not seconds:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    tail = f":{rest:02}" if rest else ""
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"


def zone_name(zone: tzinfo | None) -> str | None:
    """Name a zone of the IANA database; None for an offset."""
    key = getattr(zone, "key", None)
    return key if isinstance(key, str) else None


def _months_text(duration: MonthsDuration) -> str:
    years, months = divmod(abs(duration.months), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if duration.months < 0 else ''}P{parts or '0M'}"


def split_seconds(duration: DaysDuration) -> tuple[int, int, int, Decimal]:
    """Split a duration, its sign left aside, into days, hours, minutes and seconds."""
    size = duration.seconds.copy_abs()
    whole = int(size)
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    return days, hours, minutes, CONTEXT.add(CONTEXT.subtract(size, Decimal(whole)), Decimal(seconds))


def _days_text(duration: DaysDuration) -> str:
    days, hours, minutes, seconds = split_seconds(duration)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds:
        written = f"{seconds:f}"
        clock += f"{written.rstrip('0').rstrip('.') if '.' in written else written}S"
    parts = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if duration.seconds < 0 else ''}P{parts or 'T0S'}"
