"""What keeps a pack's process from being begun by an event: nobody whose the case is, or work that takes a document."""

from typing import Final

import pytest
from tests.reference.workflow_drawing import compiled

from comptroller.application.starting.checks import check_answers, check_starts
from comptroller.domain.decisions.definitions import (
    Decision,
    Definitions,
    InformationItem,
    LiteralExpression,
    Reference,
)
from comptroller.domain.workflow.model import (
    Assignment,
    BusinessRuleTask,
    CallActivity,
    ConditionalDefinition,
    EndEvent,
    EventDefinition,
    ManualTask,
    MessageDefinition,
    MultiInstance,
    Node,
    ScriptTask,
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


# ---- answers that nobody can give on a case without a document -------------------------------------------------------


def decision(name: str, text: str, *needs: str) -> Decision:
    required = tuple(Reference("urn:test", each) for each in needs)
    return Decision(name, name, InformationItem(name), LiteralExpression(text), required_decisions=required)


MODELS: Final = (
    Definitions("told", "urn:test", elements=(
        decision("owner", '{ owner: "ap-lead", resolutions: ["resolve", "park"] }'),
        decision("difference", '["short pay", "reject"]'),
        decision("routed", "{ resolutions: difference }", "difference"),
    )),
)  # fmt: skip


def asked(resolutions: str, **more: object) -> UserTask:
    inputs = (Assignment("resolutions", resolutions),)
    return UserTask("do", "", "exception", inputs=inputs, **more)  # type: ignore[arg-type] # of its instances


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        pytest.param(asked('["resolve", "park"]'), [], id="put aside"),
        pytest.param(asked('["resolve", "accept variance"]'), ["begun/do"], id="accepted"),
        pytest.param(asked('["short pay"]'), ["begun/do"], id="paid short"),
        pytest.param(asked("found"), [], id="what a message says, which is not offered then"),
        pytest.param(ScriptTask("do", "", '["short pay"]', "found"), ["begun/do"], id="by a script"),
        pytest.param(
            UserTask("do", "", "exception", instances=MultiInstance('[{ resolutions: ["short pay"] }]', True)),
            ["begun/do"],
            id="of each of several",
        ),
        pytest.param(BusinessRuleTask("do", "", "owner"), [], id="a decision that says who"),
        pytest.param(BusinessRuleTask("do", "", "routed"), ["begun/routed"], id="by what a decision needs"),
        pytest.param(CallActivity("do", "", "settling"), ["settling/do"], id="by what it calls"),
    ],
)
def test_what_has_no_document_has_no_difference_to_settle(work: Node, expected: list[str]) -> None:
    way = "in > do > out"
    settling = compiled(StartEvent("in"), asked('["short pay"]'), OUT, way, name="settling")
    for definition, paths in ((TOLD, expected), (None, [])):
        start = StartEvent("in", "", definition, owner="operator" if definition else "")
        process = compiled(start, work, OUT, way, name="begun")
        found = list(check_answers(process, {"settling": settling, "begun": process}, MODELS))
        assert [(fault.code, fault.path) for fault in found] == [("PACK-START-05", path) for path in paths]


def test_a_process_that_is_begun_plainly_may_do_anything() -> None:
    assert found(None, ServiceTask("do", "", "facts.gather"), owner="") == []
