"""`comptroller process check`, `show` and `simulate`: what they tell of a BPMN file, and how they end."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from tests.acceptance.company import ROOT
from tests.unit.entrypoints.cli.test_app import run

from comptroller.entrypoints.cli.output import Exit

PROCESSES: Final = ROOT / "tests" / "acceptance" / "processes"

LOAN: Final = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn"
             targetNamespace="urn:test">
  <process id="loan" name="Loan" isExecutable="true">
    <property id="p1" name="amount"/>
    <property id="p2" name="rating"/>
    <property id="p3" name="decision taken"/>
    <property id="p4" name="fee"/>
    <startEvent id="asked"/>
    <businessRuleTask id="rate" name="Rate" c:decision="rating"/>
    <exclusiveGateway id="good" name="Good?" default="no"/>
    <userTask id="approve" name="Approve" c:kind="approval"/>
    <boundaryEvent id="late" attachedToRef="approve">
      <timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <scriptTask id="charge" name="Charge" c:result="fee"><script>amount * 0.02</script></scriptTask>
    <endEvent id="lent"/>
    <endEvent id="refused"/>
    <sequenceFlow id="f1" sourceRef="asked" targetRef="rate"/>
    <sequenceFlow id="f2" sourceRef="rate" targetRef="good"/>
    <sequenceFlow id="yes" sourceRef="good" targetRef="approve">
      <conditionExpression>rating = "A"</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="no" sourceRef="good" targetRef="refused"/>
    <sequenceFlow id="f3" sourceRef="approve" targetRef="charge"/>
    <sequenceFlow id="f4" sourceRef="charge" targetRef="lent"/>
    <sequenceFlow id="f5" sourceRef="late" targetRef="refused"/>
  </process>
</definitions>"""


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    path = tmp_path / "loan.bpmn"
    path.write_text(LOAN)
    return path


def walked(file: Path, given: object, *more: str) -> tuple[int, dict[str, Any]]:
    script = file.parent / "given.json" if file.parent.name != "processes" else Path("unused")
    words = ["process", "simulate", str(file), "--json", *more]
    if given is not None:
        script.write_text(json.dumps(given))
        words += ["--given", str(script)]
    result = run({}, *words)
    return result.exit_code, json.loads(result.stdout)


GIVEN: Final = {
    "lent": (
        {"variables": {"amount": 1000}, "answers": {"rate": {"rating": "A"}, "approve": {"decision taken": "approve"}}},
        (Exit.DONE, "ended", "lent", ""),
    ),
    "refused": (
        {"variables": {"amount": 1000}, "answers": {"rate": {"rating": "C"}}},
        (Exit.DONE, "ended", "refused", ""),
    ),
    "nobody approves": (
        {"answers": {"rate": {"rating": "A"}}},
        (Exit.NO, "running", "", "nothing is left that could move the case"),
    ),
    "too late": (
        {"answers": {"rate": {"rating": "A"}}, "happens": [{"timer": "late"}]},
        (Exit.DONE, "ended", "refused", ""),
    ),
    "what nobody awaits": (
        {"answers": {"rate": {"rating": "A"}}, "happens": [{"message": "unknown"}]},
        (Exit.NO, "running", "", "what is to happen next is not waited for"),
    ),
}
"""What is given, and how the walk ends: the exit code, the status, at which end, and why it stopped."""


@pytest.mark.parametrize("name", GIVEN)
def test_a_case_walks_as_far_as_the_answers_take_it(loan: Path, name: str) -> None:
    given, ends = GIVEN[name]
    code, told = walked(loan, given)
    assert (code, told["status"], told["end"], told["stopped"]) == ends


def test_a_walk_repeats_itself_and_tells_its_time(loan: Path) -> None:
    given = {"answers": {"rate": {"rating": "A"}}, "happens": [{"timer": "late"}]}
    first, second = walked(loan, given), walked(loan, given)
    assert first == second
    assert [stride["at"][:10] for stride in first[1]["strides"]] == ["2026-03-27", "2026-03-27", "2026-03-30"]


