"""A tolerance decides what matches, and what matches decides who signs, in another model: both are held together."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import pytest

from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
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
from comptroller.domain.decisions.handing import Handed, Named, kept
from comptroller.domain.decisions.proving.changes import trace, trace_handed
from comptroller.domain.decisions.proving.effects import Effect
from comptroller.domain.decisions.proving.graphs import Graph

INPUTS: Final = {
    "difference": "number",
    "amount": "number",
    "match": "Any",
    "routing": "Any",
    "lines": "Any",
    "kind": "string",
}
Logic = DecisionTable | LiteralExpression
Version = tuple[Definitions, Model]


def said(text: str) -> LiteralExpression:
    return LiteralExpression(text)


def table(columns: str, *rows: str) -> DecisionTable:
    """A FIRST table; cells and the conclusion of a row stand between bars."""
    names = columns.split(" | ")
    rules = [row.split(" | ") for row in rows]
    return DecisionTable(
        tuple(InputClause(LiteralExpression(name)) for name in names),
        (OutputClause(),),
        tuple(Rule(tuple(map(UnaryTests, cells)), (LiteralExpression(told),)) for *cells, told in rules),
        HitPolicy.FIRST,
    )


def model(name: str, logic: Logic) -> Version:
    inputs = tuple(InputData(each, each, InformationItem(each, of)) for each, of in INPUTS.items() if each != name)
    needs = tuple(Reference(f"urn:{name}", each.id) for each in inputs)
    decision = Decision(name, name, InformationItem(name), logic, required_inputs=needs)
    definitions = Definitions(name, f"urn:{name}", elements=(*inputs, decision))
    return definitions, compile_model(definitions)


HANDING: Final = {
    Named("urn:routing", "match"): Handed(Named("urn:match", "match")),
    Named("urn:notice", "routing"): Handed(Named("urn:routing", "routing")),
}


def upto(limit: int) -> DecisionTable:
    return table("difference", f'<= {limit} | "matched"', '- | "exception"')


def around(limit: int) -> LiteralExpression:
    return said(f'if abs(difference - 20) <= {limit} then "matched" else "exception"')


def whole(limit: int) -> LiteralExpression:
    """What no way looks into."""
    return said(f'if floor(difference) <= {limit} then "matched" else "exception"')


BY_MATCH: Final = table("match | amount", '"exception" | - | "controller"', '- | > 1000 | "manager"', '- | - | "owner"')
NO_MATTER: Final = table("match | amount", '"matched", "exception" | <= 1000 | "owner"', '- | - | "manager"')
TOLD: Final = table("routing", '"controller" | "told"', '- | "silent"')
LARGE_ONLY: Final = table("match | difference", '"exception" | > 50 | "controller"', '- | - | "owner"')
FAILED: Final = said('if match.outcome = "review" then "controller" else "owner"')
TEXTS: Final = said('if substring(string(difference), 1, 1) = "7" then "exception" else "matched"')
OTHER_TEXTS: Final = said('if substring(string(difference), 1, 1) = "8" then "exception" else "matched"')
POINTS: Final = [{"difference": d, "amount": a} for d in (*range(0, 100, 5), 11, 21, 51, None) for a in (5, 5000, None)]


def graph(match: Logic, routing: Logic) -> Graph:
    return Graph([model("match", match), model("routing", routing), model("notice", TOLD)], HANDING)


def through_chain(of: Graph, point: Mapping[str, object]) -> dict[str, object]:
    """The outcomes, each handed on by hand."""
    known = dict(point)
    for name in ("match", "routing", "notice"):
        known[name] = kept(name, of.models[f"urn:{name}"].decide(name, known))
    return known


def effects_of(found: Iterable[Effect]) -> dict[str, Effect]:
    return {each.decision: each for each in found}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        pytest.param((upto(10), BY_MATCH), (upto(20), BY_MATCH), ["routing", "notice"], id="who signs changes"),
        pytest.param((upto(10), NO_MATTER), (upto(20), NO_MATTER), [], id="it does not matter to who signs"),
        pytest.param((upto(10), LARGE_ONLY), (upto(20), LARGE_ONLY), [], id="it matters only where nothing changed"),
        pytest.param((upto(50), LARGE_ONLY), (upto(60), LARGE_ONLY), ["routing", "notice"], id="one fact decides both"),
        pytest.param(
            (table("difference", '<= 10 | "matched"'), FAILED),
            (upto(10), FAILED),
            ["routing", "notice"],
            id="what could not be decided is reviewed",
        ),
        pytest.param((around(10), BY_MATCH), (around(15), BY_MATCH), ["routing", "notice"], id="on both sides"),
        pytest.param(
            (upto(10), BY_MATCH),
            (upto(20), table("match | amount", '"exception" | - | "controller"', '- | - | "owner"')),
            ["routing", "notice"],
            id="both models are changed",
        ),
        pytest.param(
            (upto(10), BY_MATCH),
            (
                upto(20),
                table("match | amount", '"exception" | - | "controller"', '- | >1000 | "manager"', '- | - | "owner"'),
            ),
            ["routing", "notice"],
            id="the other model is but written otherwise",
        ),
    ],
)
def test_a_change_is_traced_to_the_decisions_that_it_is_handed_to(
    before: tuple[Logic, Logic], after: tuple[Logic, Logic], changed: list[str]
) -> None:
    old, new = graph(*before), graph(*after)
    written = [
        (f"urn:{name}", name)
        for name, *both in zip(("match", "routing"), before, after, strict=True)
        if both[0] != both[1]
    ]
    found = effects_of(trace(old, new, written))
    for name in ("routing", "notice"):
        effect = found[name]
        differs = [point for point in POINTS if through_chain(old, point)[name] != through_chain(new, point)[name]]
        assert not effect.undecided
        assert effect.is_handed
        assert bool(differs) == bool(effect.regions) == (name in changed)
        for region in effect.regions:
            point = {"difference": None, "amount": None, **region.inputs}
            assert "match" not in region.inputs
            assert through_chain(old, point)[name] == region.before != region.after
            assert through_chain(new, point)[name] == region.after


def test_where_an_example_shows_what_ways_leave_open_it_is_told_and_the_rest_stays_undecided() -> None:
    old, new = graph(TEXTS, BY_MATCH), graph(OTHER_TEXTS, BY_MATCH)
    changed = [("urn:match", "match")]
    unknown = effects_of(trace(old, new, changed))
    assert all(unknown[name].undecided and not unknown[name].regions for name in ("match", "routing", "notice"))
    bases: dict[str, list[dict[str, object]]] = {
        "match": [{"difference": 5}, {"difference": 71}],
        "routing": [{"amount": 5, "match": "matched"}],
        "notice": [{"routing": "owner"}],
    }
    shown = effects_of(trace(old, new, changed, bases))
    (region,) = shown["routing"].regions
    assert (region.before, region.after, dict(region.inputs)) == (
        "controller",
        "owner",
        {"amount": 5, "difference": 71},
    )
    assert region.message.startswith("of an input: ")
    assert shown["routing"].undecided
    assert [each.before for each in shown["notice"].regions] == ["told"]


def test_a_number_that_occurs_is_moved_to_where_the_versions_write_others() -> None:
    old, new = graph(whole(10), BY_MATCH), graph(whole(20), BY_MATCH)
    bases: dict[str, list[dict[str, object]]] = {
        "match": [{"difference": 5}],
        "routing": [{"amount": 5, "match": "matched"}],
    }
    (region,) = effects_of(trace(old, new, [("urn:match", "match")], bases))["routing"].regions
    assert (region.before, region.after, region.inputs["difference"]) == ("controller", "owner", 20)


def test_an_example_is_the_lowest_value_with_texts_that_occur() -> None:
    old, new = (
        graph(table("difference | kind", f'> {limit} | not("legal") | "exception"', '- | - | "matched"'), BY_MATCH)
        for limit in (10, 20)
    )
    bases: dict[str, list[dict[str, object]]] = {"match": [{"kind": "legal"}, {"kind": "software"}]}
    (region, *_) = effects_of(trace(old, new, [("urn:match", "match")], bases))["match"].regions
    assert region.inputs == {"difference": Decimal("10.01"), "kind": "software"}


def test_a_rare_way_to_differ_is_not_lost_behind_many_cases_of_a_common_one() -> None:
    old, new = (
        graph(
            said(f'{{common: starts with(string(difference), "{a}"), rare: starts with(string(difference), "{b}")}}'),
            said('if match.rare then "controller" else "owner"'),
        )
        for a, b in (("7", "9"), ("8", "6"))
    )
    common: list[dict[str, object]] = [{"difference": 700 + each} for each in range(20)]
    bases: dict[str, list[dict[str, object]]] = {
        "match": [*common, {"difference": 91}],
        "routing": [{"amount": 5, "match": {"common": False, "rare": False}}],
    }
    (region,) = effects_of(trace(old, new, [("urn:match", "match")], bases))["routing"].regions
    assert (region.before, region.after, region.inputs["difference"]) == ("controller", "owner", 91)


def test_a_case_has_what_each_decision_needs_that_hands_something_to_it() -> None:
    both = said('if match = "exception" and routing = "manager" then "told" else "silent"')
    by_amount = said('if match = "review" then "controller" else if amount > 1000 then "manager" else "owner"')
    handing = {**HANDING, Named("urn:notice", "match"): Handed(Named("urn:match", "match"))}
    old, new = (
        Graph([model("match", whole(limit)), model("routing", by_amount), model("notice", both)], handing)
        for limit in (10, 20)
    )
    bases: dict[str, list[dict[str, object]]] = {
        "match": [{"difference": 5}],
        "routing": [{"amount": 5, "match": "matched"}, {"amount": 5000, "match": "matched"}],
        "notice": [{"match": "matched", "routing": "manager"}],
    }
    (region,) = effects_of(trace(old, new, [("urn:match", "match")], bases))["notice"].regions
    assert (region.before, region.after, dict(region.inputs)) == ("told", "silent", {"amount": 5000, "difference": 20})


def test_questions_are_counted_over_all_that_is_tried_for_a_decision() -> None:
    old, new = graph(upto(10), BY_MATCH), graph(upto(20), BY_MATCH)
    found = effects_of(trace_handed(old, new, [("urn:match", "match")], {}, 3))
    assert found.keys() == {"routing", "notice"}
    assert all(each.undecided == "there are more cases than are gone through" for each in found.values())
