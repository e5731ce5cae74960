"""Shares as intervals, forecasts as bands, and what leaves them: against values that others published, and by hand."""

from decimal import Decimal
from typing import Any, Final

import pytest

from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.packs.forecast import Forecast, Interval, Rule, interval, widened

# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I
PUBLISHED: Final = {
    (81, 263): ("0.2553", "0.3662"),
    (15, 148): ("0.0624", "0.1605"),
    (0, 20): ("0", "0.1611"),
    (1, 29): ("0.0061", "0.1718"),
}


def between(low: str, high: str) -> Interval:
    return Interval(Decimal(low), Decimal(high))


@pytest.mark.parametrize(("counted", "bounds"), PUBLISHED.items(), ids=[f"{k} of {n}" for k, n in PUBLISHED])
def test_interval_is_the_published_one_rounded_outwards(counted: tuple[int, int], bounds: tuple[str, str]) -> None:
    found, (low, high) = interval(*counted, Decimal(95)), map(Decimal, bounds)
    assert Decimal(0) <= low - found.low <= Decimal("0.0001")
    assert Decimal(0) <= found.high - high <= Decimal("0.0001")


def test_interval_without_a_case_leaves_all_open_and_with_all_cases_ends_at_the_whole() -> None:
    assert interval(0, 0, Decimal(99)) == between("0", "1")
    assert interval(20, 20, Decimal(95)) == between("0.8388", "1")


def test_more_confidence_leaves_more_open() -> None:
    levels = [interval(12, 60, Decimal(level)) for level in ("90", "95", "99", "99.9")]
    widths = [each.high - each.low for each in levels]
    assert widths == sorted(set(widths))


@pytest.mark.parametrize(
    ("of", "width", "band"),
    [
        pytest.param(between("0.2", "0.5"), "0.1", between("0.2", "0.5"), id="wide enough"),
        pytest.param(between("0.48", "0.52"), "0.1", between("0.45", "0.55"), id="about its middle"),
        pytest.param(between("0", "0.02"), "0.1", between("0", "0.06"), id="no share is below none"),
        pytest.param(between("0.99", "1"), "0.1", between("0.945", "1"), id="no share is above all"),
    ],
)
def test_band_is_at_least_as_wide_as_policy_says(of: Interval, width: str, band: Interval) -> None:
    assert widened(of, Decimal(width)) == band


ROW: Final[dict[str, Any]] = {
    "figure": "posted",
    "ways": ["post", "post with payment block"],
    "cases": Decimal(50),
    "confidence": Decimal(95),
    "width": Decimal(10),
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"confidence": Decimal(98)}, id="a level that nobody tabled"),
        pytest.param({"cases": Decimal(0)}, id="no case is enough"),
        pytest.param({"width": None}, id="no width"),
        pytest.param({"ways": "post"}, id="no list of ways"),
        pytest.param({"ways": [Decimal(1)]}, id="a way that is none"),
        pytest.param({"figure": None}, id="no name"),
    ],
)
def test_row_that_cannot_be_gone_by_is_no_rule(change: dict[str, Any]) -> None:
    assert Rule.read(ROW) == Rule("posted", ("post", "post with payment block"), 50, Decimal(95), Decimal(10))
    assert Rule.read(ROW | change) is None


def forecast() -> Forecast:
    """Half of two hundred cases are posted: from 43.1 to 56.9 % at 95 %."""
    rule = Rule.read(ROW)
    assert rule is not None
    return Forecast.of(rule, {"post": 80, "post with payment block": 20, "hold": 70, "approve": 30})


@pytest.mark.parametrize(
    ("ways", "is_enough", "leaves"),
    [
        pytest.param({"post": 30, "hold": 30}, True, False, id="as forecast"),
        pytest.param({"post": 49}, False, False, id="all is posted, and too few were seen"),
        pytest.param({"post": 50}, True, True, id="all is posted"),
        pytest.param({"hold": 50}, True, True, id="nothing is posted"),
        pytest.param({"post": 40, "hold": 20}, True, False, id="more is posted, and it may be chance"),
        pytest.param({"post": 56, "hold": 24}, True, True, id="more is posted, and it is no chance"),
        pytest.param({"post": 20, "post with payment block": 16, "hold": 24}, True, False, id="any of its ways counts"),
    ],
)
def test_what_is_seen_leaves_the_band_where_the_two_do_not_meet(
    ways: dict[str, int], is_enough: bool, leaves: bool
) -> None:
    seen = forecast().seen(ways)
    assert (seen.is_enough, seen.leaves) == (is_enough, leaves)


def test_forecast_of_no_case_is_left_by_nothing() -> None:
    rule = forecast().rule
    assert not any(Forecast.of(rule, {}).seen({way: 1_000}).leaves for way in ("post", "hold"))


def test_forecast_is_read_as_it_was_kept() -> None:
    kept = decode(encode(forecast().facts()))
    assert isinstance(kept, dict)
    assert Forecast.read(kept) == forecast()
    assert (forecast().cases, forecast().hits, forecast().band) == (200, 100, between("0.4313", "0.5687"))
