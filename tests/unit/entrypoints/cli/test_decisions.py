"""The decision engine from the command line: a decision with its explanation, FEEL line by line."""

import json
from pathlib import Path

import pytest
from tests.unit.entrypoints.cli.test_app import run
from typer.testing import CliRunner

from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <inputData id="a" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <inputData id="b" name="day"><variable name="day" typeRef="date"/></inputData>
  <decision id="d" name="approval">
    <informationRequirement><requiredInput href="#a"/></informationRequirement>
    <informationRequirement><requiredInput href="#b"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
      <input><inputExpression typeRef="date"><text>day</text></inputExpression></input>
      <output/>
      <annotation name="why"/>
      <rule id="old">
        <inputEntry><text>-</text></inputEntry><inputEntry><text>&lt; date("2026-01-01")</text></inputEntry>
        <outputEntry><text>"closed"</text></outputEntry>
        <annotationEntry><text>the year is closed</text></annotationEntry>
      </rule>
      <rule id="small"><inputEntry><text>&lt;= 0.30</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"pass"</text></outputEntry><annotationEntry><text>small</text></annotationEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.dmn"
    path.write_text(MODEL)
    return path


def asked(model: Path, inputs: object, *more: str) -> tuple[int, str]:
    given = model.with_name("case.json")
    given.write_text(json.dumps(inputs) if not isinstance(inputs, str) else inputs)
    result = run({}, "decide", str(model), "--decision", "approval", "--input", str(given), *more)
    return result.exit_code, result.output


def test_numbers_are_exact_and_days_are_days(model: Path) -> None:
    assert asked(model, '{"amount": 0.30, "day": "2026-03-27"}') == (Exit.DONE, 'approval: "pass"\n')
    assert asked(model, '{"amount": 0.300000000000000001, "day": "2026-03-27"}') == (Exit.DONE, "approval: null\n")
    assert asked(model, '{"amount": 1, "day": "2025-12-31"}') == (Exit.DONE, 'approval: "closed"\n')


def test_an_explanation_names_the_rule_and_its_reason(model: Path) -> None:
    code, told = asked(model, {"amount": 1, "day": "2025-12-31"}, "--explain")
    assert code == Exit.DONE
    assert "rule 1 (old) the year is closed" in told
    code, told = asked(model, {"amount": 1, "day": "2025-12-31"}, "--explain", "--json")
    answer = json.loads(told)
    assert (answer["value"], answer["faults"]) == ("closed", [])
    assert answer["explanation"][-1]["hits"][0]["rule_id"] == "old"


def test_what_cannot_be_decided_says_why(model: Path) -> None:
    code, told = asked(model, {"amount": "much", "day": "2026-03-27"})
    assert (code, "DMN-TYPE-04" in told) == (Exit.NO, True)
    assert asked(model, "no JSON")[0] == Exit.REFUSED
    assert asked(model, [1])[0] == Exit.REFUSED


def test_feel_evaluates_one_expression() -> None:
    assert run({}, "feel", "0.1 + 0.2").output == "0.3\n"
    assert run({}, "feel", "1 +").exit_code == Exit.NO


def test_feel_keeps_values_from_line_to_line() -> None:
    result = CliRunner().invoke(app, ["feel"], input="price = 9.40\nprice * 10 = 94\nfor i in 1..3 return i * price\n")
    assert result.output.splitlines() == ["9.40", "true", "[9.40, 18.80, 28.20]"]
