"""Service hours: deadlines count the hours in which people are at work, not the night and not the weekend.

A working day has eight hours, Monday to Friday, on the clock of the zone that the caller names; public holidays come
with the calendars of a later release (see docs/limits.md).
"""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

DAY_START: Final = time(9)
DAY_HOURS: Final = 8
SATURDAY: Final = 5


def after_service_hours(start: datetime, hours: int, zone: tzinfo) -> datetime:
    """The instant by which so many service hours have passed since `start`.

    >>> after_service_hours(datetime(2026, 3, 27, 15, tzinfo=UTC), 4, UTC).isoformat()
    '2026-03-30T11:00:00+00:00'
    """
    moment, left = _into_service(start.astimezone(zone)), timedelta(hours=hours)
    while True:
        close = datetime.combine(moment, DAY_START, moment.tzinfo) + timedelta(hours=DAY_HOURS)
        if moment + left <= close:
            return (moment + left).astimezone(UTC)
        left -= close - moment
        moment = _into_service(close)


def _into_service(moment: datetime) -> datetime:
    """The same moment when it lies in service hours, else the next opening."""
    opening = datetime.combine(moment, DAY_START, moment.tzinfo)
    if moment < opening:
        moment = opening
    elif moment >= opening + timedelta(hours=DAY_HOURS):
        moment = opening + timedelta(days=1)
    while moment.weekday() >= SATURDAY:
        moment = datetime.combine(moment + timedelta(days=1), DAY_START, moment.tzinfo)
    return moment
