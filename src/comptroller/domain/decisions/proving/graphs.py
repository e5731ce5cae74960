"""A version of a policy as a graph of decisions that can be made of unknown inputs.

Every decision is put off until another one looks at it. Boxed expressions are gone through here, expressions by the
`Reader`, tables by `proving.tables`; what a function of the model does is gone through at its call.
"""

import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Final, assert_never

from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BoxedList,
    BusinessKnowledgeModel,
    Conditional,
    Context,
    Decision,
    DecisionTable,
    Definitions,
    Element,
    Filter,
    FunctionDefinition,
    InputData,
    Invocation,
    Iterator,
    LiteralExpression,
    Reference,
    Relation,
)
from comptroller.domain.decisions.entry_names import all_names, entry_names
from comptroller.domain.decisions.handing import UNDECIDED, Handed, Handing, Named
from comptroller.domain.decisions.item_types import TypeTable, result_type
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.proving.programs import Programs
from comptroller.domain.decisions.proving.reading import Reader, Scope
from comptroller.domain.decisions.proving.tables import MISFIT, ask_table, can_be_guessed, guess_table
from comptroller.domain.decisions.proving.unknowns import Unknown, Way
from comptroller.domain.decisions.proving.values import Later, Part, Routine, is_known, key_of, plain, settled
from comptroller.domain.decisions.requirements import path_of
from comptroller.domain.decisions.tables import Limits
from comptroller.domain.feel import Type, coerce, compile_unary_tests, tree
from comptroller.domain.kernel.fault import Fault

Place = tuple[str, str]
"""A table by its model's namespace and its path."""


_KEY: Final = re.compile(r'[{,]\s*\\?"?([^\W\d][^:{}\[\]",\\]*?)\\?"?\s*:')
"""What looks like the key of a context that an expression makes; more than are keys, and each that is."""


class Graph:
    """The decisions of a version, found by name; imports are found among the version's own models.

    `handing` says which inputs are outcomes of other models' decisions.
    """

    def __init__(self, version: Iterable[tuple[Definitions, Model]], handing: Handing | None = None) -> None:
        version = list(version)
        self.handing = handing or {}
        self.models = {definitions.namespace: model for definitions, model in version}
        self.definitions = {definitions.namespace: definitions for definitions, _ in version}
        self.programs = Programs()
        self.members = entry_names(tuple(self.definitions.values()))
        self.elements: dict[Reference, Element] = {
            Reference(namespace, element.id): element
            for namespace, definitions in self.definitions.items()
            for element in definitions.elements
        }
        written = {key for element in self.elements.values() for key in _KEY.findall(self.programs.written(element))}
        self.entries = all_names(tuple(self.definitions.values())) | written
        self.decisions = {
            Named(reference.namespace, element.name): reference
            for reference, element in self.elements.items()
            if isinstance(element, Decision)
        }
        self.functions = {
            Named(reference.namespace, element.name): reference
            for reference, element in self.elements.items()
            if isinstance(element, BusinessKnowledgeModel)
        }
        self.tables = {
            (namespace, table.path): table for namespace, model in self.models.items() for table in model.tables
        }
        self._types = TypeTable(tuple(self.definitions.values()), lambda tests, _: compile_unary_tests(tests.text))
        self._broken = {(namespace, fault.path) for namespace, model in self.models.items() for fault in model.faults}

    def type(self, namespace: str, type_ref: str) -> Type | None:
        """The type that a reference names."""
        return self._types.resolve(namespace, type_ref, "", list[Fault]())

    def handed_to(self, decision: Named) -> Iterable[tuple[Named, Handed]]:
        """The inputs that a decision looks at and that are outcomes, with what fills them."""
        plan = self.models[decision.namespace].plan(decision.name)
        given = [Named(decision.namespace, name) for name in (() if plan is None else plan.input_names)]
        return [(each, self.handing[each]) for each in given if each in self.handing]

    def is_faulty(self, namespace: str, element: Decision) -> bool:
        """Whether a decision is null for what is wrong with the model."""
        plan = self.models[namespace].plan(element.name)
        path = path_of(element)
        return plan is None or any(step.node.path == path and step.node.faults for step in plan.steps)


