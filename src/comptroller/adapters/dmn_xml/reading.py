"""Reading the outer shape of a DMN file: definitions, imports, types and the elements of the requirement graph.

Versions 1.1 to 1.5 differ in their namespace and in few details, so one set of functions reads them all. What only the
platform knows about a decision stands in an extension element, `policy` in the namespace `urn:comptroller:dmn`, which
modellers keep untouched.
"""

from hashlib import sha256
from typing import Final

from lxml import etree

from comptroller.adapters.dmn_xml.elements import (
    MODEL_NAMESPACES,
    POLICY_NAMESPACE,
    Reading,
    language_name,
    one_line,
    stated,
)
from comptroller.adapters.dmn_xml.expressions import EXPRESSIONS, expression_in, function_definition
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionPolicy,
    DecisionService,
    Definitions,
    Element,
    FunctionItem,
    Import,
    InformationItem,
    InputData,
    ItemDefinition,
    Reference,
)
from comptroller.domain.kernel.fault import Fault, Severity

_IN_DECISIONS: Final = frozenset(
    "description extensionElements question allowedAnswers variable informationRequirement knowledgeRequirement "
    "authorityRequirement supportedObjective impactedPerformanceIndicator decisionMaker decisionOwner usingProcess "
    "usingTask".split()
)
_REPEATED_IDS_SHOWN: Final = 20


def read(data: bytes) -> tuple[Definitions | None, tuple[Fault, ...]]:
    """Read a DMN file's bytes; the definitions are None only when the bytes are no DMN file at all.

    The faults stand in the definitions too, so that a model compiled from them knows which decisions were misread.
    """
    root = read_xml(data)
    if isinstance(root, tuple):
        return None, root
    tag = etree.QName(root)
    if tag.localname != "definitions" or tag.namespace not in MODEL_NAMESPACES:
        fault = Fault(
            "DMN-READ-01",
            "",
            f"not a DMN model: the root element is `{root.tag}`",
            by="dmn",
            help="DMN " + ", ".join(sorted(set(MODEL_NAMESPACES.values()))) + " are read",
        )
        return None, (fault,)
    reading = Reading(
        model_namespace=str(tag.namespace),
        target_namespace=root.get("namespace") or "",
        language=language_name(root.get("expressionLanguage") or ""),
    )
    imports = _imports(reading, root)
    item_definitions = tuple(_item_definition(reading, child) for child in reading.all(root, "itemDefinition"))
    elements = _elements(reading, root)
    _tell_repeated_ids(reading, root)
    definitions = Definitions(
        name=one_line(root.get("name")),
        namespace=reading.target_namespace,
        imports=imports,
        item_definitions=item_definitions,
        elements=elements,
        source_hash=sha256(data).hexdigest(),
        faults=tuple(reading.faults),
    )
    return definitions, definitions.faults


def _tell_repeated_ids(reading: Reading, root: etree._Element) -> None:
    """Warn of ids that two elements have, the first few of them; those of whole decisions and the like come later."""
    seen: set[str] = set()
    told: set[str] = set()
    for element in root.iterdescendants(f"{{{reading.model_namespace}}}*"):
        identifier = element.get("id")
        if identifier is None:
            continue
        if identifier in seen and identifier not in told and element.getparent() is not root:
            told.add(identifier)
            message, remedy = f"the id `{identifier}` is used twice", "give the element another id"
            reading.fault("DMN-READ-09", element, message, severity=Severity.WARNING, help=remedy)
            if len(told) == _REPEATED_IDS_SHOWN:
                return
        seen.add(identifier)


def _imports(reading: Reading, root: etree._Element) -> tuple[Import, ...]:
    imports = []
    for element in reading.all(root, "import"):
        if element.get("importType") not in MODEL_NAMESPACES:
            reading.fault(
                "DMN-READ-07",
                element,
                f"an import of type `{element.get('importType')}` is not read",
                help="only DMN models can be imported",
            )
            continue
        item = Import(one_line(stated(element, "name")), element.get("namespace") or "")
        imports.append(item)
        reading.import_places |= dict.fromkeys({item.name, element.get("locationURI") or ""} - {""}, item.namespace)
    reading.import_names = {item.namespace: item.name for item in imports}
    return tuple(imports)


def _item_definition(reading: Reading, element: etree._Element) -> ItemDefinition:
    type_element = reading.one(element, "typeRef")
    function = reading.one(element, "functionItem")
    return ItemDefinition(
        name=reading.name(element),
        type_ref="" if type_element is None else reading.type_name(type_element.text, type_element),
        components=tuple(_item_definition(reading, child) for child in reading.all(element, "itemComponent")),
        function=None if function is None else _function_item(reading, function),
        allowed=reading.unary_tests(reading.one(element, "allowedValues")),
        constraint=reading.unary_tests(reading.one(element, "typeConstraint")),
        is_collection=_is_true(element.get("isCollection")),
        id=element.get("id") or "",
    )