def test_numbers_are_exact_and_an_error_is_an_incident(loan: Path) -> None:
    answers = {"rate": {"rating": "A"}, "approve": {}}
    assert walked(loan, {"variables": {"amount": 0.1}, "answers": answers})[1]["variables"]["fee"] == {
        "@number": "0.002"
    }
    code, told = walked(loan, {"answers": answers})
    assert (code, told["standing"], list(told["incidents"])) == (Exit.NO, ["charge"], ["charge"])


def test_a_called_process_is_given_beside_it() -> None:
    calling, called = PROCESSES / "calling.bpmn", PROCESSES / "called.bpmn"
    assert walked(calling, None)[1]["incidents"]
    assert not walked(calling, None, "--with", str(called))[1]["incidents"]


def faults_of(file: Path, *more: str) -> tuple[int, list[tuple[str, str]]]:
    result = run({}, "process", "check", str(file), "--json", *more)
    return result.exit_code, [(each["code"], each["severity"]) for each in json.loads(result.stdout)["faults"]]


def test_a_file_alone_is_warned_of_what_the_platform_does_not_have(loan: Path) -> None:
    assert faults_of(loan) == (Exit.DONE, [])
    task = '<serviceTask id="charge" name="Charge" c:service="charge"/>'
    script = '<scriptTask id="charge" name="Charge" c:result="fee"><script>amount * 0.02</script></scriptTask>'
    loan.write_text(LOAN.replace(script, task).replace('c:kind="approval"', 'c:kind="dance"'))
    assert faults_of(loan) == (Exit.DONE, [("PACK-TASK-01", "warning"), ("PACK-SERVICE-01", "warning")])


def test_a_file_in_a_pack_or_for_one_is_told_what_the_pack_does_not_have(tmp_path: Path, loan: Path) -> None:
    pack = tmp_path / "mine"
    assert run({}, "policy", "new", str(pack)).exit_code == Exit.DONE
    told = (Exit.NO, [("PACK-DECISION-01", "error")])
    assert faults_of(loan, "--pack", str(pack)) == told
    within = pack / "processes" / "loan.bpmn"
    within.write_text(LOAN)
    assert faults_of(within) == told
    within.write_text(LOAN.replace('c:decision="rating"', 'c:decision="disposition"'))
    assert faults_of(within) == (Exit.DONE, [])


BEGUN: Final = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn"
             targetNamespace="urn:test">
  <message id="m" name="order.placed"/>
  <process id="begun" name="Begun" isExecutable="true">
    <property id="p1" name="message"/>
    <startEvent id="told" c:owner="operator"><messageEventDefinition messageRef="m"/></startEvent>
    <startEvent id="monthly" c:owner="operator" c:entity="DE">
      <timerEventDefinition><timeCycle>R/2026-01-31T08:00:00Z/P1M</timeCycle></timerEventDefinition>
    </startEvent>
    <manualTask id="look" name="Look"/>
    <manualTask id="count" name="Count"/>
    <endEvent id="done"/>
    <sequenceFlow id="f1" sourceRef="told" targetRef="look"/>
    <sequenceFlow id="f2" sourceRef="monthly" targetRef="count"/>
    <sequenceFlow id="f3" sourceRef="look" targetRef="done"/>
    <sequenceFlow id="f4" sourceRef="count" targetRef="done"/>
  </process>
