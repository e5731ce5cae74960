"""A value from a day on: the row before answers until the day before, the new one from the day on, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.domain.packs.one_table import pack_of

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.packs.validity import Validity, from_day_on, validity_of

NOTES = ("valid from", "valid to", "text")


def table(start: str, end: str, cell: str) -> DecisionTable:
    rule = Rule((UnaryTests(cell),), (LiteralExpression("250.00"),), (start, end, "why"), "tolerance")
    return DecisionTable((InputClause(LiteralExpression("day")),), (OutputClause(),), (rule,), annotations=NOTES)


OPEN = table("2026-01-01", "", '>= date("2026-01-01")')
ENDING = table("2026-01-01", "2026-12-31", '[date("2026-01-01")..date("2026-12-31")]')
TOLD_ONLY = table("2026-01-01", "", "-")


@pytest.mark.parametrize(
    ("given", "days"),
    [
        pytest.param(OPEN, Validity(0, date(2026, 1, 1), None), id="until further notice"),
        pytest.param(ENDING, Validity(0, date(2026, 1, 1), date(2026, 12, 31)), id="until a day"),
        pytest.param(TOLD_ONLY, None, id="days that no column asks for"),
    ],
)
def test_days_of_a_row(given: DecisionTable, days: Validity | None) -> None:
    assert validity_of(given, given.rules[0]) == days


@pytest.mark.parametrize("given", [OPEN, ENDING], ids=["until further notice", "until a day"])
def test_each_day_is_answered_by_the_value_that_holds_on_it(given: DecisionTable) -> None:
    rule = given.rules[0]
    written = from_day_on(given, rule, date(2026, 7, 1), {1: "300.00"}, {"text": "raised"})
    assert [each.id for each in written.rules] == ["tolerance", "tolerance-2026-07"]
    assert [each.annotations for each in written.rules] == [
        ("2026-01-01", "2026-06-30", "why"),
        ("2026-07-01", rule.annotations[1], "raised"),
    ]
    source = pack_of({})
    day = InputData("day", "day", InformationItem("day", "date"))
    decision = Decision("d", "d", InformationItem("d"), written, required_inputs=(Reference("n", "day"),))
    model = compile_model(replace(source, elements=(day, decision)))
    said = {
        on: model.decide("d", {"day": date.fromisoformat(on)}).value
        for on in ("2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01", "2026-12-31")
    }
    assert [None if value is None else str(value) for value in said.values()] == [
        None,
        "250.00",
        "250.00",
        "300.00",
        "300.00",
    ]


def test_a_row_that_is_split_again_gets_an_id_of_its_own() -> None:
    once = from_day_on(OPEN, OPEN.rules[0], date(2026, 7, 1), {}, {})
    twice = from_day_on(once, once.rules[0], date(2026, 7, 1).replace(day=1, month=3), {}, {})
    again = from_day_on(twice, twice.rules[0], date(2026, 2, 1), {}, {})
    assert len({each.id for each in again.rules}) == 4
