"""`comptroller decide`: a decision from the command line, with its explanation."""

import json
from pathlib import Path

import pytest
from tests.unit.entrypoints.cli.test_app import run

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


def test_an_explanation_tells_the_decisions_the_rules_and_their_reasons(model: Path) -> None:
    code, told = asked(model, {"amount": 1, "day": "2025-12-31"}, "--explain", "--why-not", "small")
    assert code == Exit.DONE
    assert told.splitlines() == [
        'approval: "closed"',
        "",
        '1. approval: "closed"',
        '   read: amount = 1, day = date("2025-12-31")',
        '   rule 1 (old) of approval: "closed"',
        "     why: the year is closed",
        "",
        "rule 2 (small) of approval did not hit: `amount` is 1, its cell asks for `<= 0.30`",
    ]


def test_programs_get_the_explanation_as_data(model: Path) -> None:
    code, told = asked(model, {"amount": 1, "day": "2025-12-31"}, "--explain", "--why-not", "9", "--json")
    answer = json.loads(told)
    assert (code, answer["value"], answer["faults"]) == (Exit.DONE, "closed", [])
    assert answer["explanation"][-1]["hits"][0]["rule_id"] == "old"
    assert answer["why_not"] == "no table with a rule `9` was evaluated"


def test_what_cannot_be_decided_says_why(model: Path) -> None:
    code, told = asked(model, {"amount": "much", "day": "2026-03-27"})
    assert (code, "DMN-TYPE-04" in told) == (Exit.NO, True)
    assert asked(model, "no JSON")[0] == Exit.REFUSED
    assert asked(model, [1])[0] == Exit.REFUSED


@pytest.mark.parametrize(
    ("at", "year"),
    [
        pytest.param("2031-03-27T08:00:00Z", "2031", id="an instant"),
        pytest.param("2031-03-27T08:00:00", "2031", id="in UTC without a zone"),
        pytest.param("2031-03-27", "2031", id="a day's midnight"),
    ],
)
def test_the_time_can_be_given(model: Path, at: str, year: str) -> None:
    model.write_text(MODEL.replace("<text>amount</text>", "<text>today().year</text>").replace("0.30", year))
    assert asked(model, {"amount": 1, "day": "2026-03-27"}, "--at", at) == (Exit.DONE, 'approval: "pass"\n')
    later = asked(model, {"amount": 1, "day": "2026-03-27"}, "--at", "2032-01-01")
    assert later == (Exit.DONE, "approval: null\n")


def test_a_time_that_is_none_is_refused(model: Path) -> None:
    code, told = asked(model, {}, "--at", "noon")
    assert code == Exit.USAGE
    assert told.startswith("TIME-FORM-01: `noon` is no point in time")


def test_a_business_knowledge_model_is_called(model: Path) -> None:
    knowledge = """<businessKnowledgeModel id="k" name="tomorrow"><variable name="tomorrow"/><encapsulatedLogic>
        <formalParameter name="day" typeRef="date"/>
        <literalExpression><text>day + duration("P1D")</text></literalExpression>
      </encapsulatedLogic></businessKnowledgeModel></definitions>"""
    model.write_text(MODEL.replace("</definitions>", knowledge))
    assert asked(model, {"day": "2026-03-27"}, "--decision", "tomorrow") == (
        Exit.DONE,
        'tomorrow: date("2026-03-28")\n',
    )


def test_a_decision_that_is_not_there_names_those_that_are(model: Path) -> None:
    code, told = asked(model, {}, "--decision", "aproval")
    assert (code, "it has `approval`" in told) == (Exit.NOT_FOUND, True)


def test_nothing_a_text_holds_is_taken_for_a_picture_or_markup(model: Path) -> None:
    model.write_text(MODEL.replace('"closed"', '":warning: [bold]closed"'))
    told = asked(model, {"amount": 1, "day": "2025-12-31"})[1]
    assert told == 'approval: ":warning: [bold]closed"\n'
