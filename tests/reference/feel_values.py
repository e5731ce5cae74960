"""The values of the reference evaluator, and the way to and from those of the product.

Numbers are exact fractions, days a count, times of day a count of nanoseconds with an offset or the name of a zone,
durations exact seconds or whole months. Nothing here computes; that is for the other modules.

SOURCE: DMN 1.5, clause 10.3.2.2 (the kinds of values).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from comptroller.domain.feel import values as product


class Unstated(Exception):
    """Leaves the evaluation where the reference does not say what the answer is."""


@dataclass(frozen=True)
class Day:
    """A day as its year, month and number in the month; the year may be zero or negative."""

    year: int
    month: int
    number: int


@dataclass(frozen=True)
class Clock:
    """A time of day: nanoseconds since midnight, and an offset in seconds, the name of a zone, or neither."""

    nanoseconds: int
    zone: int | str | None = None
    fold: int = 0  # 1 for the second of two equal local times


@dataclass(frozen=True)
class Moment:
    """A date and time."""

    day: Day
    clock: Clock


@dataclass(frozen=True)
class Seconds:
    """A days and time duration."""

    count: Fraction


@dataclass(frozen=True)
class Months:
    """A years and months duration."""

    count: int


@dataclass(frozen=True)
class Interval:
    """A range; an end that is None does not bound."""

    start: "Value"
    end: "Value"
    start_included: bool
    end_included: bool


@dataclass(frozen=True, eq=False)
class Closure:
    """A function: its parameters, the types that they are held to (None: any), and what to do with arguments."""

    parameters: tuple[str, ...]
    types: tuple[Any, ...]
    call: Callable[..., "Value"]


@dataclass(frozen=True)
class Native:
    """A function of the language, by its name."""

    name: str


Value: TypeAlias = (
    Fraction | str | bool | Day | Clock | Moment | Seconds | Months | Interval | Closure | Native
    | list["Value"] | dict[str, "Value"] | None
)  # fmt: skip

KINDS: dict[type, str] = {
    type(None): "Null",
    Fraction: "number",
    str: "string",
    bool: "boolean",
    Day: "date",
    Clock: "time",
    Moment: "date and time",
    Seconds: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Interval: "range",
    Closure: "function",
    Native: "function",
}


def kind(value: Value) -> str:
    """The name of a value's type in the language."""
    return KINDS[type(value)]


def from_product(value: Any) -> Value:  # noqa: PLR0911  # one line for each kind
    """Take a value of the product; its functions become closures that nobody calls."""
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return Fraction(value)
        case datetime():
            return Moment(_day(value), _clock(value.timetz()))
        case product.FarDateAndTime():
            return Moment(_day(value.day), _clock(value.time))
        case date() | product.FarDate():
            return _day(value)
        case time() | product.FineTime():
            return _clock(value)
        case product.DaysDuration():
            return Seconds(Fraction(value.seconds))
        case product.MonthsDuration():
            return Months(value.months)
        case list():
            return [from_product(item) for item in value]
        case dict():
            return {key: from_product(entry) for key, entry in value.items()}
        case product.Range():
            start, end = from_product(value.start), from_product(value.end)
            return Interval(start, end, value.start_included, value.end_included)
        case product.Function():
            return Closure(value.parameters, (None,) * len(value.parameters), _never)
        case product.Builtin():
            return Native(value.name)
    raise TypeError(f"`{value!r}` is no value of the product")


def to_product(value: Value) -> product.Value:  # one line for each kind
    """Give a value to the product; functions stay on their side."""
    match value:
        case None | bool() | str():
            return value
        case Fraction():
            return decimal_of(value)
        case Day():
            return _product_day(value)
        case Clock():
            return _product_clock(value)
        case Moment():
            day, clock = _product_day(value.day), _product_clock(value.clock)
            if isinstance(day, date) and isinstance(clock, time):
                return datetime.combine(day, clock)
            return product.FarDateAndTime(day, clock)
        case Seconds():
            return product.DaysDuration(decimal_of(value.count))
        case Months():
            return product.MonthsDuration(value.count)
        case list():
            return [to_product(item) for item in value]
        case dict():
            return {key: to_product(entry) for key, entry in value.items()}
        case Interval():
            ends = to_product(value.start), to_product(value.end)
            return product.Range(*ends, value.start_included, value.end_included)
    raise TypeError(f"a {kind(value)} stays on its side")


def decimal_of(number: Fraction) -> Decimal:
    """A fraction whose digits end, as a decimal of as few digits as it has."""
    places, rest = 0, number.denominator
    while rest != 1:
        prime = next(each for each in (10, 5, 2) if rest % each == 0)
        places, rest = places + 1, rest // prime
    digits = int(number * 10**places)
    while digits and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    return Decimal(f"{digits}e{-places}")


def alike(left: Value, right: Value) -> bool:
    """Say whether two answers are one and the same; of functions only the parameters are compared."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(map(alike, left.values(), right.values()))
    if isinstance(left, Closure) and isinstance(right, Closure):
        return left.parameters == right.parameters
    return left == right


def _never(*_arguments: Value) -> Value:
    raise Unstated("a function of the product is not called here")


def _day(value: Any) -> Day:
    return Day(value.year, value.month, value.day)


def _clock(value: Any) -> Clock:
    plain = value if isinstance(value, time) else value.time
    beyond = 0 if isinstance(value, time) else value.nanosecond
    seconds = (plain.hour * 60 + plain.minute) * 60 + plain.second
    nanoseconds = seconds * 10**9 + plain.microsecond * 1_000 + beyond
    name = getattr(plain.tzinfo, "key", None)
    if name is not None:
        return Clock(nanoseconds, name, plain.fold)
    offset = plain.utcoffset()
    return Clock(nanoseconds, None if offset is None else offset // timedelta(seconds=1))


def _product_day(value: Day) -> date | product.FarDate:
    if 1 <= value.year <= 9999:
        return date(value.year, value.month, value.number)
    return product.FarDate(value.year, value.month, value.number)


def _product_clock(value: Clock) -> time | product.FineTime:
    microseconds, beyond = divmod(value.nanoseconds, 1_000)
    seconds, microsecond = divmod(microseconds, 10**6)
    zone = ZoneInfo(value.zone) if isinstance(value.zone, str) else None
    tzinfo = timezone(timedelta(seconds=value.zone)) if isinstance(value.zone, int) else zone
    plain = time(seconds // 3600, seconds // 60 % 60, seconds % 60, microsecond, tzinfo, fold=value.fold)
    return product.FineTime(plain, beyond) if beyond else plain
