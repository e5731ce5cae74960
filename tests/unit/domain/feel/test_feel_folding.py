"""What is known when compiling is evaluated once, and nobody can tell, but by the time it takes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.domain.feel.feel_run import NOW, outcome, value_of, verdict

from comptroller.domain.feel import Evaluation, Value, compile_expression
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

LITERALS = (
    "0", "1", "2", "0.1", "1e-6000", "9e6000", '""', '"ab"', '"2026-02-28"', "true", "false", "null",
    '@"2026-02-28"', '@"08:15:00"', '@"2026-02-28T08:15:00Z"', '@"P1DT6H"', '@"P1Y1M"',
)  # fmt: skip
FORMS = (
    "(L + L)", "(L - L)", "(L * L)", "(L / L)", "(L ** L)", "-(L)",
    "(L = L)", "(L != L)", "(L < L)", "(L >= L)", "(L between L and L)",
    "(L and L)", "(L or L or L)", "(if L then L else L)",
    "date(L)", "duration(L)", "number(L)", "string(L)", "not(L)", "abs(L)", "floor(L)", "decimal(L, L)",
    "string length(L)", "substring(L, L)", "upper case(L)", "contains(L, L)", "date(L, L, L)",
)  # fmt: skip
WIDTH = 24


@st.composite
def expressions(draw: st.DrawFn) -> tuple[str, str, dict[str, Value]]:
    """Draw an expression over literals, the same over variables with every part at the same place, and their values."""
    shape = "L"
    for _ in range(draw(st.integers(1, 8))):
        before, _, after = shape.rpartition("L") if draw(st.booleans()) else shape.partition("L")
        shape = before + draw(st.sampled_from(FORMS)) + after
    first, *parts = shape.split("L")
    over_literals = over_variables = first
    scope: dict[str, Value] = {}
    for part in parts:
        literal, name = draw(st.sampled_from(LITERALS)), f"v{len(scope)}"
        scope[name] = value_of(literal)
        over_literals += literal.ljust(WIDTH) + part
        over_variables += name.ljust(WIDTH) + part
    return over_literals, over_variables, scope


def evaluated(text: str, scope: dict[str, Value]) -> tuple[Value, list[Fault]]:
    expression = compile_expression(text, scope)
    assert expression.faults == ()
    run = Evaluation(NOW)
    return expression.evaluate(scope, run), run.faults


@given(expressions())
@settings(max_examples=300, deadline=None)
def test_literals_come_to_what_variables_come_to(drawn: tuple[str, str, dict[str, Value]]) -> None:
    over_literals, over_variables, scope = drawn
    value, faults = evaluated(over_literals, {})
    expected, expected_faults = evaluated(over_variables, scope)
    assert (repr(value), faults) == (repr(expected), expected_faults)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2 ** 10 + 3 ** 0.5", id="powers"),
        pytest.param('date("2026-01-31") + duration("P1M") < date(2026, 3, 1)', id="days"),
        pytest.param('if upper case("a") = "A" then decimal(1 / 3, 2) else -1', id="functions"),
        pytest.param("abs(-1) between 0 and 2 and not(false)", id="logic"),
    ],
)
def test_what_is_known_costs_nothing_at_run_time(text: str) -> None:
    run = Evaluation(NOW)
    assert compile_expression(text).evaluate({}, run) is not None
    assert run.remaining == limits.FEEL_ITERATIONS_MAX


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("1 / 0", ["FEEL-NUMBER-01"], id="division by zero"),
        pytest.param("2 + 1 / (1 - 1)", ["FEEL-NUMBER-01", "FEEL-TYPE-01"], id="division by a folded zero"),
        pytest.param("10 ** 6000 * 10 ** 6000", ["FEEL-NUMBER-01"], id="beyond the range of numbers"),
        pytest.param('1 < "a"', ["FEEL-TYPE-02"], id="no order"),
        pytest.param("-true", ["FEEL-TYPE-01"], id="no negative"),
        pytest.param('true and "yes"', ["FEEL-TYPE-03"], id="no truth"),
        pytest.param('date("soon")', ["FEEL-TIME-01"], id="no date"),
        pytest.param("abs(null)", ["FEEL-CALL-03"], id="no argument"),
        pytest.param("if (1 / 0) = null then 1 else 2", ["FEEL-NUMBER-01"], id="in a condition that holds"),
    ],
)
def test_what_goes_wrong_is_told_every_time(text: str, codes: list[str]) -> None:
    expression = compile_expression(text)
    for _ in range(2):
        run = Evaluation(NOW)
        expression.evaluate({}, run)
        assert [fault.code for fault in run.faults] == codes


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[1 + 1, 2]", id="list"),
        pytest.param('if 1 = 1 then ["a"] else []', id="list in a branch"),
        pytest.param('split("a,b", ",")', id="list of a function"),
        pytest.param("[1, 2, 3][item > 1]", id="filtered list"),
        pytest.param("[[1], [2]][1 + 1]", id="item of a list"),
    ],
)
def test_a_list_is_made_anew_each_time(text: str) -> None:
    expression = compile_expression(text)
    first, second = (expression.evaluate({}, Evaluation(NOW)) for _ in range(2))
    assert isinstance(first, list)
    first.clear()
    assert second
    assert expression.evaluate({}, Evaluation(NOW)) == second


def test_a_context_is_made_anew_each_time() -> None:
    expression = compile_expression('{rate: 1 + 0.19, note: "a" + "b"}')
    first, second = (expression.evaluate({}, Evaluation(NOW)) for _ in range(2))
    assert first == second
    assert first is not second


def test_the_clock_is_read_at_every_evaluation() -> None:
    expression = compile_expression('string(today() + duration("P1D"))')
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2)]
    assert [expression.evaluate({}, Evaluation(day)) for day in days] == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{abs: function(n) 7, r: abs(-1)}.r", 7, id="entry of a context"),
        pytest.param("[{abs: function(n) 7}][abs(-1) = 7].abs(0)[1]", None, id="entry of a filtered item"),
        pytest.param("for abs in [function(n) 7] return abs(-1)", [7], id="variable of a loop"),
    ],
)
def test_a_name_in_scope_hides_the_function_that_could_be_folded(text: str, expected: object) -> None:
    assert value_of(text) == expected


def test_a_cell_that_states_a_truth_says_itself_whether_it_is_satisfied() -> None:
    assert verdict("1 + 1 = 2", "anything") is True
    assert verdict("1 + 1 = 3", "anything") is False
    assert verdict("true", "anything") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[no and y, y]", [False, True], id="after a conjunction that did not reach it"),
        pytest.param("[y or z, z]", [True, 3], id="after a disjunction that did not reach it"),
        pytest.param("[if no then y else z, y, z]", [3, True, 3], id="after both branches"),
        pytest.param("[for i in [] return y, y]", [[], True], id="after a loop without rounds"),
        pytest.param("[for i in [], j in [y] return i, y]", [[], True], id="after a source not reached"),
        pytest.param("[some i in [] satisfies y, y]", [False, True], id="after a quantifier without rounds"),
        pytest.param("[count([1][item = 2 and y]), y]", [0, True], id="after a filter"),
        pytest.param("[{f: function() y}.f(), y]", [True, True], id="after a function"),
        pytest.param("{f: function() y, r: y}.r", True, id="after a function that is not called"),
        pytest.param("[1 in (1, z), z]", [True, 3], id="after a test not reached"),
        pytest.param("[{a: 1}][a = z - 2 and (z = 3 or y) and y].a", [1], id="twice in a filter"),
        pytest.param("[{z: 1}, {}][z > 0 and z < 3]", [{"z": 1}], id="an entry of one item, not of the next"),
        pytest.param("[z, for i in [z] return [i][item = z][1] + z]", [3, [6]], id="before a loop, and within"),
    ],
)
def test_a_name_is_found_wherever_it_was_met_before(text: str, expected: object) -> None:
    assert outcome(text, no=False, y=True, z=3) == (expected, [])


def test_a_name_that_nothing_has_is_told_at_every_place() -> None:
    value, faults = evaluated("[ghost, ghost, if true then ghost else 1]", {})
    assert value == [None, None, None]
    assert [(fault.code, fault.path) for fault in faults] == [
        ("FEEL-NAME-01", "offset 1"), ("FEEL-NAME-01", "offset 8"), ("FEEL-NAME-01", "offset 28"),
    ]  # fmt: skip
