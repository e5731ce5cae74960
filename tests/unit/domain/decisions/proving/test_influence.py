"""What a change of an entry can reach: behind what does not look at it nothing, whatever else is made of it."""

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.domain.decisions.proving.test_handed import HANDING, INPUTS, Version, model, said, table

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    FunctionDefinition,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.changes import trace_handed
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.proving.influence import Influence
from comptroller.domain.decisions.proving.parts import EACH, Parts

FACTS: Final = [
    {"difference": each, "lines": lines} for each in (5, 15) for lines in ([], [{"no": 1}, {"no": 2}], None)
]
ROUTING: Final = Named("urn:routing", "routing")


def matched(hours: str, upto: int = 10, policy: HitPolicy = HitPolicy.FIRST, type_ref: str = "number") -> DecisionTable:
    """What matches, with the hours that it takes; the second row is always the same."""
    rows = ((f"<= {upto}", '"matched"', hours), ("-", '"exception"', "16"))
    return DecisionTable(
        (InputClause(LiteralExpression("difference")),),
        (OutputClause("outcome", "string"), OutputClause("hours", type_ref)),
        tuple(Rule((UnaryTests(cell),), tuple(map(LiteralExpression, told))) for cell, *told in rows),
        policy,
    )


def graph(match: DecisionTable, routing: Version) -> Graph:
    return Graph([model("match", match), routing], HANDING)


def influence(before: Graph, after: Graph) -> Parts:
    return Influence(before, after).of(ROUTING)


def differs(before: Graph, after: Graph) -> bool:
    """Whether the models say something else of any of the facts."""

    def outcome(of: Graph, facts: Mapping[str, object]) -> object:
        match = of.models["urn:match"].decide("match", facts).value
        return of.models["urn:routing"].decide("routing", {**facts, "match": match}).value

    return any(outcome(before, facts) != outcome(after, facts) for facts in FACTS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("match.outcome", []),
        ("match.hours", [()]),
        ("match", [("hours",)]),
        ('if match = null then "none" else match.outcome', []),
        ('if match.hours = 8 then "a" else "b"', [()]),
        ('[match.outcome, "matched", match]', [(EACH, "hours")]),
        ('count([match, match][item.outcome = "matched"])', []),
        ("count([match, match][item.hours = 8])", [()]),
        ("count([match, match][hours = 8])", [()]),
        ("[match, match][2].outcome", []),
        ("[match, match].hours", [(EACH,)]),
        ("for each in [match] return each.outcome", []),
        ("for each in [match] return {at: each.hours, what: each.outcome}", [(EACH, "at")]),
        ("(for line in lines return {line: line.no, at: match.hours}).line", []),
        ("count(for line in lines return {line: line.no, at: match.hours})", []),
        ("for line in lines return line.no + match.hours", [(EACH,)]),
        ("for each in 1..match.hours return each", [()]),
        ("some each in [match] satisfies each.hours = 8", [()]),
        ('every each in [match] satisfies each.outcome = "matched"', []),
        ('context put(match, "hours", 1)', []),
        ('context put({a: 1}, "b", match).b.outcome', []),
        ("context merge([match, {more: 1}]).outcome", []),
        ("context merge([{more: 1}, match])", [("hours",)]),
        ("flatten([[match], match]).outcome", []),
        ("flatten([[match.hours], 1])", [()]),
        ("concatenate([match], [1])", [(EACH, "hours")]),
        ("append([1], match)", [(EACH, "hours")]),
        ("list contains([match], null)", [()]),
        ("string(match.hours) + match.outcome", [()]),
        ('(function(given) given.outcome)(match) = "matched"', [()]),
    ],
)
def test_of_an_entry_that_changes_an_expression_has_what_it_looks_at(text: str, parts: list[tuple[str, ...]]) -> None:
    before, after = (graph(matched(hours), model("routing", said(text))) for hours in ("8", "24"))
    found = influence(before, after)
    assert sorted(found) == parts
    assert found or not differs(before, after)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(matched("8"), matched("8", upto=20), id="another row hits"),
        pytest.param(matched("8"), matched("8", policy=HitPolicy.UNIQUE), id="another hit policy"),
        pytest.param(matched("8"), matched("8", type_ref="string"), id="another type"),
        pytest.param(matched("8"), matched('"long"'), id="a value of another type"),
        pytest.param(matched("8"), matched("difference"), id="a value that may be none"),
        pytest.param(matched("8", policy=HitPolicy.PRIORITY), matched("9", policy=HitPolicy.PRIORITY), id="a priority"),
    ],
)
def test_of_a_table_that_may_give_something_else_anything_may_differ(one: DecisionTable, other: DecisionTable) -> None:
    outcome = model("routing", said("match.outcome"))
    assert influence(graph(one, outcome), graph(other, outcome)) == {()}


@pytest.mark.parametrize(
    ("logic", "parts"),
    [
        pytest.param(table("match.outcome", '"matched" | match.outcome', '- | "none"'), [], id="stays"),
        pytest.param(table("match.outcome", '"matched" | match.hours', "- | 1"), [()], id="an output changes"),
        pytest.param(table("match.hours", '8 | "short"', '- | "long"'), [()], id="a column changes"),
        pytest.param(table("match.hours", '- | "any"'), [], id="nobody looks at the column"),
        pytest.param(table("difference", '< match.hours | "few"', '- | "many"'), [()], id="a cell changes"),
    ],
)
def test_a_table_gives_the_same_where_its_cells_ask_for_what_stays(
    logic: DecisionTable, parts: list[tuple[str, ...]]
) -> None:
    before, after = (graph(matched(hours), model("routing", logic)) for hours in ("8", "24"))
    found = influence(before, after)
    assert sorted(found) == parts
    assert found or not differs(before, after)


@pytest.mark.parametrize(
    ("parameter", "body", "parts"),
    [
        pytest.param("Any", "given.outcome", [], id="looks at what stays"),
        pytest.param("Any", "given.hours", [()], id="looks at what changes"),
        pytest.param("string", "1", [()], id="holds its argument to a type"),
    ],
)
def test_a_function_has_of_its_argument_what_it_looks_at(
    parameter: str, body: str, parts: list[tuple[str, ...]]
) -> None:
    item = InformationItem("look")
    logic = FunctionDefinition((InformationItem("given", parameter),), LiteralExpression(body))
    look = BusinessKnowledgeModel("look", "look", item, logic)
    inputs = tuple(InputData(each, each, InformationItem(each, of)) for each, of in INPUTS.items() if each != "routing")
    needs, known = tuple(Reference("urn:routing", each.id) for each in inputs), (Reference("urn:routing", "look"),)
    text = LiteralExpression("look(match)")
    decision = Decision("routing", "routing", InformationItem("routing"), text, needs, (), known)
    definitions = Definitions("routing", "urn:routing", elements=(*inputs, look, decision))
    routing = definitions, compile_model(definitions)
    before, after = (graph(matched(hours), routing) for hours in ("8", "24"))
    assert sorted(influence(before, after)) == parts
    assert parts or not differs(before, after)


def test_what_nothing_of_a_change_comes_to_is_proved_to_decide_the_same_though_its_ways_cannot_be_gone() -> None:
    text = 'for each in lines return if substring(string(each), 1, 1) = "7" then match.outcome else "other"'
    before, after = (graph(matched(hours), model("routing", said(text))) for hours in ("8", "24"))
    (effect,) = trace_handed(before, after, [("urn:match", "match")], {}, 0)
    assert (effect.decision, effect.is_none, effect.is_handed) == ("routing", True, True)
