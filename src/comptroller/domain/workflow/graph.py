"""A scope as a graph: its nodes with the ways between them, in both directions.

A way is a sequence flow, the step from an activity to an event on its boundary, or the jump of a link.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from comptroller.domain.workflow.model import (
    Activity,
    BoundaryEvent,
    CatchEvent,
    CompensateDefinition,
    LinkDefinition,
    Node,
    Scope,
    SequenceFlow,
    StartEvent,
    SubProcess,
    ThrowEvent,
)


class EdgeKind(StrEnum):
    """What an edge is drawn from; a closed list."""

    FLOW = "flow"
    BOUNDARY = "boundary"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one node to another. The id is of the flow, of the boundary event or of the throwing link."""

    kind: EdgeKind
    id: str
    source: str
    target: str


class Graph:
    """The nodes of a scope with their edges; flows that lead nowhere are left out."""

    def __init__(self, scope: Scope) -> None:
        self.nodes: Mapping[str, Node] = {node.id: node for node in scope.nodes}
        self.flows_out: dict[str, list[SequenceFlow]] = defaultdict(list)
        self.flows_in: dict[str, list[SequenceFlow]] = defaultdict(list)
        self.edges_out: dict[str, list[Edge]] = defaultdict(list)
        self.edges_in: dict[str, list[Edge]] = defaultdict(list)
        for flow in scope.flows:
            if flow.source in self.nodes and flow.target in self.nodes:
                self.flows_out[flow.source].append(flow)
                self.flows_in[flow.target].append(flow)
                self._add(Edge(EdgeKind.FLOW, flow.id, flow.source, flow.target))
        for boundary in boundaries(scope):
            if boundary.attached_to in self.nodes:
                self._add(Edge(EdgeKind.BOUNDARY, boundary.id, boundary.attached_to, boundary.id))
        for throw, landing in links(scope):
            self._add(Edge(EdgeKind.LINK, throw, throw, landing))

    @property
    def starts(self) -> list[str]:
        """Where a token can begin."""
        return [node.id for node in self.nodes.values() if isinstance(node, StartEvent)]

    def is_apart(self, node: Node) -> bool:
        """Whether no flow is to reach the node: an event sub-process, or an activity that compensates."""
        return isinstance(node, Activity) and (
            node.for_compensation or (isinstance(node, SubProcess) and node.by_event)
        )

    def _add(self, edge: Edge) -> None:
        self.edges_out[edge.source].append(edge)
        self.edges_in[edge.target].append(edge)


def boundaries(scope: Scope) -> Iterator[BoundaryEvent]:
    """The boundary events that a token can pass; those that compensate lead by no flow."""
    for node in scope.nodes:
        if isinstance(node, BoundaryEvent) and not isinstance(node.definition, CompensateDefinition):
            yield node


def links(scope: Scope) -> Iterator[tuple[str, str]]:
    """The throwing links of a scope with where each of them lands."""
    landings = {
        node.definition.link: node.id
        for node in scope.nodes
        if isinstance(node, CatchEvent) and isinstance(node.definition, LinkDefinition)
    }
    for node in scope.nodes:
        if isinstance(node, ThrowEvent) and isinstance(node.definition, LinkDefinition):
            landing = landings.get(node.definition.link)
            if landing is not None:
                yield node.id, landing


def reach(start: Iterable[str], steps: Mapping[str, Iterable[str]]) -> set[str]:
    """The nodes that can be come to from some, themselves among them."""
    reached = set(start)
    pending = list(reached)
    while pending:
        for node in steps.get(pending.pop(), ()):
            if node not in reached:
                reached.add(node)
                pending.append(node)
    return reached


def nodes_behind(graph: Graph, join: str) -> dict[str, frozenset[str]]:
    """For each flow into a join, the nodes from which a token can come to it without passing the join."""
    found = {}
    for flow in graph.flows_in[join]:
        behind: set[str] = set()
        pending = [flow.source]
        while pending:
            node = pending.pop()
            if node == join or node in behind:
                continue
            behind.add(node)
            pending.extend(edge.source for edge in graph.edges_in[node])
        found[flow.id] = frozenset(behind)
    return found
