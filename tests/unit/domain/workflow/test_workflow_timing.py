"""Durations and the instants they lead to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.feel import MonthsDuration
from comptroller.domain.workflow.model import TimerKind
from comptroller.domain.workflow.timing import (
    Duration,
    Timing,
    due,
    duration_of,
    first_turn,
    parse_duration,
    read_time,
    turn_after,
)


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


@pytest.mark.parametrize(
    ("text", "kind", "is_told"),
    [
        pytest.param("PT72H", TimerKind.DURATION, True, id="hours"),
        pytest.param("P3D", TimerKind.DURATION, False, id="days"),
        pytest.param("P1DT2H", TimerKind.DURATION, False, id="a day and hours"),
        pytest.param("R3/PT8H", TimerKind.CYCLE, True, id="hours again and again"),
        pytest.param("R3/2026-03-27T08:00:00Z/P1D", TimerKind.CYCLE, False, id="days again and again"),
    ],
)
def test_a_text_tells_service_hours_only_in_hours(text: str, kind: TimerKind, is_told: bool) -> None:
    assert (read_time(kind, text, service_hours=True) is not None) == is_told
    assert read_time(kind, text) is not None


# ---- turns: what begins cases ----------------------------------------------------------------------------------------

SET: datetime = datetime(2026, 3, 27, 8, tzinfo=UTC)
"""A Friday morning, on which what begins cases is set."""


def turns(text: str, *, service_hours: bool = False) -> list[str]:
    """The first four turns of something that is set on that day, each set when the one before it has come."""
    kind = TimerKind.CYCLE if text.startswith("R") else TimerKind.DATE
    timing, calendar = Timing(kind, service_hours, read_time(kind, text), None), ServiceCalendar()
    found, turn = list[str](), first_turn(timing, SET, calendar)
    while turn is not None and len(found) < 4:
        found.append(f"{turn.due:%Y-%m-%d %H:%M:%S}".removesuffix(":00"))
        turn = turn_after(turn, timing, turn.due, calendar)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-04-01T09:00:00Z", ["2026-04-01T09:00"], id="a date"),
        pytest.param("2026-03-27T08:00:00Z", ["2026-03-27T08:00"], id="a date that is now"),
        pytest.param("2026-03-27T07:59:59Z", [], id="a date that has passed"),
        pytest.param("R3/PT10H", ["2026-03-27T18:00", "2026-03-28T04:00", "2026-03-28T14:00"], id="three times"),
        pytest.param("R1/PT10H", ["2026-03-27T18:00"], id="once, after a time"),
        pytest.param("R/2026-01-01T00:00:00Z/P1M",
                     ["2026-04-01T00:00", "2026-05-01T00:00", "2026-06-01T00:00", "2026-07-01T00:00"],
                     id="each month, from a day that has passed"),
        pytest.param("R/2026-01-31T08:00:00Z/P1M",
                     ["2026-03-31T08:00", "2026-04-30T08:00", "2026-05-31T08:00", "2026-06-30T08:00"],
                     id="each month's last day"),
        pytest.param("R5/2026-01-31T08:00:00Z/P1M", ["2026-03-31T08:00", "2026-04-30T08:00", "2026-05-31T08:00"],
                     id="five months, of which two have passed"),
        pytest.param("R2/2026-01-31T08:00:00Z/P1M", [], id="two months that have passed"),
        pytest.param("R2/2026-03-27T08:00:00Z/P1D", ["2026-03-27T08:00", "2026-03-28T08:00"], id="from now on"),
        pytest.param("R2/2027-01-01T00:00:00Z/P1Y", ["2027-01-01T00:00", "2028-01-01T00:00"], id="from a day to come"),
        pytest.param("R/1990-01-01T00:00:00Z/PT1S",
                     ["2026-03-27T08:00", "2026-03-27T08:00:01", "2026-03-27T08:00:02", "2026-03-27T08:00:03"],
                     id="each second, since long"),
        pytest.param("R/9999-12-01T00:00:00Z/P1M", ["9999-12-01T00:00"], id="to the calendar's end"),
    ],
)  # fmt: skip
def test_the_turns_of_what_begins_cases(text: str, expected: list[str]) -> None:
    assert turns(text) == [each.replace("T", " ") for each in expected]


def test_turns_in_service_hours_leave_the_weekend_out() -> None:
    assert turns("R3/PT8H", service_hours=True) == ["2026-03-27 17:00", "2026-03-30 17:00", "2026-03-31 17:00"]
