"""BPMN XML read to processes: what each element becomes, and the code of what is refused."""

from hashlib import sha256

import pytest

from comptroller.adapters.bpmn_xml import read
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    MessageBoundary,
    ParallelGateway,
    ReceiveTask,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)

DEFINITIONS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn"'
    ' xmlns:vendor="urn:vendor" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" {attributes}>'
    "{content}</definitions>"
)
MESSAGE = '<message id="m" name="case.changed"/>'


def document(content: str, attributes: str = 'targetNamespace="urn:t"') -> bytes:
    return DEFINITIONS.format(attributes=attributes, content=content).encode()


def around(task: str, extra: str = "", executable: str = "true") -> bytes:
    """A process with one thing between its start and its end; the thing's id is `x`."""
    return document(
        f'{MESSAGE}<process id="p" name="P" isExecutable="{executable}"><startEvent id="s"/>{task}<endEvent id="e"/>'
        f'<sequenceFlow id="f1" sourceRef="s" targetRef="x"/><sequenceFlow id="f2" sourceRef="x" targetRef="e"/>{extra}'
        "</process>"
    )


SERVICE = '<serviceTask id="x" c:service="go">{}</serviceTask>'


def read_process(data: bytes) -> Process:
    process, faults = read(data)
    assert process is not None, faults
    assert faults == ()
    return process


def codes(data: bytes) -> list[str]:
    process, faults = read(data)
    assert process is None
    return [f"{fault.code} {fault.path}" for fault in faults]


def test_a_process_carries_its_id_its_name_and_the_hash_of_its_bytes() -> None:
    data = around(SERVICE.format(""))
    process = read_process(data)
    assert (process.id, process.name, process.start) == ("p", "P", "s")
    assert process.hash == sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("element", "node"),
    [
        pytest.param(SERVICE.format(""), ServiceTask("x", "", "go"), id="service task"),
        pytest.param('<businessRuleTask id="x" name="Line&#10;match" c:decision="line match"/>',
                     BusinessRuleTask("x", "Line match", "line match"), id="business rule task"),
        pytest.param('<userTask id="x" c:kind="approval"/>', UserTask("x", "", "approval"), id="user task"),
        pytest.param('<receiveTask id="x" messageRef="m"/>', ReceiveTask("x", "", "case.changed"), id="receive task"),
        pytest.param('<exclusiveGateway id="x" default="f2"/>', ExclusiveGateway("x", "", "f2"),
                     id="exclusive gateway"),
        pytest.param('<parallelGateway id="x"/>', ParallelGateway("x"), id="parallel gateway"),
    ],
)  # fmt: skip
def test_an_element_becomes_a_node(element: str, node: object) -> None:
    places = read_process(around(element)).places
    assert places["x"].node == node
    assert places["s"].node == StartEvent("s")
    assert places["e"].node == EndEvent("e")


@pytest.mark.parametrize(
    ("attributes", "event", "node"),
    [
        pytest.param("", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
                     TimerBoundary("b", "", "x", "PT1H"), id="a timer that interrupts"),
        pytest.param('cancelActivity="false"',
                     '<timerEventDefinition><timeDuration>= @"PT1H"</timeDuration></timerEventDefinition>',
                     TimerBoundary("b", "", "x", '= @"PT1H"', interrupting=False), id="a timer that does not"),
        pytest.param("", '<messageEventDefinition messageRef="m"/>', MessageBoundary("b", "", "x", "case.changed"),
                     id="a message"),
        pytest.param("", '<messageEventDefinition xmlns:t="urn:t" messageRef="t:m"/>',
                     MessageBoundary("b", "", "x", "case.changed"), id="a message by qualified name"),
    ],
)  # fmt: skip
def test_a_boundary_event_belongs_to_its_task(attributes: str, event: str, node: object) -> None:
    boundary = f'<boundaryEvent id="b" attachedToRef="x" {attributes}>{event}</boundaryEvent>'
    extra = boundary + '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
    assert read_process(around(SERVICE.format(""), extra)).places["b"].node == node


