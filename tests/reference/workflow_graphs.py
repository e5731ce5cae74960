"""Random processes: built from blocks, so that they look like what people draw, and wrong where people go wrong.

A sound block has one way in and one way out and gives every token back. `processes(sound=False)` also pairs the wrong
gateways: a choice ended by a join (which then waits for ever) and a fork ended by a merge (which goes on twice).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st
from tests.reference.workflow_drawing import draw, sub
from tests.reference.workflow_texts import COMPLETIONS, CONDITIONS, PLAIN_CONDITIONS

from comptroller.domain.workflow import ProcessModel
from comptroller.domain.workflow.model import (
    Assignment,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    CancelDefinition,
    CatchEvent,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventBasedGateway,
    EventDefinition,
    ExclusiveGateway,
    InclusiveGateway,
    LinkDefinition,
    ManualTask,
    MessageDefinition,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    SubProcess,
    TerminateDefinition,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
    UserTask,
)


@dataclass(frozen=True)
class Work:
    """An activity, with boundary events that lead straight behind it; `undoable` by a handler of its own."""

    kind: str
    completion: str = ""
    boundaries: tuple[str, ...] = ()
    undoable: bool = False


@dataclass(frozen=True)
class Tell:
    """An event that throws, or a jump."""

    kind: str


@dataclass(frozen=True)
class Chain:
    """One block after the other."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Choice:
    """One of two ways, or none; closed by a merge, or wrongly by a join. An inclusive one takes several."""

    blocks: tuple["Block", ...]
    conditions: tuple[str, ...]
    has_default: bool = True
    joined: bool = False
    inclusive: bool = False


@dataclass(frozen=True)
class Race:
    """The first of some events decides which way is taken."""

    blocks: tuple["Block", ...]
    events: tuple[str, ...]


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


@dataclass(frozen=True)
class Inside:
    """A sub-process, or a call. `ending` is how it may end besides plainly; `handlers` are its event sub-processes."""

    block: "Block"
    kind: str = "plain"  # plain, many, each, transaction, call
    ending: str = ""
    boundaries: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    undoable: bool = False


Block = Work | Tell | Chain | Choice | Race | Fork | Loop | Inside

EVENTS: dict[str, EventDefinition] = {
    "timer": TimerDefinition("PT1H"),
    "cycle": TimerDefinition("R3/PT1H", TimerKind.CYCLE),
    "message": MessageDefinition("changed"),
    "keyed": MessageDefinition("told", '"a"'),
    "unsure": MessageDefinition("told", "x"),
    "signal": SignalDefinition("alarm"),
    "condition": ConditionalDefinition('x = "b"'),
    "erring": ConditionalDefinition("x"),
    "error": ErrorDefinition("e1"),
    "any error": ErrorDefinition(""),
    "escalation": EscalationDefinition("u1"),
    "cancel": CancelDefinition(),
}
BESIDE: dict[str, EventDefinition] = {
    "timer beside": TimerDefinition("PT1H"),
    "cycle beside": TimerDefinition("R2/PT1H", TimerKind.CYCLE),
    "message beside": MessageDefinition("news"),
    "signal beside": SignalDefinition("horn"),
    "condition beside": ConditionalDefinition('y = "a"'),
    "erring beside": ConditionalDefinition("x"),
    "escalation beside": EscalationDefinition(""),
}
"""Those that do not interrupt; nothing in a process throws what they take over and over."""

THROWN: dict[str, EventDefinition] = {
    "error": ErrorDefinition("e1"),
    "other error": ErrorDefinition("e2"),
    "escalation": EscalationDefinition("u1"),
    "signal": SignalDefinition("alarm"),
    "undo": CompensateDefinition(),
    "cancel": CancelDefinition(),
    "terminate": TerminateDefinition(),
}
TOLD: dict[str, EventDefinition | None] = {
    "nothing": None,
    "signal": SignalDefinition("alarm"),
    "message": MessageDefinition("news", '"a"'),
    "escalation": EscalationDefinition("u1"),
    "undo": CompensateDefinition(),
    "link": None,
}

