"""Times finer than Python's microseconds: nothing of a second's nine digits is lost on any way through the language."""

from datetime import UTC, date, datetime, time, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.feel.feel_run import value_of

from comptroller.domain.feel import (
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    Kind,
    Value,
    admit,
    calendar,
    kind_of,
    parse_temporal,
    text_of_temporal,
)
from comptroller.domain.feel.types import NAMED, coerce

NANOSECONDS = st.integers(0, calendar.DAY_NANOSECONDS - 1)
ZONES = st.sampled_from((None, UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")))
YEARS = st.integers(-calendar.YEAR_MAX, calendar.YEAR_MAX) | st.integers(1, 9999)


@given(NANOSECONDS, ZONES)
def test_times_go_there_and_back(nanoseconds: int, zone: timezone | None) -> None:
    clock = calendar.clock_of_nanoseconds(nanoseconds, zone)
    assert isinstance(clock, time) is (nanoseconds % 1_000 == 0)
    assert calendar.nanoseconds_of(clock) == nanoseconds
    assert parse_temporal(text_of_temporal(clock)) == clock


@given(YEARS, st.integers(1, 12), st.integers(1, 28), NANOSECONDS)
def test_moments_go_there_and_back(year: int, month: int, day: int, nanoseconds: int) -> None:
    moment = calendar.combine(calendar.make_day(year, month, day), calendar.clock_of_nanoseconds(nanoseconds, UTC))
    assert moment is not None
    assert parse_temporal(text_of_temporal(moment)) == moment
    assert calendar.moment(calendar.instant_of(moment)[0], UTC) == moment


@given(st.integers(0, 10**19), st.sampled_from(("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")))
def test_an_instant_on_a_zone_s_clock_is_that_instant(instant: int, name: str) -> None:
    shown = calendar.moment(instant, ZoneInfo(name))
    assert shown is not None
    assert calendar.instant_of(shown) == (instant, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('string(@"10:30:00.123456789")', "10:30:00.123456789", id="written"),
        pytest.param('string(@"10:30:00.120000000Z")', "10:30:00.12Z", id="written without trailing zeros"),
        pytest.param(
            'string(@"-999999999-01-01T00:00:00.000000001@Europe/Berlin")',
            "-999999999-01-01T00:00:00.000000001@Europe/Berlin",
            id="written, far and fine",
        ),
        pytest.param('time("10:30:00.123456789").second', Decimal("0.123456789"), id="second of a time"),
        pytest.param('@"2026-03-27T10:30:59.123456789Z".second', Decimal("59.123456789"), id="second of a moment"),
        pytest.param('@"2026-03-27T10:30:59.123456789Z".minute', 30, id="minute of a moment"),
        pytest.param('@"10:30:00.000000001+02:00".time offset', DaysDuration(Decimal(7200)), id="offset"),
        pytest.param('@"10:30:00.000000001@Europe/Berlin".timezone', "Europe/Berlin", id="zone"),
        pytest.param('@"10:00:00.000000001" > @"10:00:00"', True, id="later by a nanosecond"),
        pytest.param('@"10:00:00.000000001" = @"10:00:00"', False, id="not equal by a nanosecond"),
        pytest.param('@"10:00:00.000000001Z" = @"11:00:00.000000001+01:00"', True, id="one instant in two zones"),
        pytest.param('@"10:00:00.000000001" = @"10:00:00.000000001Z"', False, id="with and without zone"),
        pytest.param('is(@"10:00:00.000000001Z", @"10:00:00.000000001+00:00")', True, id="the same"),
        pytest.param('is(@"10:00:00.000000001Z", @"10:00:00.000000002Z")', False, id="not the same"),
        pytest.param(
            'is(@"2026-03-27T10:00:00.000000001Z", @"2026-03-27T10:00:00.000000001Z")', True, id="the same moment"
        ),
        pytest.param('@"10:00:00.000000001" in [@"10:00:00"..@"10:00:00.000000001")', False, id="at an open end"),
        pytest.param('@"10:00:00.000000001" in [@"10:00:00"..@"10:00:00.000000001"]', True, id="at a closed end"),
        pytest.param('string(@"23:59:59.999999999" + @"PT0.000000001S")', "00:00:00", id="goes round midnight"),
        pytest.param('string(@"00:00:00" - @"PT0.000000001S")', "23:59:59.999999999", id="a nanosecond back"),
        pytest.param(
            'string(@"2026-12-31T23:59:59.999999999" + @"PT0.000000001S")', "2027-01-01T00:00:00", id="into the year"
        ),
        pytest.param(
            'string(@"2026-03-29T01:59:59.999999999@Europe/Berlin" + @"PT0.000000001S")',
            "2026-03-29T03:00:00@Europe/Berlin",
            id="over the change to summer time",
        ),
        pytest.param('string(@"2026-03-27" - @"PT0.000000001S")', "2026-03-26", id="a day moved back by a nanosecond"),
        pytest.param(
            'string(@"2026-01-31T10:00:00.000000001Z" + @"P1M")', "2026-02-28T10:00:00.000000001Z", id="months"
        ),
        pytest.param(
            '@"2026-03-27T10:00:00.000000001Z" - @"2026-03-27T10:00:00Z"',
            DaysDuration(Decimal("0.000000001")),
            id="moments apart",
        ),
        pytest.param('@"10:00:00.000000003" - @"10:00:00.000000001"', DaysDuration(Decimal("2e-9")), id="times apart"),
        pytest.param('string(@"10:00:00" + @"PT1S" / 3)', "10:00:00.333333333", id="a third of a second is cut"),
        pytest.param("string(time(10, 0, 1.123456789))", "10:00:01.123456789", id="time of parts"),
        pytest.param(
            'string(date and time(2026, 3, 27, 10, 0, 1.000000001, "Europe/Berlin"))',
            "2026-03-27T10:00:01.000000001@Europe/Berlin",
            id="moment of parts",
        ),
        pytest.param('string(time(@"2026-03-27T10:00:00.000000001Z"))', "10:00:00.000000001Z", id="time of a moment"),
        pytest.param('string(time(@"10:00:00.000000001Z"))', "10:00:00.000000001Z", id="time of a time"),
        pytest.param('date(@"2026-03-27T10:00:00.000000001Z")', date(2026, 3, 27), id="day of a moment"),
        pytest.param(
            'string(date and time(@"2026-03-27", @"10:00:00.000000001"))',
            "2026-03-27T10:00:00.000000001",
            id="day and time put together",
        ),
        pytest.param(
            'string(date and time(@"2026-07-01T10:00:00.000000001Z", "Europe/Berlin"))',
            "2026-07-01T12:00:00.000000001@Europe/Berlin",
            id="on another clock",
        ),
        pytest.param('time("10:00:00.1234567891")', None, id="ten digits"),
        pytest.param('date and time("2026-03-27T10:00:00.1234567891")', None, id="ten digits of a moment"),
        pytest.param(
            'years and months duration(@"2026-01-27T10:00:00.000000002", @"2026-03-27T10:00:00.000000001").months',
            1,
            id="a nanosecond short of two months",
        ),
        pytest.param('string(min(@"10:00:00.000000002", @"10:00:00.000000001"))', "10:00:00.000000001", id="least"),
        pytest.param(
            'for t in sort([@"10:00:00.000000002", @"10:00:00", @"10:00:00.000000001"]) return string(t)',
            ["10:00:00", "10:00:00.000000001", "10:00:00.000000002"],
            id="sorted",
        ),
        pytest.param('count(distinct values([@"10:00:00.000000001", @"10:00:00.000000001"]))', 1, id="distinct"),
        pytest.param('@"10:00:00.000000001" instance of time', True, id="a time"),
        pytest.param('@"2026-03-27T10:00:00.000000001" instance of date and time', True, id="a date and time"),
        pytest.param('@"2026-03-27T10:00:00.000000001".weekday', 5, id="weekday"),
        pytest.param('day of week(@"2026-03-27T10:00:00.000000001")', "Friday", id="day of week"),
        pytest.param(
            'range("[@\\"10:00:00.000000001\\"..@\\"10:00:00.000000002\\"]").end > @"10:00:00.000000001"',
            True,
            id="range of a text",
        ),
        pytest.param('before(@"10:00:00.000000001", @"10:00:00.000000002")', True, id="before"),
    ],
)
def test_nanoseconds(text: str, value: object) -> None:
    assert value_of(text) == value


FINE = FineTime(time(10), 1)
FINE_MOMENT = FarDateAndTime(date(2026, 3, 27), FINE)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param(FINE, Kind.TIME, id="fine time"),
        pytest.param(FINE_MOMENT, Kind.DATE_AND_TIME, id="fine moment"),
        pytest.param(FarDate(10_000, 1, 1), Kind.DATE, id="far day"),
    ],
)
def test_admitted(value: Value, kind: Kind) -> None:
    assert admit([value]) == [value]
    assert kind_of(value) is kind


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        pytest.param(date(2026, 3, 27), datetime(2026, 3, 27, tzinfo=UTC), id="a day"),
        pytest.param(FarDate(10_000, 1, 1), FarDateAndTime(FarDate(10_000, 1, 1), time(tzinfo=UTC)), id="a far day"),
    ],
)
def test_a_day_is_taken_for_its_midnight(day: Value, moment: Value) -> None:
    assert coerce(NAMED["date and time"], day) == (True, moment)
