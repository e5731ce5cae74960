"""How scopes open and close: sub-processes, calls, and what is undone of them."""

from collections.abc import Mapping

from comptroller.domain.feel import Value
from comptroller.domain.kernel import limits
from comptroller.domain.workflow import events
from comptroller.domain.workflow.finishing import complete, go_on
from comptroller.domain.workflow.model import CallActivity, EndEvent, SubProcess
from comptroller.domain.workflow.movement import Movement, Step
from comptroller.domain.workflow.process import Place
from comptroller.domain.workflow.waiting import watch


def open_scope(move: Movement, token: str) -> None:
    """Begin what is inside a sub-process or a called process: its event sub-processes watch, its start event fires."""
    plan = move.plan(token)
    assert plan is not None
    watch(move, token)
    move.send(token, plan.start)


def call(move: Movement, token: str, node: CallActivity, handed: Mapping[str, Value]) -> bool:
    """Begin the process that is called; it sees what it is handed and nothing else. False where it cannot be."""
    called = move.surroundings.library.called(node)
    if called is None:
        move.park(token, "WORKFLOW-CALL-01", f"the process `{node.called}` ({node.binding.value}) is not there")
    elif not called.start:
        move.park(token, "WORKFLOW-CALL-03", f"the process `{node.called}` is not begun without an event")
    elif _depth(move, token) >= limits.WORKFLOW_CALL_DEPTH_MAX:
        message = f"processes call one another more than {limits.WORKFLOW_CALL_DEPTH_MAX} deep"
        move.park(token, "WORKFLOW-CALL-04", message)
    else:
        move.emit(events.CallStarted(token, node.id, called.hash))
        move.assign_local(token, handed)
        open_scope(move, token)
        return True
    return False


def _depth(move: Movement, token: str) -> int:
    depth = 0
    while token:
        at = move.tokens[token]
        depth += bool(at.inside.process)
        token = at.scope
    return depth


def close_scopes(move: Movement) -> bool:
    """Close the first scope in which nothing goes on any more; answers whether there was one."""
    while move.touched:
        scope = move.touched.popleft()
        if scope in move.tokens and not move.is_alive(scope):
            _close(move, scope)
            return True
    return False


def _close(move: Movement, scope: str) -> None:
    at, node = move.tokens[scope], move.place(scope).node
    if at.incident:
        return
    if isinstance(node, EndEvent):
        move.end = node
    if at.inside.undo:
        _undo_next(move, scope)
    elif at.inside.leaves_by:
        move.leave(scope)
        move.send(at.scope, at.inside.leaves_by)
    elif isinstance(node, SubProcess | CallActivity) and not at.inside.undoes:
        move.abandon_all(scope)  # those that only watch
        complete(move, scope, {})
    else:
        move.abandon_all(scope)
        go_on(move, scope)


# Undoing


def cancel_transaction(move: Movement, scope: str) -> None:
    """Give the transaction up that the scope is: end what goes on, undo what was done, leave by its boundary event."""
    move.abandon_all(scope)
    move.emit(events.TransactionCancelled(scope, move.tokens[scope].node, move.place(scope).cancelled_to))
    move.touched.append(scope)


def throw_compensation(move: Movement, token: str, place: Place, activity: str) -> None:
    """Have the token undo an activity that was done, or all of its scope, before it goes on.

    An event sub-process undoes what was done around it, unless it names an activity of its own.
    """
    scope = move.tokens[token].scope
    if scope:
        around, definition = move.place(scope).node, move.definition_of(scope)
        is_within = bool(activity) and definition.places[activity].scope == place.scope
        if isinstance(around, SubProcess) and around.by_event and not is_within:
            scope = move.tokens[scope].scope
    move.emit(events.CompensationThrown(token, place.node.id, scope, activity))
    move.touched.append(token)


def _undo_next(move: Movement, scope: str) -> None:
    """Put a token at the node that undoes what was done last, to be begun like any other."""
    last = move.tokens[scope].inside.undo[-1]
    places = move.definition_of(move.tokens[scope].scope).places
    move.steps.append(Step(scope, "", places[last.node].undone_by or last.node, undoes=True))


def undo_inside(move: Movement, token: str) -> None:
    """Undo a sub-process that was done: by its own event sub-process for that, else each activity in it."""
    at, plan = move.tokens[token], move.plan(token)
    own = next((each for each in plan.by_event if each.undoes), None) if plan is not None else None
    if own is not None:
        move.send(token, own.node)
    else:
        move.emit(events.CompensationThrown(token, at.node, token, ""))
        move.touched.append(token)