def test_a_terminate_end_event_is_told_from_a_plain_one() -> None:
    data = around(SERVICE.format("")).replace(
        b'<endEvent id="e"/>', b'<endEvent id="e"><terminateEventDefinition/></endEvent>'
    )
    assert read_process(data).places["e"].node == EndEvent("e", "", terminates=True)


def test_a_multi_instance_task_has_its_collection_and_completion_condition() -> None:
    task = (
        '<userTask id="x" c:kind="approval" c:collection="=open steps">'
        '<multiInstanceLoopCharacteristics isSequential="true">'
        '<completionCondition>decision taken != "approve"</completionCondition>'
        "</multiInstanceLoopCharacteristics></userTask>"
    )
    names = '<property id="v1" name="open steps"/><property id="v2" name="decision taken"/>'
    instances = read_process(around(task, names)).places["x"].instances
    assert instances is not None
    assert instances.sequential
    assert instances.completion is not None


def test_what_only_describes_is_passed_over() -> None:
    described = (
        "<documentation>why</documentation><extensionElements><vendor:color/></extensionElements>"
        "<incoming>f1</incoming><outgoing>f2</outgoing>"
    )
    extra = '<laneSet/><textAnnotation id="t"/><association id="a"/><dataObjectReference id="d"/><group id="g"/>'
    data = around(SERVICE.format(described), extra).replace(b"</definitions>", b"<di:BPMNDiagram/></definitions>")
    assert read_process(data).places["x"].node == ServiceTask("x", "", "go")


@pytest.mark.parametrize(
    ("element", "found"),
    [
        pytest.param('<scriptTask id="x"/>', "BPMN-ELEMENT-01 x", id="script task"),
        pytest.param('<inclusiveGateway id="x"/>', "BPMN-ELEMENT-01 x", id="inclusive gateway"),
        pytest.param('<eventBasedGateway id="x"/>', "BPMN-ELEMENT-01 x", id="event-based gateway"),
        pytest.param('<intermediateCatchEvent id="x"/>', "BPMN-ELEMENT-01 x", id="intermediate event"),
        pytest.param('<subProcess id="x"><task id="t"/></subProcess>', "BPMN-ELEMENT-01 x", id="sub-process"),
        pytest.param('<callActivity id="x"/>', "BPMN-ELEMENT-01 x", id="call activity"),
        pytest.param(SERVICE.format("<ioSpecification/>"), "BPMN-ELEMENT-01 x", id="an input mapping"),
        pytest.param(SERVICE.format("<standardLoopCharacteristics/>"), "BPMN-ELEMENT-01 x", id="another loop"),
        pytest.param(SERVICE.format("<multiInstanceLoopCharacteristics/>"), "BPMN-ELEMENT-01 x",
                     id="a multi-instance service task"),
        pytest.param('<userTask id="x" c:kind="k"><potentialOwner/></userTask>', "BPMN-ELEMENT-01 x",
                     id="a performer that would not be asked"),
        pytest.param('<serviceTask id="x" c:service="go" isForCompensation="true"/>', "BPMN-ATTRIBUTE-01 x",
                     id="compensation"),
        pytest.param('<serviceTask id="x" c:service="go" c:retries="3"/>', "BPMN-ATTRIBUTE-02 x",
                     id="an attribute of ours that does not exist"),
        pytest.param('<receiveTask id="x" messageRef="gone"/>', "BPMN-MESSAGE-01 x", id="an unknown message"),
        pytest.param('<userTask id="x" c:kind="k" c:collection="x"/>', "BPMN-LOOP-01 x",
                     id="a collection without multi-instance"),
        pytest.param('<userTask id="x" c:kind="k"><multiInstanceLoopCharacteristics/></userTask>', "BPMN-LOOP-02 x",
                     id="multi-instance without a collection"),
        pytest.param('<userTask id="x" c:kind="k" c:collection="1"><multiInstanceLoopCharacteristics behavior="None"/>'
                     "</userTask>", "BPMN-LOOP-03 x", id="multi-instance that throws events"),
        pytest.param('<userTask id="x" c:kind="k" c:collection="1"><multiInstanceLoopCharacteristics>'
                     "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
                     "BPMN-ELEMENT-01 x", id="a fixed number of instances"),
        pytest.param('<serviceTask id="x"/>', "WORKFLOW-TASK-02 x", id="a service task without service"),
    ],
)  # fmt: skip
def test_what_is_not_executed_is_one_fault(element: str, found: str) -> None:
    assert codes(around(element)) == [found]


