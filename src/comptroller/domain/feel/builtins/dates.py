"""Functions of dates: where a day lies in its week, month and year, and the clock of the run.

SOURCE: DMN 1.5, clauses 10.3.4.8 and 10.3.4.11. `now` and `today` tell what the caller of the decision said; the engine
has no clock.
"""

from decimal import Decimal
from typing import Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.properties import weekday
from comptroller.domain.feel.values import Day, DayAndTime, Value

LIBRARY: Final = Library()

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _day_of_year(value: Day | DayAndTime) -> int:
    day = calendar.day_of(value)
    return sum(calendar.month_length(day.year, month) for month in range(1, day.month)) + day.day


@LIBRARY.function("day of year(date: date|date and time)")
def day_of_year(value: Day | DayAndTime) -> Value:
    """Count the day within its year, from 1."""
    return Decimal(_day_of_year(value))


@LIBRARY.function("day of week(date: date|date and time)")
def day_of_week(value: Day | DayAndTime) -> Value:
    """Name the day of the week."""
    return _WEEKDAYS[weekday(value) - 1]


@LIBRARY.function("month of year(date: date|date and time)")
def month_of_year(value: Day | DayAndTime) -> Value:
    """Name the month."""
    return _MONTHS[calendar.day_of(value).month - 1]


@LIBRARY.function("week of year(date: date|date and time)")
def week_of_year(value: Day | DayAndTime) -> Value:
    """Count the week within its year as ISO 8601 does: week 1 holds the year's first Thursday."""
    year, week = calendar.day_of(value).year, (_day_of_year(value) - weekday(value) + 10) // 7
    if week < 1:
        week = _weeks(year - 1)
    elif week > _weeks(year):
        week = 1
    return Decimal(week)


def _weeks(year: int) -> int:
    """Count the weeks of a year: 53 when it begins on a Thursday, or leaps and begins on a Wednesday."""
    leap = calendar.month_length(year, 2) == 29
    first = calendar.make_day(year, 1, 1)
    begins = weekday(first) if first is not None else 1
    return 53 if begins == 4 or (leap and begins == 3) else 52


@LIBRARY.function("now()", with_evaluation=True)
def now(run: Evaluation) -> Value:
    """Tell the instant at which the decision is taken."""
    if run.now is None:
        raise Undefined("this evaluation is not told the time", "FEEL-CLOCK-01")
    return run.now


@LIBRARY.function("today()", with_evaluation=True)
def today(run: Evaluation) -> Value:
    """Tell the day on which the decision is taken."""
    if run.now is None:
        raise Undefined("this evaluation is not told the time", "FEEL-CLOCK-01")
    return run.now.date()
