"""What nodes tell others: messages and signals to whoever waits, errors and escalations up through the scopes."""

from collections.abc import Mapping
from dataclasses import dataclass

from comptroller.domain.feel import Value
from comptroller.domain.workflow import events
from comptroller.domain.workflow.finishing import evaluated
from comptroller.domain.workflow.model import SubProcess
from comptroller.domain.workflow.movement import Movement
from comptroller.domain.workflow.process import CatchKind, EventSubProcess, Handler, Place, ThrowKind
from comptroller.domain.workflow.waiting import begin_event_sub_process, trigger


def throw_message(move: Movement, token: str, place: Place, message: str) -> bool:
    """Send a message; False, and an incident, where an expression errs."""
    key = ""
    if place.expression is not None:
        value, _ = move.evaluate(place.expression, token)
        if not isinstance(value, str) or not value:
            move.park(token, "WORKFLOW-MESSAGE-04", f"the key of the message `{message}` is no text")
            return False
        key = value
    carried = evaluated(move, token, place.inputs)
    if carried is None:
        return False
    move.emit(events.MessageThrown(token, place.node.id, message, key, carried))
    return True


def throw_signal(move: Movement, token: str, place: Place, signal: str) -> bool:
    """Send a signal; False, and an incident, where an expression errs."""
    carried = evaluated(move, token, place.inputs)
    if carried is None:
        return False
    move.emit(events.SignalThrown(token, place.node.id, signal, carried))
    hear(move, signal, carried)
    return True


def hear(move: Movement, signal: str, outputs: Mapping[str, Value]) -> bool:
    """Let every token that awaits a signal take it; answers whether one did."""
    waiting = [token for token, at in move.tokens.items() if signal in at.signals]
    for token in waiting:
        at = move.tokens.get(token)
        if at is not None and signal in at.signals:  # not ended by an earlier one
            catch = move.place(token).awaited(CatchKind.SIGNAL, signal)
            move.emit(events.SignalReceived(token, at.node, signal))
            trigger(move, token, catch, outputs)
    return bool(waiting)


@dataclass(frozen=True, slots=True)
class _Taker:
    """Who takes what is thrown: the boundary of the activity that a token is at, or an event sub-process of a scope."""

    token: str  # that the boundary event is of; empty for an event sub-process
    scope: str  # where the way goes on
    node: str  # the boundary event or event sub-process
    interrupting: bool


def throw_error(move: Movement, token: str, error: str) -> None:
    """Throw an error; the token is gone then, or stands with an incident where nobody takes it."""
    at = move.tokens[token]
    taker = _taker(move, token, ThrowKind.ERROR, error)
    if taker is None:
        move.park(token, "WORKFLOW-ERROR-01", f"nobody handles the error `{error}`")
        return
    move.emit(events.ErrorThrown(token, at.node, error))
    for inner in move.inside(token):
        move.abandon(inner)
    move.leave(token)
    _take(move, taker, gone=token)


def throw_escalation(move: Movement, token: str, escalation: str) -> None:
    """Throw an escalation; where it is taken by who interrupts, the token may be gone then."""
    taker = _taker(move, token, ThrowKind.ESCALATION, escalation)
    move.emit(events.EscalationThrown(token, move.tokens[token].node, escalation))
    if taker is not None:
        _take(move, taker, gone="")


def _take(move: Movement, taker: _Taker, *, gone: str) -> None:
    if not taker.token:
        begin_event_sub_process(move, taker.scope, taker.node, interrupting=taker.interrupting)
        return
    if taker.interrupting and taker.token != gone:
        move.abandon(taker.token)
    move.send(taker.scope, taker.node)


def _taker(move: Movement, token: str, kind: ThrowKind, code: str) -> _Taker | None:
    """Look outward from the token for who takes what is thrown, scope by scope, the innermost first."""
    while True:
        at, place = move.tokens[token], move.place(token)
        if not at.instance and not at.inside.undoes:  # instances have no edge of their own; what undoes is over
            boundary = _first(place.handlers, kind, code)
            if boundary is not None:
                return _Taker(token, at.scope, boundary.id, boundary.interrupting)
        plan = move.plan(at.scope)
        if plan is not None and not _is_interrupting(plan.by_event, place):
            handlers = (each.handler for each in plan.by_event if each.handler is not None)
            found = _first(sorted(handlers, key=lambda each: not each.code), kind, code)
            if found is not None:
                return _Taker("", at.scope, found.id, found.interrupting)
        if not at.scope:
            return None
        token = at.scope


def _first(handlers: "list[Handler] | tuple[Handler, ...]", kind: ThrowKind, code: str) -> Handler | None:
    return next((each for each in handlers if each.takes(kind, code)), None)


def _is_interrupting(by_event: tuple[EventSubProcess, ...], place: Place) -> bool:
    """Whether what is thrown comes out of an event sub-process that has ended all the others of its scope."""
    is_one = isinstance(place.node, SubProcess) and place.node.by_event
    return is_one and any(each.interrupting for each in by_event if each.node == place.node.id)
