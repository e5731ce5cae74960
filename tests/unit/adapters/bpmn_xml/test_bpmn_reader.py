"""BPMN XML read to processes: what each element becomes, and the code of what is refused."""

from hashlib import sha256

import pytest

from comptroller.adapters.bpmn_xml import read
from comptroller.adapters.bpmn_xml.vocabulary import VENDORS_WORK
from comptroller.domain.kernel.fault import Severity
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import (
    Assignment,
    Binding,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    CancelDefinition,
    CatchEvent,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventBasedGateway,
    EventDefinition,
    ExclusiveGateway,
    InclusiveGateway,
    LinkDefinition,
    ManualTask,
    MessageDefinition,
    MultiInstance,
    ParallelGateway,
    ReceiveTask,
    ScriptTask,
    SendTask,
    SequenceFlow,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    SubProcess,
    TerminateDefinition,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
    UserTask,
)

DEFINITIONS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn"'
    ' xmlns:t="urn:t" xmlns:vendor="urn:vendor" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" {attributes}>'
    "{content}</definitions>"
)
MESSAGE = (
    '<message id="m" name="case.changed"/><signal id="s1" name="month closed"/>'
    '<error id="e1" errorCode="refused"/><error id="e2"/><escalation id="u1" escalationCode="late"/>'
)


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


PLAIN = (
    '<process id="{0}" isExecutable="true"><startEvent id="s{0}"/><endEvent id="e{0}"/>'
    '<sequenceFlow id="f{0}" sourceRef="s{0}" targetRef="e{0}"/></process>'
)


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
        pytest.param('<inclusiveGateway id="x" default="f2"/>', InclusiveGateway("x", "", "f2"),
                     id="inclusive gateway"),
        pytest.param('<manualTask id="x"/>', ManualTask("x", "", "manual"), id="manual task"),
        pytest.param('<manualTask id="x" c:kind="count"/>', ManualTask("x", "", "count"),
                     id="manual task of a kind of its own"),
        pytest.param('<sendTask id="x" messageRef="m" c:key="=number"/>', SendTask("x", "", "case.changed", "=number"),
                     id="send task"),
        pytest.param('<receiveTask id="x" messageRef="m" c:key="number"/>',
                     ReceiveTask("x", "", "case.changed", "number"), id="receive task with a key"),
        pytest.param('<scriptTask id="x" scriptFormat="FEEL" c:result="r"><script>1 + 1</script></scriptTask>',
                     ScriptTask("x", "", "1 + 1", "r"), id="script task"),
        pytest.param('<callActivity id="x" calledElement="other"/>', CallActivity("x", "", "other"),
                     id="call activity"),
        pytest.param('<callActivity id="x" calledElement="other" c:binding="version" c:version="f00"/>',
                     CallActivity("x", "", "other", Binding.VERSION, "f00"), id="call of a version"),
        pytest.param('<intermediateThrowEvent id="x"/>', ThrowEvent("x"), id="an event that marks the way"),
        pytest.param('<serviceTask id="x" c:service="go" c:collection="=items"><multiInstanceLoopCharacteristics>'
                     '<inputDataItem name="item"/></multiInstanceLoopCharacteristics></serviceTask>',
                     ServiceTask("x", "", "go", instances=MultiInstance("=items", sequential=False, item="item")),
                     id="many instances of a service task"),
        pytest.param('<userTask id="x" c:kind="k"><multiInstanceLoopCharacteristics isSequential="true">'
                     "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
                     UserTask("x", "", "k", instances=MultiInstance("3", sequential=True, counted=True)),
                     id="a fixed number of instances"),
        pytest.param('<subProcess id="x"><property name="own"/><startEvent id="i"/><endEvent id="o"/>'
                     '<sequenceFlow id="g" sourceRef="i" targetRef="o"/></subProcess>',
                     SubProcess("x", "", (StartEvent("i"), EndEvent("o")), (SequenceFlow("g", "i", "o"),), ("own",)),
                     id="sub-process"),
        pytest.param('<transaction id="x"><startEvent id="i"/><endEvent id="o"/>'
                     '<sequenceFlow id="g" sourceRef="i" targetRef="o"/></transaction>',
                     SubProcess("x", "", (StartEvent("i"), EndEvent("o")), (SequenceFlow("g", "i", "o"),),
                                transaction=True), id="transaction"),
    ],
)  # fmt: skip
def test_an_element_becomes_a_node(element: str, node: object) -> None:
    places = read_process(around(element)).places
    assert places["x"].node == node
    assert places["s"].node == StartEvent("s")
    assert places["e"].node == EndEvent("e")


TIMER = "<timerEventDefinition{}>{}</timerEventDefinition>"

