"""A worker's work is bound to its lease: whoever lost it changes nothing, and what fails is tried again or given up."""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Company
from tests.acceptance.test_acts import post
from tests.database_content import changed, content

from comptroller.adapters.database.unit_of_work import DatabaseUnitOfWork
from comptroller.adapters.surroundings import machine_time
from comptroller.application.act import ActOnTask
from comptroller.application.caller import SYSTEM
from comptroller.application.casework.resuming import resume_alone
from comptroller.application.catalogue import USE_CASES
from comptroller.application.delivery import RecordDelivery
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.groundwork import Groundwork
from comptroller.application.jobs.job import Job
from comptroller.application.lanes import lane_of
from comptroller.application.migrating.versions import Move
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.ports.surroundings import Connector, Delivered
from comptroller.application.records import OutboxRow, revised
from comptroller.application.session import Session
from comptroller.application.starting.event import Beginning
from comptroller.application.work import (
    HANDLERS,
    can_be_sent_with_others,
    deliver_together,
    handle,
    lease,
    work_round,
    work_until_idle,
)
from comptroller.domain.kernel import limits
from comptroller.domain.workflow.events import ServiceRequested
from comptroller.domain.workflow.process import CatchKind

pytestmark = pytest.mark.every_row

ACCEPTED: Final = Delivered(accepted=True, retry=False, status=200, detail="")
LEASE: Final = timedelta(seconds=limits.LEASE_S)


