"""Addition, subtraction, multiplication, division, exponentiation and negation.

SOURCE: DMN 1.5, clause 10.3.2.5, tables 51 to 54. One table for each operator names the pairs of kinds that it takes;
every other pair is null. Numbers compute in the 34-digit context; what leaves its range is null, never infinite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, time, timedelta
from decimal import ROUND_DOWN, Context, Decimal, DecimalException, InvalidOperation, Overflow
from typing import Any, Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.evaluation import CHARACTERS_PER_STEP, TEXT_CHARACTERS_MAX, Evaluation, Stopped
from comptroller.domain.feel.values import (
    Clock,
    Day,
    DayAndTime,
    DaysDuration,
    Kind,
    MonthsDuration,
    Value,
    exactly,
    kind_of,
)
from comptroller.domain.feel.watching import WATCHED, WatchedDay, WatchedNumber, joined
from comptroller.domain.kernel.money import CONTEXT

_Operation = Callable[[Any, Any], Value]
_Table = Mapping[tuple[Kind, Kind], _Operation]


@dataclass(frozen=True, slots=True)
class _Operator:
    """An operator: how it is written, and what it does with the pairs of kinds that it takes."""

    symbol: str
    table: _Table


_plus, _minus, _times, _over = CONTEXT.add, CONTEXT.subtract, CONTEXT.multiply, CONTEXT.divide
"""Bound once: looking the method up takes longer than the sum itself."""

_PRICE_OF_TIME: Final = 8
"""Iterations that moving a date and time is worth, whose zone is asked for its rules."""

_NANOSECOND: Final = Decimal("1e-9")
_INSTANT_DIGITS_MAX: Final = 20
"""Digits of whole seconds, or months, of a duration, and of a number that counts: no year is as far. Fourteen of the 34
digits are thereby left for fractions, so that nanoseconds are exact in every duration."""


def number_from_text(text: str) -> Decimal | None:
    """Read a number as FEEL writes it, rounded to 34 digits; None beyond the range of numbers."""
    try:
        return CONTEXT.create_decimal(text)
    except DecimalException:
        return None


def whole(number: Decimal) -> int | None:
    """Give a number as an `int` when it is whole and of a size that can count something; None otherwise."""
    if _is_long(number, _INSTANT_DIGITS_MAX + 1) or number != number.to_integral_value():
        return None
    return int(number)


def _is_long(number: Decimal, digits: int) -> bool:
    """Say whether a number has more than so many digits before its point; a zero may have any exponent."""
    return bool(number) and number.adjusted() >= digits


def add(run: Evaluation, at: int, left: Value, right: Value) -> Value:
    """`left + right`"""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        try:
            return _plus(left, right)
        except DecimalException:
            return _undefined(run, at, "+")
    if isinstance(left, str) and isinstance(right, str):
        run.place = at
        if run.watches:
            return joined(left, right)
        if len(left) + len(right) < CHARACTERS_PER_STEP:  # short enough to cost nothing
            return left + right
        return join(run, [left, right])
    return _operate(run, at, _ADDITION, left, right)


def subtract(run: Evaluation, at: int, left: Value, right: Value) -> Value:
    """`left - right`"""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        try:
            return _minus(left, right)
        except DecimalException:
            return _undefined(run, at, "-")
    return _operate(run, at, _SUBTRACTION, left, right)


def multiply(run: Evaluation, at: int, left: Value, right: Value) -> Value:
    """`left * right`"""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        try:
            return _times(left, right)
        except DecimalException:
            return _undefined(run, at, "*")
    return _operate(run, at, _MULTIPLICATION, left, right)


def divide(run: Evaluation, at: int, left: Value, right: Value) -> Value:
    """`left / right`; by zero it is null."""
    if left.__class__ is Decimal and right.__class__ is Decimal and right:
        try:
            return _over(left, right)
        except DecimalException:
            return _undefined(run, at, "/")
    return _operate(run, at, _DIVISION, left, right)


def power(run: Evaluation, at: int, left: Value, right: Value) -> Value:
    """`left ** right`; null where it has no value among the real numbers, as zero to a negative power."""
    if left.__class__ in WATCHED or right.__class__ in WATCHED:
        left, right = exactly(left), exactly(right)
    few = isinstance(right, Decimal) and right.is_finite() and 0 < right < 1_000 and right == right.to_integral_value()
    price = _PRODUCTS_PRICE if few else _POWER_PRICE
    if run.remaining < price:
        run.place = at
    run.charge(price)
    return _operate(run, at, _POWER, left, right)


def negate(run: Evaluation, at: int, operand: Value) -> Value:
    """`-operand`"""
    if operand.__class__ in WATCHED:
        operand = exactly(operand)
    if isinstance(operand, Decimal):
        return operand.copy_negate() if operand else operand.copy_abs()
    if isinstance(operand, int) and not isinstance(operand, bool):
        return Decimal(-operand)
    if isinstance(operand, DaysDuration):
        return DaysDuration(CONTEXT.minus(operand.seconds))
    if isinstance(operand, MonthsDuration):
        return MonthsDuration(-operand.months)
    run.note("FEEL-TYPE-01", at, f"`-` does not take {kind_of(operand)}")
    return None


def _operate(run: Evaluation, at: int, operator: _Operator, left: Value, right: Value) -> Value:
    if left.__class__ is not Decimal or right.__class__ is not Decimal:
        run.charge(_PRICE_OF_TIME)
        if left.__class__ in WATCHED or right.__class__ in WATCHED:
            moved = _moved_on(operator, left, right)
            if moved is not None:
                return moved
            left, right = exactly(left), exactly(right)
    operation = operator.table.get((kind_of(left), kind_of(right)))
    if operation is None:
        run.note("FEEL-TYPE-01", at, f"`{operator.symbol}` does not take {kind_of(left)} and {kind_of(right)}")
        return None
    try:
        result = operation(left, right)
    except DecimalException:
        result = None
    return _undefined(run, at, operator.symbol) if result is None else result


def _moved_on(operator: _Operator, left: Value, right: Value) -> Value:
    """A watched value moved or multiplied by a constant, still watched; None where it is anything else."""
    symbol = operator.symbol
    if isinstance(left, WatchedDay):
        if isinstance(right, DaysDuration) and symbol in {"+", "-"} and not right.seconds % _DAY_SECONDS:
            days = int(right.seconds) // _DAY_SECONDS
            return left.moved(timedelta(days=days if symbol == "+" else -days)) if abs(days) < _DAYS_MAX else None
        if isinstance(right, WatchedDay) and symbol == "-" and right.watch is left.watch:
            return operator.table[_D, _D](left.plain, right.plain)  # the same for every day that this one stands for
    if isinstance(right, WatchedNumber) and left.__class__ is Decimal:
        if symbol == "-":
            return right.moved(Decimal(-1), left)
        left, right = right, left
        symbol = symbol if symbol in {"+", "*"} else ""
    if not isinstance(left, WatchedNumber) or not isinstance(right, Decimal) or isinstance(right, WatchedNumber):
        return None
    match symbol:
        case "+":
            return left.moved(Decimal(1), right)
        case "-":
            return left.moved(Decimal(1), right.copy_negate())
        case "*":
            return left.moved(right, Decimal(0))
    return None


_DAY_SECONDS: Final = 86_400
_DAYS_MAX: Final = 10**6


def _undefined(run: Evaluation, at: int, symbol: str) -> Value:
    run.note("FEEL-NUMBER-01", at, f"the result of `{symbol}` is undefined or beyond the range of FEEL")
    return None


def join(run: Evaluation, parts: list[str]) -> str:
    """Join texts, paying for the length of the result and within the limit of one string."""
    length = sum(map(len, parts))
    if length > TEXT_CHARACTERS_MAX:
        raise Stopped("FEEL-LIMIT-05", f"a string has at most {TEXT_CHARACTERS_MAX} characters")
    run.charge(length // CHARACTERS_PER_STEP)
    return "".join(parts)


# Numbers

_WIDE: Final = Context(prec=2 * CONTEXT.prec, Emin=-999_999, Emax=999_999, traps=[InvalidOperation, Overflow])
_PRODUCTS_PRICE: Final = 8
"""Iterations that a power of few products is worth."""
_POWER_PRICE: Final = 64
"""Iterations that any other power is worth: many products, or a logarithm and an exponential."""


def _power(base: Decimal | int, exponent: Decimal | int) -> Decimal | None:
    base, exponent = Decimal(base), Decimal(exponent)
    if not base:
        return Decimal(0) if exponent > 0 else Decimal(1) if not exponent else None
    # Python's power may be off in the last digit; twice the digits leave the 34 exact but for a tie beyond them
    return CONTEXT.plus(_WIDE.power(base, exponent))


def _quotient(left: Decimal | int, right: Decimal | int) -> Decimal | None:
    return CONTEXT.divide(left, right) if right else None


# Days, times and durations


def seconds_between(later: int, earlier: int) -> DaysDuration:
    """Give the duration between two counts of nanoseconds."""
    return DaysDuration(calendar.seconds_of(later - earlier))


def _nanoseconds(duration: DaysDuration) -> int:
    """Count the nanoseconds of a duration; what is finer (a third of a second) does not move a clock."""
    return int(duration.seconds.quantize(_NANOSECOND, ROUND_DOWN, CONTEXT).scaleb(9, CONTEXT))


def _moved(value: DayAndTime, duration: DaysDuration, sign: int = 1) -> Value:
    zone = calendar.coarse(calendar.clock_of(value)).tzinfo
    return calendar.moment(calendar.instant_of(value)[0] + sign * _nanoseconds(duration), zone)


def _day_moved(value: Day, duration: DaysDuration, sign: int = 1) -> Value:
    moved = calendar.day_number(value) * calendar.DAY_NANOSECONDS + sign * _nanoseconds(duration)
    return calendar.day_of_number(moved // calendar.DAY_NANOSECONDS)


def _clock_moved(value: Clock, duration: DaysDuration, sign: int = 1) -> Value:
    moved = (calendar.nanoseconds_of(value) + sign * _nanoseconds(duration)) % calendar.DAY_NANOSECONDS
    return calendar.clock_of_nanoseconds(moved, calendar.coarse(value).tzinfo)


def _months_moved(value: Day | DayAndTime, duration: MonthsDuration, sign: int = 1) -> Value:
    return calendar.plus_months(value, sign * duration.months)


def midnight(day: Day) -> DayAndTime | None:
    """Give the midnight in UTC with which a day begins: what a day counts as beside a date and time."""
    return calendar.combine(day, time(tzinfo=UTC))


def _moments_apart(later: DayAndTime, earlier: DayAndTime) -> Value:
    (end, end_zoned), (start, start_zoned) = calendar.instant_of(later), calendar.instant_of(earlier)
    return seconds_between(end, start) if end_zoned == start_zoned else None


def _apart(later: Day | DayAndTime, earlier: Day | DayAndTime) -> Value:
    ends = [midnight(end) if kind_of(end) is Kind.DATE else end for end in (later, earlier)]  # type: ignore[arg-type]
    return _moments_apart(ends[0], ends[1])  # type: ignore[arg-type]  # no day is left


def _clocks_apart(later: Clock, earlier: Clock) -> Value:
    offsets = calendar.clock_offset(later), calendar.clock_offset(earlier)
    if (offsets[0] is None) != (offsets[1] is None):
        return None
    ends = calendar.nanoseconds_of(later) - (offsets[0] or 0), calendar.nanoseconds_of(earlier) - (offsets[1] or 0)
    return seconds_between(*ends)


def _days_times(duration: DaysDuration, factor: Decimal | int) -> Value:
    return _days(CONTEXT.multiply(duration.seconds, factor))


def _months_times(duration: MonthsDuration, factor: Decimal | int) -> Value:
    return _months(CONTEXT.multiply(Decimal(duration.months), factor))


def _days(seconds: Decimal) -> DaysDuration | None:
    return None if _is_long(seconds, _INSTANT_DIGITS_MAX) else DaysDuration(seconds)


def _months(months: Decimal) -> MonthsDuration | None:
    """Cut to whole months: the standard's duration has no parts of one."""
    return None if _is_long(months, _INSTANT_DIGITS_MAX) else MonthsDuration(int(months.to_integral_value(ROUND_DOWN)))


