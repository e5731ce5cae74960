"""What samples become: rates, medians, shares; the whole and its groups."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.application.figures.model import By, Definition, Kind, Result, Sample, quantile, result_of

DAY = datetime(2026, 3, 27, 12, tzinfo=UTC)


def made(kind: Kind, *samples: tuple[str, str, str], by: By = By.PART) -> Result:
    """A figure of samples that are part, numerator, denominator."""
    definition = Definition("f", "F", kind, "n", "d", "none", lambda _: ())
    told = [Sample(f"c{n}", DAY, Decimal(a), Decimal(b), part=part) for n, (part, a, b) in enumerate(samples)]
    return result_of(definition, told, by)


@pytest.mark.parametrize(
    ("kind", "samples", "value"),
    [
        pytest.param(Kind.RATE, [("a", "1", "1"), ("b", "0", "1"), ("b", "0", "2")], "25", id="a rate in percent"),
        pytest.param(Kind.DAYS, [("a", "30", "10"), ("a", "20", "10")], "2.5", id="days by weight"),
        pytest.param(Kind.COUNT, [("a", "1", "1"), ("b", "1", "1")], "2", id="a count"),
        pytest.param(Kind.AMOUNT, [("a", "10.10", "1"), ("b", "0.05", "1")], "10.15", id="a sum"),
        pytest.param(Kind.DURATION, [("a", "1", "1"), ("a", "9", "1"), ("a", "4", "1")], "4", id="a median, no mean"),
        pytest.param(Kind.SHARE, [("a", "3", "1"), ("b", "1", "1")], "100", id="all of the whole"),
    ],
)
def test_value(kind: Kind, samples: list[tuple[str, str, str]], value: str) -> None:
    assert made(kind, *samples).total.value == Decimal(value)


def test_nothing_measured_is_no_zero() -> None:
    for kind in (Kind.RATE, Kind.DAYS, Kind.COST, Kind.DURATION, Kind.SHARE):
        assert made(kind).total.value is None
    assert made(Kind.COUNT).total.value == 0


def test_shares_of_the_groups_are_of_the_whole() -> None:
    rows = made(Kind.SHARE, ("us", "3", "1"), ("supplier", "1", "1")).rows
    assert [(row.group, row.value) for row in rows] == [("supplier", Decimal(25)), ("us", Decimal(75))]


def test_cases_named_are_those_of_the_numerator() -> None:
    rate = made(Kind.RATE, ("a", "1", "1"), ("a", "0", "1"))
    assert rate.total.cases == ("c0",)
    assert made(Kind.DURATION, ("a", "0", "1")).total.cases == ("c0",)


@given(st.lists(st.decimals(0, 100, places=2), min_size=1), st.integers(1, 100))
def test_a_quantile_is_the_least_value_that_so_many_do_not_exceed(values: list[Decimal], percent: int) -> None:
    ordered = sorted(values)
    found = quantile(ordered, percent)
    assert found in ordered
    assert sum(value <= found for value in ordered) * 100 >= percent * len(ordered)
    assert sum(value < found for value in ordered) * 100 < percent * len(ordered)


def test_a_month_is_the_tenants() -> None:
    """Half past midnight on the first of April at Berlin is still March by the clock of the server."""
    night = Sample("c", datetime(2026, 3, 31, 22, 30, tzinfo=UTC), Decimal(1))
    definition = Definition("f", "F", Kind.COUNT, "n", "d", "none", lambda _: ())
    (row,) = result_of(definition, [night], By.PERIOD, ZoneInfo("Europe/Berlin")).rows
    assert row.group == "2026-04"