DEFINITIONS_READ = [
    pytest.param(TIMER.format("", "<timeDuration>PT1H</timeDuration>"), TimerDefinition("PT1H"), id="a duration"),
    pytest.param(TIMER.format("", '<timeDuration>= @"PT1H"</timeDuration>'), TimerDefinition('= @"PT1H"'), id="FEEL"),
    pytest.param(TIMER.format("", "<timeDate>2026-04-01T09:00:00Z</timeDate>"),
                 TimerDefinition("2026-04-01T09:00:00Z", TimerKind.DATE), id="a date"),
    pytest.param(TIMER.format("", "<timeCycle>R3/PT1H</timeCycle>"), TimerDefinition("R3/PT1H", TimerKind.CYCLE),
                 id="a cycle"),
    pytest.param(TIMER.format(' c:calendar="service-hours"', "<timeDuration>PT16H</timeDuration>"),
                 TimerDefinition("PT16H", service_hours=True), id="service hours"),
    pytest.param('<messageEventDefinition messageRef="m"/>', MessageDefinition("case.changed"), id="a message"),
    pytest.param('<messageEventDefinition xmlns:t="urn:t" messageRef="t:m"/>', MessageDefinition("case.changed"),
                 id="a message by qualified name"),
    pytest.param('<messageEventDefinition messageRef="m" c:key="number"/>', MessageDefinition("case.changed", "number"),
                 id="a message with a key"),
    pytest.param('<signalEventDefinition signalRef="s1"/>', SignalDefinition("month closed"), id="a signal"),
    pytest.param("<conditionalEventDefinition><condition>1 = 2</condition></conditionalEventDefinition>",
                 ConditionalDefinition("1 = 2"), id="a condition"),
]  # fmt: skip


@pytest.mark.parametrize("interrupting", [True, False], ids=["interrupting", "beside"])
@pytest.mark.parametrize(("event", "definition"), DEFINITIONS_READ)
def test_a_boundary_event_belongs_to_its_task(event: str, definition: EventDefinition, interrupting: bool) -> None:
    cancels = str(interrupting).lower()
    boundary = f'<boundaryEvent id="b" attachedToRef="x" cancelActivity="{cancels}">{event}</boundaryEvent>'
    extra = boundary + '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
    node = read_process(around(SERVICE.format(""), extra)).places["b"].node
    assert node == BoundaryEvent("b", "", "x", definition, interrupting)


@pytest.mark.parametrize(("event", "definition"), DEFINITIONS_READ)
def test_an_intermediate_event_waits(event: str, definition: EventDefinition) -> None:
    data = around(f'<intermediateCatchEvent id="x">{event}</intermediateCatchEvent>')
    assert read_process(data).places["x"].node == CatchEvent("x", "", definition)


@pytest.mark.parametrize(("event", "definition"), DEFINITIONS_READ)
def test_an_event_begins_an_event_sub_process(event: str, definition: EventDefinition) -> None:
    extra = (
        f'<subProcess id="h" triggeredByEvent="true"><startEvent id="b" isInterrupting="false">{event}</startEvent>'
        '<endEvent id="o"/><sequenceFlow id="g" sourceRef="b" targetRef="o"/></subProcess>'
    )
    places = read_process(around(SERVICE.format(""), extra)).places
    assert places["b"].node == StartEvent("b", "", definition, interrupting=False)
    handler = places["h"].node
    assert isinstance(handler, SubProcess)
    assert handler.by_event


@pytest.mark.parametrize(
    ("event", "definition"),
    [
        pytest.param('<errorEventDefinition errorRef="e1"/>', ErrorDefinition("refused"), id="an error"),
        pytest.param("<errorEventDefinition/>", ErrorDefinition(""), id="any error"),
        pytest.param('<escalationEventDefinition escalationRef="u1"/>', EscalationDefinition("late"),
                     id="an escalation"),
    ],
)  # fmt: skip
def test_what_comes_from_inside_is_caught_on_the_boundary(event: str, definition: EventDefinition) -> None:
    extra = (
        f'<boundaryEvent id="b" attachedToRef="x">{event}</boundaryEvent>'
        '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
    )
    node = read_process(around(SERVICE.format(""), extra)).places["b"].node
    assert node == BoundaryEvent("b", "", "x", definition)


@pytest.mark.parametrize(
    ("event", "definition"),
    [
        pytest.param('<messageEventDefinition messageRef="m"/>', MessageDefinition("case.changed"), id="a message"),
        pytest.param('<signalEventDefinition signalRef="s1"/>', SignalDefinition("month closed"), id="a signal"),
        pytest.param('<escalationEventDefinition escalationRef="u1"/>', EscalationDefinition("late"),
                     id="an escalation"),
        pytest.param("<compensateEventDefinition/>", CompensateDefinition(), id="compensation of all"),
    ],
)  # fmt: skip
def test_an_intermediate_or_end_event_throws(event: str, definition: EventDefinition) -> None:
    data = around(f'<intermediateThrowEvent id="x">{event}</intermediateThrowEvent>')
    assert read_process(data).places["x"].node == ThrowEvent("x", "", definition)
    ending = around(SERVICE.format("")).replace(b'<endEvent id="e"/>', f'<endEvent id="e">{event}</endEvent>'.encode())
    assert read_process(ending).places["e"].node == EndEvent("e", "", definition)


