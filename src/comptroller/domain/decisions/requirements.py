"""The decision requirement graph: every element found by its reference, every requirement checked before anything runs.

A graph with faults is still a graph: what can be resolved is resolved, so that one pass tells every fault and the
decisions that none of them touches can be decided.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    InputData,
    Reference,
)
from comptroller.domain.feel.names import can_be_written
from comptroller.domain.kernel.fault import Fault, Severity

WHOLE_MODEL: Final = "definitions"
"""The path of a fault of reading that touches every element of a model."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The elements of a model and its imports; `broken` are those whose requirements cannot be met, with the faults."""

    elements: Mapping[Reference, Element]
    faults: tuple[Fault, ...]
    broken: Mapping[Reference, tuple[Fault, ...]]


def path_of(element: Element) -> str:
    """The element in words, as the reader writes paths too: `decision[line match]`."""
    match element:
        case InputData():
            kind = "inputData"
        case Decision():
            kind = "decision"
        case BusinessKnowledgeModel():
            kind = "businessKnowledgeModel"
        case DecisionService():
            kind = "decisionService"
    return f"{kind}[{element.name}]"


def used_models(definitions: Definitions, others: Sequence[Definitions]) -> tuple[Definitions, ...]:
    """A model and those of some others that it imports or points to, directly or not; the first of a namespace counts.

    What else lies in the same directory neither answers in a model's place nor adds its faults.
    """
    known = {model.namespace: model for model in reversed((definitions, *others))}
    used: dict[str, Definitions] = {}
    pending = [definitions.namespace]
    while pending:
        namespace = pending.pop(0)
        model = known.get(namespace)
        if model is not None and namespace not in used:
            used[namespace] = model
            pending += [item.namespace for item in model.imports]
            pending += [reference.namespace for element in model.elements for _, reference, _ in required(element)]
    return tuple(used.values())


def requirement_graph(models: Sequence[Definitions]) -> Graph:
    """Index the elements of some models and check what they require of each other."""
    elements: dict[Reference, Element] = {}
    faults: list[Fault] = []
    for model in models:
        faults += model.faults
        faults += _index(model, elements)
        faults += _import_faults(model, models)
    broken: dict[Reference, tuple[Fault, ...]] = {}
    read = {model.namespace: [fault for fault in model.faults if fault.severity is Severity.ERROR] for model in models}
    for reference, element in elements.items():
        found = tuple(_requirement_faults(element, elements))
        faults += found
        faults += _unimported(reference.namespace, element, elements, models)
        faults += _incomplete(element, elements)
        place = path_of(element)
        found += tuple(fault for fault in read[reference.namespace] if fault.path.startswith((place, WHOLE_MODEL)))
        if found:
            broken[reference] = found
    for cycle in _cycles(elements):
        fault = _cycle_fault([elements[reference] for reference in cycle])
        faults.append(fault)
        for reference in cycle:
            broken[reference] = (*broken.get(reference, ()), fault)
    return Graph(elements, tuple(faults), broken)


def behind(decision: str, models: Iterable[Definitions]) -> Iterator[Element]:
    """The decision of this name and all that it needs, directly or not, in whichever of the models."""
    elements = {Reference(model.namespace, each.id): each for model in models for each in model.elements}
    pending = [at for at, each in elements.items() if isinstance(each, Decision) and each.name == decision]
    seen: set[Reference] = set()
    while pending:
        reference = pending.pop()
        element = elements.get(reference)
        if element is not None and reference not in seen:
            seen.add(reference)
            yield element
            pending += [each for _, each, _ in required(element)]