class Ledger:
    """An outside system that takes everything."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def deliver(self, _payload: bytes, *, idempotency_key: str) -> Delivered:
        self.taken.append(idempotency_key)
        return ACCEPTED


def with_connector(company: Company, connector: Connector) -> Dispatcher:
    environment = replace(company.platform.environment, connectors={"ledger": connector})
    return Dispatcher(environment, USE_CASES)


def leased(company: Company, kind: str, target: str, payload: Mapping[str, Any], document: str = "D11") -> OutboxRow:
    """A row of a kind that a worker holds; the case of a document is what it is about."""
    now = machine_time()
    row = OutboxRow(
        f"test.{kind}", company.case_of(document), lane_of(kind, target), kind, target, f"key.{kind}",
        json.dumps(payload), "leased", now, 0, "first", now + LEASE, 1, "",
    )  # fmt: skip
    company.platform.environment.store.run(TENANT, lambda uow: uow.insert(row))
    return row


def keep(company: Company, row: OutboxRow) -> None:
    """Write a row as if somebody else had."""

    def write(uow: UnitOfWork) -> None:
        uow.outbox(row.outbox_id)
        uow.update(row)

    company.platform.environment.store.run(TENANT, write)


def every_kind(company: Company) -> dict[str, tuple[str, dict[str, Any]]]:
    """A target and a payload for each kind of row, such that its work would change something."""
    task = company.task("D11")
    act = {"person": "lena.vogt", "action": "approve", "content_hash": task["content_hash"], "reason": "", "until": ""}
    (wait, *_) = company.read(lambda uow: uow.case_waits(company.case_of("D11")))
    begun = Beginning("invoice", "began", CatchKind.MESSAGE, "parcel", "A-1", "DE").to_json()
    turn = {"process": "invoice", "version": "an older version", "event": "monthly", "entity": "DE", "number": 0}
    moving = {"move": asdict(Move("invoice", "an older version")), "reason": "a new version"}
    return {
        "act": (task["task_id"], act),
        "timer": ("Timer", {"token": wait.token, "timer": "Timer"}),
        "message": ("", {"message": "case.changed", "subject": "order/PO-2031", "cause": "test"}),
        "watch": (task["task_id"], {"task": task["task_id"]}),
        "delivery": ("ledger", {"case_id": company.case_of("D11")}),
        "notice": (
            "mail",
            {"kind": "task-offered", "person": "lena.vogt", "task": task["task_id"], "browser": "", "at": ""},
        ),
        "reminder": ("", {"task": task["task_id"]}),
        "digest": ("digest", {}),
        "index": ("", {}),
        "thrown": ("parcel", {"name": "parcel", "about": "key/A-1", "key": "A-1", "carries": {}}),
        "signal": ("stop", {"name": "stop", "about": "signal", "key": "", "carries": {}}),
        "told": ("case.changed", {"name": "case.changed", "about": "", "key": "", "carries": {}}),
        "begin": ("invoice", begun),
        "turn": ("invoice", {**turn, "turn": "2026-03-01T00:00:00Z", "counted_from": "2026-03-01T00:00:00Z"}),
        "person": ("lena.vogt", {}),
        "holder": (task["task_id"], {}),
        "job": ("migration", asdict(Job("test.job", "migration", "mika.ranta", "", "", moving, total=0))),
    }


@pytest.mark.parametrize("kind", sorted(HANDLERS))
def test_who_lost_its_lease_changes_nothing(company: Company, kind: str) -> None:
    target, payload = every_kind(company)[kind]
    row = leased(company, kind, target, payload)
    taken_over = revised(row, fence=2, lease_owner="second")
    keep(company, taken_over)
    before = content(company.platform.settings.database_url)
    handle(with_connector(company, Ledger()), TENANT, row)
    assert changed(before, content(company.platform.settings.database_url)) == {}
    handle(with_connector(company, Ledger()), TENANT, taken_over)
    assert changed(before, content(company.platform.settings.database_url))["outbox"]


def test_a_lease_that_ran_out_in_hand_is_not_begun(company: Company) -> None:
    row, ledger = leased(company, "delivery", "ledger", {"case_id": company.case_of("D11")}), Ledger()
    handle(with_connector(company.later(LEASE), ledger), TENANT, row)
    assert ledger.taken == []


class Broken:
    """A connector with a defect."""

    def deliver(self, _payload: bytes, *, idempotency_key: str) -> Delivered:
        raise ArithmeticError(idempotency_key)


def test_a_defect_is_tried_again_with_pauses_then_given_up_and_sent_again_by_an_operator(company: Company) -> None:
    row = leased(company, "delivery", "ledger", {"case_id": company.case_of("D11")})
    keep(company, revised(row, status="pending", lease_owner="", lease_until=None))
    passed = timedelta()
    for attempt in range(1, limits.WORK_ATTEMPTS_MAX + 1):
        now = company.later(passed)
        with pytest.raises(ArithmeticError):
            work_round(with_connector(now, Broken()), "w")
        kept = company.read(lambda uow: uow.outbox(row.outbox_id))
        assert kept is not None
        is_last = attempt == limits.WORK_ATTEMPTS_MAX
        assert (kept.attempts, kept.status, kept.lease_owner) == (attempt, "dead" if is_last else "pending", "")
        passed += timedelta(hours=2)
    (listed,) = company.person("mika.ranta").get("/deliveries", status="dead")["deliveries"]
    assert "ArithmeticError" in listed["error"]
    told = [entry for entry in company.timeline("D11") if entry["type"] == "work.failed"]
    assert [entry["data"]["state"] for entry in told] == ["pending"] * (limits.WORK_ATTEMPTS_MAX - 1) + ["dead"]
    assert post(company.person("mika.ranta"), f"/deliveries/{row.outbox_id}/retry", reason="mended").status_code == 200
    ledger = Ledger()
    work_until_idle(with_connector(company, ledger), "w")
    assert ledger.taken == [row.idempotency_key]
    retried = [
        each.person for each in company.read(lambda uow: uow.milestones(row.case_id)) if each.kind == "delivery retried"
    ]
    assert retried == ["mika.ranta"]


def test_what_kills_its_workers_is_given_up(company: Company) -> None:
    row, ledger = leased(company, "delivery", "ledger", {"case_id": company.case_of("D11")}), Ledger()
    died = revised(row, attempts=limits.WORK_ATTEMPTS_MAX)
    keep(company, died)
    handle(with_connector(company, ledger), TENANT, died)
    kept = company.read(lambda uow: uow.outbox(row.outbox_id))
    assert kept is not None
    assert (kept.status, ledger.taken) == ("dead", [])
    assert "died" in kept.error


class Death(BaseException):
    """What ends a worker's process."""


class Deadly:
    """A connector that kills whoever calls it."""

    def deliver(self, _payload: bytes, *, idempotency_key: str) -> Delivered:
        raise Death(idempotency_key)


