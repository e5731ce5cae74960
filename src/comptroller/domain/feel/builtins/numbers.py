"""Numeric functions: rounding, roots, logarithms, parity.

SOURCE: DMN 1.5, clause 10.3.4.5. Results that 34 digits cannot hold are null.
"""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    InvalidOperation,
)
from typing import Final

from comptroller.domain.feel.arithmetic import whole
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.values import DaysDuration, MonthsDuration, Value
from comptroller.domain.kernel.money import CONTEXT, ZERO

LIBRARY: Final = Library()

_EXACT: Final = Context(prec=13_000, Emin=-999_999, Emax=999_999, traps=[InvalidOperation])
"""Digits enough for the quotient of any two numbers, the largest and the smallest."""

_SCALE_MIN: Final = -6111
_SCALE_MAX: Final = 6176
_PRICE_OF_SERIES: Final = 16
"""Iterations that a logarithm, or e to a power, is worth."""


def integer(number: Decimal) -> int:
    """Give a number that must be whole as an `int`."""
    value = whole(Decimal(number))
    if value is None:
        raise Undefined(f"{number} is no whole number")
    return value


def position(number: Decimal) -> int:
    """Give a number that counts places as an `int`; what follows its point does not count."""
    return integer(Decimal(number).to_integral_value(ROUND_DOWN))


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = position(scale)
    if not _SCALE_MIN <= places <= _SCALE_MAX:
        raise Undefined(f"a scale lies between {_SCALE_MIN} and {_SCALE_MAX}")
    number = Decimal(number)
    if -number.as_tuple().exponent <= places:  # type: ignore[operator]  # never NaN or infinite
        return number
    result = number.quantize(Decimal(1).scaleb(-places, CONTEXT), rounding, CONTEXT)
    return result or Decimal(0)


@LIBRARY.function("decimal(n: number, scale: number)")
def decimal(number: Decimal, scale: Decimal) -> Value:
    """Round to so many places, a half to the even neighbour."""
    return _rounded(number, scale, ROUND_HALF_EVEN)


@LIBRARY.function("floor(n: number)", "floor(n: number, scale: number)")
def floor(number: Decimal, scale: Decimal = ZERO) -> Value:
    """Round towards negative infinity."""
    return _rounded(number, scale, ROUND_FLOOR)


@LIBRARY.function("ceiling(n: number)", "ceiling(n: number, scale: number)")
def ceiling(number: Decimal, scale: Decimal = ZERO) -> Value:
    """Round towards positive infinity."""
    return _rounded(number, scale, ROUND_CEILING)


@LIBRARY.function("round up(n: number, scale: number)")
def round_up(number: Decimal, scale: Decimal) -> Value:
    """Round away from zero."""
    return _rounded(number, scale, ROUND_UP)


@LIBRARY.function("round down(n: number, scale: number)")
def round_down(number: Decimal, scale: Decimal) -> Value:
    """Round towards zero."""
    return _rounded(number, scale, ROUND_DOWN)


@LIBRARY.function("round half up(n: number, scale: number)")
def round_half_up(number: Decimal, scale: Decimal) -> Value:
    """Round to the nearest, a half away from zero."""
    return _rounded(number, scale, ROUND_HALF_UP)


@LIBRARY.function("round half down(n: number, scale: number)")
def round_half_down(number: Decimal, scale: Decimal) -> Value:
    """Round to the nearest, a half towards zero."""
    return _rounded(number, scale, ROUND_HALF_DOWN)


@LIBRARY.function("abs(n: number|days and time duration|years and months duration)")
def absolute(value: Decimal | DaysDuration | MonthsDuration) -> Value:
    """Leave the sign of a number or a duration aside."""
    if isinstance(value, DaysDuration):
        return DaysDuration(value.seconds.copy_abs())
    return MonthsDuration(abs(value.months)) if isinstance(value, MonthsDuration) else Decimal(value).copy_abs()


@LIBRARY.function("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """Give the remainder, which has the sign of the divisor."""
    if not divisor:
        raise Undefined("the divisor is zero")
    rest = _EXACT.remainder(dividend, divisor)
    rest = _EXACT.add(rest, divisor) if rest and (rest < 0) is not (divisor < 0) else rest
    return CONTEXT.plus(rest)


@LIBRARY.function("sqrt(number: number)")
def square_root(number: Decimal) -> Value:
    """Take the square root."""
    if number < 0:
        raise Undefined("a negative number has no square root")
    return CONTEXT.sqrt(number)


@LIBRARY.function("log(number: number)", with_evaluation=True)
def logarithm(run: Evaluation, number: Decimal) -> Value:
    """Take the natural logarithm."""
    run.charge(_PRICE_OF_SERIES)
    if number <= 0:
        raise Undefined("only a positive number has a logarithm")
    return CONTEXT.ln(number)


@LIBRARY.function("exp(number: number)", with_evaluation=True)
def exponential(run: Evaluation, number: Decimal) -> Value:
    """Raise e to a power."""
    run.charge(_PRICE_OF_SERIES)
    return CONTEXT.exp(number)


@LIBRARY.function("odd(number: number)")
def odd(number: Decimal) -> Value:
    """Say whether a whole number is odd."""
    return _parity(number) == 1


@LIBRARY.function("even(number: number)")
def even(number: Decimal) -> Value:
    """Say whether a whole number is even."""
    return _parity(number) == 0


def _parity(number: Decimal) -> Decimal:
    if number != Decimal(number).to_integral_value():
        raise Undefined(f"{number} is no whole number")
    return _EXACT.remainder(number, 2).copy_abs()
