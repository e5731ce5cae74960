"""What happens where a token arrives, element by element."""

from decimal import Decimal
from typing import assert_never

from comptroller.domain.feel import Value
from comptroller.domain.kernel import limits
from comptroller.domain.workflow import events
from comptroller.domain.workflow.finishing import (
    begin_instance,
    complete,
    count_instances,
    data,
    evaluated,
    go_on,
    with_reasons,
)
from comptroller.domain.workflow.gateways import choose, divide, join
from comptroller.domain.workflow.model import (
    Activity,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    CancelDefinition,
    CatchEvent,
    CompensateDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    LinkDefinition,
    ManualTask,
    MessageDefinition,
    ParallelGateway,
    PersonTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    SubProcess,
    TerminateDefinition,
    ThrowEvent,
    UserTask,
)
from comptroller.domain.workflow.movement import Movement, Step
from comptroller.domain.workflow.process import COUNTER, Place
from comptroller.domain.workflow.scopes import call, cancel_transaction, open_scope, throw_compensation, undo_inside
from comptroller.domain.workflow.throwing import throw_error, throw_escalation, throw_message, throw_signal
from comptroller.domain.workflow.waiting import await_all, prepare


def arrive(move: Movement, step: Step) -> None:
    """Let a token arrive at a node."""
    if step.scope and step.scope not in move.tokens:
        return  # the scope has ended meanwhile
    token = move.enter(step)
    place = move.place(token)
    if move.draft.entered - move.draft.mark > limits.WORKFLOW_STEPS_MAX:
        message = f"the case has passed {limits.WORKFLOW_STEPS_MAX} nodes without waiting for anybody"
        move.park(token, "WORKFLOW-LOOP-02", message)
        return
    match place.node:
        case Activity():
            _arrive_at_activity(move, token, place, step)
        case ExclusiveGateway():
            choose(move, token, place)
        case EndEvent():
            _end(move, token, place)
        case ParallelGateway():
            join(move, step.scope, place)
        case InclusiveGateway():
            if len(place.incoming) < 2:
                divide(move, token, place)  # else it is looked at when everything else has come to rest
        case CatchEvent(definition=LinkDefinition()) | StartEvent() | BoundaryEvent():
            go_on(move, token)
        case EventBasedGateway() | CatchEvent():
            await_all(move, token, prepare(move, token, place.own) or ())
        case ThrowEvent():
            if _throw(move, token, place) and token in move.tokens:
                go_on(move, token)
        case _:
            assert_never(place.node)


# Activities


def _arrive_at_activity(move: Movement, token: str, place: Place, step: Step) -> None:
    assert isinstance(place.node, Activity)
    if step.undoes and not place.node.for_compensation:
        undo_inside(move, token)
    elif step.instance:
        _begin_instance(move, token, place, step)
    else:
        _begin(move, token, place)


def _begin(move: Movement, token: str, place: Place) -> None:
    """Ask for an activity's work and wait for its boundary events; where one of their expressions fails, neither."""
    prepared = prepare(move, token, place.boundary) if place.boundary else ()
    if prepared is None:
        return
    begun = _plan_instances(move, token, place) if place.instances else _do(move, token, place, None)
    if prepared and begun and token in move.tokens:
        await_all(move, token, prepared)


def _plan_instances(move: Movement, token: str, place: Place) -> bool:
    """Ask for the instances of an activity; False, and an incident, where it is not said of what there are any.

    As the standard says, an activity without an instance is done. INVARIANT 2: not where people would have been asked.
    """
    items = _items(move, token, place)
    if items is None:
        return False
    assert place.instances is not None
    offered = items[:1] if place.instances.sequential else items
    queue = tuple(items) if place.instances.sequential else ()
    if len(move.tokens) + len(move.steps) + len(offered) > limits.WORKFLOW_TOKENS_MAX:
        message = f"the case would have more than {limits.WORKFLOW_TOKENS_MAX} tokens at once"
        move.park(token, "WORKFLOW-COLLECTION-04", message)
        return False
    move.emit(events.InstancesPlanned(token, place.node.id, len(items), queue))
    for instance, item in enumerate(offered, start=1):
        begin_instance(move, token, place, instance, item)
    if not items:
        count_instances(move, token, place)
    return True


