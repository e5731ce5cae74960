"""What stops a version: a new error in a table, an example that comes out otherwise. What was so before does not."""

from dataclasses import replace

import pytest
from tests.unit.domain.packs.one_table import expecting, pack_of

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import Decision, InputData
from comptroller.domain.packs.assessment import assess
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.invariant import Invariant
from comptroller.domain.packs.source import Source

WHOLE = {"low": "<= 100", "high": "> 100"}
GAP = {"low": "<= 100", "high": "> 200"}
LOW, HIGH = expecting(100, "low"), expecting(300, "high")


def source(rules: dict[str, str], *situations: Situation) -> Source:
    definitions = replace(pack_of(rules), source_hash=repr(rules))
    files = {"decisions/d.dmn": repr(rules).encode(), "examples/d.yaml": repr(situations).encode()}
    models = {"d": compile_model(definitions)}
    return Source(files, None, {"decisions/d.dmn": definitions}, models, {}, situations, (), ())


@pytest.mark.parametrize(
    ("before", "after", "stops"),
    [
        pytest.param(source(WHOLE, LOW), source({"low": "<= 101", "high": "> 101"}, LOW), 0, id="a limit moves"),
        pytest.param(source(WHOLE, LOW), source(GAP, LOW), 1, id="a gap that is new"),
        pytest.param(source(GAP, LOW), source(GAP, LOW, HIGH), 0, id="a gap that was there"),
        pytest.param(source(WHOLE, LOW), source({"low": "< 100", "high": ">= 100"}, LOW), 1, id="an example fails"),
        pytest.param(source(WHOLE), source(WHOLE, expecting(100, "high")), 1, id="an example that is new fails"),
        pytest.param(
            source(WHOLE, expecting(100, "high")), source(WHOLE, expecting(100, "high")), 0, id="it failed before"
        ),
    ],
)
def test_what_stops_a_version(before: Source, after: Source, stops: int) -> None:
    assert len(assess(before, after).stops) == stops


RULE = Invariant("never", "Nothing is negative", "group-controller", "true", decision="d")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        pytest.param(replace(source(WHOLE, LOW), invariants=(RULE,)), [], id="nothing"),
        pytest.param(
            replace(source(WHOLE), invariants=(RULE,)), [f"the example `{LOW.title}` of d is no more"], id="an example"
        ),
        pytest.param(
            replace(source(WHOLE, replace(LOW, expect={"": "high"})), invariants=(RULE,)),
            [f"the example `{LOW.title}` of d says something else"],
            id="what an example expects",
        ),
        pytest.param(
            source(WHOLE, LOW), ["the standing invariant `Nothing is negative` is no more"], id="an invariant"
        ),
        pytest.param(
            replace(source(WHOLE, LOW), invariants=(replace(RULE, holds="1 = 1"),)),
            ["the standing invariant `Nothing is negative` says something else"],
            id="what an invariant holds",
        ),
    ],
)
def test_what_is_taken_away_is_told_to_who_signs(after: Source, told: list[str]) -> None:
    found = assess(replace(source(WHOLE, LOW), invariants=(RULE,)), after)
    assert [each for each in found.difference() if each in found.withdrawn] == told


def test_what_a_version_changes_is_told_where_an_input_is_called_as_the_decision_of_another_model() -> None:
    other = replace(pack_of({"all": "-"}), name="other", namespace="urn:other")
    decisions = [replace(each, name="amount") for each in other.elements if isinstance(each, Decision)]
    other = replace(other, elements=(*(each for each in other.elements if isinstance(each, InputData)), *decisions))

    def beside(own: Source) -> Source:
        models = {"amount": compile_model(other), **own.models}
        return replace(own, definitions={**own.definitions, "decisions/other.dmn": other}, models=models)

    before, after = source(WHOLE, LOW), source({"low": "<= 101", "high": "> 101"}, LOW)
    found = assess(beside(before), beside(after))
    assert found.changes.decisions == ("d",)
    assert found.difference() == assess(before, after).difference() != ()


def test_what_a_version_changes() -> None:
    found = assess(source(WHOLE, LOW), source({"low": "<= 101", "high": "> 101"}, LOW, HIGH))
    assert (found.changes.decisions, found.changes.parts) == (("d",), ("decisions", "examples"))
    assert [each for each in found.difference() if "100" in each and "101" in each]
    assert found.examples == 2
