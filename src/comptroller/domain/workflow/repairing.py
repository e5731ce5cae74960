"""What an operator may do to a case that is stuck or must wait: never past a control, never in a person's place.

Five rules keep a repair from being a bypass. A token is *tried again* only where it has an incident. It is *skipped*
only at a service whose author says that it may be left out. It is *moved back* only to a node that every way to where
it stands leads through, so that all that lies between is passed again. Neither way it passes a service *again* whose
effect is recorded: what is posted or paid is not posted or paid twice. Data are *corrected* only in variables that the
process declares to be correctable; what decisions and people have answered is not among them.

While a case is suspended nothing answers it: timers, messages and people are rejected, and are not lost.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import assert_never

from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import events
from comptroller.domain.workflow.commands import Correct, MoveBack, Repair, Resume, Retry, Skip, Suspend
from comptroller.domain.workflow.finishing import complete
from comptroller.domain.workflow.model import CallActivity, EventBasedGateway, ExclusiveGateway, ServiceTask
from comptroller.domain.workflow.movement import Movement, Step
from comptroller.domain.workflow.process import ROOT, Place, Process
from comptroller.domain.workflow.state import Status, Token
from comptroller.domain.workflow.waiting import watch


def repair(move: Movement, command: Repair) -> Rejection | None:
    """Do what an operator asks, or say why not."""
    match command:
        case Suspend():
            if move.draft.status is Status.SUSPENDED:
                return _conflict("WORKFLOW-REPAIR-01", "the case is suspended already")
            move.emit(events.CaseSuspended(command.reason))
        case Resume():
            if move.draft.status is not Status.SUSPENDED:
                return _conflict("WORKFLOW-REPAIR-02", "the case is not suspended")
            move.emit(events.CaseResumed())
            move.varied = True  # data may have been corrected meanwhile
        case Correct():
            return _correct(move, command)
        case Retry() | Skip() | MoveBack():
            return _repair_token(move, command)
        case _:
            assert_never(command)
    return None


def _correct(move: Movement, command: Correct) -> Rejection | None:
    allowed = move.definition_of(ROOT).correctable
    refused = sorted(name for name in command.variables if name not in allowed)
    if refused:
        message = f"the process does not let `{'`, `'.join(refused)}` be corrected"
        return _invalid("WORKFLOW-REPAIR-03", message, "correct what was handed in instead")
    move.assign(ROOT, command.variables)
    return None


def _repair_token(move: Movement, command: Retry | Skip | MoveBack) -> Rejection | None:
    at = move.tokens.get(command.token)
    if at is None:
        return _conflict("WORKFLOW-TOKEN-01", f"the token `{command.token}` waits nowhere: gone on, or never there")
    if move.draft.status is Status.SUSPENDED:
        return _conflict("WORKFLOW-REPAIR-08", "the case is suspended: resume it first")
    if at.instance or at.inside.undoes or at.inside.undo:
        message = "an instance, and what is being undone, is repaired with the activity around it"
        return _conflict("WORKFLOW-REPAIR-04", message)
    match command:
        case Retry():
            return _retry(move, command, at)
        case Skip():
            return _skip(move, command, at)
        case MoveBack():
            return _move_back(move, command, at)
    assert_never(command)


def _retry(move: Movement, command: Retry, at: Token) -> Rejection | None:
    if not at.incident:
        return _conflict("WORKFLOW-REPAIR-05", f"nothing has failed at `{at.node}`")
    done = _done_among(move.definition_of(at.scope), {at.node}, command.done)
    if done:
        return _done_already(done)
    move.abandon(command.token)
    plan = move.plan(at.scope)
    if plan is not None and any(each.start == at.node for each in plan.by_event):
        watch(move, at.scope, at.node)  # it waits for what begins an event sub-process
    else:
        move.steps.append(Step(at.scope, at.flow, at.node))
    return None


def _skip(move: Movement, command: Skip, at: Token) -> Rejection | None:
    node = move.place(command.token).node
    if not isinstance(node, ServiceTask) or not node.skippable:
        message = f"`{at.node}` is no service that the process lets be left out"
        return _invalid("WORKFLOW-REPAIR-06", message, "try it again, or move the token back")
    if not at.incident:
        move.emit(events.JobWithdrawn(command.token, at.node))
    complete(move, command.token, {})
    return None


def _move_back(move: Movement, command: MoveBack, at: Token) -> Rejection | None:
    alone = [key for key in move.inside(at.scope) if not move.watches(key)] == [command.token]
    definition = move.definition_of(at.scope)
    before = certainly_before(definition, at.node, alone=alone, done=command.done)
    if command.node not in before and command.node in certainly_before(definition, at.node, alone=alone):
        return _done_already(_done_between(definition, command.node, at.node, command.done))
    if command.node not in before:
        message = f"not every way to `{at.node}` leads through `{command.node}`"
        return _invalid("WORKFLOW-REPAIR-07", message, f"move it to one of: {', '.join(before) or 'none'}")
    move.abandon(command.token)
    move.steps.append(Step(at.scope, "", command.node))
    return None


def certainly_before(definition: Process, node: str, *, alone: bool, done: Collection[str] = ()) -> tuple[str, ...]:
    """The nodes of a scope that every way from its beginning to this node passes, in the order of passing.

    They are the node's dominators, found by leaving one node out at a time: a scope has few nodes. Where the token is
    not `alone`, those before the gateway that divided the way are left out: the others would go on beside it twice.
    So are those from which a way leads over a service that has `done` what nobody takes back.
    """
    scope = definition.places[node].scope
    nodes = [key for key, place in definition.places.items() if place.scope == scope]
    ways = _ways(definition, scope)
    begins = [key for key in nodes if not any(key in targets for targets in ways.values())]
    passed = [each for each in nodes if each != node and node not in _reached(begins, ways, without=each)]
    free = [each for each in passed if alone or not _is_divided_between(definition, each, node, ways)]
    free = [each for each in free if not _done_between(definition, each, node, done)]
    return tuple(sorted(free, key=lambda each: len(_reached(begins, ways, without=each))))


def _done_between(definition: Process, first: str, last: str, done: Collection[str]) -> str:
    """The node of a service on a way from the first to the last node, both included, whose effect is recorded."""
    if not done:
        return ""
    ways = _ways(definition, definition.places[last].scope)
    return _done_among(definition, {first, last, *_between(first, last, ways)}, done)


def _done_among(definition: Process, nodes: Collection[str], done: Collection[str]) -> str:
    """The node of such a service among nodes or inside of them; what a call has done is not known: any of it."""
    for key, place in definition.places.items():
        within = key
        while within and within not in nodes:
            within = definition.places[within].scope
        node = place.node
        is_done = isinstance(node, ServiceTask) and node.service in done
        if within and (is_done or (done and isinstance(node, CallActivity))):
            return key
    return ""


def _done_already(node: str) -> Rejection:
    message = f"`{node}` has had its effect, and would have it again"
    help_text = "have the case go on by a version that leads on from here; what was done is reversed by a new case"
    return Rejection(RejectionKind.CONFLICT, "WORKFLOW-REPAIR-09", message, help=help_text)


def _ways(definition: Process, scope: str) -> Mapping[str, tuple[str, ...]]:
    """Where each node of a scope leads."""
    inside = (key for key, place in definition.places.items() if place.scope == scope)
    return {key: tuple(_onward(definition, key)) for key in inside}


def _onward(definition: Process, node: str) -> Iterable[str]:
    place = definition.places[node]
    yield from (flow.target for flow in place.outgoing)
    yield from (catch.id for catch in place.boundary)
    yield from (handler.id for handler in place.handlers)
    if place.cancelled_to:
        yield place.cancelled_to


def _reached(begins: Iterable[str], ways: Mapping[str, tuple[str, ...]], *, without: str = "") -> set[str]:
    found: set[str] = set()
    left = [begin for begin in begins if begin != without]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left.extend(target for target in ways.get(key, ()) if target != without)
    return found


def _is_divided_between(definition: Process, first: str, last: str, ways: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether one token at `first` may be several by the time that one of them is at `last`."""
    return any(_divides(definition.places[key]) for key in _between(first, last, ways))


def _between(first: str, last: str, ways: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The nodes on a way from the first node to the last, without that one."""
    return {key for key in _reached([first], ways) if key != last and last in _reached([key], ways)}


def _divides(place: Place) -> bool:
    """Whether one token that comes may go on as several."""
    ways = len(place.outgoing)
    chooses = isinstance(place.node, ExclusiveGateway | EventBasedGateway)
    beside = any(not catch.interrupting for catch in place.boundary) or any(
        not handler.interrupting for handler in place.handlers
    )
    return beside or (ways > 1 and not chooses)


def _conflict(code: str, message: str) -> Rejection:
    return Rejection(RejectionKind.CONFLICT, code, message)


def _invalid(code: str, message: str, help_text: str) -> Rejection:
    return Rejection(RejectionKind.INVALID, code, message, help=help_text)
