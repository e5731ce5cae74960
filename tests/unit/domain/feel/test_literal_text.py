"""A value written as an expression gives the same value again."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptroller.domain.feel import (
    DaysDuration,
    Evaluation,
    FarDate,
    FineTime,
    Function,
    MonthsDuration,
    Range,
    Value,
    compile_expression,
)
from comptroller.domain.feel.text import literal_text

OFFSETS = st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30))])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', "\\", "a\\u0041", "\n\t\r"]
)
SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    TEXTS,
    st.dates(),
    st.times(timezones=OFFSETS),
    st.datetimes(timezones=OFFSETS),
    st.builds(FarDate, st.integers(10_000, 999_999_999), st.integers(1, 12), st.integers(1, 28)),
    st.builds(FineTime, st.times(timezones=OFFSETS), st.integers(1, 999)),
    st.builds(MonthsDuration, st.integers(-10_000, 10_000)),
    st.builds(DaysDuration, st.integers(-(10**9), 10**9).map(Decimal)),
)
RANGES = st.builds(Range, NUMBERS, NUMBERS, st.booleans(), st.booleans())
NAMES = st.text("ab c.-+\n", min_size=1, max_size=4) | st.sampled_from(["for", "a and b", "null", "if a", "a'b", '"'])
VALUES = st.recursive(
    SCALARS | RANGES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
@settings(deadline=None, max_examples=200)
def test_value_written_and_evaluated_is_the_same(value: Value) -> None:
    expression = compile_expression(literal_text(value))
    assert expression.faults == ()
    assert expression.evaluate({}, Evaluation()) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Decimal("1.50"), "1.5", id="no zeros behind"),
        pytest.param(Decimal("1E+3"), "1000", id="no exponent"),
        pytest.param('say "hi"\n', r'"say \"hi\"\n"', id="a text on one line"),
        pytest.param(date(2026, 3, 27), 'date("2026-03-27")', id="a day"),
        pytest.param(time(8, tzinfo=UTC), 'time("08:00:00Z")', id="a time"),
        pytest.param(datetime(2026, 3, 27, 8, tzinfo=UTC), 'date and time("2026-03-27T08:00:00Z")', id="a moment"),
        pytest.param(MonthsDuration(-14), 'duration("-P1Y2M")', id="a duration"),
        pytest.param(Range(None, Decimal(3), False, True), "(<= 3)", id="a range without a start"),
        pytest.param(Range(Decimal(3), None, False, False), "(> 3)", id="a range without an end"),
        pytest.param(FineTime(time(8), 1), 'time("08:00:00.000000001")', id="a fine time"),
        pytest.param({"a b": [None, True]}, "{a b: [null, true]}", id="a context"),
        pytest.param(Function(("a", "b"), lambda a, _: a), "function(a, b)", id="a function"),
    ],
)
def test_values_are_written_as_an_author_would(value: Value, text: str) -> None:
    assert literal_text(value) == text


def test_value_that_grows_without_bound_is_named_only() -> None:
    shared: Value = ["x"]
    for _ in range(40):
        shared = [shared, shared]
    assert literal_text(shared) == "(a list too large to be written)"