def _function_item(reading: Reading, element: etree._Element) -> FunctionItem:
    return FunctionItem(
        parameters=tuple(reading.information_item(child) for child in reading.all(element, "parameters")),
        output_type_ref=reading.type_ref(element, "outputTypeRef"),
    )


def _elements(reading: Reading, root: etree._Element) -> tuple[Element, ...]:
    elements: list[Element] = []
    for kind, child in reading.children(root):
        match kind:
            case "inputData":
                name = reading.name(child)
                elements.append(InputData(_id(child), name, _variable(reading, child, name)))
            case "decision":
                elements.append(_decision(reading, child))
            case "businessKnowledgeModel":
                elements.append(_business_knowledge_model(reading, child))
            case "decisionService":
                elements.append(_decision_service(reading, child))
    return tuple(elements)


def _decision(reading: Reading, element: etree._Element) -> Decision:
    name = reading.name(element)
    if unknown := {local for local, _ in reading.children(element)} - _IN_DECISIONS - EXPRESSIONS:
        message = f"`{min(unknown)}` is no part of a decision that is known"
        reading.fault("DMN-READ-06", element, message, help="known expressions: " + ", ".join(sorted(EXPRESSIONS)))
    information = reading.all(element, "informationRequirement")
    for child in (*information, *reading.all(element, "knowledgeRequirement")):
        if not len(child):
            message, remedy = "the requirement names nothing", "point it at an input or a decision, or remove it"
            reading.fault("DMN-READ-08", child, message, severity=Severity.WARNING, help=remedy)
    return Decision(
        id=_id(element),
        name=name,
        variable=_variable(reading, element, name),
        expression=expression_in(reading, element),
        required_inputs=tuple(
            reference for child in information for reference in reading.references(child, "requiredInput")
        ),
        required_decisions=tuple(
            reference for child in information for reference in reading.references(child, "requiredDecision")
        ),
        required_knowledge=_required_knowledge(reading, element),
        question=reading.text(element, "question"),
        allowed_answers=reading.text(element, "allowedAnswers"),
        description=reading.text(element, "description"),
        policy=_policy(reading, element),
    )


def _required_knowledge(reading: Reading, element: etree._Element) -> tuple[Reference, ...]:
    return tuple(
        reference
        for child in reading.all(element, "knowledgeRequirement")
        for reference in reading.references(child, "requiredKnowledge")
    )


def _business_knowledge_model(reading: Reading, element: etree._Element) -> BusinessKnowledgeModel:
    name = reading.name(element)
    logic = reading.one(element, "encapsulatedLogic")
    return BusinessKnowledgeModel(
        id=_id(element),
        name=name,
        variable=_variable(reading, element, name),
        logic=None if logic is None else function_definition(reading, logic),
        required_knowledge=_required_knowledge(reading, element),
    )


def _decision_service(reading: Reading, element: etree._Element) -> DecisionService:
    name = reading.name(element)
    return DecisionService(
        id=_id(element),
        name=name,
        variable=_variable(reading, element, name),
        output_decisions=reading.references(element, "outputDecision"),
        encapsulated_decisions=reading.references(element, "encapsulatedDecision"),
        input_decisions=reading.references(element, "inputDecision"),
        input_data=reading.references(element, "inputData"),
    )


def _policy(reading: Reading, element: etree._Element) -> DecisionPolicy:
    extensions = reading.one(element, "extensionElements")
    policy = None if extensions is None else extensions.find(f"{{{POLICY_NAMESPACE}}}policy")
    if policy is None:
        return DecisionPolicy()
    return DecisionPolicy(
        number=policy.get("number") or "",
        date_basis=policy.get("dateBasis") or "now",
        recheck=_is_true(policy.get("recheck")),
        binding=policy.get("binding") or "deployment",
        owner=policy.get("owner") or "",
        risk=policy.get("risk") or "",
        assertion=policy.get("assertion") or "",
    )


def _variable(reading: Reading, element: etree._Element, name: str) -> InformationItem:
    return reading.information_item(reading.one(element, "variable"), name)


def _id(element: etree._Element) -> str:
    """An element's id; its name stands in for one that is unstated, since references cannot reach it anyway."""
    return element.get("id") or one_line(element.get("name"))


def _is_true(text: str | None) -> bool:
    return text in {"true", "1"}