WORK_KINDS = (
    *("service", "rule", "receive", "user", "one by one", "all at once", "manual", "send", "script", "other script"),
    *("many services", "services in turn", "own user tasks", "keyed receive", "counted", "mapped"),
)
CATCH_KINDS = ("timer", "cycle", "message", "keyed", "signal")
RACED = ("timer", "message", "keyed", "signal", "receive")


def blocks(*, sound: bool) -> st.SearchStrategy[Block]:
    """Blocks of a few levels."""
    conditions = st.lists(st.sampled_from(PLAIN_CONDITIONS if sound else sorted(CONDITIONS)), min_size=2, max_size=2)
    sides = ["timer", "message", "signal", "keyed", "condition"]
    besides = [] if sound else [*BESIDE, "cycle", "unsure", "erring", "error", "any error"]
    boundaries = st.lists(st.sampled_from([*sides, *besides]), max_size=2, unique=True).map(_one_of_a_name)
    events = () if sound else ("catch condition", "catch unsure")
    work = st.builds(
        Work,
        kind=st.sampled_from((*WORK_KINDS, *(f"catch {kind}" for kind in CATCH_KINDS), *events)),
        completion=st.sampled_from(sorted(COMPLETIONS)),
        boundaries=boundaries,
        undoable=st.booleans(),
    )
    leaf = st.one_of(work, work, st.builds(Tell, st.sampled_from(sorted(TOLD))), _undone(work))

    def wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        some = st.lists(inner, min_size=2, max_size=3).map(tuple)
        free = st.just(value=True) if sound else st.booleans()
        two = st.lists(inner, min_size=2, max_size=2).map(tuple)
        return st.one_of(
            st.builds(Chain, some),
            st.builds(
                Choice,
                two,
                conditions.map(tuple),
                has_default=free,
                joined=free.map(lambda right: not right),
                inclusive=st.booleans(),
            ),
            st.builds(Race, two, st.lists(st.sampled_from(RACED), min_size=2, max_size=2, unique=True).map(tuple)),
            st.builds(Fork, some, joined=free, stops=free.map(lambda right: not right)),
            st.builds(Loop, inner),
            insides(inner, sound=sound),
            _undone(insides(inner, sound=sound)),
        )

    return st.recursive(leaf, wider, max_leaves=8)


