"""Takes a running case over to another version of its process, token by token, and back again.

A mapping says which node of the new version a token of the old one stands on afterwards. Tokens keep their names, so
that the tasks that people have before them stay theirs. What a token waits for is kept where the new version waits
for it too, with the time that is left; what only the old one waited for is forgotten, what only the new one waits for
begins now. Nothing is guessed: a case whose mapping leaves anything open does not migrate, and every reason is told.

INVARIANT 8: a case changes its version by this recorded event alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.workflow import events
from comptroller.domain.workflow.applier import apply_all
from comptroller.domain.workflow.events import Event
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.machine import NO_CALLS, Advance
from comptroller.domain.workflow.model import InclusiveGateway, ParallelGateway, StartEvent, UserTask
from comptroller.domain.workflow.movement import Movement, Step, Surroundings
from comptroller.domain.workflow.process import ROOT, Catch, CatchKind, Library, Place, Process
from comptroller.domain.workflow.settling import settle
from comptroller.domain.workflow.state import Done, State, Status, Timer, Token
from comptroller.domain.workflow.waiting import await_all, prepare

Nodes = Mapping[str, str]
"""Which node of the new version stands for a node of the old one; events on the edge of activities among them."""


def propose(old: Process, new: Process) -> dict[str, str]:
    """The mapping that goes without saying: the same id, else the same name where each version has it once.

    Only nodes of one kind, in scopes that are mapped to one another, are the same.
    """
    nodes: dict[str, str] = {}
    by_name = {key: names[0] for key, names in _by_name(new).items() if len(names) == 1}
    for key, names in _by_name(old).items():
        for node in names:
            there = new.places.get(node)
            if there is not None and type(there.node) is type(old.places[node].node):
                nodes[node] = node
            elif len(names) == 1 and key in by_name and by_name[key] not in old.places:
                nodes[node] = by_name[key]
    wrong = [node for node, target in nodes.items() if not _in_same_scope(old, new, nodes, node, target)]
    return {node: target for node, target in nodes.items() if node not in wrong}


def can_migrate(old: Process, new: Process, nodes: Nodes, state: State) -> tuple[Fault, ...]:
    """Everything that keeps this case from being taken over; the path of a fault is a node of the old version."""
    if state.status in {Status.ENDED, Status.CANCELLED}:
        return (fault("MIGRATE-CASE-01", "", f"the case is already {state.status.value}"),)
    found: list[Fault] = []
    for token in _own_tokens(state):
        found += _check_token(old, new, nodes, state, token)
    for node in _kept_nodes(state):
        if nodes.get(node) != node:
            message = f"`{node}` was done and may have to be undone: it keeps its id"
            found.append(fault("MIGRATE-NODE-04", node, message))
    return tuple(dict.fromkeys(found))


def migrate(
    old: Process,
    new: Process,
    nodes: Nodes,
    state: State,
    now: datetime,
    *,
    calendar: ServiceCalendar | None = None,
    library: Library = NO_CALLS,
) -> Advance | Rejection:
    """Take the case over; afterwards it runs on `new`. A rejection carries every reason why it does not."""
    faults = can_migrate(old, new, nodes, state)
    if faults:
        message = f"the case stays on its version: {faults[0].message}"
        return Rejection(RejectionKind.INVALID, "MIGRATE-CASE-02", message, faults, help="map the nodes that are named")
    surroundings = Surroundings(now, calendar, library)
    closing = Movement(old, state, surroundings)
    taken = _close(closing, new, nodes, state)
    opening = Movement(new, closing.draft.state(), surroundings)
    own = {token: nodes[at.node] for token, at in closing.tokens.items() if token in set(_own_tokens(state))}
    opening.emit(events.CaseMigrated(new.hash, own))
    _open(opening, new, taken)
    settle(opening)
    return Advance((*closing.draft.events, *opening.draft.events), opening.draft.state())


def replay(happened: Iterable[Event], versions: Mapping[str, Process]) -> State:
    """The state after all events of a case that may have migrated; `versions` are its processes by hash."""
    state: State | None = None
    stretch: list[Event] = []
    version = ""
    for event in happened:
        if isinstance(event, events.CaseStarted | events.CaseMigrated):
            state = apply_all(versions[version], state, stretch) if stretch else state
            version, stretch = event.process, []
        stretch.append(event)
    return apply_all(versions[version], state, stretch)


# Checking


def _by_name(process: Process) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for key, place in process.places.items():
        name = str(getattr(place.node, "name", "") or key)
        found.setdefault((type(place.node).__name__, name), []).append(key)
    return found


def _in_same_scope(old: Process, new: Process, nodes: Nodes, node: str, target: str) -> bool:
    before, after = old.places[node].scope, new.places[target].scope
    return after == (nodes.get(before) if before != ROOT else ROOT)


def _own_tokens(state: State) -> Iterator[str]:
    """The tokens that stand on nodes of the case's own process, not in one that it calls."""
    for token in state.tokens:
        scope = state.tokens[token].scope
        while scope and not state.tokens[scope].inside.process:
            scope = state.tokens[scope].scope
        if not scope:
            yield token


def _kept_nodes(state: State) -> Iterator[str]:
    """The nodes of activities that were done and may have to be undone."""
    yield from _undoable(state.done)
    for token in _own_tokens(state):
        inside = state.tokens[token].inside
        if not inside.process:
            yield from _undoable((*inside.done, *inside.undo))


