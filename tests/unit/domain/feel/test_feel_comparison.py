"""Equality and order of every kind, membership and three-valued logic (clauses 10.3.2.6 to 10.3.2.8)."""

import pytest
from tests.unit.domain.feel.feel_run import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("{a: 1} = {a: 1.0}", True, id="contexts of equal numbers"),
        pytest.param('{a: 1} = {a: "1"}', False, id="contexts of other kinds"),
        pytest.param("{a: 1} = {a: 1, b: null}", False, id="contexts of other names"),
        pytest.param("{} = {}", True, id="empty contexts"),
        pytest.param("[1, 2] = [2, 1]", False, id="lists in another order"),
        pytest.param("[null] = [null]", True, id="lists of null"),
        pytest.param("[] = null", False, id="an empty list is not null"),
        pytest.param("[1] = 1", None, id="no conversion between operands"),
        pytest.param("[[1]] = [1]", False, id="nor between items"),
        pytest.param('"a" = "A"', False, id="case matters"),
        pytest.param("1 = true", None, id="number and truth"),
        pytest.param("true = true", True, id="truths"),
        pytest.param("true < false", None, id="truths have no order"),
        pytest.param("[1] < [2]", None, id="nor have lists"),
        pytest.param('@"2026-01-01" = @"2026-01-01T00:00:00Z"', None, id="a day is no date and time"),
        pytest.param('@"2026-01-01" < @"2026-01-02T00:00:00Z"', None, id="nor before one"),
        pytest.param('@"PT24H" = @"P1D"', True, id="a day of 24 hours"),
        pytest.param('@"P12M" = @"P1Y"', True, id="a year of twelve months"),
        pytest.param('@"P1Y" = @"P365D"', None, id="a year has no fixed number of days"),
        pytest.param('@"P1Y" < @"P400D"', None, id="so that they have no order"),
        pytest.param('@"P0Y" = @"PT0S"', None, id="not even at nothing"),
        pytest.param('@"10:00:00Z" = @"10:00:00+00:00"', True, id="Z is the offset of nothing"),
        pytest.param('@"10:00:00Z" = @"11:00:00+01:00"', True, id="one time at two offsets"),
        pytest.param('@"23:00:00+01:00" < @"22:30:00Z"', True, id="order of times goes by the instant"),
        pytest.param('@"10:00:00" = @"10:00:00Z"', False, id="local time is no time in UTC"),
        pytest.param('@"10:00:00" < @"10:30:00Z"', None, id="and has no order with it"),
        pytest.param('@"2026-01-01T10:00:00@Europe/Paris" = @"2026-01-01T09:00:00Z"', True, id="zone by name"),
        pytest.param('@"2026-07-01T10:00:00@Europe/Paris" = @"2026-07-01T08:00:00Z"', True, id="in summer"),
        pytest.param('@"2026-01-01T00:00:00+14:00" = @"2025-12-31T10:00:00Z"', True, id="over midnight"),
        pytest.param('@"2026-01-01T10:00:00" = @"2026-01-01T10:00:00Z"', False, id="local moment, moment in UTC"),
        pytest.param('@"10:00:00+00:00:01" < @"10:00:00Z"', True, id="offset with seconds"),
        pytest.param('@"12026-01-01" > @"2026-01-01"', True, id="far days have an order with near ones"),
        pytest.param('@"-0001-01-01" < @"0000-01-01"', True, id="before the year zero"),
        pytest.param("[1..3] = ]0..3]", False, id="ranges are their ends, not what lies between"),
        pytest.param("(1..3) = ]1..3[", True, id="two ways of writing an open end"),
        pytest.param("(< 3) = (< 3)", True, id="ranges without start"),
        pytest.param("(< 3) = (<= 3)", False, id="ranges by their brackets"),
        pytest.param("abs = abs", True, id="a function is itself"),
        pytest.param("abs = sqrt", False, id="and no other"),
        pytest.param("{f: function(a) a, r: f = f}.r", True, id="a function of the author's too"),
        pytest.param("(function(a) a) = (function(a) a)", False, id="two functions that do the same"),
        pytest.param("null < null", None, id="null has no order with null"),
        pytest.param("null >= 1", None, id="nor with a number"),
        pytest.param("1 != null", True, id="a number is not null"),
        pytest.param("null != null", False, id="null is null"),
    ],
)  # fmt: skip
def test_equality_and_order(text: str, value: object) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1 between 0 and null", None, id="between, one end unknown"),
        pytest.param("1 between 2 and null", False, id="between, decided by the other end"),
        pytest.param("2 between 3 and 1", False, id="between, ends the wrong way"),
        pytest.param("5 in (1, 2, 5)", True, id="in values"),
        pytest.param("5 in (< 5, > 10)", False, id="in comparisons"),
        pytest.param("5 in > 3", True, id="in one comparison"),
        pytest.param("5 in != 4", True, id="in other than"),
        pytest.param("5 in [[1..3], [4..6]]", True, id="in a list of ranges"),
        pytest.param("[1, 2] in [[1, 2], [3]]", True, id="a list in a list of lists"),
        pytest.param("1 in [[1, 2], [3]]", True, id="in a list of a list of tests"),
        pytest.param("1 in []", False, id="in nothing"),
        pytest.param("null in null", True, id="null in null"),
        pytest.param("null in [1, null]", True, id="null in a list that holds it"),
        pytest.param("null in [1..3]", None, id="null in a range"),
        pytest.param('"x" in [1..3]', None, id="another kind in a range"),
        pytest.param('"b" in ["a".."c"]', True, id="in a range of strings"),
        pytest.param("[1..3] in [1..3]", True, id="a range in itself"),
        pytest.param("3 in [5..1]", False, id="in a range the wrong way"),
        pytest.param("1 in (1..1)", False, id="in an empty range"),
        pytest.param("{a: 1, b: 3, r: 2 in (a..b)}.r", True, id="in a range of variables"),
        pytest.param("5 in (not(5))", False, id="not is a function here"),
        pytest.param('@"12026-01-02" in [@"2026-01-01"..@"12026-01-02"]', True, id="a far day in a range"),
    ],
)
def test_membership(text: str, value: object) -> None:
    assert value_of(text) is value


TRUTHS = ("true", "false", "null", '"x"')
CONJUNCTION = {
    "true": (True, False, None, None), "false": (False,) * 4, "null": (None, False, None, None),
    '"x"': (None, False, None, None),
}  # fmt: skip
DISJUNCTION = {
    "true": (True,) * 4, "false": (True, False, None, None), "null": (True, None, None, None),
    '"x"': (True, None, None, None),
}  # fmt: skip


@pytest.mark.parametrize("left", TRUTHS)
@pytest.mark.parametrize("place", range(4))
def test_logic_of_three_values(left: str, place: int) -> None:
    right = TRUTHS[place]
    assert value_of(f"{left} and {right}") is CONJUNCTION[left][place]
    assert value_of(f"{left} or {right}") is DISJUNCTION[left][place]
    assert value_of(f"all([{left}, {right}])") is CONJUNCTION[left][place]
    assert value_of(f"any([{left}, {right}])") is DISJUNCTION[left][place]
