"""Batches of decisions: what goes row by row and why, graphs of tables, streams, types, and what is refused."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from tests.unit.adapters.columnar.single_evaluation import assert_equal, batch_of, decide
from tests.unit.domain.decisions.models import decision, input_data, model, sound_model, table

from comptroller.adapters import columnar
from comptroller.adapters.columnar import Bounds
from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import (
    Aggregation,
    HitPolicy,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)

RULES = [("< 10", '"A"', '"low"'), ("[10..20)", "-", '"middle"'), (">= 20", 'not("A")', '"high"')]


def amounts(*texts: str | None) -> Any:
    return pa.array([None if text is None else Decimal(text) for text in texts], pa.decimal128(20, 2))


BATCH = batch_of(amount=amounts("9.99", "10.00", "25", "9", None), kind=pa.array(["A", "B", "B", "C", "A"]))


def made(
    rules: Sequence[tuple[str, ...]] = RULES,
    policy: HitPolicy = HitPolicy.UNIQUE,
    outputs: Sequence[str | OutputClause] = ("level",),
    type_ref: str = "",
) -> Model:
    inputs = input_data("amount", "number"), input_data("kind", "string")
    return sound_model(
        *inputs,
        decision(
            "answer", table(["amount", "kind"], outputs, rules, policy), inputs=["amount", "kind"], type_ref=type_ref
        ),
    )


def test_a_batch_is_decided_in_columns() -> None:
    decided = decide(made(), "answer", BATCH)
    assert decided.answers.to_pydict() == {"answer": ["low", "middle", "high", None, None]}
    assert decided.rules.to_pylist() == [1, 2, 3, None, None]
    assert (decided.by_row, decided.faults) == ({}, {})


OPEN = [("< 10", "-", '"low"'), ("-", 'if amount > 10 then "B" else "C"', '"odd"')]
ROW_BY_ROW = [
    pytest.param(made(), BATCH.drop_columns(["kind"]), "the column `kind` is missing", 5, id="a column is missing"),
    pytest.param(
        made(),
        BATCH.set_column(1, "kind", pa.array([datetime(2026, 1, 1)] * 5)),  # noqa: DTZ001 - a local time
        "the column `kind` holds values of the type `timestamp[us]`",
        5,
        id="a type that no column is read of",
    ),
    pytest.param(
        made(),
        BATCH.set_column(1, "kind", pa.array([True] * 5)),
        "an input is not of its type, or a column not among its allowed values",
        5,
        id="values of another type",
    ),
    pytest.param(
        made([("< 10", "-", '"low"'), ("<= 10", "-", '"too"')]),
        BATCH,
        "rules contradict each other, or an answer is not of its type",
        2,
        id="rules that hit together",
    ),
    pytest.param(
        made(OPEN, HitPolicy.FIRST),
        BATCH,
        "a cell looks at more than its own column",
        3,
        id="a cell that looks around, reached",
    ),
    pytest.param(
        made([("< 10", "-", "amount * 2"), (">= 10", "-", "7")], type_ref="number"),
        BATCH,
        "a conclusion is computed",
        2,
        id="a conclusion that is computed",
    ),
    pytest.param(
        sound_model(
            input_data("amount", "number"), decision("answer", "amount + 1", inputs=["amount"], type_ref="number")
        ),
        BATCH,
        "the decision `answer` is no decision table",
        5,
        id="an expression",
    ),
    pytest.param(
        sound_model(
            input_data("amount", "number"),
            decision("answer", table(["amount * 2"], ["level"], [("> 20", "1")]), inputs=["amount"]),
        ),
        BATCH,
        "the column `amount * 2` of the decision `answer` is no input or decision",
        5,
        id="a column that computes",
    ),
    pytest.param(
        model(
            input_data("amount", "number"),
            decision("answer", table(["amount"], ["level"], [("> 20 +", "1")]), inputs=["amount"]),
        ),
        BATCH,
        "the decision `answer` has faults",
        5,
        id="a decision with faults",
    ),
    pytest.param(
        made([("92233720368547758.08", "-", '"wide"'), ("> 0", "-", '"more"')], HitPolicy.FIRST),
        batch_of(
            amount=amounts("92233720368547758.08", "92233720368547758.07", "-92233720368547758.09"),
            kind=pa.array(["A"] * 3),
        ),
        "a number or day is too large to be told from the tables' own",
        1,
        id="numbers beyond 64 bits beside a cell that names one",
    ),
]


@pytest.mark.parametrize(("asked", "batch", "reason", "rows"), ROW_BY_ROW)
def test_what_cannot_be_done_in_columns_goes_row_by_row(asked: Model, batch: Any, reason: str, rows: int) -> None:
    decided = decide(asked, "answer", batch)
    assert {told: len(places) for told, places in decided.by_row.items()} == {reason: rows}


def test_numbers_beyond_64_bits_are_placed_where_no_cell_names_one() -> None:
    wide = amounts("99999999999999999.99", "-99999999999999999.99", "92233720368547758.08")
    decided = decide(made(), "answer", batch_of(amount=wide, kind=pa.array(["B", "A", "B"])))
    assert decided.answers.to_pydict() == {"answer": ["high", "low", "high"]}
    assert decided.by_row == {}


def test_allowed_values_and_constrained_types_are_kept() -> None:
    kinds = ItemDefinition("kinds", "string", allowed=UnaryTests('"A", "B", "C"'))
    asked = sound_model(
        input_data("kind", "kinds"),
        decision("answer", table(["kind"], ["level"], [('"A"', "1"), ("-", "2")], HitPolicy.FIRST), inputs=["kind"]),
        types=[kinds],
    )
    decided = decide(asked, "answer", batch_of(kind=pa.array(["A", "B", "D", None])))
    assert list(decided.faults) == [2]
    assert len(decided.by_row) == 1


def graph(policy: HitPolicy = HitPolicy.FIRST) -> Model:
    """Two tables whose answers a third one looks at, beside an input that the first has looked at already."""
    size = table(["amount"], ["size"], [("< 10", '"small"'), ("< 100", '"large"'), ("-", "null")], policy)
    risk = table(["kind", "amount"], ["risk"], [('"A"', "-", "1"), ("-", ">= 50", "2.5")], HitPolicy.FIRST)
    rules = [
        ('"small"', "-", "-", '"clerk"', "true"),
        ("-", "> 2", "< 500", '"head"', "false"),
        ("null", "-", "-", '"board"', "true"),
    ]
    answer = table(["size", "risk", "amount"], ["role", "urgent"], rules, HitPolicy.FIRST)
    return sound_model(
        input_data("amount", "number"),
        input_data("kind", "string"),
        decision("size", size, inputs=["amount"], type_ref="string"),
        decision("risk", risk, inputs=["amount", "kind"]),
        decision("answer", answer, inputs=["amount"], decisions=["size", "risk"]),
    )


GRAPH_BATCH = batch_of(
    amount=amounts("5", "50", "60", "499.99", "500", "9.99", None), kind=pa.array(["A", "A", "B", "B", "B", None, "C"])
)


def test_a_graph_of_tables_is_decided_in_columns() -> None:
    decided = decide(graph(), "answer", GRAPH_BATCH)
    assert decided.answers["role"].to_pylist() == ["clerk", None, "head", "head", "board", "clerk", "board"]
    assert decided.by_row == {}


def test_a_conflict_in_a_table_below_goes_row_by_row() -> None:
    decided = decide(graph(HitPolicy.UNIQUE), "answer", GRAPH_BATCH)
    assert len(decided.by_row) == 1
    assert set(decided.faults) == {0, 1, 2, 5}


def test_answers_collected_from_rules_do_not_go_on_to_a_table_in_columns() -> None:
    count = table(["amount"], ["hit"], [("> 1", "1"), ("> 5", "1")], HitPolicy.COLLECT, aggregation=Aggregation.COUNT)
    asked = sound_model(
        input_data("amount", "number"),
        decision("hits", count, inputs=["amount"]),
        decision(
            "answer",
            table(["hits"], ["level"], [("2", '"both"'), ("-", '"less"')], HitPolicy.FIRST),
            decisions=["hits"],
        ),
    )
    decided = decide(asked, "answer", batch_of(amount=amounts("1", "2", "6")))
    assert list(decided.by_row) == ["the answers of `hits`, collected from rules, go on to a table"]


@pytest.mark.parametrize(
    ("outputs", "policy", "expected"),
    [
        pytest.param(["1", "2"], HitPolicy.FIRST, pa.decimal128(1, 0), id="whole numbers"),
        pytest.param(["1.50", "1000"], HitPolicy.FIRST, pa.decimal128(6, 2), id="the widest scale that is written"),
        pytest.param(
            ["1E+30", "0.000000000000000000000000000001"],
            HitPolicy.FIRST,
            pa.decimal256(61, 30),
            id="too wide for 128 bits",
        ),
        pytest.param(['"a"', "null"], HitPolicy.FIRST, pa.dictionary(pa.int32(), pa.string()), id="texts"),
        pytest.param(["true", "false"], HitPolicy.FIRST, pa.bool_(), id="booleans"),
        pytest.param(['date("2026-03-27")', 'date("2026-03-28")'], HitPolicy.FIRST, pa.date32(), id="days"),
        pytest.param(["null", "null"], HitPolicy.FIRST, pa.null(), id="nothing"),
        pytest.param(['"a"', '"b"'], HitPolicy.RULE_ORDER, pa.list_(pa.string()), id="lists"),
    ],
)
def test_constants_tell_the_type(outputs: list[str], policy: HitPolicy, expected: pa.DataType) -> None:
    asked = made([("< 10", "-", outputs[0]), ("-", "-", outputs[1])], policy)
    decided = decide(asked, "answer", BATCH)
    assert decided.answers.schema.field("answer").type == expected
    assert decided.answers.schema == columnar.compile(asked, "answer").schema


def test_an_answer_that_does_not_fit_its_column_is_told() -> None:
    asked = made(
        [("< 10", "-", "1"), ("-", "-", "2")],
        HitPolicy.RULE_ORDER,
        [OutputClause("level", default=LiteralExpression("3"))],
    )
    nobody = made([("< 0", "-", "1")], HitPolicy.RULE_ORDER, [OutputClause("level", default=LiteralExpression("3"))])
    assert decide(asked, "answer", BATCH).faults == {}
    decided = columnar.compile(nobody, "answer").decide(BATCH)
    assert decided.answers["answer"].to_pylist() == [None] * 5
    assert [[fault.code for fault in faults] for faults in decided.faults.values()] == [["COLUMN-VALUE-01"]] * 5


@pytest.mark.parametrize(
    ("asked", "column", "code"),
    [
        pytest.param("answer", pa.array([1.5] * 5), "COLUMN-TYPE-01", id="floats"),
        pytest.param("answer", pa.array([[1.5]] * 5), "COLUMN-TYPE-01", id="floats in a list"),
        pytest.param("answers", pa.array([1] * 5), "COLUMN-DECISION-01", id="no such decision"),
    ],
)
def test_what_is_refused(asked: str, column: Any, code: str) -> None:
    with pytest.raises(columnar.Refused) as refused:
        columnar.compile(made(), asked).decide(BATCH.set_column(0, "amount", column))
    assert refused.value.fault.code == code


def test_two_columns_of_one_name_are_refused() -> None:
    twice = pa.RecordBatch.from_arrays(
        [BATCH.column(0), BATCH.column(0), BATCH.column(1)], ["amount", "amount", "kind"]
    )
    with pytest.raises(columnar.Refused, match="the column `amount` is there 2 times"):
        columnar.compile(made(), "answer").decide(twice)


def test_a_decision_whose_answers_have_no_known_type_is_refused() -> None:
    asked = sound_model(input_data("amount"), decision("answer", "amount + 1", inputs=["amount"]))
    with pytest.raises(columnar.Refused, match="declare the decision's type"):
        columnar.compile(asked, "answer")


def test_a_table_and_a_stream_are_decided_batch_by_batch() -> None:
    asked = made([("< 10", "-", '"low"'), ("<= 10", '"B"', '"too"')])
    kernel = columnar.compile(asked, "answer")
    parts = [BATCH.slice(0, 2), BATCH.slice(2, 0), BATCH.slice(2)]
    whole = kernel.decide(pa.Table.from_batches(parts))
    assert_equal(asked, "answer", BATCH.to_pylist(), whole)
    assert isinstance(whole.answers, pa.Table)
    reader = pa.RecordBatchReader.from_batches(BATCH.schema, parts)
    for part, decided in zip(parts, kernel.stream(reader), strict=True):
        assert_equal(asked, "answer", part.to_pylist(), decided)
    assert kernel.decide(pa.Table.from_batches([], BATCH.schema)).answers.num_rows == 0


def test_now_reaches_the_rows() -> None:
    asked = sound_model(
        input_data("amount", "number"), decision("answer", "date(now())", inputs=["amount"], type_ref="date")
    )
    decided = columnar.compile(asked, "answer").decide(BATCH, datetime(2026, 3, 27, tzinfo=UTC))
    assert decided.answers["answer"].to_pylist() == [date(2026, 3, 27)] * 5


TIGHT = Bounds(places=40, sets_bits=80, dense_places=0, pieces=30, covers=64, outcomes=3)


@pytest.mark.parametrize("policy", [HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.RULE_ORDER])
def test_what_is_forgotten_for_want_of_room_is_learnt_again(policy: HitPolicy) -> None:
    rules = [
        (f"[{low}..{low + 40})", f'"{kind}"', "-", f'"{kind if policy is HitPolicy.ANY else low}"')
        for low in range(0, 100, 9)
        for kind in "ABC"
    ]
    asked = sound_model(
        *(input_data(name) for name in ("amount", "kind", "unit")),
        decision(
            "answer", table(["amount", "kind", "unit"], ["level"], rules, policy), inputs=["amount", "kind", "unit"]
        ),
    )
    rows = [(number % 140, "ABCD"[number % 4], "XYZ"[number % 3]) for number in range(900)]
    batch = batch_of(
        amount=pa.array([row[0] for row in rows]),
        kind=pa.array([row[1] for row in rows]),
        unit=pa.array([row[2] for row in rows]),
    )
    kernel = columnar.compile(asked, "answer", bounds=TIGHT)
    for _ in range(2):
        decided = kernel.decide(batch)
        assert_equal(asked, "answer", batch.to_pylist(), decided)
        assert set(decided.by_row) <= {"too many rules meet"}
    assert policy is HitPolicy.RULE_ORDER or decided.by_row == {}


def test_a_column_of_a_table_holds_its_values_to_its_type() -> None:
    rules = table(["kind"], ["level"], [('"A"', "1"), ("-", "2")], HitPolicy.FIRST, types=["number"])
    asked = sound_model(input_data("kind"), decision("answer", rules, inputs=["kind"]))
    decided = decide(asked, "answer", batch_of(kind=pa.array(["A", None])))
    assert list(decided.faults) == [0]


def test_days_beyond_the_years_of_python_are_decided_by_themselves() -> None:
    rules = table(["day"], ["level"], [('> date("9999-12-31")', "1"), ("-", "2")], HitPolicy.FIRST)
    asked = sound_model(input_data("day", "date"), decision("answer", rules, inputs=["day"]))
    days = pa.array([3_000_000, 0, -3_000_000], pa.int32()).cast(pa.date32())
    decided = columnar.compile(asked, "answer").decide(batch_of(day=days))
    assert decided.answers["answer"].to_pylist() == [1, 2, 2]
    assert [rows.tolist() for rows in decided.by_row.values()] == [[0, 2]]
