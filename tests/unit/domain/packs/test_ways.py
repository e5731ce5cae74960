"""What every way through a process passes."""

import pytest

from comptroller.adapters.bpmn_xml import read
from comptroller.domain.packs.ways import Passed, passed_on_ways
from comptroller.domain.workflow import Process

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:t">
<process id="p" isExecutable="true">
  <startEvent id="begin"/>
  <businessRuleTask id="decide" c:decision="routing"/>
  <exclusiveGateway id="small" default="to-sign"/>
  <userTask id="sign" c:kind="approval"/>
  <serviceTask id="post" c:service="ledger.post"/>
  <endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="decide"/>
  <sequenceFlow id="f2" sourceRef="decide" targetRef="small"/>
  <sequenceFlow id="to-sign" sourceRef="small" targetRef="sign"/>
  SHORT
  <sequenceFlow id="f4" sourceRef="sign" targetRef="post"/>
  <sequenceFlow id="f5" sourceRef="post" targetRef="end"/>
</process></definitions>"""
SHORT = """<sequenceFlow id="short" sourceRef="small" targetRef="TARGET">
  <conditionExpression xsi:type="tFormalExpression">amount &lt; 10</conditionExpression></sequenceFlow>"""


def process(target: str) -> Process:
    found, faults = read(BPMN.replace("SHORT", SHORT.replace("TARGET", target)).encode())
    assert found is not None, faults
    return found


def passed(target: str, reached: str) -> Passed:
    (found,) = [each for each in passed_on_ways(process(target)) if each.reached == reached]
    return found


@pytest.mark.parametrize(
    ("target", "tasks", "conditions"),
    [
        pytest.param("post", (), (), id="a way round the signature"),
        pytest.param("sign", ("approval",), (), id="both ways lead to the signature"),
        pytest.param("end", ("approval",), (), id="a way that ends"),
    ],
)
def test_a_task_is_passed_where_no_way_leads_round_it(
    target: str, tasks: tuple[str, ...], conditions: tuple[str, ...]
) -> None:
    found = passed(target, "ledger.post")
    assert (found.tasks, found.conditions, found.decisions) == (tasks, conditions, ("routing",))


def test_the_condition_of_the_only_way_is_passed() -> None:
    text = (
        BPMN.replace('<sequenceFlow id="f4" sourceRef="sign" targetRef="post"/>', "")
        .replace("SHORT", SHORT.replace("TARGET", "post"))
        .replace('targetRef="sign"', 'targetRef="end"')
        .replace('<userTask id="sign" c:kind="approval"/>', "")
    )
    found, faults = read(text.encode())
    assert found is not None, faults
    (reached,) = [each for each in passed_on_ways(found) if each.reached == "ledger.post"]
    assert reached.conditions == ("amount < 10",)
