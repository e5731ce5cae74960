"""Every digit of the 34 counts, in every function; a zero is a zero whatever exponent it came with."""

from decimal import Decimal

import pytest

from comptroller.domain.feel import DaysDuration, Evaluation, MonthsDuration, Value, compile_expression

LONG = "1234567890123456789012345678901234"
FINE = "1.234567890123456789012345678901234"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(f"abs(-{LONG})", Decimal(LONG), id="size of a long number"),
        pytest.param(f"abs(-{FINE})", Decimal(FINE), id="size of a fine number"),
        pytest.param(f"even({LONG})", True, id="a long number is even"),
        pytest.param(f"odd({LONG} + 1)", True, id="a long number is odd"),
        pytest.param("odd(1e33)", False, id="a power of ten is even"),
        pytest.param(f'@"-PT{FINE}S"', DaysDuration(Decimal(f"-{FINE}")), id="a fine negative duration"),
        pytest.param(f'string(@"PT{FINE}S")', f"PT{FINE}S", id="a fine duration written"),
        pytest.param('@"P0M" / 1e-30', MonthsDuration(0), id="no months, divided"),
        pytest.param('@"PT0S" / 1e-30', DaysDuration(Decimal(0)), id="no time, divided"),
        pytest.param("[1, 2][0 / 1e-30 + 1]", Decimal(1), id="a position with a zero that has an exponent"),
        pytest.param("for i in (0 / 1e-30)..1 return i", [Decimal(0), Decimal(1)], id="steps from such a zero"),
        pytest.param('substring("abc", 2, 1e60)', "bc", id="more characters than can be counted"),
        pytest.param("0 ** -3", None, id="zero to a negative power"),
        pytest.param("0 ** -0.5", None, id="zero to a broken negative power"),
        pytest.param("0 ** 0", Decimal(1), id="zero to the power of zero"),
        pytest.param("0 ** 2.5", Decimal(0), id="zero to a positive power"),
    ],
)
def test_digits(text: str, value: Value) -> None:
    assert compile_expression(text).evaluate({}, Evaluation()) == value
