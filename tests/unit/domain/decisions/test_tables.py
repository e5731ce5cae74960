"""Decision tables: what each hit policy answers, defaults, limits of columns, and tables put together wrongly."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import decision_table_model
from tests.unit.domain.decisions.models import decision, input_data, model, sound_model, table

from comptroller.domain.decisions.definitions import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.tables import BLOCK_RULES_MIN, Table
from comptroller.domain.feel import Value

PRIORITIES = OutputClause("", allowed=UnaryTests('"block", "review", "pass"'))


def decide(source: DecisionTable, inputs: Mapping[str, Value]) -> Outcome:
    names = [clause.expression.text for clause in source.inputs]
    return sound_model(*(input_data(name) for name in names), decision("answer", source, inputs=names)).decide(
        "answer", inputs
    )


OVERLAPPING = (["< 100", '"pass"'], ["< 50", '"review"'], ["< 10", '"block"'])
AGREEING = (["< 100", '"pass"'], ["< 50", '"pass"'])
AMOUNTS = (["< 100", "5"], ["< 50", "2"], ["< 10", "3"])


@pytest.mark.parametrize(
    ("hit_policy", "aggregation", "rules", "amount", "answer", "codes"),
    [
        pytest.param(HitPolicy.UNIQUE, "", OVERLAPPING, 70, "pass", [], id="unique, one hit"),
        pytest.param(
            HitPolicy.UNIQUE, "", OVERLAPPING, 20, None, ["DMN-HIT-04"], id="unique, two hits: nothing granted"
        ),
        pytest.param(
            HitPolicy.UNIQUE, "", AGREEING, 20, None, ["DMN-HIT-04"], id="unique, two hits even when they agree"
        ),
        pytest.param(HitPolicy.UNIQUE, "", OVERLAPPING, 200, None, [], id="unique, no hit"),
        pytest.param(HitPolicy.ANY, "", AGREEING, 20, "pass", [], id="any, hits agree"),
        pytest.param(HitPolicy.ANY, "", OVERLAPPING, 20, None, ["DMN-HIT-05"], id="any, hits differ: nothing granted"),
        pytest.param(HitPolicy.FIRST, "", OVERLAPPING, 5, "pass", [], id="first in the table's order"),
        pytest.param(HitPolicy.PRIORITY, "", OVERLAPPING, 20, "review", [], id="priority, the more important output"),
        pytest.param(HitPolicy.PRIORITY, "", OVERLAPPING, 5, "block", [], id="priority, the most important output"),
        pytest.param(HitPolicy.OUTPUT_ORDER, "", OVERLAPPING, 5, ["block", "review", "pass"], [], id="output order"),
        pytest.param(HitPolicy.RULE_ORDER, "", OVERLAPPING, 5, ["pass", "review", "block"], [], id="rule order"),
        pytest.param(HitPolicy.RULE_ORDER, "", OVERLAPPING, 200, [], [], id="rule order, no hit"),
        pytest.param(HitPolicy.COLLECT, "", OVERLAPPING, 20, ["pass", "review"], [], id="collect"),
        pytest.param(HitPolicy.COLLECT, "", OVERLAPPING, 200, [], [], id="collect, no hit"),
        pytest.param(HitPolicy.COLLECT, "SUM", AMOUNTS, 5, Decimal(10), [], id="collect, sum"),
        pytest.param(HitPolicy.COLLECT, "MIN", AMOUNTS, 5, Decimal(2), [], id="collect, least"),
        pytest.param(HitPolicy.COLLECT, "MAX", AMOUNTS, 5, Decimal(5), [], id="collect, greatest"),
        pytest.param(HitPolicy.COLLECT, "COUNT", AMOUNTS, 20, Decimal(2), [], id="collect, count"),
        pytest.param(HitPolicy.COLLECT, "COUNT", AMOUNTS, 200, Decimal(0), [], id="collect, count of no hit"),
        pytest.param(HitPolicy.COLLECT, "SUM", AMOUNTS, 200, None, [], id="collect, sum of no hit"),
    ],
)
def test_hit_policy(
    hit_policy: HitPolicy,
    aggregation: str,
    rules: Sequence[Sequence[str]],
    amount: int,
    answer: Value,
    codes: list[str],
) -> None:
    source = table(
        ["amount"],
        [OutputClause() if aggregation else PRIORITIES],
        rules,
        hit_policy,
        aggregation=Aggregation(aggregation),
    )
    outcome = decide(source, {"amount": amount})
    assert (outcome.value, [fault.code for fault in outcome.faults]) == (answer, codes)


def test_several_outputs_make_a_context_and_rank_column_by_column() -> None:
    source = table(
        ["amount"],
        [replace(PRIORITIES, name="outcome"), OutputClause("owner", allowed=UnaryTests('"controller", "clerk"'))],
        [["-", '"review"', '"clerk"'], ["-", '"review"', '"controller"'], ["-", '"pass"', '"controller"']],
        HitPolicy.PRIORITY,
    )
    assert decide(source, {"amount": 1}).value == {"outcome": "review", "owner": "controller"}


def test_priorities_may_come_from_the_output_type() -> None:
    source = table(["amount"], [OutputClause("", "tOutcome")], OVERLAPPING, HitPolicy.PRIORITY)
    kind = ItemDefinition("tOutcome", "string", allowed=UnaryTests('"block", "review", "pass"'))
    compiled = sound_model(input_data("amount"), decision("answer", source, inputs=["amount"]), types=[kind])
    assert compiled.decide("answer", {"amount": 20}).value == "review"


def test_default_outputs_answer_when_no_rule_hits() -> None:
    source = table(
        ["amount"],
        [OutputClause("outcome", default=LiteralExpression('"review"')), OutputClause("reason")],
        [["< 10", '"pass"', '"small"']],
    )
    assert decide(source, {"amount": 50}).value == {"outcome": "review", "reason": None}
    assert decide(source, {"amount": 5}).value == {"outcome": "pass", "reason": "small"}


@pytest.mark.parametrize(
    ("amount", "country", "answer", "codes"),
    [
        pytest.param(5, "DE", "pass", [], id="everything as declared"),
        pytest.param([5], "DE", "pass", [], id="a list of one is its element"),
        pytest.param("5", "DE", None, ["DMN-TABLE-01"], id="a text where a number is declared"),
        pytest.param(5, "XX", None, ["DMN-TABLE-01"], id="a value that is not allowed"),
        pytest.param(None, "DE", None, [], id="null meets no comparison"),
        pytest.param(5, None, None, [], id="null is not held to the allowed values, and meets no cell"),
    ],
)
def test_input_columns_are_held_to_type_and_allowed_values(
    amount: Value, country: Value, answer: Value, codes: list[str]
) -> None:
    source = table(["amount", "country"], [""], [["< 10", '"DE"', '"pass"']], types=["number", "string"])
    limited = replace(source.inputs[1], allowed=UnaryTests('"DE", "FR"'))
    outcome = decide(replace(source, inputs=(source.inputs[0], limited)), {"amount": amount, "country": country})
    assert (outcome.value, [fault.code for fault in outcome.faults if fault.by == "dmn"]) == (answer, codes)


@pytest.mark.parametrize(
    ("entry", "answer", "codes"),
    [
        pytest.param("if amount > 1 then 1 else 0", Decimal(1), [], id="evaluated, allowed"),
        pytest.param("amount * 3", None, ["DMN-TABLE-02"], id="evaluated, not allowed"),
        pytest.param('"" + "a"', None, ["DMN-TABLE-02"], id="evaluated, of another type"),
    ],
)
def test_output_columns_are_held_to_type_and_allowed_values(entry: str, answer: Value, codes: list[str]) -> None:
    source = table(["amount"], [OutputClause("", "number", UnaryTests("[0..10]"))], [["-", entry]])
    outcome = decide(source, {"amount": 5})
    assert (outcome.value, [fault.code for fault in outcome.faults]) == (answer, codes)


def test_a_constant_output_that_is_not_allowed_is_a_fault_of_the_model() -> None:
    source = table([], [OutputClause("", "number", UnaryTests("[0..10]"))], [["11"]])
    compiled = model(decision("answer", source))
    assert [(fault.code, fault.path) for fault in compiled.faults] == [
        ("DMN-TABLE-02", "decision[answer]/decisionTable/rule[1]/output[1]")
    ]
    assert compiled.decide("answer", {}).value is None


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        pytest.param(table(["a"], [], [["-"]]), ["DMN-TABLE-03"], id="no output"),
        pytest.param(
            table(["a", "b"], ["x"], [["-"]]), ["DMN-TABLE-04", "DMN-TABLE-05"], id="a rule with cells too few"
        ),
        pytest.param(table(["a"], ["x"], [["-", "1", "2"]]), ["DMN-TABLE-05"], id="a rule with an output too many"),
        pytest.param(
            table(["a"], ["x", ""], [["-", "1", "2"]]), ["DMN-TABLE-06"], id="one of two outputs without name"
        ),
        pytest.param(table(["a"], ["x", "x"], [["-", "1", "2"]]), ["DMN-TABLE-06"], id="two outputs of one name"),
        pytest.param(table(["a"], ["x"], [], HitPolicy.PRIORITY), ["DMN-HIT-03"], id="priority without priorities"),
        pytest.param(table(["a"], ["x"], [], aggregation=Aggregation.SUM), ["DMN-HIT-06"], id="unique that aggregates"),
        pytest.param(
            table(["a"], ["x", "y"], [], HitPolicy.COLLECT, aggregation=Aggregation.SUM),
            ["DMN-HIT-07"],
            id="two outputs aggregated",
        ),
        pytest.param(
            table(["a"], ["x"], [["< <", "1"], ["-", "1 +"]]), ["FEEL-SYNTAX-01"] * 2, id="cells that are no FEEL"
        ),
    ],
)
def test_a_table_put_together_wrongly_is_told_whole_and_decides_nothing(
    source: DecisionTable, codes: list[str]
) -> None:
    compiled = model(input_data("a"), input_data("b"), decision("answer", source, inputs=["a", "b"]))
    assert [fault.code for fault in compiled.faults] == codes
    outcome = compiled.decide("answer", {"a": 1, "b": 2})
    assert outcome.value is None
    assert [fault.code for fault in outcome.faults] == codes


def test_cells_may_look_at_other_inputs() -> None:
    source = table(["amount", "limit"], [""], [["<= limit", "-", '"within"'], ["> limit", "-", '"over"']])
    assert [decide(source, {"amount": amount, "limit": 10}).value for amount in (10, 11)] == ["within", "over"]


def test_first_stops_at_its_hit() -> None:
    source = table(["amount", "other"], [""], [["-", "-", "1"], ["> other", "-", "2"]], HitPolicy.FIRST)
    outcome = decide(source, {"amount": 1, "other": "text"})
    assert (outcome.value, outcome.faults) == (Decimal(1), ())


def test_a_table_longer_than_a_block_finds_its_rules_in_every_block() -> None:
    count = 2 * BLOCK_RULES_MIN + 7
    many = ", ".join(f'"x{number}"' for number in range(130))  # so many answers that an index holds no more rules
    rules = [[f"[{number}..{number + 1})", f'{many}, "k{number}"', str(number)] for number in range(count)]
    compiled = sound_model(
        input_data("amount"),
        input_data("key"),
        decision("answer", table(["amount", "key"], [""], rules), inputs=["amount", "key"]),
    )
    assert len(table_of(compiled).blocks) == 3
    for number in (0, BLOCK_RULES_MIN - 1, BLOCK_RULES_MIN, 2 * BLOCK_RULES_MIN, count - 1):
        inputs: dict[str, Value] = {"amount": Decimal(number) + Decimal("0.5"), "key": f"k{number}"}
        assert compiled.decide("answer", inputs).value == number
        assert compiled.decide("answer", inputs | {"key": "other"}).value is None


def table_of(compiled: Model) -> Table:
    (step,) = compiled._plans["answer"].steps
    assert isinstance(step.node.logic, Table)
    return step.node.logic


CELLS = st.sampled_from(
    [
        "-",
        '"A"',
        '"A","B"',
        'not("A")',
        "< 2",
        ">= 1",
        "[0..2)",
        "1",
        "null",
        "true",
        'date("2026-01-02")',
        "",
        "> 0, null",
    ]
)
VALUES: st.SearchStrategy[Value] = st.sampled_from(
    [
        "A",
        "B",
        "C",
        Decimal(0),
        Decimal(1),
        Decimal("1.5"),
        Decimal(2),
        None,
        True,
        False,
        date(2026, 1, 2),
        [Decimal(1)],
    ]
)
POLICIES = st.sampled_from(
    [(policy, Aggregation.LIST) for policy in HitPolicy] + [(HitPolicy.COLLECT, each) for each in Aggregation]
)


@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from("123")), max_size=8), POLICIES, st.tuples(VALUES, VALUES))
def test_a_table_answers_as_the_standard_spells_it(
    rows: list[tuple[str, str, str]], policy: tuple[HitPolicy, Aggregation], values: tuple[Value, Value]
) -> None:
    clause = OutputClause("", allowed=UnaryTests("2, 3, 1"))
    source = table(["first", "second"], [clause], rows, policy[0], aggregation=policy[1])
    outcome = decide(source, dict(zip(("first", "second"), values, strict=True)))
    assert outcome.value == decision_table_model.decide(source, values)
    assert [hit.number - 1 for hit in outcome.explanation[-1].hits] == (
        decision_table_model.hits(source, values)[: 1 if policy[0] is HitPolicy.FIRST else None]
    )
