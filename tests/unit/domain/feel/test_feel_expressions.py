"""What expressions of every form evaluate to, and the diagnostics that explain a null."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.unit.domain.feel.feel_run import outcome, value_of

from comptroller.domain.feel import DaysDuration, Evaluation, Function, MonthsDuration, Range, Value, compile_expression

EUROPE = ZoneInfo("Europe/Berlin")
PLUS_TWO = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1 + 2 * 3", Decimal(7), id="product before sum"),
        pytest.param("(1 + 2) * 3", Decimal(9), id="parentheses first"),
        pytest.param("10 - 4 - 3", Decimal(3), id="subtraction from the left"),
        pytest.param("2 ** 3 ** 2", Decimal(64), id="power from the left"),
        pytest.param("-2 ** 2", Decimal(4), id="the sign belongs to the base"),
        pytest.param("--2", Decimal(2), id="two signs"),
        pytest.param("0.1 + 0.2", Decimal("0.3"), id="decimals are exact"),
        pytest.param("1 / 3 * 3", Decimal("0.9999999999999999999999999999999999"), id="34 digits"),
        pytest.param('"net" + " " + "30"', "net 30", id="strings join"),
        pytest.param(".5 + 1e2", Decimal("100.5"), id="numbers without integer part and with exponent"),
        pytest.param('"\\u00e9\\"\\n"', 'é"\n', id="escapes"),
        pytest.param('"\\uD83D\\uDC0E"', "🐎", id="one character written as two"),
        pytest.param("1 /* one */ + // two\n 1", Decimal(2), id="comments"),
    ],
)
def test_arithmetic(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('@"2026-01-31" + @"P1M"', date(2026, 2, 28), id="a month later, the month's last day"),
        pytest.param('@"2026-01-01" - @"P1D"', date(2025, 12, 31), id="the day before"),
        pytest.param('@"PT1H" + @"23:30:00"', time(0, 30), id="time goes round midnight"),
        pytest.param('@"2026-03-01" - @"2026-02-01"', DaysDuration(Decimal(28 * 86_400)), id="days between"),
        pytest.param(
            '@"2026-03-29T01:30:00@Europe/Berlin" + @"PT1H"',
            datetime(2026, 3, 29, 3, 30, tzinfo=EUROPE),
            id="an hour over the change to summer time",
        ),
        pytest.param(
            '@"2026-01-02T00:00:00+02:00" - @"2026-01-01T22:00:00Z"', DaysDuration(Decimal(0)), id="the same instant"
        ),
        pytest.param('@"P1Y2M" * 2', MonthsDuration(28), id="months times a number"),
        pytest.param('@"P1D" / @"PT6H"', Decimal(4), id="duration over duration"),
        pytest.param('-@"P1D"', DaysDuration(Decimal(-86_400)), id="negated duration"),
        pytest.param('@"2026-01-01T24:00:00"', datetime(2026, 1, 2), id="24 o'clock is the next midnight"),  # noqa: DTZ001  # FEEL has local times
        pytest.param('string(@"-2021-01-01" - @"P1D")', "-2022-12-31", id="before the common era"),
        pytest.param('string(@"9999-12-31" + @"P1D")', "10000-01-01", id="after the year 9999"),
    ],
)
def test_arithmetic_of_days_and_durations(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1 < 2", True, id="less"),
        pytest.param('"b" >= "a"', True, id="strings have an order"),
        pytest.param("1 = 1.00", True, id="equal numbers"),
        pytest.param("null = null", True, id="null equals null"),
        pytest.param("null != 1", True, id="null is no number"),
        pytest.param('1 = "1"', None, id="two kinds do not compare"),
        pytest.param("null < 1", None, id="null has no order"),
        pytest.param("[1, 2] = [1, 2]", True, id="equal lists"),
        pytest.param('{a: 1, b: "x"} = {b: "x", a: 1}', True, id="order of entries does not matter"),
        pytest.param("[1..3] = [1..3)", False, id="ranges differ by a bracket"),
        pytest.param('@"10:00:00+02:00" = @"08:00:00Z"', True, id="one time in two zones"),
        pytest.param('@"10:00:00" < @"11:00:00Z"', None, id="time without and with zone"),
        pytest.param("5 between 1 and 5", True, id="between includes its ends"),
        pytest.param("true and null", None, id="true and null"),
        pytest.param("false and null", False, id="false decides"),
        pytest.param("null or true", True, id="true decides"),
        pytest.param('true and "x"', None, id="a string is no truth"),
        pytest.param("not(null)", None, id="the contrary of null"),
        pytest.param("2 in [1..3]", True, id="in a range"),
        pytest.param("3 in (1, > 5)", False, id="in no test of a list"),
        pytest.param("10 in (= 10)", True, id="in an equality"),
        pytest.param("4 in (1 + 1) * 2", True, id="in a parenthesised sum's double"),
        pytest.param('"a" in ["a", "b"]', True, id="in a list"),
        pytest.param("5 in [null..10]", None, id="a range without its end is none"),
        pytest.param("1 in (<= 10)", True, id="in a range without start"),
    ],
)
def test_comparison_and_logic(text: str, value: object) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("[1, 2, 3][2]", Decimal(2), id="second"),
        pytest.param("[1, 2, 3][-1]", Decimal(3), id="last"),
        pytest.param("[1, 2, 3][4]", None, id="beyond the end"),
        pytest.param("[1, 2, 3][item > 1]", [Decimal(2), Decimal(3)], id="filter by item"),
        pytest.param("[{a: 1}, {a: 2}][a > 1].a", [Decimal(2)], id="filter by entry, then path"),
        pytest.param("[{item: 1}][item = 1]", [{"item": Decimal(1)}], id="an entry named item"),
        pytest.param(
            "[{a: 1}][count([{b: 2}][count([{c: 3}][count([{d: 4}][a + b + c + d = 10]) = 1]) = 1]) = 1].a",
            [Decimal(1)],
            id="entries of four filters inside one another",
        ),
        pytest.param(
            "[{a: 1}][count([{a: 2}][count([{c: 3}][count([{d: 4}][a = 2]) = 1]) = 1]) = 1].a",
            [Decimal(1)],
            id="the innermost entry of a name",
        ),
        pytest.param(
            "[{a: 1}][(for a in [5] return count([1][count([2][count([3][a = 5 and item = 3]) = 1]) = 1]))[1] = 1].a",
            [Decimal(1)],
            id="a variable between filters hides the entry outside",
        ),
        pytest.param(
            "[{a: 1}][count([1][count([2][count([3][count([4][a = 1 and item = 4]) = 1]) = 1]) = 1]) = 1].a",
            [Decimal(1)],
            id="an entry seen through items that are no contexts",
        ),
        pytest.param(
            "[1][count([2][count([3][count([4][nowhere = null]) = 1]) = 1]) = 1]", [Decimal(1)], id="an entry of none"
        ),
        pytest.param("[{a: 1}, {b: 2}].a", [Decimal(1), None], id="path over a list"),
        pytest.param('[1, 2]["x"]', None, id="a string is no filter"),
        pytest.param("5[item > 3]", [Decimal(5)], id="a value is a list of one"),
        pytest.param("{n: 2, r: [1, 2, 3][n]}.r", Decimal(2), id="index in a variable"),
        pytest.param("[[1, 2][item > 1], 3][1]", [Decimal(2)], id="filter in a list"),
        pytest.param("{a: 1, b: a + 1}.b", Decimal(2), id="entries see the earlier ones"),
        pytest.param('{"a b": 1}.a b', Decimal(1), id="key in quotes"),
        pytest.param("if 1 > 2 then 1 else 2", Decimal(2), id="else"),
        pytest.param("if null then 1 else 2", Decimal(2), id="null is not true"),
        pytest.param("for i in 1..3 return i * i", [Decimal(1), Decimal(4), Decimal(9)], id="for over numbers"),
        pytest.param("for i in 3..1 return i", [Decimal(3), Decimal(2), Decimal(1)], id="downwards"),
        pytest.param("for i in [1..3) return i", [Decimal(1), Decimal(2)], id="over a range"),
        pytest.param(
            'for d in @"2026-02-28"..@"2026-03-01" return d', [date(2026, 2, 28), date(2026, 3, 1)], id="over days"
        ),
        pytest.param("for a in [1, 2], b in [a, 10] return a * b", list(map(Decimal, (1, 10, 4, 20))), id="nested"),
        pytest.param("for i in 0..3 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6], id="partial results"),
        pytest.param("for i in 1..3 return count(partial)", [0, 1, 2], id="partial results as a list"),
        pytest.param("for i in null return i", None, id="nothing to run over"),
        pytest.param("some x in [1, 2] satisfies x > 1", True, id="some"),
        pytest.param("every x in [1, 2] satisfies x > 1", False, id="not every"),
        pytest.param("some x in [1, null] satisfies x > 1", None, id="some, undecided"),
        pytest.param("every x in [] satisfies x > 1", True, id="every of none"),
        pytest.param("(function(a, b: number) a - b)(b: 1, a: 3)", Decimal(2), id="named arguments"),
        pytest.param("(function(a: number) a)([7])", Decimal(7), id="a list of one is its item"),
        pytest.param('(function(a: number) a)("x")', None, id="argument of another type"),
        pytest.param("{f: function(n) if n < 2 then 1 else n * f(n - 1)}.f(5)", Decimal(120), id="recursion"),
        pytest.param("(function(f) f(4))(sqrt)", Decimal(2), id="a built-in as value"),
        pytest.param("[1..3].end included", True, id="property of a range"),
        pytest.param('duration("-P1DT2H").hours', Decimal(-2), id="property of a duration"),
        pytest.param('date("2026-03-27").weekday', Decimal(5), id="Friday"),
        pytest.param(
            'date and time("2026-07-01T00:00:00@Europe/Berlin").time offset', DaysDuration(Decimal(7200)), id="summer"
        ),
    ],
)
def test_lists_contexts_functions(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1 instance of number", True, id="number"),
        pytest.param("null instance of number", False, id="null is an instance of nothing"),
        pytest.param("null instance of Null", True, id="but of Null"),
        pytest.param('@"PT1H" instance of days and time duration', True, id="type of several words"),
        pytest.param("[1, 2] instance of list<number>", True, id="list of numbers"),
        pytest.param('[1, "x"] instance of list<number>', False, id="list with a string"),
        pytest.param("{a: 1} instance of context<a: number, b: string>", False, id="context without an entry"),
        pytest.param("[1..2] instance of range<number>", True, id="range of numbers"),
        pytest.param("(function(a: string) a) instance of function<number> -> Any", False, id="takes another type"),
        pytest.param("abs instance of function<number> -> number", True, id="built-in function"),
    ],
)
def test_instance_of(text: str, value: object) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("hold days + 1", Decimal(4), id="two words"),
        pytest.param("price-variance * 2", Decimal(20), id="operator in a name"),
        pytest.param("price - variance", Decimal(10), id="the name, whatever its spaces"),
        pytest.param("profit and loss > 5", True, id="keyword in a name"),
        pytest.param("line match.price variance", Decimal(8), id="path of names of two words"),
        pytest.param("lines[unit price > 2].unit price", [Decimal(3)], id="words in a filter"),
        pytest.param("for order line in lines return order line.unit price", [Decimal(1), Decimal(3)], id="variable"),
        pytest.param("date of birth.year", Decimal(1990), id="name that begins like a function"),
        pytest.param("count(lines)", Decimal(2), id="a function where no variable has its name"),
        pytest.param("sum", Decimal(12), id="a variable with a function's name"),
    ],
)
def test_names(text: str, value: object) -> None:
    scope: dict[str, Value] = {
        "hold days": Decimal(3),
        "price": Decimal(99),
        "price-variance": Decimal(10),
        "profit and loss": Decimal(6),
        "line match": {"price variance": Decimal(8)},
        "lines": [{"unit price": Decimal(1)}, {"unit price": Decimal(3)}],
        "date of birth": date(1990, 1, 1),
        "sum": Decimal(12),
    }
    expression = compile_expression(text, scope)
    assert expression.faults == ()
    assert expression.evaluate(scope, Evaluation()) == value


def test_member_names_with_operators_are_known_when_told() -> None:
    expression = compile_expression("invoice.tax-total > 5", ["invoice"], members=["tax-total"])
    assert expression.evaluate({"invoice": {"tax-total": Decimal(6)}}, Evaluation()) is True


def test_names_that_an_expression_takes_from_its_scope() -> None:
    expression = compile_expression("for l in lines return l.amount * rate + count(lines[amount > floor])", ["floor"])
    assert expression.looked_up == {"lines", "rate", "floor", "amount"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("unknown thing", ["FEEL-NAME-01"], id="unknown name"),
        pytest.param("{a: 1}.b", ["FEEL-NAME-02"], id="no such entry"),
        pytest.param('1 + "1"', ["FEEL-TYPE-01"], id="operands that do not fit"),
        pytest.param('1 < "1"', ["FEEL-TYPE-02"], id="values that do not compare"),
        pytest.param('true or "x"', [], id="decided before the string"),
        pytest.param('false or "x"', ["FEEL-TYPE-03"], id="no truth"),
        pytest.param("1 / 0", ["FEEL-NUMBER-01"], id="division by zero"),
        pytest.param("10 ** 7000", ["FEEL-NUMBER-01"], id="number out of range"),
        pytest.param("exp(20000)", ["FEEL-NUMBER-01"], id="function's result out of range"),
        pytest.param("(3)(4)", ["FEEL-CALL-01"], id="no function"),
        pytest.param("(function(a) a)(1, 2)", ["FEEL-CALL-02"], id="too many arguments"),
        pytest.param("(function(a) a)(b: 2)", ["FEEL-CALL-02"], id="no such parameter"),
        pytest.param('abs("x")', ["FEEL-CALL-03"], id="argument of another kind"),
        pytest.param("sqrt(-1)", ["FEEL-VALUE-01"], id="undefined result"),
        pytest.param("[1][2]", ["FEEL-VALUE-02"], id="no such item"),
        pytest.param('[1.."b"]', ["FEEL-VALUE-03"], id="ends without order"),
        pytest.param('date("soon")', ["FEEL-TIME-01"], id="no date"),
        pytest.param('matches("a", "(")', ["FEEL-PATTERN-01"], id="no pattern"),
    ],
)
def test_null_is_explained(text: str, codes: list[str]) -> None:
    assert outcome(text)[1] == codes


def test_same_null_is_explained_once() -> None:
    assert outcome('for i in 1..100 return i + "x"')[1] == ["FEEL-TYPE-01"]


def test_clock_is_the_run_s() -> None:
    evaluation = Evaluation(datetime(2026, 3, 27, 23, 30, tzinfo=PLUS_TWO))
    assert compile_expression("today()").evaluate({}, evaluation) == date(2026, 3, 27)
    assert compile_expression("now()").evaluate({}, evaluation) == evaluation.now


def test_without_a_clock_now_is_null() -> None:
    evaluation = Evaluation()
    assert compile_expression("now()").evaluate({}, evaluation) is None
    assert [fault.code for fault in evaluation.faults] == ["FEEL-CLOCK-01"]


def test_functions_of_the_caller_are_called_by_position_and_by_name() -> None:
    scope = {"net days": Function(("terms", "extra"), lambda terms, extra: f"{terms}+{extra}")}
    for text in ('net days("30", "5")', 'net days(extra: "5", terms: "30")'):
        assert compile_expression(text, scope).evaluate(scope, Evaluation()) == "30+5"


def test_whole_python_numbers_are_taken() -> None:
    expression = compile_expression("a + 1 > b", ("a", "b"))
    assert expression.evaluate({"a": 2, "b": Decimal(1)}, Evaluation()) is True
    assert compile_expression("a", ("a",)).evaluate({"a": 2}, Evaluation()).__class__ is Decimal


def test_range_value_keeps_its_brackets() -> None:
    assert value_of("]1..3[") == Range(Decimal(1), Decimal(3), start_included=False, end_included=False)
