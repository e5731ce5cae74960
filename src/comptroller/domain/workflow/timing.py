"""When a timer is due: the one place where a duration meets the calendar.

Durations are read as ISO 8601 writes them (`PT16H`, `P1DT12H`, `P2W`, `P1M`) and added to the instant in elapsed time;
years and months move the day of the calendar, in UTC, and stop at the end of a shorter month.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from comptroller.domain.feel import DaysDuration, MonthsDuration, Value

_DURATION: Final = re.compile(
    r"P(?=[\dT])(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10})(?:\.(?P<fraction>\d{1,6}))?S)?)?\Z",
    re.ASCII,
)
_LONGEST: Final = timedelta(days=366 * 10_000)
"""No instant lies this far from another."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: months of the calendar and elapsed time."""

    months: int
    elapsed: timedelta


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


def _months_later(instant: datetime, months: int) -> datetime:
    if months == 0:
        return instant
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))
