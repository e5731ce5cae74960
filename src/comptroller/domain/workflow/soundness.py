"""What is wrong with a process as a graph, found before it runs.

What is told here holds whatever the data: a node that no token can reach, a way that leads to no end, a circle without
a wait, a join two of whose incoming flows can never carry tokens at the same time. Where nothing of that kind is wrong,
all that tokens can do is gone through (`exploring`): choices are free then. Each scope is a graph of its own; to the
graph around it a sub-process is an activity.
"""

from collections.abc import Collection, Iterator
from itertools import combinations

from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.circles import check_circles
from comptroller.domain.workflow.exploring import check_behaviour
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.graph import EdgeKind, Graph, boundaries, reach
from comptroller.domain.workflow.model import (
    Activity,
    BoundaryEvent,
    CatchEvent,
    CompensateDefinition,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    LinkDefinition,
    Node,
    ParallelGateway,
    ProcessModel,
    Scope,
    SequenceFlow,
    StartEvent,
    SubProcess,
    ThrowEvent,
)
from comptroller.domain.workflow.placement import check_placement, may_repeat
from comptroller.domain.workflow.takers import check_takers, never_completes


def check_graph(model: ProcessModel) -> tuple[Fault, ...]:
    """Everything that is wrong with the shape of a process and of every scope in it."""
    return (*_check_ids(model, set()), *_check_scope(model, None))


def _check_scope(scope: Scope, around: Scope | None) -> Iterator[Fault]:
    graph = Graph(scope)
    loose = list(_check_flows(scope, graph))
    found = [
        *loose,
        *check_placement(scope, around, graph),
        *_check_ends(graph),
        *_check_gateways(scope, graph),
    ]
    if not loose:  # the ways through a torn graph say nothing
        found += [*_check_ways(graph), *check_circles(scope, graph), *_check_joins(graph), *check_takers(scope)]
    if all(each.severity is not Severity.ERROR for each in found):
        found += check_behaviour(graph)
    yield from found
    for node in scope.nodes:
        if isinstance(node, SubProcess):
            yield from _check_scope(node, scope)


def _check_ids(scope: Scope, seen: set[str]) -> Iterator[Fault]:
    for item in (*scope.nodes, *scope.flows):
        if item.id in seen or not item.id:
            message = f"the id `{item.id}` is not one element's own" if item.id else "an element of the scope has no id"
            yield fault("WORKFLOW-ID-01", item.id or scope.id, message)
        seen.add(item.id)
        if isinstance(item, SubProcess):
            yield from _check_ids(item, seen)


def _check_flows(scope: Scope, graph: Graph) -> Iterator[Fault]:
    for flow in scope.flows:
        for end, node in (("source", flow.source), ("target", flow.target)):
            if node not in graph.nodes:
                message = (
                    f"the {end} `{node}` of the flow is no node of the process" if node else f"the flow has no {end}"
                )
                yield fault("WORKFLOW-FLOW-01", flow.id, message)
    for boundary in boundaries(scope):
        if not isinstance(graph.nodes.get(boundary.attached_to), Activity):
            host = boundary.attached_to
            is_loose = f"the boundary event is attached to `{host}`, which is no task of the process"
            message = is_loose if host else "the boundary event is attached to nothing"
            yield fault("WORKFLOW-BOUNDARY-01", boundary.id, message)


def _check_ends(graph: Graph) -> Iterator[Fault]:
    """Where ways begin and stop: events have flows on one side only, everything else goes on."""
    for node in graph.nodes.values():
        if graph.is_apart(node):
            if graph.flows_in[node.id] or graph.flows_out[node.id]:
                yield fault("WORKFLOW-NODE-06", node.id, "a flow leads to or from what no flow begins")
            continue
        is_landing = isinstance(node, CatchEvent) and isinstance(node.definition, LinkDefinition)
        if (isinstance(node, StartEvent | BoundaryEvent) or is_landing) and graph.flows_in[node.id]:
            yield fault("WORKFLOW-NODE-01", node.id, "a flow leads into a start or boundary event, or into a landing")
        if isinstance(node, EndEvent) or _jumps(node):
            if graph.flows_out[node.id]:
                yield fault("WORKFLOW-NODE-02", node.id, "a flow leads out of an end event or a jump")
        elif not graph.flows_out[node.id] and not _compensates(node):
            yield fault("WORKFLOW-NODE-03", node.id, "nothing follows the node", help="draw a flow to an end event")


def _jumps(node: Node) -> bool:
    return isinstance(node, ThrowEvent) and isinstance(node.definition, LinkDefinition)


def _compensates(node: Node) -> bool:
    """Whether the node is an event that leads by no flow: its activity undoes."""
    return isinstance(node, BoundaryEvent) and isinstance(node.definition, CompensateDefinition)


def _check_gateways(scope: Scope, graph: Graph) -> Iterator[Fault]:
    for flow in scope.flows:
        if flow.condition and not isinstance(graph.nodes.get(flow.source), ExclusiveGateway | InclusiveGateway):
            yield fault(
                "WORKFLOW-FLOW-02",
                flow.id,
                "a condition stands on a flow that does not leave an exclusive gateway",
                help="put an exclusive gateway in front",
            )
    for gateway in graph.nodes.values():
        if isinstance(gateway, ExclusiveGateway | InclusiveGateway):
            yield from _check_choice(gateway, graph.flows_out[gateway.id])