def _undone(block: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """A block, then everything is undone."""
    return block.map(lambda done: Chain((done, Tell("undo"))))


def insides(inner: st.SearchStrategy[Block], *, sound: bool) -> st.SearchStrategy[Block]:
    """Sub-processes and calls around blocks; what a sound one throws is always taken."""
    endings = ("", "error", "escalation", "signal", "undo", "cancel", "terminate")
    beside = () if sound else ("message beside", "timer beside", "escalation beside", "signal beside", "cycle beside")
    handlers = (
        "message",
        "timer",
        "any error",
        "escalation",
        "condition",
        "undo",
        *(() if sound else ("erring",)),
        *beside,
    )
    made = st.builds(
        Inside,
        inner,
        kind=st.sampled_from(("plain", "plain", "many", "each", "transaction", "call")),
        ending=st.sampled_from(endings if sound else (*endings, "other error")),
        boundaries=st.lists(
            st.sampled_from(("timer", "message", "signal", "escalation", *beside)), max_size=2, unique=True
        ).map(_one_of_a_name),
        handlers=st.lists(st.sampled_from(handlers), max_size=2, unique=True).map(_one_of_a_name),
        undoable=st.booleans(),
    )
    return made.map(_caught) if sound else made


def _caught(inside: Inside) -> Inside:
    """With a boundary event for the error that it may end with."""
    return Inside(
        inside.block,
        inside.kind,
        inside.ending,
        tuple(dict.fromkeys((*inside.boundaries, "any error"))) if inside.ending == "error" else inside.boundaries,
        inside.handlers,
        inside.undoable,
    )


def _one_of_a_name(kinds: list[str]) -> tuple[str, ...]:
    """Not two events that a place would take under one name."""
    return tuple(kind for kind in kinds if not (kind == "unsure" and "keyed" in kinds))


Drawn = tuple[ProcessModel, tuple[ProcessModel, ...]]
"""A process and those that it calls."""


def processes(*, sound: bool) -> st.SearchStrategy[Drawn]:
    """Whole processes."""
    handlers = st.just(()) if sound else st.lists(st.sampled_from(("message", "timer beside", "any error")), max_size=1)
    return st.builds(whole, blocks(sound=sound), handlers.map(tuple), st.sampled_from(("", "", "undo", "terminate")))


def free_processes() -> st.SearchStrategy[ProcessModel]:
    """Tasks and gateways with arrows between any of them, as nothing keeps anybody from drawing."""
    kinds = st.lists(st.sampled_from(("task", "task", "choice", "fork", "some")), min_size=2, max_size=7)
    return kinds.flatmap(_freely)


def _freely(kinds: list[str]) -> st.SearchStrategy[ProcessModel]:
    names = [f"{kind}{number}" for number, kind in enumerate(kinds)]
    targets = st.lists(st.sampled_from([*names, "out", "other"]), min_size=1, max_size=2, unique=True)
    return st.lists(targets, min_size=len(names), max_size=len(names)).map(
        lambda ways: _linked(dict(zip(names, ways, strict=True)))
    )


def _linked(ways: dict[str, list[str]]) -> ProcessModel:
    """The process that begins at the first node, with the nodes that can be come to."""
    first = next(iter(ways))
    reached, pending = {first}, [first]
    while pending:
        for target in ways.get(pending.pop(), ()):
            if target not in reached:
                reached.add(target)
                pending.append(target)
    parts: list[Node | str] = [StartEvent("in"), f"in > {first}"]
    parts += [EndEvent(name) for name in ("out", "other") if name in reached]
    for name, targets in ways.items():
        if name not in reached:
            continue
        parts.append(_FREE[name.rstrip("0123456789")](name))
        chooses = name.startswith(("choice", "some")) and len(targets) > 1
        arrows = [f"{name} > {target}" for target in targets]
        parts += [arrows[0].replace(" > ", " >> "), f'{arrows[1]} : x = "a"'] if chooses else arrows
    return draw(*parts)


_FREE: dict[str, Callable[[str], Node]] = {
    "task": lambda name: UserTask(name, "", "approval"),
    "choice": ExclusiveGateway,
    "fork": ParallelGateway,
    "some": InclusiveGateway,
}


def misjoined() -> st.SearchStrategy[Drawn]:
    """Processes with a join of alternatives."""
    two = st.lists(blocks(sound=False), min_size=2, max_size=2).map(tuple)
    return st.builds(Choice, two, st.just(PLAIN_CONDITIONS[:2]), joined=st.just(value=True)).map(whole)


def whole(
    block: Block, handlers: tuple[str, ...] = (), ending: str = ""
) -> tuple[ProcessModel, tuple[ProcessModel, ...]]:
    """The process that begins, does the block and ends, with those that it calls."""
    called: list[ProcessModel] = []
    sketch = _Sketch(count(), called)
    sketch.whole(block, handlers, ending)
    return draw(*sketch.nodes, *sketch.arrows), tuple(called)


@dataclass
class _Sketch:
    """Nodes and arrows of a scope so far. `build` takes the loose ends it goes on from and gives the new ones."""

    numbers: "count[int]"
    called: list[ProcessModel]
    nodes: list[Node] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)

    def whole(self, block: Block, handlers: tuple[str, ...] = (), ending: str = "") -> None:
        """A start, the block, an end, and what may happen meanwhile."""
        ends = self.build(block, [self.add(StartEvent(self.name("in")))])
        if ending:
            gate = self._gate("gate", ends)
            self.arrow(f'{gate} : x = "b"', self.add(EndEvent(self.name("special"), "", THROWN[ending])))
            ends = [f"{gate} >>"]
        out = self.add(EndEvent(self.name("out"), "Out"))
        for end in ends:
            self.arrow(end, out)
        for kind in handlers:
            self._handler(kind)

    def add(self, node: Node) -> str:
        self.nodes.append(node)
        return node.id

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

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
            case Tell(kind):
                return self._tell(kind, ends)
            case Chain(inner):
                loose = list(ends)
                for part in inner:
                    loose = self.build(part, loose)
                return loose
            case Choice():
                return self._choice(block, ends)
            case Race():
                return self._race(block, ends)
            case Fork():
                return self._fork(block, ends)
            case Loop(inner_block):
                again = self._gate("again", ends)
                waited = self.build(Work("service"), self.build(inner_block, [again]))
                gate = self._gate("gate", waited)
                self.arrow(f"{gate} >>", again)
                return [f'{gate} : x = "a"']
            case Inside():
                return self._inside(block, ends)

    def _gate(self, kind: str, ends: Sequence[str], *, parallel: bool = False, inclusive: bool = False) -> str:
        key = self.name(kind)
        self.add(ParallelGateway(key) if parallel else InclusiveGateway(key) if inclusive else ExclusiveGateway(key))
        for end in ends:
            self.arrow(end, key)
        return key

    def _reach(self, ends: Sequence[str], node: Node) -> str:
        for end in ends:
            self.arrow(end, node.id)
        return self.add(node)

    # ---- activities --------------------------------------------------------------------------------------------------

    def _work(self, work: Work, ends: Sequence[str]) -> list[str]:
        if work.kind.startswith("catch "):
            event = EVENTS[work.kind.removeprefix("catch ")]
            return [self._reach(ends, CatchEvent(self.name("catch"), "", event))]
        key = self._reach(ends, _task(self.name("task"), work))
        boundaries = work.boundaries
        if work.kind in {"receive", "keyed receive"}:
            boundaries = tuple(kind for kind in boundaries if kind not in {"keyed", "unsure"})
        return self._edge(
            key, boundaries, undoable=work.undoable and getattr(self.nodes[-1], "instances", None) is None
        )

    def _edge(self, key: str, boundaries: tuple[str, ...], *, undoable: bool) -> list[str]:
        """Put boundary events on an activity; all their ways merge behind it."""
        sides = []
        for kind in boundaries:
            side = self.name(kind.replace(" ", "-"))
            definition = EVENTS.get(kind) or BESIDE[kind]
            sides.append(self.add(BoundaryEvent(side, "", key, definition, interrupting=kind in EVENTS)))
        if undoable:
            handler = self.add(ServiceTask(self.name("undo"), "", "undo", for_compensation=True))
            self.add(BoundaryEvent(self.name("undone"), "", key, CompensateDefinition(), handler=handler))
        return [self._gate("merge", [key, *sides])] if sides else [key]

    def _inside(self, inside: Inside, ends: Sequence[str]) -> list[str]:
        ending = inside.ending if inside.kind == "transaction" or inside.ending != "cancel" else ""
        inner = _Sketch(self.numbers, self.called)
        inner.whole(inside.block, inside.handlers, ending)
        boundaries = (*inside.boundaries, "cancel") if ending == "cancel" else inside.boundaries
        key = self.name(inside.kind)
        if inside.kind == "call":
            name = f"called{len(self.called)}"
            self.called.append(draw(*inner.nodes, *inner.arrows, name=name))
            handed = (Assignment("x", "x"), Assignment("people", "people"))
            self._reach(ends, CallActivity(key, "", name, inputs=handed, outputs=(Assignment("x", "x"),)))
        else:
            loop = None
            if inside.kind in {"many", "each"}:
                loop = MultiInstance("people", inside.kind == "each", item="item")
            transaction = inside.kind == "transaction"
            more = {"variables": ("y",), "instances": loop, "transaction": transaction}
            self._reach(ends, sub(key, *inner.nodes, *inner.arrows, **more))
        return self._edge(key, boundaries, undoable=inside.undoable and inside.kind not in {"many", "each"})

    def _handler(self, kind: str) -> None:
        """An event sub-process."""
        definition: EventDefinition = (EVENTS | BESIDE | {"undo": CompensateDefinition()})[kind]
        start, task, end = (self.name(part) for part in ("begin", "task", "done"))
        parts: list[Node | str] = [
            StartEvent(start, "", definition, interrupting=kind not in BESIDE),
            ServiceTask(task, "", "run"),
            EndEvent(end),
            f"{start} > {task} > {end}",
        ]
        self.add(sub(self.name("handler"), *parts, by_event=True))

    # ---- events ------------------------------------------------------------------------------------------------------

    def _tell(self, kind: str, ends: Sequence[str]) -> list[str]:
        if kind == "link":
            name = self.name("link")
            self._reach(ends, ThrowEvent(self.name("jump"), "", LinkDefinition(name)))
            return [self.add(CatchEvent(self.name("landing"), "", LinkDefinition(name)))]
        carried = (Assignment("y", "x"),) if kind in {"signal", "message"} else ()
        return [self._reach(ends, ThrowEvent(self.name("tell"), "", TOLD[kind], carried))]

    def _race(self, race: Race, ends: Sequence[str]) -> list[str]:
        gate = self._reach(ends, EventBasedGateway(self.name("race")))
        loose = []
        for block, kind in zip(race.blocks, race.events, strict=True):
            key = self.name("first")
            event: Node = ReceiveTask(key, "", "answered") if kind == "receive" else CatchEvent(key, "", EVENTS[kind])
            loose += self.build(block, [self._reach([gate], event)])
        return [self._gate("merge", loose)]

    # ---- gateways ----------------------------------------------------------------------------------------------------

    def _choice(self, choice: Choice, ends: Sequence[str]) -> list[str]:
        gate = self._gate("gate", ends, inclusive=choice.inclusive)
        loose = []
        for block, condition in zip(choice.blocks, choice.conditions, strict=True):
            loose += self.build(block, [f"{gate} : {condition}"])
        if choice.has_default:
            safe = self.add(ServiceTask(self.name("safe"), "", "run"))
            self.arrow(f"{gate} >>", safe)
            loose.append(safe)
        return [self._gate("merge", loose, parallel=choice.joined, inclusive=choice.inclusive)]

    def _fork(self, fork: Fork, ends: Sequence[str]) -> list[str]:
        split = self._gate("fork", ends, parallel=True)
        loose = []
        for block in fork.blocks:
            loose += self.build(block, [split])
        if fork.stops:
            self.arrow(split, self.add(UserTask(self.name("stop"), "", "check")))
            last = self.nodes[-1].id
            self.arrow(last, self.add(EndEvent(self.name("end"), "", TerminateDefinition())))
        return [self._gate("join", loose, parallel=fork.joined)]


