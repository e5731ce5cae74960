"""Processes: BPMN 2.0 models compiled to a token machine that is a pure function.

    happened = process(definition, state, command, now)    # events, or a Rejection
    state = apply(definition, state, event)                # for each of them, in order

The machine asks for decisions, services and people by events and goes on when a command brings the answer. It knows
no clock, no store and nobody's name, so a case that waits is a small frozen value and a case replayed is the same case.
"""

from comptroller.domain.workflow import events
from comptroller.domain.workflow.applier import apply, apply_all
from comptroller.domain.workflow.commands import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    FireTimer,
    Start,
)
from comptroller.domain.workflow.events import Event
from comptroller.domain.workflow.machine import Advance, advance, process
from comptroller.domain.workflow.model import ProcessModel
from comptroller.domain.workflow.process import Process, compile_process
from comptroller.domain.workflow.state import State, Status, Token

__all__ = [
    "Advance",
    "Cancel",
    "Command",
    "CompleteJob",
    "CompleteTask",
    "DeliverMessage",
    "Event",
    "FireTimer",
    "Process",
    "ProcessModel",
    "Start",
    "State",
    "Status",
    "Token",
    "advance",
    "apply",
    "apply_all",
    "compile_process",
    "events",
    "process",
]