</definitions>"""


@pytest.mark.parametrize(
    ("given", "standing", "at"),
    [
        pytest.param({"happens": [{"message": "order.placed", "variables": {"message": 7}}]}, ["look"],
                     "2026-03-27T08:00", id="by a message"),
        pytest.param({"happens": [{"timer": "monthly"}]}, ["count"], "2026-03-31T08:00", id="at its next turn"),
        pytest.param({"start": "monthly"}, ["count"], "2026-03-27T08:00", id="where it is said"),
    ],
)  # fmt: skip
def test_a_walk_is_begun_by_what_happens_first(
    tmp_path: Path, given: dict[str, Any], standing: list[str], at: str
) -> None:
    file = tmp_path / "begun.bpmn"
    file.write_text(BEGUN)
    _, told = walked(file, given)
    assert (told["standing"], told["strides"][0]["at"][:16]) == (standing, at)


def test_people_read_a_walk_as_lines(loan: Path) -> None:
    given = loan.with_name("given.json")
    given.write_text(json.dumps({"variables": {"amount": 5}, "answers": {"rate": {"rating": "C"}}}))
    told = run({}, "process", "simulate", str(loan), "--given", str(given)).output
    assert "decision requested" in told
    assert "ended at refused" in told
    assert 'rating = "C"' in told


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("no JSON", "JSON-SYNTAX-01", id="no JSON"),
        pytest.param('{"answer": {}}', "PROCESS-GIVEN-01", id="another part"),
        pytest.param('{"answers": []}', "PROCESS-GIVEN-04", id="answers of no node"),
        pytest.param('{"happens": [{"timer": "a", "signal": "b"}]}', "PROCESS-GIVEN-02", id="two at once"),
        pytest.param('{"happens": {"timer": "a"}}', "PROCESS-GIVEN-04", id="no list"),
        pytest.param('{"variables": [1]}', "PROCESS-GIVEN-03", id="variables without names"),
    ],
)
def test_what_is_given_wrongly_is_refused(loan: Path, given: str, code: str) -> None:
    script = loan.with_name("given.json")
    script.write_text(given)
    result = run({}, "process", "simulate", str(loan), "--given", str(script))
    assert (result.exit_code, code in result.output) == (Exit.REFUSED, True)


def test_an_answer_for_a_node_that_there_is_not_is_told(loan: Path) -> None:
    script = loan.with_name("given.json")
    script.write_text(json.dumps({"answers": {"rate": {"rating": "C"}, "aprove": {}}}))
    result = run({}, "process", "simulate", str(loan), "--given", str(script))
    assert result.exit_code == Exit.DONE
    assert "warning PROCESS-GIVEN-05 at aprove" in result.output
    assert "at rate" not in result.output


def test_a_check_warns_of_what_a_pack_would_refuse(tmp_path: Path) -> None:
    file = tmp_path / "begun.bpmn"
    file.write_text(BEGUN.replace(' c:owner="operator"', "", 1))
    told = json.loads(run({}, "process", "check", str(file), "--json").stdout)
    assert told["executable"]
    assert [(each["severity"], each["code"], each["path"]) for each in told["faults"]] == [
        ("warning", "PACK-START-02", "told")
    ]


def test_an_outline_tells_the_nodes_as_a_case_comes_to_them(loan: Path) -> None:
    nodes = json.loads(run({}, "process", "show", str(loan), "--json").stdout)["nodes"]
    assert [(node["kind"], node["id"], node["does"], node["leads_to"]) for node in nodes] == [
        ("start event", "asked", "", ["rate"]),
        ("decision", "rate", "rating", ["good"]),
        ("choice", "good", "", ['approve if rating = "A"', "refused"]),
        ("user task", "approve", "approval", ["charge"]),
        ("boundary event", "late", "duration P3D", ["refused"]),
        ("end event", "refused", "", []),
        ("script task", "charge", "fee := amount * 0.02", ["lent"]),
        ("end event", "lent", "", []),
    ]
    assert "approve if rating" in " ".join(run({}, "process", "show", str(loan)).output.split())


def test_what_lies_in_a_sub_process_stands_behind_it() -> None:
    told = json.loads(run({}, "process", "show", str(PROCESSES / "parcel.bpmn"), "--json").stdout)["nodes"]
    assert [(node["depth"], node["id"]) for node in told][:4] == [
        (0, "sent"),
        (0, "under-way"),
        (1, "begin"),
        (1, "await"),
    ]


def test_a_check_tells_every_fault_and_ends_accordingly(loan: Path) -> None:
    assert run({}, "process", "check", str(loan)).exit_code == Exit.DONE
    loan.write_text(LOAN.replace('targetRef="lent"', 'targetRef="charge"').replace("rating = ", "rating == "))
    result = run({}, "process", "check", str(loan), "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["executable"]) == (Exit.NO, False)
    assert len(told["faults"]) >= 2
    assert "error" in run({}, "process", "check", str(loan)).output
    assert run({}, "process", "show", str(loan)).exit_code == Exit.NO
