"""From definitions to a model: types, graph, logic and plans, with every fault of the file collected on the way.

Business knowledge models and decision services compile to makers: given a run, a maker binds the function that
expressions call, so that what happens inside it is part of that run's trace and pays from its budget.
"""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from hashlib import sha256

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    InputData,
    Reference,
    UnaryTests,
)
from comptroller.domain.decisions.entry_names import entry_names
from comptroller.domain.decisions.expressions import body_of, compile_expression, parameter_types
from comptroller.domain.decisions.invocables import Knowledge, Service
from comptroller.domain.decisions.item_types import TypeTable, result_type
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.plans import InputNode, Layout, MakeFunction, Node, Plan, Plans, Variable, bind
from comptroller.domain.decisions.requirements import Graph, path_of, requirement_graph, used_models
from comptroller.domain.decisions.run import Run, class_of, hold
from comptroller.domain.decisions.tables import Table
from comptroller.domain.decisions.vocabulary import Vocabulary
from comptroller.domain.feel import Function, Type, Value, compile_unary_tests
from comptroller.domain.feel import UnaryTests as CompiledTests
from comptroller.domain.kernel.fault import Fault, Severity


def compile_model(definitions: Definitions, imports: Sequence[Definitions] = ()) -> Model:
    """Compile a model together with the models it imports (directly or not); what is wrong is in the model's faults."""
    return _Compilation(definitions, imports).model()


