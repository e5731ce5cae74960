"""Durations and the instants they lead to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from comptroller.domain.feel import MonthsDuration
from comptroller.domain.workflow.timing import Duration, due, duration_of, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        pytest.param("PT16H", Duration(0, timedelta(hours=16)), id="hours"),
        pytest.param(
            "P1DT2H3M4.5S", Duration(0, timedelta(days=1, hours=2, minutes=3, seconds=4.5)), id="all of a day"
        ),
        pytest.param("P2W", Duration(0, timedelta(weeks=2)), id="weeks"),
        pytest.param("P1Y2M", Duration(14, timedelta(0)), id="years and months"),
        pytest.param("PT0.000001S", Duration(0, timedelta(microseconds=1)), id="the smallest"),
        pytest.param("P", None, id="nothing after P"),
        pytest.param("P1DT", None, id="nothing after T"),
        pytest.param("-P1D", None, id="negative"),
        pytest.param("PT1.5H", None, id="a broken hour"),
        pytest.param("1D", None, id="no P"),
        pytest.param("P1H", None, id="hours without T"),
        pytest.param("PT1H\n", None, id="something after it"),
        pytest.param("PT\u0661H", None, id="digits of another script"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_duration_is_read(text: str, duration: Duration | None) -> None:
    assert parse_duration(text) == duration


def test_a_feel_duration_of_months_is_taken_and_a_negative_one_not() -> None:
    assert duration_of(MonthsDuration(3)) == Duration(3, timedelta(0))
    assert duration_of(MonthsDuration(-3)) is None


@pytest.mark.parametrize(
    ("now", "text", "instant"),
    [
        pytest.param("2026-03-27T12:00:00+00:00", "PT16H", "2026-03-28T04:00:00+00:00", id="over midnight"),
        pytest.param("2026-01-31T12:00:00+00:00", "P1M", "2026-02-28T12:00:00+00:00", id="to a shorter month"),
        pytest.param("2024-01-31T12:00:00+00:00", "P1M", "2024-02-29T12:00:00+00:00", id="to a leap day"),
        pytest.param("2026-11-30T12:00:00+00:00", "P14M", "2028-01-30T12:00:00+00:00", id="over the year's end"),
        pytest.param("2026-03-29T00:30:00+00:00", "P1D", "2026-03-30T00:30:00+00:00", id="over a clock change"),
        pytest.param("2026-03-27T14:00:00+02:00", "PT1H", "2026-03-27T13:00:00+00:00", id="from another zone"),
        pytest.param("9999-12-31T00:00:00+00:00", "P2D", None, id="past the calendar's end"),
        pytest.param("2026-03-27T12:00:00+00:00", "P9999Y", None, id="years past the calendar's end"),
        pytest.param("2026-03-27T12:00:00+00:00", "P999999D", "4764-02-21T12:00:00+00:00", id="a very long wait"),
    ],
)
def test_a_timer_is_due(now: str, text: str, instant: str | None) -> None:
    duration = parse_duration(text)
    assert duration is not None
    assert due(datetime.fromisoformat(now), duration) == (datetime.fromisoformat(instant) if instant else None)


def test_a_due_instant_is_told_in_utc() -> None:
    at = due(datetime(2026, 3, 27, 14, tzinfo=timezone(timedelta(hours=2))), Duration(0, timedelta(0)))
    assert at is not None
    assert at.tzinfo is UTC
