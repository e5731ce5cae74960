"""The functions and classes that compiled expressions use, and no others: their whole namespace.

What is defined here is small and belongs to the compiled form; the meaning of the language is in the modules that it
brings together.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from comptroller.domain.feel.arithmetic import add, divide, multiply, negate, power, subtract
from comptroller.domain.feel.comparison import (
    Truth,
    between,
    equal,
    equal_to_one,
    greater,
    greater_or_equal,
    less,
    less_or_equal,
    order,
    passes,
    undecided,
    unequal,
)
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.invocation import invoke, invoke_as, invoke_named
from comptroller.domain.feel.navigation import accumulate, every_item, iterate, member, nth, quantify, select, steps
from comptroller.domain.feel.types import Type
from comptroller.domain.feel.values import Function, Range, Value, kind_of

_Link: TypeAlias = "tuple[Any, _Link] | None"

MISSING: Final = object()
"""Stands for a name that a scope does not have; null is a value."""


def unknown(run: Evaluation, at: int, name: str) -> None:
    """Note that nothing has this name."""
    run.note("FEEL-NAME-01", at, f"nothing here is named `{name}`")


def entry_of(link: _Link, count: int, name: str) -> object:
    """Take the entry of a name from the first of some linked items that is a context with such an entry."""
    for _ in range(count):
        if link is not None:
            item, link = link
            if item.__class__ is dict and name in item:
                return item[name]
    return MISSING


def instance_of(run: Evaluation, value: Value, wanted: Type) -> bool:
    """`value instance of type`"""
    run.weigh(value)
    return wanted.conforms(value)


def make_range(run: Evaluation, at: int, start: Value, end: Value, shape: Range) -> Value:
    """Make a range, open or closed as `shape` is, of two ends that have an order."""
    if order("<=", start, end) is None:
        run.note("FEEL-VALUE-03", at, f"no range runs from {kind_of(start)} to {kind_of(end)}")
        return None
    return Range(start, end, shape.start_included, shape.end_included)


def make_open_range(run: Evaluation, at: int, start: Value, end: Value, shape: Range) -> Value:
    """Make a range that has one end."""
    bound = end if start is None else start
    if order("<=", bound, bound) is None:
        run.note("FEEL-VALUE-03", at, f"{kind_of(bound)} bounds no range")
        return None
    return Range(start, end, shape.start_included, shape.end_included)


def lies_in(run: Evaluation, at: int, given: Value, bounds: Value) -> Truth:
    """`given in [start..end]`; null when there is no such range."""
    return None if bounds is None else passes(run, at, given, bounds)


def negation(truth: Truth) -> Truth:
    """`not(tests)`"""
    return None if truth is None else not truth


def satisfies(run: Evaluation, at: int, given: Value, test: Value, mode: str) -> Truth:
    """Judge a value by what a test evaluated to.

    A test that speaks of `?` (mode `of_given`) is a condition: true satisfies it, and nothing else does. A cell's test
    that is true or false of other things (`of_others`, or `condition` where its form says so) says itself whether it is
    satisfied, unless truth is what it is compared with. Otherwise the value must equal the result, or be one of it.
    That a condition cannot be told (null) is equal to no value, null included.
    """
    if isinstance(test, bool) and (mode == "of_given" or (mode and not isinstance(given, bool))):
        return test
    if mode == "of_given" or (test is None and mode == "condition"):
        if test is not None:
            run.note("FEEL-TYPE-06", at, f"a test that speaks of `?` is true or false, not {kind_of(test)}")
        return None
    return passes(run, at, given, test)


NAMESPACE: Final[dict[str, object]] = {
    "Decimal": Decimal,
    "Function": Function,
    "INLINE": frozenset({Decimal, str, date}),
    "MISSING": MISSING,
    "bool": bool,
    "dict": dict,
    "str": str,
    **{
        function.__name__: function
        for function in (
            add, subtract, multiply, divide, power, negate,
            equal, equal_to_one, unequal, less, less_or_equal, greater, greater_or_equal, between, undecided, passes,
            member, nth, select, every_item, steps, accumulate, iterate, quantify,
            invoke, invoke_as, invoke_named,
            unknown, entry_of, instance_of, lies_in, make_range, make_open_range, negation, satisfies,
        )
    },
}  # fmt: skip
