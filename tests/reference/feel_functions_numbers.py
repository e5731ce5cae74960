"""Functions of numbers and truths, and those that bring a list down to one value.

SOURCE: DMN 1.5, clauses 10.3.4.2 (boolean), 10.3.4.4 (list), 10.3.4.5 (numeric).
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from tests.reference import feel_numbers as numbers
from tests.reference import feel_operators as operators
from tests.reference.feel_functions import native
from tests.reference.feel_values import Clock, Interval, Moment, Months, Seconds, Value, kind

SCALES = (-6111, 6176)


def _rounding(name: str, nearest: Callable[[Fraction], int], *, scale_needed: bool = True) -> None:
    """A function that rounds to a number of places; the part of a scale behind the point does not count."""

    def body(number: Fraction, scale: Fraction = Fraction(0)) -> Value:
        places = numbers.truncated(scale)
        if not SCALES[0] <= places <= SCALES[1]:
            return None
        unit = numbers.power_of_ten(-places)
        return numbers.rounded(nearest(number / unit) * unit)

    native(name, "n: number", "scale: number")(body)
    if not scale_needed:
        native(name, "n: number")(body)


def _away(number: Fraction) -> int:
    return ceil(number) if number > 0 else floor(number)


def _half_up(number: Fraction) -> int:
    size = floor(abs(number) + Fraction(1, 2))
    return size if number > 0 else -size


def _half_down(number: Fraction) -> int:
    size = ceil(abs(number) - Fraction(1, 2))
    return size if number > 0 else -size


_rounding("decimal", round)
_rounding("floor", floor, scale_needed=False)
_rounding("ceiling", ceil, scale_needed=False)
_rounding("round up", _away)
_rounding("round down", int)
_rounding("round half up", _half_up)
_rounding("round half down", _half_down)


@native("abs", "n: number|days and time duration|years and months duration")
def absolute(value: Fraction | Seconds | Months) -> Value:
    return type(value)(abs(value.count)) if isinstance(value, Seconds | Months) else abs(value)  # type: ignore[arg-type]


@native("modulo", "dividend: number", "divisor: number")
def modulo(dividend: Fraction, divisor: Fraction) -> Value:
    """dividend - divisor * floor(dividend / divisor), rounded once."""
    if not divisor:
        return None
    return numbers.rounded(dividend - divisor * floor(dividend / divisor))


@native("sqrt", "number: number")
def square_root(number: Fraction) -> Value:
    return numbers.square_root(number) if number >= 0 else None


@native("log", "number: number")
def logarithm(number: Fraction) -> Value:
    return numbers.logarithm(number) if number > 0 else None


@native("exp", "number: number")
def exponential(number: Fraction) -> Value:
    return numbers.exponential(number)


@native("odd", "number: number")
def odd(number: Fraction) -> Value:
    return None if number.denominator != 1 else number.numerator % 2 == 1


@native("even", "number: number")
def even(number: Fraction) -> Value:
    return None if number.denominator != 1 else number.numerator % 2 == 0


@native("not", "negand")
def negation(negand: Value) -> Value:
    return operators.negation(negand)


@native("is", "value1", "value2")
def identical(left: Value, right: Value) -> Value:
    """Same kind and same value; times are compared as they are written (clause 10.3.4.6)."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, Clock) and isinstance(right, Clock):
        return (left.nanoseconds, left.zone) == (right.nanoseconds, right.zone)
    if isinstance(left, Moment) and isinstance(right, Moment):
        return left.day == right.day and identical(left.clock, right.clock)
    match left, right:
        case list(), list():
            return len(left) == len(right) and all(map(identical, left, right))
        case dict(), dict():
            return set(left) == set(right) and all(identical(left[key], right[key]) for key in left)
        case Interval(), Interval():
            ends = identical(left.start, right.start) is True and identical(left.end, right.end) is True
            closed = (left.start_included, left.end_included) == (right.start_included, right.end_included)
            return ends and closed
    return operators.equal(left, right) is True


# Lists brought down to one value; each takes a list or its items


def _aggregate(name: str, body: Callable[[list[Value]], Value], kinds: str = "") -> None:
    native(name, "list: list")(body)
    native(name, f"*items: {kinds}" if kinds else "*items")(lambda *items: body(list(items)))


def _extreme(operator: str) -> Callable[[list[Value]], Value]:
    return lambda items: operators.least(operator, items) if items else None


def _sum(items: list[Value]) -> Value:
    """Numbers, or durations of one sort, added from the first to the last."""
    if not items or len({kind(item) for item in items}) != 1 or kind(items[0]) not in SUMMED:
        return None
    total = items[0]
    for item in items[1:]:
        total = operators.arithmetic("+", total, item)
    return total


SUMMED = {"number", "days and time duration", "years and months duration"}


def _mean(items: list[Value]) -> Value:
    if items and all(isinstance(item, Months) for item in items):
        # the sum is exact before it is divided, and a part of a month is cut off
        total = sum(item.count for item in items if isinstance(item, Months))
        return operators.months(numbers.rounded(Fraction(total, len(items))))
    return operators.arithmetic("/", _sum(items), Fraction(len(items)))


def _numbers(items: list[Value]) -> list[Fraction] | None:
    found = [item for item in items if isinstance(item, Fraction)]
    return found if len(found) == len(items) else None


def _product(items: list[Value]) -> Value:
    if not items or _numbers(items) is None:
        return None
    made: Value = Fraction(1)
    for item in items:
        made = operators.arithmetic("*", made, item)
    return made


def _median(items: list[Value]) -> Value:
    found = _numbers(items)
    if not found:
        return None
    found.sort()
    middle = len(found) // 2
    if len(found) % 2:
        return found[middle]
    return operators.arithmetic("/", operators.arithmetic("+", found[middle - 1], found[middle]), Fraction(2))


def _standard_deviation(items: list[Value]) -> Value:
    """The deviation of a sample, every step of its formula rounded as operators are."""
    if _numbers(items) is None or len(items) < 2:
        return None
    middle, squares = _mean(items), []
    for item in items:
        distance = operators.arithmetic("-", item, middle)
        squares.append(operators.arithmetic("*", distance, distance))
    variance = operators.arithmetic("/", _sum(squares), Fraction(len(items) - 1))
    return numbers.square_root(variance) if isinstance(variance, Fraction) else None


def _mode(items: list[Value]) -> Value:
    found = _numbers(items)
    if found is None:
        return None
    most = max((found.count(item) for item in found), default=0)
    modes: list[Value] = []
    modes += sorted({item for item in found if found.count(item) == most})
    return modes


_aggregate("min", _extreme("<"), "point")
_aggregate("max", _extreme(">"), "point")
_aggregate("sum", _sum, "|".join(sorted(SUMMED)))
_aggregate("mean", _mean, "|".join(sorted(SUMMED)))
_aggregate("product", _product, "number")
_aggregate("median", _median, "number")
_aggregate("stddev", _standard_deviation, "number")
_aggregate("mode", _mode, "number")
_aggregate("all", lambda items: operators.conjunction(*items))
_aggregate("any", lambda items: operators.disjunction(*items))


@native("count", "list: list")
@native("count", "*items")
def count(*items: Value) -> Value:
    """Null alone is no list (nor is it for the other functions here)."""
    if items == (None,):
        return None
    return Fraction(len(items[0]) if len(items) == 1 and isinstance(items[0], list) else len(items))
