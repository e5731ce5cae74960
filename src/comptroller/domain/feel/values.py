"""The values of FEEL as Python objects, and the kinds by which the language tells them apart.

Numbers are `Decimal`, texts `str`, days `datetime.date`, contexts `dict`, lists `list`: what the rest of the domain
uses anyway. FEEL's two durations, its ranges and its functions have no equal in the standard library and are defined
here, as are days beyond Python's years and times finer than its microseconds. A value that Python's types can hold is
always one of theirs. The two durations never mix: a month has no fixed number of days.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, Final, Protocol, TypeAlias, cast

from comptroller.domain.feel.watching import WATCHED, WatchedDay, WatchedNumber, WatchedText


class Kind(StrEnum):
    """The types of FEEL (DMN 1.5, clause 10.3.2.2) under the names that the language gives them; a closed list."""

    NULL = "Null"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATE_AND_TIME = "date and time"
    DAYS_DURATION = "days and time duration"
    MONTHS_DURATION = "years and months duration"
    LIST = "list"
    CONTEXT = "context"
    RANGE = "range"
    FUNCTION = "function"
    OTHER = "other"  # no value of the language: a defect of the caller, treated as fitting nowhere

    # kinds are keys of the operators' tables: the string's own hash is several times faster than the enumeration's
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration: an exact number of seconds, negative ones included."""

    seconds: Decimal


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration: a whole number of months, negative ones included."""

    months: int


@dataclass(frozen=True, slots=True)
class FarDate:
    """A day outside the years 1 to 9999, which `datetime.date` cannot hold; the year may be zero or negative."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time of day finer than a microsecond: `time` holds it but for the nanoseconds, 1 to 999, beyond."""

    time: time
    nanosecond: int


@dataclass(frozen=True, slots=True)
class FarDateAndTime:
    """A date and time that `datetime` cannot hold: outside the years 1 to 9999, or finer than a microsecond."""

    day: "Day"
    time: "Clock"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open without bound."""

    start: "Value"
    end: "Value"
    start_included: bool
    end_included: bool


class Constraint(Protocol):
    """What an argument or result must conform to: a type of the language, or one that the caller defines."""

    def conforms(self, value: "Value") -> bool:
        """Say whether the value is of this type, without any conversion."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value. `call` takes the arguments in the order of `parameters`.

    With `constraints`, one for each parameter, every argument is checked (and implicitly converted) before the call;
    None there lets anything pass. An argument that does not conform makes the whole call null.
    """

    parameters: tuple[str, ...]
    call: Callable[..., "Value"]
    constraints: tuple[Constraint | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a built-in function: what it takes, and whether it may be left out or be null."""

    name: str
    kinds: frozenset[Kind]
    """The kinds taken; none at all takes anything, null included."""
    optional: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Overload:
    """One way of calling a built-in function; with `variadic` its last parameter repeats."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., "Value"]
    required: int
    """How many arguments there must be."""
    variadic: bool = False
    with_evaluation: bool = False
    """Whether `call` is given the evaluation before the arguments."""


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A function of the language itself."""

    name: str
    overloads: tuple[Overload, ...]


Day: TypeAlias = date | FarDate
Clock: TypeAlias = time | FineTime
DayAndTime: TypeAlias = datetime | FarDateAndTime
Scalar: TypeAlias = bool | int | Decimal | str | Clock | Day | DayAndTime | DaysDuration | MonthsDuration | None
Value: TypeAlias = Scalar | Range | Function | Builtin | list["Value"] | dict[str, "Value"]
"""Anything an expression may be given or give. Whole `int`s are taken as numbers; `float` is never a value."""

_KINDS: Final[dict[type, Kind]] = {
    NoneType: Kind.NULL,
    Decimal: Kind.NUMBER,
    int: Kind.NUMBER,
    str: Kind.STRING,
    bool: Kind.BOOLEAN,
    date: Kind.DATE,
    time: Kind.TIME,
    datetime: Kind.DATE_AND_TIME,
    FarDate: Kind.DATE,
    WatchedNumber: Kind.NUMBER,
    WatchedDay: Kind.DATE,
    WatchedText: Kind.STRING,
    FineTime: Kind.TIME,
    FarDateAndTime: Kind.DATE_AND_TIME,
    DaysDuration: Kind.DAYS_DURATION,
    MonthsDuration: Kind.MONTHS_DURATION,
    list: Kind.LIST,
    dict: Kind.CONTEXT,
    Range: Kind.RANGE,
    Function: Kind.FUNCTION,
    Builtin: Kind.FUNCTION,
}


def kind_of(value: object) -> Kind:
    """Name the FEEL type of a value."""
    return _KINDS.get(value.__class__, Kind.OTHER)


def classes_of(kinds: Container[Kind]) -> frozenset[type]:
    """Give the classes whose values are of some kinds."""
    return frozenset(own for own, kind in _KINDS.items() if kind in kinds)


def exactly(value: Any) -> Any:
    """The value with everything watched in it given away as plain, which is noted."""
    if not holds_watched(value):
        return value
    match value:
        case WatchedNumber() | WatchedDay():
            value.watch.is_exact = True
            return value.plain
        case WatchedText():
            value.give_away()
            return value.plain
        case list():
            return [exactly(item) for item in value]
        case dict():
            return {name: exactly(entry) for name, entry in value.items()}
        case Range():
            return replace(value, start=exactly(value.start), end=exactly(value.end))
    raise TypeError(f"`{type(value).__name__}` holds nothing that is watched")


def holds_watched(value: object) -> bool:
    """Whether there is anything watched in a value."""
    match value:
        case list():
            return any(map(holds_watched, value))
        case dict():
            return any(map(holds_watched, value.values()))
        case Range():
            return holds_watched(value.start) or holds_watched(value.end)
    return value.__class__ in WATCHED


def admit(value: object) -> Value:
    """Turn plain Python data into values: `int` to `Decimal`, any mapping to `dict`, any sequence to `list`, deeply.

    A `float` and an unknown type are defects of the caller and raise `TypeError`.

    >>> admit({"lines": (1, 2)})
    {'lines': [Decimal('1'), Decimal('2')]}
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): admit(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [admit(entry) for entry in value]
    if kind_of(value) is Kind.OTHER:
        raise TypeError(f"`{type(value).__name__}` is no FEEL value")
    return cast("Value", value)
