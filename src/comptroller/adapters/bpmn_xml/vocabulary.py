"""The words of BPMN 2.0 XML: which the reader executes, which only describe, and where the platform's own stand.

SOURCE: OMG BPMN 2.0.2 (formal/2013-12-09), chapters 8 to 10 and the schemas `Semantic.xsd` and `BPMN20.xsd`.
"""

from typing import Final

MODEL: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
EXTENSION: Final = "{urn:comptroller:bpmn}"
"""The platform's own attributes: `decision`, `service`, `kind` and `collection`."""

EXTENSION_ATTRIBUTES: Final = {
    "businessRuleTask": frozenset({"decision"}),
    "serviceTask": frozenset({"service"}),
    "userTask": frozenset({"kind", "collection"}),
}

DESCRIPTIVE: Final = frozenset(
    {
        "artifact",
        "association",
        "auditing",
        "category",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "documentation",
        "extension",
        "extensionElements",
        "group",
        "itemDefinition",
        "laneSet",
        "monitoring",
        "textAnnotation",
    }
)
"""Elements that a person reads and no token meets: drawings, notes, lanes, data shown beside the flow."""

TASK_PARTS: Final = DESCRIPTIVE | {"incoming", "outgoing", "multiInstanceLoopCharacteristics"}
"""What may stand in a task; anything else (an input mapping, a performer, another loop) would change what it does."""

EVENT_PARTS: Final = DESCRIPTIVE | {"incoming", "outgoing"}

PLAIN_ATTRIBUTES: Final = {
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "instantiate": "false",
    "parallelMultiple": "false",
    "triggeredByEvent": "false",
}
"""Attributes that change how a node behaves, each with the one value that is executed."""
