"""Reads a BPMN file to a process: elements become nodes and flows, and what is not executed becomes a fault.

Nothing that would change how a case runs is passed over in silence. A refused element leaves a stand-in of the same
shape in the graph, so that the rest of the process is checked as well and one fault does not breed others.
"""

from collections.abc import Collection
from hashlib import sha256
from typing import Final

from lxml import etree

from comptroller.adapters.bpmn_xml.vocabulary import (
    DESCRIPTIVE,
    DIAGRAM,
    EVENT_PARTS,
    EXTENSION,
    EXTENSION_ATTRIBUTES,
    MODEL,
    PLAIN_ATTRIBUTES,
    TASK_PARTS,
)
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    MessageBoundary,
    MultiInstance,
    Node,
    ParallelGateway,
    ProcessModel,
    ReceiveTask,
    SequenceFlow,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)
from comptroller.domain.workflow.process import Process, compile_process

_Element = etree._Element  # noqa: SLF001 - lxml has no public name for its element type

_STAND_IN: Final = "?"
"""Name in a stand-in, so that it is not also found to lack one."""


def read(data: bytes) -> tuple[Process | None, tuple[Fault, ...]]:
    """Read and compile the one process of a BPMN file; None when a fault is an error.

    The process carries the SHA-256 of the bytes. Faults come `by` `xml` (the bytes), `bpmn` (the elements), `workflow`
    (the graph) or `feel` (an expression), with the element's id as their path.
    """
    root = read_xml(data)
    if isinstance(root, tuple):
        return None, root
    if root.tag != f"{MODEL}definitions":
        return None, (_fault("BPMN-ROOT-01", "", f"`{_local(root)}` is not the root of a BPMN 2.0 model"),)
    reader = _Reader(root)
    model = reader.process(sha256(data).hexdigest())
    if model is None:
        return None, tuple(reader.faults)
    process, found = compile_process(model)
    faults = (*reader.faults, *found)
    refused = any(fault.severity is Severity.ERROR for fault in faults)
    return None if refused else process, faults


