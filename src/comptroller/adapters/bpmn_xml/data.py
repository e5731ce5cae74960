"""Reads data: what data objects and properties are called, and which assignments the associations mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from comptroller.adapters.bpmn_xml.notes import Element, Notes, child, children, id_of, is_true, name_of, text
from comptroller.adapters.bpmn_xml.vocabulary import DESCRIPTIVE, DRAWN_INPUT, EXTENSION, MODEL
from comptroller.domain.workflow.model import Assignment

_ASSOCIATION_PARTS = DESCRIPTIVE | {"sourceRef", "targetRef", "transformation", "assignment"}


class DataReader:
    """Reads the data of one file. Each data object, property, input and output is a variable by its name."""

    def __init__(self, notes: Notes, root: Element) -> None:
        self._notes = notes
        self._names: dict[str, str] = {}
        self._references: dict[str, list[str]] = defaultdict(list)
        for kind in ("property", "dataObject", "dataInput", "dataOutput", "inputDataItem", "outputDataItem"):
            self._names |= {id_of(element): name_of(element) for element in root.iter(f"{MODEL}{kind}")}
        for reference in root.iter(f"{MODEL}dataObjectReference"):
            key = reference.get("dataObjectRef", "")
            named = self._names.get(key) or name_of(reference)
            self._names[id_of(reference)] = named
            self._references[key].append(named)
        self._inputs = {id_of(element) for element in root.iter(f"{MODEL}dataInput")}
        self._stores = {id_of(store) for store in root.iter(f"{MODEL}dataStoreReference")}

    def name(self, reference: str) -> str:
        """The variable that an id stands for; empty: none."""
        key = reference.strip().rpartition(":")[2]
        return self._names.get(key, "") if key else ""

    def collection(self, reference: str, inputs: Iterable[Assignment]) -> str:
        """What is gone through of data: of an input of the activity, what it is filled from."""
        name = self.name(reference)
        is_input = reference.rpartition(":")[2] in self._inputs
        return next((each.source for each in inputs if is_input and each.target == name), name)

    def variables(self, scope: Element) -> Iterator[str]:
        """The variables that a process or sub-process has for itself."""
        yield from (name_of(element) for element in children(scope, "property") if name_of(element) != DRAWN_INPUT)
        for element in children(scope, "dataObject"):
            yield from (name_of(element), *self._references[id_of(element)])
        specification = child(scope, "ioSpecification")
        if specification is not None:
            for kind in ("dataInput", "dataOutput"):
                yield from (name_of(element) for element in children(specification, kind))

    def correctable(self, scope: Element) -> Iterator[str]:
        """The variables of a process that an operator may correct."""
        for element in children(scope, "property"):
            if is_true(element, f"{EXTENSION}correctable"):
                yield name_of(element)

    def inputs(self, element: Element, owner: Element) -> tuple[Assignment, ...]:
        """What is handed to an activity, or carried by an event."""
        return tuple(self._assignments(element, owner, "dataInputAssociation"))

    def outputs(self, element: Element, owner: Element) -> tuple[Assignment, ...]:
        """What is kept of an activity's variables."""
        return tuple(self._assignments(element, owner, "dataOutputAssociation"))

    def _assignments(self, element: Element, owner: Element, kind: str) -> Iterator[Assignment]:
        for association in children(element, kind):
            self._notes.check_parts(association, _ASSOCIATION_PARTS, owner=owner)
            references = [text(part) for name in ("sourceRef", "targetRef") for part in children(association, name)]
            if any(reference in self._stores for reference in references):
                message = "a data store is not read or written by the process"
                self._notes.add("BPMN-DATA-01", owner, message, help="ask a service for it")
                continue
            yield from self._assignment(association, owner)

    def _assignment(self, association: Element, owner: Element) -> Iterator[Assignment]:
        target = self.name(text(child(association, "targetRef")))
        transformation, written = child(association, "transformation"), children(association, "assignment")
        sources = [self.name(text(part)) for part in children(association, "sourceRef")]
        says_what = transformation is not None or bool(written)
        if target == DRAWN_INPUT and not says_what:
            return  # an arrow that only shows what is read
        if not target:
            message = "the data association leads to nothing that has a name"
            self._notes.add("BPMN-DATA-02", owner, message)
            return
        if not sources and not says_what and association.tag == f"{MODEL}dataOutputAssociation":
            return  # an arrow that only shows what is written
        if transformation is not None:
            yield Assignment(target, self._notes.expression(owner, transformation))
        elif len(sources) == 1 and sources[0] and not written:
            yield Assignment(target, sources[0])
        for each in written:
            source, to = child(each, "from"), text(child(each, "to"))
            if source is None or to != target:
                message = f"the assignment to `{to}` is not executed: only the whole of `{target}` can be assigned"
                self._notes.add("BPMN-DATA-03", owner, message)
            else:
                yield Assignment(target, self._notes.expression(owner, source))
        if not says_what and not (len(sources) == 1 and sources[0]):
            message = f"the data association does not say what `{target}` becomes"
            self._notes.add("BPMN-DATA-04", owner, message, help="name one source, or write an expression")
