"""FEEL without a model: a value and the reasons for it, whatever comes in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from comptroller import dmn


@pytest.mark.parametrize(
    ("text", "scope", "value"),
    [
        pytest.param("1 + 1", None, Decimal(2), id="without a scope"),
        pytest.param("net amount * 2", {"net amount": 3}, Decimal(6), id="a name with a blank"),
        pytest.param("a-b", {"a-b": 1, "a": 5, "b": 2}, Decimal(1), id="a name with an operator"),
        pytest.param("lines[2].net", {"lines": ({"net": 1}, {"net": 2})}, Decimal(2), id="plain Python, deeply"),
        pytest.param("day + days", {"day": date(2026, 3, 27), "days": timedelta(5)}, date(2026, 4, 1), id="timedelta"),
        pytest.param("[1, 2]", {}, [Decimal(1), Decimal(2)], id="a list"),
    ],
)  # fmt: skip
def test_expression_gives_a_value(text: str, scope: Any, value: dmn.Value) -> None:
    assert dmn.feel.evaluate(text, scope) == dmn.feel.Answer(value, ())


@pytest.mark.parametrize(
    ("text", "scope", "code", "path"),
    [
        pytest.param("1 +", {}, "FEEL-SYNTAX-01", "offset 3", id="no FEEL"),
        pytest.param("1 + a", {"a": None}, "FEEL-TYPE-01", "offset 2", id="a null that was come by"),
        pytest.param("a", {"a": 1.5}, "DMN-INPUT-03", "input[a]", id="a float"),
        pytest.param("1", {"a": [{"b": 1.5}]}, "DMN-INPUT-03", "input[a[1].b]", id="a float that is not looked at"),
        pytest.param("a > 1", {"a": Decimal("NaN")}, "DMN-INPUT-02", "", id="a NaN"),
        pytest.param("a", {"a": object()}, "DMN-INPUT-03", "input[a]", id="any object"),
        pytest.param("(" * 500, {}, "FEEL-LIMIT-02", "offset 100", id="too deep"),
    ],
)
def test_what_goes_wrong_is_told_and_not_raised(text: str, scope: Any, code: str, path: str) -> None:
    answer = dmn.feel.evaluate(text, scope)
    assert answer.value is None
    assert (answer.faults[0].code, answer.faults[0].path) == (code, path)


def test_time_is_told_as_it_is_given() -> None:
    now = datetime(2026, 3, 27, 8, tzinfo=UTC)
    assert dmn.feel.evaluate("now()", now=now).value == now
    assert dmn.feel.evaluate("now()").value is None
