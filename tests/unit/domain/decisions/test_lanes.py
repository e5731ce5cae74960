"""Fast lanes: the same outcome, rules, explanation and record as the long way, and taken where nothing is unusual."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import decision_table_model
from tests.unit.domain.decisions.models import decision, input_data, sound_model, table

from comptroller.domain.decisions.definitions import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)
from comptroller.domain.decisions.lane_buckets import FIRST_ONES
from comptroller.domain.decisions.lanes import Take, lane_of
from comptroller.domain.decisions.model import Model, _evaluate
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode, encode

NOW = datetime(2026, 3, 27, tzinfo=UTC)
TYPES = {"amount": "number", "kind": "string", "urgent": "boolean", "day": "date"}
CELLS = {
    "amount": ["-", "< 10", "[10..100)", "(7..100]", ">= 100", "7", "not(7)", "1, 2, 3"],
    "kind": ["-", '"A"', '"A", "B"', 'not("A")', "null"],
    "urgent": ["-", "true", "false"],
    "day": ["-", '>= date("2026-01-01")', '[date("2026-01-02")..date("2026-02-01")]'],
}


class Word(StrEnum):
    """A text of a class of its own."""

    A = "A"


VALUES: dict[str, list[Value]] = {
    "amount": [Decimal(0), Decimal(7), Decimal("9.999"), Decimal(10), Decimal(100), 3, None, "10", True],
    "kind": ["A", "B", "C", "", None, Decimal(1), Word.A, ["A"]],
    "urgent": [True, False, None, Decimal(1)],
    "day": [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), None, datetime(2026, 1, 2, tzinfo=UTC)],
}
ROWS = st.lists(
    st.tuples(*(st.sampled_from(cells) for cells in CELLS.values()), st.sampled_from(["1", "2", "3"])), max_size=8
)
INPUTS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
POLICIES = st.sampled_from(
    [(policy, Aggregation.LIST) for policy in HitPolicy]
    + [(HitPolicy.COLLECT, aggregation) for aggregation in Aggregation]
)


def long_way(model: Model, inputs: dict[str, Value]) -> Outcome:
    return _evaluate(model._plans["answer"], "decision[answer]", inputs, NOW, model.hash)


def lane(model: Model) -> Take | None:
    """The lane of the answer; it gives None where it gives up."""

    def gave_up(inputs: object, now: object) -> Outcome:  # noqa: ARG001 - the long way's form
        return GAVE_UP

    found = lane_of(model._plans["answer"], model.hash, gave_up)
    return None if found is gave_up else found


GAVE_UP = Outcome.__new__(Outcome)


def taken(model: Model, inputs: dict[str, Value]) -> bool:
    way = lane(model)
    assert way is not None
    return way(inputs, NOW) is not GAVE_UP


def of_policy(rows: Sequence[tuple[str, ...]], policy: HitPolicy, aggregation: Aggregation) -> DecisionTable:
    """A table with a level and, but for aggregations, a role."""
    ranked = [OutputClause("level", "number", UnaryTests("3, 1, 2")), OutputClause("role")]
    alone = aggregation is not Aggregation.LIST
    cells = [row if alone else (*row, f'"{row[-1]}"') for row in rows]
    made = table(list(TYPES), ranked[:1] if alone else ranked, cells, policy, types=list(TYPES.values()))
    return replace(made, aggregation=aggregation, annotations=("why",))


def made(rows: Sequence[tuple[str, ...]], policy: HitPolicy) -> Model:
    source = of_policy(rows, policy, Aggregation.LIST)
    inputs = (input_data(name, kind) for name, kind in TYPES.items())
    return sound_model(*inputs, decision("answer", source, inputs=list(TYPES)))


def told(outcome: Outcome) -> tuple[object, ...]:
    explained = [step.to_json() for step in outcome.explanation]
    determining = [hit.rule_id for step in outcome.explanation for hit in step.determining]
    record, digest = outcome.record(), outcome.inputs_sha256
    failing = outcome.failing_cells("answer", "r1")
    return outcome.value, outcome.faults, outcome.rule_ids, explained, determining, failing, record, digest


def with_default(source: DecisionTable) -> DecisionTable:
    return replace(
        source,
        outputs=tuple(
            replace(clause, default=LiteralExpression("2" if clause.name == "level" else '"none"'))
            for clause in source.outputs
        ),
    )


@given(ROWS, POLICIES, INPUTS, st.booleans())
def test_a_lane_says_what_the_long_way_says(
    rows: list[tuple[str, ...]],
    policy: tuple[HitPolicy, Aggregation],
    inputs: dict[str, Value],
    default: bool,
) -> None:
    source = of_policy(rows, *policy)
    model = sound_model(
        *(input_data(name, kind) for name, kind in TYPES.items()),
        decision("answer", with_default(source) if default else source, inputs=list(TYPES)),
    )
    assert told(model.decide("answer", inputs, NOW)) == told(long_way(model, inputs))


STRUCTURE = ItemDefinition(
    "Case",
    components=(
        ItemDefinition("amount", "number"),
        ItemDefinition("kind", "string", allowed=UnaryTests('"A", "B"')),
        ItemDefinition("lines", components=(ItemDefinition("urgent", "boolean"),)),
    ),
)
LEVEL = ItemDefinition("Level", "number", allowed=UnaryTests("[0..50]"))
PATHS = ["case.amount", "case.kind", "case.lines.urgent", "level"]
CASES = st.fixed_dictionaries(
    {
        "case": st.fixed_dictionaries(
            {
                "amount": st.sampled_from(VALUES["amount"]),
                "kind": st.sampled_from(VALUES["kind"]),
                "lines": st.one_of(
                    st.fixed_dictionaries({"urgent": st.sampled_from(VALUES["urgent"])}), st.none(), st.just([])
                ),
            },
            optional={"more": st.sampled_from([Decimal(1), {"deep": "A"}])},
        )
        | st.none(),
        "level": st.sampled_from([Decimal(0), Decimal(50), Decimal("50.01"), 7, None, "7"]),
    }
)


@pytest.mark.parametrize("case_type", ["Case", ""], ids=["a typed context", "a context of any type"])
@given(rows=ROWS, inputs=CASES)
def test_a_lane_through_entries_and_allowed_values_says_what_the_long_way_says(
    case_type: str, rows: list[tuple[str, ...]], inputs: dict[str, Value]
) -> None:
    cells = [(amount, kind, urgent, "-" if urgent == "-" else "<= 40", out) for amount, kind, urgent, _, out in rows]
    source = table(PATHS, ["level"], cells, HitPolicy.FIRST, types=["number", "string", "", ""])
    limited = replace(source.inputs[0], allowed=UnaryTests("[0..100], 1000"))
    model = sound_model(
        input_data("case", case_type),
        input_data("level", "Level"),
        decision("answer", replace(source, inputs=(limited, *source.inputs[1:])), inputs=["case", "level"]),
        types=[STRUCTURE, LEVEL],
    )
    assert told(model.decide("answer", inputs, NOW)) == told(long_way(model, inputs))


def test_lanes_are_taken_where_nothing_is_unusual() -> None:
    rows = [("< 10", "-", "-", "-", "1"), (">= 10", '"A"', "-", "-", "2"), (">= 10", 'not("A")', "-", "-", "3")]
    model = made(rows, HitPolicy.UNIQUE)
    usual: dict[str, Value] = {"amount": Decimal(50), "kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    ways = Counter(taken(model, {**usual, **change}) for change in (
        {}, {"amount": 5}, {"kind": "B"}, {"kind": None}, {"amount": "50"}, {"urgent": Decimal(1)}, {"day": NOW}
    ))  # fmt: skip
    assert ways == {True: 3, False: 4}


def test_entries_of_contexts_and_allowed_values_have_a_lane() -> None:
    source = table(["case.amount", "case.kind", "level"], ["level"], [["< 10", '"A"', "<= 40", "1"]], HitPolicy.FIRST)
    model = sound_model(
        input_data("case", "Case"),
        input_data("level", "Level"),
        decision("answer", source, inputs=["case", "level"]),
        types=[STRUCTURE, LEVEL],
    )
    case: dict[str, Value] = {"amount": Decimal(5), "kind": "A", "lines": {"urgent": True}}
    assert taken(model, {"case": case, "level": Decimal(40)})
    assert not taken(model, {"case": case, "level": Decimal(51)})
    assert not taken(model, {"case": {"amount": Decimal(5)}, "level": Decimal(40)})


@pytest.mark.parametrize(("policy", "default"), list(product(HitPolicy, [False, True])))
def test_no_hit_and_several_have_a_lane(policy: HitPolicy, default: bool) -> None:
    rows = [("< 10", "-", "-", "-", "1"), ("< 5", "-", "-", "-", "1")]
    source = of_policy(rows, policy, Aggregation.LIST)
    model = sound_model(
        *(input_data(name, kind) for name, kind in TYPES.items()),
        decision("answer", with_default(source) if default else source, inputs=list(TYPES)),
    )
    case: dict[str, Value] = {"kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    ways = [taken(model, {**case, "amount": Decimal(amount)}) for amount in (20, 7, 2)]
    assert ways == [True, True, policy is not HitPolicy.UNIQUE]


def test_inputs_that_make_up_what_is_missing_are_not_asked_for_it() -> None:
    model = made([("< 10", "-", "-", "-", "1")], HitPolicy.FIRST)
    inputs: defaultdict[str, Value] = defaultdict(lambda: Decimal(1))
    assert [fault.code for fault in model.decide("answer", inputs).faults] == ["DMN-INPUT-01"] * 4
    assert not inputs


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


@pytest.mark.parametrize("policy", [HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT])
def test_no_hit_is_held_to_the_type_of_the_decision(policy: HitPolicy) -> None:
    source = table(
        ["kind"], [OutputClause(allowed=UnaryTests("true, false"))], [['"A"', "true"]], policy, types=["string"]
    )
    model = sound_model(input_data("kind", "string"), decision("answer", source, inputs=["kind"], type_ref="boolean"))
    outcome = model.decide("answer", {"kind": "B"}, NOW)
    assert told(outcome) == told(long_way(model, {"kind": "B"}))
    assert (outcome.value, [fault.code for fault in outcome.faults]) == (None, ["DMN-TYPE-04"])


def test_what_was_decided_before_a_number_that_is_none_was_met_is_not_told() -> None:
    tier = table(["kind", "amount"], [""], [['"A"', "< 5", "1"], ['"A"', ">= 5", "2"]], types=["string", "number"])
    model = sound_model(
        input_data("kind", "string"),
        input_data("amount", "number"),
        decision("tier", tier, inputs=["kind", "amount"]),
        decision("answer", "if amount > 5 then tier else 0", inputs=["amount"], decisions=["tier"]),
    )
    outcome = model.decide("answer", {"kind": "B", "amount": Decimal("NaN")}, NOW)
    assert [fault.code for fault in outcome.faults] == ["DMN-INPUT-02"]
    assert outcome.explanation == ()
    assert b"DMN-INPUT-02" in outcome.record()


@pytest.mark.parametrize("amount", [5, 500])
def test_tables_over_tables_share_a_lane(amount: int) -> None:
    risk = table(["amount"], [""], [["< 100", '"low"'], [">= 100", '"high"']], types=["number"])
    role = table(["risk"], [""], [['"low"', '"clerk"'], ['"high"', '"chief"']], types=["string"])
    model = sound_model(
        input_data("amount", "number"),
        decision("risk", risk, inputs=["amount"], type_ref="string"),
        decision("answer", role, decisions=["risk"], type_ref="string"),
    )
    assert lane(model) is not None
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
    assert lane(model) is None
    assert model.decide("answer", {"amount": 7, "kind": "A"}).value == decision_table_model_answer(columns, row)


def decision_table_model_answer(columns: list[str], row: list[str]) -> Value:
    given: dict[str, Value] = {"amount": Decimal(7), "kind": "A"}
    if row[-1] == "amount":
        return given["amount"]
    values = [Decimal(8) if text == "amount + 1" else given[text] for text in columns]
    plain = [cell if cell != "kind" else '"A"' for cell in row]
    return decision_table_model.decide(table(["a", "b"], [""], [plain]), values)


def test_what_a_lane_gave_is_not_shared() -> None:
    model = made([("-", "-", "-", "-", "1")], HitPolicy.COLLECT)
    inputs: dict[str, Value] = {"amount": Decimal(1), "kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    for change in (list.clear, lambda rows: rows[0].clear()):
        value = model.decide("answer", inputs).value
        assert value == [{"level": Decimal(1), "role": "1"}]
        change(value)  # type: ignore[arg-type]  # it is a list of contexts


def test_a_record_says_what_was_asked_and_why_it_came_out_so() -> None:
    model = made([("< 10", "-", "-", "-", "1"), ("-", "-", "-", "-", "2")], HitPolicy.FIRST)
    inputs: dict[str, Value] = {"amount": Decimal("5.00"), "kind": "A", "urgent": True, "day": date(2026, 1, 1)}
    record = decode(model.decide("answer", inputs, NOW).record())
    assert isinstance(record, dict)
    assert record["inputs"] == {
        "amount": {"@number": "5.00"},
        "day": {"@date": "2026-01-01"},
        "kind": "A",
        "urgent": True,
    }
    assert (record["asked"], record["now"], record["value"], record["faults"]) == (
        "decision[answer]",
        "2026-03-27T00:00:00.000000Z",
        {"level": 1, "role": "1"},
        [],
    )
    (step,) = record["steps"]
    assert [(hit["rule"], hit["determining"], hit["outputs"]) for hit in step["hits"]] == [
        ("r1", True, {"level": 1, "role": "1"})
    ]
    assert model.decide("answer", inputs, NOW).record() == encode(record)


def test_records_of_different_inputs_differ() -> None:
    model = sound_model(input_data("given"), decision("answer", table(["given"], [""], [["-", "1"]]), inputs=["given"]))
    values: list[Value] = [Decimal(1), Decimal("1.0"), "1", True, None, ["1"], {"@number": "1.0"}, date(2026, 1, 1)]
    assert len({model.decide("answer", {"given": value}).record() for value in values}) == len(values)
    assert len({model.decide("answer", {"given": value}).inputs_sha256 for value in values}) == len(values)


@pytest.mark.parametrize("policy", [HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.COLLECT])
def test_a_long_table_is_searched_to_its_end(policy: HitPolicy) -> None:
    """Too many classes for a list of combinations, and rules behind the first ones."""
    rows = [
        (f"[{number}..{number + 1})", '"A", "B"' if number % 3 else "-", f"({number - 5}..{number + 900}]", str(number))
        for number in range(FIRST_ONES + 200)
    ]
    source = table(["amount", "kind", "limit"], ["level"], rows, policy, types=["number", "string", "number"])
    model = sound_model(
        *(input_data(name, kind) for name, kind in (("amount", "number"), ("kind", "string"), ("limit", "number"))),
        decision("answer", source, inputs=["amount", "kind", "limit"]),
    )
    for amount in (0, 1, FIRST_ONES - 1, FIRST_ONES, FIRST_ONES + 199, FIRST_ONES + 200):
        for kind in ("A", "C"):
            inputs: dict[str, Value] = {"amount": Decimal(amount), "kind": kind, "limit": Decimal(amount)}
            assert taken(model, inputs)
            assert told(model.decide("answer", inputs, NOW)) == told(long_way(model, inputs))
            hit = amount < len(rows) and (kind == "A" or amount % 3 == 0)
            assert model.decide("answer", inputs).rule_ids == ((f"r{amount + 1}",) if hit else ())


def test_buckets_of_a_long_table_say_what_the_long_way_says() -> None:
    """Columns of texts make the bucket; in it amounts are found by bisection, scores by their number."""
    rows = [
        (
            f"[{7 * number % 300}..{7 * number % 300 + 3})",
            f'"{"ABC"[number % 3]}"',
            f"< {number % 200 + 1}" if number % 4 < 2 else f"[{number % 200}..200)",
            str(number),
        )
        for number in range(400)
    ]
    amounts: list[Value] = [Decimal(7), Decimal("9.99"), Decimal(10), Decimal(298), Decimal(-1)]
    scores: list[Value] = [Decimal(score) for score in ("-1", "0", "0.5", "1", "1.0", "89", "199", "200", "256")]
    for policy in (HitPolicy.FIRST, HitPolicy.UNIQUE):
        source = table(["amount", "kind", "score"], ["level"], rows, policy, types=["number", "string", "number"])
        names = (("amount", "number"), ("kind", "string"), ("score", "number"))
        model = sound_model(
            *(input_data(name, kind) for name, kind in names),
            decision("answer", source, inputs=[name for name, _ in names]),
        )
        several = False
        for amount, kind, score in product(amounts, "ABC", [*scores, 5, True]):
            inputs: dict[str, Value] = {"amount": amount, "kind": kind, "score": score}
            outcome = model.decide("answer", inputs, NOW)
            assert told(outcome) == told(long_way(model, inputs))
            several = several or len(outcome.rule_ids) > 1
        assert taken(model, {"amount": Decimal(7), "kind": "B", "score": Decimal("50.5")})
        nan: dict[str, Value] = {"amount": Decimal(7), "kind": "B", "score": Decimal("NaN")}
        assert [fault.code for fault in model.decide("answer", nan, NOW).faults] == ["DMN-INPUT-02"]
        assert several is (policy is HitPolicy.UNIQUE)