class Making:
    """The making of decisions on one way: each once.

    `inputs` may stand in for inputs and decisions, by their names. Tables whose place is not in `exact` (where that is
    given) may be guessed: what is proved then holds all the more. Outcomes of decisions that are `followed` are made
    where they are handed on; those of others are inputs like any other. Decisions that are `standing` are not made:
    what they say is unknown (`standing.py`).
    """

    def __init__(
        self,
        graph: Graph,
        way: Way,
        *,
        inputs: Mapping[str, Part] | None = None,
        exact: Collection[Place] | None = None,
        followed: Collection[Named] = (),
        standing: Mapping[Reference, Named] | None = None,
    ) -> None:
        self.graph = graph
        self._followed = followed
        self._standing = standing or {}
        self.reader = Reader(way, graph.programs)
        self._inputs = inputs or {}
        self.exact = exact
        self._made: dict[Reference, Part] = {}

    def decision(self, name: Named) -> Part:
        """A decision's value, put off."""
        return self._element(self.graph.decisions[name])

    def function(self, name: Named) -> Routine:
        """A function of the model."""
        made = self._element(self.graph.functions[name])
        assert isinstance(made, Routine)
        return made

    def input(self, name: str, wanted: Type | None) -> Part:
        """The value of an input, held to its type where versions have it of different ones."""
        value = self._inputs.get(name, Unknown((name,), wanted))
        if isinstance(value, Unknown) and value.wanted is None and wanted is not None:
            return self.reader.held(value, wanted)
        return value

    def _element(self, reference: Reference) -> Part:
        if reference not in self._made:
            element = self.graph.elements.get(reference)
            match element:
                case InputData():
                    wanted = self.graph.type(reference.namespace, element.variable.type_ref)
                    handed = self.graph.handing.get(Named(reference.namespace, element.name))
                    is_followed = handed is not None and handed.decision in self._followed
                    self._made[reference] = (
                        self._handed(handed, wanted)
                        if handed is not None and is_followed
                        else self.input(element.name, wanted)
                    )
                case Decision():
                    self._made[reference] = self._put_off(reference, element)
                case BusinessKnowledgeModel():
                    self._made[reference] = self._routine(reference, element)
                case _:
                    self._made[reference] = Unknown(("made", str(reference)), None, f"service {reference.id}")
        return self._made[reference]

    def _handed(self, handed: Handed, wanted: Type | None) -> Part:
        """An outcome as later decisions see it: null counts as `review`."""
        made = self.decision(handed.decision)
        site = _Site(self, handed.decision.namespace, "")

        def compute() -> Part:
            value = settled(made)
            if value is None or (isinstance(value, Unknown) and self.reader.compare("=", value, None)):
                text = Unknown(("made", "why not", handed.decision), None, f"why `{handed.decision.name}` failed")
                value = {"outcome": "review", "reason": UNDECIDED, "text": text}
            return site.typed(self._entry(value, handed) if handed.entries else value, wanted)

        return Later(compute, lambda: ("handed", handed, key_of(made), repr(wanted)))

    def _entry(self, outcome: Part, handed: Handed) -> Part:
        if isinstance(outcome, dict):
            return handed.of(outcome)
        return self.reader.entry(outcome, handed.entries[0]) if isinstance(outcome, Unknown) else None

    def _put_off(self, reference: Reference, element: Decision) -> Part:
        if reference in self._standing:
            return Unknown(
                (self._standing[reference],), self.graph.type(reference.namespace, element.variable.type_ref)
            )
        site = _Site(self, reference.namespace, path_of(element))
        required = (*element.required_inputs, *element.required_decisions, *element.required_knowledge)
        scope = self._scope(reference.namespace, required)
        wanted = self.graph.type(reference.namespace, element.variable.type_ref)

        if element.name in self._inputs:
            return self._inputs[element.name]

        def compute() -> Part:
            if element.expression is None:
                return Unknown((element.name,), wanted)
            if self.graph.is_faulty(reference.namespace, element):
                return None
            return site.typed(site.boxed(element.expression, scope, site.path), wanted)

        def key() -> Hashable:
            return (
                self.graph.programs.written(element.expression),
                element.variable.type_ref,
                tuple((name, key_of(value)) for name, value in sorted(scope.items())),
            )

        return Later(compute, key)

    def _scope(self, namespace: str, required: Iterable[Reference]) -> dict[str, Part]:
        """The variables of what an element requires; those of an import in a context under its name."""
        imports = {item.namespace: item.name for item in self.graph.definitions[namespace].imports}
        scope: dict[str, Part] = {}
        for reference in required:
            element = self.graph.elements.get(reference)
            if element is None:
                continue
            seen_through = "" if reference.namespace == namespace else imports.get(reference.namespace, "")
            into = scope.setdefault(seen_through, {}) if seen_through else scope
            into[element.variable.name] = self._element(reference)
        return scope

    def _routine(self, reference: Reference, element: BusinessKnowledgeModel) -> Routine:
        logic = element.logic
        site = _Site(self, reference.namespace, path_of(element))
        scope = self._scope(reference.namespace, element.required_knowledge)
        parameters = () if logic is None else logic.parameters
        types = [self.graph.type(reference.namespace, each.type_ref) for each in parameters]
        wanted = result_type(self.graph.type(reference.namespace, element.variable.type_ref))

        def call(arguments: Mapping[str, Part]) -> Part:
            if logic is None or logic.body is None:
                return None
            held: dict[str, Part] = {}
            for parameter, own in zip(parameters, types, strict=True):
                value = held[parameter.name] = site.argument(arguments[parameter.name], own)
                if value is MISFIT:
                    return None
            return site.typed(site.boxed(logic.body, {**scope, **held}, site.path), wanted)

        return Routine(
            element.name,
            tuple((each.name, own) for each, own in zip(parameters, types, strict=True)),
            call,
            (self.graph.programs.written(logic), tuple((name, key_of(value)) for name, value in sorted(scope.items()))),
        )