def test_an_error_is_thrown_at_an_end() -> None:
    end = b'<endEvent id="e"><errorEventDefinition errorRef="e1"/></endEvent>'
    process, (fault,) = read(around(SERVICE.format("")).replace(b'<endEvent id="e"/>', end))
    assert process is not None
    assert process.places["e"].node == EndEvent("e", "", ErrorDefinition("refused"))
    assert fault.code == "WORKFLOW-ERROR-04"  # a warning: nobody takes it here


def test_a_link_leads_from_its_throwing_to_its_catching_event() -> None:
    jump = '<intermediateThrowEvent id="x"><linkEventDefinition name="on"/></intermediateThrowEvent>'
    landing = '<intermediateCatchEvent id="y"><linkEventDefinition name="on"/></intermediateCatchEvent>'
    data = around(jump, landing).replace(b'sourceRef="x"', b'sourceRef="y"')
    places = read_process(data).places
    assert places["x"].node == ThrowEvent("x", "", LinkDefinition("on"))
    assert places["y"].node == CatchEvent("y", "", LinkDefinition("on"))
    assert [flow.target for flow in places["x"].outgoing] == ["y"]


def test_an_association_leads_to_the_activity_that_compensates() -> None:
    extra = (
        '<boundaryEvent id="b" attachedToRef="x"><compensateEventDefinition/></boundaryEvent>'
        '<serviceTask id="undo" c:service="undo" isForCompensation="true"/>'
        '<association id="a" sourceRef="b" targetRef="undo" associationDirection="One"/>'
    )
    places = read_process(around(SERVICE.format(""), extra)).places
    assert places["b"].node == BoundaryEvent("b", "", "x", CompensateDefinition(), handler="undo")
    assert places["undo"].node == ServiceTask("undo", "", "undo", for_compensation=True)
    assert places["x"].undone_by == "undo"


@pytest.mark.parametrize(
    "associations",
    [
        pytest.param('<association id="a" sourceRef="t:b" targetRef="t:undo"/>', id="by qualified names"),
        pytest.param('<association id="a" sourceRef="undo" targetRef="b"/>', id="drawn the other way round"),
        pytest.param('<association id="a" sourceRef="b" targetRef="undo"/><textAnnotation id="n"/>'
                     '<association id="a2" sourceRef="b" targetRef="n"/>', id="beside a note on the event"),
        pytest.param('<textAnnotation id="n"/><association id="a2" sourceRef="b" targetRef="n"/>'
                     '<association id="a" sourceRef="b" targetRef="undo"/>', id="after a note on the event"),
    ],
)  # fmt: skip
def test_a_compensation_event_is_associated_with_its_handler_however_it_is_drawn(associations: str) -> None:
    extra = (
        '<boundaryEvent id="b" attachedToRef="t:x"><compensateEventDefinition/></boundaryEvent>'
        f'<serviceTask id="undo" c:service="undo" isForCompensation="true"/>{associations}'
    )
    node = read_process(around(SERVICE.format(""), extra)).places["b"].node
    assert node == BoundaryEvent("b", "", "x", CompensateDefinition(), handler="undo")


def test_a_flow_without_an_id_is_called_by_its_ends() -> None:
    data = around(SERVICE.format("")).replace(b' id="f1"', b"").replace(b' id="f2"', b"")
    assert [flow.id for flow in read_process(data).places["x"].outgoing] == ["x-e"]
    twice = around('<parallelGateway id="x"/>', '<sequenceFlow sourceRef="x" targetRef="e"/>').replace(b' id="f2"', b"")
    assert codes(twice)[0] == "WORKFLOW-ID-01 x-e"


def test_a_cancelled_transaction_goes_on_at_its_boundary() -> None:
    extra = (
        '<boundaryEvent id="b" attachedToRef="x"><cancelEventDefinition/></boundaryEvent>'
        '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
    )
    inner = (
        '<transaction id="x"><startEvent id="i"/><endEvent id="o"><cancelEventDefinition/></endEvent>'
        '<sequenceFlow id="g" sourceRef="i" targetRef="o"/></transaction>'
    )
    places = read_process(around(inner, extra)).places
    assert places["o"].node == EndEvent("o", "", CancelDefinition())
    assert places["x"].cancelled_to == "b"


