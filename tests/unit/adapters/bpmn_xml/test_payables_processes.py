"""The processes of the accounts-payable pack read without a fault, are drawn whole and take a case to its ends."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree
from tests.reference.workflow_drawing import Play

from comptroller.adapters.bpmn_xml import read
from comptroller.application.casework.services import HANDLERS
from comptroller.domain.feel import Value
from comptroller.domain.workflow import CompleteJob, DeliverMessage, FireTimer, Process, Status, events
from comptroller.domain.workflow.commands import Correct, Retry
from comptroller.domain.workflow.model import EndEvent, ServiceTask

PROCESSES = Path(__file__).parents[4] / "packs" / "accounts-payable" / "processes"
DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

CONTROLS = sorted(
    [
        *("bank details", "budget", "coding", "currency and rate", "duplicate", "intercompany", "line match"),
        *(
            "order policy",
            "period and cut-off",
            "receiving entity",
            "intake admission",
            "retention",
            "rounding",
            "sanctions",
        ),
        *("supplier identification", "supplier standing", "tax comparison", "withholding", "split"),
        *("blanket and contract", "unplanned charges", "prepayment"),
        *("recurring agreement", "credit note", "payment terms"),
    ]
)
ROUTING = ["risk", "approval routing", "disposition", "exception routing"]


def load(name: str) -> Process:
    process, faults = read((PROCESSES / name).read_bytes())
    assert faults == ()
    assert process is not None
    return process


class Payables(Play):
    """A case whose decisions and services answer at once, as the platform lets them."""

    def __init__(self, name: str, answers: Mapping[str, Mapping[str, Value]]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        super().__init__(load(name))
        self.work()

    def work(self) -> None:
        """Answer every job that the last events ask for, and those that come of it."""
        jobs = [event for event in self.last if isinstance(event, events.DecisionRequested | events.ServiceRequested)]
        while jobs:
            job = jobs.pop(0)
            name = job.decision if isinstance(job, events.DecisionRequested) else job.service
            self.asked.append(name)
            happened = self.do(CompleteJob(job.token, self.answers.get(name, {})))
            jobs += [e for e in happened if isinstance(e, events.DecisionRequested | events.ServiceRequested)]

    def settle(self, outcome: str) -> None:
        """What the disposition says from now on."""
        self.answers["disposition"] = {"disposition": {"outcome": outcome}}

    @property
    def ending(self) -> str:
        """The name of the end event; empty while the case goes on."""
        return next((event.name for event in self.events if isinstance(event, events.CaseEnded)), "")


def invoice(outcome: Value, **answers: Mapping[str, Value]) -> Payables:
    routed: Mapping[str, Value] = {"exceptions": [{"type": "price"}, {"type": "quantity"}]}
    steps: Mapping[str, Value] = {"open steps": [{"step": each, "asked now": each != "3"} for each in "123"]}
    said: Mapping[str, Value] = {"disposition": {"outcome": outcome}}
    standard = {"disposition": said, "exception routing": routed, "approval routing": steps}
    return Payables("invoice.bpmn", {**standard, **answers})


@pytest.mark.parametrize(
    ("outcome", "ending", "last_service"),
    [
        ("post", "Posted", "ledger.post"),
        ("post with payment block", "Posted", "ledger.post"),
        ("reject", "Rejected", "supplier.reject"),
        ("return", "Returned", "requester.return"),
    ],
)
def test_an_invoice_that_needs_nobody_runs_to_its_end(outcome: str, ending: str, last_service: str) -> None:
    play = invoice(outcome)
    assert play.ending == ending
    assert play.asked[:2] == ["facts.gather", "document validity"]
    assert sorted(play.asked[2 : 2 + len(CONTROLS)]) == CONTROLS
    assert play.asked[2 + len(CONTROLS) :] == [*ROUTING, last_service]


@pytest.mark.parametrize(
    "outcome",
    [pytest.param("review", id="an outcome that no flow knows"), pytest.param(None, id="no outcome")],
)
def test_an_invoice_that_could_not_be_decided_is_held(outcome: Value) -> None:
    assert invoice(outcome).standing == ["resolve-exceptions"]


def test_a_held_invoice_goes_through_all_controls_again_when_one_exception_is_resolved() -> None:
    play = invoice("hold")
    assert play.happened(events.TaskOffered) == {"resolve-exceptions": 2}
    play.settle("post")
    play.asked.clear()
    play.finish("resolve-exceptions", 2, resolution="order amended")
    assert play.happened(events.TaskWithdrawn) == {"resolve-exceptions": 1}
    play.work()
    assert play.asked[0] == "facts.gather"
    assert sorted(play.asked[2 : 2 + len(CONTROLS)]) == CONTROLS
    assert play.ending == "Posted"


@pytest.mark.parametrize(("resolution", "ending"), [("reject", "Rejected"), ("cancel", "Cancelled")])
def test_a_held_invoice_can_be_given_up(resolution: str, ending: str) -> None:
    play = invoice("hold")
    play.finish("resolve-exceptions", 1, resolution=resolution)
    play.work()
    assert play.ending == ending


@pytest.mark.parametrize("called_up", [pytest.param(True, id="by a change"), pytest.param(False, id="by its date")])
def test_a_parked_invoice_is_called_up(called_up: bool) -> None:
    said: Mapping[str, Value] = {"disposition": {"outcome": "park"}, "waiting time": "PT3600S"}
    play = invoice("park", disposition=said)
    assert play.standing == ["park"]
    play.settle("post")
    token = play.token("park")
    if called_up:
        play.do(DeliverMessage(token, "case.changed"))
        assert play.happened(events.TimerCancelled) == {"park": 1}
    else:
        play.wait(hours=1)
        play.do(FireTimer(token, "park-date"))
    play.work()
    assert play.ending == "Posted"


def test_a_parked_invoice_without_a_date_is_an_incident_until_an_operator_says_one() -> None:
    play = invoice("park", disposition={"disposition": {"outcome": "park"}, "waiting time": None})
    assert play.happened(events.IncidentRaised) == {"park": 1}
    play.do(Correct({"waiting time": "PT1H"}))
    play.do(Retry(play.token("park")))
    play.settle("post")
    play.asked.clear()
    play.wait(hours=1)
    play.do(FireTimer(play.token("park"), "park-date"))
    play.work()
    assert play.asked[0] == "facts.gather"  # nothing is let through by a date
    assert play.ending == "Posted"


def test_an_operator_leaves_out_no_control_and_no_effect_and_corrects_no_answer() -> None:
    processes = [load(path.name) for path in sorted(PROCESSES.glob("*.bpmn"))]
    assert {name for process in processes for name in process.correctable} == {"waiting time"}
    nodes = [place.node for process in processes for place in process.places.values()]
    skippable = {node.service for node in nodes if isinstance(node, ServiceTask) and node.skippable}
    assert skippable == {"tasks.escalate"}
    assert not skippable & HANDLERS.effects


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*.bpmn")), ids=lambda path: path.stem)
def test_every_end_says_what_its_case_is(path: Path) -> None:
    ends = [place.node for place in load(path.name).places.values() if isinstance(place.node, EndEvent)]
    assert {end.name: end.status for end in ends if end.status != _STATUSES.get(end.name, "done")} == {}


_STATUSES = {
    "Cancelled": "cancelled",
    "Refused": "rejected",
    "Rejected": "rejected",
    "Returned": "returned",
    "Sent back": "returned",
    "Overtaken": "returned",
}


@pytest.mark.parametrize(("outcome", "task"), [("hold", "resolve-exceptions"), ("approve", "approve")])
def test_a_change_calls_the_case_back_and_withdraws_every_task(outcome: str, task: str) -> None:
    play = invoice(outcome)
    offered = play.happened(events.TaskOffered)
    play.settle("post")
    play.do(DeliverMessage(play.token(task), "case.changed"))
    assert play.happened(events.TaskWithdrawn) == offered
    play.work()
    assert play.ending == "Posted"


def test_an_approved_invoice_goes_through_all_controls_again_before_it_is_posted() -> None:
    play = invoice("approve")
    play.finish("approve", 1, **{"decision taken": "approve"})
    assert play.standing == ["approve"]
    play.settle("post")
    play.asked.clear()
    play.finish("approve", 2, **{"decision taken": "approve"})
    play.work()
    assert play.asked[0] == "facts.gather"
    assert play.ending == "Posted"


def test_only_those_whose_turn_has_come_are_asked_and_all_of_them_at_once() -> None:
    assert invoice("approve").happened(events.TaskOffered) == {"approve": 2}


@pytest.mark.parametrize("taken", ["given", "not needed"])
def test_an_answer_that_leaves_its_step_open_ends_nothing(taken: str) -> None:
    play = invoice("approve")
    play.finish("approve", 1, **{"decision taken": taken})
    assert play.standing == ["approve"]
    assert play.happened(events.TaskWithdrawn) == {}


def test_a_rejection_ends_the_approval_and_takes_back_what_is_asked_of_others() -> None:
    play = invoice("approve")
    play.finish("approve", 1, **{"decision taken": "reject"})
    assert play.happened(events.TaskWithdrawn) == {"approve": 1}
    play.work()
    assert play.ending == "Rejected"


@pytest.mark.parametrize(
    "answer", [pytest.param("send back", id="sent back"), pytest.param("perhaps", id="an answer that no flow knows")]
)
def test_an_invoice_sent_back_is_corrected_and_judged_again(answer: str) -> None:
    play = invoice("approve")
    play.finish("approve", 1, **{"decision taken": answer})
    assert play.standing == ["correct"]
    play.settle("post")
    play.finish("correct")
    play.work()
    assert play.ending == "Posted"


def test_a_delivered_invoice_waits_for_the_answer_of_the_outside_system() -> None:
    play = invoice("post", **{"ledger.post": {"deliver": True}})
    assert play.asked[-1] == "connector.send"
    assert play.standing == ["await-confirmation"]
    play.wait(hours=24)
    play.do(FireTimer(play.token("await-confirmation"), "confirmation-overdue"))
    play.work()
    assert play.standing == ["await-confirmation"]
    play.do(DeliverMessage(play.token("await-confirmation"), "delivery.answered"))
    assert play.ending == "Posted"


@pytest.mark.parametrize(
    ("answer", "ending", "services"),
    [
        ("approve", "Released", ["order.route", "order.put-in-force"]),
        ("reject", "Refused", ["order.route"]),
    ],
)
def test_an_order_change_is_put_in_force_only_when_released(answer: str, ending: str, services: list[str]) -> None:
    play = Payables("order-change.bpmn", {"order.route": {"open steps": [{"step": "1"}]}})
    play.finish("release-order", 1, **{"decision taken": answer})
    play.work()
    assert play.ending == ending
    assert play.asked == services
    assert play.state.status is Status.ENDED


def test_an_order_change_that_nobody_can_release_stops() -> None:
    play = Payables("order-change.bpmn", {"order.route": {"open steps": []}})
    assert play.incidents == {"release-order": "WORKFLOW-COLLECTION-02"}


@pytest.mark.parametrize("name", ["invoice.bpmn", "order-change.bpmn"])
def test_every_node_and_flow_is_drawn_where_it_belongs(name: str) -> None:
    root = etree.fromstring((PROCESSES / name).read_bytes())
    process = root.find(f"{BPMN}process")
    assert process is not None
    drawn = [element.get("bpmnElement") for element in root.iter(f"{DRAWING}BPMNShape", f"{DRAWING}BPMNEdge")]
    elements = [child for child in process if child.tag not in {f"{BPMN}documentation", f"{BPMN}property"}]
    assert sorted(map(str, drawn)) == sorted(str(element.get("id")) for element in elements)
    bounds = {
        shape.get("bpmnElement"): [float(str(shape[0].get(key))) for key in ("x", "y", "width", "height")]
        for shape in root.iter(f"{DRAWING}BPMNShape")
    }
    ends = {edge.get("bpmnElement"): (edge[0], list(edge.iterchildren("{*}waypoint"))[-1])
            for edge in root.iter(f"{DRAWING}BPMNEdge")}  # fmt: skip
    for flow in process.iterchildren(f"{BPMN}sequenceFlow"):
        for node, point in zip((flow.get("sourceRef"), flow.get("targetRef")), ends[flow.get("id")], strict=True):
            x, y, width, height = bounds[node]
            assert x <= float(str(point.get("x"))) <= x + width, flow.get("id")
            assert y <= float(str(point.get("y"))) <= y + height, flow.get("id")