def _undoable(done: Iterable[Done]) -> Iterator[str]:
    for each in done:
        yield each.node
        yield from _undoable(each.done)


def _check_token(old: Process, new: Process, nodes: Nodes, state: State, token: str) -> Iterator[Fault]:
    at = state.tokens[token]
    place, target = old.places[at.node], nodes.get(at.node, "")
    if isinstance(place.node, StartEvent) and not target:
        return  # it only watched for an event sub-process that is no more
    there = new.places.get(target)
    if there is None:
        yield fault("MIGRATE-NODE-01", at.node, f"a token stands on `{at.node}`, which is mapped to nothing")
        return
    if type(there.node) is not type(place.node):
        yield fault("MIGRATE-NODE-02", at.node, f"`{target}` is another kind of element than `{at.node}`")
        return
    if not _in_same_scope(old, new, nodes, at.node, target):
        message = f"`{target}` does not lie in the scope that stands for that of `{at.node}`"
        yield fault("MIGRATE-NODE-03", at.node, message)
    yield from _check_work(at, place, there)


def _check_work(at: Token, place: Place, there: Place) -> Iterator[Fault]:
    """What is under way at a node must be the same work there."""
    node = at.node
    if isinstance(place.node, UserTask) and isinstance(there.node, UserTask) and place.node.kind != there.node.kind:
        message = f"people are asked for `{place.node.kind}` at `{node}`, there for `{there.node.kind}`"
        yield fault("MIGRATE-WORK-01", node, message)
    if (place.instances is None) != (there.instances is None) or (
        place.instances and there.instances and place.instances.sequential != there.instances.sequential
    ):
        yield fault("MIGRATE-WORK-02", node, f"`{node}` has other instances there")
    if isinstance(place.node, ParallelGateway | InclusiveGateway) and at.flow not in there.incoming:
        yield fault("MIGRATE-WORK-03", node, f"the token at the join came over `{at.flow}`, which does not lead there")
    if not at.incident and _awaited(place.own) != _awaited(there.own):
        yield fault("MIGRATE-WORK-04", node, f"`{node}` waits for something else there")


def _awaited(catches: Iterable[Catch]) -> Counter[tuple[str, str]]:
    return Counter((catch.kind.value, catch.name) for catch in catches)


# Moving


def _close(move: Movement, new: Process, nodes: Nodes, state: State) -> dict[str, list[Timer]]:
    """Forget what is not waited for any more; answers the timers that go on, under their new names, by token."""
    going_on: dict[str, list[Timer]] = {}
    for token in tuple(_own_tokens(state)):
        at = state.tokens[token]
        if at.node not in nodes:
            move.abandon(token)
            continue
        there = {catch.id: catch for catch in _waits_at(new.places[nodes[at.node]])}
        for timer in at.timers:
            name = nodes.get(timer.id, "") if timer.id != at.node else nodes[at.node]
            if name != timer.id or name not in there:
                move.emit(events.TimerCancelled(token, at.node, timer.id))
                if name in there:
                    going_on.setdefault(token, []).append(Timer(name, timer.due, timer.left))
        _forget_names(move, token, at, {(catch.kind, catch.name) for catch in there.values()})
        for condition in at.conditions:
            if nodes.get(condition, "") != condition or condition not in there:
                move.emit(events.ConditionForgotten(token, at.node, condition))
    return going_on


def _forget_names(move: Movement, token: str, at: Token, there: set[tuple[CatchKind, str]]) -> None:
    for message in at.messages:
        if (CatchKind.MESSAGE, message) not in there:
            move.emit(events.MessageForgotten(token, at.node, message))
    for signal in at.signals:
        if (CatchKind.SIGNAL, signal) not in there:
            move.emit(events.SignalForgotten(token, at.node, signal))


def _open(move: Movement, new: Process, going_on: Mapping[str, list[Timer]]) -> None:
    """Set the timers that go on, and wait for what only the new version waits for."""
    for token in tuple(_own_tokens(move.draft.state())):
        for timer in going_on.get(token, ()):
            node = move.tokens[token].node
            left = timer.left
            move.emit(
                events.TimerSet(token, node, timer.id, timer.due)
                if left is None
                else events.CycleSet(token, node, timer.id, timer.due, left)
            )
        at, place = move.tokens[token], move.place(token)
        if at.incident or at.instance or at.inside.undoes:
            continue
        missing = [catch for catch in place.boundary if not _is_awaited(at, catch)]
        await_all(move, token, prepare(move, token, missing) or ())
    watched = {at.node for at in move.tokens.values()}
    for each in new.plans[ROOT].by_event:
        if each.catch is not None and each.start not in watched:
            token = move.enter(Step(ROOT, "", each.start))
            await_all(move, token, prepare(move, token, [each.catch]) or ())


def _waits_at(place: Place) -> tuple[Catch, ...]:
    return (*place.own, *place.boundary)


def _is_awaited(at: Token, catch: Catch) -> bool:
    match catch.kind:
        case CatchKind.TIMER:
            return any(timer.id == catch.id for timer in at.timers)
        case CatchKind.MESSAGE:
            return catch.name in at.messages
        case CatchKind.SIGNAL:
            return catch.name in at.signals
        case CatchKind.CONDITION:
            return catch.id in at.conditions