def _check_choice(gateway: ExclusiveGateway | InclusiveGateway, flows: Collection[SequenceFlow]) -> Iterator[Fault]:
    if gateway.default and gateway.default not in {flow.id for flow in flows}:
        message = f"the default flow `{gateway.default}` does not leave the gateway"
        yield fault("WORKFLOW-FLOW-03", gateway.id, message)
    chooses = len(flows) > 1 or any(flow.condition for flow in flows)
    if chooses and not gateway.default:
        yield fault(
            "WORKFLOW-FLOW-04",
            gateway.id,
            "the gateway has no default flow: where no condition is true the case stops",
            help="mark the flow that is safe to take as the default",
            severity=Severity.WARNING,
        )
    for flow in flows:
        if flow.id == gateway.default and flow.condition:
            yield fault("WORKFLOW-FLOW-05", flow.id, "the default flow has a condition, which is never asked")
        elif flow.id != gateway.default and len(flows) > 1 and not flow.condition:
            yield fault("WORKFLOW-FLOW-06", flow.id, "the flow has no condition and is not the default flow")


def _check_ways(graph: Graph) -> Iterator[Fault]:
    """Every node lies on a way from the start to an end, but those that no flow begins."""
    ends = [node.id for node in graph.nodes.values() if isinstance(node, EndEvent)]
    reached = reach(graph.starts, {node: _next(graph, node) for node in graph.nodes})
    ending = reach(ends, {node: [edge.source for edge in edges] for node, edges in graph.edges_in.items()})
    for key, node in graph.nodes.items():
        if graph.is_apart(node) or _compensates(node):
            continue
        if key not in reached:
            yield fault("WORKFLOW-NODE-04", key, "no way leads from the start to the node")
        elif key not in ending:
            yield fault("WORKFLOW-NODE-05", key, "no way leads from the node to an end")


def _next(graph: Graph, node: str) -> list[str]:
    """Where a token can go from a node; past what only an error leaves, by the events on its boundary alone."""
    plainly = not never_completes(graph.nodes[node])
    return [edge.target for edge in graph.edges_out[node] if plainly or edge.kind is EdgeKind.BOUNDARY]


def _check_joins(graph: Graph) -> Iterator[Fault]:
    """Two tokens are there at once only if they parted somewhere: look for such a place for every two incoming flows.

    Before the join first fires, no way passes through it. So if no split that is reached without it sends one branch to
    the one flow and another branch to the other, again without passing it, the join can never fire.
    """
    parting = {node.id: found for node in graph.nodes.values() if (found := list(_splits(node, graph)))}
    steps = {node: [edge.target for edge in edges] for node, edges in graph.edges_out.items()}
    for join in graph.nodes.values():
        if not isinstance(join, ParallelGateway) or len(graph.flows_in[join.id]) < 2:
            continue
        reached = reach(graph.starts, steps | {join.id: []})  # without passing the join
        splits = [split for node, found in parting.items() if node in reached for split in found]
        behind = {flow.id: _edges_behind(flow, join.id, graph) for flow in graph.flows_in[join.id]}
        for one, other in combinations(behind, 2):
            if not any(_parts(split, behind[one], behind[other]) for split in splits):
                yield fault(
                    "WORKFLOW-JOIN-01",
                    join.id,
                    f"the join never completes: `{one}` and `{other}` never carry a token at the same time",
                    help="merge alternatives with an exclusive gateway",
                )
                break


def _splits(node: Node, graph: Graph) -> Iterator[tuple[str, ...]]:
    """The sets of edges on which the node can put tokens at the same time."""
    flows = tuple(f"flow {flow.id}" for flow in graph.flows_out[node.id])
    if len(flows) > 1 and not isinstance(node, ExclusiveGateway | EventBasedGateway):
        yield flows
    if not isinstance(node, Activity):
        return
    edges = graph.edges_out[node.id]
    for extra in edges:
        boundary = graph.nodes[extra.target]
        if extra.kind is not EdgeKind.BOUNDARY or not isinstance(boundary, BoundaryEvent) or boundary.interrupting:
            continue
        for edge in edges:
            if edge is not extra or may_repeat(boundary.definition):
                yield _name(edge.kind, edge.id), _name(extra.kind, extra.id)


def _name(kind: EdgeKind, key: str) -> str:
    return f"{kind.value} {key}"


def _edges_behind(flow: SequenceFlow, join: str, graph: Graph) -> set[str]:
    """The edges from which a token can come to the flow without passing the join."""
    behind = {f"flow {flow.id}"}
    pending = [flow.source]
    while pending:
        node = pending.pop()
        if node == join:
            continue
        for edge in graph.edges_in[node]:
            name = _name(edge.kind, edge.id)
            if name not in behind:
                behind.add(name)
                pending.append(edge.source)
    return behind


def _parts(split: Collection[str], one: Collection[str], other: Collection[str]) -> bool:
    to_one = [number for number, edge in enumerate(split) if edge in one]
    to_other = [number for number, edge in enumerate(split) if edge in other]
    return bool(to_one) and bool(to_other) and len({*to_one, *to_other}) > 1
