"""Random processes: built from blocks, so that they look like what people draw, and wrong where people go wrong.

A sound block has one way in and one way out and gives every token back. `draw_blocks(sound=False)` also pairs the wrong
gateways: a choice ended by a join (which then waits for ever) and a fork ended by a merge (which goes on twice).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from tests.reference.workflow_drawing import draw
from tests.reference.workflow_machine import COMPLETIONS, CONDITIONS

from comptroller.domain.workflow import ProcessModel
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    MessageBoundary,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)


@dataclass(frozen=True)
class Work:
    """A task, with boundary events that lead straight behind it."""

    kind: str
    completion: str = ""
    boundaries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """One block after the other."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Choice:
    """One of two ways, or none; closed by a merge, or wrongly by a join."""

    blocks: tuple["Block", ...]
    conditions: tuple[str, ...]
    has_default: bool = True
    joined: bool = False


@dataclass(frozen=True)
class Fork:
    """All ways at once; closed by a join, or wrongly by a merge. `stops` adds a way that ends everything."""

    blocks: tuple["Block", ...]
    joined: bool = True
    stops: bool = False


@dataclass(frozen=True)
class Loop:
    """A block done again unless x is a."""

    block: "Block"


Block = Work | Chain | Choice | Fork | Loop

TASK_KINDS = ("service", "rule", "receive", "user", "one by one", "all at once")


def blocks(*, sound: bool) -> st.SearchStrategy[Block]:
    """Blocks of a few levels."""
    conditions = st.lists(st.sampled_from(sorted(CONDITIONS)), min_size=2, max_size=2).map(tuple)
    work = st.builds(
        Work,
        kind=st.sampled_from(TASK_KINDS),
        completion=st.sampled_from(sorted(COMPLETIONS)),
        boundaries=st.lists(st.sampled_from(("timer", "message")), max_size=2, unique=True).map(tuple)
        if sound
        else st.lists(st.sampled_from(("timer", "beside", "message")), max_size=3, unique=True).map(tuple),
    )

    def wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        some = st.lists(inner, min_size=2, max_size=3).map(tuple)
        free = st.just(value=True) if sound else st.booleans()
        return st.one_of(
            st.builds(Chain, some),
            st.builds(
                Choice,
                st.lists(inner, min_size=2, max_size=2).map(tuple),
                conditions,
                has_default=free,
                joined=free.map(lambda right: not right),
            ),
            st.builds(Fork, some, joined=free, stops=free.map(lambda right: not right)),
            st.builds(Loop, inner),
        )

    return st.recursive(work, wider, max_leaves=6)


def processes(*, sound: bool) -> st.SearchStrategy[ProcessModel]:
    """Whole processes."""
    return blocks(sound=sound).map(whole)


def whole(block: Block) -> ProcessModel:
    """The process that begins, does the block and ends."""
    sketch = _Sketch([StartEvent("in"), EndEvent("out", "Out")])
    for way in sketch.build(block, ["in"]):
        sketch.arrow(way, "out")
    return draw(*sketch.nodes, *sketch.arrows)


@dataclass
class _Sketch:
    """Nodes and arrows so far. `build` takes the loose ends it goes on from and gives the new ones."""

    nodes: list[Node]
    arrows: list[str] = field(default_factory=list)

    def add(self, node: Node) -> str:
        self.nodes.append(node)
        return node.id

    def name(self, kind: str) -> str:
        return f"{kind}{len(self.nodes)}"

    def arrow(self, end: str, target: str) -> None:
        """A loose end is a node, or `gate : condition`, or `gate >>` for a default."""
        source, colon, condition = end.partition(" : ")
        if source.endswith(" >>"):
            self.arrows.append(f"{source} {target}")
        else:
            self.arrows.append(f"{source} > {target}{colon}{condition}")

    def build(self, block: Block, ends: Sequence[str]) -> list[str]:
        match block:
            case Work():
                return self._work(block, ends)
            case Chain(inner):
                loose = list(ends)
                for part in inner:
                    loose = self.build(part, loose)
                return loose
            case Choice():
                return self._choice(block, ends)
            case Fork():
                return self._fork(block, ends)
            case Loop(inner_block):
                again = self._gate("again", ends)
                gate = self._gate("gate", self.build(inner_block, [again]))
                self.arrow(f"{gate} >>", again)
                return [f'{gate} : x = "a"']

    def _gate(self, kind: str, ends: Sequence[str], *, parallel: bool = False) -> str:
        key = self.name(kind)
        self.add(ParallelGateway(key) if parallel else ExclusiveGateway(key))
        for end in ends:
            self.arrow(end, key)
        return key

    def _work(self, work: Work, ends: Sequence[str]) -> list[str]:
        key = self.name("task")
        many = MultiInstance("people", work.kind == "one by one", work.completion)
        node: Node
        match work.kind:
            case "service":
                node = ServiceTask(key, "", "run")
            case "rule":
                node = BusinessRuleTask(key, "", "judge")
            case "receive":
                node = ReceiveTask(key, "", "answered")
            case kind:
                node = UserTask(key, "", "check", None if kind == "user" else many)
        self.add(node)
        for end in ends:
            self.arrow(end, key)
        for kind in work.boundaries:
            side = self.name(kind)
            if kind == "message":
                self.add(MessageBoundary(side, "", key, "changed"))
            else:
                self.add(TimerBoundary(side, "", key, "PT1H", interrupting=kind == "timer"))
        sides = [node.id for node in self.nodes if getattr(node, "attached_to", None) == key]
        return [self._gate("merge", [key, *sides])] if sides else [key]

    def _choice(self, choice: Choice, ends: Sequence[str]) -> list[str]:
        gate = self._gate("gate", ends)
        loose = []
        for block, condition in zip(choice.blocks, choice.conditions, strict=True):
            loose += self.build(block, [f"{gate} : {condition}"])
        if choice.has_default:
            safe = self.add(ServiceTask(self.name("safe"), "", "run"))
            self.arrow(f"{gate} >>", safe)
            loose.append(safe)
        return [self._gate("merge", loose, parallel=choice.joined)]

    def _fork(self, fork: Fork, ends: Sequence[str]) -> list[str]:
        split = self._gate("fork", ends, parallel=True)
        loose = []
        for block in fork.blocks:
            loose += self.build(block, [split])
        if fork.stops:
            self.arrow(split, self.add(UserTask(self.name("stop"), "", "check")))
            last = self.nodes[-1].id
            self.arrow(last, self.add(EndEvent(self.name("end"), "", terminates=True)))
        return [self._gate("join", loose, parallel=fork.joined)]
