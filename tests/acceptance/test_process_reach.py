"""Processes that reach beyond their case: messages by key, signals, timers, calls, on a pack with small processes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.acceptance.company import ROOT, Databases
from tests.acceptance.versions import release

from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.application.caller import SYSTEM
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.opening import begin, start
from comptroller.application.casework.record import stream_of
from comptroller.application.casework.resuming import resume_case
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher, Request, UseCase
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.application.messages import SendMessage
from comptroller.application.policy import Policy
from comptroller.application.queries import ListDeliveries
from comptroller.application.records import CaseRow, WaitRow
from comptroller.application.reference import PutReference
from comptroller.application.session import Session
from comptroller.application.work import work_until_idle
from comptroller.bootstrap import Platform, compile_pack, pack_files
from comptroller.domain.feel import Value
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.workflow import Cancel, Command, CompleteTask, DeliverMessage, State

pytestmark = pytest.mark.embedded

PACK: Final = ROOT / "packs" / "accounts-payable"
PROCESSES: Final = Path(__file__).parent / "processes"
TENANT: Final = TenantId("parcels")


@dataclass(frozen=True)
class BeginCase:
    """A case of a process begins."""

    process: str
    variables: Mapping[str, Value]


@dataclass(frozen=True)
class TellMachine:
    """A case's process is told something."""

    case_id: str
    command: Command


def begin_case(session: Session, command: BeginCase) -> Any:
    run = begin(session, command.process, kind="test", number="", dossier=Dossier())
    return start(run, variables=command.variables)["case_id"]


def tell_machine(session: Session, command: TellMachine) -> Any:
    case = session.uow.case(command.case_id)
    assert case is not None
    run = resume_case(session, case)
    assert run.send(command.command) is None
    run.close()
    return command.case_id


MORE: Final = (
    UseCase(BeginCase, frozenset({Duty.TIMER_RUN}), begin_case),
    UseCase(TellMachine, frozenset({Duty.TIMER_RUN}), tell_machine),
)


@dataclass
class Parcels:
    """A tenant whose pack has the small processes beside the others."""

    platform: Platform
    passed: timedelta = timedelta()

    def dispatcher(self) -> Dispatcher:
        clock = TenantClock(lambda: machine_time() + self.passed)
        return Dispatcher(replace(self.platform.environment, clock=clock), (*USE_CASES, *MORE))

    def do(self, command: object) -> Any:
        answer = self.dispatcher().execute(TENANT, Request(SYSTEM, command))
        assert not isinstance(answer, Rejection), answer
        return answer

    def begin(self, process: str, **variables: Value) -> str:
        case_id: str = self.do(BeginCase(process, variables))
        return case_id

    def work(self) -> None:
        work_until_idle(self.dispatcher(), "test")

    def later(self, **span: float) -> None:
        self.passed += timedelta(**span)
        self.work()

    def read(self, question: Any) -> Any:
        return self.platform.environment.store.read(TENANT, question)

    def case(self, case_id: str) -> CaseRow:
        row: CaseRow = self.read(lambda uow: uow.case(case_id))
        return row

    def state(self, case_id: str) -> State:
        stored: Any = decode(self.case(case_id).state)
        return State.from_json(stored["process"])

    def standing(self, case_id: str) -> list[str]:
        return sorted(at.node for at in self.state(case_id).tokens.values())

    def waits(self, case_id: str) -> list[WaitRow]:
        return list(self.read(lambda uow: uow.case_waits(case_id)))

    def timers(self, case_id: str, status: str = "pending") -> int:
        rows = self.read(lambda uow: uow.case_outbox(case_id))
        return len([row for row in rows if row.kind == "timer" and row.status == status])

    def open_tasks(self, case_id: str) -> list[Any]:
        return [task for task in self.read(lambda uow: uow.case_tasks(case_id)) if task.status == "open"]

    def release(self, files: Mapping[str, bytes]) -> None:
        """Put another version of the pack in force."""
        release(self.platform, files, TENANT)


def files(**changes: tuple[str, str]) -> dict[str, bytes]:
    """The pack with the small processes, some of them changed."""
    small = {f"processes/{path.name}": path.read_bytes() for path in PROCESSES.glob("*.bpmn")}
    for name, (old, new) in changes.items():
        small[f"processes/{name}.bpmn"] = small[f"processes/{name}.bpmn"].replace(old.encode(), new.encode())
    return pack_files(PACK) | small


@pytest.fixture
def parcels(databases: Databases) -> Iterator[Parcels]:
    place = databases.empty()
    try:
        with databases.platform(place) as platform:
            founded = Founding(TENANT, "Parcels", "#000000", files(), None, "Europe/Berlin", "", "EUR")
            assert found_tenant(platform.environment, founded)
            yield Parcels(platform)
    finally:
        databases.drop(place)