def test_what_waits_in_the_hands_of_workers_that_die_is_not_given_up_and_what_kills_them_is(company: Company) -> None:
    deadly = leased(company, "delivery", "ledger", {"case_id": company.case_of("D11")})
    waiting = leased(company, "index", "", {})
    lives = 2 * limits.WORK_ATTEMPTS_MAX
    for life in range(1, lives + 1):
        now = company.later(2 * life * LEASE)
        dispatcher = with_connector(now, Deadly())
        held = lease(dispatcher, f"worker {life}")
        assert waiting.outbox_id in {row.outbox_id for _, row in held}
        for tenant, row in held:
            if row.outbox_id == deadly.outbox_id:
                with pytest.raises(Death) if row.attempts < limits.WORK_ATTEMPTS_MAX else nullcontext():
                    handle(dispatcher, tenant, row)
    dead = company.read(lambda uow: uow.outbox(deadly.outbox_id))
    assert dead is not None
    assert dead.status == "dead"
    work_round(with_connector(company.later(2 * (lives + 1) * LEASE), Ledger()), "the last")
    done = company.read(lambda uow: uow.outbox(waiting.outbox_id))
    assert done is not None
    assert (done.status, done.fence) == ("done", lives + 2)


def test_one_row_s_defect_keeps_no_other_from_its_end(company: Company) -> None:
    broken = leased(company, "delivery", "ledger", {"case_id": company.case_of("D11")})
    index = leased(company, "index", "", {})
    with pytest.raises(ArithmeticError):
        work_round(with_connector(company.later(2 * LEASE), Broken()), "w")
    kept = [company.read(lambda uow, row=row: uow.outbox(row.outbox_id)) for row in (broken, index)]  # type: ignore[misc]
    assert [row.status for row in kept if row is not None] == ["pending", "done"]


class Crowded(Ledger):
    """An outside system that has too much to do."""

    def deliver(self, _payload: bytes, *, idempotency_key: str) -> Delivered:
        self.taken.append(idempotency_key)
        return Delivered(accepted=False, retry=True, status=503, detail="come later", pause_s=300)


class Choosy(Ledger):
    """A system that answers each key as it was told to."""

    def __init__(self, answers: Mapping[str, Delivered]) -> None:
        super().__init__()
        self._answers = answers

    def deliver(self, _payload: bytes, *, idempotency_key: str) -> Delivered:
        super().deliver(_payload, idempotency_key=idempotency_key)
        if idempotency_key not in self._answers:
            raise ArithmeticError(idempotency_key)
        return self._answers[idempotency_key]


BUSY: Final = Delivered(accepted=False, retry=True, status=503, detail="busy")


def several(company: Company) -> list[OutboxRow]:
    """Three deliveries of two cases in the hand of one worker."""
    first = leased(company, "delivery", "ledger", {"case_id": company.case_of("D11")})
    about = (("second", company.case_of("D11")), ("third", company.case_of("D14")))
    others = [revised(first, outbox_id=name, idempotency_key=name, case_id=case) for name, case in about]
    company.platform.environment.store.run(TENANT, lambda uow: uow.insert(*others))
    return [first, *others]


def standing(company: Company, rows: Sequence[OutboxRow]) -> list[tuple[str, int]]:
    """What became of rows, and after how many attempts."""
    kept = [company.read(lambda uow, row=row: uow.outbox(row.outbox_id)) for row in rows]  # type: ignore[misc]
    return [(row.status, row.attempts) for row in kept if row is not None]


def test_what_is_delivered_together_is_told_each_on_its_case(company: Company) -> None:
    rows, ledger = several(company), Ledger()
    deliver_together(with_connector(company, ledger), TENANT, rows)
    assert ledger.taken == [row.idempotency_key for row in rows]
    assert standing(company, rows) == [("done", 1)] * 3
    told = [
        entry["data"]["key"]
        for name in ("D11", "D14")
        for entry in company.timeline(name)
        if "delivery" in entry["type"]
    ]
    assert told[-3:] == ledger.taken


def held(uow: UnitOfWork) -> frozenset[str]:
    """The keys that nobody else takes meanwhile."""
    assert isinstance(uow, DatabaseUnitOfWork)
    return uow.held


def test_who_records_a_delivery_waits_for_nobody_who_bills_the_same_order(company: Company) -> None:
    row = several(company)[0]
    record = company.platform.dispatcher.bound(Request(SYSTEM, RecordDelivery(row, ACCEPTED), lease=row))

    def recorded(uow: UnitOfWork) -> frozenset[str]:
        assert record(uow) == {"state": "done"}
        return held(uow)

    assert company.platform.environment.store.rehearse(TENANT, recorded) == {f"case/{row.case_id}"}


