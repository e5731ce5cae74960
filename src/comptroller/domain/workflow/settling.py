"""Moves a case on until every token waits, and sees whether it is at its end or stuck for good."""

from comptroller.domain.workflow import events
from comptroller.domain.workflow.arriving import arrive
from comptroller.domain.workflow.gateways import open_inclusive
from comptroller.domain.workflow.model import Activity, InclusiveGateway, Job, Node, ParallelGateway
from comptroller.domain.workflow.movement import Movement
from comptroller.domain.workflow.process import ROOT
from comptroller.domain.workflow.scopes import close_scopes
from comptroller.domain.workflow.state import RUNNING, Token
from comptroller.domain.workflow.waiting import meet_conditions


def settle(move: Movement) -> None:
    """Move on until every token waits; then see whether the case is at its end.

    Scopes are closed, conditions looked at and inclusive gateways opened only when no token is under way.
    """
    draft = move.draft
    while draft.status is RUNNING:
        if move.steps:
            arrive(move, move.steps.popleft())
        elif not (close_scopes(move) or meet_conditions(move) or open_inclusive(move)):
            break
    if draft.status is not RUNNING:
        return
    if move.end is not None and not move.is_alive(ROOT):
        move.abandon_all(ROOT)  # those that only watch
        move.emit(events.CaseEnded(move.end.id, move.end.name))
    else:
        _park_deadlocked(move)


def _park_deadlocked(move: Movement) -> None:
    """Tokens that all wait for one another, and for nobody outside, cannot go on."""
    stuck = []
    for token, at in move.tokens.items():
        node = move.place(token).node
        if at.incident or at.waits or _is_worked_on(move, token, at, node):
            return
        if isinstance(node, (ParallelGateway, InclusiveGateway)):
            stuck.append((token, "WORKFLOW-JOIN-02", "the join waits for a token that cannot come"))
        elif at.conditions and not isinstance(node, Activity):
            stuck.append((token, "WORKFLOW-CONDITION-01", "nothing is left that could make the condition true"))
    for token, code, message in stuck:
        move.park(token, code, message)


def _is_worked_on(move: Movement, token: str, at: Token, node: Node) -> bool:
    """Whether a person or the platform is asked for something by this token."""
    if at.tasks is not None:
        return bool(at.tasks.open) and move.asks(token)
    return isinstance(node, Job)
