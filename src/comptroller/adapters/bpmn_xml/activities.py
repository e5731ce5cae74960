"""Reads activities: what each asks for, how often, with what data."""

from typing import Any

from comptroller.adapters.bpmn_xml.data import DataReader
from comptroller.adapters.bpmn_xml.events import EventReader
from comptroller.adapters.bpmn_xml.notes import (
    Element,
    Notes,
    child,
    children,
    id_of,
    is_true,
    local,
    name_of,
    referred,
    text,
)
from comptroller.adapters.bpmn_xml.vocabulary import DESCRIPTIVE, EXTENSION, LOOP_PARTS, TASK_PARTS
from comptroller.domain.workflow.model import (
    Assignment,
    Binding,
    BusinessRuleTask,
    CallActivity,
    ManualTask,
    MultiInstance,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    Task,
    UserTask,
)

_IO_PARTS = DESCRIPTIVE | {"dataInput", "dataOutput", "inputSet", "outputSet"}
_SET_PARTS = DESCRIPTIVE | {"dataInputRefs", "dataOutputRefs", "inputSetRefs", "outputSetRefs"}


class ActivityReader:
    """Reads the activities of one file, sub-processes as far as they are like any other."""

    def __init__(self, notes: Notes, data: DataReader, events: EventReader) -> None:
        self._notes = notes
        self._data = data
        self._events = events

    def activity(self, element: Element) -> Task | CallActivity | None:
        """The task or call of an element; None when it is neither."""
        common = (id_of(element), name_of(element))
        own, kind = self._own(element), local(element)
        match kind:
            case "serviceTask":
                skippable = is_true(element, f"{EXTENSION}skippable")
                return ServiceTask(*common, own("service"), skippable=skippable, **self._shared(element))
            case "businessRuleTask":
                return BusinessRuleTask(*common, own("decision"), **self._shared(element))
            case "userTask":
                return UserTask(*common, own("kind"), **self._shared(element))
            case "manualTask":
                return ManualTask(*common, own("kind") or "manual", **self._shared(element))
            case "receiveTask":
                return ReceiveTask(*common, self._events.message(element, element), own("key"), **self._shared(element))
            case "sendTask":
                return SendTask(*common, self._events.message(element, element), own("key"), **self._shared(element))
            case "scriptTask":
                return ScriptTask(*common, self._script(element), own("result"), **self._shared(element, "script"))
            case "callActivity":
                called = referred(element, "calledElement")
                return CallActivity(*common, called, self._binding(element), own("version"), **self._shared(element))
        return None

    def _own(self, element: Element) -> Any:
        return lambda attribute: element.get(f"{EXTENSION}{attribute}", "")

    def _shared(self, element: Element, *more: str) -> dict[str, Any]:
        """What any activity may have, of a task or call."""
        self._notes.check_parts(element, TASK_PARTS | set(more))
        return self.shared(element)

    def shared(self, element: Element) -> dict[str, Any]:
        """What any activity may have: instances, data, and whether it compensates."""
        if element.get("default"):
            message = "the default flow of an activity is not executed"
            self._notes.add("BPMN-ATTRIBUTE-01", element, message, help="put an exclusive gateway behind it")
        specification = child(element, "ioSpecification")
        if specification is not None:
            self._notes.check_parts(specification, _IO_PARTS, owner=element)
            for kind in ("inputSet", "outputSet"):
                sets = children(specification, kind)
                for each in sets:
                    self._notes.check_parts(each, _SET_PARTS, owner=element)
                if len(sets) > 1:
                    self._notes.add("BPMN-DATA-05", element, "alternatives of inputs or outputs are not executed")
        inputs = self._data.inputs(element, element)
        return {
            "instances": self._instances(element, inputs),
            "inputs": inputs,
            "outputs": self._data.outputs(element, element),
            "for_compensation": is_true(element, "isForCompensation"),
        }

    def _script(self, element: Element) -> str:
        script = child(element, "script")
        if script is None:
            self._notes.add("BPMN-EXPRESSION-02", element, "the script task has no script")
            return "null"
        return self._notes.expression(element, script, language=element.get("scriptFormat"))

    def _binding(self, element: Element) -> Binding:
        told = element.get(f"{EXTENSION}binding", Binding.RELEASE.value)
        try:
            return Binding(told)
        except ValueError:
            help_text = f"write one of {', '.join(binding.value for binding in Binding)}"
            self._notes.add("BPMN-CALL-01", element, f"the binding `{told}` is none", help=help_text)
            return Binding.RELEASE

    def _instances(self, element: Element, inputs: tuple[Assignment, ...]) -> MultiInstance | None:
        loop = child(element, "multiInstanceLoopCharacteristics")
        collection = element.get(f"{EXTENSION}collection", "")
        if loop is None:
            if collection:
                message = "the activity has a collection, but is asked only once"
                self._notes.add("BPMN-LOOP-01", element, message, help="mark the activity as multi-instance")
            return None
        self._notes.check_parts(loop, LOOP_PARTS, owner=element)
        if loop.get("behavior", "All") != "All":
            self._notes.add("BPMN-LOOP-03", element, "the multi-instance activity throws events, which is not executed")
        cardinality, condition = child(loop, "loopCardinality"), child(loop, "completionCondition")
        named = self._data.collection(text(child(loop, "loopDataInputRef")), inputs)
        number = text(cardinality)
        if cardinality is not None and not number.isdecimal() and not self._notes.released:
            self._notes.check_language(element, cardinality.get("language"))
        told = [each for each in (collection, named, number) if each]
        if len(told) != 1:
            message = "the multi-instance activity names not one collection or number"
            self._notes.add("BPMN-LOOP-02", element, message, help="set the attribute `collection` on the activity")
            return None
        return MultiInstance(
            told[0],
            is_true(loop, "isSequential"),
            "" if condition is None else self._notes.expression(element, condition),
            counted=cardinality is not None,
            item=_item(loop, "inputDataItem"),
            result=self._data.name(text(child(loop, "loopDataOutputRef"))),
            result_item=_item(loop, "outputDataItem"),
        )


def _item(loop: Element, kind: str) -> str:
    item = child(loop, kind)
    return "" if item is None else name_of(item)
