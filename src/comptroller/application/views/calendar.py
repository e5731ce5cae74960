"""The calendar of policy: months with what was and will be in force, what waits, and when policy is frozen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mark(StrEnum):
    """What happens on a day."""

    RELEASED = "released"  # a version counts from it on
    SIGNED = "signed"  # one will, that waits for nothing but its day
    WAITING = "waiting"  # one would, if it is signed


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A version that counts, or is to count, from a day on."""

    day: date
    mark: Mark
    title: str
    entity: str  # name; empty: the group
    way: str
    case_id: str  # of its request; empty: it was founded with


@dataclass(frozen=True, slots=True)
class Freeze:
    """Days on which no change of policy begins to count."""

    first: date
    last: date
    text: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a month."""

    day: date
    is_today: bool
    is_frozen: bool
    events: tuple[CalendarEvent, ...]


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month by weeks, Monday first; what is in force when it begins, and what happens in it."""

    first: date
    weeks: tuple[tuple[CalendarDay | None, ...], ...]
    in_force: str  # title of the group's version on its first day
    events: tuple[CalendarEvent, ...]
    freezes: tuple[Freeze, ...]


@dataclass(frozen=True, slots=True)
class CalendarView:
    """Some months in a row."""

    months: tuple[CalendarMonth, ...]
    earlier: str  # month to begin with, YYYY-MM
    later: str
