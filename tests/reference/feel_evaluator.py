"""FEEL by the letter: walks the tree of an expression, node by node, slowly, and easy to check by eye.

The tree is the product's record of what was written; nothing else of the product is used. An answer is a value of
`feel_values`, null (None) wherever the standard says so; where the standard leaves something open, the comment says
what the product has chosen. `Unstated` is raised where the reference has no opinion.

SOURCE: DMN 1.5, clause 10.3.2.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from tests.reference import feel_calendar as calendar
from tests.reference import (
    feel_functions_lists,
    feel_functions_numbers,
    feel_functions_ranges,
    feel_functions_texts,
)
from tests.reference import feel_operators as operators
from tests.reference.feel_functions import FUNCTIONS, invoke
from tests.reference.feel_numbers import whole
from tests.reference.feel_properties import member
from tests.reference.feel_types import converted, is_of
from tests.reference.feel_values import (
    Closure,
    Day,
    Interval,
    Native,
    Unstated,
    Value,
    from_product,
)

from comptroller.domain.feel import tree

GROUPS = (feel_functions_lists, feel_functions_numbers, feel_functions_ranges, feel_functions_texts)
Scope = tuple[Mapping[str, Value], ...]
"""The contexts that names are looked up in, the innermost first (clause 10.3.2.11)."""


def evaluate(node: tree.Node, scope: Mapping[str, Value]) -> Value:
    """The value of an expression."""
    return value_of(node, (scope,))


def matches(node: tree.Tests, value: Value, scope: Mapping[str, Value]) -> bool | None:
    """What the tests of a cell say of a value (clause 7.3.3 and 10.3.2.4)."""
    return passes(node, value, (scope,), cell=True)


def value_of(node: Any, scope: Scope) -> Value:
    """The value of a node in a scope."""
    return MEANINGS[type(node)](node, scope)


def _name(node: tree.Name, scope: Scope) -> Value:
    """The innermost context that has the name; then the language's functions; then null."""
    for context in scope:
        if node.name in context:
            return context[node.name]
    return Native(node.name) if node.name in FUNCTIONS else None


# Logic, comparison, arithmetic


def _junction(node: tree.Junction, scope: Scope) -> Value:
    operands: list[Value] = []
    for operand in node.operands:
        operands.append(value_of(operand, scope))
        if operands[-1] is node.decider:
            return node.decider
    return operators.disjunction(*operands) if node.decider else operators.conjunction(*operands)


def _binary(node: tree.Binary, scope: Scope) -> Value:
    left, right = value_of(node.left, scope), value_of(node.right, scope)
    return compare(node.operator, left, right)


def compare(operator: str, left: Value, right: Value) -> Value:
    """A comparison or an arithmetic operation."""
    if operator in {"=", "!="}:
        verdict = operators.equal(left, right)
        return verdict if operator == "=" else operators.negation(verdict)
    if operator in {"<", "<=", ">", ">="}:
        return operators.order(operator, left, right)
    return operators.arithmetic(operator, left, right)


def _between(node: tree.Between, scope: Scope) -> Value:
    return operators.between(value_of(node.value, scope), value_of(node.low, scope), value_of(node.high, scope))


# Tests


def _in(node: tree.In, scope: Scope) -> Value:
    return passes(node.tests, value_of(node.value, scope), scope, cell=False)


def passes(node: tree.Tests, value: Value, scope: Scope, *, cell: bool) -> bool | None:
    """One of the tests is true of the value; no test at all is true of everything."""
    if not node.tests:
        return True
    verdicts = [_test(test, value, ({"?": value}, *scope), cell=cell) for test in node.tests]
    verdict = operators.disjunction(*verdicts)
    return operators.negation(verdict) if node.negated else verdict


def _test(test: tree.Node, value: Value, scope: Scope, *, cell: bool) -> bool | None:
    if isinstance(test, tree.UnaryComparison):
        verdict = compare(test.operator, value, value_of(test.endpoint, scope))
        return verdict if isinstance(verdict, bool) else None
    found = value_of(test, scope)
    if isinstance(test, tree.RangeLiteral) and found is None:
        return None  # there is no such range
    if isinstance(test, tree.Literal):
        return operators.equal(value, found)
    # a test that speaks of `?` says itself whether it is satisfied; so does one in a cell that is true or false, unless
    # the value that is tested is a truth itself (the standard is silent; the leading engines do so)
    if _mentions(test, "?"):
        return found if isinstance(found, bool) else None
    if isinstance(found, bool) and cell and not isinstance(value, bool):
        return found
    # a condition that cannot be told is null, and does not accept the value that is missing for being equal to it
    if found is None and cell and _is_condition(test):
        return None
    return operators.passes(value, found)


