"""The words of BPMN 2.0 XML: which the reader executes, which only describe, which are refused, and our own attributes.

`docs/bpmn-support.md` shows the same table; a test holds the two equal, and the reader refuses what is not in it.

SOURCE: OMG BPMN 2.0.2 (formal/2013-12-09), chapters 8 to 13 and the schemas `Semantic.xsd` and `BPMN20.xsd`.
"""

from enum import StrEnum
from typing import Final

MODEL: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
EXTENSION: Final = "{urn:comptroller:bpmn}"
"""The platform's own attributes, where the standard leaves it to the platform what is asked for."""


class Support(StrEnum):
    """What becomes of an element; a closed list."""

    EXECUTED = "executed"
    READ_ONLY = "read only"
    REFUSED = "refused"


_EXECUTED: Final = """
    process subProcess transaction callActivity sequenceFlow conditionExpression
    userTask manualTask serviceTask sendTask receiveTask businessRuleTask scriptTask script
    exclusiveGateway inclusiveGateway parallelGateway eventBasedGateway
    startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent
    timerEventDefinition timeDate timeDuration timeCycle messageEventDefinition signalEventDefinition
    errorEventDefinition escalationEventDefinition conditionalEventDefinition condition compensateEventDefinition
    cancelEventDefinition terminateEventDefinition linkEventDefinition
    message signal error escalation association
    multiInstanceLoopCharacteristics loopCardinality loopDataInputRef loopDataOutputRef inputDataItem outputDataItem
    completionCondition
    property dataObject dataObjectReference ioSpecification dataInput dataOutput dataInputAssociation
    dataOutputAssociation sourceRef targetRef transformation assignment from to
"""

_READ_ONLY: Final = """
    definitions import extension extensionElements documentation auditing monitoring relationship
    collaboration participant participantMultiplicity messageFlow messageFlowAssociation participantAssociation
    conversation subConversation callConversation globalConversation conversationLink conversationAssociation
    partnerEntity partnerRole endPoint interface operation inMessageRef outMessageRef errorRef
    resource resourceParameter itemDefinition
    laneSet lane flowNodeRef textAnnotation text group category categoryValue
    dataStore dataStoreReference dataState inputSet outputSet dataInputRefs dataOutputRefs inputSetRefs outputSetRefs
    incoming outgoing source target
"""

_REFUSED: Final = """
    optionalInputRefs optionalOutputRefs whileExecutingInputRefs whileExecutingOutputRefs
    task adHocSubProcess complexGateway standardLoopCharacteristics complexBehaviorDefinition
    eventDefinitionRef implicitThrowEvent
    potentialOwner humanPerformer performer resourceRole resourceAssignmentExpression resourceParameterBinding rendering
    ioBinding correlationKey correlationProperty correlationPropertyBinding correlationPropertyRetrievalExpression
    correlationSubscription
    globalTask globalUserTask globalManualTask globalBusinessRuleTask globalScriptTask
    choreography globalChoreographyTask choreographyTask subChoreography callChoreography
"""

SUPPORT: Final = {
    name: support
    for support, names in (
        (Support.EXECUTED, _EXECUTED),
        (Support.READ_ONLY, _READ_ONLY),
        (Support.REFUSED, _REFUSED),
    )
    for name in names.split()
}
"""What becomes of each element of the standard."""

EXTENSION_ATTRIBUTES: Final = {
    "businessRuleTask": frozenset({"decision", "collection"}),
    "callActivity": frozenset({"binding", "version", "collection"}),
    "endEvent": frozenset({"status"}),
    "manualTask": frozenset({"kind", "collection"}),
    "messageEventDefinition": frozenset({"key"}),
    "property": frozenset({"correctable"}),
    "receiveTask": frozenset({"key", "collection"}),
    "scriptTask": frozenset({"result", "collection"}),
    "sendTask": frozenset({"key", "collection"}),
    "serviceTask": frozenset({"service", "skippable", "collection"}),
    "startEvent": frozenset({"owner", "entity", "once"}),
    "subProcess": frozenset({"collection"}),
    "timerEventDefinition": frozenset({"calendar"}),
    "transaction": frozenset({"collection"}),
    "userTask": frozenset({"kind", "collection"}),
}

