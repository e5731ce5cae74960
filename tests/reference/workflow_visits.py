"""What the slow interpreter moves, and what it reads in a drawing."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from comptroller.domain.workflow import model as bpmn
from comptroller.domain.workflow.model import Node, SequenceFlow


@dataclass(eq=False)
class Run:
    """A scope at work. Without a drawing it only holds the instances of an activity, or what undoes."""

    drawn: "bpmn.Scope | None"
    owner: "Visit | None"
    visits: list["Visit"] = field(default_factory=list)
    done: list["Deed"] = field(default_factory=list)
    over: bool = False

    @property
    def alive(self) -> list["Visit"]:
        """The visits that keep the scope going: not those that watch for an event sub-process."""
        return [visit for visit in self.visits if visit.stuck or not isinstance(visit.node, bpmn.StartEvent)]


@dataclass(eq=False)
class Deed:
    """Something done that can be undone, and by which node: another activity, or itself."""

    node: Node
    by: Node
    home: "bpmn.Scope"
    own: dict[str, Any]
    done: list["Deed"]


@dataclass(eq=False)
class Visit:
    """A token at a node; `home` is the scope that the node is drawn in."""

    node: Node
    home: "bpmn.Scope"
    run: Run
    flow: str = ""
    instance: int = 0
    open: set[int] = field(default_factory=set)
    done: int = 0
    total: int = 0
    queue: list[Any] = field(default_factory=list)
    results: dict[int, Any] = field(default_factory=dict)
    timers: dict[str, int] = field(default_factory=dict)  # event -> how often it may fire after this
    messages: dict[str, str] = field(default_factory=dict)  # message -> key
    signals: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    asked: bool = False  # a job
    stuck: bool = False
    own: dict[str, Any] = field(default_factory=dict)
    inside: Run | None = None
    called: bool = False
    undo: list[Deed] = field(default_factory=list)
    undoes: bool = False
    undoing: bool = False  # waits until all is undone
    leaves_by: str = ""
    number: int = field(default_factory=count().__next__)  # in the order of coming

    def description(self) -> tuple[object, ...]:
        """What is to be seen of it and inside it."""
        inner = sorted((repr(each.description()) for each in self.inside.visits), key=str) if self.inside else []
        return (
            self.node.id,
            self.instance,
            tuple(sorted(self.open)),
            self.done,
            tuple(sorted(self.timers)),
            tuple(sorted(self.messages.items())),
            tuple(sorted(self.signals)),
            tuple(sorted(self.conditions)),
            self.stuck,
            tuple(sorted((name, value) for name, value in self.own.items())),
            deeds_of(self.undo),
            deeds_of(self.inside.done if self.inside else []),
            tuple(inner),
        )


@dataclass
class Move:
    """A token on its way."""

    run: Run
    node: Node
    home: "bpmn.Scope"
    flow: str = ""
    instance: int = 0
    item: Any = None
    deed: Deed | None = None


# ---- the drawing -----------------------------------------------------------------------------------------------------


def nodes_of(scope: bpmn.Scope) -> dict[str, Node]:
    return {node.id: node for node in scope.nodes}


def outgoing(visit: Visit) -> list[SequenceFlow]:
    return [flow for flow in visit.home.flows if flow.source == visit.node.id]


def incoming(visit: Visit) -> list[SequenceFlow]:
    return [flow for flow in visit.home.flows if flow.target == visit.node.id]


def by_event(run: Run) -> list[tuple[bpmn.SubProcess, bpmn.StartEvent]]:
    """The event sub-processes of a run with their start events."""
    if run.drawn is None:
        return []
    subs = [each for each in run.drawn.nodes if isinstance(each, bpmn.SubProcess) and each.by_event]
    return [(each, next(n for n in each.nodes if isinstance(n, bpmn.StartEvent))) for each in subs]


def landing(scope: bpmn.Scope, link: str) -> Node:
    found = (each for each in scope.nodes if isinstance(each, bpmn.CatchEvent))
    return next(each for each in found if each.definition == bpmn.LinkDefinition(link))


def can_come(scope: bpmn.Scope, start: str, flow: SequenceFlow, join: str) -> bool:
    """Whether a way leads from a node to a flow without passing the join."""
    seen: set[str] = set()
    pending = [start]
    while pending:
        node = pending.pop()
        if node in seen or node == join:
            continue
        seen.add(node)
        if node == flow.source:
            return True
        pending += [each.target for each in scope.flows if each.source == node]
        for other in scope.nodes:
            if isinstance(other, bpmn.BoundaryEvent) and other.attached_to == node and not other.handler:
                pending.append(other.id)
            definition = getattr(other, "definition", None)
            if other.id == node and isinstance(definition, bpmn.LinkDefinition):
                pending.append(landing(scope, definition.link).id)
    return False


def loop_of(node: Node) -> bpmn.MultiInstance | None:
    return node.instances if isinstance(node, bpmn.Activity) else None


def asks_people(node: Any) -> bool:
    """Whether an activity is, or holds, a person's task; what a call leads to is not known."""
    if isinstance(node, bpmn.UserTask | bpmn.ManualTask | bpmn.CallActivity):
        return True
    return any(map(asks_people, getattr(node, "nodes", ())))


def is_task_only(node: Any) -> bool:
    """Whether the instances of an activity are tasks for people and nothing more."""
    own = node.inputs or node.outputs or node.instances.item or node.instances.result
    return isinstance(node, bpmn.UserTask | bpmn.ManualTask) and not own


def declared(visit: Visit) -> tuple[str, ...]:
    is_body = loop_of(visit.node) is not None and not visit.instance
    return visit.node.variables if isinstance(visit.node, bpmn.SubProcess) and not is_body else ()


def interrupts(event: Any) -> bool:
    return getattr(event, "interrupting", True) or isinstance(event.definition, bpmn.ErrorDefinition)


def interrupts_all(sub: bpmn.SubProcess) -> bool:
    return interrupts(next(each for each in sub.nodes if isinstance(each, bpmn.StartEvent)))


def compensates(node: Node) -> bool:
    if not isinstance(node, bpmn.SubProcess) or not node.by_event:
        return False
    starts = (each for each in node.nodes if isinstance(each, bpmn.StartEvent))
    return any(isinstance(start.definition, bpmn.CompensateDefinition) for start in starts)


def is_cancel(event: bpmn.BoundaryEvent) -> bool:
    return isinstance(event.definition, bpmn.CancelDefinition)


def deeds_of(deeds: list[Deed]) -> tuple[object, ...]:
    return tuple((deed.node.id, tuple(sorted(deed.own.items())), deeds_of(deed.done)) for deed in deeds)


def message_of(event: Any) -> str:
    definition = event if isinstance(event, bpmn.ReceiveTask) else event.definition
    return str(getattr(definition, "message", ""))


def signal_of(event: Any) -> str:
    return str(getattr(getattr(event, "definition", None), "signal", ""))
