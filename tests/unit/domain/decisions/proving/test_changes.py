"""What a change means for the decisions behind it, held against deciding every combination by both versions."""

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference.proving_graphs import SPACE, RandomGraph, points
from tests.unit.domain.decisions.models import NAMESPACE as SPACE_OF_MODELS
from tests.unit.domain.decisions.models import decision, definitions, input_data, table

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.proving.changes import trace
from comptroller.domain.decisions.proving.graphs import Graph

DECIDED = 60
"""Of so many graphs, the first ones, every effect is decided."""


@given(st.one_of(st.integers(min_value=0, max_value=DECIDED - 1), st.integers(min_value=DECIDED, max_value=10_000)))
@settings(max_examples=25)
def test_a_change_is_traced_to_the_decisions_that_it_changes(seed: int) -> None:
    graph = RandomGraph(random.Random(seed))
    changed = graph.changed()
    old, new = graph.version(), changed.version()
    written = [(SPACE, one.name) for one, other in zip(graph.decisions, changed.decisions, strict=True) if one != other]
    effects = trace(Graph(old), Graph(new), written)
    assert {each.decision for each in effects} == set(graph.behind(written))
    for effect in effects:
        differs = [
            point
            for point in points()
            if old[0][1].decide(effect.decision, point).value != new[0][1].decide(effect.decision, point).value
        ]
        if effect.undecided:  # of few graphs, and none of the first
            assert effect.undecided == "there are more cases than are gone through"
            assert seed >= DECIDED
        elif differs:
            assert effect.regions, (effect, differs[:1])
        for region in effect.regions:
            inputs = {**dict.fromkeys(next(points())), **region.inputs}
            before, after = (version[0][1].decide(effect.decision, inputs).value for version in (old, new))
            assert (before, after) == (region.before, region.after)
            assert before != after


BASIS = [['"order"', '"matched"'], ["null", '"open"'], ["-", '"order-less"']]


def routed(*rows: list[str]) -> Graph:
    """Who signs by a basis that no change reaches, and what is told of who signs."""
    source = definitions(
        input_data("kind", "string"),
        input_data("amount", "number"),
        decision("basis", table(["kind"], ["basis"], BASIS, HitPolicy.FIRST), inputs=["kind"], type_ref="string"),
        decision("is open", 'basis = "open"', decisions=["basis"]),
        decision(
            "signs",
            table(["basis", "amount"], ["who"], rows, HitPolicy.FIRST),
            inputs=["amount"],
            decisions=["basis"],
        ),
        decision("told", 'if is open then "nobody" else signs', decisions=["is open", "signs"]),
    )
    return Graph([(source, compile_model(source))])


def test_what_a_change_does_not_reach_is_told_as_an_outcome_that_a_case_comes_to() -> None:
    old = routed(['"order-less"', "> 100", '"head"'], ["-", "-", '"owner"'])
    new = routed(['"order-less"', "> 100.01", '"head"'], ["-", "-", '"owner"'])
    signs, told = trace(old, new, [(SPACE_OF_MODELS, "signs")])
    for effect in (signs, told):  # that it is not open follows from the basis, and is not told
        (region,) = effect.regions
        assert region.message == (
            'where `basis` is "order-less" and `amount` is above 100, up to 100.01: "head" becomes "owner"'
        )
        assert old.models[SPACE_OF_MODELS].decide("basis", region.inputs).value == "order-less"
        assert not effect.undecided


def test_by_outcomes_that_nothing_comes_to_nothing_changes() -> None:
    old = routed(['"order-less"', "-", '"head"'], ['"agreed"', "-", '"head"'], ["-", "-", '"owner"'])
    new = routed(['"order-less"', "-", '"head"'], ["-", "-", '"owner"'])
    effects = trace(old, new, [(SPACE_OF_MODELS, "signs")])
    assert [effect.is_none for effect in effects] == [True, True]


def test_inputs_of_another_type_are_held_to_it_by_each_version() -> None:
    versions = []
    for wanted in ("number", "string"):
        logic = table(["amount"], ["who"], [["< 1000", '"owner"'], ["-", '"head"']], HitPolicy.FIRST)
        source = definitions(input_data("amount", wanted), decision("signs", logic, inputs=["amount"]))
        versions.append(Graph([(source, compile_model(source))]))
    old, new = versions
    (effect,) = trace(old, new, [(source.namespace, "signs")])
    assert effect.undecided == ""
    assert [(region.region, region.before, region.after) for region in effect.regions] == [
        ({"amount": "< 1000"}, "owner", "head")
    ]


def test_an_example_is_an_ordinary_case_where_there_is_one() -> None:
    """Of a credit note and an invoice both changed: the invoice is shown, with an amount above zero."""
    versions = []
    for limit in ("-200", "-201"):
        rows = [['"credit note", "invoice", "reminder"', f"[{limit}..500]", '"owner"'], ["-", "-", '"head"']]
        other = [['"credit note", "invoice", "reminder"', "[-201..500]", '"clerk"'], ["-", "-", '"head"']]
        logic = table(["kind", "amount"], ["who"], rows if limit == "-200" else other, HitPolicy.FIRST)
        inputs = input_data("kind", "string"), input_data("amount", "number")
        source = definitions(*inputs, decision("signs", logic, inputs=["kind", "amount"]))
        versions.append(Graph([(source, compile_model(source))]))
    old, new = versions
    bases = {"signs": [{"kind": kind, "amount": Decimal(100)} for kind in ("invoice", "credit note", "invoice")]}
    (effect,) = trace(old, new, [(source.namespace, "signs")], bases)
    plainest = min((each for each in effect.regions if each.after == "clerk"), key=lambda each: each.rank)
    assert (plainest.inputs["kind"], plainest.inputs["amount"] > 0, plainest.rarities) == ("invoice", True, 0)
    assert any(each.rarities for each in effect.regions)
