"""The index of a column answers as its cells do, for whatever cells and whatever value."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.decisions.columns import Cells, index
from comptroller.domain.feel import Evaluation, Value, compile_unary_tests

TEXTS = st.sampled_from(["", "A", "B", "DE", "x", "xx"])
NUMBERS = st.one_of(
    st.integers(-3, 3).map(Decimal),
    st.sampled_from([Decimal("0.5"), Decimal("1.00"), Decimal("-1E+3"), Decimal("1E-30")]),
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 6)) | st.sampled_from([date.min, date.max])


def number_text(value: Decimal) -> str:
    return format(value, "f")


def day_text(value: date) -> str:
    return f'date("{value.isoformat()}")'


def text_text(value: str) -> str:
    return f'"{value}"'


ORDERED = st.one_of(
    st.tuples(NUMBERS.map(number_text), NUMBERS.map(number_text)), st.tuples(DAYS.map(day_text), DAYS.map(day_text))
)
LITERALS = st.one_of(
    NUMBERS.map(number_text), DAYS.map(day_text), TEXTS.map(text_text), st.sampled_from(["true", "false", "null"])
)
COMPARISONS = st.builds(
    lambda operator, ends: f"{operator} {ends[0]}", st.sampled_from(["<", "<=", ">", ">="]), ORDERED
)
INTERVALS = st.builds(
    lambda opening, ends, closing: f"{opening}{ends[0]}..{ends[1]}{closing}",
    st.sampled_from("[("),
    ORDERED,
    st.sampled_from("])"),
)
TESTS = st.one_of(LITERALS, COMPARISONS, INTERVALS)
LISTS = st.lists(TESTS, min_size=1, max_size=3).map(", ".join)
CELLS = st.one_of(LISTS, LISTS.map(lambda tests: f"not({tests})"))
VALUES: st.SearchStrategy[Value] = st.one_of(
    NUMBERS,
    TEXTS,
    DAYS,
    st.booleans(),
    st.none(),
    st.just(datetime(2026, 1, 2, tzinfo=UTC)),
    st.just([Decimal(1)]),
    st.just({}),
)


@given(st.lists(CELLS, min_size=1, max_size=6, unique=True), st.lists(VALUES, min_size=1, max_size=8))
def test_an_index_answers_as_its_cells(texts: list[str], values: list[Value]) -> None:
    tests = [compile_unary_tests(text) for text in texts]
    cells = [Cells(1 << place, tests[place], tests[place].literals or ()) for place, text in enumerate(texts)]
    column = index(cells, open_rules=0)
    for value in values:
        accepting = [place for place, test in enumerate(tests) if test.matches(value, {}, Evaluation()) is True]
        assert column.rules_for(value, Evaluation()) == sum(1 << place for place in accepting)


@given(CELLS)
def test_every_cell_of_literals_is_indexed(text: str) -> None:
    assert compile_unary_tests(text).literals is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("limit", id="a variable"),
        pytest.param("> limit", id="a comparison with a variable"),
        pytest.param("[1..limit]", id="an interval up to a variable"),
        pytest.param('< "M"', id="an order of texts"),
        pytest.param('["A".."M"]', id="an interval of texts"),
        pytest.param('contains(?, "x")', id="a function of the value"),
        pytest.param("? * 2 > 3", id="arithmetic"),
        pytest.param("date(year, 1, 1)", id="a day put together"),
        pytest.param('date("2026-13-01")', id="a day that is none"),
        pytest.param('"A", limit', id="one variable among literals"),
        pytest.param("1 +", id="no FEEL at all"),
    ],
)
def test_a_cell_that_looks_at_more_than_literals_is_left_to_evaluation(text: str) -> None:
    assert compile_unary_tests(text).literals is None


def test_open_rules_are_always_among_those_found() -> None:
    column = index([Cells(0b01, compile_unary_tests('"A"'), ("A",))], open_rules=0b10)
    assert [column.rules_for(value, Evaluation()) for value in ("A", "B", None)] == [0b11, 0b10, 0b10]


def test_a_value_of_another_kind_is_noted() -> None:
    column = index([Cells(1, compile_unary_tests("< 10"), (Decimal(10),))], open_rules=0)
    evaluation = Evaluation()
    assert column.rules_for("ten", evaluation) == 0
    assert [fault.code for fault in evaluation.faults] == ["FEEL-TYPE-02"]


def test_a_column_of_times_is_asked_cell_by_cell_whether_its_cells_can_tell() -> None:
    tests = compile_unary_tests('@"10:00:00"')
    column = index([Cells(1, tests, tests.literals or ())], 0)
    assert [column.judge(value) for value in (time(10), time(11), None)] == [(1, 0), (0, 0), (0, 0)]
