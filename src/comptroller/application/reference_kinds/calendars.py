"""Calendars: when the people of an entity are at work; deadlines are counted by them."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from comptroller.application.reference_kinds.checks import TEXT, ReferenceKind, is_day, record_check, whole_between
from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.identity import Duty

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")


def _are_days(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_day, value)) and len(set(value)) == len(value)


def _are_weekdays(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(whole_between(1, 7), value))


def _is_clock(value: Any) -> bool:
    return isinstance(value, str) and _CLOCK.match(value) is not None


KINDS: Final = (
    ReferenceKind(
        "calendar",
        record_check(
            {"name": TEXT},
            {
                "holidays": (_are_days, "give a list of different days YYYY-MM-DD"),
                "days": (_are_weekdays, "give days of the week, 1 for Monday to 7"),
                "opens": (_is_clock, "give a time such as `09:00`"),
                "hours": (whole_between(1, 24), "give whole hours a day, 1 to 24"),
            },
        ),
        frozenset({Duty.REFERENCE_IMPORT}),
    ),
)


def calendar_of(body: Mapping[str, Any]) -> ServiceCalendar:
    """The calendar that a record describes, without a zone: that is the entity's."""
    usual = ServiceCalendar()
    return ServiceCalendar(
        holidays=frozenset(date.fromisoformat(day) for day in body.get("holidays", ())),
        opens=time.fromisoformat(body["opens"]) if "opens" in body else usual.opens,
        hours=int(body.get("hours", usual.hours)),
        days=frozenset(map(int, body["days"])) if "days" in body else usual.days,
    )
