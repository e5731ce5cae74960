"""Figures of a backtest: courses by outcomes, and sums by a slow count case by case."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from comptroller.domain.decisions import Outcome
from comptroller.domain.decisions.handing import kept
from comptroller.domain.packs.alike import Leaf
from comptroller.domain.packs.backtest import Course, Pair, otherwise, sums_of


def step(name: str, hours: int, stage: str = "", signatures: int = 1) -> dict[str, Any]:
    return {"step": name, "hours": Decimal(hours), "stage": stage, "signatures": Decimal(signatures)}


@pytest.mark.parametrize(
    ("way", "steps", "signatures", "hours"),
    [
        pytest.param("post", [step("a", 16)], 0, 0, id="posted: nobody is asked, whatever the route says"),
        pytest.param("approve", [step("a", 16), step("b", 8)], 2, 24, id="one after the other"),
        pytest.param("approve", [step("a", 16, "g"), step("b", 40, "g"), step("c", 8, "g")], 3, 40, id="side by side"),
        pytest.param("approve", [step("a", 16), step("b", 8, "g"), step("c", 24, "g")], 3, 40, id="then side by side"),
        pytest.param("approve", [step("a", 16, "g"), step("b", 8, "h")], 2, 24, id="two stages"),
        pytest.param("hold", [step("a", 16, "", 2)], 2, 16, id="two signatures of one step"),
        pytest.param("return", [step("a", 16)], 0, 0, id="sent back: nobody signs"),
    ],
)
def test_a_course_says_who_signs_and_how_long_that_may_take(
    way: str, steps: list[dict[str, Any]], signatures: int, hours: int
) -> None:
    course = Course.of({"disposition": {"outcome": way}, "approval routing": {"steps": steps}})
    assert (course.way, course.signatures, course.waiting_hours) == (way, signatures, Decimal(hours))


def test_what_is_not_decided_counts_as_nothing() -> None:
    assert Course.of({}) == Course("")
    assert Course.of({"order policy": {"breach": "retroactive order"}}).breach == "retroactive order"


def test_the_first_decision_that_fails_is_what_could_not_be_decided() -> None:
    nothing = Outcome()
    nothing.value, nothing.faults = None, ()
    failed = kept("tax comparison", nothing)
    course = Course.of({"duplicate": {"outcome": "review"}, "tax comparison": failed, "disposition": failed})
    assert (course.way, course.undecided) == ("review", "tax comparison")
    assert sums_of([(Pair(Course("post"), course, differs=True), 2, 100)]).after.undecided == 2


def test_sums_are_those_of_a_count_case_by_case() -> None:
    signed = Course("approve", ("a", "b"), 2, Decimal(32))
    posted, broken = Course("post"), Course("return", breach="no order")
    counted = [
        (Pair(signed, posted, differs=True), 3, 40_000),
        (Pair(signed, signed, differs=False), 5, 7_700),
        (Pair(posted, broken, differs=True), 1, -120),
        (Pair(posted, posted, differs=True), 2, 50),
    ]
    whole = sums_of(counted, minutes=5)
    assert (whole.cases, whole.amount, whole.changed, whole.changed_amount) == (11, 47_630, 6, 39_930)
    assert (whole.diverted, whole.diverted_amount) == (4, 39_880), "two are only told otherwise"
    assert (whole.before.signatures, whole.after.signatures) == (16, 10)
    assert (whole.before.approver_minutes, whole.after.approver_minutes) == (80, 50)
    assert (whole.before.waiting_hours, whole.after.waiting_hours) == (Decimal(256), Decimal(160))
    assert (whole.before.breaches, whole.after.breaches) == (0, 1)
    assert (whole.before.without_a_person, whole.after.without_a_person) == (3, 5)
    assert whole.before.bound == Decimal(32) / 8 * 7 / 5 * 47_700, "32 service hours are four days at work"


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        ({"cases": 9, "changed": 0, "diverted": 0}, "0 of 9 cases come out otherwise"),
        ({"cases": 9, "changed": 4}, "4 of 9 cases come out otherwise"),
        ({"cases": 9, "changed": 4, "diverted": 0}, "4 of 9 cases come out otherwise (none goes another way)"),
        ({"cases": 9, "changed": 4, "diverted": 1}, "4 of 9 cases come out otherwise (1 goes another way)"),
        ({"cases": 9, "changed": 4, "diverted": 4}, "4 of 9 cases come out otherwise (all go another way)"),
        ({"cases": 9, "changed": 1, "diverted": 1}, "1 of 9 cases comes out otherwise (it goes another way)"),
    ],
    ids=["nothing changes", "as an earlier release kept it", "in words", "one of them", "all of them", "one alone"],
)
def test_it_is_said_how_many_of_the_cases_that_change_go_another_way(sums: dict[str, int], said: str) -> None:
    assert otherwise(sums) == said


@pytest.mark.parametrize(
    ("days", "hours", "percent"),
    [
        pytest.param(2, 16, "3", id="16 service hours take 2.8 days: the discount of two is lost"),
        pytest.param(3, 16, "0", id="that of three is not"),
        pytest.param(None, 16, "0", id="none was agreed"),
    ],
)
def test_a_discount_is_lost_where_waiting_alone_outlasts_its_days(days: int | None, hours: int, percent: str) -> None:
    issued = date(2026, 3, 2)
    for baseline in (issued, Leaf("issue date")):
        until = None if days is None else later(baseline, days)
        terms = {"baseline date": baseline, "discount date": until, "discount percent": Decimal(3)}
        routing = {"steps": [step("a", hours)]}
        course = Course.of({"disposition": {"outcome": "approve"}, "approval routing": routing, "payment terms": terms})
        assert course.discount_lost == Decimal(percent)
        side = sums_of([(Pair(Course("post"), course, differs=True), 2, 10_000)]).after
        assert side.discount_lost == Decimal(percent) * 100


def later(day: date | Leaf, days: int) -> date | Leaf:
    by = timedelta(days=days)
    return replace(day, offset=by) if isinstance(day, Leaf) else day + by
