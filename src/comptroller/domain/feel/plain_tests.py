"""Unary tests that compare with literals and nothing else, applied as they were read.

Nearly every cell of a decision table is one of these: `< 100`, `"DE", "FR"`, `[0..10)`. They are asked a few times
while a column's index is built and hardly ever again, so making a Python function of each would be most of the time
that loading a long table takes. Their meaning is that of the compiled form: the same comparisons, in the same order.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from comptroller.domain.feel import tree
from comptroller.domain.feel.comparison import (
    Truth,
    equal,
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
    return _all(node, tests, tuple(literals)), tuple(literals)


def _all(node: tree.Tests, tests: list[_Test], literals: tuple[Value, ...]) -> Program:
    at, negated = node.at, node.negated
    classes = {literal.__class__ for literal in literals}
    if len(tests) > 1 and len(classes) == 1 and classes <= _SETS and all(map(_is_literal, node.tests)):
        tests = [_one_of(at, frozenset(literals), literals[0])]

    def program(run: Evaluation, _scope: Mapping[str, Value], given: Value) -> Truth:
        results: list[Truth] = []
        result: Truth = not tests
        for test in tests:
            result = test(run, given)
            if result is True:
                break
            results.append(result)
        else:
            if len(tests) > 1:
                result = undecided(run, at, True, *results)  # noqa: FBT003 - as the compiled form calls it
        return (None if result is None else not result) if negated else result

    return program


def _is_literal(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal)


def _one_of(at: int, literals: frozenset[Value], first: Value) -> _Test:
    kind = first.__class__
    return lambda run, given: given in literals if given.__class__ is kind else equal(run, at, given, first)


def _test(node: tree.Node) -> tuple[_Test, tuple[Value, ...]] | None:
    if isinstance(node, tree.UnaryComparison):
        return _comparison(node)
    if isinstance(node, tree.RangeLiteral):
        return _range(node)
    found = literal_value(node)
    if found is None:
        return None
    (value,), at = found, node.at
    if isinstance(node, tree.Literal):
        return (lambda run, given: equal(run, at, given, value)), found
    return (lambda run, given: satisfies(run, at, given, value, "of_others")), found


def _comparison(node: tree.UnaryComparison) -> tuple[_Test, tuple[Value, ...]] | None:
    found = literal_value(node.endpoint)
    if found is None or (node.operator not in {"=", "!="} and not _has_order(found[0])):
        return None
    compare, at, value = _COMPARISONS[node.operator], node.at, found[0]
    return (lambda run, given: compare(run, at, given, value)), found


def _range(node: tree.RangeLiteral) -> tuple[_Test, tuple[Value, ...]] | None:
    ends = [None if end is None else literal_value(end) for end in (node.start, node.end)]
    start, end = (None if found is None else found[0] for found in ends)
    literals = tuple(value for value in (start, end) if _has_order(value))
    wanted = [bound for bound in (node.start, node.end) if bound is not None]
    if len(literals) != len(wanted) or len({value.__class__ for value in literals}) != 1:
        return None
    at, bounds = node.at, Range(start, end, node.start_included, node.end_included)
    return (lambda run, given: passes(run, at, given, bounds)), literals


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
