"""Random tables over random columns: what the batch says is what deciding each row says, value, rule and faults."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.unit.adapters.columnar.single_evaluation import batch_of, decide
from tests.unit.domain.decisions.models import decision, input_data, sound_model, table

from comptroller.adapters.columnar.answers import ONE_RULE
from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import (
    Aggregation,
    HitPolicy,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)

LITERALS = {
    "amount": "0 7 9.999 10 10.00 -12.5 100 1000000.01 1E3 0.000000001 -99999999999999999999".split(),
    "kind": [
        '"A"',
        '"B"',
        '"Ä"',
        '""',
        '"eight by"',
        '"eight bytes"',
        '"eight bytez"',
        '"sixteen bytes ok"',
        '"a text of more than sixteen bytes"',
        '"a text of more THAN sixteen bytes"',
        '"日本"',
        '"A\\u0000"',
    ],
    "urgent": ["true", "false"],
    "day": [f'date("{day}")' for day in "2026-01-01 2026-01-02 1969-12-31 9999-12-31 0001-01-01".split()],
}
NUMBERS = [
    Decimal(text)
    for text in "0 7 9.99 9.999 10 10.01 -12.5 -12.51 100 1000000.01 999.99 1000 0.000000001 92233720368547758.07 "
    "92233720368547758.08 -92233720368547758.09 -99999999999999999999 123456789012345678901".split()
]
TEXTS = [text.strip('"').replace("\\u0000", "\0") for text in LITERALS["kind"]] + [
    "a", "AA", "eight bi", "eight bites", "sixteen bytes no", "a text of more than sixteen byte!", "C", "Ö",
]  # fmt: skip
DAYS = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(1969, 12, 31), date.min, date.max]
EXAMPLES = 60
TYPES = {"amount": "number", "kind": "string", "urgent": "boolean", "day": "date"}


def _cells(name: str) -> st.SearchStrategy[str]:
    literal = st.sampled_from(LITERALS[name])
    some = st.lists(literal, min_size=1, max_size=3).map(", ".join)
    forms = [
        st.just("-"),
        st.just("-"),
        literal,
        some,
        some.map("not({})".format),
        st.just("null"),
        st.just("not(null)"),
    ]
    if name in {"amount", "day"}:
        ends = st.tuples(st.sampled_from("[("), literal, literal, st.sampled_from("])"))
        ranges = ends.map(lambda end: f"{end[0]}{end[1]}..{end[2]}{end[3]}")
        bounds = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), literal).map(" ".join)
        forms += [ranges, ranges, bounds, st.tuples(ranges, literal).map(", ".join), ranges.map("not({})".format)]
    return st.one_of(forms)


CELLS = {name: _cells(name) for name in TYPES}
OUTPUTS = ["1", "1.5", "1.50", "-2", "1000000"]
ROLES = ['"clerk"', '"controller"', '"Prüfer"', "null"]
NUMBER_TYPES = [
    *(pa.decimal128(38, 2), pa.decimal128(38, 9), pa.decimal128(20, 0), pa.decimal64(18, 3), pa.decimal256(60, 2)),
    *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint32(), pa.uint64()),
]
TEXT_TYPES = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
POLICIES = st.sampled_from(
    [
        *((policy, Aggregation.LIST) for policy in HitPolicy),
        *((HitPolicy.COLLECT, aggregation) for aggregation in Aggregation),
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> Model:
    """One table, some of its columns typed."""
    policy, aggregation = draw(POLICIES)
    two = policy is not HitPolicy.COLLECT and draw(st.booleans())
    outputs = st.sampled_from(OUTPUTS)
    cells = [*CELLS.values(), outputs] + ([st.sampled_from(ROLES)] if two else [])
    rows = draw(st.lists(st.tuples(*cells), max_size=8))
    # one value cannot be the default of a column of lists
    default = LiteralExpression("1.5") if policy in ONE_RULE and draw(st.booleans()) else None
    clause = OutputClause("level", default=default, allowed=UnaryTests(", ".join(OUTPUTS)))
    types = [kind if draw(st.booleans()) else "" for kind in TYPES.values()]
    made = table(list(TYPES), [clause, "role"] if two else [clause], rows, policy, aggregation=aggregation, types=types)
    inputs = [input_data(name, kind if draw(st.booleans()) else "") for name, kind in TYPES.items()]
    return sound_model(*inputs, decision("answer", made, inputs=list(TYPES)))


def _maybe(values: Sequence[Any], *, nulls: bool) -> st.SearchStrategy[Any]:
    return st.sampled_from([*values, None] if nulls else values)


def _numbers(draw: st.DrawFn, rows: int, *, nulls: bool) -> Any:
    kind = draw(
        st.sampled_from(
            [
                pa.decimal128(38, 2),
                pa.decimal128(38, 9),
                pa.decimal128(20, 0),
                pa.int8(),
                pa.int64(),
                pa.uint64(),
                pa.decimal64(18, 3),
            ]
        )
    )
    fitting = []
    for number in NUMBERS:
        try:
            fitting.append(pa.scalar(number if pa.types.is_decimal(kind) else _whole(number), kind).as_py())
        except (pa.ArrowInvalid, OverflowError):
            continue
    return pa.array(draw(st.lists(_maybe(fitting, nulls=nulls), min_size=rows, max_size=rows)), kind)


def _whole(number: Decimal) -> int:
    if number != int(number):
        raise OverflowError
    return int(number)


def _texts(draw: st.DrawFn, rows: int, *, nulls: bool) -> Any:
    kind = draw(
        st.sampled_from([pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())])
    )
    values = draw(st.lists(_maybe(TEXTS, nulls=nulls), min_size=rows, max_size=rows))
    return pa.array(values, pa.string()).cast(kind) if pa.types.is_dictionary(kind) else pa.array(values, kind)


@st.composite
def batches(draw: st.DrawFn) -> Any:
    """Some rows, now and then cut out of a longer batch, with a column of another type or none."""
    rows, nulls = draw(st.integers(1, 12)), draw(st.booleans())
    columns = {
        "amount": _numbers(draw, rows, nulls=nulls),
        "kind": _texts(draw, rows, nulls=nulls),
        "urgent": pa.array(
            draw(st.lists(_maybe([True, False], nulls=nulls), min_size=rows, max_size=rows)), pa.bool_()
        ),
        "day": pa.array(draw(st.lists(_maybe(DAYS, nulls=nulls), min_size=rows, max_size=rows)), pa.date32()),
    }
    odd = draw(st.sampled_from([None] * 6 + ["missing", "null", "text"]))
    if odd is not None:
        name = draw(st.sampled_from(list(columns)))
        if odd == "missing":
            del columns[name]
        else:
            columns[name] = pa.nulls(rows) if odd == "null" else pa.array(["A"] * rows)
    first = draw(st.integers(0, rows - 1))
    return batch_of(**columns).slice(first)


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables(), batches())
def test_columns_say_what_each_row_says(model: Model, batch: Any) -> None:
    decided = decide(model, "answer", batch)
    for reason in decided.by_row:
        event(reason)


@st.composite
def graphs(draw: st.DrawFn) -> Model:
    """A table that looks at the answer of another one, and at an input that both look at."""
    policies = st.sampled_from(sorted(ONE_RULE))
    below = draw(st.lists(st.tuples(*CELLS.values(), st.sampled_from([*OUTPUTS, "null"])), max_size=6))
    first = table(list(TYPES), [OutputClause("level", allowed=UnaryTests(", ".join(OUTPUTS)))], below, draw(policies))
    above = draw(st.lists(st.tuples(CELLS["amount"], CELLS["amount"], st.sampled_from(ROLES)), min_size=1, max_size=6))
    second = table(["level", "amount"], ["role"], above, draw(st.sampled_from([HitPolicy.FIRST, HitPolicy.COLLECT])))
    return sound_model(
        *(input_data(name, kind) for name, kind in TYPES.items()),
        decision("level", first, inputs=list(TYPES), type_ref=draw(st.sampled_from(["", "number"]))),
        decision("answer", second, inputs=["amount"], decisions=["level"]),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(graphs(), batches())
def test_columns_of_a_graph_say_what_each_row_says(model: Model, batch: Any) -> None:
    decide(model, "answer", batch)
