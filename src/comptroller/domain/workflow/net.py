"""A scope as a net of splits and joins, made smaller without changing whether it is sound.

Every node has one way to be entered (any token, one of each incoming edge, or all that may still come) and one way to
be left (one edge, all, or some). What is drawn richer becomes several: an activity with boundary events is a choice
between its own way out and those that interrupt it, with those beside it as branches that may stay away.

The smaller net has a deadlock, or two tokens where there should be one, exactly when the whole one has.
SOURCE: the reduction rules of Murata, "Petri nets: properties, analysis and applications", 1989, section V, as far as
they hold for nets in which every place leads to one node.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, combinations, count

from comptroller.domain.workflow.graph import EdgeKind, Graph
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    CancelDefinition,
    CompensateDefinition,
    EndEvent,
    ErrorDefinition,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Node,
    ParallelGateway,
    TerminateDefinition,
)


class Logic(StrEnum):
    """How edges are taken together; a closed list."""

    ONE = "one"
    ALL = "all"
    SOME = "some"


@dataclass(slots=True)
class Knot:
    """A node of the net: how it is entered and left, by which edges. `name` is the element that it is told as."""

    name: str
    join: Logic = Logic.ONE
    split: Logic = Logic.ALL
    ins: list[int] = field(default_factory=list)
    outs: list[int] = field(default_factory=list)
    ends_all: bool = False  # what arrives here ends every other token

    @property
    def is_end(self) -> bool:
        """Whether a token that arrives here is gone, and nothing else happens."""
        return not self.outs and not self.ends_all


class Net:
    """Knots and the edges between them."""

    def __init__(self) -> None:
        self.knots: dict[int, Knot] = {}
        self.edges: dict[int, tuple[int, int]] = {}  # from, to
        self.beside: set[int] = set()  # edges on which an event beside its activity goes on
        self._numbers = count(1)

    def knot(self, name: str, *, join: Logic = Logic.ONE, split: Logic = Logic.ALL, ends_all: bool = False) -> int:
        """Add a knot."""
        key = next(self._numbers)
        self.knots[key] = Knot(name, join, split, ends_all=ends_all)
        return key

    def edge(self, source: int, target: int) -> int:
        """Add an edge."""
        key = next(self._numbers)
        self.edges[key] = (source, target)
        self.knots[source].outs.append(key)
        self.knots[target].ins.append(key)
        return key

    def drop_edge(self, edge: int) -> None:
        """Take an edge away."""
        source, target = self.edges.pop(edge)
        self.knots[source].outs.remove(edge)
        self.knots[target].ins.remove(edge)

    def move_target(self, edge: int, target: int) -> None:
        """Let an edge lead to another knot."""
        source, old = self.edges[edge]
        self.knots[old].ins.remove(edge)
        self.knots[target].ins.append(edge)
        self.edges[edge] = (source, target)

    def move_source(self, edge: int, source: int) -> None:
        """Let an edge come from another knot."""
        old, target = self.edges[edge]
        self.knots[old].outs.remove(edge)
        self.knots[source].outs.append(edge)
        self.edges[edge] = (source, target)


def net_of(graph: Graph, start: str) -> tuple[Net, int]:
    """The net of a scope that is begun at a start event, and the knot where it begins."""
    net = Net()
    entries: dict[str, int] = {}
    exits: dict[str, int] = {}
    for node in graph.nodes.values():
        if graph.is_apart(node) or (
            isinstance(node, BoundaryEvent) and isinstance(node.definition, CompensateDefinition)
        ):
            continue
        entries[node.id] = net.knot(node.id, join=_join_of(node), ends_all=_ends_all(node))
        exits[node.id] = entries[node.id]
        if not isinstance(node, EndEvent):
            exits[node.id] = net.knot(node.id, split=_split_of(node))
    for node in graph.nodes.values():
        if node.id in entries and exits[node.id] != entries[node.id]:
            _connect(net, graph, node, entries, exits)
    for edges in graph.edges_out.values():
        for edge in edges:
            if edge.kind is not EdgeKind.BOUNDARY and edge.source in exits and edge.target in entries:
                net.edge(exits[edge.source], entries[edge.target])
    return net, entries[start]


def _connect(net: Net, graph: Graph, node: Node, entries: dict[str, int], exits: dict[str, int]) -> None:
    """Lead from a node's entry to its exit; events on its boundary may come instead, or beside."""
    targets = [graph.nodes[edge.target] for edge in graph.edges_out[node.id] if edge.kind is EdgeKind.BOUNDARY]
    boundaries = [target for target in targets if isinstance(target, BoundaryEvent)]
    instead = [each for each in boundaries if each.interrupting]
    beside = [each for each in boundaries if not each.interrupting]
    inner = entries[node.id]
    if beside:
        main = net.knot(node.id)
        net.edge(inner, main)
        for each in beside:
            perhaps = net.knot(each.id, split=Logic.ONE)
            net.beside.add(net.edge(inner, perhaps))
            net.edge(perhaps, entries[each.id])
            net.edge(perhaps, net.knot(each.id))
        inner = main
    if instead:
        choice = net.knot(node.id, split=Logic.ONE)
        net.edge(inner, choice)
        for each in instead:
            net.edge(choice, entries[each.id])
        inner = choice
    net.edge(inner, exits[node.id])


