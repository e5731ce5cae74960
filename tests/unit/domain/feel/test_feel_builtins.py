"""The functions of the language, by the groups of DMN 1.5, clause 10.3.4."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.unit.domain.feel.feel_run import value_of

from comptroller.domain.feel import BUILTINS, DaysDuration, MonthsDuration, Range


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('number("1 234,50", " ", ",")', Decimal("1234.50"), id="separators of France"),
        pytest.param('number("1,234.50", ",", ".")', Decimal("1234.50"), id="separators of England"),
        pytest.param('number("1.5")', Decimal("1.5"), id="no separators"),
        pytest.param('number("1,5", ",", ",")', None, id="one separator for both"),
        pytest.param('number("0x1F")', None, id="no number"),
        pytest.param("string(1.50)", "1.5", id="number without trailing zeros"),
        pytest.param("string(10 ** 20)", "1" + "0" * 20, id="number without exponent"),
        pytest.param('string([1, "a", null, {b c: @"P1D"}])', '[1, "a", null, {b c: P1D}]', id="nested value"),
        pytest.param('string({"a+b": "q\\""})', '{"a+b": "q\\""}', id="key and text in quotes"),
        pytest.param("string(]1..2])", "(1..2]", id="range"),
        pytest.param("string(null)", None, id="null stays null"),
        pytest.param('date("2026-02-29")', None, id="no such day"),
        pytest.param("date(2026, 3, 27)", date(2026, 3, 27), id="day of its parts"),
        pytest.param('date(date and time("2026-03-27T23:00:00Z"))', date(2026, 3, 27), id="day of a moment"),
        pytest.param('time("08:30:00+02:00")', time(8, 30, tzinfo=timezone(timedelta(hours=2))), id="time with offset"),
        pytest.param('time("25:00:00")', None, id="no such time"),
        pytest.param(
            'time(8, 30, 1.5, duration("-PT1H"))', time(8, 30, 1, 500_000, timezone(-timedelta(hours=1))), id="parts"
        ),
        pytest.param('time(date("2026-03-27"))', time(tzinfo=UTC), id="a day begins at midnight"),
        pytest.param('date and time("2026-03-27")', datetime(2026, 3, 27), id="a day's midnight"),  # noqa: DTZ001  # FEEL has local times
        pytest.param(
            'date and time(date("2026-03-27"), time("08:00:00@Europe/Berlin"))',
            datetime(2026, 3, 27, 8, tzinfo=ZoneInfo("Europe/Berlin")),
            id="day and time",
        ),
        pytest.param(
            'date and time(@"2026-07-01T10:00:00Z", "Europe/Berlin")',
            datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")),
            id="the instant on another clock",
        ),
        pytest.param('date and time("2026-03-27T08:00:00@Nowhere/Land")', None, id="no such zone"),
        pytest.param('duration("P1Y2M")', MonthsDuration(14), id="months"),
        pytest.param('duration("P1DT0.5S")', DaysDuration(Decimal("86400.5")), id="days and half a second"),
        pytest.param('duration("P1Y2D")', None, id="no duration of both sorts"),
        pytest.param('years and months duration(@"2025-12-31", @"2026-11-30")', MonthsDuration(10), id="whole months"),
        pytest.param('years and months duration(@"2026-11-30", @"2025-12-31")', MonthsDuration(-10), id="backwards"),
        pytest.param('range("[18..21)")', Range(Decimal(18), Decimal(21), True, False), id="range of a text"),
        pytest.param('range("[21..18]")', None, id="range the wrong way"),
    ],
)
def test_conversion(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('substring("invoice", 3)', "voice", id="from a position"),
        pytest.param('substring("invoice", -3, 2)', "ic", id="from the end"),
        pytest.param('substring("invoice", 9)', None, id="beyond the end"),
        pytest.param('substring(string: "invoice", start position: 1, length: 2)', "in", id="named"),
        pytest.param('string length("\\uD83D\\uDC0Eab")', Decimal(3), id="characters, not units"),
        pytest.param('upper case("straße")', "STRASSE", id="upper"),
        pytest.param('lower case("ABC")', "abc", id="lower"),
        pytest.param('substring before("DE-123", "-")', "DE", id="before"),
        pytest.param('substring after("DE-123", "-")', "123", id="after"),
        pytest.param('substring after("DE", "-")', "", id="after nothing"),
        pytest.param('contains("invoice", "voi")', True, id="contains"),
        pytest.param('starts with("invoice", "in")', True, id="starts"),
        pytest.param('ends with("invoice", "in")', False, id="does not end"),
        pytest.param('matches("PO-12", "^PO-\\\\d+$")', True, id="matches"),
        pytest.param('replace("PO-12", "(\\\\d)(\\\\d)", "$2$1")', "PO-21", id="replaced groups"),
        pytest.param('replace("a.b", ".", "-", "q")', "a-b", id="literal pattern"),
        pytest.param('replace("abc", "x*", "-")', None, id="a pattern of nothing"),
        pytest.param('replace("abc", "b", "$")', None, id="a replacement that names no group"),
        pytest.param('split("a; b;c", ";\\\\s*")', ["a", "b", "c"], id="split"),
        pytest.param('string join(["a", null, "b"], "-")', "a-b", id="joined without nulls"),
        pytest.param('string join(["a", 1])', None, id="not only strings"),
    ],
)
def test_strings(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("decimal(2.5, 0)", 2, id="half to even"),
        pytest.param("decimal(1 / 3, 2)", Decimal("0.33"), id="two places"),
        pytest.param("decimal(1234, -2)", 1200, id="hundreds"),
        pytest.param("decimal(1, 7000)", None, id="too many places"),
        pytest.param("floor(-1.5)", -2, id="floor"),
        pytest.param("ceiling(-1.5)", -1, id="ceiling"),
        pytest.param("floor(1.56, 1)", Decimal("1.5"), id="floor to a place"),
        pytest.param("round up(-1.21, 1)", Decimal("-1.3"), id="away from zero"),
        pytest.param("round down(-1.29, 1)", Decimal("-1.2"), id="towards zero"),
        pytest.param("round half up(-2.5, 0)", -3, id="half away from zero"),
        pytest.param("round half down(-2.5, 0)", -2, id="half towards zero"),
        pytest.param('abs(@"-PT1S")', DaysDuration(Decimal(1)), id="size of a duration"),
        pytest.param("modulo(-12, 5)", 3, id="remainder with the divisor's sign"),
        pytest.param("modulo(12, -5)", -3, id="negative divisor"),
        pytest.param("modulo(12, 0)", None, id="no remainder of zero"),
        pytest.param("sqrt(16)", 4, id="root"),
        pytest.param("decimal(log(10), 4)", Decimal("2.3026"), id="logarithm"),
        pytest.param("log(0)", None, id="no logarithm of zero"),
        pytest.param("decimal(exp(1), 4)", Decimal("2.7183"), id="power of e"),
        pytest.param("odd(3)", True, id="odd"),
        pytest.param("even(-2)", True, id="even"),
        pytest.param("even(1.5)", None, id="no parity"),
    ],
)
def test_numbers(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("list contains([1, null], null)", True, id="contains null"),
        pytest.param("count([1, 2])", 2, id="count"),
        pytest.param("min(3, 1, 2)", 1, id="least of arguments"),
        pytest.param('max(["a", "c", "b"])', "c", id="greatest of a list"),
        pytest.param('min([1, "a"])', None, id="no order"),
        pytest.param("sum([1, 2.5])", Decimal("3.5"), id="sum"),
        pytest.param('sum([@"P1D", @"PT1H"])', DaysDuration(Decimal(90_000)), id="sum of durations"),
        pytest.param("sum([])", None, id="sum of nothing"),
        pytest.param("product(2, 3, 4)", 24, id="product"),
        pytest.param("mean(1, 2, 4)", Decimal("2.333333333333333333333333333333333"), id="mean"),
        pytest.param("median([8, 2, 5, 3])", 4, id="median"),
        pytest.param("stddev(2, 4, 7, 5)", Decimal("2.081665999466132735282297706979931"), id="deviation of a sample"),
        pytest.param("mode([6, 3, 9, 6, 6, 3, 3])", [3, 6], id="most frequent"),
        pytest.param("all([true, null, false])", False, id="not all"),
        pytest.param("all([true, null])", None, id="perhaps all"),
        pytest.param("any([])", False, id="any of none"),
        pytest.param("sublist([4, 5, 6], 2)", [5, 6], id="sublist"),
        pytest.param("sublist([4, 5, 6], -2, 1)", [5], id="sublist from the end"),
        pytest.param("append([1], 2, null)", [1, 2, None], id="append"),
        pytest.param("concatenate([1], [2, 3])", [1, 2, 3], id="concatenate"),
        pytest.param("insert before([1, 3], 2, 2)", [1, 2, 3], id="insert"),
        pytest.param("remove([1, 2, 3], 2)", [1, 3], id="remove"),
        pytest.param("list replace([1, 2, 3], -1, 9)", [1, 2, 9], id="replace by position"),
        pytest.param("list replace([1, 5], function(item, new) item < new, 3)", [3, 5], id="replace by function"),
        pytest.param("reverse([1, 2])", [2, 1], id="reverse"),
        pytest.param("index of([1, 2, 1], 1)", [1, 3], id="positions"),
        pytest.param("union([1, 2], [2, 3])", [1, 2, 3], id="union"),
        pytest.param('distinct values([1, 1.0, "1", [1], [1.0], null, null])', [1, "1", [1], None], id="distinct"),
        pytest.param("flatten([[1, [2]], 3])", [1, 2, 3], id="flatten"),
        pytest.param("sort([3, 1, 2])", [1, 2, 3], id="sort by the own order"),
        pytest.param("sort(list: [1, 2, 3], precedes: function(a, b) a > b)", [3, 2, 1], id="sort by a function"),
        pytest.param('sort([1, "a"])', None, id="nothing to sort by"),
        pytest.param("sort([3, 1], function(a) a)", None, id="a function of one to sort by"),
        pytest.param("sort([3, 1], function(a, b) a)", None, id="a function that gives no truth to sort by"),
        pytest.param("sort([3, null], function(a, b) a < b)", None, id="a function that gives null to sort by"),
        pytest.param("sort([{n: 2}, {n: 1}], function(a, b) a.n < b.n).n", [1, 2], id="contexts by an entry"),
        pytest.param("count(null)", None, id="null is no list to count"),
        pytest.param("count(null, null)", 2, id="but two of it are counted"),
    ],
)
def test_lists(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('get value({a: 1}, "a")', 1, id="value"),
        pytest.param('get value({a: 1}, "b")', None, id="no value"),
        pytest.param("get entries({a: 1})", [{"key": "a", "value": 1}], id="entries"),
        pytest.param('context([{key: "a", value: 1}])', {"a": 1}, id="context of entries"),
        pytest.param('context([{key: "a", value: 1}, {key: "a", value: 2}])', None, id="an entry twice"),
        pytest.param('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}, id="put"),
        pytest.param('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}, id="put deep"),
        pytest.param('context put({a: 1}, ["a", "b"], 2)', None, id="put through a number"),
        pytest.param("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}, id="merge"),
        pytest.param('is(@"10:00:00Z", @"10:00:00+00:00")', True, id="one time"),
        pytest.param('is(@"10:00:00@Etc/UTC", @"10:00:00Z")', False, id="zones that only agree"),
        pytest.param('day of year(@"2026-03-01")', 60, id="day of year"),
        pytest.param('day of week(@"2026-03-27")', "Friday", id="day of week"),
        pytest.param('month of year(@"2026-03-27")', "March", id="month"),
        pytest.param('week of year(@"2021-01-03")', 53, id="week of the year before"),
        pytest.param('week of year(@"2024-12-30")', 1, id="week of the year after"),
    ],
)
def test_contexts_and_dates(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("before([1..10), 10)", True, id="before an end that is out"),
        pytest.param("before([1..10], 10)", False, id="not before an end that is in"),
        pytest.param("after(12, [1..10])", True, id="after"),
        pytest.param("meets([1..5], [5..10])", True, id="meets"),
        pytest.param("met by([5..10], [1..5))", False, id="not met"),
        pytest.param("overlaps([1..5], [5..8])", True, id="overlaps in a point"),
        pytest.param("overlaps before([1..5], [3..8])", True, id="overlaps before"),
        pytest.param("overlaps after([3..8], [1..5])", True, id="overlaps after"),
        pytest.param("finishes(10, [1..10])", True, id="finishes"),
        pytest.param("finished by([1..10], [5..10))", False, id="not finished"),
        pytest.param("includes([1..10], [4..6])", True, id="includes"),
        pytest.param("includes((<= 10), 4)", True, id="a range without start includes"),
        pytest.param("during([1..5], (1..10])", False, id="not during"),
        pytest.param("starts((1..5], (1..10])", True, id="starts"),
        pytest.param("started by([1..10], 1)", True, id="started"),
        pytest.param("coincides([1..5], [1..5))", False, id="does not coincide"),
        pytest.param('before(1, "a")', None, id="two kinds"),
    ],
)
def test_ranges(text: str, value: object) -> None:
    assert value_of(text) is value


# Null is the answer to null, except from the functions that speak about null or count it.
SPEAKS_OF_NULL = frozenset({"is"})


@pytest.mark.parametrize("name", sorted(BUILTINS.keys() - SPEAKS_OF_NULL))
def test_null_gives_null(name: str) -> None:
    counts = {overload.required for overload in BUILTINS[name].overloads} - {0}
    for count in counts:
        assert value_of(f"{name}({', '.join(['null'] * count)})") is None


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_wrong_number_of_arguments_is_null(name: str) -> None:
    if not any(overload.variadic for overload in BUILTINS[name].overloads):
        assert value_of(f"{name}({', '.join('1' * 9)})") is None