def test_a_message_comes_to_the_case_that_awaits_it_under_its_key(parcels: Parcels) -> None:
    first, second = parcels.begin("parcel", number="A-1"), parcels.begin("parcel", number="A-2")
    parcels.begin("delivery", number="A-2")
    parcels.work()
    assert (parcels.case(first).status, parcels.case(second).status) == ("waiting", "done")
    assert parcels.state(second).variables["place"] == "bay 2"
    assert [wait.correlation for wait in parcels.waits(first)] == ["key/A-1", "signal"]
    assert parcels.waits(second) == []


def test_an_outside_system_tells_the_case_that_awaits_it_and_writes_one_variable(parcels: Parcels) -> None:
    case, other = parcels.begin("parcel", number="A-1"), parcels.begin("parcel", number="A-2")
    send = SendMessage("parcel.arrived", "A-1", {"place": "bay 9", "number": "A-2", "on": {"@date": "2026-03-27"}})
    dispatcher = parcels.dispatcher()
    answers = [dispatcher.execute(TENANT, Request(IMPORTER, send, "once")) for _ in range(2)]
    assert answers[0] == answers[1]
    parcels.work()
    assert (parcels.case(case).status, parcels.case(other).status) == ("done", "waiting")
    variables = parcels.state(case).variables
    assert (variables["number"], variables.get("place")) == ("A-1", None)
    assert variables["message"] == {"place": "bay 9", "number": "A-2", "on": date(2026, 3, 27)}
    assert len(parcels.read(lambda uow: [e for e in uow.stream("messages") if e.type == "message.taken"])) == 1


def test_a_message_of_the_platform_has_no_outside_door(parcels: Parcels) -> None:
    (case,) = [parcels.begin("asked")]
    waiting = parcels.standing(case)
    parcels.dispatcher().execute(TENANT, Request(IMPORTER, SendMessage("go", f"case/{case}")))
    parcels.work()
    assert parcels.standing(case) == waiting


def test_a_case_of_an_entity_that_the_sender_does_not_work_for_hears_nothing(parcels: Parcels) -> None:
    case, dispatcher = parcels.begin("parcel", number="A-1"), parcels.dispatcher()
    body = {"name": "A carrier", "kind": "integration", "roles": ["importer"], "entities": ["DE"]}
    dispatcher.execute(TENANT, Request(IMPORTER, PutReference("person", "carrier", body)))
    sent = dispatcher.execute(TENANT, Request("carrier", SendMessage("parcel.arrived", "A-1")))
    assert sent["status"] == "accepted"
    parcels.work()
    assert parcels.case(case).status == "waiting"
    (refused,) = parcels.read(lambda uow: [e for e in uow.stream(stream_of(case)) if e.type == "message.refused"])
    assert b'"sender":"carrier"' in refused.body


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (SendMessage("parcel.arrived", " "), "MESSAGE-NAME-01"),
        (SendMessage("", "A-1"), "MESSAGE-NAME-01"),
        (SendMessage("parcel.arrived", "A-1", {"on": {"@date": "yesterday"}}), "MESSAGE-CONTENT-01"),
        (SendMessage("parcel.arrived", "A-1", {"text": "x" * limits.MESSAGE_BYTES_MAX}), "MESSAGE-SIZE-01"),
    ],
    ids=["without a key", "without a name", "no day", "too much"],
)
def test_what_is_no_message_is_refused(parcels: Parcels, message: SendMessage, code: str) -> None:
    refused = parcels.dispatcher().execute(TENANT, Request(IMPORTER, message))
    assert isinstance(refused, Rejection)
    assert refused.code == code


def test_a_message_that_nobody_awaits_yet_waits_for_who_does(parcels: Parcels) -> None:
    parcels.begin("delivery", number="A-1")
    parcels.work()
    case = parcels.begin("parcel", number="A-1")
    parcels.later(seconds=5)
    assert parcels.case(case).status == "done"


def test_a_message_that_nobody_ever_awaits_waits_for_a_person(parcels: Parcels) -> None:
    parcels.begin("delivery", number="A-1")
    for _ in range(limits.DELIVERY_ATTEMPTS_MAX):
        parcels.later(hours=2)
    (dead,) = parcels.do(ListDeliveries(status="dead"))["deliveries"]
    assert (dead["connector"], dead["error"]) == ("parcel.arrived", "nobody awaits the message")


