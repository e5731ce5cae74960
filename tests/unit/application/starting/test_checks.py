"""What keeps a pack's process from being begun by an event: nobody whose the case is, or work that takes a document."""

from typing import Final

import pytest
from tests.reference.workflow_drawing import compiled

from comptroller.application.starting.checks import check_starts
from comptroller.domain.workflow.model import (
    CallActivity,
    ConditionalDefinition,
    EndEvent,
    EventDefinition,
    ManualTask,
    MessageDefinition,
    Node,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    TimerDefinition,
    TimerKind,
    UserTask,
)

OUT: Final = EndEvent("out")
TOLD, HEARD = MessageDefinition("told"), SignalDefinition("heard")
DAILY: Final = TimerDefinition("R/P1D", TimerKind.CYCLE)
IN_HOURS: Final = TimerDefinition("R/PT8H", TimerKind.CYCLE, service_hours=True)
CALLED: Final = compiled(
    StartEvent("in"), ServiceTask("post", "", "ledger.post"), OUT, "in > post > out", name="called"
)


def found(definition: EventDefinition | None, *work: Node, owner: str = "operator", entity: str = "") -> list[str]:
    start = StartEvent("in", "", definition, owner=owner, entity=entity)
    way = " > ".join(node.id for node in (start, *work, OUT))
    process = compiled(start, *work, OUT, way, name="begun")
    faults = check_starts(process, {"called": CALLED, "begun": process}, {"operator", "controller"})
    return [f"{fault.code} {fault.path}" for fault in faults]


@pytest.mark.parametrize(
    ("definition", "owner", "entity", "expected"),
    [
        pytest.param(TOLD, "operator", "", [], id="a message, looked after by the operator"),
        pytest.param(HEARD, "controller", "", [], id="a signal, looked after by a role of the pack"),
        pytest.param(DAILY, "operator", "DE", [], id="a clock of one entity"),
        pytest.param(DAILY, "operator", "*", [], id="a clock of each entity"),
        pytest.param(IN_HOURS, "operator", "DE", [], id="service hours of one entity"),
        pytest.param(TOLD, "", "", ["PACK-START-02 in"], id="nobody looks after it"),
        pytest.param(TOLD, "janitor", "", ["PACK-START-02 in"], id="a role that is not in the pack"),
        pytest.param(DAILY, "operator", "", ["PACK-START-03 in"], id="a clock of nobody"),
        pytest.param(TOLD, "operator", "DE", ["PACK-START-03 in"], id="a message that names its entity itself"),
        pytest.param(IN_HOURS, "operator", "*", ["PACK-START-03 in"], id="service hours of everybody"),
        pytest.param(ConditionalDefinition("true"), "operator", "", ["PACK-START-01 in"], id="a condition of nothing"),
    ],
)
def test_somebody_is_there_for_what_an_event_begins(
    definition: EventDefinition, owner: str, entity: str, expected: list[str]
) -> None:
    assert found(definition, owner=owner, entity=entity) == expected


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        pytest.param(ManualTask("do", ""), [], id="by hand"),
        pytest.param(UserTask("do", "", "exception"), [], id="a question to a person"),
        pytest.param(UserTask("do", "", "approval"), ["PACK-START-04 begun"], id="a signature on a document"),
        pytest.param(ServiceTask("do", "", "facts.gather"), ["PACK-START-04 begun"], id="a service"),
        pytest.param(CallActivity("do", "", "called"), ["PACK-START-04 begun"], id="a service of what it calls"),
    ],
)
def test_what_an_event_begins_has_no_document(work: Node, expected: list[str]) -> None:
    assert found(TOLD, work) == expected


def test_a_process_that_is_begun_plainly_may_do_anything() -> None:
    assert found(None, ServiceTask("do", "", "facts.gather"), owner="") == []