def required(element: Element) -> Iterator[tuple[str, Reference, tuple[type[Element], ...]]]:
    """What an element needs: the kind of requirement in words, where it points, and what may stand there."""
    if isinstance(element, Decision):
        for reference in element.required_inputs:
            yield "required input", reference, (InputData,)
        for reference in element.required_decisions:
            yield "required decision", reference, (Decision,)
    if isinstance(element, Decision | BusinessKnowledgeModel):
        for reference in element.required_knowledge:
            yield "required knowledge", reference, (BusinessKnowledgeModel, DecisionService)
    if isinstance(element, DecisionService):
        for reference in element.output_decisions:
            yield "output decision", reference, (Decision,)
        for reference in element.encapsulated_decisions:
            yield "encapsulated decision", reference, (Decision,)
        for reference in element.input_decisions:
            yield "input decision", reference, (Decision,)
        for reference in element.input_data:
            yield "input data", reference, (InputData,)


def _index(model: Definitions, elements: dict[Reference, Element]) -> Iterator[Fault]:
    """Enter a model's elements; a second element with the same id or name is a fault, the first one counts."""
    names: dict[str, Element] = {}
    for element in model.elements:
        reference = Reference(model.namespace, element.id)
        if reference in elements:
            yield Fault(
                "DMN-NAME-01",
                path_of(element),
                f"the id `{element.id}` is used twice",
                by="dmn",
                help=f"it is also the id of {path_of(elements[reference])}; give one of them another id",
            )
        if element.name in names:
            yield Fault(
                "DMN-NAME-02",
                path_of(element),
                f"the name `{element.name}` is used twice",
                by="dmn",
                help=f"it is also the name of {path_of(names[element.name])}; rename one of them",
            )
        if not can_be_written(element.variable.name):
            yield Fault(
                "DMN-NAME-04",
                path_of(element),
                f"no expression can write the name `{element.variable.name}`",
                by="dmn",
                help="name it with letters, digits and blanks, and not like a word of FEEL",
            )
        if element.variable.name != element.name:
            yield Fault(
                "DMN-NAME-03",
                path_of(element),
                f"the variable is named `{element.variable.name}`, not `{element.name}`",
                severity=Severity.WARNING,
                by="dmn",
                help="give the variable the element's name; expressions use the variable's",
            )
        names.setdefault(element.name, element)
        elements.setdefault(reference, element)


def _import_faults(model: Definitions, models: Sequence[Definitions]) -> Iterator[Fault]:
    known = {other.namespace for other in models}
    own = {element.variable.name for element in model.elements}
    names: dict[str, str] = {}
    for item in model.imports:
        other = names.setdefault(item.name, item.namespace) if item.name else item.namespace
        if item.name in own or other != item.namespace:
            yield Fault(
                "DMN-IMPORT-02",
                f"import[{item.name}]",
                f"the name `{item.name}` of the import is also that of something else in the model",
                by="dmn",
                help="give the import a name of its own",
            )
        if item.namespace not in known:
            yield Fault(
                "DMN-IMPORT-01",
                f"import[{item.name}]",
                f"the imported model `{item.namespace}` was not given",
                by="dmn",
                help="load it together with this model",
            )


def _requirement_faults(element: Element, elements: Mapping[Reference, Element]) -> Iterator[Fault]:
    for requirement, reference, kinds in required(element):
        target = elements.get(reference)
        if target is None:
            yield Fault(
                "DMN-REQUIREMENT-01",
                path_of(element),
                f"the {requirement} `{reference.id}` does not exist",
                by="dmn",
                help="point the requirement at an element of this model, or load the model that holds it",
            )
        elif not isinstance(target, kinds):
            yield Fault(
                "DMN-REQUIREMENT-02",
                path_of(element),
                f"the {requirement} `{reference.id}` is {path_of(target)}",
                by="dmn",
                help="point the requirement at an element of the right kind",
            )


def _unimported(
    namespace: str, element: Element, elements: Mapping[Reference, Element], models: Sequence[Definitions]
) -> Iterator[Fault]:
    """Warn of what is required of a model that is not imported: it is seen as if it were the model's own."""
    imported = {item.namespace for model in models if model.namespace == namespace for item in model.imports}
    for requirement, reference, _ in required(element):
        if reference in elements and reference.namespace not in imported | {namespace}:
            yield Fault(
                "DMN-IMPORT-03",
                path_of(element),
                f"the {requirement} `{elements[reference].name}` is in a model that is not imported",
                severity=Severity.WARNING,
                by="dmn",
                help=f"import `{reference.namespace}`",
            )


