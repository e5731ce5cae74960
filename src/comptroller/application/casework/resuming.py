"""Takes waiting cases up again: for a person's action, a message, a timer."""

from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.services import HANDLERS
from comptroller.application.casework.taking_up import take_up, take_up_alone
from comptroller.application.casework.waits import tokens_awaiting
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.domain import workflow


def resume_case(session: Session, case: CaseRow) -> CaseRun:
    """Hold the case and what it is judged by, and take it up with its document in force."""
    return take_up(session, HANDLERS, case)


def resume_alone(session: Session, case: CaseRow) -> CaseRun:
    """Hold the case alone and take it up, to tell it something."""
    return take_up_alone(session, HANDLERS, case)


def call_up(run: CaseRun) -> bool:
    """Tell a waiting case that something it rests on has changed; False when it does not listen."""
    heard = False
    for token in tokens_awaiting(run, "case.changed"):
        heard |= run.send(workflow.DeliverMessage(token, "case.changed", {})) is None
    return heard
