"""Types as an expression can name them, what conforms to them, and the implicit conversions between them.

A type is anything that can say of a value whether it conforms; so the decision model's own item definitions take part
beside the types of the language.
"""

from dataclasses import dataclass
from datetime import UTC, time
from typing import Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.values import Builtin, Constraint, Function, Kind, Range, Value, exactly, kind_of

Type = Constraint
"""A type is a constraint on values."""


@dataclass(frozen=True, slots=True)
class AnyType:
    """`Any`: every value but null."""

    def conforms(self, value: Value) -> bool:
        """Say whether there is a value."""
        return value is not None


@dataclass(frozen=True, slots=True)
class KindType:
    """One of the language's kinds, nothing said of its elements."""

    kind: Kind

    def conforms(self, value: Value) -> bool:
        """Compare the kinds."""
        return kind_of(value) is self.kind


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<element>`"""

    element: Type

    def conforms(self, value: Value) -> bool:
        """Look at every item; null is an item of any list."""
        return isinstance(value, list) and all(item is None or self.element.conforms(item) for item in value)


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<element>`"""

    element: Type

    def conforms(self, value: Value) -> bool:
        """Look at the ends that there are."""
        return isinstance(value, Range) and all(
            end is None or self.element.conforms(end) for end in (value.start, value.end)
        )


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<name: type, ...>`"""

    entries: tuple[tuple[str, Type], ...]

    def conforms(self, value: Value) -> bool:
        """Look at the named entries; further ones do not matter."""
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or entry.conforms(value[name])) for name, entry in self.entries
        )


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<parameters> -> result`; what a function gives is known only when it runs and is not looked at."""

    parameters: tuple[Type, ...]
    result: Type

    def conforms(self, value: Value) -> bool:
        """Say whether the function takes whatever conforms to the parameters."""
        if isinstance(value, Function):
            declared = value.constraints or (None,) * len(value.parameters)
            return len(declared) == len(self.parameters) and all(
                takes is None or is_within(given, takes) for given, takes in zip(self.parameters, declared, strict=True)
            )
        return isinstance(value, Builtin) and any(
            len(overload.parameters) == len(self.parameters)
            and all(
                not takes.kinds or kind_named(given) in takes.kinds
                for given, takes in zip(self.parameters, overload.parameters, strict=True)
            )
            for overload in value.overloads
        )


def kind_named(named: Type) -> Kind:
    """Give the kind whose values a type holds; `OTHER` when it may hold several."""
    match named:
        case KindType():
            return named.kind
        case ListType():
            return Kind.LIST
        case RangeType():
            return Kind.RANGE
        case ContextType():
            return Kind.CONTEXT
        case FunctionType():
            return Kind.FUNCTION
    return Kind.OTHER


def is_within(narrow: Type, wide: Type) -> bool:
    """Say whether every value of one type is one of another (DMN 1.5, table 56)."""
    if narrow == wide or isinstance(wide, AnyType):
        return True
    match narrow, wide:
        case ListType(), ListType():
            return is_within(narrow.element, wide.element)
        case RangeType(), RangeType():
            return is_within(narrow.element, wide.element)
        case ContextType(), ContextType():
            entries = dict(narrow.entries)
            return all(name in entries and is_within(entries[name], entry) for name, entry in wide.entries)
        case FunctionType(), FunctionType():
            return (
                len(narrow.parameters) == len(wide.parameters)
                and all(map(is_within, wide.parameters, narrow.parameters))
                and is_within(narrow.result, wide.result)
            )
        case _, KindType():
            return kind_named(narrow) is wide.kind
    return False


ANY: Final = AnyType()
NAMED: Final[dict[str, Type]] = {kind.value: KindType(kind) for kind in Kind if kind is not Kind.OTHER} | {"Any": ANY}
"""The types that are named by a word or words alone."""


def coerce(wanted: Type | None, value: Value) -> tuple[bool, Value]:
    """Make a value conform, by an implicit conversion where it needs one (DMN 1.5, clause 10.3.2.9.4).

    A list of one is taken for its item, an item for a list of one, and a day for its midnight in UTC. Null conforms.
    """
    if wanted is None or value is None or wanted.conforms(value):
        return True, value
    value = exactly(value)
    if isinstance(value, list):
        if len(value) == 1 and (value[0] is None or wanted.conforms(value[0])):
            return True, value[0]
        return False, None
    candidates: list[Value] = [[value]]
    if kind_of(value) is Kind.DATE:
        candidates.append(calendar.combine(value, time(tzinfo=UTC)))  # type: ignore[arg-type]  # the kind says so
    for candidate in candidates:
        if wanted.conforms(candidate):
            return True, candidate
    return False, None
