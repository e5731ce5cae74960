"""Definitions as a DMN 1.5 element tree: what they hold, and nothing else.

The mirror of `reading`: read again, the tree gives the same definitions. Two stand-ins of the reader are not written,
so that they never become part of a file: a name in the place of an unstated id, and a rule's number as its id. Only
where a requirement points at such an element an id is made for it, since other modellers know elements by ids alone.
"""

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import Any, Final, assert_never

from lxml import etree

from comptroller.adapters.dmn_xml.building_expressions import Building
from comptroller.adapters.dmn_xml.elements import POLICY_NAMESPACE, TARGET_NAMESPACE, uri_of_language
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionPolicy,
    DecisionService,
    Definitions,
    Element,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    Reference,
)
from comptroller.domain.decisions.requirements import required

_PREFIXES: Final[Any] = {None: TARGET_NAMESPACE, "comptroller": POLICY_NAMESPACE}  # lxml's stubs miss the empty prefix
_XML_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
"""What an `xsd:ID` looks like, near enough to tell a name with blanks from an id."""


def build(definitions: Definitions, *, language: str) -> etree._Element:
    """Build the tree of one model; `language` is the expression language that goes without saying in it."""
    root = etree.Element(f"{{{TARGET_NAMESPACE}}}definitions", nsmap=_PREFIXES)
    root.set("name", definitions.name)
    root.set("namespace", definitions.namespace)
    uri = uri_of_language(language)
    if uri != uri_of_language():
        root.set("expressionLanguage", uri)
    building = Building(definitions.namespace, language, _made_ids(definitions))
    for item in definitions.imports:
        _import(building, root, item)
    for definition in definitions.item_definitions:
        _item_definition(building, root, "itemDefinition", definition)
    for element in definitions.elements:
        _element(building, root, element)
    return root


def _made_ids(definitions: Definitions) -> dict[str, str]:
    """An XML id for each element that is pointed at and has none: its name in letters that an id may have."""
    taken = {element.id for element in definitions.elements}
    pointed_at = {
        reference.id
        for element in definitions.elements
        for _, reference, _ in required(element)
        if reference.namespace == definitions.namespace
    }
    made: dict[str, str] = {}
    for identifier in sorted(pointed_at & taken):
        if not _XML_NAME.fullmatch(identifier):
            plain = "_" + re.sub(r"[^\w.\-]", "_", identifier)
            numbered = (f"{plain}_{number}" for number in count(2))
            made[identifier] = next(name for name in chain([plain], numbered) if name not in taken)
            taken.add(made[identifier])
    return made


def _import(building: Building, parent: etree._Element, item: Import) -> None:
    node = building.add(parent, "import", name=item.name, namespace=item.namespace, importType=TARGET_NAMESPACE)
    node.set("name", item.name)  # the empty name has a meaning of its own: the elements come in as one's own


def _item_definition(building: Building, parent: etree._Element, tag: str, item: ItemDefinition) -> None:
    node = building.add(parent, tag, id=item.id, name=item.name, isCollection="true" if item.is_collection else "")
    if item.type_ref:
        building.add(node, "typeRef").text = item.type_ref
    building.unary_tests(node, "allowedValues", item.allowed)
    building.unary_tests(node, "typeConstraint", item.constraint)
    for component in item.components:
        _item_definition(building, node, "itemComponent", component)
    if item.function is not None:
        _function_item(building, node, item.function)


def _function_item(building: Building, parent: etree._Element, function: FunctionItem) -> None:
    node = building.add(parent, "functionItem", outputTypeRef=function.output_type_ref)
    for parameter in function.parameters:
        building.item(node, "parameters", parameter)


def _element(building: Building, parent: etree._Element, element: Element) -> None:
    match element:
        case InputData():
            _named(building, parent, "inputData", element)
        case Decision():
            _decision(building, parent, element)
        case BusinessKnowledgeModel():
            node = _named(building, parent, "businessKnowledgeModel", element)
            if element.logic is not None:
                building.function(node, "encapsulatedLogic", element.logic)
            _required_knowledge(building, node, element.required_knowledge)
        case DecisionService():
            node = _named(building, parent, "decisionService", element)
            building.references(node, "outputDecision", element.output_decisions)
            building.references(node, "encapsulatedDecision", element.encapsulated_decisions)
            building.references(node, "inputDecision", element.input_decisions)
            building.references(node, "inputData", element.input_data)
        case _:
            assert_never(element)


def _decision(building: Building, parent: etree._Element, decision: Decision) -> None:
    node = building.add(parent, "decision", id=_id(building, decision), name=decision.name)
    building.text(node, "description", decision.description)
    _policy(building, node, decision.policy)
    building.text(node, "question", decision.question)
    building.text(node, "allowedAnswers", decision.allowed_answers)
    building.item(node, "variable", decision.variable)
    for reference in decision.required_inputs:
        building.references(building.add(node, "informationRequirement"), "requiredInput", (reference,))
    for reference in decision.required_decisions:
        building.references(building.add(node, "informationRequirement"), "requiredDecision", (reference,))
    _required_knowledge(building, node, decision.required_knowledge)
    if decision.expression is not None:
        building.expression(node, decision.expression)


def _policy(building: Building, parent: etree._Element, policy: DecisionPolicy) -> None:
    if policy == DecisionPolicy():
        return
    node = etree.SubElement(building.add(parent, "extensionElements"), f"{{{POLICY_NAMESPACE}}}policy")
    stated = {
        "number": policy.number,
        "dateBasis": policy.date_basis,
        "recheck": "true" if policy.recheck else "",
        "binding": policy.binding if policy.binding != "deployment" else "",
        "owner": policy.owner,
        "risk": policy.risk,
        "assertion": policy.assertion,
    }
    for name, value in stated.items():
        if value:
            node.set(name, value)


def _required_knowledge(building: Building, parent: etree._Element, references: Iterable[Reference]) -> None:
    for reference in references:
        building.references(building.add(parent, "knowledgeRequirement"), "requiredKnowledge", (reference,))


def _named(
    building: Building, parent: etree._Element, tag: str, element: InputData | BusinessKnowledgeModel | DecisionService
) -> etree._Element:
    node = building.add(parent, tag, id=_id(building, element), name=element.name)
    building.item(node, "variable", element.variable)
    return node


def _id(building: Building, element: Element) -> str:
    if element.id in building.made_ids:
        return building.made_ids[element.id]
    stands_in = element.id == element.name and not _XML_NAME.fullmatch(element.id)
    return "" if stands_in else element.id
