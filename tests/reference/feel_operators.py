"""FEEL's operators by the letter: arithmetic, equality, order, the logic of three values, ranges.

SOURCE: DMN 1.5, clauses 10.3.2.7 (comparison), 10.3.2.8 (arithmetic), 10.3.2.10 (logic), and tables 44 to 56 there.
Whatever a table does not name is null.
"""

from collections.abc import Callable
from fractions import Fraction

from tests.reference import feel_calendar as calendar
from tests.reference import feel_numbers as numbers
from tests.reference.feel_values import (
    Clock,
    Closure,
    Day,
    Interval,
    Moment,
    Months,
    Native,
    Seconds,
    Unstated,
    Value,
    kind,
)

Truth = bool | None


# Logic (tables 48 and 49)


def conjunction(*operands: Value) -> Truth:
    """False if one is, true if all are, else null."""
    if any(operand is False for operand in operands):
        return False
    return True if all(operand is True for operand in operands) else None


def disjunction(*operands: Value) -> Truth:
    """True if one is, false if all are, else null."""
    if any(operand is True for operand in operands):
        return True
    return False if all(operand is False for operand in operands) else None


def negation(operand: Value) -> Truth:
    """The other truth; null of anything else."""
    return not operand if isinstance(operand, bool) else None


# Comparison (tables 51 to 53)


def equal(left: Value, right: Value) -> Truth:
    """Null equals null alone; two kinds do not compare; what holds others compares part by part."""
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    match left, right:
        case list(), list():
            return len(left) == len(right) and all(equal(*pair) is True for pair in zip(left, right, strict=True))
        case dict(), dict():
            return set(left) == set(right) and all(equal(left[key], right[key]) is True for key in left)
        case Interval(), Interval():
            return (
                left.start_included == right.start_included
                and left.end_included == right.end_included
                and equal(left.start, right.start) is True
                and equal(left.end, right.end) is True
            )
        case (Closure() | Native(), Closure() | Native()):
            return left == right  # the standard does not say; one and the same function equals itself
        case (Clock(), Clock()) | (Moment(), Moment()):
            # with a zone and without do not equal each other: the leading engines say false, not null
            keys = _keys(left, right)
            return keys is not None and keys[0] == keys[1]
    return left == right


def order(operator: str, left: Value, right: Value) -> Truth:
    """`<`, `<=`, `>` or `>=` of two values of one kind that has an order."""
    keys = _keys(left, right)
    if keys is None:
        return None
    first, second = keys
    sign = (first > second) - (first < second)  # type: ignore[operator]  # both are of one type
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def _keys(left: Value, right: Value) -> tuple[Fraction | int | str, Fraction | int | str] | None:
    """What the order goes by; None where there is none."""
    match left, right:
        case Fraction(), Fraction():
            return left, right
        case str(), str():
            return left, right
        case Day(), Day():
            return calendar.count_of(left), calendar.count_of(right)
        case Moment(), Moment():
            (first, zoned), (second, also_zoned) = calendar.instant_of(left), calendar.instant_of(right)
            return (first, second) if zoned == also_zoned else None
        case Clock(), Clock():
            offsets = calendar.clock_offset(left), calendar.clock_offset(right)
            if (offsets[0] is None) != (offsets[1] is None):
                return None
            return tuple(
                clock.nanoseconds - (offset or 0) * calendar.SECOND
                for clock, offset in zip((left, right), offsets, strict=True)
            )  # type: ignore[return-value]  # two of them
        case Seconds(), Seconds():
            return left.count, right.count
        case Months(), Months():
            return left.count, right.count
    return None


def between(value: Value, low: Value, high: Value) -> Truth:
    """`value >= low and value <= high`"""
    return conjunction(order(">=", value, low), order("<=", value, high))


def make_interval(start: Value, end: Value, *, start_included: bool, end_included: bool) -> Value:
    """A range of two ends that compare; the standard does not ask that the first is not greater than the second."""
    if order("<=", start, end) is None:
        return None
    return Interval(start, end, start_included, end_included)


def lies_in(value: Value, interval: Interval) -> Truth:
    """`value in [start..end]` (table 55)."""
    above = (
        order(">=" if interval.start_included else ">", value, interval.start) if interval.start is not None else True
    )
    below = order("<=" if interval.end_included else "<", value, interval.end) if interval.end is not None else True
    return conjunction(above, below)


def passes(value: Value, test: Value) -> Truth:
    """A value against what a test without operator is: a range, a list of such, or something to equal (table 55)."""
    if isinstance(test, Interval):
        return equal(value, test) if isinstance(value, Interval) else lies_in(value, test)
    if isinstance(test, list):
        return equal(value, test) is True or any(passes(value, item) is True for item in test)
    return equal(value, test)