def test_an_event_based_gateway_waits_for_the_events_behind_it() -> None:
    extra = (
        '<intermediateCatchEvent id="y"><signalEventDefinition signalRef="s1"/></intermediateCatchEvent>'
        '<receiveTask id="z" messageRef="m"/>'
        '<sequenceFlow id="f3" sourceRef="x" targetRef="z"/><sequenceFlow id="f4" sourceRef="y" targetRef="e"/>'
        '<sequenceFlow id="f5" sourceRef="z" targetRef="e"/>'
    )
    data = around('<eventBasedGateway id="x"/>', extra).replace(b'"x" targetRef="e"', b'"x" targetRef="y"')
    place = read_process(data).places["x"]
    assert place.node == EventBasedGateway("x")
    assert [(catch.id, catch.name) for catch in place.own] == [("y", "month closed"), ("z", "case.changed")]


IO = (
    '<ioSpecification><dataInput id="i1" name="handed"/><dataInput id="i2" name="sum"/>'
    '<dataOutput id="o1" name="told"/><inputSet/><outputSet/></ioSpecification>'
)


def test_data_associations_are_assignments() -> None:
    task = SERVICE.format(
        f"{IO}<dataInputAssociation><sourceRef>r</sourceRef><targetRef>i1</targetRef></dataInputAssociation>"
        "<dataInputAssociation><sourceRef>r</sourceRef><targetRef>i2</targetRef>"
        "<transformation>document.net + 1</transformation></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>o1</sourceRef><targetRef>p</targetRef>"
        "<assignment><from>= told.number</from><to>answer</to></assignment></dataOutputAssociation>"
    )
    extra = (
        '<dataObject id="d" name="document"/><dataObjectReference id="r" name="Document [new]" dataObjectRef="d"/>'
        '<property id="p" name="answer"/>'
    )
    node = read_process(around(task, extra)).places["x"].node
    assert isinstance(node, ServiceTask)
    assert node.inputs == (Assignment("handed", "document"), Assignment("sum", "document.net + 1"))
    assert node.outputs == (Assignment("answer", "= told.number"),)


def test_what_a_message_carries_is_told_by_its_data() -> None:
    event = (
        '<intermediateThrowEvent id="x"><dataInput id="i" name="sum"/><dataInputAssociation><targetRef>i</targetRef>'
        "<transformation>1 + 1</transformation></dataInputAssociation><inputSet/>"
        '<messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
    )
    node = read_process(around(event)).places["x"].node
    assert node == ThrowEvent("x", "", MessageDefinition("case.changed"), (Assignment("sum", "1 + 1"),))


def test_what_many_instances_take_and_give_is_named_by_the_standard_s_own_elements() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>d</loopDataInputRef><loopDataOutputRef>r</loopDataOutputRef>"
        '<inputDataItem id="di" name="line"/><outputDataItem id="do" name="found"/></multiInstanceLoopCharacteristics>'
    )
    extra = '<dataObject id="d" name="lines"/><dataObject id="r" name="results"/>'
    node = read_process(around(SERVICE.format(loop), extra)).places["x"].node
    assert isinstance(node, ServiceTask)
    expected = MultiInstance("lines", sequential=False, item="line", result="results", result_item="found")
    assert node.instances == expected


def test_many_instances_go_through_what_their_data_input_is_filled_from() -> None:
    task = (
        '<userTask id="x" c:kind="k"><ioSpecification><dataInput id="i" name="people"/></ioSpecification>'
        "<dataInputAssociation><sourceRef>r</sourceRef><targetRef>i</targetRef></dataInputAssociation>"
        '<multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef><inputDataItem name="person"/>'
        "</multiInstanceLoopCharacteristics></userTask>"
    )
    extra = '<dataObject id="d"/><dataObjectReference id="r" name="approvers" dataObjectRef="d"/>'
    node = read_process(around(task, extra)).places["x"].node
    assert isinstance(node, UserTask)
    assert node.instances == MultiInstance("approvers", sequential=False, item="person")


@pytest.mark.parametrize(
    "arrow",
    [
        pytest.param('<property id="q" name="__targetRef_placeholder"/><dataInputAssociation><sourceRef>r</sourceRef>'
                     "<targetRef>q</targetRef></dataInputAssociation>", id="what is read"),
        pytest.param("<dataOutputAssociation><targetRef>r</targetRef></dataOutputAssociation>", id="what is written"),
    ],
)  # fmt: skip
def test_an_arrow_that_only_shows_data_is_drawing(arrow: str) -> None:
    extra = '<dataObject id="d"/><dataObjectReference id="r" name="invoice" dataObjectRef="d"/>'
    process = read_process(around(SERVICE.format(arrow), extra))
    assert process.places["x"].node == ServiceTask("x", "", "go")
    assert process.plans[""].variables == {"invoice"}


