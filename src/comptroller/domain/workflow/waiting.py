"""What tokens wait for: opened where they arrive, triggered when it happens.

Whatever happens, happens to a token at a place; what follows depends on whose event it is. The node's own lets the
token go on, a boundary event ends its activity or goes on beside it, one behind a gateway takes its flow, and one that
begins an event sub-process begins it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comptroller.domain.feel import Expression, Value
from comptroller.domain.workflow import events
from comptroller.domain.workflow.finishing import complete, with_reasons
from comptroller.domain.workflow.model import EventBasedGateway, StartEvent
from comptroller.domain.workflow.movement import Movement, Step
from comptroller.domain.workflow.process import Catch, CatchKind, declared
from comptroller.domain.workflow.timing import Alarm, alarm, next_alarm


@dataclass(frozen=True, slots=True)
class Prepared:
    """A catch that can be waited for: with the instant of its timer, or the key of its message."""

    catch: Catch
    alarm: Alarm | None = None
    key: str = ""


_ORDER = (CatchKind.TIMER, CatchKind.MESSAGE, CatchKind.SIGNAL, CatchKind.CONDITION)


def prepare(move: Movement, token: str, catches: Sequence[Catch]) -> list[Prepared] | None:
    """Find out what is waited for, timers first; None, and an incident, where an expression does not say it."""
    prepared: list[Prepared] = []
    if not catches:
        return prepared
    for catch in sorted(catches, key=lambda each: _ORDER.index(each.kind)):
        if catch.timing is not None:
            due = alarm(catch.timing, move.now, move.variables(token), move.surroundings.calendar)
            if due is None:
                move.park(token, "WORKFLOW-TIMER-02", f"the timer `{catch.id}` has no duration to wait")
                return None
            prepared.append(Prepared(catch, alarm=due))
        elif catch.kind is CatchKind.MESSAGE and catch.expression is not None:
            key, _ = move.evaluate(catch.expression, token)
            if not isinstance(key, str) or not key:
                move.park(token, "WORKFLOW-MESSAGE-04", f"the key of the message `{catch.name}` is no text")
                return None
            prepared.append(Prepared(catch, key=key))
        else:
            prepared.append(Prepared(catch))
    return prepared


def await_all(move: Movement, token: str, prepared: Iterable[Prepared]) -> None:
    """Wait for what was prepared."""
    for each in prepared:
        _await(move, token, move.tokens[token].node, each)


def _await(move: Movement, token: str, node: str, prepared: Prepared) -> None:
    catch = prepared.catch
    match catch.kind:
        case CatchKind.TIMER:
            _set_timer(move, token, catch.id, prepared.alarm)
        case CatchKind.MESSAGE if prepared.key:
            move.emit(events.CorrelationAwaited(token, node, catch.name, prepared.key))
        case CatchKind.MESSAGE:
            move.emit(events.MessageAwaited(token, node, catch.name))
        case CatchKind.SIGNAL:
            move.emit(events.SignalAwaited(token, node, catch.name))
        case CatchKind.CONDITION:
            move.varied = True  # it may be true already
            move.emit(events.ConditionAwaited(token, node, catch.id))


def _set_timer(move: Movement, token: str, timer: str, at: Alarm | None) -> None:
    assert at is not None
    node = move.tokens[token].node
    if at.left is None:
        move.emit(events.TimerSet(token, node, timer, at.due))
    else:
        move.emit(events.CycleSet(token, node, timer, at.due, at.left))


def trigger(move: Movement, token: str, catch: Catch, outputs: Mapping[str, Value]) -> None:
    """An awaited event has happened; the token does not wait for it any more."""
    at, place = move.tokens[token], move.place(token)
    if isinstance(place.node, StartEvent):
        move.assign(at.scope, outputs)
        if not catch.interrupting:
            _await_again(move, token, catch)
        begin_event_sub_process(move, at.scope, place.scope, interrupting=catch.interrupting)
    elif catch.id == place.node.id:
        complete(move, token, outputs)
    elif isinstance(place.node, EventBasedGateway):
        move.leave(token)
        flow = next(flow for flow in place.outgoing if flow.target == catch.id)
        following = move.enter(Step(at.scope, flow.id, flow.target))
        complete(move, following, outputs)
    else:
        move.assign(at.scope, outputs)
        if catch.interrupting:
            move.abandon(token)
        else:
            _await_again(move, token, catch)
        move.send(at.scope, catch.id)


def begin_event_sub_process(move: Movement, scope: str, node: str, *, interrupting: bool) -> None:
    """Begin an event sub-process of a scope; one that interrupts is all that goes on there."""
    if interrupting:
        move.abandon_all(scope)
    move.send(scope, node)


def _await_again(move: Movement, token: str, catch: Catch) -> None:
    """A message or signal may come again beside the work; a condition once it was false again, a timer by its cycle."""
    if catch.kind in {CatchKind.MESSAGE, CatchKind.SIGNAL}:
        prepared = prepare(move, token, [catch])
        await_all(move, token, prepared or ())


def repeat(move: Movement, token: str, catch: Catch, last: Alarm) -> None:
    """Set the timer of a cycle again that has fired and is not over."""
    assert catch.timing is not None
    due = next_alarm(catch.timing, last, move.now, move.variables(token), move.surroundings.calendar)
    if due is None:
        move.park(token, "WORKFLOW-TIMER-02", f"the timer `{catch.id}` has no duration to wait")
    else:
        _set_timer(move, token, catch.id, due)


def meet_conditions(move: Movement) -> bool:
    """Let happen what has become true since variables changed; answers whether anything did."""
    if not move.varied:
        return False
    move.varied = False
    found = False
    for token in tuple(move.tokens):
        at = move.tokens.get(token)
        if at is None:
            continue
        place = move.place(token)
        watched = place.own if at.instance or at.inside.undoes else (*place.own, *place.boundary)
        for catch in watched:
            if catch.kind is CatchKind.CONDITION and token in move.tokens and not move.tokens[token].incident:
                found |= _look(move, token, catch)
    return found


def _look(move: Movement, token: str, catch: Catch) -> bool:
    """Let the event happen if its condition is true; answers whether it did.

    INVARIANT 2: what is to stop a case may hang on it, so a condition that errs is an incident. One that lacks a fact
    only waits for it.
    """
    assert catch.expression is not None
    at = move.tokens[token]
    value, evaluation = move.evaluate(catch.expression, token)
    is_true = value is True
    if not isinstance(value, bool) and (catch.id in at.conditions or not catch.interrupting):
        message = with_reasons(f"the condition of `{catch.id}` gives neither true nor false", evaluation)
        if evaluation.stopped or not _lacks_a_fact(catch.expression, move.variables(token)):
            move.stop(token, "WORKFLOW-CONDITION-02", message)
            return False
        if catch.expression.looked_up - declared(move.definition_of(at.scope)) - move.variables(token).keys():
            move.emit(events.ConditionFailed(token, at.node, catch.id, message))
    if is_true and catch.id in at.conditions:
        move.emit(events.ConditionMet(token, at.node, catch.id))
        trigger(move, token, catch, {})
        return True
    if not is_true and catch.id not in at.conditions and not catch.interrupting:
        move.emit(events.ConditionAwaited(token, at.node, catch.id))
    return False


def _lacks_a_fact(expression: Expression, seen: Mapping[str, Value]) -> bool:
    """Whether a variable that the expression looks at has no value yet, or a part of it has none."""
    return any(_has_gap(seen.get(name)) for name in expression.looked_up)


def _has_gap(value: Value) -> bool:
    match value:
        case dict():
            return any(map(_has_gap, value.values()))
        case list():
            return any(map(_has_gap, value))
    return value is None


def watch(move: Movement, scope: str, *starts: str) -> None:
    """Put a token at the start event of each event sub-process, or of some, that something outside can begin."""
    plan = move.plan(scope)
    assert plan is not None
    for each in plan.by_event:
        if each.catch is None or (starts and each.start not in starts):
            continue
        token = move.enter(Step(scope, "", each.start))
        prepared = prepare(move, token, [each.catch])
        await_all(move, token, prepared or ())