def _join_of(node: Node) -> Logic:
    match node:
        case ParallelGateway():
            return Logic.ALL
        case InclusiveGateway():
            return Logic.SOME
        case _:
            return Logic.ONE


def _split_of(node: Node) -> Logic:
    match node:
        case ExclusiveGateway() | EventBasedGateway():
            return Logic.ONE
        case InclusiveGateway():
            return Logic.SOME
        case _:
            return Logic.ALL


def _ends_all(node: Node) -> bool:
    """An error or a cancelled transaction ends its scope as terminating does."""
    return isinstance(node, EndEvent) and isinstance(
        node.definition, TerminateDefinition | ErrorDefinition | CancelDefinition
    )


# Made smaller


def reduce(net: Net, start: int) -> None:
    """Take away what cannot make a difference, until nothing of that kind is left."""
    for key in list(net.knots):
        while key in net.knots and _ends_at_once(net, key):
            pass
    changed = True
    while changed:
        changed = False
        for key in list(net.knots):
            while key in net.knots and (
                _pass(net, start, key) or _alike(net, key) or _chain(net, start, key) or _ends(net, key)
            ):
                changed = True


def _pass(net: Net, start: int, key: int) -> bool:
    """A knot with one edge in and one out only hands on."""
    knot = net.knots[key]
    if key == start or len(knot.ins) != 1 or len(knot.outs) != 1 or knot.ins == knot.outs:
        return False
    (before,), (after,) = knot.ins, knot.outs
    target = net.edges[after][1]
    if net.edges[before][0] == key:
        return False
    net.drop_edge(after)
    net.move_target(before, target)
    del net.knots[key]
    return True


def _alike(net: Net, key: int) -> bool:
    """Edges that part and meet again by the same logic are one; a choice to come back at once is none."""
    knot = net.knots[key]
    seen: dict[int, int] = {}
    for edge in knot.outs:
        target = net.edges[edge][1]
        if target in seen and net.knots[target].join is knot.split and len(knot.outs) > 1:
            net.drop_edge(edge)
            return True
        seen.setdefault(target, edge)
        if _comes_back(net, key, target) and len(knot.outs) > 1:
            net.drop_edge(edge)
            return True
    return False


def _comes_back(net: Net, split: int, merge: int) -> bool:
    """Whether a choice leads straight back to the merge right before it."""
    before, after = net.knots[split], net.knots[merge]
    if before.split is not Logic.ONE or after.join is not Logic.ONE:
        return False
    if split == merge:
        return True
    return len(after.outs) == 1 and before.ins == after.outs


