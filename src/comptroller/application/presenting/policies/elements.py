"""Finding one's way in a decision model: the address of an element, its table, and what it needs."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from comptroller.application.packs import FileStudy, Study
from comptroller.application.presenting.policies.finding import counted
from comptroller.application.views.policies import PartLink
from comptroller.domain.decisions.analysis import Finding
from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BusinessKnowledgeModel,
    Context,
    Decision,
    DecisionTable,
    Definitions,
    Element,
    InputData,
    LiteralExpression,
    Reference,
)

_NO_KEY: Final = re.compile(r"[^0-9A-Za-z._~]+")

Logical = Decision | BusinessKnowledgeModel
"""What has logic of its own."""


def key_of(name: str) -> str:
    """The address of an element.

    >>> key_of("variance verdict")
    'variance-verdict'
    """
    return _NO_KEY.sub("-", name)


def find(study: Study, key: str) -> tuple[str, Logical] | None:
    """The element at an address, with its file; decisions before functions."""
    found = [
        (path, element)
        for path, element in study.elements
        if isinstance(element, Decision | BusinessKnowledgeModel) and key_of(element.name) == key
    ]
    return min(found, key=lambda each: isinstance(each[1], BusinessKnowledgeModel), default=None)


def expression_of(element: Element) -> BoxedExpression | None:
    """What an element is decided by."""
    if isinstance(element, Decision):
        return element.expression
    if isinstance(element, BusinessKnowledgeModel) and element.logic is not None:
        return element.logic.body
    return None


def table_of(element: Element) -> DecisionTable | None:
    """The table that an element is decided by, where it is one."""
    expression = expression_of(element)
    return expression if isinstance(expression, DecisionTable) else None


def known_names(definitions: Definitions, element: Logical) -> Iterator[str]:
    """What the expressions of an element can be about: what is given and decided, or the parameters of a function."""
    if isinstance(element, BusinessKnowledgeModel):
        parameters = element.logic.parameters if element.logic is not None else ()
        return (parameter.name for parameter in parameters)
    others = (each for each in definitions.elements if isinstance(each, InputData | Decision) and each is not element)
    return (each.name for each in others)


def logic_lines(expression: BoxedExpression | None) -> Iterator[tuple[str, str]]:
    """What an expression that is no table says: its names with their FEEL."""
    match expression:
        case None:
            yield "", "nothing"
        case LiteralExpression():
            yield "", expression.text
        case Context():
            for entry in expression.entries:
                name = entry.variable.name if entry.variable is not None else ""
                for inner, text in logic_lines(entry.value):
                    yield f"{name} {inner}".strip(), text
        case _:
            kind = re.sub(r"(?<!^)(?=[A-Z])", " ", type(expression).__name__).lower()
            yield "", f"a boxed {kind}, which a DMN modeller shows"


def requirements(element: Element) -> tuple[Reference, ...]:
    """What an element needs, directly."""
    if isinstance(element, Decision):
        return (*element.required_inputs, *element.required_decisions, *element.required_knowledge)
    return element.required_knowledge if isinstance(element, BusinessKnowledgeModel) else ()


def reached(definitions: Definitions, element: Element) -> list[Element]:
    """An element and what it needs within its own model, directly or not."""
    by_id = {each.id: each for each in definitions.elements}
    found: dict[str, Element] = {}
    pending: list[Element] = [element]
    while pending:
        each = pending.pop(0)
        if each.id not in found:
            found[each.id] = each
            needed = (need.id for need in requirements(each) if need.namespace in {"", definitions.namespace})
            pending += [by_id[key] for key in needed if key in by_id]
    return list(found.values())


def inventory(definitions: Definitions) -> tuple[Decision, ...]:
    """The decisions of a model that have a number in the inventory."""
    return tuple(each for each in definitions.elements if isinstance(each, Decision) and each.policy.number)


def findings_of(file: FileStudy, element: Element) -> list[Finding]:
    """What is wrong with the tables of an element."""
    kind = "decision" if isinstance(element, Decision) else "businessKnowledgeModel"
    return [each for each in file.findings if each.table.startswith(f"{kind}[{element.name}]")]


def part_link(file: FileStudy, element: Element) -> PartLink:
    """The way to an element."""
    table = table_of(element)
    rules = len(table.rules) if table is not None else 0
    return PartLink(key_of(element.name), element.name, rules, counted(findings_of(file, element)))


def part_links(file: FileStudy) -> tuple[PartLink, ...]:
    """The ways to everything in a model that has logic, tables first, in the order of the file."""
    logical = [each for each in file.definitions.elements if not isinstance(each, InputData) and expression_of(each)]
    return tuple(part_link(file, each) for each in sorted(logical, key=lambda each: table_of(each) is None))


def names_by_id(study: Study) -> Mapping[tuple[str, str], str]:
    """The names of all elements of all models, by namespace and id."""
    return {
        (definitions.namespace, element.id): element.name
        for definitions in study.definitions.values()
        for element in definitions.elements
    }
