"""Deadlines count working hours on the clock of the entity: Monday to Friday, nine to five."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.controls.service_hours import ServiceCalendar, after_service_hours, service_hours_between

BERLIN = ZoneInfo("Europe/Berlin")
AT_WORK = ServiceCalendar(BERLIN, frozenset({date(2026, 4, 3), date(2026, 4, 6)}))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param("2026-03-27 09:00", 8, "2026-03-27 17:00", id="a whole day ends with the day"),
        pytest.param("2026-03-27 09:00", 9, "2026-03-30 10:00", id="one hour more is on Monday"),
        pytest.param("2026-03-27 16:30", 1, "2026-03-30 09:30", id="half an hour on Friday, half on Monday"),
        pytest.param("2026-03-27 06:00", 1, "2026-03-27 10:00", id="before work it has not begun"),
        pytest.param("2026-03-27 19:00", 1, "2026-03-30 10:00", id="asked for in the evening"),
        pytest.param(
            "2026-03-28 12:00", 1, "2026-03-30 10:00", id="asked for on Saturday, clocks go forward that night"
        ),
        pytest.param("2026-10-23 16:00", 2, "2026-10-26 10:00", id="over the night when clocks go back"),
        pytest.param("2026-03-23 09:00", 40, "2026-03-27 17:00", id="a week"),
        pytest.param("2026-04-02 16:00", 2, "2026-04-07 10:00", id="over Easter nobody works"),
        pytest.param("2026-03-27 09:00", 0, "2026-03-27 09:00", id="at once"),
    ],
)
def test_the_deadline_in_the_entity_s_hours(start: str, hours: int, due: str) -> None:
    found = after_service_hours(datetime.fromisoformat(start).replace(tzinfo=BERLIN), hours, AT_WORK)
    assert f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M}" == due
    assert found.tzinfo is UTC


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 200), st.integers(0, 200))  # noqa: DTZ001 - made aware below
def test_waiting_longer_is_never_due_earlier(start: datetime, hours: int, more: int) -> None:
    first = after_service_hours(start.replace(tzinfo=UTC), hours, AT_WORK)
    assert first <= after_service_hours(start.replace(tzinfo=UTC), hours + more, AT_WORK)
    assert first.astimezone(BERLIN).weekday() < 5
    assert first.astimezone(BERLIN).date() not in AT_WORK.holidays


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 200))  # noqa: DTZ001 - made aware below
def test_hours_passed_are_the_hours_that_were_given(start: datetime, hours: int) -> None:
    begun = start.replace(tzinfo=UTC)
    assert service_hours_between(begun, after_service_hours(begun, hours, AT_WORK), AT_WORK) == hours


def test_calendar_without_a_working_day_counts_the_clock() -> None:
    never = ServiceCalendar(days=frozenset())
    start = datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert after_service_hours(start, 3, never) == datetime(2026, 3, 27, 12, tzinfo=UTC)
    assert service_hours_between(start, datetime(2026, 3, 27, 12, tzinfo=UTC), never) == 0
