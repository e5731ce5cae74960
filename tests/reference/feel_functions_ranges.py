"""How points and ranges lie to one another: the conditions of the standard's table, written out as it has them.

SOURCE: DMN 1.5, clause 10.3.4.7, table 78. An end that a range does not have is taken for infinity, of which the table
does not speak. Of a range whose start lies behind its end, or that holds no point, the table's conditions contradict
one another; the reference says nothing of those.
"""

from collections.abc import Callable
from typing import Any

from tests.reference.feel_functions import native
from tests.reference.feel_operators import order
from tests.reference.feel_values import Interval, Unstated, Value


class _Mixed(Exception):
    """Two points of kinds that do not compare."""


class _End:
    """An end of a range that compares; the missing start lies before everything, the missing end behind."""

    def __init__(self, value: Value, infinite: int) -> None:
        self.value = value
        self.infinite = infinite if value is None else 0

    def _sign(self, other: "_End") -> int:
        if self.infinite or other.infinite:
            return (self.infinite > other.infinite) - (self.infinite < other.infinite)
        below, above = order("<", self.value, other.value), order(">", self.value, other.value)
        if below is None or above is None:
            raise _Mixed
        return int(above) - int(below)

    def __lt__(self, other: "_End") -> bool:
        return self._sign(other) < 0

    def __gt__(self, other: "_End") -> bool:
        return self._sign(other) > 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _End) and self._sign(other) == 0

    __hash__ = None  # type: ignore[assignment]  # compares by the language's order


class _Range:
    """A range with names as short as the table's."""

    def __init__(self, interval: Interval) -> None:
        self.start, self.end = _End(interval.start, -1), _End(interval.end, 1)
        self.first, self.last = interval.start_included, interval.end_included
        if self.start > self.end or (self.start == self.end and not (self.first and self.last)):
            raise Unstated("the range holds no point")


def _point(value: Value) -> _End:
    return _End(value, 0)


def _taken(value: Value) -> Any:
    return _Range(value) if isinstance(value, Interval) else _point(value)


def _compare_all(*sides: Any) -> None:
    """Leave where two of the ends that there are do not compare.

    Two points: null. With a range it depends on the order in which a condition is looked at, since a false part
    decides; the table does not tell.
    """
    ends = [end for side in sides for end in ((side.start, side.end) if isinstance(side, _Range) else (side,))]
    for end in ends:
        for other in ends:
            try:
                end._sign(other)
            except _Mixed as mixed:
                if len(ends) > 2:
                    raise Unstated("a range and something of another kind") from mixed
                raise


def _define(name: str, first: str, second: str, condition: Callable[[Any, Any], bool]) -> None:
    def body(one: Value, other: Value) -> Value:
        try:
            sides = _taken(one), _taken(other)
            _compare_all(*sides)
            return condition(*sides)
        except _Mixed:
            return None

    kinds = {"p": "point", "r": "range"}
    if first == second:
        native(name, f"{kinds[first]}1: {kinds[first]}", f"{kinds[first]}2: {kinds[first]}")(body)
    else:
        native(name, f"{kinds[first]}: {kinds[first]}", f"{kinds[second]}: {kinds[second]}")(body)


def _both(name: str, inverse: str, first: str, second: str, condition: Callable[[Any, Any], bool]) -> None:
    """Define a relation, and the one that says the same with its operands changed."""
    _define(name, first, second, condition)
    _define(inverse, second, first, lambda one, other: condition(other, one))


_both("before", "after", "p", "p", lambda p, q: p < q)
_both("before", "after", "p", "r", lambda p, r: p < r.start or (p == r.start and not r.first))
_both("before", "after", "r", "p", lambda r, p: r.end < p or (r.end == p and not r.last))
_both("before", "after", "r", "r", lambda r, s: r.end < s.start or ((not r.last or not s.first) and r.end == s.start))
_both("meets", "met by", "r", "r", lambda r, s: r.last and s.first and r.end == s.start)
_define(
    "overlaps",
    "r",
    "r",
    lambda r, s: (
        (r.end > s.start or (r.end == s.start and r.last and s.first))
        and (r.start < s.end or (r.start == s.end and r.first and s.last))
    ),
)
_both(
    "overlaps before",
    "overlaps after",
    "r",
    "r",
    lambda r, s: (
        (r.start < s.start or (r.start == s.start and r.first and not s.first))
        and (r.end > s.start or (r.end == s.start and r.last and s.first))
        and (r.end < s.end or (r.end == s.end and (not r.last or s.last)))
    ),
)
_both("finishes", "finished by", "p", "r", lambda p, r: r.last and r.end == p)
_both(
    "finishes",
    "finished by",
    "r",
    "r",
    lambda r, s: (
        r.last == s.last and r.end == s.end and (r.start > s.start or (r.start == s.start and (not r.first or s.first)))
    ),
)
_both(
    "includes",
    "during",
    "r",
    "p",
    lambda r, p: (r.start < p and r.end > p) or (r.start == p and r.first) or (r.end == p and r.last),
)
_both(
    "includes",
    "during",
    "r",
    "r",
    lambda r, s: (
        (r.start < s.start or (r.start == s.start and (r.first or not s.first)))
        and (r.end > s.end or (r.end == s.end and (r.last or not s.last)))
    ),
)
_both("starts", "started by", "p", "r", lambda p, r: r.first and r.start == p)
_both(
    "starts",
    "started by",
    "r",
    "r",
    lambda r, s: (
        r.start == s.start and r.first == s.first and (r.end < s.end or (r.end == s.end and (not r.last or s.last)))
    ),
)
_define("coincides", "p", "p", lambda p, q: p == q)
_define(
    "coincides",
    "r",
    "r",
    lambda r, s: r.start == s.start and r.first == s.first and r.end == s.end and r.last == s.last,
)
