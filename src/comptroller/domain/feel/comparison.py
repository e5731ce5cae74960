"""Equality, order, membership in ranges, and the logic of three values.

SOURCE: DMN 1.5, clauses 10.3.2.7 (comparison, tables 42 and 43) and 10.3.2.6 (logic, tables 38 and 40). Values of two
kinds do not compare: null. The result of every function here is true, false or null (None).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from types import NoneType
from typing import Any, Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.values import (
    Clock,
    DaysDuration,
    Function,
    Kind,
    MonthsDuration,
    Range,
    Value,
    kind_of,
)

Truth = bool | None
_PRICE: Final = 4
"""Iterations that the comparison of two items is worth; of two times whose zones are asked for their rules as well."""

_PLAIN: Final = frozenset({Decimal, int, str, date, NoneType})
"""Classes that Python itself compares: a table asks them of thousands of cells, for next to nothing."""

_ORDERED: Final = frozenset({Decimal, str, date})
"""Classes whose values Python orders, and equals, as FEEL does; so any two of the same one need no closer look."""

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def equal(run: Evaluation, at: int, left: Value, right: Value) -> Truth:
    """`left = right`; null is equal to null alone."""
    result = same(run, left, right)
    if result is None:
        run.note("FEEL-TYPE-02", at, f"`=` does not compare {kind_of(left)} with {kind_of(right)}")
    return result


def unequal(run: Evaluation, at: int, left: Value, right: Value) -> Truth:
    """`left != right`"""
    result = equal(run, at, left, right)
    return None if result is None else not result


def same(run: Evaluation, left: Value, right: Value) -> Truth:
    """Compare two values for equality; what they hold, deeply, is paid for."""
    if left.__class__ is right.__class__ and left.__class__ in _ORDERED:
        return left == right
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind is not kind_of(right) or kind is Kind.OTHER:
        return None
    match left, right:
        case list(), list():
            run.charge(_PRICE * len(left))
            return len(left) == len(right) and all(same(run, *pair) is True for pair in zip(left, right, strict=True))
        case dict(), dict():
            run.charge(_PRICE * len(left))
            return left.keys() == right.keys() and all(same(run, left[key], right[key]) is True for key in left)
        case Range(), Range():
            run.charge(_PRICE)
            return (
                left.start_included is right.start_included
                and left.end_included is right.end_included
                and same(run, left.start, right.start) is True
                and same(run, left.end, right.end) is True
            )
        case Function(), Function():
            return left is right
    if kind in {Kind.TIME, Kind.DATE_AND_TIME}:
        run.charge(_PRICE)
        pair = _order_keys(left, right)
        return pair is not None and pair[0] == pair[1]
    return bool(left == right)


def equal_to_one(run: Evaluation, at: int, left: Value, *others: Value) -> Truth:
    """Whether a value is one of several of one kind; null where it is of another kind."""
    if kind_of(left) is not kind_of(others[0]):
        return equal(run, at, left, others[0])
    return any(same(run, left, other) is True for other in others)


def identical(run: Evaluation, left: Value, right: Value) -> bool:
    """Say whether two values are the same in every part, the zone of a time included; the function `is`."""
    kind = kind_of(left)
    if kind is not kind_of(right):
        return False
    match left, right:
        case list(), list():
            run.charge(_PRICE * len(left))
            return len(left) == len(right) and all(identical(run, *pair) for pair in zip(left, right, strict=True))
        case dict(), dict():
            run.charge(_PRICE * len(left))
            return left.keys() == right.keys() and all(identical(run, left[key], right[key]) for key in left)
        case Range(), Range():
            return (
                left.start_included is right.start_included
                and left.end_included is right.end_included
                and identical(run, left.start, right.start)
                and identical(run, left.end, right.end)
            )
    if kind is Kind.DATE_AND_TIME:
        days = calendar.day_of(left), calendar.day_of(right)  # type: ignore[arg-type]  # the kind says so
        clocks = calendar.clock_of(left), calendar.clock_of(right)  # type: ignore[arg-type]  # as above
        return days[0] == days[1] and identical(run, *clocks)
    if kind is Kind.TIME:
        zones = calendar.coarse(left).tzinfo, calendar.coarse(right).tzinfo  # type: ignore[arg-type]  # as above
        return zones[0] == zones[1] and calendar.nanoseconds_of(left) == calendar.nanoseconds_of(right)  # type: ignore[arg-type]  # as above
    return bool(left == right)


def _order_keys(left: Value, right: Value) -> tuple[Any, Any] | None:
    """Give what the order of two values goes by; None when they have none."""
    kind = kind_of(left)
    if kind is not kind_of(right):
        return None
    match kind:
        case Kind.NUMBER | Kind.STRING:
            return left, right
        case Kind.DATE if isinstance(left, date) and isinstance(right, date):
            return left, right
        case Kind.DATE:
            return calendar.day_number(left), calendar.day_number(right)  # type: ignore[arg-type]  # the kind says so
        case Kind.DATE_AND_TIME:
            first, second = calendar.instant_of(left), calendar.instant_of(right)  # type: ignore[arg-type]  # as above
            return (first[0], second[0]) if first[1] == second[1] else None
        case Kind.TIME:
            return _clock_keys(left, right)  # type: ignore[arg-type]  # as above
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return left.seconds, right.seconds
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return left.months, right.months
    return None


def _clock_keys(left: Clock, right: Clock) -> tuple[int, int] | None:
    offsets = calendar.clock_offset(left), calendar.clock_offset(right)
    if (offsets[0] is None) != (offsets[1] is None):
        return None
    first, second = calendar.nanoseconds_of(left), calendar.nanoseconds_of(right)
    return first - (offsets[0] or 0), second - (offsets[1] or 0)


def order(operator: str, left: Value, right: Value) -> Truth:
    """Compare two values by `<`, `<=`, `>` or `>=`."""
    if left.__class__ is right.__class__ and left.__class__ in _ORDERED:
        return _ORDERS[operator](left, right)
    keys = _order_keys(left, right)
    return None if keys is None else _ORDERS[operator](*keys)


def less(run: Evaluation, at: int, left: Value, right: Value) -> Truth:
    """`left < right`"""
    return _noted(run, at, "<", left, right)


def less_or_equal(run: Evaluation, at: int, left: Value, right: Value) -> Truth:
    """`left <= right`"""
    return _noted(run, at, "<=", left, right)


def greater(run: Evaluation, at: int, left: Value, right: Value) -> Truth:
    """`left > right`"""
    return _noted(run, at, ">", left, right)


def greater_or_equal(run: Evaluation, at: int, left: Value, right: Value) -> Truth:
    """`left >= right`"""
    return _noted(run, at, ">=", left, right)


def _noted(run: Evaluation, at: int, operator: str, left: Value, right: Value) -> Truth:
    if left.__class__ not in _PLAIN:
        run.charge(_PRICE)
    result = order(operator, left, right)
    if result is None:
        run.note("FEEL-TYPE-02", at, f"`{operator}` does not compare {kind_of(left)} with {kind_of(right)}")
    return result


def between(run: Evaluation, at: int, value: Value, low: Value, high: Value) -> Truth:
    """`value between low and high`, both included."""
    if value.__class__ is low.__class__ is high.__class__ and value.__class__ in _ORDERED:
        return low <= value <= high  # type: ignore[operator]  # the class is one that has an order
    return both(greater_or_equal(run, at, value, low), less_or_equal(run, at, value, high))


def both(left: Truth, right: Truth) -> Truth:
    """Conjunction: false decides, then null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def undecided(run: Evaluation, at: int, decider: bool, *operands: Value) -> Truth:  # noqa: FBT001  # called by code
    """Finish an `and` or `or` in which no operand decided: null unless every operand was the other truth."""
    for operand in operands:
        if operand is not (not decider):
            if operand is not None:
                run.note("FEEL-TYPE-03", at, f"`{'or' if decider else 'and'}` does not take {kind_of(operand)}")
            return None
    return not decider


def in_range(value: Value, bounds: Range) -> Truth:
    """Say whether a value lies in a range; an end that is None does not bound."""
    if bounds.start is None and bounds.end is None:
        return None
    above = True if bounds.start is None else order(">=" if bounds.start_included else ">", value, bounds.start)
    below = True if bounds.end is None else order("<=" if bounds.end_included else "<", value, bounds.end)
    return both(above, below)


def passes(run: Evaluation, at: int, value: Value, test: Value) -> Truth:
    """Apply a value to what a test without operator evaluated to: a range, a list of tests, or a value to equal."""
    if isinstance(test, Range):
        if isinstance(value, Range):
            return same(run, value, test)
        if value.__class__ not in _PLAIN:
            run.charge(2 * _PRICE)
        result = in_range(value, test)
        if result is None:
            run.note("FEEL-TYPE-02", at, f"{kind_of(value)} does not compare with the range")
        return result
    if isinstance(test, list):
        run.charge(len(test))
        if isinstance(value, list) and same(run, value, test):
            return True
        return any(passes(run, at, value, item) is True for item in test)
    return equal(run, at, value, test)
