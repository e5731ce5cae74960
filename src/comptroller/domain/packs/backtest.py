"""What a candidate would have made of a history: figures of a case under each version, and their sums.

The idea: all that is summed follows from what a version makes of a case (a `Course`) and from the case's own amount. So
cases are counted, and their amounts added, by unit, supplier and period and by pair of courses; every figure is then a
sum over a few pairs. Amounts are whole minor units: nothing is rounded.

How long a case waits for signatures is an estimate: each step takes the whole time that policy gives it, steps of one
stage wait side by side. What a signature costs its giver is one figure for all, named beside the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.decisions.handing import UNDECIDED
from comptroller.domain.packs.alike import days_apart

MINUTES_A_SIGNATURE: Final = 10
"""What a signature takes of a person's time, where nothing else is said."""

_DAYS_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Course:
    """What a version makes of a case: the way that it takes, who signs, and what is wrong with it."""

    way: str
    steps: tuple[str, ...] = ()
    signatures: int = 0
    waiting_hours: Decimal = Decimal(0)
    breach: str = ""
    undecided: str = ""  # the first decision that could not be taken
    discount_lost: Decimal = Decimal(0)  # percent that is lost where the signatures take all the time they are given

    @classmethod
    def of(cls, outcomes: Mapping[str, Any]) -> "Course":
        """Read a course from the outcomes of all decisions; what is not there counts as nothing."""
        disposition, routing = _entries(outcomes.get("disposition")), _entries(outcomes.get("approval routing"))
        order = _entries(outcomes.get("order policy"))
        way = str(disposition.get("outcome") or "")
        steps = [_entries(step) for step in routing.get("steps") or ()] if way in {"approve", "hold"} else []
        waiting = _waiting(steps)
        return cls(
            way,
            tuple(str(step.get("step")) for step in steps),
            sum(int(_number(step.get("signatures")) or 1) for step in steps),
            waiting,
            str(disposition.get("breach") or order.get("breach") or ""),
            next((name for name, value in outcomes.items() if _entries(value).get("reason") == UNDECIDED), ""),
            _discount_lost(_entries(outcomes.get("payment terms")), waiting),
        )


def _entries(outcome: Any) -> Mapping[str, Any]:
    return outcome if isinstance(outcome, Mapping) else {}


