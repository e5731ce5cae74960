"""What stops a version: a new error in a table, an example that comes out otherwise. What was so before does not."""

from dataclasses import replace

import pytest
from tests.unit.domain.packs.one_table import expecting, pack_of

from comptroller.adapters.bpmn_xml import read
from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    FunctionDefinition,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    Reference,
)
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


def test_a_model_of_functions_alone_is_compared_too() -> None:
    def beside(text: str) -> Source:
        logic = FunctionDefinition((), LiteralExpression(text))
        words = Definitions(
            "w", "urn:w", elements=(BusinessKnowledgeModel("money", "money", InformationItem("money"), logic),)
        )
        own = source(WHOLE, LOW)
        return replace(own, definitions={**own.definitions, "decisions/words.dmn": words})

    assert assess(beside('"EUR"'), beside('"EUR"')).difference() == ()
    found = assess(beside('"EUR"'), beside('"USD"'))
    assert found.changes.decisions == ("money",)
    assert found.difference() == ("money is written anew: nothing is proved of it",)


def test_what_a_version_changes() -> None:
    found = assess(source(WHOLE, LOW), source({"low": "<= 101", "high": "> 101"}, LOW, HIGH))
    assert (found.changes.decisions, found.changes.parts) == (("d",), ("decisions", "examples"))
    assert [each for each in found.difference() if "100" in each and "101" in each]
    assert found.examples == 2


PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn" id="d"
  targetNamespace="urn:t"><process id="p" isExecutable="true"><startEvent id="begin"/>
  <businessRuleTask id="first" c:decision="FIRST"/><businessRuleTask id="then" c:decision="THEN"/><endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="first"/><sequenceFlow id="f2" sourceRef="first" targetRef="then"/>
  <sequenceFlow id="f3" sourceRef="then" targetRef="end"/></process></definitions>"""


def asking(own: Source, first: str, then: str, tests: dict[str, str]) -> Source:
    """A pack whose process asks two decisions: `d`, and `e` of another model, with an input that is called `d`."""
    process, faults = read(PROCESS.replace("FIRST", first).replace("THEN", then).encode())
    assert process is not None, faults
    other = pack_of(tests)
    (decision,) = (each for each in other.elements if isinstance(each, Decision))
    assert isinstance(decision.expression, DecisionTable)
    logic = replace(decision.expression, inputs=(InputClause(LiteralExpression("d")),))
    needs = (Reference("urn:other", "a"),)
    elements = (
        InputData("a", "d", InformationItem("d")),
        replace(decision, name="e", expression=logic, required_inputs=needs),
    )
    other = replace(other, namespace="urn:other", elements=elements)
    return replace(
        own,
        definitions={**own.definitions, "decisions/e.dmn": other},
        models={**own.models, "e": compile_model(other)},
        processes={"processes/p.bpmn": process},
    )


NEEDED = {"reject": '"high"', "post": '"low"'}
EITHER = {"post": '"high", "low"', "hold": "null"}


@pytest.mark.parametrize(
    ("first", "then", "tests", "told"),
    [
        pytest.param("d", "e", NEEDED, ("d", "e"), id="a process hands it on, and it is decided otherwise"),
        pytest.param("d", "e", EITHER, ("d",), id="what is handed on is proved not to matter"),
        pytest.param("e", "d", NEEDED, ("d",), id="it is asked for before"),
        pytest.param("d", "d", NEEDED, ("d", "e"), id="it is asked for afterwards, by the platform"),
        pytest.param("e", "e", NEEDED, ("d",), id="no process hands it on"),
    ],
)
def test_decisions_of_other_models_change_with_what_is_handed_to_them(
    first: str, then: str, tests: dict[str, str], told: tuple[str, ...]
) -> None:
    before, after = source(WHOLE, LOW), source({"low": "<= 101", "high": "> 101"}, LOW)
    found = assess(asking(before, first, then, tests), asking(after, first, then, tests))
    assert found.changes.decisions == told
    where = "where `amount` is above 100, up to 101"
    words = f'e is handed what changed, and decides otherwise {where}: "reject" becomes "post"'
    assert [note for note in found.notes() if note.startswith("e is")] == ([words] if "e" in told else [])
