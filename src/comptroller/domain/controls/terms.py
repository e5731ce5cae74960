"""The arithmetic of terms: what a discount is worth, what paying late costs, how old an item is.

A discount of d for paying n days early is a loan at d/(1-d) for these days, so that its yearly worth is
d/(1-d) x 365/n. Interest for late payment is simple interest on the amount, at the reference rate of the half-year and
the points that the law adds, plus a fixed sum a claim. Rates are arguments: policy has them, with their dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Final

from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

YEAR_DAYS: Final = Decimal(365)
HUNDRED: Final = Decimal(100)
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """When an amount is due, and until when how much of it may be kept."""

    due_on: date | None
    discount_on: date | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class LateRate:
    """A yearly rate in percent for late payment, in force from a day on."""

    valid_from: date
    percent: Decimal


def discount_of(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What a discount takes off an amount, rounded to the currency.

    >>> discount_of(Decimal("11186.00"), Decimal(2), "EUR")
    Decimal('223.72')
    """
    with localcontext(CONTEXT):
        return round_money(amount * percent / HUNDRED, currency)


def annual_yield(percent: Decimal, net_days: int, discount_days: int) -> Decimal | None:
    """What taking a discount is worth a year, in percent; None where paying early gains no day.

    >>> annual_yield(Decimal(2), 30, 10).quantize(Decimal("0.01"))
    Decimal('37.24')
    """
    days = net_days - discount_days
    if days <= 0 or not ZERO < percent < HUNDRED:
        return None
    with localcontext(CONTEXT):
        share = percent / HUNDRED
        return share / (1 - share) * YEAR_DAYS / days * HUNDRED


def late_interest(
    amount: Decimal, due_on: date, until: date, rates: Iterable[LateRate], currency: str
) -> Decimal | None:
    """Simple interest from the day after `due_on` to `until`, each day at the rate in force on it; rounded once.

    None where no rate is in force on one of the days: an exposure that is not known is not zero.
    """
    if until <= due_on or amount <= 0:
        return ZERO
    spans = sorted(rates, key=lambda rate: rate.valid_from)
    first = due_on + timedelta(days=1)
    if not spans or spans[0].valid_from > first:
        return None
    with localcontext(CONTEXT):
        total = ZERO
        for place, rate in enumerate(spans):
            end = spans[place + 1].valid_from - timedelta(days=1) if place + 1 < len(spans) else until
            days = (min(end, until) - max(rate.valid_from, first)).days + 1
            if days > 0:
                total += amount * rate.percent / HUNDRED * days / YEAR_DAYS
        return round_money(total, currency)


def days_past(due_on: date, today: date) -> int:
    """Days past the due date; negative before it."""
    return (today - due_on).days


def business_days(since: date, today: date) -> int:
    """Working days, Monday to Friday, from the day after `since` to `today`; 0 where there are none.

    >>> business_days(date(2026, 3, 27), date(2026, 3, 30))
    1
    """
    if today <= since:
        return 0
    whole, rest = divmod((today - since).days, 7)
    return whole * 5 + sum((since + timedelta(days=day)).weekday() < SATURDAY for day in range(1, rest + 1))


def tax_share(part: Decimal, tax: Decimal, gross: Decimal, currency: str) -> Decimal:
    """The tax contained in a part of a gross amount, rounded: what a discount takes off the tax."""
    if not gross:
        return ZERO
    with localcontext(CONTEXT):
        return round_money(part * tax / gross, currency)