class _Reader:
    """Walks one file and gathers its faults."""

    def __init__(self, root: _Element) -> None:
        self.faults: list[Fault] = []
        self._root = root
        self._messages = {
            message.get("id", ""): message.get("name", "") for message in root.iterchildren(f"{MODEL}message")
        }

    def process(self, source_hash: str) -> ProcessModel | None:
        """The file's process as drawn; None when there is not exactly one."""
        self._check_language(self._root, self._root.get("expressionLanguage"))
        for element in self._root.iterchildren():
            if _local(element) not in DESCRIPTIVE | {"process", "message", "collaboration"} and not _is_drawing(
                element
            ):
                self._refuse(element)
        processes = list(self._root.iterchildren(f"{MODEL}process"))
        for extra in processes[1:]:
            self._add("BPMN-PROCESS-02", extra, "the file holds more than one process", help="one file, one process")
        if len(processes) != 1:
            if not processes:
                self._add("BPMN-PROCESS-01", self._root, "the file holds no process")
            return None
        return self._process(processes[0], source_hash)

    def _process(self, element: _Element, source_hash: str) -> ProcessModel:
        if element.get("isExecutable") != "true":
            message = "the process is not marked as executable"
            self._add("BPMN-PROCESS-03", element, message, help='set isExecutable="true"')
        nodes: list[Node] = []
        flows: list[SequenceFlow] = []
        variables: list[str] = []
        for child in element.iterchildren():
            match _local(child):
                case "sequenceFlow":
                    flows.append(self._flow(child))
                case "property":
                    variables.append(child.get("name", ""))
                case name if child.tag == f"{MODEL}{name}" and name not in DESCRIPTIVE:
                    self._check_attributes(child)
                    node = self._node(child)
                    if node is not None:
                        nodes.append(node)
                case name if name not in DESCRIPTIVE:
                    self._refuse(child)
        return ProcessModel(
            id=element.get("id", ""),
            name=_name(element) or element.get("id", ""),
            hash=source_hash,
            nodes=tuple(nodes),
            flows=tuple(flows),
            variables=tuple(name for name in variables if name),
        )

    def _node(self, element: _Element) -> Node | None:
        key, name = element.get("id", ""), _name(element)
        match _local(element):
            case "startEvent":
                self._check_parts(element, EVENT_PARTS)
                return StartEvent(key, name)
            case "endEvent":
                self._check_parts(element, EVENT_PARTS | {"terminateEventDefinition"})
                return EndEvent(key, name, terminates=_child(element, "terminateEventDefinition") is not None)
            case "serviceTask":
                self._check_parts(element, TASK_PARTS - {"multiInstanceLoopCharacteristics"})
                return ServiceTask(key, name, element.get(f"{EXTENSION}service", ""))
            case "businessRuleTask":
                self._check_parts(element, TASK_PARTS - {"multiInstanceLoopCharacteristics"})
                return BusinessRuleTask(key, name, element.get(f"{EXTENSION}decision", ""))
            case "userTask":
                self._check_parts(element, TASK_PARTS)
                return UserTask(key, name, element.get(f"{EXTENSION}kind", ""), self._instances(element))
            case "receiveTask":
                self._check_parts(element, TASK_PARTS - {"multiInstanceLoopCharacteristics"})
                return ReceiveTask(key, name, self._message(element, element))
            case "exclusiveGateway":
                self._check_parts(element, EVENT_PARTS)
                return ExclusiveGateway(key, name, element.get("default", ""))
            case "parallelGateway":
                self._check_parts(element, EVENT_PARTS)
                return ParallelGateway(key, name)
            case "boundaryEvent":
                return self._boundary(element)
        self._refuse(element)
        return _stand_in(element)

    def _boundary(self, element: _Element) -> Node:
        key, name, host = element.get("id", ""), _name(element), element.get("attachedToRef", "")
        interrupting = element.get("cancelActivity", "true") in {"true", "1"}
        self._check_parts(element, EVENT_PARTS | {"timerEventDefinition", "messageEventDefinition"})
        timer, message = _child(element, "timerEventDefinition"), _child(element, "messageEventDefinition")
        if timer is not None and message is None:
            return TimerBoundary(key, name, host, self._duration(element, timer), interrupting)
        if message is None or timer is not None:
            self._add("BPMN-BOUNDARY-01", element, "the boundary event has not one timer or one message")
            return MessageBoundary(key, name, host, f"{_STAND_IN}{key}")
        if not interrupting:
            self._add("BPMN-BOUNDARY-02", element, "a message boundary event that does not interrupt is not executed")
        return MessageBoundary(key, name, host, self._message(element, message))

    def _duration(self, element: _Element, timer: _Element) -> str:
        for part in timer.iterchildren():
            if _local(part) == "timeDuration":
                self._check_language(element, part.get("language"))
                return _text(part)
        self._add("BPMN-TIMER-01", element, "the timer has no duration", help="dates and cycles are not executed")
        return "PT0S"

    def _message(self, element: _Element, reference: _Element) -> str:
        key = reference.get("messageRef", "").rpartition(":")[2]
        if key in self._messages:
            return self._messages[key]
        self._add("BPMN-MESSAGE-01", element, f"the message `{key}` is not defined in the file")
        return f"{_STAND_IN}{element.get('id', '')}"

    def _instances(self, element: _Element) -> MultiInstance | None:
        loop = _child(element, "multiInstanceLoopCharacteristics")
        collection = element.get(f"{EXTENSION}collection", "")
        if loop is None:
            if collection:
                message = "the task has a collection, but is asked only once"
                self._add("BPMN-LOOP-01", element, message, help="mark the task as multi-instance")
            return None
        self._check_parts(loop, DESCRIPTIVE | {"completionCondition"}, owner=element)
        if loop.get("behavior", "All") != "All":
            self._add("BPMN-LOOP-03", element, "the multi-instance task throws events, which is not executed")
        if not collection:
            message = "the multi-instance task names no collection"
            self._add("BPMN-LOOP-02", element, message, help="set the attribute `collection` on the task")
            return None
        condition = _child(loop, "completionCondition")
        completion = "" if condition is None else self._expression(element, condition)
        return MultiInstance(collection, loop.get("isSequential", "false") in {"true", "1"}, completion)

    def _flow(self, element: _Element) -> SequenceFlow:
        self._check_attributes(element)
        self._check_parts(element, DESCRIPTIVE | {"conditionExpression"})
        condition = _child(element, "conditionExpression")
        return SequenceFlow(
            id=element.get("id", ""),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            condition="" if condition is None else self._expression(element, condition),
            name=_name(element),
        )

    def _expression(self, element: _Element, expression: _Element) -> str:
        self._check_language(element, expression.get("language"))
        text = _text(expression)
        if not text:
            self._add("BPMN-EXPRESSION-02", element, "the expression is empty")
        return text or "null"

    def _check_language(self, element: _Element, language: str | None) -> None:
        """Expressions are FEEL; a file that names no language is taken at that."""
        if language and "feel" not in language.lower():
            self._add("BPMN-EXPRESSION-01", element, f"expressions in `{language}` are not executed", help="write FEEL")

    def _check_parts(self, element: _Element, known: Collection[str], owner: _Element | None = None) -> None:
        for part in element.iterchildren():
            if part.tag != f"{MODEL}{_local(part)}" or _local(part) not in known:
                self._refuse(part, owner=element if owner is None else owner)

    def _check_attributes(self, element: _Element) -> None:
        name = _local(element)
        for attribute, plain in PLAIN_ATTRIBUTES.items():
            if element.get(attribute, plain) != plain:
                self._add("BPMN-ATTRIBUTE-01", element, f'{attribute}="{element.get(attribute)}" is not executed')
        for attribute in map(str, element.attrib):
            own = attribute.removeprefix(EXTENSION)
            if own != attribute and own not in EXTENSION_ATTRIBUTES.get(name, ()):
                self._add("BPMN-ATTRIBUTE-02", element, f"`{name}` has no attribute `{own}`")

    def _refuse(self, element: _Element, *, owner: _Element | None = None) -> None:
        place = element if owner is None else owner
        where = "" if owner is None else f" in `{_local(owner)}`"
        self._add("BPMN-ELEMENT-01", place, f"the element `{_local(element)}`{where} is not executed")

    def _add(self, code: str, element: _Element, message: str, *, help: str = "") -> None:  # noqa: A002 - Fault's own field
        self.faults.append(_fault(code, element.get("id") or f"line {element.sourceline}", message, help=help))


def _stand_in(element: _Element) -> Node | None:
    """A node of the refused element's shape; None for what no flow can touch."""
    key, name, kind = element.get("id", ""), _name(element), _local(element)
    if kind.endswith("Gateway"):
        default = element.get("default", "")
        return ExclusiveGateway(key, name, default) if default else ParallelGateway(key, name)
    if kind.lower().endswith(("task", "event", "subprocess", "activity", "transaction")):
        return ServiceTask(key, name, _STAND_IN)
    return None


def _fault(code: str, path: str, message: str, *, help: str = "") -> Fault:  # noqa: A002 - Fault's own field
    return Fault(code, path, message, by="bpmn", help=help)


def _is_drawing(element: _Element) -> bool:
    return str(element.tag).startswith(DIAGRAM)


def _local(element: _Element) -> str:
    return etree.QName(element).localname


def _child(element: _Element, name: str) -> _Element | None:
    return element.find(f"{MODEL}{name}")


def _text(element: _Element) -> str:
    return (element.text or "").strip()


def _name(element: _Element) -> str:
    return " ".join(element.get("name", "").split())