def _is_condition(test: tree.Node) -> bool:
    if isinstance(test, tree.Binary):
        return test.operator in {"=", "!=", "<", "<=", ">", ">="}
    return isinstance(test, tree.Junction | tree.Between | tree.In | tree.InstanceOf | tree.Quantified)


def _mentions(node: tree.Node, name: str) -> bool:
    """Say whether a name occurs anywhere in a tree."""
    return (isinstance(node, tree.Name) and node.name == name) or any(
        _mentions(child, name) for child in tree.children(node)
    )


def _instance_of(node: tree.InstanceOf, scope: Scope) -> Value:
    return is_of(value_of(node.value, scope), node.type)


# Control


def _if(node: tree.If, scope: Scope) -> Value:
    """Anything but true takes the alternative."""
    return value_of(node.consequence if value_of(node.condition, scope) is True else node.alternative, scope)


ROUNDS_MAX = 2_000


class _NotIterable(Exception):
    """Leaves an iteration over what cannot be run over: null."""


def _for(node: tree.For, scope: Scope) -> Value:
    results: list[Value] = []
    try:
        for inner in _rounds(node.iterations, scope):
            results.append(value_of(node.body, ({"partial": list(results)}, *inner)))
    except _NotIterable:
        return None
    return results


def _quantified(node: tree.Quantified, scope: Scope) -> Value:
    """A chain of `or` (some) or `and` (every) over the conditions, which ends where one decides."""
    verdicts: list[Value] = []
    try:
        for inner in _rounds(node.iterations, scope):
            verdicts.append(value_of(node.condition, inner))
            if verdicts[-1] is node.decider:
                return node.decider
    except _NotIterable:
        return None
    return operators.disjunction(*verdicts) if node.decider else operators.conjunction(*verdicts)


def _rounds(iterations: tuple[tree.Iteration, ...], scope: Scope) -> Iterator[Scope]:
    """The scopes of the rounds, the last iteration changing fastest; each sees the variables before it."""
    if not iterations:
        yield scope
        return
    first, *others = iterations
    start = value_of(first.source, scope)
    end = None if first.end is None else value_of(first.end, scope)
    for item in iterated(start) if first.end is None else steps(Interval(start, end, True, True)):
        yield from _rounds(tuple(others), ({first.name: item}, *scope))


def iterated(source: Value) -> list[Value]:
    """The items of a list, the points of a range, or one value; null cannot be run over."""
    if source is None:
        raise _NotIterable
    if isinstance(source, Interval):
        return steps(source)
    return source if isinstance(source, list) else [source]


def steps(interval: Interval) -> list[Value]:
    """The whole numbers or the days of a range, upwards or downwards (clause 10.3.2.14)."""
    back: Callable[[int], Value]
    match interval.start, interval.end:
        case Fraction() as first, Fraction() as last:
            start, end, back = whole(first), whole(last), Fraction
        case Day() as first, Day() as last:
            start, end, back = calendar.count_of(first), calendar.count_of(last), calendar.day_of
        case _:
            raise _NotIterable
    if start is None or end is None:
        raise _NotIterable
    if abs(end - start) > ROUNDS_MAX:
        raise Unstated("so many rounds are too slow here")
    way = 1 if start <= end else -1
    counts = list(range(start, end + way, way))
    counts = counts if interval.start_included else counts[1:]
    return [back(count) for count in (counts if interval.end_included else counts[:-1])]


def mapped(source: Value, body: Callable[[Value, list[Value]], Value]) -> Value:
    """A boxed iteration: the body of each item and the results so far; null over null."""
    results: list[Value] = []
    try:
        for item in iterated(source):
            results.append(body(item, list(results)))
    except _NotIterable:
        return None
    return results


def judged(source: Value, condition: Callable[[Value], Value], *, decider: bool) -> Value:
    """A boxed quantifier."""
    verdicts = mapped(source, lambda item, _: condition(item))
    if not isinstance(verdicts, list):
        return None
    return operators.disjunction(*verdicts) if decider else operators.conjunction(*verdicts)


