"""Fast lanes: the same outcome, rules and explanation as the long way, and taken where nothing is unusual."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import decision_table_model
from tests.unit.domain.decisions.models import decision, input_data, sound_model, table

from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.lanes import Take, lane_of
from comptroller.domain.decisions.model import Model, _evaluate
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.feel import Value

NOW = datetime(2026, 3, 27, tzinfo=UTC)
TYPES = {"amount": "number", "kind": "string", "urgent": "boolean", "day": "date"}
CELLS = {
    "amount": ["-", "< 10", "[10..100)", ">= 100", "7", "not(7)", "1, 2, 3"],
    "kind": ["-", '"A"', '"A", "B"', 'not("A")', "null"],
    "urgent": ["-", "true", "false"],
    "day": ["-", '>= date("2026-01-01")', '[date("2026-01-02")..date("2026-02-01")]'],
}
VALUES: dict[str, list[Value]] = {
    "amount": [Decimal(0), Decimal(7), Decimal("9.999"), Decimal(10), Decimal(100), 3, None, "10"],
    "kind": ["A", "B", "C", "", None, Decimal(1)],
    "urgent": [True, False, None],
    "day": [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), None, datetime(2026, 1, 2, tzinfo=UTC)],
}
ROWS = st.lists(
    st.tuples(*(st.sampled_from(cells) for cells in CELLS.values()), st.sampled_from(["1", "2", "3"])), max_size=8
)
INPUTS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
POLICIES = st.sampled_from([HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.RULE_ORDER])


def long_way(model: Model, inputs: dict[str, Value]) -> Outcome:
    return _evaluate(model._plans["answer"], "decision[answer]", inputs, NOW, model.hash)


def made(rows: Sequence[tuple[str, ...]], policy: HitPolicy) -> Model:
    cells = [(*row[:-1], row[-1], f'"{row[-1]}"') for row in rows]
    first = table(list(TYPES), ["level", "role"], cells, policy, types=list(TYPES.values()))
    return sound_model(
        *(input_data(name, kind) for name, kind in TYPES.items()), decision("answer", first, inputs=list(TYPES))
    )


def told(outcome: Outcome) -> tuple[object, ...]:
    explained = [step.to_json() for step in outcome.explanation]
    return (
        outcome.value,
        outcome.faults,
        outcome.rule_ids,
        explained,
        outcome.failing_cells("answer", "r1"),
        outcome.record(),
    )


@given(ROWS, POLICIES, INPUTS)
def test_a_lane_says_what_the_long_way_says(
    rows: list[tuple[str, ...]], policy: HitPolicy, inputs: dict[str, Value]
) -> None:
    model = made(rows, policy)
    assert told(model.decide("answer", inputs, NOW)) == told(long_way(model, inputs))


def taken(lane: Take, inputs: dict[str, Value]) -> bool:
    return lane(inputs, NOW) is not None


def test_lanes_are_taken_where_nothing_is_unusual() -> None:
    rows = [("< 10", "-", "-", "-", "1"), (">= 10", '"A"', "-", "-", "2"), (">= 10", 'not("A")', "-", "-", "3")]
    model = made(rows, HitPolicy.UNIQUE)
    lane = lane_of(model._plans["answer"], "")
    assert lane is not None
    usual: dict[str, Value] = {"amount": Decimal(50), "kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    ways = Counter(taken(lane, {**usual, **change}) for change in (
        {}, {"amount": 5}, {"kind": "B"}, {"kind": None}, {"amount": "50"}, {"urgent": Decimal(1)}, {"day": NOW}
    ))  # fmt: skip
    assert ways == {True: 3, False: 4}


def test_an_answer_can_be_changed_by_whoever_asked() -> None:
    model = made([("-", "-", "-", "-", "1")], HitPolicy.FIRST)
    inputs: dict[str, Value] = {"amount": Decimal(1), "kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    first = model.decide("answer", inputs)
    assert isinstance(first.value, dict)
    first.value["level"] = None
    again = model.decide("answer", dict(inputs))
    inputs.clear()
    assert again.value == {"level": Decimal(1), "role": "1"}
    assert first.explanation[-1].hits[0].outputs == {"level": Decimal(1), "role": "1"}


@pytest.mark.parametrize("number", ["NaN", "sNaN", "-NaN"])
def test_what_is_no_number_decides_nothing_and_says_so(number: str) -> None:
    model = made([("< 10", "-", "-", "-", "1"), (">= 10", "-", "-", "-", "2")], HitPolicy.FIRST)
    inputs: dict[str, Value] = {"amount": Decimal(number), "kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    outcome = model.decide("answer", inputs, NOW)
    assert (outcome.value, [fault.code for fault in outcome.faults]) == (None, ["DMN-INPUT-02"])


@pytest.mark.parametrize("amount", [5, 500])
def test_tables_over_tables_share_a_lane(amount: int) -> None:
    risk = table(["amount"], [""], [["< 100", '"low"'], [">= 100", '"high"']], types=["number"])
    role = table(["risk"], [""], [['"low"', '"clerk"'], ['"high"', '"chief"']], types=["string"])
    model = sound_model(
        input_data("amount", "number"),
        decision("risk", risk, inputs=["amount"], type_ref="string"),
        decision("answer", role, decisions=["risk"], type_ref="string"),
    )
    assert lane_of(model._plans["answer"], "") is not None
    outcome = model.decide("answer", {"amount": amount}, NOW)
    assert outcome.value == ("clerk" if amount == 5 else "chief")
    assert told(outcome) == told(long_way(model, {"amount": amount}))
    assert len(outcome.rule_ids) == 2


UNSUITED = {
    "a column of numbers and texts over an input of any type": (
        ["amount", "kind"],
        ["", "string"],
        ['7, "A"', "-", "1"],
    ),
    "a cell that looks at another input": (["amount", "kind"], ["number", "string"], ["-", "kind", "1"]),
    "an output to be worked out": (["amount", "kind"], ["number", "string"], ["-", "-", "amount"]),
    "an expression over an input": (["amount + 1", "kind"], ["number", "string"], ["> 1", "-", "1"]),
}


@pytest.mark.parametrize(("columns", "types", "row"), UNSUITED.values(), ids=UNSUITED)
def test_what_needs_more_goes_the_long_way(columns: list[str], types: list[str], row: list[str]) -> None:
    source = table(columns, [""], [row], types=types)
    first, second = types
    model = sound_model(
        input_data("amount", first), input_data("kind", second), decision("answer", source, inputs=["amount", "kind"])
    )
    assert lane_of(model._plans["answer"], "") is None
    assert model.decide("answer", {"amount": 7, "kind": "A"}).value == decision_table_model_answer(columns, row)


def decision_table_model_answer(columns: list[str], row: list[str]) -> Value:
    given: dict[str, Value] = {"amount": Decimal(7), "kind": "A"}
    if row[-1] == "amount":
        return given["amount"]
    values = [Decimal(8) if text == "amount + 1" else given[text] for text in columns]
    plain = [cell if cell != "kind" else '"A"' for cell in row]
    return decision_table_model.decide(table(["a", "b"], [""], [plain]), values)
