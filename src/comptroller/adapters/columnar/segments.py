"""The values of an input, cut where the answer of any cell can change, each part with a witness that speaks for it.

All numbers between two neighbouring literals of a table are treated alike by it, and so are all texts that it does not
name. So a few witnesses tell all that a model can ever do with an input: whatever is asked (does it conform, which
rules accept it) is asked of the witnesses, in the very code that decides a single case, and never of the rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from types import NoneType
from typing import Any, Final

from comptroller.domain.decisions.columns import Column, Equality
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.feel import Type, UnaryTests, Value

_BETWEEN: Final = Context(prec=50, Emin=-99_999, Emax=99_999)
"""Enough digits for a number between any two of 34 digits."""


class NotInColumns(Exception):
    """Something cannot be decided in columns; the message says what, as a reason for going row by row."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The parts of a kind of value, numbered: `witnesses` by number, the last one null.

    Numbers and days: part `2 * i + 1` is the cut `i`, part `2 * i` what lies just before it. Texts: part `i + 1` is the
    cut `i`, part 0 all others. Booleans: false, true.
    """

    kind: type
    cuts: tuple[Any, ...]
    witnesses: tuple[Value, ...]


def segments_of(kind: type, literals: Iterable[Any]) -> Segments:
    """Cut a kind of value at the literals that cells compare it with."""
    if kind is NoneType:
        return Segments(kind, (), (None,))
    if kind is bool:
        return Segments(kind, (), (False, True, None))
    cuts = tuple(sorted(set(literals)))
    if kind is str:
        other = "x" * (max(map(len, cuts), default=0) + 1)
        return Segments(kind, cuts, (other, *cuts, None))
    return Segments(kind, cuts, (*_in_order(kind, cuts), None))


def _in_order(kind: type, cuts: tuple[Any, ...]) -> Iterator[Value]:
    if not cuts:
        yield Decimal(0) if kind is Decimal else date(2000, 1, 1)
        return
    yield _before(cuts[0])
    for position, cut in enumerate(cuts):
        yield cut
        yield _between(cut, cuts[position + 1]) if position + 1 < len(cuts) else _after(cut)


def _before(cut: Any) -> Value:
    if isinstance(cut, Decimal):
        return _BETWEEN.subtract(cut - abs(cut), Decimal(1))
    return cut - timedelta(days=1) if cut > date.min else cut  # type: ignore[no-any-return]  # a date


def _after(cut: Any) -> Value:
    if isinstance(cut, Decimal):
        return _BETWEEN.add(cut + abs(cut), Decimal(1))
    return cut + timedelta(days=1) if cut < date.max else cut  # type: ignore[no-any-return]  # a date


def _between(low: Any, high: Any) -> Value:
    """A value between two; between neighbouring days there is none, and no row will ask for it."""
    if isinstance(low, Decimal):
        return _BETWEEN.divide(_BETWEEN.add(low, high), Decimal(2))
    return low + timedelta(days=1)  # type: ignore[no-any-return]  # a date


def column_literals(column: Column, kind: type) -> Iterable[Value]:
    """What a column's cells compare values of a kind with."""
    found = column.indexes.get(kind)
    if found is None:
        return ()
    return tuple(found.named) if isinstance(found, Equality) else tuple(found.points)


def type_literals(wanted: Type | None, kind: type) -> Iterable[Value]:
    """What the constraints of a type compare values of a kind with."""
    while isinstance(wanted, ConstrainedType):
        tests = wanted.tests
        if not isinstance(tests, UnaryTests) or tests.literals is None:
            raise NotInColumns("an input's type has a constraint that compares with more than literals")
        yield from (literal for literal in tests.literals if literal.__class__ is kind)
        wanted = wanted.base