def _incomplete(element: Element, elements: Mapping[Reference, Element]) -> Iterator[Fault]:
    """Tell what has no logic, and of a service that does not hold all that it evaluates."""
    if isinstance(element, Decision) and element.expression is None:
        yield Fault(
            "DMN-LOGIC-02",
            path_of(element),
            "the decision has no logic; its answer is taken from the inputs",
            severity=Severity.INFORMATION,
            by="dmn",
            help="give it logic, or its answer with the inputs",
        )
    if isinstance(element, BusinessKnowledgeModel) and (element.logic is None or element.logic.body is None):
        yield Fault(
            "DMN-LOGIC-01",
            path_of(element),
            "the business knowledge model has no logic and gives null",
            severity=Severity.WARNING,
            by="dmn",
            help="give it a body",
        )
    if not isinstance(element, DecisionService):
        return
    if not element.output_decisions:
        yield Fault(
            "DMN-SERVICE-01",
            path_of(element),
            "the decision service has no output decision",
            by="dmn",
            help="say which decision it answers with",
        )
    given = {*element.input_decisions, *element.input_data}
    inside = {*element.output_decisions, *element.encapsulated_decisions}
    outside = [elements[found] for found in _reached(element.output_decisions, given, elements) if found not in inside]
    decisions = [other for other in outside if isinstance(other, Decision)]
    inputs = [other for other in outside if not isinstance(other, Decision)]
    # a decision is evaluated all the same, an input is missing
    for needed, severity in ((decisions, Severity.INFORMATION), (inputs, Severity.WARNING)):
        if needed:
            more = f" and {len(needed) - 1} more" if len(needed) > 1 else ""
            yield Fault(
                "DMN-SERVICE-02",
                path_of(element),
                f"the service needs {path_of(needed[0])}{more}, neither given to it nor inside it",
                severity=severity,
                by="dmn",
                help="make it an input of the service, or encapsulate it",
            )


def _reached(
    targets: Sequence[Reference], given: Collection[Reference], elements: Mapping[Reference, Element]
) -> Iterator[Reference]:
    """The inputs and decisions that some decisions need, themselves included, up to those that are given."""
    seen: set[Reference] = set()
    pending = list(targets)
    while pending:
        reference = pending.pop()
        element = elements.get(reference)
        if reference in seen or reference in given or element is None:
            continue
        seen.add(reference)
        yield reference
        if isinstance(element, Decision):
            pending += (*element.required_inputs, *element.required_decisions)


def _cycles(elements: Mapping[Reference, Element]) -> Iterator[tuple[Reference, ...]]:
    """Every cycle of requirements, found by a depth-first walk that keeps its own stack (graphs may be deep)."""
    done: set[Reference] = set()
    for root in elements:
        path: dict[Reference, None] = {}  # in order
        stack: list[tuple[Reference, bool]] = [(root, False)]
        while stack:
            reference, leaving = stack.pop()
            if leaving:
                del path[reference]
                done.add(reference)
            elif reference in path:
                way = tuple(path)
                yield way[way.index(reference) :]
            elif reference not in done and reference in elements:
                path[reference] = None
                stack.append((reference, True))
                stack.extend((target, False) for _, target, _ in required(elements[reference]))


def _cycle_fault(cycle: Sequence[Element]) -> Fault:
    way = " -> ".join(f"`{element.name}`" for element in (*cycle, cycle[0]))
    return Fault(
        "DMN-REQUIREMENT-03",
        path_of(cycle[0]),
        f"the requirements form a cycle: {way}",
        by="dmn",
        help="remove one of these requirements",
    )
