"""The calendar of policy: by day what counted, what is to count, and when policy itself says that it is frozen.

Whether a day is frozen is asked of the version in force, day by day, by the decision that moves a request's day.
"""

from calendar import Calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from comptroller.application.caller import PACK
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.queries import ListPolicyRequests, list_policy_requests
from comptroller.application.releasing.release import FREEZE, today
from comptroller.application.releasing.states import PolicyState
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.application.views.calendar import (
    CalendarDay,
    CalendarEvent,
    CalendarMonth,
    CalendarView,
    Freeze,
    Mark,
)
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs.timeline import BEGINNING, Timeline

MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class ShowCalendar:
    """Half a year from a month on, written YYYY-MM; without one, from the month before this one."""

    month: str = ""


def show_calendar(session: Session, command: ShowCalendar) -> CalendarView:
    """The months with whatever the caller may see in them."""
    now = today(session)
    first = parse_day(f"{command.month}-01") if command.month else None
    first = first or _moved(now.replace(day=1), -1)
    starts = [_moved(first, place) for place in range(MONTHS + 1)]
    timeline = timeline_of(session.uow, PACK)
    seen = Timeline(tuple(each for each in timeline.entries if not each.entity or session.caller.sees(each.entity)))
    events = sorted([*_released(session, seen), *_asked(session)], key=lambda each: (each.day, each.title))
    freezes = list(_freezes(session, first, starts[-1]))
    return CalendarView(
        months=tuple(_month(start, end, now, seen, events, freezes) for start, end in pairwise(starts)),
        earlier=f"{_moved(first, -MONTHS):%Y-%m}",
        later=f"{starts[-1]:%Y-%m}",
    )


def _moved(first: date, months: int) -> date:
    """The first of a month so many months later; the years that there are have an end."""
    place = min(max(first.year * 12 + first.month - 1 + months, 12), 9999 * 12 + 11)
    return date(place // 12, place % 12 + 1, 1)


def _released(session: Session, timeline: Timeline) -> Iterator[CalendarEvent]:
    names = Names(session)
    for entry in timeline.entries:
        if entry.valid_from != BEGINNING:
            title = entry.title or ("By a release of the group" if entry.version else "It follows the group")
            entity = names.entity(entry.entity) if entry.entity else ""
            yield CalendarEvent(entry.valid_from, Mark.RELEASED, title, entity, entry.way.value, entry.case_id)


def _asked(session: Session) -> Iterator[CalendarEvent]:
    """The requests that wait: for signatures, or signed, for their day."""
    found: Any = list_policy_requests(session, ListPolicyRequests(limits.PAGE_SIZE_MAX))
    names = Names(session)
    for each in found["requests"]:
        if each["state"] in {PolicyState.CHECKED, PolicyState.SCHEDULED}:
            day = date.fromisoformat(each.get("starts") or each["valid_from"])
            entity = names.entity(each["entity"]) if each["entity"] else ""
            mark = Mark.SIGNED if each["state"] == PolicyState.SCHEDULED else Mark.WAITING
            way = "rollback" if each["rollback"] else "emergency" if each["emergency"] else "release"
            yield CalendarEvent(day, mark, each["title"], entity, way, each["case_id"])


def _freezes(session: Session, first: date, end: date) -> Iterator[Freeze]:
    model = session.policy.models.get(FREEZE)
    frozen: Freeze | None = None
    day = first
    while model is not None and day < end:
        told: Any = model.decide(FREEZE, {"valid from": day}, session.now).value
        text = str(told.get("text") or "") if isinstance(told, dict) and told.get("outcome") == "frozen" else None
        if frozen is not None and text != frozen.text:
            yield frozen
            frozen = None
        if text is not None:
            frozen = Freeze(frozen.first if frozen else day, day, text)
        day += timedelta(days=1)
    if frozen is not None:
        yield frozen


def _month(
    first: date,
    end: date,
    now: date,
    timeline: Timeline,
    events: Sequence[CalendarEvent],
    freezes: Sequence[Freeze],
) -> CalendarMonth:
    in_force = timeline.in_force(on=first)
    own = [each for each in freezes if each.first < end and each.last >= first]

    def day(number: int) -> CalendarDay | None:
        if not number:
            return None
        at = first.replace(day=number)
        is_frozen = any(each.first <= at <= each.last for each in own)
        return CalendarDay(at, at == now, is_frozen, tuple(each for each in events if each.day == at))

    weeks = Calendar().monthdayscalendar(first.year, first.month)
    return CalendarMonth(
        first=first,
        weeks=tuple(tuple(day(number) for number in week) for week in weeks),
        in_force="" if in_force is None else in_force.title or "Founded",
        events=tuple(each for each in events if first <= each.day < end),
        freezes=tuple(own),
    )
