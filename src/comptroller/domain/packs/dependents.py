"""What builds on the decisions and functions that a change writes anew: whoever looks at them decides otherwise too."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    InputData,
    Reference,
)


def dependents(models: Iterable[Definitions], names: Collection[str]) -> Iterator[str]:
    """The decisions and functions, by name, that need one of these, directly or not, within and across models."""
    users: dict[tuple[str, str], list[tuple[str, Element]]] = defaultdict(list)
    pending: list[tuple[str, str]] = []
    for model in models:
        for element in model.elements:
            if not isinstance(element, InputData) and element.name in names:
                pending.append((model.namespace, element.id))
            for need in _needs(element):
                users[need.namespace or model.namespace, need.id].append((model.namespace, element))
    seen = set(pending)
    while pending:
        for namespace, element in users[pending.pop(0)]:
            key = namespace, element.id
            if key not in seen:
                seen.add(key)
                pending.append(key)
                yield element.name


def _needs(element: Element) -> tuple[Reference, ...]:
    match element:
        case Decision():
            return (*element.required_decisions, *element.required_knowledge)
        case BusinessKnowledgeModel():
            return element.required_knowledge
        case DecisionService():
            return (*element.output_decisions, *element.encapsulated_decisions)
        case InputData():
            return ()