def test_a_data_object_of_a_sub_process_is_its_own_wherever_it_is_named() -> None:
    inner = (
        '<subProcess id="x"><dataObject id="d"/><dataObjectReference id="r" name="note" dataObjectRef="d"/>'
        '<property id="q" name="__targetRef_placeholder"/><startEvent id="i"/><endEvent id="o"/>'
        '<sequenceFlow id="g" sourceRef="i" targetRef="o"/></subProcess>'
    )
    process = read_process(around(inner))
    assert process.plans[""].variables == set()
    assert process.plans["x"].variables == {"note"}


def test_a_terminate_end_event_is_told_from_a_plain_one() -> None:
    data = around(SERVICE.format("")).replace(
        b'<endEvent id="e"/>', b'<endEvent id="e"><terminateEventDefinition/></endEvent>'
    )
    assert read_process(data).places["e"].node == EndEvent("e", "", TerminateDefinition())


@pytest.mark.parametrize("status", ["done", "cancelled", "rejected", "returned"])
def test_an_end_event_says_what_its_case_is(status: str) -> None:
    end = around('<manualTask id="x"/>')
    end = end.replace(b'<endEvent id="e"/>', b'<endEvent id="e" c:status="%s"/>' % status.encode())
    assert read_process(end).places["e"].node == EndEvent("e", status=status)


TIMED = '<intermediateCatchEvent id="x"><timerEventDefinition>{}</timerEventDefinition></intermediateCatchEvent>'
SCRIPT = '<scriptTask id="x" {} c:result="r"><script>1</script></scriptTask>'
COUNTED = (
    '<userTask id="x" c:kind="k"><multiInstanceLoopCharacteristics><loopCardinality{}</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>"
)


@pytest.mark.parametrize(
    ("node", "found"),
    [
        pytest.param(SERVICE.format(""), [], id="no expression"),
        pytest.param(TIMED.format("<timeDuration>PT1H</timeDuration>"), [], id="a time by ISO 8601"),
        pytest.param(COUNTED.format(">3"), [], id="a number"),
        pytest.param(SCRIPT.format('scriptFormat="FEEL"'), [], id="a script that says its own"),
        pytest.param(TIMED.format('<timeDuration language="feel">=duration("PT1H")</timeDuration>'), [],
                     id="a time that says its own"),
        pytest.param(SCRIPT.format(""), ["BPMN-EXPRESSION-01 x"], id="a script"),
        pytest.param(TIMED.format('<timeDuration>=duration("PT1H")</timeDuration>'), ["BPMN-EXPRESSION-01 x"],
                     id="a time by an expression"),
        pytest.param(COUNTED.format(">1 + 2"), ["BPMN-EXPRESSION-01 x"], id="a computed number"),
    ],
)  # fmt: skip
def test_the_language_of_a_file_is_that_of_its_expressions(node: str, found: list[str]) -> None:
    _, faults = read(around(node).replace(b"targetNamespace", b'expressionLanguage="urn:xpath" a'))
    assert [f"{each.code} {each.path}" for each in faults] == found


def test_a_number_of_instances_in_another_language_is_refused() -> None:
    assert codes(around(COUNTED.format(' language="urn:xpath">count(x)')))[0] == "BPMN-EXPRESSION-01 x"


@pytest.mark.parametrize(
    ("told", "means"), [("true", True), ("1", True), (" true ", True), ("false", False), ("0", False)]
)
def test_what_says_yes_or_no_is_written_as_the_schema_has_it(told: str, means: bool) -> None:
    skipped = read_process(around(f'<serviceTask id="x" c:service="go" c:skippable="{told}"/>'))
    assert skipped.places["x"].node == ServiceTask("x", "", "go", skippable=means)
    corrected = read_process(around(SERVICE.format(""), f'<property id="v" name="day" c:correctable="{told}"/>'))
    assert corrected.correctable == ({"day"} if means else set())
    begun = f'<startEvent id="s2" c:once="{told}"><messageEventDefinition messageRef="m"/></startEvent>'
    onward = begun + '<sequenceFlow id="f9" sourceRef="s2" targetRef="x"/>'
    start = read_process(around(SERVICE.format(""), onward)).places["s2"].node
    assert isinstance(start, StartEvent)
    assert start.once is means


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('<serviceTask id="x" c:service="go" c:skippable="yes"/>', id="skippable"),
        pytest.param(SERVICE.format("") + '<property id="x" name="day" c:correctable=""/>', id="correctable"),
        pytest.param(SERVICE.format("") + '<startEvent id="s2" c:once="TRUE"><messageEventDefinition messageRef="m"/>'
                     '</startEvent><sequenceFlow id="f9" sourceRef="s2" targetRef="x"/>', id="once"),
    ],
)  # fmt: skip
def test_what_says_neither_yes_nor_no_is_a_fault_of_ours_too(element: str) -> None:
    assert [code.split(" ")[0] for code in codes(around(element))] == ["BPMN-ATTRIBUTE-03"]