class _Compilation:
    """One model being compiled."""

    def __init__(self, definitions: Definitions, imports: Sequence[Definitions]) -> None:
        self._definitions = definitions
        self._models = {model.namespace: model for model in used_models(definitions, imports)}
        self._faults: list[Fault] = []
        self._graph: Graph = requirement_graph(tuple(self._models.values()))
        self._faults += self._graph.faults
        self._members = entry_names(tuple(self._models.values()))
        self._names = {
            model.namespace: frozenset(
                {element.variable.name for element in model.elements} | {item.name for item in model.imports}
            )
            for model in self._models.values()
        }
        self._types = TypeTable(tuple(self._models.values()), self._constraint)
        self._makers: dict[Reference, MakeFunction] = {}
        self._nodes: dict[Reference, Node | InputNode] = {}
        self._service_plans: dict[Reference, Plan] = {}
        self._tables: dict[Reference, list[Table]] = {}

    def model(self) -> Model:
        """Compile everything and put it together."""
        elements = self._graph.elements
        self._faults += self._types.faults
        for reference, element in elements.items():
            if isinstance(element, InputData):
                self._nodes[reference] = self._input(reference, element)
        for reference, element in elements.items():
            if isinstance(element, BusinessKnowledgeModel):
                self._makers[reference] = self._knowledge(reference, element)
            elif isinstance(element, DecisionService):
                self._makers[reference] = self._service(reference, element)
        for reference, element in elements.items():
            if isinstance(element, Decision):
                self._nodes[reference] = self._decision(reference, element)
        layout = Layout(self._nodes)
        for reference, element in elements.items():
            if isinstance(element, DecisionService):
                self._service_plans[reference] = self._service_plan(layout, reference, element)
        own = self._own()
        decisions: dict[str, tuple[Reference, Decision]] = {}
        for reference, element in own.items():
            if isinstance(element, Decision):
                decisions.setdefault(element.name, (reference, element))
        return Model(
            name=self._definitions.name,
            namespace=self._definitions.namespace,
            hash=self._hash(),
            faults=tuple(self._faults),
            _plans=Plans(
                layout, {name: (reference, path_of(element)) for name, (reference, element) in decisions.items()}
            ),
            _invocables={
                element.name: found for reference, element in own.items() if (found := self._invocable(reference))
            },
            _policies={name: element.policy for name, (_, element) in decisions.items()},
            tables=tuple(table for reference in own for table in self._tables.get(reference, ())),
        )

    def _invocable(self, reference: Reference) -> Service | Knowledge | None:
        element = self._graph.elements[reference]
        if isinstance(element, DecisionService):
            return Service(self._service_plans[reference], tuple(self._graph.broken.get(reference, ())))
        if isinstance(element, BusinessKnowledgeModel):
            return Knowledge(element.name, path_of(element), self._makers[reference])
        return None

    def _own(self) -> dict[Reference, Element]:
        """The elements of the model itself, and those of imports without a name, which are as its own."""
        pending, namespaces = [self._definitions.namespace], set[str]()
        while pending:
            namespace = pending.pop()
            if namespace in self._models and namespace not in namespaces:
                namespaces.add(namespace)
                pending += [item.namespace for item in self._models[namespace].imports if not item.name]
        names = {element.name for element in self._definitions.elements}
        return {
            reference: element
            for reference, element in self._graph.elements.items()
            if reference.namespace == self._definitions.namespace
            or (reference.namespace in namespaces and element.name not in names)
        }

    def _hash(self) -> str:
        hashes = [model.source_hash for model in self._models.values()]
        return (
            hashes[0] if len(hashes) == 1 else sha256("\n".join([hashes[0], *sorted(hashes[1:])]).encode()).hexdigest()
        )

    def _constraint(self, tests: UnaryTests, path: str) -> CompiledTests:
        compiled = compile_unary_tests(tests.text, members=self._members)
        for fault in compiled.faults:
            self._faults.append(Fault(fault.code, f"{path}, {fault.path}", fault.message, by=fault.by, help=fault.help))
        unknown = frozenset[str]() if "[" in tests.text else compiled.looked_up  # in a filter: an entry of the item
        for name in sorted(unknown):
            message, remedy = f"nothing is named `{name}`; it is null", "write texts in quotes"
            self._faults.append(Fault("DMN-NAME-05", path, message, Severity.WARNING, by="dmn", help=remedy))
        return compiled

    def _input(self, reference: Reference, element: InputData) -> InputNode:
        path = path_of(element)
        wanted = self._types.resolve(reference.namespace, element.variable.type_ref, path, self._faults)
        return InputNode(key=element.name, path=path, wanted=wanted, expected=class_of(wanted))

    def _decision(self, reference: Reference, element: Decision) -> Node:
        path = path_of(element)
        variables = self._variables(reference.namespace, (*element.required_inputs, *element.required_decisions))
        words = self._vocabulary(reference, element, variables)
        logic = None if element.expression is None else compile_expression(element.expression, words, path)
        self._tables[reference] = words.tables
        wanted = words.type(element.variable.type_ref, path)
        if logic is not None and not words.errors:
            for name in sorted(set(words.names) - words.used):
                message = f"`{name}` is required and not used"
                words.fault(
                    "DMN-REQUIREMENT-05", path, message, severity=Severity.INFORMATION, help="remove the requirement"
                )
        self._faults += words.faults
        return Node(
            name=element.name,
            path=path,
            key=element.name,
            variables=variables,
            functions=tuple(self._functions(reference.namespace, element.required_knowledge)),
            logic=logic,
            wanted=wanted,
            expected=class_of(wanted),
            faults=(*self._graph.broken.get(reference, ()), *words.errors),
        )

    def _variables(self, namespace: str, sources: Iterable[Reference]) -> tuple[Variable, ...]:
        """What a model's logic sees of the elements it requires: each under every name of the import it comes from."""
        return tuple(
            Variable(self._graph.elements[source].variable.name, source, imported)
            for source in dict.fromkeys(sources)
            if source in self._graph.elements
            for imported in self._import_names(namespace, source.namespace)
        )

    def _import_names(self, namespace: str, other: str) -> tuple[str, ...]:
        """The names under which one model sees another; one empty name for itself, or where nothing is imported."""
        names = [item.name for item in self._models[namespace].imports if item.namespace == other]
        return ("",) if namespace == other else tuple(dict.fromkeys(names)) or ("",)

    def _vocabulary(
        self, reference: Reference, element: Decision | BusinessKnowledgeModel, variables: Sequence[Variable]
    ) -> Vocabulary:
        functions = self._variables(reference.namespace, element.required_knowledge)
        return Vocabulary(
            namespace=reference.namespace,
            types=self._types,
            members=self._members,
            names=tuple(dict.fromkeys(variable.imported or variable.name for variable in (*variables, *functions))),
            elsewhere=self._names[reference.namespace],
            expected=element.variable.type_ref,
            any_name=reference in self._graph.broken,  # what is missing has been told
        )

    def _functions(self, namespace: str, knowledge: Sequence[Reference]) -> list[tuple[str, str, MakeFunction]]:
        """The functions that an element's logic may call: names, imports, makers (which may be compiled only later)."""
        return [
            (variable.name, variable.imported, self._later(variable.source))
            for variable in self._variables(namespace, knowledge)
            # a requirement of something that is no function has been told; the element that has it is not evaluated
            if isinstance(self._graph.elements[variable.source], BusinessKnowledgeModel | DecisionService)
        ]

    def _later(self, source: Reference) -> MakeFunction:
        maker = cache(partial(self._makers.__getitem__, source))

        def make(run: Run) -> Function:
            return maker()(run)  # when the model is compiled, it may not be there yet

        return make

    def _knowledge(self, reference: Reference, element: BusinessKnowledgeModel) -> MakeFunction:
        path = path_of(element)
        words = self._vocabulary(reference, element, ())
        # a function may call itself: its own name is in its scope
        words = words.with_names((element.variable.name,))
        wanted = result_type(words.type(element.variable.type_ref, path))
        names: tuple[str, ...] = ()
        constraints: tuple[Type | None, ...] = ()
        body = None
        if element.logic is not None:
            names = tuple(parameter.name for parameter in element.logic.parameters)
            constraints = parameter_types(element.logic.parameters, words, path)
            body = body_of(element.logic, words, path)
        self._tables[reference] = words.tables
        self._faults += words.faults
        faults = (*self._graph.broken.get(reference, ()), *words.errors)
        functions = self._functions(reference.namespace, element.required_knowledge)
        own = element.variable.name if element.variable.name in words.used else ""

        def make(run: Run) -> Function:
            binding = run.binding

            def call(*arguments: Value) -> Value:
                run = binding()
                assert run is not None
                if faults or body is None:
                    run.evaluation.faults.extend(faults)
                    return None
                scope: dict[str, Value] = {own: make(run)} if own else {}
                if functions:
                    bind(functions, scope, run)
                scope.update(zip(names, arguments, strict=True))
                value = body(scope, run)
                return hold(wanted, value, run, path) if wanted is not None else value

            return Function(names, call, constraints)

        return make

    def _service_plan(self, layout: Layout, reference: Reference, element: DecisionService) -> Plan:
        path = path_of(element)
        return layout.plan(
            element.output_decisions,
            path,
            given=(*element.input_data, *element.input_decisions),
            answer_type=result_type(
                self._types.resolve(reference.namespace, element.variable.type_ref, path, self._faults)
            ),
        )

    def _service(self, reference: Reference, element: DecisionService) -> MakeFunction:
        path = path_of(element)
        given = tuple(
            source
            for source in dict.fromkeys((*element.input_data, *element.input_decisions))
            if source in self._graph.elements
        )
        parameters = [self._graph.elements[source] for source in given]
        names = tuple(parameter.name for parameter in parameters)
        constraints = tuple(
            self._types.resolve(source.namespace, parameter.variable.type_ref, path, [])
            for source, parameter in zip(given, parameters, strict=True)
        )
        faults = self._graph.broken.get(reference, ())

        def make(run: Run) -> Function:
            binding = run.binding

            def call(*arguments: Value) -> Value:
                run = binding()
                assert run is not None
                if faults:
                    run.evaluation.faults.extend(faults)
                    return None
                return self._service_plans[reference].answer(dict(zip(names, arguments, strict=True)), run)

            return Function(names, call, constraints)

        return make