END_STATUSES: Final = frozenset({"done", "cancelled", "rejected", "returned"})
"""What an end event may say that a case is which no service has given a status."""

SERVICE_HOURS: Final = "service-hours"
"""The one value of a timer's `calendar`: its length is counted by the calendar of those who work."""

DESCRIPTIVE: Final = frozenset(
    {
        "auditing",
        "category",
        "dataState",
        "dataStore",
        "dataStoreReference",
        "documentation",
        "extension",
        "extensionElements",
        "group",
        "laneSet",
        "monitoring",
        "textAnnotation",
    }
)
"""Elements that a person reads and no token meets: drawings, notes, lanes, stores shown beside the flow."""

FILE_PARTS: Final = DESCRIPTIVE | {
    "collaboration",
    "endPoint",
    "error",
    "escalation",
    "globalConversation",
    "import",
    "interface",
    "itemDefinition",
    "message",
    "partnerEntity",
    "partnerRole",
    "process",
    "relationship",
    "resource",
    "signal",
}
"""What may stand beside the process; anything else would be called, or change how messages find their case."""

SCOPE_PARTS: Final = DESCRIPTIVE | {"association", "incoming", "outgoing", "multiInstanceLoopCharacteristics"}
"""What stands in a process or sub-process besides its nodes, flows and data."""

NODE_PARTS: Final = DESCRIPTIVE | {"incoming", "outgoing"}

DATA_IN: Final = frozenset({"dataInput", "dataInputAssociation", "inputSet"})
"""How a throwing event says what it carries."""

TASK_PARTS: Final = NODE_PARTS | {
    "dataInputAssociation",
    "dataOutputAssociation",
    "ioSpecification",
    "multiInstanceLoopCharacteristics",
}
"""What may stand in an activity; anything else (a performer, another loop) would change what it does."""

LOOP_PARTS: Final = DESCRIPTIVE | {
    "completionCondition",
    "inputDataItem",
    "loopCardinality",
    "loopDataInputRef",
    "loopDataOutputRef",
    "outputDataItem",
}

EVENT_DEFINITIONS: Final = frozenset(
    {
        "cancelEventDefinition",
        "compensateEventDefinition",
        "conditionalEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "linkEventDefinition",
        "messageEventDefinition",
        "signalEventDefinition",
        "terminateEventDefinition",
        "timerEventDefinition",
    }
)

DRAWN_INPUT: Final = "__targetRef_placeholder"
"""The property that bpmn.io writes for an arrow of data to lead to, where nothing says what the data is there."""

_MAPS: Final = "hand data over by data associations"
_LISTENS: Final = "draw what is to be done as a task"

VENDORS_WORK: Final = {
    "errorEventDefinition": "tell errors by an error event",
    "eventListener": _LISTENS,
    "executionListener": _LISTENS,
    "executionListeners": _LISTENS,
    "in": _MAPS,
    "inputOutput": _MAPS,
    "ioMapping": _MAPS,
    "out": _MAPS,
    "subscription": "say by the attribute `key` for whom the message is",
    "taskListener": _LISTENS,
    "taskListeners": _LISTENS,
}
"""Vendors' extensions that map data, listen or correlate where they are executed, each with what to do instead."""

BOOLEANS: Final = (
    "cancelActivity",
    "isExecutable",
    "isForCompensation",
    "isInterrupting",
    "isSequential",
    "triggeredByEvent",
    *(f"{EXTENSION}{own}" for own in ("correctable", "once", "skippable")),
)
"""The attributes that say yes or no, of the standard and of the platform: `xsd:boolean`."""

PLAIN_ATTRIBUTES: Final = {
    "startQuantity": "1",
    "completionQuantity": "1",
    "instantiate": "false",
    "parallelMultiple": "false",
    "eventGatewayType": "Exclusive",
    "waitForCompletion": "true",
    "method": "##Compensate",
}
"""Attributes that change how a node behaves, each with the one value that is executed."""
