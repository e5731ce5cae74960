"""How points and ranges lie to one another, after Allen's interval algebra.

SOURCE: DMN 1.5, clause 10.3.4.7, table 78. A range without a start or an end reaches beyond every point. Values of two
kinds do not lie in any way to one another: null.
"""

from collections.abc import Callable
from typing import Final

from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.comparison import order
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.values import Range, Value

LIBRARY: Final = Library()

_PRICE: Final = 8
"""Iterations that comparing the ends of two ranges is worth."""


def _holds(operator: str, left: Value, right: Value) -> bool:
    """Compare two bounds that there are; a bound that there is not satisfies nothing."""
    if left is None or right is None:
        return False
    verdict = order("<=" if operator == "=" else operator, left, right)
    if verdict is None:
        raise Undefined("points of two kinds do not compare")
    return bool(verdict and order(">=", left, right)) if operator == "=" else verdict


def _before(first: Range, second: Range) -> bool:
    closed = first.end_included and second.start_included
    return _holds("<", first.end, second.start) or (not closed and _holds("=", first.end, second.start))


def _same_start(first: Range, second: Range) -> bool:
    if first.start is None or second.start is None:
        return first.start is second.start
    return first.start_included is second.start_included and _holds("=", first.start, second.start)


def _same_end(first: Range, second: Range) -> bool:
    if first.end is None or second.end is None:
        return first.end is second.end
    return first.end_included is second.end_included and _holds("=", first.end, second.end)


def _starts_by(first: Range, second: Range) -> bool:
    """Say whether the first range starts no later than the second."""
    if first.start is None or second.start is None:
        return first.start is None
    closed = first.start_included or not second.start_included
    return _holds("<", first.start, second.start) or (closed and _holds("=", first.start, second.start))


def _ends_by(first: Range, second: Range) -> bool:
    """Say whether the first range ends no later than the second."""
    if first.end is None or second.end is None:
        return second.end is None
    closed = second.end_included or not first.end_included
    return _holds("<", first.end, second.end) or (closed and _holds("=", first.end, second.end))


def _point(value: Value) -> Range:
    return Range(value, value, start_included=True, end_included=True)


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else _point(value)


def _relation(name: str, relation: Callable[[Range, Range], bool], *signatures: str) -> None:
    def related(run: Evaluation, first: Value, second: Value) -> Value:
        run.charge(_PRICE)
        return relation(_as_range(first), _as_range(second))

    LIBRARY.function(*(f"{name}({signature})" for signature in signatures), with_evaluation=True)(related)


def _includes(outer: Range, inner: Range) -> bool:
    return _starts_by(outer, inner) and _ends_by(inner, outer)


def _meets(first: Range, second: Range) -> bool:
    return first.end_included and second.start_included and _holds("=", first.end, second.start)


def _overlaps(first: Range, second: Range) -> bool:
    return not _before(first, second) and not _before(second, first)


def _overlaps_before(first: Range, second: Range) -> bool:
    return (
        _overlaps(first, second)
        and _starts_by(first, second)
        and not _same_start(first, second)
        and _ends_by(first, second)
    )


_PP: Final = "point1: point, point2: point"
_PR: Final = "point: point, range: range"
_RP: Final = "range: range, point: point"
_RR: Final = "range1: range, range2: range"

_relation("before", _before, _PP, _PR, _RP, _RR)
_relation("after", lambda first, second: _before(second, first), _PP, _PR, _RP, _RR)
_relation("meets", _meets, _RR)
_relation("met by", lambda first, second: _meets(second, first), _RR)
_relation("overlaps", _overlaps, _RR)
_relation("overlaps before", _overlaps_before, _RR)
_relation("overlaps after", lambda first, second: _overlaps_before(second, first), _RR)
_relation("includes", _includes, _RP, _RR)
_relation("during", lambda first, second: _includes(second, first), _PR, _RR)
_relation("finishes", lambda first, second: _same_end(first, second) and _starts_by(second, first), _PR, _RR)
_relation("finished by", lambda first, second: _same_end(first, second) and _starts_by(first, second), _RP, _RR)
_relation("starts", lambda first, second: _same_start(first, second) and _ends_by(first, second), _PR, _RR)
_relation("started by", lambda first, second: _same_start(first, second) and _ends_by(second, first), _RP, _RR)
_relation("coincides", lambda first, second: _same_start(first, second) and _same_end(first, second), _PP, _RR)