class _Site:
    """Where boxed expressions stand: their model and the path of their element."""

    def __init__(self, making: Making, namespace: str, path: str) -> None:
        self._graph = making.graph
        self._exact = making.exact
        self._reader = making.reader
        self._namespace = namespace
        self.path = path

    def boxed(self, source: BoxedExpression, scope: Scope, path: str) -> Part:
        """The value of a boxed expression, held to its type."""
        wanted = None if isinstance(source, FunctionDefinition) else self._graph.type(self._namespace, source.type_ref)
        return self.typed(self._boxed(source, scope, path), wanted) if wanted else self._boxed(source, scope, path)

    def _boxed(self, source: BoxedExpression, scope: Scope, path: str) -> Part:
        match source:
            case LiteralExpression():
                node = self._graph.programs.read(source.text, tuple(scope), self._graph.members)
                return None if node is None else self._reader.value(node, scope)
            case DecisionTable():
                return self._table((self._namespace, f"{path}/decisionTable"), source, scope)
            case Context():
                return self._context(source, scope, f"{path}/context")
            case BoxedList():
                at = f"{path}/list"
                return [self.later(each, scope, f"{at}[{place}]") for place, each in enumerate(source.items, 1)]
            case Conditional():
                at = f"{path}/conditional"
                holds = self._reader.truth(self.boxed(source.condition, scope, f"{at}/if")) is True
                chosen, name = (source.then, "then") if holds else (source.otherwise, "else")
                return self.boxed(chosen, scope, f"{at}/{name}")
            case Invocation():
                return self._invocation(source, scope, f"{path}/invocation")
            case Relation() | FunctionDefinition() | Filter() | Iterator():
                return self._not_looked_into(source, scope)
        assert_never(source)

    def later(self, source: BoxedExpression, scope: Scope, path: str, wanted: Type | None = None) -> Later:
        """A boxed expression that is put off."""

        def key() -> Hashable:
            written = self._graph.programs.written(source)
            names = [(name, value) for name, value in sorted(scope.items()) if name in written]
            return written, repr(wanted), tuple((name, key_of(value)) for name, value in names)

        return Later(lambda: self.typed(self.boxed(source, scope, path), wanted), key)

    def typed(self, value: Part, wanted: Type | None) -> Part:
        """A value held to a type: what does not conform is null."""
        value = settled(value)
        if wanted is None or value is None:
            return value
        if is_known(value):
            fits, taken = coerce(wanted, plain(value))
            return taken if fits else None
        if isinstance(value, Unknown):
            return self._reader.held(value, wanted)
        return value

    def argument(self, value: Part, wanted: Type | None) -> Part:
        """An argument held to its parameter's type; `MISFIT` where it does not conform."""
        if wanted is None:
            return value
        value = settled(value)
        if is_known(value):
            fits, taken = coerce(wanted, plain(value))
            return taken if fits else MISFIT
        return self._reader.fitting(value, Limits(wanted, None), MISFIT)

    def _context(self, source: Context, scope: Scope, path: str) -> Part:
        found: dict[str, Part] = {}
        for position, entry in enumerate(source.entries, 1):
            seen = {**scope, **found}
            if entry.variable is None:
                return self.boxed(entry.value, seen, f"{path}/contextEntry[{position}]")
            wanted = self._graph.type(self._namespace, entry.variable.type_ref)
            at = f"{path}/contextEntry[{entry.variable.name}]"
            found[entry.variable.name] = self.later(entry.value, seen, at, wanted)
        return found

    def _invocation(self, source: Invocation, scope: Scope, path: str) -> Part:
        called = settled(self.boxed(source.called, scope, path))
        if not isinstance(called, Routine):
            return self._not_looked_into(source, scope)
        given = {
            each.parameter.name: None
            if each.value is None
            else self.later(each.value, scope, f"{path}/binding[{each.parameter.name}]")
            for each in source.bindings
        }
        return called.call(given) if given.keys() == dict(called.parameters).keys() else None

    def _table(self, place: Place, source: DecisionTable, scope: Scope) -> Part:
        table = self._graph.tables.get(place)
        if table is None:
            return self._not_looked_into(source, scope)
        names, programs, members = tuple(scope), self._graph.programs, self._graph.members

        def read(text: str, *, unary: bool = False) -> tree.Node | None:
            return programs.read(text, names, members, unary=unary)

        if self._exact is not None and place not in self._exact and can_be_guessed(table):
            return guess_table(table, place, self._reader, scope, read)
        return ask_table(table, self._reader, scope, read)

    def _not_looked_into(self, source: BoxedExpression, scope: Scope) -> Unknown:
        written = self._graph.programs.written(source)
        used = tuple((name, key_of(value)) for name, value in sorted(scope.items()) if name in written)
        return Unknown(("made", written, used), None, f"a {type(source).__name__.lower()}")
