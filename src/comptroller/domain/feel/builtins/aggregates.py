"""List functions that bring a list down to one value: sums, extremes, means, truth of all or any.

SOURCE: DMN 1.5, clause 10.3.4.4. Each takes a list, or its items as arguments.
"""

from decimal import Decimal
from itertools import groupby
from typing import Final, cast

from comptroller.domain.feel.arithmetic import add
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.comparison import order
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.values import DaysDuration, Kind, MonthsDuration, Value, kind_of
from comptroller.domain.kernel.money import CONTEXT

LIBRARY: Final = Library()

_DURATIONS: Final = frozenset({Kind.DAYS_DURATION, Kind.MONTHS_DURATION})


def _spread(values: tuple[Value, ...]) -> list[Value]:
    return values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)


def _numbers(values: tuple[Value, ...]) -> list[Decimal]:
    items = _spread(values)
    if any(kind_of(item) is not Kind.NUMBER for item in items):
        raise Undefined("not every item is a number")
    return cast("list[Decimal]", items)


def _some_numbers(values: tuple[Value, ...]) -> list[Decimal]:
    numbers = _numbers(values)
    if not numbers:
        raise Undefined("the list is empty")
    return numbers


def total(numbers: list[Decimal]) -> Decimal:
    """Add up numbers in the 34-digit context."""
    result, plus = Decimal(0), CONTEXT.add
    for number in numbers:
        result = plus(result, number)
    return result


@LIBRARY.function("min(list: list)", "min(*c: point)")
def least(*values: Value) -> Value:
    """Give the least item."""
    return _extreme(values, "<")


@LIBRARY.function("max(list: list)", "max(*c: point)")
def greatest(*values: Value) -> Value:
    """Give the greatest item."""
    return _extreme(values, ">")


def _extreme(values: tuple[Value, ...], operator: str) -> Value:
    items = _spread(values)
    if not items:
        raise Undefined("the list is empty")
    found = items[0]
    for item in items:
        verdict = order(operator, item, found)
        if verdict is None:
            raise Undefined("the items have no order")
        found = item if verdict else found
    return found


@LIBRARY.function(
    "sum(list: list)", "sum(*n: number|days and time duration|years and months duration)", with_evaluation=True
)
def summed(run: Evaluation, *values: Value) -> Value:
    """Add up numbers, or durations of one sort."""
    items = _spread(values)
    if items and all(kind_of(item) in _DURATIONS for item in items):
        result = items[0]
        for item in items[1:]:
            result = add(run, run.place, result, item)
        return result
    return total(_some_numbers(values))


@LIBRARY.function("product(list: list)", "product(*n: number)")
def product(*values: Value) -> Value:
    """Multiply numbers."""
    result = Decimal(1)
    for number in _some_numbers(values):
        result = CONTEXT.multiply(result, number)
    return result


@LIBRARY.function("mean(list: list)", "mean(*n: number|days and time duration|years and months duration)")
def mean(*values: Value) -> Value:
    """Give the arithmetic mean of numbers, or of durations of one sort."""
    items = _spread(values)
    if items and all(isinstance(item, DaysDuration) for item in items):
        seconds = [item.seconds for item in items if isinstance(item, DaysDuration)]
        return DaysDuration(CONTEXT.divide(total(seconds), len(seconds)))
    if items and all(isinstance(item, MonthsDuration) for item in items):
        months = [item.months for item in items if isinstance(item, MonthsDuration)]
        return MonthsDuration(int(CONTEXT.divide(Decimal(sum(months)), len(months))))
    numbers = _some_numbers(values)
    return CONTEXT.divide(total(numbers), len(numbers))


@LIBRARY.function("median(list: list)", "median(*n: number)")
def median(*values: Value) -> Value:
    """Give the middle item, or the mean of the two in the middle."""
    numbers = sorted(_some_numbers(values))
    middle, odd = divmod(len(numbers), 2)
    if odd:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@LIBRARY.function("stddev(list: list)", "stddev(*n: number)")
def standard_deviation(*values: Value) -> Value:
    """Give the standard deviation of a sample."""
    numbers = _numbers(values)
    if len(numbers) < 2:
        raise Undefined("a sample has at least two items")
    middle = CONTEXT.divide(total(numbers), len(numbers))
    squares = [CONTEXT.power(CONTEXT.subtract(number, middle), 2) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(total(squares), len(numbers) - 1))


@LIBRARY.function("mode(list: list)", "mode(*n: number)")
def mode(*values: Value) -> Value:
    """Give the most frequent items, in ascending order."""
    # sorted, not hashed: equal hashes of unequal numbers are easily written and would cost the square of their number
    counts = [(number, sum(1 for _ in same)) for number, same in groupby(sorted(_numbers(values)))]
    most = max((times for _, times in counts), default=0)
    return [number for number, times in counts if times == most]


@LIBRARY.function("all(list: list)", "all(*b:?)")
def conjunction(*values: Value) -> Value:
    """Give false if an item is, true if every item is, otherwise null."""
    items = _spread(values)
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@LIBRARY.function("any(list: list)", "any(*b:?)")
def disjunction(*values: Value) -> Value:
    """Give true if an item is, false if every item is, otherwise null."""
    items = _spread(values)
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None
