"""Plans: for each decision, what must be evaluated before it, in which order, and where its scope's values lie.

A plan is a straight line. The values of a run stand in one list, in which every input and decision of the model has its
place, requirements before what requires them; a decision's scope is put together from these places. Nothing is looked
up by name, and nothing is evaluated that the wanted decision does not need.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from comptroller.domain.decisions.admission import admitted
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

    def as_input(self) -> "InputNode":
        """The decision as something that comes from outside."""
        return InputNode(self.key, self.path, self.wanted, self.expected)


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
        return hold(self.wanted, admitted(value, self.key), run, self.path)


@dataclass(frozen=True, slots=True)
class Step:
    """One decision in the order of the model: its place, and the places of its variables' values."""

    node: Node
    place: int
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
            value = admitted(inputs.get(node.key), node.key)
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
    """The inputs with their places, the steps in order, and the places of the wanted decisions' values."""

    size: int
    inputs: tuple[tuple[int, InputNode], ...]
    steps: tuple[Step, ...]
    outputs: tuple[tuple[str, int], ...]
    path: str
    wanted: Type | None  # the type of the answer; a decision's own value has been held to its type already
    input_names: tuple[str, ...]

    def answer(self, inputs: Mapping[str, Value], run: Run) -> Value:
        """Evaluate what was wanted: the one decision's value, or a context of several."""
        values: list[Value] = [None] * self.size
        for place, node in self.inputs:
            values[place] = node.take(inputs, run)
        for step in self.steps:
            values[step.place] = step.evaluate(values, inputs, run)
        value: Value
        if len(self.outputs) == 1:
            value = values[self.outputs[0][1]]
        else:
            value = {name: values[place] for name, place in self.outputs}
        return value if self.wanted is None else hold(self.wanted, value, run, self.path)


class Layout:
    """All nodes of a model in an order in which requirements come first, each with its place.

    Requirements that do not exist have been told as faults of the decisions that have them, which are not evaluated.
    """

    def __init__(self, nodes: Mapping[Reference, Node | InputNode]) -> None:
        self._nodes = nodes
        order = _in_order(nodes)
        self._places = {reference: place for place, reference in enumerate(order)}
        self._items = [self._item(nodes[reference], place) for place, reference in enumerate(order)]
        self._needs = [
            [self._places[needed] for needed in _needed(nodes[reference]) if needed in self._places]
            for reference in order
        ]

    def plan(
        self,
        targets: Sequence[Reference],
        path: str,
        *,
        given: Sequence[Reference] = (),
        answer_type: Type | None = None,
    ) -> Plan:
        """Plan what some decisions need; `given` are the decisions and inputs that come from outside."""
        inputs: dict[int, InputNode] = {}
        for reference in given:
            if reference in self._places:
                node = self._nodes[reference]
                inputs[self._places[reference]] = node if isinstance(node, InputNode) else node.as_input()
        steps: dict[int, Step] = {}
        pending = [self._places[reference] for reference in targets if reference in self._places]
        while pending:
            place = pending.pop()
            if place in steps or place in inputs:
                continue
            item = self._items[place]
            if isinstance(item, InputNode):
                inputs[place] = item
            else:
                steps[place] = item
                pending += self._needs[place]
        return Plan(
            size=len(self._places),
            inputs=tuple(inputs.items()),
            steps=tuple(steps[place] for place in sorted(steps)),
            outputs=tuple(
                (self._nodes[reference].key, self._places[reference])
                for reference in targets
                if reference in self._nodes
            ),
            path=path,
            wanted=answer_type,
            input_names=tuple(node.key for node in inputs.values()),
        )

    def _item(self, node: Node | InputNode, own: int) -> Step | InputNode:
        if isinstance(node, InputNode):
            return node
        direct: list[tuple[str, int]] = []
        imported: dict[str, list[tuple[str, int]]] = {}
        for variable in node.variables:
            place = self._places.get(variable.source)
            if place is None:
                continue
            (imported.setdefault(variable.imported, []) if variable.imported else direct).append((variable.name, place))
        contexts = tuple((name, tuple(entries)) for name, entries in imported.items())
        return Step(node, own, tuple(direct), contexts)


class Plans(Mapping[str, Plan]):
    """The plans of a model's decisions by name, each made when it is first asked for.

    A plan is as long as the way to its decision, so those of a long chain would together be its square.
    """

    __slots__ = ("_layout", "_made", "_targets")

    def __init__(self, layout: Layout, targets: Mapping[str, tuple[Reference, str]]) -> None:
        self._layout = layout
        self._targets = targets
        self._made: dict[str, Plan] = {}

    def __getitem__(self, name: str) -> Plan:
        """Plan a decision; threads that do it twice make the same."""
        if name not in self._made:
            reference, path = self._targets[name]
            self._made.setdefault(name, self._layout.plan((reference,), path))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names, in the order of the file."""
        return iter(self._targets)

    def __len__(self) -> int:
        """Count the decisions."""
        return len(self._targets)


def _needed(node: Node | InputNode) -> list[Reference]:
    """What is evaluated before a node; for one with faults nothing, since it will not be evaluated itself."""
    return [variable.source for variable in node.variables] if isinstance(node, Node) and not node.faults else []


def _in_order(nodes: Mapping[Reference, Node | InputNode]) -> list[Reference]:
    """Every node after those it needs; a walk with its own stack, since chains may be long."""
    ordered: list[Reference] = []
    entered: set[Reference] = set()
    stack: list[tuple[Reference, bool]] = [(reference, False) for reference in reversed(tuple(nodes))]
    while stack:
        reference, leaving = stack.pop()
        if leaving:
            ordered.append(reference)
        elif reference not in entered and reference in nodes:
            entered.add(reference)
            stack.append((reference, True))
            stack.extend((needed, False) for needed in reversed(_needed(nodes[reference])))
    return ordered
