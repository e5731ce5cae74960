"""FEEL's numbers by the letter: exact fractions, rounded after each operation as decimal128 is.

SOURCE: DMN 1.5, clause 10.3.2.3.1 and IEEE 754-2008: 34 significant digits, half to even, exponents from -6143 to 6144
with gradual underflow to 1E-6176. What is too large is null. Functions that have no exact result are summed from their
series on fractions with many more digits than are kept.
"""

from fractions import Fraction
from math import isqrt

DIGITS = 34
LARGEST_EXPONENT = 6144
SMALLEST_EXPONENT = -6176
WORKING_DIGITS = 90
"""Digits of what is summed from a series: far more than are kept, so that the last one kept is right."""


def rounded(number: Fraction) -> Fraction | None:
    """Round to 34 significant digits, half to even; None beyond the largest number."""
    if not number:
        return number
    unit = power_of_ten(max(magnitude(number) - DIGITS + 1, SMALLEST_EXPONENT))
    result = Fraction(round(number / unit)) * unit  # `round` of a fraction goes half to even
    return None if result and magnitude(result) > LARGEST_EXPONENT else result


def magnitude(number: Fraction) -> int:
    """Give the exponent of the first digit: 0 for 1 to below 10, -1 for 0.1."""
    size = abs(number)
    exponent = (size.numerator.bit_length() - size.denominator.bit_length()) * 30103 // 100000 - 1
    while size >= power_of_ten(exponent + 1):
        exponent += 1
    while size < power_of_ten(exponent):
        exponent -= 1
    return exponent


def power_of_ten(exponent: int) -> Fraction:
    """Ten to a whole power."""
    return Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)


def whole(number: Fraction) -> int | None:
    """A number without fraction as an integer; None for any other."""
    return number.numerator if number.denominator == 1 else None


def truncated(number: Fraction) -> int:
    """Cut towards zero."""
    return int(number)


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """`base ** exponent`; nothing to the power of nothing is one, as the leading engines have it.

    A whole power is exact before it is rounded; another is computed as e to the product with the logarithm.
    """
    if not exponent:
        return Fraction(1)
    if not base:
        return Fraction(0) if exponent > 0 else None
    times = whole(exponent)
    if times is not None:
        if abs(times) * max(abs(magnitude(base)), 1) > 4 * LARGEST_EXPONENT:
            return _far_power(base, times)
        return rounded(base**times)
    if base < 0:
        return None
    return exponential(exponent * _logarithm(base))


def _far_power(base: Fraction, times: int) -> Fraction | None:
    """A power too long to write out: by logarithms, with the sign that an odd power has."""
    size = exponential(times * _logarithm(abs(base))) if abs(base) != 1 else Fraction(1)
    return size if size is None or base > 0 or times % 2 == 0 else -size


def square_root(number: Fraction) -> Fraction | None:
    """The root of a number that is not negative, rounded once."""
    if not number:
        return number
    shift = 2 * (DIGITS + 3 - magnitude(number) // 2)
    scaled = number * power_of_ten(shift)
    root = isqrt(scaled.numerator // scaled.denominator)
    exact = Fraction(root) ** 2 == scaled
    # one more digit than is kept decides about a half, unless the root is exact
    return rounded((Fraction(root) if exact else Fraction(10 * root + 1, 10)) / power_of_ten(shift // 2))


def logarithm(number: Fraction) -> Fraction | None:
    """The natural logarithm of a positive number."""
    return rounded(_logarithm(number))


def _logarithm(number: Fraction) -> Fraction:
    if number == 1:
        return Fraction(0)
    exponent = magnitude(number) + 1
    near = number / power_of_ten(exponent)  # between 0.1 and 1
    halvings = 0
    while near < Fraction(2, 3):
        near, halvings = near * 2, halvings + 1
    return _near_logarithm(near) - halvings * _near_logarithm(Fraction(2)) + exponent * _logarithm_of_ten()


def _logarithm_of_ten() -> Fraction:
    return 3 * _near_logarithm(Fraction(2)) + _near_logarithm(Fraction(10, 8))


def _near_logarithm(number: Fraction) -> Fraction:
    """Twice the series of the inverse hyperbolic tangent, on integers scaled by a power of ten."""
    scale = 10**WORKING_DIGITS
    ratio = (number - 1) / (number + 1)
    term = scale * ratio.numerator // ratio.denominator
    square = ratio * ratio
    total, place = 0, 1
    while term:
        total += term // place if term > 0 else -(-term // place)
        product = abs(term) * square.numerator // square.denominator
        term, place = product if term > 0 else -product, place + 2
    return Fraction(2 * total, scale)


def exponential(number: Fraction) -> Fraction | None:
    """e to a power: the series near zero, then squared as often as the argument was halved."""
    if number > 15_000:
        return None
    if number < -15_000:
        return Fraction(0)
    scale = 10 ** (WORKING_DIGITS + 30)
    halvings = max(0, 8 + abs(truncated(number)).bit_length())
    small = number / 2**halvings
    term, total, place = scale, 0, 1
    while term:
        total += term
        product = abs(term) * abs(small.numerator) // (small.denominator * place)
        term, place = product if (small > 0) == (term > 0) else -product, place + 1
    value = Fraction(total, scale)
    for _ in range(halvings):
        value = _kept(value * value)
    return rounded(value)


def _kept(value: Fraction) -> Fraction:
    unit = power_of_ten(magnitude(value) - WORKING_DIGITS - 20)
    return Fraction(value // unit) * unit


def number_from_text(text: str) -> Fraction | None:
    """Read `12`, `1.5`, `.5`, `-3`, `1e3`; None for anything else."""
    mantissa, letter, exponent = text.lower().partition("e")
    unsigned = mantissa[1:] if mantissa[:1] in {"-", "+"} else mantissa
    digits, _, places = unsigned.partition(".")
    power_text = exponent.removeprefix("-") if exponent.startswith("-") else exponent.removeprefix("+")
    if (letter and not _digits(power_text)) or not _digits(digits + places):
        return None
    number = Fraction(int(digits + places)) * power_of_ten(-len(places))
    if letter:
        number *= power_of_ten(int(exponent))
    return rounded(-number if mantissa.startswith("-") else number)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def number_text(number: Fraction) -> str:
    """Write a number without exponent and without needless zeros (clause 10.3.4.1, `string`)."""
    whole_part, rest = divmod(abs(number), 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    sign = "-" if number < 0 else ""
    return f"{sign}{_long(whole_part)}{'.' if digits else ''}{digits}"


def _long(number: int) -> str:
    """Write an integer of any length: Python refuses long ones as a whole."""
    parts = []
    while number >= 10**1000:
        number, last = divmod(number, 10**1000)
        parts.append(f"{last:01000}")
    return str(number) + "".join(reversed(parts))
