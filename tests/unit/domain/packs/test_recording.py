"""Recording: what a situation keeps of a decision's facts, and when there is none to keep."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from comptroller.adapters.dmn_xml import read
from comptroller.domain.decisions import compile_model
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.packs.examples import run_example
from comptroller.domain.packs.masking import policy_words
from comptroller.domain.packs.recording import FACTS_MAX, Recorded, Recorder

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)

FILE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="m" namespace="n">
  <inputData id="a" name="amount"><variable name="amount"/></inputData>
  <inputData id="p" name="parties"><variable name="parties"/></inputData>
  <inputData id="s" name="signer"><variable name="signer"/></inputData>
  <inputData id="t" name="note"><variable name="note"/></inputData>
  <decision id="d" name="d"><variable name="d"/>
    <informationRequirement><requiredInput href="#a"/></informationRequirement>
    <informationRequirement><requiredInput href="#p"/></informationRequirement>
    <informationRequirement><requiredInput href="#s"/></informationRequirement>
    <informationRequirement><requiredInput href="#t"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>amount</text></inputExpression></input>
      <input><inputExpression><text>list contains(parties.enterer, signer)</text></inputExpression></input>
      <input><inputExpression><text>parties[1].country</text></inputExpression></input>
      <output/>
      <rule id="own"><inputEntry><text>&gt; 10</text></inputEntry><inputEntry><text>true</text></inputEntry>
        <inputEntry><text>-</text></inputEntry>
        <outputEntry><text>{outcome: "refuse", text: "entered by " + signer}</text></outputEntry></rule>
      <rule id="note"><inputEntry><text>0</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <inputEntry><text>-</text></inputEntry>
        <outputEntry><text>{outcome: if contains(note, "please") then "ask" else "wait"}</text></outputEntry></rule>
      <rule id="rest"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <inputEntry><text>-</text></inputEntry><outputEntry><text>{outcome: "allow"}</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    definitions, _ = read(FILE.encode())
    assert definitions is not None
    return Recorder(compile_model(definitions), policy_words([definitions]), NOW)


def facts(amount: int, signer: str = "lena.vogt", note: str = "hello") -> dict[str, Any]:
    parties = [{"enterer": "lena.vogt", "country": "DE", "memo": "our best"}, {"enterer": "paul.ott", "memo": "new"}]
    return {"amount": Decimal(amount), "parties": parties, "signer": signer, "note": note}


@pytest.mark.parametrize(
    ("given", "kept", "title", "expect", "hits"),
    [
        pytest.param(
            facts(11),
            {
                "amount": Decimal(11),
                "parties": [{"enterer": "enterer 1", "country": "DE"}, {"enterer": "enterer 2"}],
                "signer": "enterer 1",
                "note": "note 1",
            },
            "entered by enterer 1",
            {"outcome": "refuse"},
            ("own",),
            id="who signs is who entered: equal before, equal after; what nobody asked about is gone",
        ),
        pytest.param(
            facts(11, signer="paul.kaas"),
            {
                "amount": Decimal(11),
                "parties": [{"enterer": "enterer 1", "country": "DE"}, {"enterer": "enterer 2"}],
                "signer": "signer 1",
                "note": "note 1",
            },
            "d: allow",
            {"outcome": "allow"},
            ("rest",),
            id="somebody else signs: another before, another after",
        ),
    ],
)
def test_situation_keeps_what_was_looked_at_with_stand_ins(
    recorder: Recorder,
    given: dict[str, Any],
    kept: dict[str, Any],
    title: str,
    expect: dict[str, Any],
    hits: tuple[str, ...],
) -> None:
    recorded = recorder.record("d", given)
    assert isinstance(recorded, Recorded)
    situation = recorded.situation
    assert (situation.inputs, situation.title, situation.expect, situation.hits) == (kept, title, expect, hits)
    assert run_example(situation, recorder.model, NOW) == ()


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        pytest.param(
            facts(0, note="please do"), "POLICY-EXAMPLE-04", "looks into `note`", id="the decision looks into a text"
        ),
        pytest.param(
            facts(11) | {"parties": [{"enterer": "x"}] * FACTS_MAX}, "POLICY-EXAMPLE-03", "2000 facts", id="too many"
        ),
    ],
)
def test_what_cannot_be_masked_is_not_recorded(recorder: Recorder, given: dict[str, Any], code: str, told: str) -> None:
    refused = recorder.record("d", given)
    assert isinstance(refused, Rejection)
    assert refused.code == code
    assert told in refused.message
    assert "please do" not in refused.message