# Lists, contexts, ranges, paths, filters


def _context(node: tree.ContextLiteral, scope: Scope) -> Value:
    """Later entries see earlier ones; a function sees its own entry, so that it can call itself."""
    made: dict[str, Value] = {}
    for key, entry in zip(node.keys, node.entries, strict=True):
        seen = made if isinstance(entry, tree.FunctionLiteral) else dict(made)
        made[key] = value_of(entry, (seen, *scope))
    return dict(made)


def _range(node: tree.RangeLiteral, scope: Scope) -> Value:
    included = {"start_included": node.start_included, "end_included": node.end_included}
    if node.start is not None and node.end is not None:
        return operators.make_interval(value_of(node.start, scope), value_of(node.end, scope), **included)
    bound = value_of(node.start or node.end, scope)
    if operators.order("<=", bound, bound) is None:
        return None
    return Interval(bound if node.start else None, bound if node.end else None, **included)


def _member(node: tree.Member, scope: Scope) -> Value:
    return member(value_of(node.base, scope), node.name)


def _filter(node: tree.Filter, scope: Scope) -> Value:
    def condition(item: Value) -> Value:
        # an entry named `item` hides the item itself (clause 10.3.2.5)
        return value_of(node.condition, ({"item": item, **(item if isinstance(item, dict) else {})}, *scope))

    return filtered(value_of(node.base, scope), condition)


def filtered(base: Value, condition: Callable[[Value], Value]) -> Value:
    """The items for which a condition is true, or the one at the position that it gives.

    Null has no items. The standard looks at the condition's type; the product at its values, item by item: a number
    is a position wherever it turns up, and what is neither number nor truth nor null makes the whole null.
    """
    items: list[Value] = base if isinstance(base, list) else [] if base is None else [base]
    chosen: list[Value] = []
    nothing: list[Value] = [{}]  # a position must be told from a condition over an empty list as well
    for item in items or nothing:
        verdict = condition(item)
        if isinstance(verdict, Fraction):
            return _at(items, verdict)
        if verdict is not None and not isinstance(verdict, bool):
            return None
        if verdict is True and items:
            chosen.append(item)
    return chosen


def _at(items: list[Value], position: Fraction) -> Value:
    place = whole(position)
    if place is None or not 1 <= abs(place) <= len(items):
        return None
    return items[place - 1] if place > 0 else items[place]


# Functions


def _function(node: tree.FunctionLiteral, scope: Scope) -> Value:
    def call(*arguments: Value) -> Value:
        return value_of(node.body, (dict(zip(node.parameters, arguments, strict=True)), *scope))

    return Closure(node.parameters, node.types, call)


def _call(node: tree.Call, scope: Scope) -> Value:
    callee = value_of(node.callee, scope)
    return called(callee, [value_of(argument, scope) for argument in node.arguments], node.names)


def called(callee: Value, arguments: list[Value], names: tuple[str, ...] = ()) -> Value:
    """Call a function; null when it is none, or the arguments are not what it takes."""
    if isinstance(callee, Native):
        return invoke(callee.name, arguments, names, called)
    if not isinstance(callee, Closure) or len(arguments) != len(callee.parameters):
        return None
    if names:
        if set(names) != set(callee.parameters):
            return None
        given = dict(zip(names, arguments, strict=True))
        arguments = [given[name] for name in callee.parameters]
    fitting = [converted(argument, wanted) for argument, wanted in zip(arguments, callee.types, strict=True)]
    return callee.call(*(argument for _, argument in fitting)) if all(fits for fits, _ in fitting) else None


MEANINGS: dict[type, Callable[[Any, Scope], Value]] = {
    tree.Literal: lambda node, _: from_product(node.value),
    tree.Name: _name,
    tree.Member: _member,
    tree.Filter: _filter,
    tree.Call: _call,
    tree.Binary: _binary,
    tree.Negation: lambda node, scope: operators.negated(value_of(node.operand, scope)),
    tree.Junction: _junction,
    tree.Between: _between,
    tree.In: _in,
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.ListLiteral: lambda node, scope: [value_of(item, scope) for item in node.items],
    tree.ContextLiteral: _context,
    tree.RangeLiteral: _range,
    tree.FunctionLiteral: _function,
}
