"""Plans: for each decision, what must be evaluated before it, in which order, and where its scope's values lie.

A plan is a straight line. The values of a run stand in one list: first the inputs, then the decisions in the order of
their requirements; a decision's scope is put together from their places. Nothing is looked up by name, and nothing is
evaluated that the wanted decision does not need.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from comptroller.domain.decisions.definitions import Reference
from comptroller.domain.decisions.run import Compiled, DecisionTrace, Run, hold
from comptroller.domain.feel import Function, Type, Value
from comptroller.domain.kernel.fault import Fault, Severity

MakeFunction: TypeAlias = Callable[[Run], Function]
"""Binds a business knowledge model or a decision service to a run."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name in a scope, and where its value comes from; `imported` is the name of the import it is seen through."""

    name: str
    source: Reference
    imported: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled decision: its variables, its logic (None: answered from outside), its type, what is wrong with it."""

    name: str
    path: str
    key: str
    variables: tuple[Variable, ...]
    functions: tuple[tuple[str, str, MakeFunction], ...]  # name, import, maker
    logic: Compiled | None
    wanted: Type | None
    expected: type | None  # the class that always conforms
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class InputNode:
    """An input, or an input decision of a service: the key it is given under, and its type."""

    key: str
    path: str
    wanted: Type | None
    expected: type | None  # the class that always conforms

    def take(self, inputs: Mapping[str, Value], run: Run) -> Value:
        """Take the input's value from those given; what is missing is null and told."""
        value = inputs.get(self.key)
        if value.__class__ is self.expected and value is not None:
            return value
        if value is None:
            if self.key not in inputs:
                message = f"the input `{self.key}` is missing"
                run.evaluation.faults.append(Fault("DMN-INPUT-01", self.path, message, Severity.WARNING, "dmn"))
            return None
        if value.__class__ is int:
            return hold(self.wanted, Decimal(value), run, self.path)
        return hold(self.wanted, value, run, self.path)


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of a plan, with the places of its variables' values."""

    node: Node
    places: tuple[tuple[str, int], ...]
    imported: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]

    def evaluate(self, values: Sequence[Value], inputs: Mapping[str, Value], run: Run) -> Value:
        """Evaluate the decision and note it in the run."""
        node = self.node
        scope: dict[str, Value] = {name: values[place] for name, place in self.places}
        for imported, places in self.imported:
            scope[imported] = {name: values[place] for name, place in places}
        if node.functions:
            bind(node.functions, scope, run)
        tables, faults = len(run.tables), len(run.evaluation.faults)
        value: Value = None
        if node.faults:
            run.evaluation.faults.extend(node.faults)
        elif node.logic is None:
            value = inputs.get(node.key)
        else:
            value = node.logic(scope, run)
        if node.wanted is not None and value is not None and value.__class__ is not node.expected:
            value = hold(node.wanted, value, run, node.path)
        run.decisions.append(
            DecisionTrace(node.name, scope, value, tables, len(run.tables), faults, len(run.evaluation.faults))
        )
        return value


def bind(functions: Iterable[tuple[str, str, MakeFunction]], scope: dict[str, Value], run: Run) -> None:
    """Enter functions, bound to the run, in a scope; those of an import in the context under its name."""
    for name, imported, make in functions:
        if not imported:
            scope[name] = make(run)
            continue
        context = scope.setdefault(imported, {})
        if isinstance(context, dict):
            context[name] = make(run)


@dataclass(frozen=True, slots=True)
class Plan:
    """The inputs, the steps in order, and the places of the wanted decisions' values."""

    inputs: tuple[InputNode, ...]
    steps: tuple[Step, ...]
    outputs: tuple[tuple[str, int], ...]
    path: str
    wanted: Type | None = None  # the type of the answer; a decision's own value has been held to its type already

    def _evaluate(self, inputs: Mapping[str, Value], run: Run) -> list[Value]:
        """Evaluate everything; the values stand at their places."""
        values = [node.take(inputs, run) for node in self.inputs]
        for step in self.steps:
            values.append(step.evaluate(values, inputs, run))
        return values

    def answer(self, inputs: Mapping[str, Value], run: Run) -> Value:
        """Evaluate what was wanted: the one decision's value, or a context of several."""
        values = self._evaluate(inputs, run)
        if len(self.outputs) == 1:
            value = values[self.outputs[0][1]]
        else:
            value = {name: values[place] for name, place in self.outputs}
        return value if self.wanted is None else hold(self.wanted, value, run, self.path)


def plan(
    targets: Sequence[Reference],
    nodes: Mapping[Reference, Node | InputNode],
    path: str,
    *,
    given: Sequence[Reference] = (),
    answer_type: Type | None = None,
) -> Plan:
    """Order what some decisions need; `given` are the decisions and inputs that come from outside, in their order.

    Requirements that do not exist have been told as faults of the decisions that have them, which are not evaluated.
    """
    places: dict[Reference, int] = {}
    inputs: list[InputNode] = []
    ordered: list[tuple[Reference, Node]] = []
    for reference in dict.fromkeys(reference for reference in given if reference in nodes):
        node = nodes[reference]
        places[reference] = len(inputs)
        inputs.append(
            node if isinstance(node, InputNode) else InputNode(node.key, node.path, node.wanted, node.expected)
        )
    for reference in _in_order(targets, nodes, frozenset(given)):
        node = nodes[reference]
        if isinstance(node, InputNode):
            places[reference] = len(inputs)
            inputs.append(node)
        else:
            ordered.append((reference, node))
    for reference, _ in ordered:
        places[reference] = len(places)
    steps = tuple(_step(node, places) for _, node in ordered)
    return Plan(
        inputs=tuple(inputs),
        steps=steps,
        outputs=tuple((_name(nodes[reference]), places[reference]) for reference in targets if reference in places),
        path=path,
        wanted=answer_type,
    )


def _name(node: Node | InputNode) -> str:
    return node.name if isinstance(node, Node) else node.key


def _step(node: Node, places: Mapping[Reference, int]) -> Step:
    direct: list[tuple[str, int]] = []
    imported: dict[str, list[tuple[str, int]]] = {}
    for variable in node.variables:
        place = places.get(variable.source)
        if place is None:
            continue
        (imported.setdefault(variable.imported, []) if variable.imported else direct).append((variable.name, place))
    return Step(node, tuple(direct), tuple((name, tuple(entries)) for name, entries in imported.items()))


def _in_order(
    wanted: Iterable[Reference], nodes: Mapping[Reference, Node | InputNode], given: frozenset[Reference]
) -> list[Reference]:
    """Everything needed, requirements first; a walk with its own stack, since chains may be long."""
    ordered: dict[Reference, None] = {}
    entered: set[Reference] = set(given)
    stack: list[tuple[Reference, bool]] = [(reference, False) for reference in reversed(tuple(wanted))]
    while stack:
        reference, leaving = stack.pop()
        if leaving:
            ordered[reference] = None
            continue
        if reference in entered or reference not in nodes:
            continue
        entered.add(reference)
        stack.append((reference, True))
        node = nodes[reference]
        if isinstance(node, Node) and not node.faults:
            stack.extend((variable.source, False) for variable in reversed(node.variables))
    return list(ordered)