# Arithmetic (tables 50 and 54)


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`; null for kinds that the operator does not take."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _numbers(operator, left, right)
    if operator == "+":
        return _add(left, right)
    if operator == "-":
        return _subtract(left, right)
    if operator == "*":
        return _multiply(left, right)
    return _divide(left, right) if operator == "/" else None


def negated(operand: Value) -> Value:
    """`-operand`, which is nothing minus it."""
    match operand:
        case Fraction():
            return -operand
        case Seconds():
            return Seconds(-operand.count)
        case Months():
            return Months(-operand.count)
    return None


def _numbers(operator: str, left: Fraction, right: Fraction) -> Value:
    if operator == "**":
        return numbers.power(left, right)
    if operator == "/":
        return numbers.rounded(left / right) if right else None
    return numbers.rounded({"+": left + right, "-": left - right, "*": left * right}[operator])


def _add(left: Value, right: Value) -> Value:
    match left, right:
        case str(), str():
            return left + right
        case Seconds(), Seconds():
            return seconds(numbers.rounded(left.count + right.count))
        case Months(), Months():
            return months(Fraction(left.count + right.count))
        case (Day() | Moment() | Clock(), Seconds() | Months()):
            return _moved(left, right)
        case (Seconds() | Months(), Day() | Moment() | Clock()):
            return _moved(right, left)
    return None


def _subtract(left: Value, right: Value) -> Value:
    match left, right:
        case Seconds(), Seconds():
            return seconds(numbers.rounded(left.count - right.count))
        case Months(), Months():
            return months(Fraction(left.count - right.count))
        case (Day() | Moment() | Clock(), Seconds() | Months()):
            return _moved(left, type(right)(-right.count))  # type: ignore[arg-type]  # its own sort of count
        case (Day() | Moment(), Day() | Moment()):
            (later, zoned), (earlier, also_zoned) = (calendar.instant_of(midnight(side)) for side in (left, right))
            return _apart(later, earlier) if zoned == also_zoned else None
        case Clock(), Clock():
            keys = _keys(left, right)
            return None if keys is None else _apart(*keys)  # type: ignore[arg-type]  # of clocks they are integers
    return None


def _apart(later: int, earlier: int) -> Value:
    return seconds(numbers.rounded(Fraction(later - earlier, calendar.SECOND)))


def midnight(value: Day | Moment) -> Moment:
    """A day counts as its midnight in UTC beside a date and time (clause 10.3.2.3.5)."""
    return value if isinstance(value, Moment) else Moment(value, Clock(0, 0))


def _moved(value: Day | Moment | Clock, duration: Seconds | Months) -> Value:
    """A place in time, later by a duration; what is finer than a nanosecond does not count."""
    if isinstance(duration, Months):
        if isinstance(value, Clock):
            return None
        day = calendar.plus_months(value if isinstance(value, Day) else value.day, duration.count)
        return Moment(day, value.clock) if day is not None and isinstance(value, Moment) else day
    nanoseconds = numbers.truncated(duration.count * calendar.SECOND)
    match value:
        case Clock():
            return Clock((value.nanoseconds + nanoseconds) % calendar.DAY, value.zone)
        case Day():
            return calendar.day_of((calendar.count_of(value) * calendar.DAY + nanoseconds) // calendar.DAY)
        case Moment():
            return calendar.moment_at(calendar.instant_of(value)[0] + nanoseconds, value.clock.zone)


def _multiply(left: Value, right: Value) -> Value:
    match left, right:
        case (Seconds() as duration, Fraction() as factor) | (Fraction() as factor, Seconds() as duration):
            return seconds(numbers.rounded(duration.count * factor))
        case (Months() as duration, Fraction() as factor) | (Fraction() as factor, Months() as duration):
            return months(numbers.rounded(duration.count * factor))
    return None


def _divide(left: Value, right: Value) -> Value:
    match left, right:
        case (Seconds(), Seconds()):
            return numbers.rounded(left.count / right.count) if right.count else None
        case Months(), Months():
            return numbers.rounded(Fraction(left.count, right.count)) if right.count else None
        case Seconds(), Fraction():
            return seconds(numbers.rounded(left.count / right)) if right else None
        case Months(), Fraction():
            return months(numbers.rounded(left.count / right)) if right else None
    return None


def seconds(count: Fraction | None) -> Seconds | None:
    """A duration, unless it is longer than durations are."""
    return None if count is None or abs(count) >= 10**calendar.WHOLE_DIGITS_MAX else Seconds(count)


def months(count: Fraction | None) -> Months | None:
    """A duration of whole months: a part of a month is cut off (table 54: the standard's integer conversion)."""
    if count is None or abs(count) >= 10**calendar.WHOLE_DIGITS_MAX:
        return None
    return Months(numbers.truncated(count))


def least(operator: str, items: list[Value]) -> Value:
    """The item that stands before or after all others; null where they have no order."""
    found = items[0]
    for item in items:
        if (verdict := order(operator, item, found)) is None:
            return None
        found = item if verdict else found
    return found


def in_order(items: list[Value], precedes: Callable[[Value, Value], Value]) -> list[Value]:
    """Sort by inserting each item before the first that it precedes; only for what is an order."""
    made: list[Value] = []
    for item in items:
        place = next((place for place, other in enumerate(made) if precedes(item, other) is True), len(made))
        made.insert(place, item)
    for place, item in enumerate(made):
        for later in made[place + 1 :]:
            if precedes(later, item) is True or (precedes(item, later) is not True and equal(item, later) is not True):
                raise Unstated("the function is no order")
    return made
