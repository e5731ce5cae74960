"""Days, instants and their texts, within the years of Python's types and far outside them."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.feel import DaysDuration, FarDate, FarDateAndTime, FineTime, MonthsDuration, calendar, temporal

YEARS = st.integers(-calendar.YEAR_MAX, calendar.YEAR_MAX)


@given(YEARS, st.integers(1, 12), st.integers(1, 28))
def test_day_numbers_go_there_and_back(year: int, month: int, day: int) -> None:
    made = calendar.make_day(year, month, day)
    assert made is not None
    assert calendar.day_of_number(calendar.day_number(made)) == made
    assert temporal.parse(temporal.text_of(made)) == made


@given(YEARS)
def test_four_hundred_years_are_one_era(year: int) -> None:
    first, later = calendar.make_day(year, 2, 28), calendar.make_day(year + 400, 2, 28)
    if first is not None and later is not None:
        assert calendar.day_number(later) - calendar.day_number(first) == 146_097


@given(st.dates())
def test_day_numbers_are_python_s(day: date) -> None:
    assert calendar.day_number(day) == (day - date(1970, 1, 1)).days


@given(st.datetimes(timezones=st.sampled_from((UTC, timezone(-timedelta(hours=5)), ZoneInfo("Asia/Kathmandu")))))
def test_moments_go_there_and_back(moment: datetime) -> None:
    instant, zoned = calendar.instant_of(moment)
    assert zoned
    assert temporal.parse(temporal.text_of(moment)) == moment
    assert calendar.moment(instant, moment.tzinfo) == moment


@given(st.decimals(-(10**12), 10**12, places=6))
def test_durations_go_there_and_back(seconds: Decimal) -> None:
    duration = DaysDuration(seconds)
    assert temporal.parse(temporal.text_of(duration)) == duration


@given(st.integers(-(10**6), 10**6))
def test_month_durations_go_there_and_back(months: int) -> None:
    duration = MonthsDuration(months)
    assert temporal.parse(temporal.text_of(duration)) == duration


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("2026-03-27", date(2026, 3, 27), id="day"),
        pytest.param("-0044-03-15", FarDate(-44, 3, 15), id="day before the common era"),
        pytest.param("12026-03-27", FarDate(12026, 3, 27), id="day after 9999"),
        pytest.param("02026-03-27", None, id="year with a needless zero"),
        pytest.param("26-03-27", None, id="short year"),
        pytest.param("2026-02-29", None, id="no leap year"),
        pytest.param("08:00:00.123456", time(8, 0, 0, 123_456), id="what Python's time holds is one"),
        pytest.param("08:00:00.1234567", FineTime(time(8, 0, 0, 123_456), 700), id="digits beyond the microsecond"),
        pytest.param("08:00:00.1234560", time(8, 0, 0, 123_456), id="a zero beyond the microsecond is nothing"),
        pytest.param("08:00:00.1234567890", None, id="ten digits"),
        pytest.param("24:00:00.000000001", None, id="a nanosecond after the last second"),
        pytest.param(
            "2026-03-27T08:00:00.000000001Z",
            FarDateAndTime(date(2026, 3, 27), FineTime(time(8, tzinfo=UTC), 1)),
            id="fine moment",
        ),
        pytest.param("PT0.0000000000000000000000000000000001S", DaysDuration(Decimal("1e-34")), id="fine duration"),
        pytest.param("08:00", None, id="no seconds"),
        pytest.param("24:00:01", None, id="after the last second"),
        pytest.param("08:00:00+14:00", time(8, tzinfo=timezone(timedelta(hours=14))), id="offset of 14 hours"),
        pytest.param("08:00:00+14:00:01", None, id="a second more than any offset"),
        pytest.param("08:00:00-14:01", None, id="a minute more than any offset"),
        pytest.param("08:00:00+01:60", None, id="60 minutes in an offset"),
        pytest.param("08:00:00Z@Europe/Berlin", None, id="offset and zone"),
        pytest.param(
            "-0044-03-15T12:00:00Z", FarDateAndTime(FarDate(-44, 3, 15), time(12, tzinfo=UTC)), id="far moment"
        ),
        pytest.param("2026-03-27T", None, id="no time"),
        pytest.param("P", None, id="empty duration"),
        pytest.param("PT", None, id="empty time of a duration"),
        pytest.param("P1.5D", None, id="part of a day"),
        pytest.param("-P1M", MonthsDuration(-1), id="a month back"),
        pytest.param("PT1H30M", DaysDuration(Decimal(5400)), id="an hour and a half"),
    ],
)
def test_text(text: str, value: object) -> None:
    assert temporal.parse(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(DaysDuration(Decimal(0)), "PT0S", id="no time"),
        pytest.param(DaysDuration(Decimal("-90061.50")), "-P1DT1H1M1.5S", id="every part"),
        pytest.param(MonthsDuration(0), "P0M", id="no months"),
        pytest.param(MonthsDuration(-14), "-P1Y2M", id="years and months"),
        pytest.param(time(8, tzinfo=UTC), "08:00:00Z", id="in UTC"),
        pytest.param(time(8, tzinfo=ZoneInfo("Etc/UTC")), "08:00:00@Etc/UTC", id="in a named zone"),
        pytest.param(time(8, 0, 0, 120_000, timezone(-timedelta(minutes=90))), "08:00:00.12-01:30", id="behind UTC"),
    ],
)
def test_written(value: time | DaysDuration | MonthsDuration, text: str) -> None:
    assert temporal.text_of(value) == text


def test_zone_keeps_its_rules_in_far_years() -> None:
    summer = FarDateAndTime(FarDate(12026, 7, 1), time(12, tzinfo=ZoneInfo("Europe/Berlin")))
    instant, _ = calendar.instant_of(summer)
    assert calendar.moment(instant, UTC) == FarDateAndTime(FarDate(12026, 7, 1), time(10, tzinfo=UTC))