def test_a_case_that_was_only_told_something_holds_what_it_is_judged_by_before_it_is_judged(company: Company) -> None:
    row = several(company)[0]

    def judged(uow: UnitOfWork) -> tuple[frozenset[str], frozenset[str]]:
        session, case = (
            company.platform.dispatcher._session(uow, Request(SYSTEM, None), Groundwork(is_open=True)),
            uow.case(row.case_id),
        )
        assert isinstance(session, Session)
        assert case is not None
        run = resume_alone(session, case)
        before = held(uow)
        run._perform(ServiceRequested("1", "move-up", "tasks.escalate"))
        return before, held(uow)

    before, after = company.platform.environment.store.rehearse(TENANT, judged)
    assert before == {f"case/{row.case_id}"}
    assert {key.partition("/")[0] for key in after} >= {"case", "number", "vat"}


def test_a_lease_that_is_lost_among_others_changes_nothing_of_its_row(company: Company) -> None:
    rows = several(company)
    keep(company, revised(rows[1], fence=2, lease_owner="second"))
    deliver_together(with_connector(company, Ledger()), TENANT, rows)
    assert standing(company, rows) == [("done", 1), ("leased", 0), ("done", 1)]


def test_nothing_more_is_sent_to_a_system_that_did_not_take_the_last(company: Company) -> None:
    rows = several(company)
    busy = Choosy({rows[0].idempotency_key: ACCEPTED, rows[1].idempotency_key: BUSY})
    deliver_together(with_connector(company, busy), TENANT, rows)
    assert standing(company, rows) == [("done", 1), ("pending", 1), ("leased", 0)]
    assert len(busy.taken) == 2


def test_a_defect_among_deliveries_is_recorded_on_its_row_alone(company: Company) -> None:
    rows = several(company)
    with pytest.raises(ArithmeticError):
        deliver_together(with_connector(company, Choosy({rows[0].idempotency_key: ACCEPTED})), TENANT, rows)
    assert standing(company, rows) == [("done", 1), ("pending", 1), ("leased", 0)]


@pytest.mark.parametrize(
    ("changes", "goes"),
    [({}, True), ({"attempts": 1, "fence": 2}, False), ({"fence": 2}, False), ({"kind": "timer"}, False)],
    ids=["a first attempt", "after a failure", "after a worker that died", "no delivery"],
)
def test_only_a_first_attempt_goes_together_with_others(company: Company, changes: Any, *, goes: bool) -> None:
    row = leased(company, "delivery", "ledger", {})
    assert can_be_sent_with_others(revised(row, **changes)) is goes


def test_a_system_that_can_take_nothing_is_left_alone_for_as_long_as_it_says(company: Company) -> None:
    case_id, ledger = company.case_of("D11"), Crowded()
    row = leased(company, "delivery", "ledger", {"case_id": case_id})
    for number in range(3):
        waiting = revised(row, outbox_id=f"d{number}", status="pending", lease_owner="", lease_until=None)
        company.platform.environment.store.run(TENANT, lambda uow, waiting=waiting: uow.insert(waiting))  # type: ignore[misc]
    handle(with_connector(company, ledger), TENANT, row)
    work_until_idle(with_connector(company, ledger), "w")
    assert len(ledger.taken) == 1
    (closed,) = company.platform.environment.store.work.closed_lanes(machine_time())
    assert (closed.lane, "come later" in closed.why) == ("delivery/ledger", True)
    work_until_idle(with_connector(company.later(timedelta(seconds=301)), Ledger()), "w")
    assert company.read(lambda uow: uow.deliveries(status="pending")) == []


def test_a_posted_case_whose_confirmation_is_overdue_hears_its_timer(company: Company) -> None:
    task = company.task("D11")
    given = ActOnTask(task["task_id"], "approve", task["content_hash"])
    answer = with_connector(company, Ledger()).execute(TENANT, Request("lena.vogt", given))
    assert answer["status"] == "posted"
    work_until_idle(with_connector(company.later(timedelta(hours=25)), Crowded()), "w")
    moved = [move for entry in company.timeline("D11") for move in entry["data"].get("events", ())]
    assert [move for move in moved if str(move).startswith("TimerFired") and "confirmation-overdue" in move]
