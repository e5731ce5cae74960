"""Processes in words: what every kind of activity and event says of itself."""

from typing import Any

import pytest
from tests.reference.workflow_drawing import as_drawn, sub

from comptroller.domain.workflow.model import (
    Binding,
    BusinessRuleTask,
    CallActivity,
    CancelDefinition,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    LinkDefinition,
    ManualTask,
    MessageDefinition,
    MultiInstance,
    Node,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    TerminateDefinition,
    TimerDefinition,
    TimerKind,
    UserTask,
)
from comptroller.domain.workflow.outline import event_text, outline

ACTIVITIES: list[tuple[Node, str, str]] = [
    (ServiceTask("a", "", "ledger.post"), "service task", "ledger.post"),
    (BusinessRuleTask("a", "", "risk"), "decision", "risk"),
    (UserTask("a", "", "approval"), "user task", "approval"),
    (ManualTask("a", ""), "manual task", "manual"),
    (ReceiveTask("a", "", "paid", "=number"), "receive task", "paid under number"),
    (SendTask("a", "", "paid"), "send task", "paid"),
    (ScriptTask("a", "", "x + 1", "y"), "script task", "y := x + 1"),
    (CallActivity("a", "", "payment", Binding.LATEST), "call", "payment (latest)"),
    (sub("a", StartEvent("b"), EndEvent("c"), "b > c", transaction=True), "sub process", "transaction"),
    (
        UserTask("a", "", "check", instances=MultiInstance("people", True)),
        "user task",
        "check for each of people, in turn",
    ),
    (
        UserTask("a", "", "check", instances=MultiInstance("=3", False, counted=True)),
        "user task",
        "check 3 times, at once",
    ),
]

EVENTS: list[tuple[EventDefinition, str]] = [
    (TimerDefinition("PT2H", service_hours=True), "duration PT2H in service hours"),
    (TimerDefinition("R3/P1D", TimerKind.CYCLE), "cycle R3/P1D"),
    (MessageDefinition("paid", "number"), "message paid under number"),
    (SignalDefinition("stop"), "signal stop"),
    (ErrorDefinition("broke"), "error broke"),
    (ErrorDefinition(""), "error of any kind"),
    (EscalationDefinition(""), "escalation of any kind"),
    (ConditionalDefinition("x > 1"), "when x > 1"),
    (CompensateDefinition("book"), "undo book"),
    (CompensateDefinition(), "undo"),
    (LinkDefinition("there"), "link there"),
    (CancelDefinition(), "cancel"),
    (TerminateDefinition(), "end everything"),
]


@pytest.mark.parametrize(("node", "kind", "does"), ACTIVITIES)
def test_an_activity_says_what_it_is_and_asks_for(node: Any, kind: str, does: str) -> None:
    lines = {line.id: line for line in outline(as_drawn(StartEvent("in"), node, EndEvent("out"), "in > a > out"))}
    assert (lines["a"].kind, lines["a"].does) == (kind, does)


@pytest.mark.parametrize(("definition", "text"), EVENTS)
def test_an_event_says_what_it_waits_for_or_tells(definition: EventDefinition, text: str) -> None:
    assert event_text(definition) == text
