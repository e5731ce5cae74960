"""Values spread over rows: the same as Arrow takes, for every type of an answer, with nulls and without."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.columnar.spread import spread

NUMBERS = [Decimal("1.50"), Decimal("-2.00"), None, Decimal("99.99"), Decimal("0.00")]
COLUMNS = {
    "narrow decimals": pa.array(NUMBERS, pa.decimal128(4, 2)),
    "wide decimals": pa.array(NUMBERS, pa.decimal256(76, 38)),
    "no nulls": pa.array([Decimal(number) for number in range(5)], pa.decimal128(1, 0)),
    "days": pa.array([date(2026, 1, 1), None, date.min, date.max, None], pa.date32()),
    "texts": pa.array(["clerk", None, "controller", "clerk", "Prüfer"]).dictionary_encode(),
    "truth": pa.array([True, None, False, True, None]),
    "lists": pa.array([["a"], None, [], ["b", "c"], ["d"]]),
    "nothing": pa.nulls(5),
    "cut out of a longer one": pa.array([None, *NUMBERS, None], pa.decimal128(4, 2)).slice(1, 5),
}
PLACES = st.lists(st.integers(0, 4), max_size=40)


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
@given(places=PLACES)
def test_every_row_has_the_value_at_its_place(column: Any, places: list[int]) -> None:
    (found,) = spread([column], np.array(places, np.int32))
    found.validate(full=True)
    assert found.type == column.type
    assert found.to_pylist() == [column[place].as_py() for place in places]


def test_columns_of_more_rows_than_go_at_once() -> None:
    places = np.arange(100_000, dtype=np.int32) % 5
    for column, found in zip(COLUMNS.values(), spread(list(COLUMNS.values()), places), strict=True):
        assert found.equals(column.take(pa.array(places)))
