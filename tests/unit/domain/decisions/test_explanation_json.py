"""The JSON form of a value in an explanation: plain, no digit lost, and readable where JSON has no form of its own."""

from datetime import UTC, date, time
from decimal import Decimal

import pytest

from comptroller.domain.decisions.explanation import JsonValue, json_value
from comptroller.domain.feel import (
    BUILTINS,
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    Function,
    MonthsDuration,
    Range,
    Value,
)


@pytest.mark.parametrize(
    ("value", "json"),
    [
        pytest.param(None, None, id="null"),
        pytest.param(7, "7", id="an int"),
        pytest.param(Decimal("7.50"), "7.50", id="trailing zeros"),
        pytest.param([date(2026, 3, 27)], ["2026-03-27"], id="a day in a list"),
        pytest.param({"at": time(8, tzinfo=UTC)}, {"at": "08:00:00+00:00"}, id="a time in a context"),
        pytest.param(FarDate(-44, 3, 15), "-0044-03-15", id="a far day"),
        pytest.param(FineTime(time(8), 1), "08:00:00.000000001", id="a fine time"),
        pytest.param(
            FarDateAndTime(date(2026, 3, 27), FineTime(time(8), 1)), "2026-03-27T08:00:00.000000001", id="a fine moment"
        ),
        pytest.param(DaysDuration(Decimal(90)), "PT1M30S", id="a duration"),
        pytest.param(MonthsDuration(14), "P1Y2M", id="a duration of months"),
        pytest.param(Range(Decimal(1), None, True, False), "[1..)", id="a range"),
        pytest.param(Function(("a", "b"), lambda a, _b: a), "function(a, b)", id="a function"),
        pytest.param(BUILTINS["sum"], "sum", id="a built-in function"),
        pytest.param(Range("a" * 10**6, "b", True, True), "range", id="a range too long to write"),
    ],
)
def test_json_value(value: Value, json: JsonValue) -> None:
    assert json_value(value) == json
