"""The compiled language against the slow reference evaluator, on random expressions."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import feel_evaluator as reference

from comptroller.domain.feel import Evaluation, Value, compile_expression, compile_unary_tests

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1000, max_value=1000).map(
    lambda number: reference.Constant(Fraction(number), f"{number:f}")
)
SPECIAL = st.sampled_from(
    [
        reference.Constant(None, "null"),
        reference.Constant(value=True, text="true"),
        reference.Constant(value=False, text="false"),
        reference.Constant("a", '"a"'),
        reference.Constant("b", '"b"'),
        reference.Constant(Fraction(0), "0"),
        reference.Constant(Fraction(10**33 + 1), str(10**33 + 1)),
    ]
)
OPERATORS = ("+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or")


def _deeper(inner: st.SearchStrategy[reference.Tree]) -> st.SearchStrategy[reference.Tree]:
    operations = st.builds(reference.Operation, st.sampled_from(OPERATORS), inner, inner)
    ranges = st.builds(
        reference.Within, inner, st.sampled_from(("[", "(", "]")), inner, inner, st.sampled_from(("]", ")", "["))
    )
    return operations | ranges


LEAVES: st.SearchStrategy[reference.Tree] = NUMBERS | SPECIAL
TREES = st.recursive(LEAVES, _deeper, max_leaves=12)


def _comparable(value: Value) -> reference.Answer:
    assert value is None or isinstance(value, bool | str | Decimal)
    return Fraction(value) if isinstance(value, Decimal) else value


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_expression_agrees_with_the_reference(tree: reference.Tree) -> None:
    expression = compile_expression(reference.write(tree))
    assert expression.faults == ()
    assert _comparable(expression.evaluate({}, Evaluation())) == reference.answer(tree)


@given(LEAVES, st.sampled_from(("<", "<=", ">", ">=", "=", "!=")), LEAVES)
def test_unary_comparison_agrees_with_the_reference(
    given_value: reference.Constant, operator: str, endpoint: reference.Constant
) -> None:
    tests = compile_unary_tests(f"{operator} {endpoint.text}")
    value = compile_expression(given_value.text).evaluate({}, Evaluation())
    wanted = reference.answer(reference.Operation(operator, given_value, endpoint))
    assert tests.matches(value, {}, Evaluation()) is wanted


@given(LEAVES, st.sampled_from("[(]"), LEAVES, LEAVES, st.sampled_from("])["))
def test_interval_in_a_cell_agrees_with_the_reference(
    given_value: reference.Constant,
    opening: str,
    low: reference.Constant,
    high: reference.Constant,
    closing: str,
) -> None:
    tests = compile_unary_tests(f"{opening}{low.text}..{high.text}{closing}")
    value = compile_expression(given_value.text).evaluate({}, Evaluation())
    wanted = reference.answer(reference.Within(given_value, opening, low, high, closing))
    assert tests.matches(value, {}, Evaluation()) is wanted
