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
from comptroller.domain.decisions.handing import Handing, Named


def dependents(
    models: Iterable[Definitions], names: Collection[Named], handing: Handing | None = None
) -> Iterator[Named]:
    """The decisions and functions that need one of these, directly or not, within and across models of a version.

    With `handing` also those to which a process hands an outcome that is touched.
    """
    users: dict[Named, list[Named]] = defaultdict(list)
    elements = {
        Reference(model.namespace, element.id): (Named(model.namespace, element.name), element)
        for model in models
        for element in model.elements
    }
    for reference, (name, element) in elements.items():
        for need in _needs(element):
            found = elements.get(Reference(need.namespace or reference.namespace, need.id))
            if found is not None:
                handed = (handing or {}).get(found[0]) if isinstance(found[1], InputData) else None
                users[found[0] if handed is None else handed.decision].append(name)
    seen = set(names)
    pending = list(names)
    while pending:
        for name in users[pending.pop(0)]:
            if name not in seen:
                seen.add(name)
                pending.append(name)
                yield name


def _needs(element: Element) -> tuple[Reference, ...]:
    match element:
        case Decision():
            return (*element.required_inputs, *element.required_decisions, *element.required_knowledge)
        case BusinessKnowledgeModel():
            return element.required_knowledge
        case DecisionService():
            return (*element.output_decisions, *element.encapsulated_decisions, *element.input_data)
        case InputData():
            return ()
