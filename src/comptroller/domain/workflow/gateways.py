"""What happens at a gateway: which flows are taken, and when a join has all it waits for."""

from comptroller.domain.feel import Evaluation
from comptroller.domain.workflow import events
from comptroller.domain.workflow.finishing import with_reasons
from comptroller.domain.workflow.model import InclusiveGateway
from comptroller.domain.workflow.movement import Movement
from comptroller.domain.workflow.process import ROOT, Flow, Place


def choose(move: Movement, token: str, place: Place) -> None:
    """Take the one flow out of an exclusive gateway: the first whose condition is true, else the default.

    INVARIANT 2: a branch may be a control, so a condition that gives neither true nor false is an incident.
    """
    flow = _choose_one(move, token, place)
    if flow is not None:
        scope = move.tokens[token].scope
        move.emit(events.NodeLeft(token, place.node.id))
        move.follow(scope, [flow])


def _choose_one(move: Movement, token: str, place: Place) -> Flow | None:
    for flow in place.outgoing:
        if flow.condition is None:
            if flow is not place.default:
                return flow  # the only way out
            continue
        value, evaluation = move.evaluate(flow.condition, token)
        if value is True:
            return flow
        if value is not False:
            _park_undecided(move, token, flow, evaluation)
            return None
    if place.default is None:
        move.park(token, "WORKFLOW-GATEWAY-01", "no condition is true and there is no default flow")
    return place.default


def _park_undecided(move: Movement, token: str, flow: Flow, evaluation: Evaluation) -> None:
    message = with_reasons(f"the condition of `{flow.id}` gives neither true nor false", evaluation)
    move.park(token, "WORKFLOW-GATEWAY-02", message)


def join(move: Movement, scope: str, place: Place) -> None:
    """Let a parallel gateway fire once a token has come over each incoming flow, with the oldest of each."""
    oldest = _oldest(move, scope, place)
    if len(oldest) < len(place.incoming):
        return
    for token in oldest.values():
        move.leave(token)
    move.follow(scope, place.outgoing)


def _oldest(move: Movement, scope: str, place: Place) -> dict[str, str]:
    """The oldest token that waits before a join on each incoming flow."""
    oldest: dict[str, str] = {}
    for token, at in move.tokens.items():
        if at.node == place.node.id and at.scope == scope and not at.incident:
            oldest.setdefault(at.flow, token)
    return oldest


def open_inclusive(move: Movement) -> bool:
    """Let the first inclusive gateway fire that has all it waits for; answers whether one did.

    It is looked at when everything else has come to rest. SOURCE: BPMN 2.0.2, clause 13.4.3: no token may be elsewhere
    from which an empty incoming flow can be come to without passing the gateway, unless one that is not empty can too.
    """
    if not move.definition_of(ROOT).joins_some:
        return False
    seen: set[tuple[str, str]] = set()
    for token, at in tuple(move.tokens.items()):
        place = move.place(token)
        if not isinstance(place.node, InclusiveGateway) or at.incident or (at.scope, at.node) in seen:
            continue
        seen.add((at.scope, at.node))
        oldest = _oldest(move, at.scope, place)
        if not _may_still_come(move, at.scope, place, oldest):
            first, *others = oldest.values()
            for other in others:
                move.leave(other)
            divide(move, first, place)
            return True
    return False


def _may_still_come(move: Movement, scope: str, place: Place, arrived: dict[str, str]) -> bool:
    """Whether a token elsewhere may come to a flow over which none has come."""
    for at in move.tokens.values():
        if at.scope != scope or at.node == place.node.id:
            continue
        leads_to = {flow for flow, nodes in place.behind.items() if at.node in nodes}
        if leads_to and not leads_to & arrived.keys():
            return True
    return False


def divide(move: Movement, token: str, place: Place) -> None:
    """Take every flow out of an inclusive gateway whose condition is true, else the default.

    INVARIANT 2: a branch may be a control, so a condition that gives neither true nor false is an incident.
    """
    taken = []
    for flow in place.outgoing:
        if flow.condition is None:
            if flow is not place.default:
                taken.append(flow)  # the only way out
            continue
        value, evaluation = move.evaluate(flow.condition, token)
        if value is True:
            taken.append(flow)
        elif value is not False:
            _park_undecided(move, token, flow, evaluation)
            return
    if not taken and place.default is not None:
        taken = [place.default]
    if not taken:
        move.park(token, "WORKFLOW-GATEWAY-01", "no condition is true and there is no default flow")
        return
    scope = move.tokens[token].scope
    move.leave(token)
    move.follow(scope, taken)