def test_an_end_event_says_no_status_that_a_service_alone_gives() -> None:
    end = around('<manualTask id="x"/>').replace(b'<endEvent id="e"/>', b'<endEvent id="e" c:status="posted"/>')
    _, faults = read(end)
    assert [found.code for found in faults] == ["BPMN-EVENT-03"]


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
    extra = '<laneSet/><textAnnotation id="t"/><association id="a"/><dataStoreReference id="d"/><group id="g"/>'
    data = around(SERVICE.format(described), extra).replace(b"</definitions>", b"<di:BPMNDiagram/></definitions>")
    assert read_process(data).places["x"].node == ServiceTask("x", "", "go")


@pytest.mark.parametrize(
    ("element", "found"),
    [
        pytest.param('<task id="x"/>', "BPMN-ELEMENT-01 x", id="a task that nobody does"),
        pytest.param('<complexGateway id="x"/>', "BPMN-ELEMENT-01 x", id="complex gateway"),
        pytest.param('<adHocSubProcess id="x"/>', "BPMN-ELEMENT-01 x", id="ad-hoc sub-process"),
        pytest.param(SERVICE.format("<standardLoopCharacteristics/>"), "BPMN-ELEMENT-01 x", id="another loop"),
        pytest.param('<userTask id="x" c:kind="k"><potentialOwner/></userTask>', "BPMN-ELEMENT-01 x",
                     id="a performer that would not be asked"),
        pytest.param('<intermediateCatchEvent id="x"><messageEventDefinition messageRef="m"/><dataOutput/>'
                     "</intermediateCatchEvent>", "BPMN-ELEMENT-01 x", id="data of a catching event"),
        pytest.param('<intermediateCatchEvent id="x"><eventDefinitionRef>d</eventDefinitionRef>'
                     '<messageEventDefinition messageRef="m"/></intermediateCatchEvent>', "BPMN-ELEMENT-01 x",
                     id="an event definition by reference"),
        pytest.param('<serviceTask id="x" c:service="go" startQuantity="2"/>', "BPMN-ATTRIBUTE-01 x",
                     id="more than one token to begin"),
        pytest.param('<serviceTask id="x" c:service="go" default="f2"/>', "BPMN-ATTRIBUTE-01 x",
                     id="a default flow of a task"),
        pytest.param('<receiveTask id="x" messageRef="m" instantiate="true"/>', "BPMN-ATTRIBUTE-01 x",
                     id="a receive task that begins the process"),
        pytest.param('<intermediateThrowEvent id="x"><compensateEventDefinition waitForCompletion="false"/>'
                     "</intermediateThrowEvent>", "BPMN-ATTRIBUTE-01 x", id="compensation that nobody waits for"),
        pytest.param('<serviceTask id="x" c:service="go" c:retries="3"/>', "BPMN-ATTRIBUTE-02 x",
                     id="an attribute of ours that does not exist"),
        pytest.param('<receiveTask id="x" messageRef="gone"/>', "BPMN-MESSAGE-01 x", id="an unknown message"),
        pytest.param('<intermediateThrowEvent id="x"><signalEventDefinition signalRef="m"/></intermediateThrowEvent>',
                     "BPMN-SIGNAL-01 x", id="a message where a signal is meant"),
        pytest.param('<intermediateCatchEvent id="x"/>', "BPMN-EVENT-02 x", id="an event that waits for nothing"),
        pytest.param('<intermediateCatchEvent id="x"><messageEventDefinition messageRef="m"/>'
                     '<signalEventDefinition signalRef="s1"/></intermediateCatchEvent>', "BPMN-EVENT-01 x",
                     id="an event with two definitions"),
        pytest.param('<intermediateCatchEvent id="x"><conditionalEventDefinition/></intermediateCatchEvent>',
                     "BPMN-CONDITION-01 x", id="a conditional event without a condition"),
        pytest.param('<intermediateCatchEvent id="x"><timerEventDefinition c:calendar="mine"><timeDuration>PT1H'
                     "</timeDuration></timerEventDefinition></intermediateCatchEvent>", "BPMN-TIMER-02 x",
                     id="another calendar"),
        pytest.param('<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>PT1H</timeDuration><timeDate>'
                     "2026-05-01T09:00:00Z</timeDate></timerEventDefinition></intermediateCatchEvent>",
                     "BPMN-TIMER-03 x", id="a timer with two times"),
        pytest.param('<manualTask id="x" isForCompensation="FALSE"/>', "BPMN-ATTRIBUTE-03 x",
                     id="an attribute that says neither yes nor no"),
        pytest.param('<callActivity id="x" calledElement="p2" c:binding="newest"/>', "BPMN-CALL-01 x",
                     id="another binding"),
        pytest.param('<userTask id="x" c:kind="k" c:collection="x"/>', "BPMN-LOOP-01 x",
                     id="a collection without multi-instance"),
        pytest.param('<userTask id="x" c:kind="k"><multiInstanceLoopCharacteristics/></userTask>', "BPMN-LOOP-02 x",
                     id="multi-instance without a collection"),
        pytest.param('<userTask id="x" c:kind="k" c:collection="[1]"><multiInstanceLoopCharacteristics>'
                     "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
                     "BPMN-LOOP-02 x", id="a collection and a number"),
        pytest.param('<userTask id="x" c:kind="k" c:collection="1"><multiInstanceLoopCharacteristics behavior="None"/>'
                     "</userTask>", "BPMN-LOOP-03 x", id="multi-instance that throws events"),
        pytest.param('<scriptTask id="x" scriptFormat="groovy" c:result="r"><script>1</script></scriptTask>',
                     "BPMN-EXPRESSION-01 x", id="a script in another language"),
        pytest.param('<scriptTask id="x" c:result="r"/>', "BPMN-EXPRESSION-02 x", id="a script task without script"),
        pytest.param(SERVICE.format(f"{IO}<dataInputAssociation><sourceRef>shop</sourceRef><targetRef>i1</targetRef>"
                     "</dataInputAssociation>"), "BPMN-DATA-01 x", id="data from a store"),
        pytest.param(SERVICE.format("<dataInputAssociation><sourceRef>x</sourceRef><targetRef>nil</targetRef>"
                     "</dataInputAssociation>"), "BPMN-DATA-02 x", id="data to nowhere"),
        pytest.param(SERVICE.format(f"{IO}<dataInputAssociation><targetRef>i1</targetRef><assignment><from>1</from>"
                     "<to>handed.part</to></assignment></dataInputAssociation>"), "BPMN-DATA-03 x",
                     id="data to a part of something"),
        pytest.param(SERVICE.format(f"{IO}<dataInputAssociation><targetRef>i1</targetRef></dataInputAssociation>"),
                     "BPMN-DATA-04 x", id="data from nowhere"),
        pytest.param(SERVICE.format("<ioSpecification><inputSet/><inputSet/></ioSpecification>"), "BPMN-DATA-05 x",
                     id="alternatives of inputs"),
        pytest.param('<serviceTask id="x"/>', "WORKFLOW-TASK-02 x", id="a service task without service"),
    ],
)  # fmt: skip
def test_what_is_not_executed_is_one_fault(element: str, found: str) -> None:
    assert codes(around(element, '<dataStoreReference id="shop"/>')) == [found]