def test_a_signal_is_heard_by_every_case_that_waits_and_once_by_who_threw_it(parcels: Parcels) -> None:
    waiting = [parcels.begin("parcel", number=number) for number in ("A-1", "A-2")]
    thrower = parcels.begin("count")
    assert parcels.standing(thrower) == ["again"]
    parcels.work()
    assert [parcels.case(case).outcome for case in waiting] == ["done", "done"]
    assert parcels.standing(thrower) == ["again"]
    assert [parcels.waits(case) for case in waiting] == [[], []]
    parcels.begin("count")
    parcels.work()
    assert parcels.case(thrower).status == "done"


def test_a_cycle_asks_again_and_ends_with_what_it_was_beside(parcels: Parcels) -> None:
    case = parcels.begin("parcel", number="A-1")
    asked = []
    for _ in range(3):
        parcels.later(hours=2, minutes=1)
        asked.append(len(parcels.open_tasks(case)))
    assert asked == [1, 2, 2]
    (task, _) = parcels.open_tasks(case)
    assert (task.kind, task.title, task.role) == ("manual", "Look for the parcel", "operator")


def test_a_cycle_is_cancelled_with_what_it_was_beside(parcels: Parcels) -> None:
    case = parcels.begin("parcel", number="A-1")
    parcels.later(hours=2, minutes=1)
    assert parcels.timers(case) == 1
    parcels.begin("delivery", number="A-1")
    parcels.work()
    assert parcels.standing(case) == ["look"]
    assert (parcels.timers(case), parcels.timers(case, "cancelled")) == (0, 1)


def test_two_tokens_of_a_case_wait_for_the_same_message(parcels: Parcels) -> None:
    case = parcels.begin("asked")
    (wait,) = parcels.waits(case)
    assert wait.message == "go"
    first, second = (token for token, at in parcels.state(case).tokens.items() if at.messages)
    parcels.do(TellMachine(case, DeliverMessage(first, "go")))
    assert parcels.waits(case) == [wait]
    parcels.do(TellMachine(case, DeliverMessage(second, "go")))
    assert parcels.waits(case) == []


def test_service_hours_are_counted_by_the_calendar(parcels: Parcels) -> None:
    """However late in the week it is, an hour of service is over after four days, and not before one hour."""
    case = parcels.begin("asked")
    parcels.later(minutes=59)
    assert "hour" in parcels.standing(case)
    parcels.later(days=4)
    assert "hour" not in parcels.standing(case)


def test_a_case_that_is_cancelled_waits_for_nothing(parcels: Parcels) -> None:
    case = parcels.begin("parcel", number="A-1")
    parcels.do(TellMachine(case, Cancel("entered twice")))
    assert parcels.waits(case) == []
    assert parcels.timers(case) == 0


def finish(parcels: Parcels, case: str) -> None:
    """Do what the called process asks for."""
    (token,) = (token for token, at in parcels.state(case).tokens.items() if at.node == "do")
    parcels.do(TellMachine(case, CompleteTask(token)))


def test_a_call_goes_on_with_the_version_it_began_with(parcels: Parcels) -> None:
    case = parcels.begin("calling")
    assert parcels.standing(case) == ["do", "own"]
    (task,) = parcels.open_tasks(case)
    assert task.title == "manual"
    parcels.release(files(called=('"first"', '"second"')))
    finish(parcels, case)
    assert parcels.standing(case) == ["do", "newest"]
    parcels.release(files(called=('"first"', '"third"')))  # the call of the second goes on as it was
    finish(parcels, case)
    assert parcels.case(case).status == "done"
    assert parcels.state(case).variables == {"own answer": "first", "newest answer": "second"}


BEGUN: Final = '<startEvent id="come"><messageEventDefinition messageRef="arrived"/></startEvent>'


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        pytest.param("calling", ('calledElement="called"', 'calledElement="nobody"'), "PACK-CALL-01", id="a call"),
        pytest.param("called", ('<manualTask id="do" name="Do it"/>',
                                '<callActivity id="do" calledElement="calling"/>'), "WORKFLOW-CALL-06",
                     id="a call that comes back"),
        pytest.param("parcel", ('<manualTask id="look"', '<manualTask c:kind="dance" id="look"'), "PACK-TASK-01",
                     id="a kind of task"),
        pytest.param("parcel", ('<manualTask id="look" name="Look for the parcel"/>',
                                '<serviceTask id="look" c:service="look"/>'), "PACK-SERVICE-01", id="a service"),
        pytest.param("delivery", ('<startEvent id="come"/>', BEGUN), "PACK-START-02", id="an owner"),
    ],
)  # fmt: skip
def test_what_a_process_needs_and_nobody_gives_is_a_fault_of_the_pack(
    name: str, change: tuple[str, str], code: str
) -> None:
    found = compile_pack(files(**{name: change}))
    assert not isinstance(found, Policy)
    assert {fault.code for fault in found} == {code}
