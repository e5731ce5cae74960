"""What follows when the work at a node is done: outputs are kept, instances counted, the way goes on."""

from collections.abc import Mapping
from decimal import Decimal

from comptroller.domain.feel import Evaluation, Expression, Value
from comptroller.domain.workflow import events
from comptroller.domain.workflow.model import PersonTask, SubProcess
from comptroller.domain.workflow.movement import Movement, Step
from comptroller.domain.workflow.process import Assign, Instances, Place
from comptroller.domain.workflow.state import Tasks, Token


def complete(move: Movement, token: str, outputs: Mapping[str, Value]) -> None:
    """The node's work is done with these outputs: keep what is to be kept of them and go on."""
    at, place = move.tokens[token], move.place(token)
    if place.outputs:
        move.assign_local(token, outputs)
        kept = evaluated(move, token, place.outputs)
        if kept is None:
            return
        outputs = kept
    if at.instance:
        move.assign(token, outputs)
        _finish_instance(move, token, place)
    else:
        move.assign(at.scope, outputs)
        go_on(move, token)


def evaluated(move: Movement, token: str, assigns: tuple[Assign, ...]) -> dict[str, Value] | None:
    """The values of assignments as the token sees them; None, and an incident, where one errs."""
    values: dict[str, Value] = {}
    for each in assigns:
        value, evaluation = data(move, each.source, token)
        if value is None and evaluation.faults:
            message = with_reasons(f"the expression for `{each.target}` gives no value", evaluation)
            move.park(token, "WORKFLOW-DATA-01", message)
            return None
        values[each.target] = value
    return values


def data(move: Movement, expression: Expression, token: str) -> tuple[Value, Evaluation]:
    """As `Movement.evaluate`; a variable that nobody has set yet is null, and that is no error."""
    evaluation, seen = Evaluation(move.now), move.variables(token)
    return expression.evaluate({name: seen.get(name) for name in expression.looked_up}, evaluation), evaluation


def with_reasons(message: str, evaluation: Evaluation) -> str:
    """A message with what FEEL noted about it."""
    return "; ".join((message, *(found.message for found in evaluation.faults[-3:])))


def _finish_instance(move: Movement, token: str, place: Place) -> None:
    at = move.tokens[token]
    assert place.instances is not None
    result = move.variables(token).get(place.instances.result_item) if place.instances.result else None
    if isinstance(place.node, SubProcess) and (at.inside.done or place.undoes_itself):
        move.emit(events.CompensationKept(token, at.node))
    move.leave(token)
    move.emit(events.InstanceCompleted(at.scope, at.node, at.instance, result))
    count_instances(move, at.scope, place)


def count_instances(move: Movement, body: str, place: Place) -> None:
    """Go on where enough instances are done, else let the next one begin that waits for its turn."""
    at, instances = move.tokens[body], place.instances
    tasks = at.tasks
    assert tasks is not None
    assert instances is not None
    if tasks.completed == tasks.total or suffices(move, body, instances, tasks):
        move.abandon_all(body)
        if instances.result:
            by_instance = dict(tasks.results)
            collected: list[Value] = [by_instance.get(number + 1) for number in range(tasks.total)]
            move.assign(at.scope, {instances.result: collected})
        go_on(move, body)
    elif tasks.queue:
        begin_instance(move, body, place, tasks.total - len(tasks.queue) + 1, tasks.queue[0])


def begin_instance(move: Movement, body: str, place: Place, instance: int, item: Value) -> None:
    """Begin an instance: a token inside the activity's, or only a task where nothing else is the instance's own."""
    if isinstance(place.node, PersonTask) and not place.has_own_variables:
        move.emit(events.TaskOffered(body, place.node.id, instance, place.node.kind, item))
    else:
        move.steps.append(Step(body, "", place.node.id, instance, item))


def suffices(move: Movement, token: str, instances: Instances, tasks: Tasks) -> bool:
    """Whether the instances done so far complete the activity; an error is told and goes on, which grants nothing."""
    if instances.completion is None:
        return False
    scope: dict[str, Value] = {
        **move.variables(token),
        "numberOfInstances": Decimal(tasks.total),
        "numberOfActiveInstances": Decimal(len(tasks.open)),
        "numberOfCompletedInstances": Decimal(tasks.completed),
        "numberOfTerminatedInstances": Decimal(0),
    }
    evaluation = Evaluation(move.now)
    value = instances.completion.evaluate(scope, evaluation)
    if value is not True and value is not False:
        message = with_reasons("the completion condition gives neither true nor false", evaluation)
        move.emit(events.ConditionFailed(token, move.tokens[token].node, "", message))
    return value is True


def go_on(move: Movement, token: str) -> None:
    """Take the token, whose work is done, out of its node and put one on every outgoing flow."""
    at, place = move.tokens[token], move.place(token)
    undoes = at.inside.undoes
    if not undoes and (place.undone_by or (isinstance(place.node, SubProcess) and _can_be_undone(at, place))):
        move.emit(events.CompensationKept(token, at.node))
    move.leave(token)
    if place.outgoing and not undoes:
        move.follow(at.scope, place.outgoing)
    else:
        move.touched.append(at.scope)


def _can_be_undone(at: Token, place: Place) -> bool:
    """Whether something in the sub-process that was done here has its own handler."""
    return bool(at.inside.done) or (place.undoes_itself and at.tasks is None)