def _chain(net: Net, start: int, key: int) -> bool:
    """Two joins, or two splits, of the same logic one after the other are one."""
    knot = net.knots[key]
    if len(knot.outs) == 1 and key != start and len(knot.ins) > 1 and knot.join is not Logic.SOME:
        (after,) = knot.outs
        target = net.edges[after][1]
        other = net.knots[target]
        if target != key and other.outs and other.join is knot.join and (len(other.ins) > 1 or len(other.outs) == 1):
            if len(other.ins) == 1:
                other.name = knot.name  # it is there that they come together
            net.drop_edge(after)
            for edge in list(knot.ins):
                net.move_target(edge, target)
            del net.knots[key]
            return True
    if len(knot.outs) > 1 and knot.split is not Logic.SOME:
        for edge in knot.outs:
            target = net.edges[edge][1]
            other = net.knots[target]
            if target != key and other.split is knot.split and len(other.ins) == 1 and len(other.outs) > 1:
                net.drop_edge(edge)
                for out in list(other.outs):
                    net.move_source(out, key)
                del net.knots[target]
                return True
    return False


def _ends_at_once(net: Net, key: int) -> bool:
    """A token that goes from a fork to an end event is gone before anything else happens."""
    knot = net.knots[key]
    return knot.split is Logic.ALL and len(knot.outs) > 1 and _drop_end(net, _ending(net, key))


def _ends(net: Net, key: int) -> bool:
    """A branch that only ends takes nothing from the others, unless it is work that is begun again beside itself: what
    an event beside an activity leads to, as a reminder, may be. Several such choices are one."""
    knot = net.knots[key]
    ending = _ending(net, key)
    if len(knot.outs) < 2:
        return False
    if knot.split is Logic.ALL:
        beside = [edge for edge in ending if edge in net.beside]
        return _drop_end(net, beside or ([] if _lies_on_a_circle(net, key) else ending))
    return len(ending) > 1 and _drop_end(net, ending)


def _ending(net: Net, key: int) -> list[int]:
    return [edge for edge in net.knots[key].outs if net.knots[net.edges[edge][1]].is_end]


def _drop_end(net: Net, ending: list[int]) -> bool:
    """Drop the last of some edges that lead to ends; whether there is one."""
    if not ending:
        return False
    target = net.edges[ending[-1]][1]
    net.drop_edge(ending[-1])
    if not net.knots[target].ins:
        del net.knots[target]
    return True


def _lies_on_a_circle(net: Net, key: int) -> bool:
    found: set[int] = set()
    pending = [key]
    while pending:
        for edge in net.knots[pending.pop()].outs:
            target = net.edges[edge][1]
            if target == key:
                return True
            if target not in found:
                found.add(target)
                pending.append(target)
    return False


def fires(net: Net, key: int, marking: frozenset[int]) -> Iterator[tuple[frozenset[int], tuple[int, ...]]]:
    """What a knot can do: the edges it takes tokens from, and those it then puts them on. One by one, since a choice of
    some of many edges has more outcomes than anybody can look at."""
    knot = net.knots[key]
    full = [edge for edge in knot.ins if edge in marking]
    if not full:
        return
    match knot.join:
        case Logic.ONE:
            taken = [frozenset([edge]) for edge in full]
        case Logic.ALL if len(full) == len(knot.ins):
            taken = [frozenset(full)]
        case Logic.SOME if not _may_still_come(net, key, full, marking):
            taken = [frozenset(full)]
        case _:
            return
    for each in taken:
        for put in _puts(knot):
            yield each, put


def _puts(knot: Knot) -> Iterator[tuple[int, ...]]:
    if knot.split is Logic.ALL or not knot.outs:
        return iter([tuple(knot.outs)])
    sizes = range(1, 2 if knot.split is Logic.ONE else len(knot.outs) + 1)
    return chain.from_iterable(combinations(knot.outs, size) for size in sizes)


def _may_still_come(net: Net, join: int, full: list[int], marking: frozenset[int]) -> bool:
    """SOURCE: BPMN 2.0.2, clause 13.4.3."""
    behind = {edge: _behind(net, edge, join) for edge in net.knots[join].ins}
    for edge in marking:
        target = net.edges[edge][1]
        leads_to = {into for into, knots in behind.items() if target in knots}
        if target != join and leads_to and not leads_to & set(full):
            return True
    return False


def _behind(net: Net, edge: int, join: int) -> set[int]:
    """The knots from which a token can come to an edge without passing the join."""
    found: set[int] = set()
    pending = [net.edges[edge][0]]
    while pending:
        key = pending.pop()
        if key == join or key in found:
            continue
        found.add(key)
        pending.extend(net.edges[into][0] for into in net.knots[key].ins)
    return found
