"""What is wrong with a process as a graph, found before it runs.

A fault here is a certainty: a node that no token can reach, a way that leads to no end, a circle without a wait, a join
two of whose incoming flows can never carry tokens at the same time. What only may go wrong is met while running, by an
incident.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.model import (
    Activity,
    Boundary,
    EndEvent,
    ExclusiveGateway,
    Gateway,
    Node,
    ParallelGateway,
    ProcessModel,
    SequenceFlow,
    StartEvent,
    TimerBoundary,
)


def fault(code: str, path: str, message: str, *, help: str = "", severity: Severity = Severity.ERROR) -> Fault:  # noqa: A002 - Fault's own field
    """A fault of a process; `path` is the id of a node or flow."""
    return Fault(code, path, message, severity, by="workflow", help=help)


def check_graph(model: ProcessModel) -> tuple[Fault, ...]:
    """Everything that is wrong with the shape of a process."""
    graph = _Graph(model)
    loose = [*_check_ids(model), *_check_flows(model, graph)]
    local = [*_check_starts(model), *_check_ends(graph), *_check_gateways(model, graph)]
    if loose:
        return (*loose, *local)  # the ways through a torn graph say nothing
    return (*local, *_check_ways(graph), *_check_circles(graph), *_check_joins(graph))


@dataclass(frozen=True, slots=True)
class _Edge:
    """A sequence flow, or the step from a task to a boundary event."""

    id: str
    source: str
    target: str


class _Graph:
    """The nodes with their edges in both directions; flows that lead nowhere are left out."""

    def __init__(self, model: ProcessModel) -> None:
        self.nodes: Mapping[str, Node] = {node.id: node for node in model.nodes}
        self.flows_out: dict[str, list[SequenceFlow]] = defaultdict(list)
        self.flows_in: dict[str, list[SequenceFlow]] = defaultdict(list)
        self.edges_out: dict[str, list[_Edge]] = defaultdict(list)
        self.edges_in: dict[str, list[_Edge]] = defaultdict(list)
        for flow in model.flows:
            if flow.source in self.nodes and flow.target in self.nodes:
                self.flows_out[flow.source].append(flow)
                self.flows_in[flow.target].append(flow)
                self._add(_Edge(f"flow {flow.id}", flow.source, flow.target))
        for node in model.nodes:
            if isinstance(node, Boundary) and node.attached_to in self.nodes:
                self._add(_Edge(f"boundary {node.id}", node.attached_to, node.id))

    def _add(self, edge: _Edge) -> None:
        self.edges_out[edge.source].append(edge)
        self.edges_in[edge.target].append(edge)


def _check_ids(model: ProcessModel) -> Iterator[Fault]:
    seen: set[str] = set()
    for item in (*model.nodes, *model.flows):
        if item.id in seen or not item.id:
            yield fault("WORKFLOW-ID-01", item.id, f"the id `{item.id}` is not one element's own")
        seen.add(item.id)


def _check_flows(model: ProcessModel, graph: _Graph) -> Iterator[Fault]:
    for flow in model.flows:
        for end, node in (("source", flow.source), ("target", flow.target)):
            if node not in graph.nodes:
                yield fault("WORKFLOW-FLOW-01", flow.id, f"the {end} `{node}` of the flow is no node of the process")
    for boundary in model.nodes:
        if isinstance(boundary, Boundary) and not isinstance(graph.nodes.get(boundary.attached_to), Activity):
            message = f"the boundary event is attached to `{boundary.attached_to}`, which is no task of the process"
            yield fault("WORKFLOW-BOUNDARY-01", boundary.id, message)


def _check_starts(model: ProcessModel) -> Iterator[Fault]:
    starts = [node for node in model.nodes if isinstance(node, StartEvent)]
    if not starts:
        yield fault("WORKFLOW-START-01", model.id, "the process has no start event")
    for extra in starts[1:]:
        yield fault("WORKFLOW-START-02", extra.id, "the process has more than one start event")


def _check_ends(graph: _Graph) -> Iterator[Fault]:
    """Where ways begin and stop: events have flows on one side only, everything else goes on."""
    for node in graph.nodes.values():
        if isinstance(node, StartEvent | Boundary) and graph.flows_in[node.id]:
            yield fault("WORKFLOW-NODE-01", node.id, "a flow leads into a start or boundary event")
        if isinstance(node, EndEvent):
            if graph.flows_out[node.id]:
                yield fault("WORKFLOW-NODE-02", node.id, "a flow leads out of an end event")
        elif not graph.flows_out[node.id]:
            yield fault("WORKFLOW-NODE-03", node.id, "nothing follows the node", help="draw a flow to an end event")


def _check_gateways(model: ProcessModel, graph: _Graph) -> Iterator[Fault]:
    for flow in model.flows:
        if flow.condition and not isinstance(graph.nodes.get(flow.source), ExclusiveGateway):
            yield fault(
                "WORKFLOW-FLOW-02",
                flow.id,
                "a condition stands on a flow that does not leave an exclusive gateway",
                help="put an exclusive gateway in front",
            )
    for gateway in graph.nodes.values():
        if isinstance(gateway, ExclusiveGateway):
            yield from _check_choice(gateway, graph.flows_out[gateway.id])


def _check_choice(gateway: ExclusiveGateway, flows: Collection[SequenceFlow]) -> Iterator[Fault]:
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


def _check_ways(graph: _Graph) -> Iterator[Fault]:
    """Every node lies on a way from the start to an end."""
    starts = [node.id for node in graph.nodes.values() if isinstance(node, StartEvent)]
    ends = [node.id for node in graph.nodes.values() if isinstance(node, EndEvent)]
    reached = _reach(starts, {node: [edge.target for edge in edges] for node, edges in graph.edges_out.items()})
    ending = _reach(ends, {node: [edge.source for edge in edges] for node, edges in graph.edges_in.items()})
    for node in graph.nodes:
        if node not in reached:
            yield fault("WORKFLOW-NODE-04", node, "no way leads from the start to the node")
        elif node not in ending:
            yield fault("WORKFLOW-NODE-05", node, "no way leads from the node to an end")


def _reach(start: Iterable[str], steps: Mapping[str, Iterable[str]]) -> set[str]:
    reached = set(start)
    pending = list(reached)
    while pending:
        for node in steps.get(pending.pop(), ()):
            if node not in reached:
                reached.add(node)
                pending.append(node)
    return reached


def _check_circles(graph: _Graph) -> Iterator[Fault]:
    """A circle of gateways alone changes nothing, so it never ends: peel off what is on no circle, see what is left."""
    left = {node.id for node in graph.nodes.values() if isinstance(node, Gateway)}
    peeled = True
    while peeled:
        edge_of = {
            node
            for node in left
            if not any(edge.target in left for edge in graph.edges_out[node])
            or not any(edge.source in left for edge in graph.edges_in[node])
        }
        left -= edge_of
        peeled = bool(edge_of)
    if left:
        names = ", ".join(f"`{node}`" for node in graph.nodes if node in left)
        yield fault(
            "WORKFLOW-LOOP-01",
            min(left),
            f"the gateways {names} form an endless loop without a wait",
            help="lead the loop through a task",
        )


def _check_joins(graph: _Graph) -> Iterator[Fault]:
    """Two tokens are there at once only if they parted somewhere: look for such a place for every two incoming flows.

    Before the join first fires, no way passes through it. So if no split that is reached without it sends one branch to
    the one flow and another branch to the other, again without passing it, the join can never fire.
    """
    for join in graph.nodes.values():
        if not isinstance(join, ParallelGateway) or len(graph.flows_in[join.id]) < 2:
            continue
        splits = _splits_before(join, graph)
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


def _splits_before(join: Node, graph: _Graph) -> list[tuple[str, ...]]:
    """The splits that a token can come to without passing the join."""
    starts = [node.id for node in graph.nodes.values() if isinstance(node, StartEvent)]
    steps = {node: [edge.target for edge in edges] for node, edges in graph.edges_out.items() if node != join.id}
    reached = _reach(starts, steps)
    return [split for node in graph.nodes.values() if node.id in reached for split in _splits(node, graph)]


def _splits(node: Node, graph: _Graph) -> Iterator[tuple[str, ...]]:
    """The sets of edges on which the node can put tokens at the same time."""
    flows = tuple(f"flow {flow.id}" for flow in graph.flows_out[node.id])
    if len(flows) > 1 and not isinstance(node, ExclusiveGateway):
        yield flows
    if not isinstance(node, Activity):
        return
    boundaries = [graph.nodes[edge.target] for edge in graph.edges_out[node.id] if edge.id.startswith("boundary ")]
    beside = [f"boundary {b.id}" for b in boundaries if isinstance(b, TimerBoundary) and not b.interrupting]
    for edge in graph.edges_out[node.id]:
        for extra in beside:
            if edge.id != extra:
                yield edge.id, extra


def _edges_behind(flow: SequenceFlow, join: str, graph: _Graph) -> set[str]:
    """The edges from which a token can come to the flow without passing the join."""
    behind = {f"flow {flow.id}"}
    pending = [flow.source]
    while pending:
        node = pending.pop()
        if node == join:
            continue
        for edge in graph.edges_in[node]:
            if edge.id not in behind:
                behind.add(edge.id)
                pending.append(edge.source)
    return behind


def _parts(split: Collection[str], one: Collection[str], other: Collection[str]) -> bool:
    to_one = {edge for edge in split if edge in one}
    to_other = {edge for edge in split if edge in other}
    return bool(to_one) and bool(to_other) and len(to_one | to_other) > 1
