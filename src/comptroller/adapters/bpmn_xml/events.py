"""Reads events: what each waits for or throws, and what it carries."""

from comptroller.adapters.bpmn_xml.data import DataReader
from comptroller.adapters.bpmn_xml.notes import (
    STAND_IN,
    Element,
    Notes,
    child,
    id_of,
    is_true,
    local,
    name_of,
    referred,
    text,
)
from comptroller.adapters.bpmn_xml.vocabulary import (
    DATA_IN,
    DESCRIPTIVE,
    END_STATUSES,
    EVENT_DEFINITIONS,
    EXTENSION,
    NODE_PARTS,
    SERVICE_HOURS,
)
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    CancelDefinition,
    CatchEvent,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    Event,
    EventDefinition,
    LinkDefinition,
    MessageDefinition,
    SignalDefinition,
    StartEvent,
    TerminateDefinition,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
)

_PARTS = {
    "timerEventDefinition": {"timeDate", "timeDuration", "timeCycle"},
    "conditionalEventDefinition": {"condition"},
    "linkEventDefinition": {"source", "target"},
}


class EventReader:
    """Reads the events of one file; `handlers` lead from boundary events to the activities that compensate."""

    def __init__(self, notes: Notes, data: DataReader) -> None:
        self._notes = notes
        self._data = data

    def event(self, element: Element, handlers: dict[str, str]) -> Event:
        """The event of an element."""
        key, name = id_of(element), name_of(element)
        carries = local(element) in {"endEvent", "intermediateThrowEvent"}
        self._notes.check_parts(element, NODE_PARTS | EVENT_DEFINITIONS | (DATA_IN if carries else frozenset()))
        definition = self._definition(element)
        match local(element):
            case "startEvent":
                interrupting = is_true(element, "isInterrupting", "true")
                owner, entity = (element.get(f"{EXTENSION}{each}", "") for each in ("owner", "entity"))
                once = is_true(element, f"{EXTENSION}once")
                return StartEvent(key, name, definition, interrupting, owner, entity, once)
            case "endEvent":
                return EndEvent(key, name, definition, self._data.inputs(element, element), self._status(element))
            case "intermediateThrowEvent":
                return ThrowEvent(key, name, definition, self._data.inputs(element, element))
            case "boundaryEvent":
                return self._boundary(element, definition, handlers)
        if definition is None:
            self._notes.add("BPMN-EVENT-02", element, "the event waits for nothing")
            definition = MessageDefinition(f"{STAND_IN}{key}")
        return CatchEvent(key, name, definition)

    def _status(self, element: Element) -> str:
        status = element.get(f"{EXTENSION}status", "")
        if status and status not in END_STATUSES:
            message = f"a case does not end as `{status}`: say {', '.join(sorted(END_STATUSES))}"
            self._notes.add("BPMN-EVENT-03", element, message)
        return status

    def _boundary(self, element: Element, definition: EventDefinition | None, handlers: dict[str, str]) -> Event:
        key = id_of(element)
        if definition is None:
            self._notes.add("BPMN-BOUNDARY-01", element, "the boundary event waits for nothing")
            definition = MessageDefinition(f"{STAND_IN}{key}")
        return BoundaryEvent(
            key,
            name_of(element),
            referred(element, "attachedToRef"),
            definition,
            is_true(element, "cancelActivity", "true"),
            handlers.get(key, "") if isinstance(definition, CompensateDefinition) else "",
        )

    def _definition(self, element: Element) -> EventDefinition | None:
        found = [part for part in element.iterchildren("{*}*") if local(part) in EVENT_DEFINITIONS]
        if len(found) > 1:
            message = "an event with more than one definition is not executed"
            self._notes.add("BPMN-EVENT-01", element, message, help="use an event-based gateway")
        if not found:
            return None
        part = found[0]
        self._notes.check_parts(part, DESCRIPTIVE | _PARTS.get(local(part), set()), owner=element)
        self._notes.check_attributes(part, owner=element)
        return self._defined(element, part)

    def _defined(self, element: Element, part: Element) -> EventDefinition:
        match local(part):
            case "timerEventDefinition":
                return self._timer(element, part)
            case "messageEventDefinition":
                return MessageDefinition(self.message(element, part), part.get(f"{EXTENSION}key", ""))
            case "signalEventDefinition":
                signal = self._notes.defined("signal", element, part)
                return SignalDefinition(f"{STAND_IN}{id_of(element)}" if signal is None else name_of(signal))
            case "errorEventDefinition":
                return ErrorDefinition(self._code(element, part, "error"))
            case "escalationEventDefinition":
                return EscalationDefinition(self._code(element, part, "escalation"))
            case "conditionalEventDefinition":
                condition = child(part, "condition")
                if condition is None:
                    self._notes.add("BPMN-CONDITION-01", element, "the event has no condition")
                return ConditionalDefinition(
                    "false" if condition is None else self._notes.expression(element, condition)
                )
            case "compensateEventDefinition":
                return CompensateDefinition(referred(part, "activityRef"))
            case "linkEventDefinition":
                return LinkDefinition(name_of(part))
            case "cancelEventDefinition":
                return CancelDefinition()
        return TerminateDefinition()

    def message(self, element: Element, reference: Element) -> str:
        """The name of the message that an element refers to."""
        message = self._notes.defined("message", element, reference)
        return f"{STAND_IN}{id_of(element)}" if message is None else name_of(message)

    def _code(self, element: Element, part: Element, kind: str) -> str:
        """The code of an error or escalation; a catching event that refers to none takes every one."""
        if not part.get(f"{kind}Ref"):
            return ""
        defined = self._notes.defined(kind, element, part)
        code = STAND_IN if defined is None else defined.get(f"{kind}Code", "")
        if not code:
            self._notes.add(f"BPMN-{kind.upper()}-02", element, f"the {kind} has no code")
        return code or STAND_IN

    def _timer(self, element: Element, timer: Element) -> TimerDefinition:
        calendar = timer.get(f"{EXTENSION}calendar", "")
        if calendar not in {"", SERVICE_HOURS}:
            message = f"the calendar `{calendar}` is none"
            self._notes.add("BPMN-TIMER-02", element, message, help=f"write `{SERVICE_HOURS}`, or nothing")
        times = [part for part in timer.iterchildren("{*}*") if local(part) in _PARTS["timerEventDefinition"]]
        if len(times) > 1 and not self._notes.released:
            message = "a timer with more than one time is not executed"
            self._notes.add("BPMN-TIMER-03", element, message, help="keep the one that is meant")
        for kind in TimerKind:
            part = child(timer, f"time{kind.value.title()}")
            if part is not None:
                if part.get("language") or text(part).startswith("="):  # else ISO 8601, in whatever language
                    self._notes.check_language(element, part.get("language"))
                return TimerDefinition(text(part), kind, bool(calendar))
        self._notes.add("BPMN-TIMER-01", element, "the timer has no time")
        return TimerDefinition("PT0S")
