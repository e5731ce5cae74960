"""The arithmetic of terms: discounts, late interest, the age of an item."""

from datetime import date
from decimal import Decimal

import pytest

from comptroller.domain.controls.terms import (
    LateRate,
    annual_yield,
    business_days,
    discount_of,
    late_interest,
    tax_share,
)

FRIDAY = date(2026, 3, 27)
HALF_YEARS = (LateRate(date(2025, 7, 1), Decimal("10.15")), LateRate(date(2026, 1, 1), Decimal("10.00")))


@pytest.mark.parametrize(
    ("amount", "percent", "discount"),
    [("11186.00", "2", "223.72"), ("0.25", "2", "0.01"), ("0.24", "2", "0.00"), ("100.00", "0", "0.00")],
)
def test_discount_is_rounded_half_up(amount: str, percent: str, discount: str) -> None:
    assert discount_of(Decimal(amount), Decimal(percent), "EUR") == Decimal(discount)


@pytest.mark.parametrize(
    ("percent", "net", "until", "yearly"),
    [("2", 30, 10, "37.24"), ("3", 30, 10, "56.44"), ("2", 10, 10, None), ("0", 30, 10, None), ("100", 30, 10, None)],
    ids=["2 % for 20 days", "3 % for 20 days", "no day gained", "no discount", "all of it"],
)
def test_discount_is_worth_a_yearly_rate(percent: str, net: int, until: int, yearly: str | None) -> None:
    worth = annual_yield(Decimal(percent), net, until)
    assert (worth and worth.quantize(Decimal("0.01"))) == (yearly and Decimal(yearly))


@pytest.mark.parametrize(
    ("due", "until", "interest"),
    [
        pytest.param("2026-03-27", "2026-03-27", "0", id="paid on the day"),
        pytest.param("2026-04-10", "2026-03-27", "0", id="not due yet"),
        pytest.param("2026-01-31", "2026-03-02", "82.19", id="thirty days in one half-year"),
        pytest.param("2025-12-21", "2026-01-10", "55.21", id="ten days in each of two half-years"),
        pytest.param("2025-06-20", "2025-07-10", None, id="days before the first rate on file"),
    ],
)
def test_interest_runs_day_by_day_at_the_rate_in_force(due: str, until: str, interest: str | None) -> None:
    found = late_interest(Decimal("10000.00"), date.fromisoformat(due), date.fromisoformat(until), HALF_YEARS, "EUR")
    assert found == (None if interest is None else Decimal(interest))


@pytest.mark.parametrize(
    ("since", "today", "days"),
    [
        pytest.param(FRIDAY, FRIDAY, 0, id="the same day"),
        pytest.param(FRIDAY, date(2026, 3, 29), 0, id="over a weekend"),
        pytest.param(FRIDAY, date(2026, 3, 30), 1, id="to Monday"),
        pytest.param(FRIDAY, date(2026, 4, 10), 10, id="two weeks"),
        pytest.param(date(2026, 3, 28), date(2026, 3, 30), 1, id="from a Saturday"),
        pytest.param(date(2026, 4, 1), FRIDAY, 0, id="in the future"),
    ],
)
def test_business_days_leave_weekends_out(since: date, today: date, days: int) -> None:
    assert business_days(since, today) == days


def test_tax_in_a_discount_is_its_share_of_the_gross() -> None:
    assert tax_share(Decimal("223.72"), Decimal("1786.00"), Decimal("11186.00"), "EUR") == Decimal("35.72")
    assert tax_share(Decimal("10.00"), Decimal(0), Decimal(0), "EUR") == 0