def _items(move: Movement, token: str, place: Place) -> list[Value] | None:
    """What the instances of an activity are about; None, and an incident, where nothing would be done."""
    assert place.instances is not None
    value, evaluation = move.evaluate(place.instances.collection, token)
    if place.instances.counted and isinstance(value, Decimal) and value >= 0 and value == value.to_integral_value():
        value = [Decimal(number) for number in range(1, min(int(value), limits.WORKFLOW_INSTANCES_MAX + 1) + 1)]
    if not isinstance(value, list):
        said = f"the {'number of instances' if place.instances.counted else 'collection'} is no"
        said += " whole number" if place.instances.counted else " list"
        move.park(token, "WORKFLOW-COLLECTION-01", with_reasons(said, evaluation))
    elif not value and _asks_people(move, token, place):
        message = "the collection is empty: nobody would be asked"
        move.park(token, "WORKFLOW-COLLECTION-02", with_reasons(message, evaluation))
    elif len(value) > limits.WORKFLOW_INSTANCES_MAX:
        message = f"there are more than {limits.WORKFLOW_INSTANCES_MAX} instances"
        move.park(token, "WORKFLOW-COLLECTION-03", message)
    else:
        return value
    return None


def _asks_people(move: Movement, token: str, place: Place) -> bool:
    """Whether an activity is, or holds, a person's task; what a call leads to is not known."""
    places = move.definition_of(move.tokens[token].scope).places
    within, scope = [place], {place.node.id}
    while scope:
        inner = [each for each in places.values() if each.scope in scope]
        within, scope = [*within, *inner], {each.node.id for each in inner}
    return any(isinstance(each.node, PersonTask | CallActivity) for each in within)


def _begin_instance(move: Movement, token: str, place: Place, step: Step) -> None:
    loop = place.instances
    assert loop is not None
    own: dict[str, Value] = {COUNTER: Decimal(step.instance)}
    if loop.item:
        own[loop.item] = step.item
    if loop.result:
        own.setdefault(loop.result_item, None)
    move.assign_local(token, own)
    _do(move, token, place, step.item)


def _do(move: Movement, token: str, place: Place, item: Value) -> bool:
    """Do an activity once; False, and an incident, where it cannot be begun."""
    if isinstance(place.node, SendTask):
        if throw_message(move, token, place, place.node.message):
            complete(move, token, {})
            return True
        return False
    own = prepare(move, token, place.own) if place.own else ()
    handed = evaluated(move, token, place.inputs) if place.inputs else {}
    if own is None or handed is None:
        return False
    if isinstance(place.node, CallActivity):
        return call(move, token, place.node, handed)
    if handed:
        move.assign_local(token, handed)
    match place.node:
        case BusinessRuleTask(decision=decision):
            move.emit(events.DecisionRequested(token, place.node.id, decision))
        case ServiceTask(service=service):
            move.emit(events.ServiceRequested(token, place.node.id, service))
        case UserTask(kind=kind) | ManualTask(kind=kind):
            move.emit(events.TaskOffered(token, place.node.id, 1, kind, handed or item))
        case ReceiveTask():
            await_all(move, token, own)
        case ScriptTask(result=result):
            return _run_script(move, token, place, result)
        case SubProcess():
            open_scope(move, token)
    return True


def _run_script(move: Movement, token: str, place: Place, result: str) -> bool:
    assert place.expression is not None
    value, evaluation = data(move, place.expression, token)
    if value is None and evaluation.faults:
        move.park(token, "WORKFLOW-SCRIPT-01", with_reasons("the script gives no value", evaluation))
        return False
    complete(move, token, {result: value})
    return True


# Events that throw


def _throw(move: Movement, token: str, place: Place) -> bool:
    """Tell what an event tells; whether the token may go on at once."""
    assert isinstance(place.node, ThrowEvent | EndEvent)
    match place.node.definition:
        case MessageDefinition(message):
            return throw_message(move, token, place, message)
        case SignalDefinition(signal):
            return throw_signal(move, token, place, signal)
        case EscalationDefinition(escalation):
            throw_escalation(move, token, escalation)
        case CompensateDefinition(activity):
            throw_compensation(move, token, place, activity)
            return False
        case _:
            pass
    return True


def _end(move: Movement, token: str, place: Place) -> None:
    assert isinstance(place.node, EndEvent)
    move.end, scope = place.node, move.tokens[token].scope
    match place.node.definition:
        case None:
            go_on(move, token)
        case TerminateDefinition():
            go_on(move, token)
            move.abandon_all(scope)
        case CancelDefinition():
            move.leave(token)
            cancel_transaction(move, scope)
        case ErrorDefinition(error):
            throw_error(move, token, error)
        case _:
            if _throw(move, token, place) and token in move.tokens:
                go_on(move, token)