def _task(key: str, work: Work) -> Node:
    many = MultiInstance("people", work.kind == "one by one", work.completion)
    collected = MultiInstance(
        "people", work.kind == "services in turn", work.completion, item="item", result="found", result_item="inner"
    )
    each = MultiInstance("people", sequential=False, completion=work.completion, item="item")
    twice = MultiInstance("2", sequential=False, counted=True)
    given, kept = (Assignment("inner", "x"),), (Assignment("y", "inner"), Assignment("x", '"a"'))
    tasks: dict[str, Node] = {
        "service": ServiceTask(key, "", "run"),
        "rule": BusinessRuleTask(key, "", "judge"),
        "receive": ReceiveTask(key, "", "answered"),
        "keyed receive": ReceiveTask(key, "", "told", '"a"'),
        "user": UserTask(key, "", "check"),
        "one by one": UserTask(key, "", "check", instances=many),
        "all at once": UserTask(key, "", "check", instances=many),
        "manual": ManualTask(key, ""),
        "send": SendTask(key, "", "news", '"a"', inputs=(Assignment("y", "x"),)),
        "script": ScriptTask(key, "", '"a"', "y"),
        "other script": ScriptTask(key, "", '"b"', "y"),
        "many services": ServiceTask(key, "", "run", instances=collected),
        "services in turn": ServiceTask(key, "", "run", instances=collected),
        "own user tasks": UserTask(key, "", "check", instances=each, inputs=(Assignment("inner", "item"),)),
        "counted": BusinessRuleTask(key, "", "judge", instances=twice),
        "mapped": ServiceTask(key, "", "run", inputs=given, outputs=kept),
    }
    return tasks[work.kind]


def sub_processes(nodes: Sequence[Node]) -> list[SubProcess]:
    """The sub-processes among nodes, and within them."""
    found = [node for node in nodes if isinstance(node, SubProcess)]
    return [*found, *(inner for node in found for inner in sub_processes(node.nodes))]
