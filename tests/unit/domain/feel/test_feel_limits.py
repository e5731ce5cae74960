"""No expression loops for ever, fills the memory or reaches Python, whatever its author wants."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptroller.domain.feel import Evaluation, Function, Value, compile_expression, compile_unary_tests
from comptroller.domain.kernel import limits


def _doubling(seed: str, pair: str, levels: int = 60) -> str:
    entries = [f"k0: {seed}"]
    entries += [f"k{level}: {pair.format(f'k{level - 1}')}" for level in range(1, levels)]
    return "{" + ", ".join(entries) + "}"


def _looking_at(call: str) -> str:
    return f'{{t: "{"a" * 9_000}", s: t + t + t + t + t, r: for i in 1..999 return {call}}}.r'


def _copying(call: str) -> str:
    entries = ", ".join(f"k{number}: {number}" for number in range(200))
    return f"{{c: {{{entries}}}, r: count(for i in 1..999 return {call})}}.r"


LISTS = _doubling("[1, 1]", "[{0}, {0}]")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("for x in 1..10 ** 9 return x", "FEEL-LIMIT-03", id="long loop"),
        pytest.param("for x in 1..2000, y in 1..2000 return 1", "FEEL-LIMIT-03", id="nested loops"),
        pytest.param("every x in 1..10 ** 9 satisfies x > 0", "FEEL-LIMIT-03", id="long quantifier"),
        pytest.param(LISTS, "FEEL-LIMIT-03", id="list that doubles, as result"),
        pytest.param(f"count(flatten({LISTS}.k59))", "FEEL-LIMIT-03", id="list that doubles, flattened"),
        pytest.param(f"string length(string({LISTS}.k59))", "FEEL-LIMIT-03", id="list that doubles, written"),
        pytest.param(f"{LISTS}.k59 = {LISTS}.k59", "FEEL-LIMIT-03", id="list that doubles, compared"),
        pytest.param(f"{LISTS}.k59 instance of list<list<Any>>", "FEEL-LIMIT-03", id="list that doubles, judged"),
        pytest.param(_doubling('"ab"', "{0} + {0}") + ".k59", "FEEL-LIMIT-05", id="string that doubles"),
        pytest.param(f'replace("{"a" * 2000}", "a", "{"b" * 2000}")', "FEEL-LIMIT-05", id="replacement that grows"),
        pytest.param("{f: function(n) f(n + 1)}.f(1)", "FEEL-LIMIT-04", id="endless recursion"),
        pytest.param("(function(f) f(f))(function(f) f(f))", "FEEL-LIMIT-04", id="endless application"),
        pytest.param("count(for i in 1..2000 return partial)", "FEEL-LIMIT-03", id="copies of partial results"),
        pytest.param(f"is({LISTS}.k59, {LISTS}.k59)", "FEEL-LIMIT-03", id="list that doubles, compared for identity"),
        pytest.param(
            f"(function(l: {'list<' * 59}Any{'>' * 59}) l)({LISTS}.k59)", "FEEL-LIMIT-03", id="list that doubles, typed"
        ),
        pytest.param(_looking_at('contains(s, "b")'), "FEEL-LIMIT-03", id="long string, read often"),
        pytest.param(_looking_at("string length(upper case(s))"), "FEEL-LIMIT-03", id="long string, copied often"),
        pytest.param(_looking_at('count(split(s, "b"))'), "FEEL-LIMIT-03", id="long string, split often"),
        pytest.param(_looking_at('number(s, null, ".")'), "FEEL-LIMIT-03", id="long string, no number"),
        pytest.param(
            f'string(for i in 1..999 return "{"q" * 9_000}")', "FEEL-LIMIT-03", id="long string, quoted often"
        ),
        pytest.param("string(for i in 1..999 return 10 ** 6000)", "FEEL-LIMIT-03", id="numbers of thousands of digits"),
        pytest.param(_copying('context put(c, "x", i)'), "FEEL-LIMIT-03", id="copies of a context"),
        pytest.param(_copying('context put(c, ["x"], i)'), "FEEL-LIMIT-03", id="copies of a context, by a path"),
        pytest.param(_copying("context merge([c, c])"), "FEEL-LIMIT-03", id="contexts merged"),
        pytest.param(_copying("get entries(c)"), "FEEL-LIMIT-03", id="entries of a context"),
        pytest.param(
            'for i in 1..999 return matches("b", "(a{50}){50}" + string(i))', "FEEL-LIMIT-03", id="patterns, read often"
        ),
        pytest.param(
            'for i in 1..999 return matches("b", "(a{1000}){50}" + string(i))', "FEEL-LIMIT-03", id="patterns, refused"
        ),
        pytest.param(
            f'matches("{"a" * 2_000}", "({"()" * 300}a)*b\\\\1")', "FEEL-LIMIT-03", id="pattern of many groups"
        ),
        pytest.param(f"for i in 1..9999 return [{'i, ' * 200}i]", "FEEL-LIMIT-03", id="long body of a loop"),
        pytest.param(f"(for i in 1..9999 return i)[item > 0{' + 0' * 90}]", "FEEL-LIMIT-03", id="long filter"),
        pytest.param(
            f"every i in 1..9999 satisfies [{'i, ' * 200}i] != null",
            "FEEL-LIMIT-03",
            id="long condition of a quantifier",
        ),
        pytest.param(
            f"{{f: function(i) [{'i, ' * 200}i], r: for i in 1..9999 return f(i)}}.r",
            "FEEL-LIMIT-03",
            id="long function",
        ),
        pytest.param("for i in 1..9999 return 1.1 ** i", "FEEL-LIMIT-03", id="powers"),
        pytest.param("(for i in 1..9999 return [partial[-1]])[-1]", "FEEL-LIMIT-02", id="nesting by a loop"),
    ],
)
def test_limit_ends_the_run(text: str, code: str) -> None:
    evaluation = Evaluation()
    evaluation.remaining = 50_000  # a part of the budget shows the same
    assert compile_expression(text).evaluate({}, evaluation) is None
    assert [fault.code for fault in evaluation.faults if "LIMIT" in fault.code] == [code]
    assert evaluation.stopped


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("1 + count(for x in 1..10 ** 9 return x)", "offset 10", id="at the loop"),
        pytest.param("{f: function(n) f(n + 1)}.f(1)", "offset 17", id="at the call within itself"),
        pytest.param('"a" = string(for x in 1..999 return 1e6000)', "offset 12", id="at the function that writes"),
        pytest.param(_doubling('"ab"', "{0} + {0}", 22), "offset 279", id="at the sum of strings"),
        pytest.param("[1][(some x in 1..10 ** 9 satisfies x < 0)]", "offset 5", id="in a filter"),
    ],
)
def test_limit_says_where_it_was_met(text: str, path: str) -> None:
    evaluation = Evaluation()
    evaluation.remaining = 50_000
    compile_expression(text).evaluate({}, evaluation)
    assert [fault.path for fault in evaluation.faults] == [path]


def test_depth_of_the_caller_does_not_raise() -> None:
    def inside(calls: int) -> tuple[str, ...]:
        if calls:
            return inside(calls - 1)
        return tuple(fault.code for fault in compile_expression("1 in (" * 90 + "1" + ")" * 90).faults)

    assert inside(600) == ("FEEL-LIMIT-02",)


def test_budget_is_one_for_all_expressions_of_a_run() -> None:
    evaluation = Evaluation()
    loop = compile_expression(f"count(for x in 1..{limits.FEEL_ITERATIONS_MAX // 3} return x)")
    assert loop.evaluate({}, evaluation) is not None
    assert loop.evaluate({}, evaluation) is None
    assert evaluation.stopped


LONG = " + ".join(["x"] * 32)


@pytest.mark.parametrize(
    ("text", "each"),
    [
        pytest.param(f"for x in 1..100 return {LONG}", 5, id="long body"),
        pytest.param(f"every x in 1..100 satisfies {LONG} > 0", 5, id="long condition"),
        pytest.param(f"for x in 1..100, y in [{LONG}] return 1", 5, id="long inner source"),
        pytest.param(f"for x in 1..100 return [1][{LONG.replace('x', 'item')} > 0]", 5, id="long filter"),
        pytest.param(f"{{f: function(x) {LONG}, r: for y in 1..100 return f(y)}}.r", 5, id="long function"),
        pytest.param("for x in 1..100 return x < null", 2, id="a diagnostic in every round"),
        pytest.param("for x in 1..100 return x ** 0.5", 30, id="powers"),
        pytest.param("for x in 1..100 return log(x)", 15, id="logarithms"),
        pytest.param('for x in 1..100 return @"2026-01-01T00:00:00@Europe/Paris" + x * @"P1D"', 5, id="zones"),
    ],
)
def test_what_takes_long_pays_for_it(text: str, each: int) -> None:
    evaluation = Evaluation()
    compile_expression(text).evaluate({}, evaluation)
    assert limits.FEEL_ITERATIONS_MAX - evaluation.remaining >= 100 * each


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10 ** 10 ** 10", id="tower of powers"),
        pytest.param("(10 ** 6000) ** (10 ** 6000)", id="power out of range"),
        pytest.param("exp(10 ** 6000)", id="exponential out of range"),
        pytest.param("decimal(1 / 3, 10 ** 30)", id="scale out of range"),
        pytest.param('@"2026-01-01" + @"P999999999999D"', id="day out of range"),
        pytest.param('@"2026-01-01" + @"P999999999999Y"', id="year out of range"),
        pytest.param('@"P999999999999Y" * 10 ** 40', id="duration out of range"),
        pytest.param("[1, 2, 3][10 ** 6000]", id="index out of range"),
        pytest.param('substring("abc", 10 ** 30)', id="position out of range"),
        pytest.param('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', id="exponential pattern"),
        pytest.param(
            "distinct values(for i in 1..50000 return i * 2305843009213693951)", id="numbers of one hash, distinct"
        ),
        pytest.param("mode(for i in 1..50000 return i * 2305843009213693951)", id="numbers of one hash, counted"),
        pytest.param("flatten((for i in 1..50000 return [partial[-1]])[-1])", id="nesting taken away"),
        pytest.param("count(for i in 1..50000 return {a: partial[-1]})", id="nesting counted"),
        pytest.param('matches("b", "a{0,1000}")', id="pattern of a thousand forks"),
        pytest.param("modulo(10 ** 6000, 7)", id="remainder of thousands of digits"),
        pytest.param("string(10 ** 6144)", id="the largest number written"),
        pytest.param('string(@"P999999999999Y" + @"P999999999999Y")', id="the longest durations"),
        pytest.param('string join(for i in 1..9 return "' + "x" * 4_000 + '")', id="long strings"),
    ],
)
def test_extremes_come_to_an_end(text: str) -> None:
    evaluation = Evaluation()
    compile_expression(text).evaluate({}, evaluation)
    assert not evaluation.stopped


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("__builtins__", id="namespace"),
        pytest.param("run.remaining", id="the run"),
        pytest.param("scope", id="the scope"),
        pytest.param("Decimal", id="a class of the namespace"),
        pytest.param('"a".__class__', id="attribute"),
        pytest.param("[].append", id="method"),
        pytest.param("[1][item.__class__ = 1]", id="attribute of an item"),
        pytest.param('eval("1")', id="function of Python"),
        pytest.param("c0", id="constant of the program"),
        pytest.param("v1", id="variable of the program"),
    ],
)
def test_python_is_out_of_reach(text: str) -> None:
    assert compile_expression(text).evaluate({}, Evaluation()) in (None, [])


def test_recursion_through_functions_of_the_caller_ends() -> None:
    scope: dict[str, Value] = {}
    evaluation = Evaluation()
    expression = compile_expression("f(f)", ("f",))
    scope["f"] = Function(("g",), lambda _given: expression.evaluate(scope, evaluation))
    assert expression.evaluate(scope, evaluation) is None
    assert "FEEL-LIMIT-04" in {fault.code for fault in evaluation.faults}


WORDS = (
    "( ) [ ] { } , : . .. + - * / ** = != < <= > >= and or not in between if then else for return some every satisfies "
    "instance of function list null true ? item partial a b 1 2.5 @ | \\ ' # -> x a: date string"
)
TOKENS = st.sampled_from([*WORDS.split(), '"s"', '@"2026-03-27"', '"\\', " "])


@given(st.lists(TOKENS, max_size=14).map(" ".join) | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_text_raises(text: str) -> None:
    scope: dict[str, Value] = {"a": Decimal(1), "b": [Decimal(1), {"x": "s"}]}
    compile_expression(text, scope).evaluate(scope, Evaluation())
    compile_unary_tests(text, scope).matches(Decimal(1), scope, Evaluation())
