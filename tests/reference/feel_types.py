"""Which values are of a type, and the implicit conversions to one.

SOURCE: DMN 1.5, clauses 10.3.2.9.1 to 10.3.2.9.4. The types themselves are the product's records of what was written;
a decision model's own limits (`Limited`) are added here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.reference.feel_operators import midnight
from tests.reference.feel_values import Closure, Day, Interval, Native, Unstated, Value, kind

from comptroller.domain.feel import types


@dataclass(frozen=True)
class Limited:
    """A type whose values must also pass some tests."""

    base: Any
    passes: Callable[[Value], bool]


@dataclass(frozen=True)
class Nothing:
    """A type that nobody defined: no value is of it."""


def is_of(value: Value, wanted: Any) -> bool:
    """Say whether a value is of a type; null is of none but its own, and is an item or entry of any."""
    match wanted:
        case types.AnyType():
            return value is not None
        case types.KindType():
            return kind(value) == wanted.kind.value
        case types.ListType():
            return isinstance(value, list) and all(item is None or is_of(item, wanted.element) for item in value)
        case types.RangeType():
            return isinstance(value, Interval) and all(
                end is None or is_of(end, wanted.element) for end in (value.start, value.end)
            )
        case types.ContextType():
            return isinstance(value, dict) and all(
                name in value and (value[name] is None or is_of(value[name], entry)) for name, entry in wanted.entries
            )
        case types.FunctionType():
            return _takes(value, wanted)
        case Limited():
            return is_of(value, wanted.base) and wanted.passes(value)
        case Nothing():
            return False
    raise Unstated(f"`{wanted}` is no type that the reference knows")


def _takes(value: Value, wanted: types.FunctionType) -> bool:
    """A function is of a type whose parameters it takes (contravariance); its result is not looked at."""
    if isinstance(value, Native):
        raise Unstated("the standard does not give the functions of the language a type")
    return (
        isinstance(value, Closure)
        and len(value.parameters) == len(wanted.parameters)
        and all(
            takes is None or _within(given, takes) for given, takes in zip(wanted.parameters, value.types, strict=True)
        )
    )


def _within(narrow: Any, wide: Any) -> bool:
    if narrow == wide or isinstance(wide, types.AnyType):
        return True
    if isinstance(narrow, types.KindType | types.AnyType) and isinstance(wide, types.KindType):
        return False
    raise Unstated("the reference compares simple types alone")


def converted(value: Value, wanted: Any) -> tuple[bool, Value]:
    """Say whether a value can be taken for a type, and give what it is then (clause 10.3.2.9.4)."""
    if wanted is None or value is None or is_of(value, wanted):
        return True, value
    if isinstance(value, list):
        single = len(value) == 1 and (value[0] is None or is_of(value[0], wanted))
        return (True, value[0]) if single else (False, None)
    if is_of([value], wanted):
        return True, [value]
    if isinstance(value, Day) and is_of(midnight(value), wanted):
        return True, midnight(value)
    return False, None
