"""The compiled language against the reference evaluator, and reading against writing, on generated expressions."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import agreement, feel_evaluator
from tests.reference.choosing import Drawn, Seeded, one
from tests.reference.feel_forms import FORMS
from tests.reference.feel_functions import FUNCTIONS
from tests.reference.feel_generator import KINDS, MEMBERS, NAMES, Generator
from tests.reference.feel_values import Seconds, Unstated, Value
from tests.reference.feel_writer import write
from tests.soak import feel_reference

from comptroller.domain.feel import tree

SCOPE = agreement.given(Generator(Seeded("unit"), FORMS))


@st.composite
def expressions(draw: st.DrawFn) -> tree.Node:
    generator = Generator(Drawn(draw), FORMS)
    return generator.node(generator.one(KINDS), 3)


@st.composite
def cells(draw: st.DrawFn) -> tree.Tests:
    generator = Generator(Drawn(draw), FORMS)
    return generator.cell(generator.one(("number", "string", "date", "boolean")), 2)


@given(expressions() | cells())
@settings(max_examples=100, deadline=None)
def test_what_is_written_reads_as_the_same_tree(node: tree.Node) -> None:
    assert agreement.reading(node) == ""


@given(expressions())
@settings(max_examples=100, deadline=None)
def test_an_expression_is_what_it_is_by_the_letter(node: tree.Node) -> None:
    with suppress(agreement.Skipped):
        assert agreement.evaluating(node, SCOPE) == ""


@given(cells(), st.sampled_from(tuple(NAMES)))
@settings(max_examples=100, deadline=None)
def test_a_cell_says_what_it_says_by_the_letter(node: tree.Tests, name: str) -> None:
    with suppress(agreement.Skipped):
        assert agreement.testing(node, SCOPE.reference[name], SCOPE) == ""


def test_a_share_of_the_soak() -> None:
    result = feel_reference.run(budget=60, seed=7, count=600)
    assert result["differences"] == []
    assert result["expressions"] > 400
    assert result["skipped"] < 30


STATED = sorted(set(FUNCTIONS) - {"now", "today"})


@pytest.mark.parametrize("name", STATED)
def test_a_function_answers_as_it_does_by_the_letter(name: str) -> None:
    compared = 0
    for number in range(80):
        generator = Generator(Seeded(f"{name}/{number}"), FORMS)
        signature = one(generator.chooser, FUNCTIONS[name])
        with suppress(agreement.Skipped):
            assert agreement.evaluating(generator.called(name, signature), SCOPE) == ""
            compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1 / 3", Fraction(3333333333333333333333333333333333, 10**34), id="rounded to 34 digits"),
        pytest.param("0.1 + 0.2 = 0.3", True, id="no binary fractions"),
        pytest.param("null < 1 or true", True, id="true decides"),
        pytest.param("null < 1 and true", None, id="null does not"),
        pytest.param("[1, 2, 3][item > 1]", [Fraction(2), Fraction(3)], id="filter"),
        pytest.param('@"2024-03-31" + @"P1M" - @"2024-04-30"', Seconds(Fraction(0)), id="end of the month"),
        pytest.param("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(4)}.r", Fraction(24), id="recursion"),
        pytest.param("for i in 1..4 return if i < 3 then 1 else sum(partial)", [1, 1, 2, 4], id="partial results"),
        pytest.param("modulo(-12, 5)", Fraction(3), id="remainder with the sign of the divisor"),
    ],
)
def test_the_reference_itself(text: str, value: Value) -> None:
    assert feel_evaluator.evaluate(agreement.tree_of(text), {}) == value


@pytest.mark.parametrize(
    "text",
    [
        "1 + 2 * 3 ** -4",
        "(1 + 2) * 3",
        "1 - (2 - 3)",
        "(a) + b",
        "a+b - a",
        "-(1 + 2) ** 2",
        "(-1).start",
        "(if in stock then 1 else 2) + 3",
        "3 + if in stock then 1 else 2",
        "(time) and again",
        "a and b or not(a)",
        "(a or b) and a",
        "a in (< 1, [2..3), (a..b])",
        "a in < 1",
        "amount between (if a then b else 1) and 3",
        "(a instance of list) < b",
        "some x in [1, 2], y in 1..3 satisfies x = y",
        'lines[kind = "A"].net amount',
        "[1..(numbers[in stock])]",
        "function(x: list<number>, y) x",
        '{net amount: 1, "a;b": 2}',
    ],
)  # fmt: skip
def test_no_parentheses_stand_where_none_are_needed(text: str) -> None:
    assert write(agreement.tree_of(text), (*NAMES, *MEMBERS)) == text


def test_what_the_standard_leaves_open_is_not_compared() -> None:
    with pytest.raises(Unstated):
        feel_evaluator.evaluate(agreement.tree_of("before([3..1], 2)"), {})
