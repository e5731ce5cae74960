"""Where the DMN 1.5 schema wants a child element among its siblings; other modellers insist on it.

Each parent's sequence is a part of one order of all elements, so a single list answers for all parents.

# SOURCE: DMN15.xsd of the published standard.
"""

from typing import Final

from lxml import etree

_ORDER: Final = (
    "description",
    "extensionElements",
    "import",
    "itemDefinition",
    "typeRef question inputExpression outputValues inputEntry in if sourceRef input",
    "allowedValues allowedAnswers inputValues defaultOutputEntry outputEntry then targetRef output",
    "typeConstraint annotation annotationEntry else",
    "variable parameter formalParameter column parameters itemComponent rule",
    "functionItem row encapsulatedLogic outputDecision informationRequirement",
    "knowledgeRequirement encapsulatedDecision",
    "authorityRequirement inputDecision",
    "inputData decision businessKnowledgeModel decisionService knowledgeSource",
    "supportedObjective impactedPerformanceIndicator decisionMaker decisionOwner usingProcess usingTask",
    (
        "literalExpression decisionTable context list relation invocation functionDefinition conditional filter "
        "for some every"
    ),
    "text binding contextEntry return satisfies match",
    "group textAnnotation association",
    "elementCollection",
    "performanceIndicator organizationUnit",
    "DMNDI",
)
_PLACES: Final = {name: place for place, names in enumerate(_ORDER) for name in names.split()}


def place_of(element: etree._Element) -> int:
    """Where an element stands in the order; what is unknown stands last.

    >>> [place_of(etree.Element(name)) for name in ("description", "variable", "literalExpression")]
    [0, 7, 13]
    """
    return _PLACES.get(etree.QName(element).localname, len(_ORDER))