@pytest.mark.parametrize(
    ("boundary", "found"),
    [
        pytest.param("<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>", "BPMN-TIMER-01 b",
                     id="a cycle"),
        pytest.param("<timerEventDefinition/>", "BPMN-TIMER-01 b", id="a timer without a time"),
        pytest.param("<errorEventDefinition/>", "BPMN-ELEMENT-01 b", id="an error"),
        pytest.param("", "BPMN-BOUNDARY-01 b", id="nothing"),
        pytest.param('<messageEventDefinition messageRef="m"/><timerEventDefinition/>', "BPMN-BOUNDARY-01 b",
                     id="both"),
    ],
)  # fmt: skip
def test_a_boundary_event_that_is_not_executed_is_a_fault(boundary: str, found: str) -> None:
    extra = f'<boundaryEvent id="b" attachedToRef="x">{boundary}</boundaryEvent>'
    data = around(SERVICE.format(""), extra + '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>')
    assert found in codes(data)


def test_a_message_that_does_not_interrupt_is_a_fault() -> None:
    extra = (
        '<boundaryEvent id="b" attachedToRef="x" cancelActivity="false"><messageEventDefinition messageRef="m"/>'
        '</boundaryEvent><sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
    )
    assert codes(around(SERVICE.format(""), extra)) == ["BPMN-BOUNDARY-02 b"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b"", ["XML-SYNTAX-01 line 1, column 1"], id="nothing"),
        pytest.param(b"<html/>", ["BPMN-ROOT-01 "], id="another format"),
        pytest.param(document(""), ["BPMN-PROCESS-01 line 1"], id="no process"),
        pytest.param(document('<process id="a"/><process id="b"/>'), ["BPMN-PROCESS-02 b"], id="two processes"),
        pytest.param(document('<choreography id="c"/>'), ["BPMN-ELEMENT-01 c", "BPMN-PROCESS-01 line 1"],
                     id="a choreography"),
        pytest.param(around(SERVICE.format(""), executable="false"), ["BPMN-PROCESS-03 p"], id="not executable"),
        pytest.param(around(SERVICE.format(""), "<vendor:thing/>"), ["BPMN-ELEMENT-01 line 1"],
                     id="a foreign element among the nodes"),
        pytest.param(around(SERVICE.format("")).replace(b"targetNamespace", b'expressionLanguage="urn:xpath" a'),
                     ["BPMN-EXPRESSION-01 line 1"], id="another expression language"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_process_is_told_why(data: bytes, found: list[str]) -> None:
    assert codes(data) == found


def test_a_condition_in_another_language_is_a_fault() -> None:
    gate = '<exclusiveGateway id="x" default="f2"/>'
    condition = '<conditionExpression language="javascript">a &gt; 1</conditionExpression>'
    extra = f'<sequenceFlow id="f3" sourceRef="x" targetRef="e">{condition}</sequenceFlow>'
    assert codes(around(gate, extra)) == ["BPMN-EXPRESSION-01 f3"]


def test_an_empty_condition_is_a_fault() -> None:
    extra = '<sequenceFlow id="f3" sourceRef="x" targetRef="e"><conditionExpression/></sequenceFlow>'
    assert codes(around('<exclusiveGateway id="x" default="f2"/>', extra)) == ["BPMN-EXPRESSION-02 f3"]