@pytest.mark.parametrize(
    ("boundary", "found"),
    [
        pytest.param("<timerEventDefinition/>", "BPMN-TIMER-01 b", id="a timer without a time"),
        pytest.param('<errorEventDefinition errorRef="gone"/>', "BPMN-ERROR-01 b", id="an unknown error"),
        pytest.param('<errorEventDefinition errorRef="e2"/>', "BPMN-ERROR-02 b", id="an error without a code"),
        pytest.param("", "BPMN-BOUNDARY-01 b", id="nothing"),
        pytest.param('<messageEventDefinition messageRef="m"/><timerEventDefinition/>', "BPMN-EVENT-01 b", id="both"),
        pytest.param("<cancelEventDefinition/>", "WORKFLOW-TRANSACTION-02 b", id="a cancel event on a task"),
    ],
)  # fmt: skip
def test_a_boundary_event_that_is_not_executed_is_a_fault(boundary: str, found: str) -> None:
    extra = f'<boundaryEvent id="b" attachedToRef="x">{boundary}</boundaryEvent>'
    data = around(SERVICE.format(""), extra + '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>')
    assert found in codes(data)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b"", ["XML-SYNTAX-01 line 1, column 1"], id="nothing"),
        pytest.param(b"<html/>", ["BPMN-ROOT-01 "], id="another format"),
        pytest.param(document(""), ["BPMN-PROCESS-01 line 1"], id="no process"),
        pytest.param(document(PLAIN.format("a") + PLAIN.format("b")), ["BPMN-PROCESS-02 b"], id="two processes"),
        pytest.param(document(PLAIN.format("a") + '<globalUserTask id="g"/>'), ["BPMN-ELEMENT-01 g"],
                     id="a task that others would call"),
        pytest.param(document('<extension mustUnderstand="true" definition="v"/>' + PLAIN.format("a")),
                     ["BPMN-EXTENSION-01 line 1"], id="an extension that must be understood"),
        pytest.param(document('<collaboration id="c"><correlationKey id="k"/></collaboration>' + PLAIN.format("a")),
                     ["BPMN-ELEMENT-01 k"], id="messages that find their case by the standard's keys"),
        pytest.param(document('<choreography id="c"/>'), ["BPMN-ELEMENT-01 c", "BPMN-PROCESS-01 line 1"],
                     id="a choreography"),
        pytest.param(around(SERVICE.format(""), executable="false"), ["BPMN-PROCESS-03 p"], id="not executable"),
        pytest.param(around(SERVICE.format(""), "<vendor:thing/>"), ["BPMN-ELEMENT-01 line 1"],
                     id="a foreign element among the nodes"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_process_is_told_why(data: bytes, found: list[str]) -> None:
    assert codes(data) == found


@pytest.mark.parametrize(
    "element",
    [
        pytest.param('<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>PT1H</timeDuration><timeDate>'
                     "2026-05-01T09:00:00Z</timeDate></timerEventDefinition></intermediateCatchEvent>", id="two times"),
        pytest.param('<intermediateCatchEvent id="x"><timerEventDefinition c:calendar="service-hours"><timeDate>'
                     "2026-05-01T09:00:00Z</timeDate></timerEventDefinition></intermediateCatchEvent>",
                     id="a date in service hours"),
        pytest.param('<intermediateCatchEvent id="x"><timerEventDefinition c:calendar="service-hours"><timeDuration>'
                     '= @"P3D"</timeDuration></timerEventDefinition></intermediateCatchEvent>',
                     id="days of service hours in FEEL"),
        pytest.param('<manualTask id="x" isForCompensation="FALSE"/>', id="neither yes nor no"),
    ],
)  # fmt: skip
def test_what_was_released_is_not_refused_by_what_is_stricter_since(element: str) -> None:
    assert read(around(element))[0] is None
    assert read(around(element), released=True)[0] is not None


def test_of_two_pools_the_executable_one_is_taken() -> None:
    data = document(PLAIN.format("a") + '<process id="bank"><startEvent id="y"/><task id="z"/></process>')
    process, (fault,) = read(data)
    assert process is not None
    assert process.id == "a"
    assert (fault.code, fault.path, fault.severity) == ("BPMN-PROCESS-04", "bank", Severity.WARNING)


@pytest.mark.parametrize("name", sorted(VENDORS_WORK))
def test_a_vendor_s_extension_that_would_do_something_is_told(name: str) -> None:
    extensions = f"<extensionElements><vendor:{name}/><vendor:properties/></extensionElements>"
    process, (fault,) = read(around(SERVICE.format(extensions)))
    assert process is not None
    assert (fault.code, fault.path, fault.severity) == ("BPMN-EXTENSION-02", "x", Severity.WARNING)


@pytest.mark.parametrize(
    ("element", "message"),
    [
        pytest.param('<task id="x" name="Approve&#10;it"/>', "`Approve it`: the element `task` is not executed",
                     id="the element's own name"),
        pytest.param('<receiveTask id="x"/>', "no message is named", id="a message that is not named"),
        pytest.param('<receiveTask id="x" messageRef="gone"/>', "the message `gone` is not defined in the file",
                     id="a message that is not there"),
        pytest.param('<intermediateThrowEvent id="x"><compensateEventDefinition activityRef="s"/>'
                     "</intermediateThrowEvent>", "`Begin` (`s`) is no activity of this scope that can be undone",
                     id="the name of another element"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_names_where_there_are_any(element: str, message: str) -> None:
    _, faults = read(around(element).replace(b'<startEvent id="s"/>', b'<startEvent id="s" name="Begin"/>'))
    assert [fault.message for fault in faults] == [message]


def test_a_condition_in_another_language_is_a_fault() -> None:
    gate = '<exclusiveGateway id="x" default="f2"/>'
    condition = '<conditionExpression language="javascript">a &gt; 1</conditionExpression>'
    extra = f'<sequenceFlow id="f3" sourceRef="x" targetRef="e">{condition}</sequenceFlow>'
    assert codes(around(gate, extra)) == ["BPMN-EXPRESSION-01 f3"]


def test_an_empty_condition_is_a_fault() -> None:
    extra = '<sequenceFlow id="f3" sourceRef="x" targetRef="e"><conditionExpression/></sequenceFlow>'
    assert codes(around('<exclusiveGateway id="x" default="f2"/>', extra)) == ["BPMN-EXPRESSION-02 f3"]


def test_what_an_operator_may_do_is_said_by_the_process() -> None:
    content = (
        '<process id="p" isExecutable="true">'
        '<property id="a" name="note" c:correctable="true"/><property id="b" name="decision"/>'
        '<startEvent id="in"/><serviceTask id="tell" c:service="s" c:skippable="true"/>'
        '<serviceTask id="post" c:service="s"/><endEvent id="out"/>'
        '<sequenceFlow id="f1" sourceRef="in" targetRef="tell"/>'
        '<sequenceFlow id="f2" sourceRef="tell" targetRef="post"/>'
        '<sequenceFlow id="f3" sourceRef="post" targetRef="out"/></process>'
    )
    process, faults = read(document(content))
    assert isinstance(process, Process), faults
    assert process.correctable == {"note"}
    nodes = {key: place.node for key, place in process.places.items()}
    assert [key for key, node in nodes.items() if isinstance(node, ServiceTask) and node.skippable] == ["tell"]
