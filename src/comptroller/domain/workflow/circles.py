"""Circles that neither wait nor change a variable: what is once gone round is gone round for ever.

A token passes gateways, throwing events and send tasks at once, and a sub-process that it can pass from its start to an
end so. Besides flows, what is thrown can lead back: an event sub-process that throws what begins it.
"""

from collections.abc import Iterator

from comptroller.domain.kernel.fault import Fault
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.graph import Graph, reach
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    CatchEvent,
    CompensateDefinition,
    EndEvent,
    EscalationDefinition,
    EventDefinition,
    ExclusiveGateway,
    InclusiveGateway,
    LinkDefinition,
    Node,
    ParallelGateway,
    Scope,
    SendTask,
    SignalDefinition,
    StartEvent,
    SubProcess,
    ThrowEvent,
)


def check_circles(scope: Scope, graph: Graph) -> Iterator[Fault]:
    """The circles of a scope, without those within the scopes in it."""
    undoes = any(
        isinstance(node, BoundaryEvent) and isinstance(node.definition, CompensateDefinition) for node in scope.nodes
    )
    passing = {node.id for node in scope.nodes if _only_passes(node, undoes=undoes)}
    left = on_circles({node: {edge.target for edge in graph.edges_out[node]} for node in passing})
    if left:
        yield _endless(left, [node.id for node in scope.nodes if node.id in left])
    handlers = {node.id: node for node in scope.nodes if isinstance(node, SubProcess) and node.by_event}
    begins = {
        one: {other for other, each in handlers.items() if _begun_by(each) & _thrown_at_once(node)}
        for one, node in handlers.items()
    }
    again = on_circles(begins)
    if again:
        yield _endless(again, sorted(again))


def _endless(nodes: set[str], named: list[str]) -> Fault:
    names = ", ".join(f"`{node}`" for node in named)
    return fault(
        "WORKFLOW-LOOP-01",
        min(nodes),
        f"an endless loop without a wait: {names}",
        help="lead the loop through something that waits or decides: a user, service, script or business rule task",
    )


def on_circles(steps: dict[str, set[str]]) -> set[str]:
    """Those that lie on a circle, or on a way from one circle to another: peel off the others."""
    left = dict(steps)
    while True:
        targets = {target for node in left for target in left[node]}
        loose = {node for node, after in left.items() if node not in targets or not after & left.keys()}
        if not loose:
            return set(left)
        left = {node: after for node, after in left.items() if node not in loose}


def _only_passes(node: Node, *, undoes: bool) -> bool:
    """Whether a token passes the node at once and no variable changes by it; `undoes`: what is undone may take time."""
    match node:
        case CatchEvent():
            return isinstance(node.definition, LinkDefinition)
        case ThrowEvent():
            return not (undoes and isinstance(node.definition, CompensateDefinition))
        case ExclusiveGateway() | InclusiveGateway() | ParallelGateway():
            return True
        case SendTask():
            return not node.outputs
        case SubProcess():
            ends = {each.id for each in node.nodes if isinstance(each, EndEvent) and _lets_on(each)}
            return not node.by_event and not node.outputs and bool(ends & _passed(node))
        case _:
            return False


def _lets_on(end: EndEvent) -> bool:
    """Whether what is around goes on after it."""
    return end.definition is None or isinstance(end.definition, EscalationDefinition | SignalDefinition)


def _passed(scope: SubProcess) -> set[str]:
    """The nodes of a scope that a token comes to at once after it has begun."""
    graph = Graph(scope)
    steps = {
        node.id: [edge.target for edge in graph.edges_out[node.id]]
        for node in scope.nodes
        if isinstance(node, StartEvent) or _only_passes(node, undoes=True)
    }
    return reach(graph.starts, steps)


def _begun_by(handler: SubProcess) -> set[EventDefinition]:
    """What begins an event sub-process that leaves the others at work, as far as a process can throw it."""
    starts = (node for node in handler.nodes if isinstance(node, StartEvent) and not node.interrupting)
    return {
        start.definition for start in starts if isinstance(start.definition, EscalationDefinition | SignalDefinition)
    }


def _thrown_at_once(handler: SubProcess) -> set[EventDefinition]:
    passed = _passed(handler)
    return {
        node.definition
        for node in handler.nodes
        if node.id in passed and isinstance(node, ThrowEvent | EndEvent) and node.definition is not None
    }
