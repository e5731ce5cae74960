"""What a function of a model gives otherwise in a new version, for all arguments."""

import pytest
from tests.unit.domain.decisions.models import NAMESPACE, decision, definitions, input_data, knowledge_model, table

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import BoxedExpression
from comptroller.domain.decisions.proving.effects import Effect
from comptroller.domain.decisions.proving.functions import trace_functions
from comptroller.domain.decisions.proving.graphs import Graph


def graph(parameter: str, body: BoxedExpression | str) -> Graph:
    rate = knowledge_model("rate", [parameter], body)
    source = definitions(input_data("x", "number"), rate, decision("d", "rate(x)", inputs=["x"], knowledge=["rate"]))
    return Graph([(source, compile_model(source))])


def effect(before: tuple[str, BoxedExpression | str], after: tuple[str, BoxedExpression | str]) -> Effect:
    (found,) = trace_functions(graph(*before), graph(*after), [(NAMESPACE, "rate"), (NAMESPACE, "d")])
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("amount * 2", "amount + amount"),
        ("if amount > 5 then 1 else 2", "if amount <= 5 or amount = null then 2 else 1"),
        ("amount + 1", table(["amount"], ["more"], [["-", "amount + 1"]])),
    ],
)
def test_a_function_that_is_written_otherwise_gives_the_same(before: str, after: BoxedExpression | str) -> None:
    found = effect(("amount: number", before), ("amount: number", after))
    assert (found.decision, found.is_none) == ("rate", True), found


def test_a_function_that_gives_something_else_is_told_with_an_example() -> None:
    found = effect(("amount: number", "if amount > 5 then 1 else 2"), ("amount: number", "if amount > 6 then 1 else 2"))
    (region,) = found.regions
    assert (region.region, region.before, region.after) == ({"amount": "(5..6]"}, 1, 2)
    assert 5 < region.inputs["amount"] <= 6


def test_a_function_of_other_parameters_is_not_compared() -> None:
    assert effect(("amount", "1"), ("net", "1")).undecided == "its parameters are others than before"
