"""What a process asks for, and its pack or the platform does not have."""

from typing import Any, Final

import pytest
from tests.reference.workflow_drawing import compiled

from comptroller.application.reach import check_alone, check_in_pack
from comptroller.domain.kernel.fault import Severity
from comptroller.domain.packs.source import Source
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    CallActivity,
    CatchEvent,
    EndEvent,
    MessageDefinition,
    Node,
    ParallelGateway,
    ReceiveTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    ThrowEvent,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out")
HORN: Final = CatchEvent("horn", "", SignalDefinition("horn"))
NEWS: Final = ReceiveTask("news", "", "news")


def drawn(*work: Node, name: str = "drawn") -> Process:
    return compiled(IN, *work, OUT, " > ".join(node.id for node in (IN, *work, OUT)), name=name)


def pack_of(*processes: Process, models: Any = None) -> Source:
    return Source({}, None, {}, models or {}, {each.id: each for each in processes}, (), (), ())


@pytest.mark.parametrize(
    ("work", "alone", "in_pack"),
    [
        pytest.param(ServiceTask("do", "", "ledger.past"), ["PACK-SERVICE-01"], ["PACK-SERVICE-01"], id="a service"),
        pytest.param(UserTask("do", "", "dance"), ["PACK-TASK-01"], ["PACK-TASK-01"], id="a kind of task"),
        pytest.param(BusinessRuleTask("do", "", "rating"), [], ["PACK-DECISION-01"], id="a decision"),
        pytest.param(ServiceTask("do", "", "payment.check"), [], ["PACK-DECISION-06"], id="a decision of a service"),
        pytest.param(CallActivity("do", "", "nobody"), [], ["PACK-CALL-01"], id="a process"),
        pytest.param(CallActivity("do", "", "other"), [], ["WORKFLOW-CALL-06"] * 2, id="a process that calls back"),
        pytest.param(NEWS, ["PACK-MESSAGE-01"], ["PACK-MESSAGE-01"], id="a message"),
        pytest.param(ReceiveTask("news", "", "news", "=x"), [], [], id="a message from outside"),
        pytest.param(ReceiveTask("news", "", "case.changed"), [], [], id="a message of the platform"),
        pytest.param(HORN, [], ["PACK-SIGNAL-01"], id="a signal"),
        pytest.param(CatchEvent("bell", "", SignalDefinition("bell")), [], [], id="a signal of another process"),
    ],
)  # fmt: skip
def test_what_is_asked_for_and_not_there_is_told(work: Node, alone: list[str], in_pack: list[str]) -> None:
    ringing = ThrowEvent("ring", "", SignalDefinition("bell"))
    process, other = drawn(work), drawn(ringing, CallActivity("back", "", "drawn"), name="other")
    assert [each.code for each in check_alone(process)] == alone
    assert [each.code for each in check_in_pack(process, pack_of(other))] == in_pack


def test_what_a_process_tells_itself_is_told() -> None:
    telling = (SendTask("send", "", "news"), ThrowEvent("cry", "", SignalDefinition("horn")))
    ways = ("in > fork > send > cry > out", "fork > news > horn > out")
    process = compiled(IN, ParallelGateway("fork"), *telling, NEWS, HORN, OUT, *ways)
    assert list(check_in_pack(process, pack_of())) == []
    ended = EndEvent("told", "", MessageDefinition("news"))
    assert list(check_alone(compiled(IN, ParallelGateway("fork"), NEWS, OUT, ended, "in > fork > news > out",
                                     "fork > told"))) == []  # fmt: skip


def test_alone_nothing_is_more_than_a_warning() -> None:
    process = drawn(ServiceTask("do", "", "ledger.past"), NEWS)
    assert {each.severity for each in check_alone(process)} == {Severity.WARNING}
