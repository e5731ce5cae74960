"""What the characters of decimals, days and texts may be."""

from datetime import date
from decimal import Decimal

import pytest

from comptroller.domain.documents import lexical


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1234.50", "1234.50", id="plain"),
        pytest.param("-0.01", "-0.01", id="negative"),
        pytest.param("+7", "7", id="with a plus"),
        pytest.param(".5", "0.5", id="without a leading zero"),
        pytest.param("5.", "5", id="with a point and no decimals"),
        pytest.param("999999999999999999", "999999999999999999", id="the most digits before the point"),
        pytest.param("0." + "0" * 33 + "1", "0." + "0" * 33 + "1", id="the most digits after the point"),
        pytest.param("10.000000000000000000", "10.000000000000000000", id="trailing zeros are kept"),
        pytest.param("1000000000000000000", None, id="one digit too many before the point"),
        pytest.param("0." + "0" * 34 + "1", None, id="one digit too many after the point"),
        pytest.param("1e3", None, id="exponent"),
        pytest.param("NaN", None, id="not a number"),
        pytest.param("Infinity", None, id="infinity"),
        pytest.param("1,50", None, id="decimal comma"),
        pytest.param("1 000", None, id="grouped"),
        pytest.param("٣", None, id="digits of another script"),
        pytest.param("", None, id="empty"),
        pytest.param("--1", None, id="two signs"),
    ],
)
def test_a_decimal_is_read_exactly_or_not_at_all(text: str, value: str | None) -> None:
    read = lexical.decimal_of(text)

    assert str(read) == str(value if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2026-02-28", date(2026, 2, 28), id="a day"),
        pytest.param("2026-02-29", None, id="no leap year"),
        pytest.param("20260228", None, id="without hyphens"),
        pytest.param("2026-W01-1", None, id="week date"),
        pytest.param("2026-02-28T00:00:00", None, id="an instant"),
        pytest.param("28.02.2026", None, id="as written in German"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_day_is_a_calendar_day(text: str, day: date | None) -> None:
    assert lexical.day_of(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Gehäuse\n2. Lieferung\tA", None, id="several lines"),
        pytest.param("x" * 20_000, None, id="as long as may be"),
        pytest.param("x" * 20_001, "DOC-TEXT-01", id="too long"),
        pytest.param("a\x00b", "DOC-TEXT-02", id="null character"),
        pytest.param("a\ud800b", "DOC-TEXT-02", id="lone surrogate"),
        pytest.param("a\u200bb", None, id="an invisible but storable character"),
    ],
)
def test_a_text_must_be_storable(text: str, code: str | None) -> None:
    problem = lexical.text_problem(text)

    assert (problem[0] if problem else None) == code