def _number(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _waiting(steps: Iterable[Mapping[str, Any]]) -> Decimal:
    """The hours of steps one after another; those of one stage that follow each other wait side by side."""
    total, longest, stage = Decimal(0), Decimal(0), ""
    for step in steps:
        hours, own = _number(step.get("hours")), str(step.get("stage") or "")
        if own and own == stage:
            total, longest = total - longest + max(longest, hours), max(longest, hours)
        else:
            total, longest, stage = total + hours, hours, own
    return total


def _discount_lost(terms: Mapping[str, Any], waiting: Decimal) -> Decimal:
    """The percent of a discount whose days from the baseline on are fewer than those of waiting alone."""
    days = days_apart(terms.get("discount date"), terms.get("baseline date"))
    return _number(terms.get("discount percent")) if days is not None and days_of(waiting) > days else Decimal(0)


def days_of(service_hours: Decimal) -> Decimal:
    """The calendar days that service hours take, by the calendar that counts where an entity has none of its own.

    >>> days_of(Decimal(16))
    Decimal('2.8')
    """
    usual = ServiceCalendar()
    return service_hours * _DAYS_A_WEEK / (usual.hours * len(usual.days))


@dataclass(frozen=True, slots=True)
class Pair:
    """The courses of a case under both versions, and whether any decision comes out otherwise."""

    before: Course
    after: Course
    differs: bool

    @property
    def is_diverted(self) -> bool:
        """Whether the case goes another way: what does not, and comes out otherwise, is only told otherwise."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Side:
    """What one version makes of some cases: hours are of approvers and of cases; amounts in minor units."""

    signatures: int = 0
    approver_minutes: int = 0
    waiting_hours: Decimal = Decimal(0)
    breaches: int = 0
    without_a_person: int = 0
    bound: Decimal = Decimal(0)  # amount times calendar days of waiting
    undecided: int = 0
    discount_lost: Decimal = Decimal(0)  # minor units


class Unit(Enum):
    """What a figure is counted in."""

    COUNT = "count"
    MINUTES = "minutes"
    HOURS = "hours"
    MONEY = "money"  # minor units


FIGURES: Final[Mapping[str, tuple[str, Unit]]] = {
    "signatures": ("Signatures", Unit.COUNT),
    "approver_minutes": ("Hours of approvers", Unit.MINUTES),
    "waiting_hours": ("Service hours that cases wait, at most", Unit.HOURS),
    "without_a_person": ("Posted without a person", Unit.COUNT),
    "breaches": ("Breaches", Unit.COUNT),
    "undecided": ("Could not be decided", Unit.COUNT),
    "bound": ("Amount times days of waiting", Unit.MONEY),
    "discount_lost": ("Discount lost by waiting, at most", Unit.MONEY),
}
"""The figures of a side in the order in which people are told them, with title and unit."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums over some cases under both versions."""

    cases: int
    amount: int
    changed: int
    changed_amount: int
    diverted: int  # of those that change, the ones that go another way
    diverted_amount: int
    before: Side
    after: Side

    def facts(self) -> dict[str, Any]:
        """The sums as data."""
        return asdict(self)


def sums_of(counted: Iterable[tuple[Pair, int, int]], minutes: int = MINUTES_A_SIGNATURE) -> Sums:
    """Sum up cases that are counted by their pair of courses: pair, number of cases, their amount."""
    counted = tuple(counted)
    changed = [(cases, amount) for pair, cases, amount in counted if pair.differs]
    diverted = [(cases, amount) for pair, cases, amount in counted if pair.is_diverted]
    return Sums(
        sum(cases for _, cases, _ in counted),
        sum(amount for _, _, amount in counted),
        sum(cases for cases, _ in changed),
        sum(amount for _, amount in changed),
        sum(cases for cases, _ in diverted),
        sum(amount for _, amount in diverted),
        _side([(pair.before, cases, amount) for pair, cases, amount in counted], minutes),
        _side([(pair.after, cases, amount) for pair, cases, amount in counted], minutes),
    )


def _side(counted: Iterable[tuple[Course, int, int]], minutes: int) -> Side:
    signatures = breaches = alone = undecided = 0
    waiting = bound = lost = Decimal(0)
    for course, cases, amount in counted:
        signatures += course.signatures * cases
        waiting += course.waiting_hours * cases
        bound += days_of(course.waiting_hours) * amount
        lost += course.discount_lost * amount
        breaches += cases if course.breach else 0
        alone += cases if course.way == "post" else 0
        undecided += cases if course.undecided else 0
    return Side(signatures, signatures * minutes, waiting, breaches, alone, bound, undecided, lost / 100)


def otherwise(sums: Mapping[str, Any], what: str = "cases") -> str:
    """How many cases come out otherwise, and how many of these go another way, in words.

    Sums that an earlier release has kept do not say the latter.

    >>> otherwise({"cases": 1_049, "changed": 39, "diverted": 12})
    '39 of 1,049 cases come out otherwise (12 go another way)'
    """
    said = (
        f"{sums['changed']:,} of {sums['cases']:,} {what} {'comes' if sums['changed'] == 1 else 'come'} out otherwise"
    )
    if not sums["changed"] or "diverted" not in sums:
        return said
    diverted = sums["diverted"]
    all_of_them = "it" if diverted == 1 else "all"
    how_many = "none" if not diverted else all_of_them if diverted == sums["changed"] else f"{diverted:,}"
    return f"{said} ({how_many} {'goes' if diverted <= 1 else 'go'} another way)"
