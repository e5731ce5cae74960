"""Numbers to the last of their 34 digits: what a float, or a slack of 1e-8, would let pass wrongly."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.feel.feel_run import value_of

from comptroller.domain.kernel.money import CONTEXT


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("0.1 + 0.2", "0.3", id="a tenth and two"),
        pytest.param("sum(for i in 1..1000 return 0.1)", "100", id="a thousand tenths"),
        pytest.param("1 / 3", "0.3333333333333333333333333333333333", id="a third"),
        pytest.param("2 / 3", "0.6666666666666666666666666666666667", id="two thirds"),
        pytest.param("1 / 3 * 3", "0.9999999999999999999999999999999999", id="a third three times"),
        pytest.param("1 / 7 * 7", "1", id="a seventh seven times"),
        pytest.param("1 / 3 / 3 / 3", "0.03703703703703703703703703703703703", id="a chain of divisions"),
        pytest.param("1 / 998001", "0.000001002003004005006007008009010011012", id="a fraction that counts"),
        pytest.param(
            "1234567890123456789012345678901234 + 0.5", "1234567890123456789012345678901234", id="half to even"
        ),
        pytest.param(
            "1234567890123456789012345678901235 + 0.5", "1234567890123456789012345678901236", id="half up to even"
        ),
        pytest.param("1234567890123456789012345678901234 + 0.51", "1234567890123456789012345678901235", id="over half"),
        pytest.param(
            "12345678901234567890123456789012345", "12345678901234567890123456789012340", id="35 digits written"
        ),
        pytest.param("0.12345678901234567890123456789012355", "0.1234567890123456789012345678901236", id="35 places"),
        pytest.param("1e33 + 1 - 1e33", "1", id="one is seen beside 34 digits"),
        pytest.param("1e34 + 1 - 1e34", "0", id="one is lost beside 35 digits"),
        pytest.param("sum([1e34, 1, -1e34])", "0", id="sum in the order given"),
        pytest.param("12345678901234567 * 12345678901234567", "152415787532388345526596755677489", id="exact product"),
        pytest.param(
            "1e6144 * 9.999999999999999999999999999999999 / 1e6144", "9.999999999999999999999999999999999", id="largest"
        ),
        pytest.param("1e-6176 * 1e6144 * 1e32", "1", id="smallest"),
        pytest.param("2 ** 112", "5192296858534827628530496329220096", id="power of 34 digits"),
        pytest.param("2 ** 113", "10384593717069655257060992658440190", id="power of 35 digits"),
        pytest.param("1.1 ** 100", "13780.61233982227018411833717208964", id="power rounded once"),
        pytest.param("2 ** -20", "0.00000095367431640625", id="negative power"),
        pytest.param("2 ** 0.5", "1.414213562373095048801688724209698", id="root as a power"),
        pytest.param("sqrt(2)", "1.414213562373095048801688724209698", id="root of 2"),
        pytest.param("sqrt(3)", "1.732050807568877293527446341505872", id="root of 3"),
        pytest.param("(1 + sqrt(5)) / 2", "1.618033988749894848204586834365638", id="golden section"),
        pytest.param("sqrt(1e-10)", "0.00001", id="exact root"),
        pytest.param("exp(1)", "2.718281828459045235360287471352662", id="e"),
        pytest.param("exp(-1)", "0.3678794411714423215955237701614609", id="one over e"),
        pytest.param("exp(10)", "22026.46579480671651695790064528424", id="e to the tenth"),
        pytest.param("log(2)", "0.6931471805599453094172321214581766", id="logarithm of 2"),
        pytest.param("log(10)", "2.302585092994045684017991454684364", id="logarithm of 10"),
        pytest.param("mean([1e33, 1e33 + 2])", "1000000000000000000000000000000001", id="mean of large numbers"),
        pytest.param("median([1e33, 1e33 + 2])", "1000000000000000000000000000000001", id="median of large numbers"),
        pytest.param(
            "stddev([1e33, 1e33 + 2])", "1.414213562373095048801688724209698", id="deviation of large numbers"
        ),
        pytest.param("abs(-1234567890123456789012345678901234)", "1234567890123456789012345678901234", id="size"),
        pytest.param("-(1234567890123456789012345678901234)", "-1234567890123456789012345678901234", id="negated"),
        pytest.param("modulo(1234567890123456789012345678901234, 10)", "4", id="last digit"),
        pytest.param("modulo(1e40, 7)", "4", id="remainder of a quotient of 40 digits"),
        pytest.param("modulo(-1e-6176, 1e6144)", "1" + "0" * 6144, id="remainder of the smallest and the largest"),
        pytest.param("modulo(5.5, 0.1)", "0", id="no remainder"),
        pytest.param("floor(123456789012345678901234567890123.7)", "123456789012345678901234567890123", id="floor"),
        pytest.param("ceiling(1e-6176)", "1", id="ceiling of the smallest"),
        pytest.param(
            "decimal(0.12345678901234567890123456789012345, 33)", "0.123456789012345678901234567890123", id="33 places"
        ),
        pytest.param("round half up(2.4999999999999999999999999999999999, 0)", "3", id="a literal is rounded first"),
        pytest.param("round half up(2.499999999999999999999999999999999, 0)", "2", id="just below a half"),
        pytest.param("decimal(2.500000000000000000000000000000001, 0)", "3", id="just above a half"),
        pytest.param('@"PT1S" / 3 * 3', "PT0.9999999999999999999999999999999999S", id="a third of a second"),
        pytest.param(
            '-@"PT1234567890.123456789012345678901234S"', "-P14288DT23H31M30.123456789012345678901234S", id="fine"
        ),
        pytest.param(
            '@"-PT1234567890.123456789012345678901234S".seconds', "-30.123456789012345678901234", id="its seconds"
        ),
    ],
)
def test_last_digit(text: str, written: str) -> None:
    assert value_of(f"string({text})") == written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1 = 1.000000000000000000000000000000001", False, id="differ in the 34th digit"),
        pytest.param("1 < 1.000000000000000000000000000000001", True, id="less by the 34th digit"),
        pytest.param("1 = 1.0000000000000000000000000000000001", True, id="the 35th digit is none"),
        pytest.param("0.1 * 3 = 0.3", True, id="three tenths"),
        pytest.param("1 / 3 = 0.3333333333333333", False, id="no third of 16 digits"),
        pytest.param("1e-100 = 0", False, id="small is not zero"),
        pytest.param("100000000000000000000 + 1 in [100000000000000000001..2e20]", True, id="at the end of a range"),
        pytest.param("odd(1234567890123456789012345678901235)", True, id="parity of 34 digits"),
        pytest.param("even(1e40)", True, id="parity of a power of ten"),
        pytest.param("odd(1e6144)", False, id="parity of the largest"),
        pytest.param("list contains([1.000000000000000000000000000000001], 1)", False, id="in a list"),
        pytest.param(
            "count(distinct values([1, 1.0, 1.000000000000000000000000000000001]))", Decimal(2), id="distinct"
        ),
        pytest.param("mode([0.1 + 0.2, 0.3, 0.30])", [Decimal("0.3")], id="mode of equals"),
    ],
)
def test_no_slack(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0 ** -1", id="zero to a negative power"),
        pytest.param("0.0 ** -0.5", id="zero to a negative fraction"),
        pytest.param("(-8) ** (1 / 3)", id="root of a negative number as a power"),
        pytest.param("1e6144 * 10", id="beyond the largest"),
        pytest.param("10 ** 6145", id="power beyond the largest"),
        pytest.param("exp(14150)", id="exponential beyond the largest"),
        pytest.param('@"P1D" * 1e30', id="duration beyond all years"),
        pytest.param('@"P1Y" * 1e30', id="months beyond all years"),
    ],
)
def test_neither_infinite_nor_complex(text: str) -> None:
    assert value_of(text) is None


NUMBERS = st.decimals(-(10**30), 10**30, places=4)


@given(NUMBERS, st.integers(-8, 20))
def test_powers_are_those_of_many_more_digits(base: Decimal, exponent: int) -> None:
    if not base:
        return
    with localcontext(prec=2_000):
        exact = base**exponent if exponent >= 0 else 1 / base**-exponent
    assert value_of(f"({base:f}) ** ({exponent})") == CONTEXT.plus(exact)
