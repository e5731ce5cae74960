"""Values that may be unknown, put off, or hold such values: what expressions are read over.

A value that is put off (`Later`) is worked out when somebody looks at it, and so asks nothing while nobody does. Its
key says what it would be made of, so that two of them are seen to be equal without being worked out.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.unknowns import Unknown
from comptroller.domain.feel import Type, Value


class Later:
    """A value that is worked out once, when it is looked at."""

    __slots__ = ("_compute", "_key", "_value", "is_there")

    def __init__(self, compute: "Callable[[], Part]", key: Callable[[], Hashable]) -> None:
        self._compute = compute
        self._key: Callable[[], Hashable] | Hashable = key
        self.is_there = False

    @property
    def value(self) -> "Part":
        """The value, worked out now at the latest."""
        if not self.is_there:
            self._value = settled(self._compute())
            self.is_there = True
        return self._value

    @property
    def key(self) -> Hashable:
        """What it is made of."""
        if callable(self._key):
            self._key = self._key()
        return self._key


@dataclass(frozen=True, slots=True, eq=False)
class Routine:
    """A function of the model: its parameters with their types, and how it is called."""

    name: str
    parameters: tuple[tuple[str, Type | None], ...]
    call: "Callable[[Mapping[str, Part]], Part]"
    key: Hashable


Part: TypeAlias = Any
"""A FEEL value, an `Unknown`, a `Linear`, a `Later`, a `Routine`, or a list or context that holds such."""


def settled(value: Part) -> Part:
    """A value that is not put off; what it holds may be."""
    while isinstance(value, Later):
        value = value.value
    return value


def is_known(value: Part) -> bool:
    """Whether a value is there and nothing in it is unknown or still put off."""
    if isinstance(value, Later):
        return value.is_there and is_known(value.value)
    if isinstance(value, Unknown | Linear | Routine):
        return False
    if isinstance(value, list):
        return all(map(is_known, value))
    return all(map(is_known, value.values())) if isinstance(value, dict) else True


def plain(value: Part) -> Value:
    """A known value as the engine takes it."""
    value = settled(value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    return {name: plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def key_of(value: Part) -> Hashable:
    """What a value is, or is made of: equal where the values are."""
    if isinstance(value, Later):
        return value.key
    if isinstance(value, Unknown):
        return "unknown", value.key
    if isinstance(value, Routine):
        return "routine", value.key
    if isinstance(value, list):
        return "list", tuple(map(key_of, value))
    if isinstance(value, dict):
        return "context", tuple((name, key_of(each)) for name, each in value.items())
    return repr(value)
