"""A slow, obvious interpreter of the token rules of BPMN 2.0.2 (chapter 13), for comparison with the token machine.

Tokens on flows are a bag; visits of tasks are a list. One rule at a time: as long as anything can move, the first thing
that can is moved, and everything is looked for anew. It runs on the model as drawn, faults and all, and knows a handful
of conditions by heart instead of FEEL. There are no events and no commands: the test calls what the world does.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    MessageBoundary,
    Node,
    ParallelGateway,
    ProcessModel,
    ReceiveTask,
    SequenceFlow,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)

Variables = Mapping[str, Any]

CONDITIONS: Final[Mapping[str, Callable[[Variables], object]]] = {
    'x = "a"': lambda v: v.get("x") == "a",
    'x = "b"': lambda v: v.get("x") == "b",
    "x": lambda v: v.get("x"),
    "1 / 0 > 1": lambda v: None,  # noqa: ARG005 - errs, whatever the variables
    "true": lambda v: True,  # noqa: ARG005
}
"""FEEL text -> what it says of the variables."""

COMPLETIONS: Final[Mapping[str, Callable[[Variables, int], object]]] = {
    "": lambda v, done: False,  # noqa: ARG005
    "numberOfCompletedInstances >= 2": lambda v, done: done >= 2,  # noqa: ARG005
    'x = "b"': lambda v, done: v.get("x") == "b",  # noqa: ARG005
}
"""FEEL text of completion conditions -> what it says after so many instances are done."""

STEPS_MAX: Final = 2_000


@dataclass(eq=False)
class Visit:
    """A token that waits at a task, or is stuck at a node with an incident."""

    node: Node
    open: set[int] = field(default_factory=set)
    done: int = 0
    total: int = 0
    timers: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    stuck: bool = False

    def description(self) -> tuple[object, ...]:
        """What is to be seen of it."""
        return (
            self.node.id,
            tuple(sorted(self.open)),
            self.done,
            tuple(sorted(self.timers)),
            tuple(sorted(self.messages)),
            self.stuck,
        )


class ReferenceCase:
    """One case on one drawn process."""

    def __init__(self, model: ProcessModel, variables: Variables) -> None:
        self.nodes = {node.id: node for node in model.nodes}
        self.flows = model.flows
        self.variables: dict[str, Any] = dict(variables)
        self.on_flows: Counter[str] = Counter()  # flow -> tokens
        self.visits: list[Visit] = []
        self.passes: list[str] = []  # events passed without flows: start and boundary events
        self.status = "running"
        self.joined: set[str] = set()  # joins that have fired
        self.passes += [node.id for node in model.nodes if isinstance(node, StartEvent)][:1]
        self.settle()

    # ---- what the world does -------------------------------------------------------------------------------------

    def visit(self, node: str, number: int) -> Visit:
        """The number-th oldest visit of a node."""
        return [visit for visit in self.visits if visit.node.id == node][number]

    def answer(self, visit: Visit, outputs: Variables) -> None:
        """The job is done, or the receive task has its message."""
        self.variables |= outputs
        self._complete(visit)
        self.settle()

    def finish(self, visit: Visit, instance: int, outputs: Variables) -> None:
        """An instance of a user task is done."""
        assert isinstance(visit.node, UserTask)
        self.variables |= outputs
        visit.open.remove(instance)
        visit.done += 1
        loop = visit.node.instances
        if visit.done == visit.total or (loop and COMPLETIONS[loop.completion](self.variables, visit.done) is True):
            self._complete(visit)
        elif loop and loop.sequential:
            visit.open.add(visit.done + 1)
        self.settle()

    def interrupt(self, visit: Visit, boundary: str, outputs: Variables) -> None:
        """A boundary event has happened."""
        self.variables |= outputs
        event = self.nodes[boundary]
        if isinstance(event, TimerBoundary) and not event.interrupting:
            visit.timers.remove(boundary)
        else:
            self.visits.remove(visit)
        self.passes.append(boundary)
        self.settle()

    # ---- the rules -----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Move whatever can move, one thing at a time."""
        for _ in range(STEPS_MAX):
            if self.status != "running" or not self._move_something():
                break
        else:
            raise RecursionError("the reference machine does not come to rest")
        if self.status == "running" and not self.visits and not self.on_flows.total():
            self.status = "ended"

    def deadlocked(self) -> bool:
        """Every token waits before a join."""
        return self.status == "running" and not self.visits and self.on_flows.total() > 0

    def standing(self) -> Counter[tuple[object, ...]]:
        """What is to be seen: visits, and tokens before joins."""
        seen: Counter[tuple[object, ...]] = Counter(visit.description() for visit in self.visits)
        for flow in self.flows:
            if self.on_flows[flow.id]:
                seen[(flow.target, (), 0, (), (), self.deadlocked())] += self.on_flows[flow.id]
        return seen

    def _move_something(self) -> bool:
        if self.passes:
            self._put_on_all(self.nodes[self.passes.pop()])
            return True
        for flow in self.flows:
            node = self.nodes[flow.target]
            if not self.on_flows[flow.id]:
                continue
            if isinstance(node, ParallelGateway):
                incoming = [other for other in self.flows if other.target == node.id]
                if any(not self.on_flows[other.id] for other in incoming):
                    continue
                for other in incoming:
                    self.on_flows[other.id] -= 1
                self.joined.add(node.id)
                self._put_on_all(node)
            else:
                self.on_flows[flow.id] -= 1
                self._arrive(node)
            return True
        return False

    def _arrive(self, node: Node) -> None:
        if isinstance(node, EndEvent):
            if node.terminates:
                self.status = "ended"
                self.visits.clear()
                self.on_flows.clear()
        elif isinstance(node, ExclusiveGateway):
            self._choose(node)
        else:
            self.visits.append(self._begin(node))

    def _choose(self, gateway: ExclusiveGateway) -> None:
        outgoing = self._outgoing(gateway)
        for flow in outgoing:
            is_only_way = not flow.condition and flow.id != gateway.default
            if is_only_way or (flow.condition and CONDITIONS[flow.condition](self.variables) is True):
                self.on_flows[flow.id] += 1
                return
        if gateway.default:
            self.on_flows[gateway.default] += 1
        else:
            self.visits.append(Visit(gateway, stuck=True))

    def _begin(self, node: Node) -> Visit:
        visit = Visit(node)
        boundaries = [other for other in self.nodes.values() if getattr(other, "attached_to", None) == node.id]
        match node:
            case UserTask(instances=None):
                visit.total, visit.open = 1, {1}
            case UserTask(instances=loop) if loop is not None:
                items = self.variables.get(loop.collection)
                if not isinstance(items, list) or not items:
                    visit.stuck = True
                    return visit
                visit.total = len(items)
                visit.open = {1} if loop.sequential else set(range(1, len(items) + 1))
            case ReceiveTask():
                visit.messages.add(node.message)
            case _:
                assert isinstance(node, ServiceTask | BusinessRuleTask)
        visit.timers |= {other.id for other in boundaries if isinstance(other, TimerBoundary)}
        visit.messages |= {other.message for other in boundaries if isinstance(other, MessageBoundary)}
        return visit

    def _complete(self, visit: Visit) -> None:
        self.visits.remove(visit)
        self._put_on_all(visit.node)

    def _put_on_all(self, node: Node) -> None:
        for flow in self._outgoing(node):
            self.on_flows[flow.id] += 1

    def _outgoing(self, node: Node) -> list[SequenceFlow]:
        return [flow for flow in self.flows if flow.source == node.id]
