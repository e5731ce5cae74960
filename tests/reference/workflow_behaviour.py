"""All that the tokens of one scope can do, looked at on the drawing as it is: the slow way to see whether it is sound.

A marking is a bag of flows with tokens on them. Choices are free, a boundary event beside an activity happens once or
not at all, a token that leaves a fork for an end event is gone at once, and where a second token comes to a flow that
has one, nothing further is looked at.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

from tests.reference.workflow_visits import can_come

from comptroller.domain.workflow import model as bpmn
from comptroller.domain.workflow.model import Node, SequenceFlow

MARKINGS_MAX: Final = 3_000

Marking = tuple[str, ...]


@dataclass
class Behaviour:
    """What was found; `whole` says whether everything was looked at. `endless`: the end cannot be come to any more."""

    stuck: bool = False
    twice: bool = False
    endless: bool = False
    whole: bool = True


def behaviour_of(scope: bpmn.Scope) -> Behaviour:
    """Go through everything."""
    found = Behaviour()
    for start in scope.nodes:
        if isinstance(start, bpmn.StartEvent):
            _explore(_Drawing(scope), start, found)
    return found


def _explore(drawing: "_Drawing", start: bpmn.StartEvent, found: Behaviour) -> None:
    first: Marking = drawing.outs(start)
    steps: dict[Marking, set[Marking]] = {}
    pending = [first]
    while pending:
        marking = pending.pop()
        if marking in steps:
            continue
        moves = set(drawing.moves(marking))
        steps[marking] = {after for after in moves if max(Counter(after).values(), default=0) < 2}
        found.stuck |= bool(marking) and not moves
        found.twice |= moves != steps[marking]
        pending += steps[marking]
        if len(steps) > MARKINGS_MAX:
            found.whole = False
            return
    ending: set[Marking] = {()}
    while more := {marking for marking, after in steps.items() if after & ending} - ending:
        ending |= more
    found.endless |= not ending.issuperset(steps)


class _Drawing:
    """A scope with its flows at hand."""

    def __init__(self, scope: bpmn.Scope) -> None:
        self.scope = scope
        self.nodes: dict[str, Node] = {node.id: node for node in scope.nodes}
        self.flows: dict[str, SequenceFlow] = {flow.id: flow for flow in scope.flows}

    def outs(self, node: Node) -> Marking:
        """The flows out of a node; a jump's are those out of where it lands."""
        definition = getattr(node, "definition", None)
        if isinstance(node, bpmn.ThrowEvent) and isinstance(definition, bpmn.LinkDefinition):
            node = next(n for n in self.scope.nodes if isinstance(n, bpmn.CatchEvent) and n.definition == definition)
        outs = tuple(flow.id for flow in self.scope.flows if flow.source == node.id)
        if isinstance(node, bpmn.ExclusiveGateway | bpmn.EventBasedGateway | bpmn.InclusiveGateway):
            return outs
        lasting = tuple(flow for flow in outs if not self._is_plain_end(self.nodes[self.flows[flow].target]))
        return lasting or outs[:1]

    def _is_plain_end(self, node: Node) -> bool:
        return isinstance(node, bpmn.EndEvent) and not self._ends_all(node)

    def _ends_all(self, node: Node) -> bool:
        return isinstance(node, bpmn.EndEvent) and isinstance(
            node.definition, bpmn.TerminateDefinition | bpmn.ErrorDefinition | bpmn.CancelDefinition
        )

    def moves(self, marking: Marking) -> Iterator[Marking]:
        """Every marking that one node can make of this one."""
        for target in {self.flows[flow].target for flow in marking}:
            node = self.nodes[target]
            here = tuple(flow for flow in marking if self.flows[flow].target == target)
            for taken, put in self._fire(node, here, marking):
                rest = Counter(marking)
                rest.subtract(taken)
                if self._ends_all(node):
                    yield ()
                else:
                    yield tuple(sorted(chain(rest.elements(), put)))

    def _fire(self, node: Node, here: Marking, marking: Marking) -> Iterator[tuple[Marking, Marking]]:
        incoming = [flow.id for flow in self.scope.flows if flow.target == node.id]
        outs = self.outs(node)
        match node:
            case bpmn.ParallelGateway():
                if set(here) == set(incoming):
                    yield tuple(incoming), outs
            case bpmn.InclusiveGateway():
                if not self._is_held(node, here, marking):
                    for some in _some(outs):
                        yield tuple(dict.fromkeys(here)), some
            case bpmn.ExclusiveGateway() | bpmn.EventBasedGateway():
                for flow in here:
                    for way in outs:
                        yield (flow,), (way,)
            case _:
                for flow in here:
                    for ways in self._ways(node, outs):
                        yield (flow,), ways

    def _ways(self, node: Node, outs: Marking) -> Iterator[Marking]:
        """How a task may end: on its own or interrupted, with any of the events beside it."""
        edges = [e for e in self.scope.nodes if isinstance(e, bpmn.BoundaryEvent) and e.attached_to == node.id]
        edges = [edge for edge in edges if not edge.handler]
        beside = [self.outs(edge) for edge in edges if not edge.interrupting]
        for extra in chain.from_iterable(combinations(beside, n) for n in range(len(beside) + 1)):
            more = tuple(chain.from_iterable(extra))
            yield (*outs, *more)
            for edge in edges:
                if edge.interrupting:
                    yield (*self.outs(edge), *more)

    def _is_held(self, node: Node, here: Marking, marking: Marking) -> bool:
        incoming = [flow for flow in self.scope.flows if flow.target == node.id]
        for token in marking:
            at = self.flows[token].target
            if at == node.id:
                continue
            leads_to = {flow.id for flow in incoming if can_come(self.scope, at, flow, node.id)}
            if leads_to and not leads_to & set(here):
                return True
        return False


def _some(outs: Marking) -> Iterator[Marking]:
    return chain.from_iterable(combinations(outs, n) for n in range(1, len(outs) + 1))
