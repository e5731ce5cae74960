"""Money and time of open items, held against sums by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.unit.application.figures.cases import Written, case, item

from comptroller.application.figures import money
from comptroller.application.figures.model import Sample
from comptroller.application.records import OpenItemRow

ITEMS = (
    item("posted before, paid in time", "2026-02-10", "2026-03-31"),
    item("posted before, paid late", "2026-02-10", "2026-03-05", due_on="2026-03-01"),
    item("paid before", "2026-02-10", "2026-02-28"),
    item("paid after", "2026-03-10", "2026-04-01"),
    item("not paid", "2026-03-31"),
    item("credit note", "2026-03-02", "2026-03-03", amount=Decimal(-40), local_amount=Decimal(-40)),
)


def numbers(samples: list[Sample]) -> list[tuple[str, str]]:
    return [(str(each.numerator), str(each.denominator)) for each in samples]


def test_what_is_paid_in_the_period_counts_whenever_it_was_posted() -> None:
    written = Written(items=ITEMS).material
    assert numbers(list(money.on_time(written))) == [("1", "1"), ("0", "1")]
    assert [each.numerator for each in money.days_beyond(written)] == [0, 4]
    assert numbers(list(money.on_time_value(written))) == [("100", "100"), ("0", "100")]
    assert numbers(list(money.weighted_days_paid(written))) == [("4900", "100"), ("2300", "100")]


def test_days_payable_takes_the_balances_before_and_after_the_period() -> None:
    """By hand: a day's balance is what was posted by then and not paid by then."""
    alive = [each for each in ITEMS if not each.cleared_on or each.cleared_on >= "2026-03-01"]  # what the store gives
    samples = list(money.days_payable(Written(items=alive).material))

    def balance(day: date) -> Decimal:
        text = day.isoformat()
        owed = [each for each in ITEMS if each.posted_on <= text and not "" < each.cleared_on <= text]
        return sum((each.local_amount for each in owed), Decimal(0))

    average = (balance(date(2026, 3, 1) - timedelta(days=1)) + balance(date(2026, 3, 31))) / 2
    assert [balance(day) for day in (date(2026, 2, 28), date(2026, 3, 31))] == [Decimal(200), Decimal(200)]
    assert sum(each.numerator for each in samples) == average * 31
    assert sum(each.denominator for each in samples) == 160


def offered(posted: str, cleared: str = "", **more: object) -> OpenItemRow:
    told = {"case_id": "c1", "discount_on": "2026-03-20", "discount": Decimal(2), "due_on": "2026-04-09", **more}
    return item("D", posted, cleared, **told)


Told = tuple[str, str, dict[str, str]]

IN_TIME: Told = ("received", "2026-03-02T08:00", {})
TOO_LATE: Told = ("received", "2026-03-20T23:00", {})  # the 21st at Berlin
FOR_APPROVER: Told = ("waiting", "2026-03-02T09:00", {"party": "approver"})
FOR_BUYER: Told = ("waiting", "2026-03-20T09:00", {"party": "buyer"})
POSTED: Told = ("posted", "2026-03-24T09:00", {})


@pytest.mark.parametrize(
    ("of", "milestones", "part", "taken"),
    [
        pytest.param(offered("2026-03-03", "2026-03-20"), (IN_TIME,), "taken", 2, id="paid on the last day"),
        pytest.param(
            offered("2026-03-03", discount_on="2026-03-27"), (IN_TIME,), "can still be taken", 0, id="today is the day"
        ),
        pytest.param(offered("2026-03-24"), (TOO_LATE, POSTED), "missed: late receipt", 0, id="came too late"),
        pytest.param(offered("2026-03-24"), (IN_TIME, FOR_APPROVER, POSTED), "missed: approval", 0, id="signed late"),
        pytest.param(
            offered("2026-03-24"), (IN_TIME, FOR_BUYER, POSTED), "missed: exception", 0, id="held by an exception"
        ),
        pytest.param(
            offered("2026-03-03", payment_block="bank"), (IN_TIME,), "missed: exception", 0, id="posted, but blocked"
        ),
        pytest.param(offered("2026-03-03", "2026-03-21"), (IN_TIME,), "missed: not paid in time", 0, id="paid late"),
    ],
)
def test_a_discount_is_taken_open_or_missed_by_somebody(
    of: OpenItemRow, milestones: tuple[Told, ...], part: str, taken: int
) -> None:
    written = Written(items=(of,), cases=(case(*milestones),)).material
    (sample,) = money.discount_capture(written)
    assert (sample.part, int(sample.numerator), int(sample.denominator)) == (part, taken, 2)
    assert sample.amount == (2 if part.startswith("missed") else 0)
    (counted,) = money.discount_capture_count(written)
    assert (counted.part, int(counted.numerator), int(counted.denominator)) == (part, bool(taken), 1)


def test_a_discount_is_worth_a_yearly_rate_where_paying_early_gains_days() -> None:
    (sample,) = money.discount_capture(Written(items=(offered("2026-03-03"),)).material)
    ((name, worth),) = sample.detail
    assert (name, worth.quantize(Decimal("0.01"))) == ("yield a year in percent", Decimal("37.24"))
    (sample,) = money.discount_capture(Written(items=(offered("2026-03-03", due_on="2026-03-20"),)).material)
    assert sample.detail == ()
