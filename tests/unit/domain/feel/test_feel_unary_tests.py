"""The cells of decision tables."""

from datetime import date

import pytest
from tests.unit.domain.feel.feel_run import verdict

from comptroller.domain.feel import Evaluation, compile_unary_tests


@pytest.mark.parametrize(
    ("tests", "value", "accepted"),
    [
        pytest.param("-", None, True, id="dash takes null"),
        pytest.param("", 7, True, id="empty cell takes anything"),
        pytest.param("< 10", 9, True, id="below"),
        pytest.param("< 10", 10, False, id="at the bound"),
        pytest.param("< 10", None, None, id="null does not compare"),
        pytest.param("< 10", "9", None, id="a string does not compare"),
        pytest.param("-5", -5, True, id="negative number"),
        pytest.param("[1..5], > 10", 12, True, id="second test of a list"),
        pytest.param("[1..5], > 10", 7, False, id="no test of a list"),
        pytest.param("(1..5)", 1, False, id="open range"),
        pytest.param("]1..5[", 5, False, id="open range, other brackets"),
        pytest.param('"gold", "silver"', "silver", True, id="one of several strings"),
        pytest.param('"gold", "silver"', "tin", False, id="none of several strings"),
        pytest.param('"gold", "silver"', None, False, id="null is no string"),
        pytest.param('not("gold", "silver")', "tin", True, id="none of the excluded"),
        pytest.param('not("gold", "silver")', "gold", False, id="one of the excluded"),
        pytest.param("not(< 10)", None, None, id="not of null"),
        pytest.param("not(known) or ? > 3", 4, True, id="an expression that begins with not"),
        pytest.param("null", None, True, id="null equals null"),
        pytest.param("!= null", "x", True, id="something"),
        pytest.param("true", True, True, id="true"),
        pytest.param("true", False, False, id="not true"),
        pytest.param("? > 3 and ? < 5", 4, True, id="expression about the value"),
        pytest.param('starts with(?, "DE")', "DE123", True, id="function of the value"),
        pytest.param("? > 3", None, None, id="a condition does not accept null for being null"),
        pytest.param("not(? > 3)", None, None, id="nor does its negation"),
        pytest.param('starts with(?, "DE")', None, None, id="nor a function of null"),
        pytest.param("? > 3, ? = null", None, True, id="a condition that asks for null"),
        pytest.param("? + 1", 7, None, id="a test of the value that is no condition"),
        pytest.param("missing > 3", None, None, id="a condition of others that cannot be told"),
        pytest.param("missing in [1..3]", None, None, id="membership of others that cannot be told"),
        pytest.param("missing", None, True, id="a name is compared, null or not"),
        pytest.param("limit > 3", None, True, id="a true condition of others accepts null"),
        pytest.param("some x in ? satisfies x > 2", [1, 3], True, id="quantifier over the value"),
        pytest.param("> limit", 501, True, id="comparison with a variable"),
        pytest.param("limits", 7, True, id="one of a list in a variable"),
        pytest.param("known", "anything", True, id="a true condition of other things"),
        pytest.param("known", False, False, id="truth compared with truth"),
        pytest.param('< date("2026-04-01")', date(2026, 3, 31), True, id="before a day"),
        pytest.param('[date("2026-01-01")..date("2026-12-31")]', date(2026, 3, 31), True, id="within days"),
        pytest.param("[1, 2, 3]", 2, True, id="one of a list"),
        pytest.param("[1, 2, 3]", [1, 2, 3], True, id="the list itself"),
    ],
)
def test_cell(tests: str, value: object, accepted: bool | None) -> None:
    assert verdict(tests, value, limit=500, limits=[6, 7], known=True, missing=None) is accepted


def test_cell_with_a_fault_accepts_nothing_and_says_why() -> None:
    tests = compile_unary_tests("< ")
    evaluation = Evaluation()
    assert [fault.code for fault in tests.faults] == ["FEEL-SYNTAX-01"]
    assert tests.matches(1, {}, evaluation) is None
    assert tuple(evaluation.faults) == tests.faults
