"""Reads a BPMN file to a process: elements become nodes and flows, and what is not executed becomes a fault.

Nothing that would change how a case runs is passed over in silence. A refused element leaves a stand-in of the same
shape in the graph, so that the rest of the process is checked as well and one fault does not breed others.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from comptroller.adapters.bpmn_xml.activities import ActivityReader
from comptroller.adapters.bpmn_xml.data import DataReader
from comptroller.adapters.bpmn_xml.events import EventReader
from comptroller.adapters.bpmn_xml.notes import (
    STAND_IN,
    Element,
    Notes,
    child,
    children,
    id_of,
    is_true,
    local,
    name_of,
    referred,
)
from comptroller.adapters.bpmn_xml.vocabulary import (
    DESCRIPTIVE,
    DIAGRAM,
    FILE_PARTS,
    MODEL,
    NODE_PARTS,
    SCOPE_PARTS,
    TASK_PARTS,
)
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.compiling import compile_process
from comptroller.domain.workflow.model import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Node,
    ParallelGateway,
    ProcessModel,
    SequenceFlow,
    ServiceTask,
    SubProcess,
)
from comptroller.domain.workflow.process import Process

_EVENTS: Final = frozenset(
    {"boundaryEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "startEvent"}
)

_ID: Final = re.compile(r"`([^`]+)`")


def read(data: bytes, *, released: bool = False) -> tuple[Process | None, tuple[Fault, ...]]:
    """Read and compile the one process of a BPMN file; None when a fault is an error.

    Of a file that was `released` the shape of the process is taken as it is (see `compile_process`).

    What is wrong is told of every process in the file, though a file with more than one is not executed. The process
    carries the SHA-256 of the bytes. Faults come `by` `xml` (the bytes), `bpmn` (the elements), `workflow` (the graph)
    or `feel` (an expression), with the element's id as their path
    and its name in their message.
    """
    root = read_xml(data)
    if isinstance(root, tuple):
        return None, root
    if root.tag != f"{MODEL}definitions":
        message = f"`{local(root)}` is not the root of a BPMN 2.0 model"
        return None, (Fault("BPMN-ROOT-01", "", message, by="bpmn"),)
    reader = _Reader(root, released=released)
    compiled = [compile_process(model, released=released) for model in reader.processes(sha256(data).hexdigest())]
    names = {id_of(element): name_of(element) for element in root.iter(f"{MODEL}*") if name_of(element)}
    found = (*reader.notes.faults, *(fault for _, faults in compiled for fault in faults))
    faults = tuple(_with_names(fault, names) for fault in found)
    if any(fault.severity is Severity.ERROR for fault in faults):
        return None, faults
    ((process, _),) = compiled
    return process, faults


class _Reader:
    """Walks the scopes of one file."""

    def __init__(self, root: Element, *, released: bool) -> None:
        self.notes = Notes(root, released=released)
        self._root = root
        self._data = DataReader(self.notes, root)
        self._events = EventReader(self.notes, self._data)
        self._activities = ActivityReader(self.notes, self._data, self._events)

    def processes(self, source_hash: str) -> list[ProcessModel]:
        """The processes of the file as drawn, of pools the executable ones; anything but one of them is a fault."""
        for element in self._root.iterchildren("{*}*"):
            if local(element) not in FILE_PARTS and not str(element.tag).startswith(DIAGRAM):
                self.notes.refuse(element)
            elif local(element) == "extension" and is_true(element, "mustUnderstand"):
                self.notes.add("BPMN-EXTENSION-01", element, "the file asks for an extension that is not known here")
        for element in self._root.iter(f"{MODEL}correlationKey"):
            self.notes.refuse(element)
        processes = children(self._root, "process")
        if not processes:
            self.notes.add("BPMN-PROCESS-01", self._root, "the file holds no process")
        taken = [process for process in processes if is_true(process, "isExecutable")] or processes
        for extra in taken[1:]:
            message = "the file holds more than one process"
            self.notes.add("BPMN-PROCESS-02", extra, message, help="one file, one process")
        for other in (process for process in processes if process not in taken):
            message = "the process beside the executable one is taken as a drawing"
            self.notes.warn(
                "BPMN-PROCESS-04", other, message, help='to execute it, give it a file with isExecutable="true"'
            )
        for part in (*taken, *(part for part in self._root.iterchildren("{*}*") if part not in processes)):
            for element in part.iter(f"{MODEL}*"):
                self.notes.check_meaning(element)
        return [self._process(process, source_hash) for process in taken]

    def _process(self, element: Element, source_hash: str) -> ProcessModel:
        if not is_true(element, "isExecutable"):
            message = "the process is not marked as executable"
            self.notes.add("BPMN-PROCESS-03", element, message, help='set isExecutable="true"')
        nodes, flows = self._content(element)
        return ProcessModel(
            id=id_of(element),
            name=name_of(element) or id_of(element),
            hash=source_hash,
            nodes=nodes,
            flows=flows,
            variables=self._variables(element),
            correctable=tuple(self._data.correctable(element)),
        )

    def _variables(self, element: Element) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in self._data.variables(element) if name))

    def _content(self, scope: Element) -> tuple[tuple[Node, ...], tuple[SequenceFlow, ...]]:
        """The nodes and flows of a process or sub-process."""
        nodes: list[Node] = []
        flows: list[SequenceFlow] = []
        known = SCOPE_PARTS | (TASK_PARTS if scope.tag != f"{MODEL}process" else {"ioSpecification"})
        handlers = _handlers(scope)
        for element in scope.iterchildren("{*}*"):
            name = local(element)
            if element.tag != f"{MODEL}{name}":
                self.notes.refuse(element)
            elif name == "sequenceFlow":
                flows.append(self._flow(element))
            elif name in {"property", "dataObject", "dataObjectReference"}:
                self.notes.check_parts(element, DESCRIPTIVE)
            elif name not in known:
                self.notes.check_attributes(element)
                node = self._node(element, handlers)
                if node is not None:
                    nodes.append(node)
        return tuple(nodes), tuple(flows)

    def _node(self, element: Element, handlers: dict[str, str]) -> Node | None:
        key, name, default = id_of(element), name_of(element), element.get("default", "")
        kind = local(element)
        if kind in _EVENTS:
            return self._events.event(element, handlers)
        if kind.endswith("Gateway"):
            self.notes.check_parts(element, NODE_PARTS)
        match kind:
            case "exclusiveGateway":
                return ExclusiveGateway(key, name, default)
            case "inclusiveGateway":
                return InclusiveGateway(key, name, default)
            case "parallelGateway":
                return ParallelGateway(key, name)
            case "eventBasedGateway":
                return EventBasedGateway(key, name)
            case "subProcess" | "transaction":
                return self._sub_process(element)
        activity = self._activities.activity(element)
        if activity is not None:
            return activity
        help_text = "say who does it: make it a user, manual, service or script task" if kind == "task" else ""
        self.notes.refuse(element, help=help_text)
        return _stand_in(element)

    def _sub_process(self, element: Element) -> SubProcess:
        nodes, flows = self._content(element)
        return SubProcess(
            id_of(element),
            name_of(element),
            nodes,
            flows,
            self._variables(element),
            by_event=is_true(element, "triggeredByEvent"),
            transaction=local(element) == "transaction",
            **self._activities.shared(element),
        )

    def _flow(self, element: Element) -> SequenceFlow:
        self.notes.check_attributes(element)
        self.notes.check_parts(element, DESCRIPTIVE | {"conditionExpression"})
        condition = child(element, "conditionExpression")
        source, target = referred(element, "sourceRef"), referred(element, "targetRef")
        return SequenceFlow(
            id=id_of(element) or f"{source}-{target}",
            source=source,
            target=target,
            condition="" if condition is None else self.notes.expression(element, condition),
            name=name_of(element),
        )


def _with_names(fault: Fault, names: Mapping[str, str]) -> Fault:
    """The fault in words that who drew the process knows: ids are given by the modeller, names by the author.

    >>> _with_names(Fault("WORKFLOW-NODE-03", "g1", "nothing follows the node"), {"g1": "Approved?"}).message
    '`Approved?`: nothing follows the node'
    """
    message = _ID.sub(lambda told: f"`{names[told[1]]}` ({told[0]})" if told[1] in names else told[0], fault.message)
    name = names.get(fault.path, "")
    return replace(fault, message=f"`{name}`: {message}" if name else message)


def _handlers(scope: Element) -> dict[str, str]:
    """The activities that compensate, by what is associated with each, whichever way the association was drawn."""
    undoing = {id_of(element) for element in scope.iterchildren("{*}*") if is_true(element, "isForCompensation")}
    drawn = [(referred(each, "sourceRef"), referred(each, "targetRef")) for each in children(scope, "association")]
    both_ways = (*drawn, *((target, source) for source, target in drawn))
    return {event: activity for event, activity in both_ways if activity in undoing}


def _stand_in(element: Element) -> Node | None:
    """A node of the refused element's shape; None for what no flow can touch."""
    key, name, kind = id_of(element), name_of(element), local(element)
    if kind.endswith("Gateway"):
        default = element.get("default", "")
        return ExclusiveGateway(key, name, default) if default else ParallelGateway(key, name)
    if kind.lower().endswith(("task", "event", "subprocess", "activity")):
        return ServiceTask(key, name, STAND_IN)
    return None
