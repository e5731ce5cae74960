"""Tests that compare with literals alone mean the same as read and as compiled, diagnostics included."""

from collections import Counter
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptroller.domain.feel import BUILTINS, DaysDuration, Evaluation, Range, Value, tree
from comptroller.domain.feel.compiler import compile_node
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read
from comptroller.domain.feel.plain_tests import plain_tests

LITERALS = ["7", "-7", "0", "-0", "1.50", '"A"', '""', "true", "false", "null", 'date("2026-01-02")', '@"2026-01-02"']
SINGLE = st.one_of(
    st.sampled_from(LITERALS),
    st.builds("{} {}".format, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.sampled_from(LITERALS)),
    st.builds(
        "{}{}..{}{}".format,
        st.sampled_from("[("),
        st.sampled_from(LITERALS),
        st.sampled_from(LITERALS),
        st.sampled_from("])"),
    ),
)
CELLS = st.one_of(
    st.lists(SINGLE, min_size=1, max_size=4).map(", ".join),
    st.lists(SINGLE, min_size=1, max_size=3).map(lambda tests: f"not({', '.join(tests)})"),
    st.just("-"),
)
VALUES: list[Value] = [
    Decimal(7), Decimal("7.0"), Decimal(-7), Decimal(0), "A", "B", "", True, False, None, date(2026, 1, 2),
    datetime(2026, 1, 2, tzinfo=UTC), time(8), DaysDuration(Decimal(1)), [Decimal(7)], [], {"a": "A"},
    Range(Decimal(1), Decimal(9), start_included=True, end_included=False),
]  # fmt: skip

ways: Counter[bool] = Counter()


@settings(max_examples=300)
@given(CELLS)
def test_a_cell_means_the_same_as_read_and_as_compiled(cell: str) -> None:
    node, faults = read(cell, Vocabulary(), layer(BUILTINS), unary=True)
    if not isinstance(node, tree.Tests):
        assert faults
        return
    plain = plain_tests(node, ())
    ways[plain is not None] += 1
    if plain is None:
        return
    compiled, _ = compile_node(node, BUILTINS, ())
    for value in VALUES:
        told = []
        for program in (plain[0], compiled):
            evaluation = Evaluation()
            told.append((program(evaluation, {}, value), evaluation.faults))
        assert told[0] == told[1], value


@pytest.mark.parametrize(
    "cell",
    ["x", "? > 7", "< x", "[x..7]", "7 + 1", '< "A"', '("A".."B")', "date(x)", 'date("nonsense")', "[1, 2]"],
)
def test_a_cell_that_looks_at_more_is_compiled(cell: str) -> None:
    node, _ = read(cell, Vocabulary(("x",)), layer(BUILTINS), unary=True)
    assert isinstance(node, tree.Tests)
    assert plain_tests(node, ("x",)) is None


def test_a_variable_named_date_hides_the_function() -> None:
    node, _ = read('date("2026-01-02")', Vocabulary(("date",)), layer(BUILTINS), unary=True)
    assert isinstance(node, tree.Tests)
    assert plain_tests(node, ("date",)) is None
