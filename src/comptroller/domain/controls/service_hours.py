"""Service hours: deadlines count the hours in which people are at work, not the night, the weekend or a holiday.

A calendar says when that is: its days and hours on the clock of the entity's zone, and the days on which nobody works.
Without one it is Monday to Friday, eight hours from nine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import count
from typing import Final

IDLE_DAYS_MAX: Final = 366
"""Days without work after which a calendar is taken for one without any: then the clock runs on as it is."""


@dataclass(frozen=True, slots=True)
class ServiceCalendar:
    """When people are at work; days of the week count from Monday, 1 to 7."""

    zone: tzinfo = UTC
    holidays: frozenset[date] = frozenset()
    opens: time = time(9)
    hours: int = 8
    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})

    def is_working(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return day.isoweekday() in self.days and day not in self.holidays


def after_service_hours(start: datetime, hours: Decimal | int, calendar: ServiceCalendar) -> datetime:
    """The instant by which so many service hours have passed since `start`.

    >>> after_service_hours(datetime(2026, 3, 27, 15, tzinfo=UTC), 4, ServiceCalendar()).isoformat()
    '2026-03-30T11:00:00+00:00'
    """
    left = timedelta(microseconds=int(hours * 3_600_000_000))
    for opening, close in _shifts(start, calendar):
        if opening + left <= close:
            return (opening + left).astimezone(UTC)
        left -= close - opening
    return (start + left).astimezone(UTC)


def service_hours_between(start: datetime, end: datetime, calendar: ServiceCalendar) -> Decimal:
    """How many service hours lie between two instants, to the second; none when the second is not the later one.

    >>> service_hours_between(
    ...     datetime(2026, 3, 27, 15, tzinfo=UTC), datetime(2026, 3, 30, 11, tzinfo=UTC), ServiceCalendar()
    ... )
    Decimal('4')
    """
    passed = timedelta()
    if end > start:
        for opening, close in _shifts(start, calendar):
            if opening >= end:
                break
            passed += min(close, end) - opening
    return Decimal(int(passed.total_seconds())) / 3600


def _shifts(start: datetime, calendar: ServiceCalendar) -> Iterator[tuple[datetime, datetime]]:
    """The spans of work from an instant on; none where a whole year has no working day."""
    local, idle = start.astimezone(calendar.zone), 0
    for offset in count():
        day = local.date() + timedelta(days=offset)
        idle = 0 if calendar.is_working(day) else idle + 1
        if idle > IDLE_DAYS_MAX:
            return
        if idle:
            continue
        opening = datetime.combine(day, calendar.opens, calendar.zone)
        close = opening + timedelta(hours=calendar.hours)
        begin = max(opening, local)
        if begin <= close:
            yield begin, close