def _swapped(operation: _Operation) -> _Operation:
    return lambda left, right: operation(right, left)


_N, _D, _T, _DT = Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.DATE_AND_TIME
_DD, _MD = Kind.DAYS_DURATION, Kind.MONTHS_DURATION

_MOVES: Final[_Table] = {
    (_DT, _DD): _moved,
    (_D, _DD): _day_moved,
    (_T, _DD): _clock_moved,
    (_DT, _MD): _months_moved,
    (_D, _MD): _months_moved,
}
_ADDITION: Final = _Operator(
    "+",
    {
        (_N, _N): CONTEXT.add,
        **_MOVES,
        **{(right, left): _swapped(move) for (left, right), move in _MOVES.items()},
        (_DD, _DD): lambda left, right: _days(CONTEXT.add(left.seconds, right.seconds)),
        (_MD, _MD): lambda left, right: _months(Decimal(left.months + right.months)),
    },
)
_SUBTRACTION: Final = _Operator(
    "-",
    {
        (_N, _N): CONTEXT.subtract,
        (_DT, _DD): lambda left, right: _moved(left, right, -1),
        (_D, _DD): lambda left, right: _day_moved(left, right, -1),
        (_T, _DD): lambda left, right: _clock_moved(left, right, -1),
        (_DT, _MD): lambda left, right: _months_moved(left, right, -1),
        (_D, _MD): lambda left, right: _months_moved(left, right, -1),
        **dict.fromkeys([(_DT, _DT), (_D, _D), (_D, _DT), (_DT, _D)], _apart),
        (_T, _T): _clocks_apart,
        (_DD, _DD): lambda left, right: _days(CONTEXT.subtract(left.seconds, right.seconds)),
        (_MD, _MD): lambda left, right: _months(Decimal(left.months - right.months)),
    },
)
_MULTIPLICATION: Final = _Operator(
    "*",
    {
        (_N, _N): CONTEXT.multiply,
        (_DD, _N): _days_times,
        (_N, _DD): _swapped(_days_times),
        (_MD, _N): _months_times,
        (_N, _MD): _swapped(_months_times),
    },
)
_DIVISION: Final = _Operator(
    "/",
    {
        (_N, _N): _quotient,
        (_DD, _N): lambda left, right: _days(CONTEXT.divide(left.seconds, right)) if right else None,
        (_MD, _N): lambda left, right: _months(CONTEXT.divide(Decimal(left.months), right)) if right else None,
        (_DD, _DD): lambda left, right: CONTEXT.divide(left.seconds, right.seconds) if right.seconds else None,
        (_MD, _MD): lambda left, right: CONTEXT.divide(left.months, right.months) if right.months else None,
    },
)
_POWER: Final = _Operator("**", {(_N, _N): _power})
