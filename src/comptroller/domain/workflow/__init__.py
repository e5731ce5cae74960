"""Processes: BPMN 2.0 models compiled to a token machine that is a pure function.

    happened = process(definition, state, command, now)    # events, or a Rejection
    state = apply(definition, state, event)                # for each of them, in order

The machine asks for decisions, services and people by events and goes on when a command brings the answer. It knows
no clock, no store and nobody's name, so a case that waits is a small frozen value and a case replayed is the same case.
What belongs to a sub-process, a called process or an instance belongs to the token there: tokens form a tree.
"""

from comptroller.domain.workflow import events
from comptroller.domain.workflow.applier import apply, apply_all
from comptroller.domain.workflow.commands import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    FailJob,
    FireTimer,
    Start,
)
from comptroller.domain.workflow.compiling import compile_process
from comptroller.domain.workflow.events import Event
from comptroller.domain.workflow.machine import NO_CALLS, Advance, advance, process
from comptroller.domain.workflow.model import ProcessModel
from comptroller.domain.workflow.process import Library, Process
from comptroller.domain.workflow.state import State, Status, Token

__all__ = [
    "NO_CALLS",
    "Advance",
    "Cancel",
    "Command",
    "CompleteJob",
    "CompleteTask",
    "DeliverMessage",
    "DeliverSignal",
    "Event",
    "FailJob",
    "FireTimer",
    "Library",
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
