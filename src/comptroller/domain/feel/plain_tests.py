"""Unary tests that compare with literals and nothing else, applied as they were read.

Nearly every cell of a decision table is one of these: `< 100`, `"DE", "FR"`, `[0..10)`. They are asked a few times
while a column's index is built and hardly ever again, so making a Python function of each would be most of the time
that loading a long table takes. Their meaning is that of the compiled form: the same comparisons, in the same order.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, TypeAlias

from comptroller.domain.feel import tree
from comptroller.domain.feel.comparison import (
    Truth,
    equal,
    equal_to_one,
    greater,
    greater_or_equal,
    less,
    less_or_equal,
    passes,
    undecided,
    unequal,
)
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.runtime import satisfies
from comptroller.domain.feel.temporal import parse
from comptroller.domain.feel.values import Range, Value

Program: TypeAlias = Callable[[Evaluation, Mapping[str, Value], Value], Truth]
_Test: TypeAlias = Callable[[Evaluation, Value], Truth]

_COMPARISONS: Final = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}
_QUICK: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
"""The comparisons of two numbers."""

_SETS: Final = frozenset({Decimal, str, bool})


def plain_tests(node: tree.Tests, names: Collection[str]) -> tuple[Program, tuple[Value, ...]] | None:
    """The tests as a program, and the literals that they compare with; None where they look at anything else.

    An order of texts is left to the compiled form: an index holds only their equality.
    """
    if "date" in names:  # then `date("...")` is not the language's own function
        return None
    tests: list[_Test] = []
    literals: list[Value] = []
    for test in node.tests:
        made = _test(test)
        if made is None:
            return None
        tests.append(made[0])
        literals += made[1]
    classes = {literal.__class__ for literal in literals}
    if len(tests) > 1 and len(classes) == 1 and classes <= _SETS and all(map(_is_literal, node.tests)):
        tests = [_OneOf(node.at, frozenset(literals), literals[0])]
    return _All(node.at, tuple(tests), node.negated), tuple(literals)


# Each form is a small record that can be called, not a closure: of a long table there are thousands, and the records
# are a fifth of the objects that Python's collector would have to look after.


@dataclass(frozen=True, slots=True, eq=False)
class _All:
    """All tests of a cell: the first that passes decides."""

    at: int
    tests: tuple[_Test, ...]
    negated: bool

    def __call__(self, run: Evaluation, _scope: Mapping[str, Value], given: Value) -> Truth:
        """Judge a value."""
        results: list[Truth] = []
        result: Truth = not self.tests
        for test in self.tests:
            result = test(run, given)
            if result is True:
                break
            results.append(result)
        else:
            if len(self.tests) > 1:
                result = undecided(run, self.at, True, *results)  # noqa: FBT003 - as the compiled form calls it
        return (None if result is None else not result) if self.negated else result


@dataclass(frozen=True, slots=True, eq=False)
class _OneOf:
    """One of several literals of one kind."""

    at: int
    literals: frozenset[Value]
    first: Value

    def __call__(self, run: Evaluation, given: Value) -> Truth:
        """Judge a value."""
        if given.__class__ is self.first.__class__:
            return given in self.literals
        return equal_to_one(run, self.at, given, self.first, *self.literals)


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """An operator and a literal; two numbers are compared by Python's own operator."""

    at: int
    operator: str
    literal: Value

    def __call__(self, run: Evaluation, given: Value) -> Truth:
        """Judge a value."""
        if given.__class__ is Decimal and self.literal.__class__ is Decimal:
            return _QUICK[self.operator](given, self.literal)
        return _COMPARISONS[self.operator](run, self.at, given, self.literal)


@dataclass(frozen=True, slots=True, eq=False)
class _Within:
    """An interval between literals, of which one may be missing."""

    at: int
    bounds: Range

    def __call__(self, run: Evaluation, given: Value) -> Truth:
        """Judge a value."""
        start, end = self.bounds.start, self.bounds.end
        if isinstance(given, Decimal) and isinstance(start, Decimal) and isinstance(end, Decimal):
            above = given >= start if self.bounds.start_included else given > start
            return above and (given <= end if self.bounds.end_included else given < end)
        return passes(run, self.at, given, self.bounds)


@dataclass(frozen=True, slots=True, eq=False)
class _Equal:
    """A literal by itself."""

    at: int
    literal: Value

    def __call__(self, run: Evaluation, given: Value) -> Truth:
        """Judge a value."""
        return equal(run, self.at, given, self.literal)


@dataclass(frozen=True, slots=True, eq=False)
class _Satisfied:
    """A constant that is written as an expression, such as a day."""

    at: int
    constant: Value

    def __call__(self, run: Evaluation, given: Value) -> Truth:
        """Judge a value."""
        return satisfies(run, self.at, given, self.constant, "of_others")


def _is_literal(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal)


def _test(node: tree.Node) -> tuple[_Test, tuple[Value, ...]] | None:
    if isinstance(node, tree.UnaryComparison):
        return _comparison(node)
    if isinstance(node, tree.RangeLiteral):
        return _range(node)
    found = literal_value(node)
    if found is None:
        return None
    return (_Equal if isinstance(node, tree.Literal) else _Satisfied)(node.at, found[0]), found


def _comparison(node: tree.UnaryComparison) -> tuple[_Test, tuple[Value, ...]] | None:
    found = literal_value(node.endpoint)
    if found is None or (node.operator not in {"=", "!="} and not _has_order(found[0])):
        return None
    return _Compared(node.at, node.operator, found[0]), found


def _range(node: tree.RangeLiteral) -> tuple[_Test, tuple[Value, ...]] | None:
    ends = [None if end is None else literal_value(end) for end in (node.start, node.end)]
    start, end = (None if found is None else found[0] for found in ends)
    literals = tuple(value for value in (start, end) if _has_order(value))
    wanted = [bound for bound in (node.start, node.end) if bound is not None]
    if len(literals) != len(wanted) or len({value.__class__ for value in literals}) != 1:
        return None
    return _Within(node.at, Range(start, end, node.start_included, node.end_included)), literals


def _has_order(value: Value) -> bool:
    return value.__class__ is Decimal or value.__class__ is date


def literal_value(node: tree.Node) -> tuple[Value] | None:
    """The value of a literal, in a tuple since it may be null; None for any other node."""
    match node:
        case tree.Literal(value=value):
            return (value,)
        case tree.Negation(operand=tree.Literal(value=Decimal() as value)):
            return (value.copy_negate() if value else value,)
        case tree.Call(callee=tree.Name(name="date"), arguments=(tree.Literal(value=str() as text),), names=()):
            day = parse(text)
            return (day,) if day.__class__ is date else None
    return None
