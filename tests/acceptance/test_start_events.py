"""Cases that nobody hands in: begun by a message, a signal or the clock, each once, and never without an owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_process_reach import PACK
from tests.acceptance.versions import release
from tests.database_content import changed, content

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import OutboxRow, revised
from comptroller.application.starting.event import BEGIN
from comptroller.application.work import handle, lease, work_until_idle
from comptroller.bootstrap import pack_files, pack_source
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, encode

BEGUN: Final = Path(__file__).parent / "processes" / "begun"
HOURS: Final = "start.orders.hours"
"""The row of the timer start event, which comes three times, every ten hours, for each entity."""


def files(**changes: tuple[str, str]) -> dict[str, bytes]:
    """The pack with processes that events begin, some of them changed."""
    small = {path.stem: path.read_text() for path in BEGUN.glob("*.bpmn")}
    for name, (old, new) in changes.items():
        assert old in small[name], old
        small[name] = small[name].replace(old, new)
    processes = {f"processes/{name}.bpmn": text.encode() for name, text in small.items()}
    return pack_files(PACK) | processes | {"decisions/urgency.dmn": (BEGUN / "urgency.dmn").read_bytes()}


def sent(company: Company, name: str, key: str, once: str = "", person: str = "importer", **more: object) -> Any:
    body = {"name": name, "key": key, "carries": {"amount": 5000}, **more}
    headers = {"Idempotency-Key": once} if once else {}
    return company.person(person).client.post("/v1/messages", json=body, headers=headers)


def cases(company: Company, process: str) -> list[Answer]:
    """The cases that events began, the oldest first."""
    rows = company.read(lambda uow: uow.cases(kind="begun", oldest=True))
    auditor = company.person("samuel.grant")
    return [auditor.get(f"/cases/{row.case_id}") for row in rows if row.process == process]


def begun(company: Company, process: str) -> list[tuple[str, str, str]]:
    """By what they were begun, and whose they are."""
    found = []
    for case in cases(company, process):
        story = company.person("samuel.grant").get(f"/cases/{case['case_id']}/timeline")["entries"]
        (told,) = [entry["data"] for entry in story if entry["type"] == "case.begun"]
        found.append((told["by"], told["event"], case["entity"]))
    return found


def row(company: Company) -> OutboxRow:
    found = company.read(lambda uow: uow.outbox(HOURS))
    assert found is not None
    return found


def entities(company: Company) -> list[str]:
    return [each.key for each in company.read(lambda uow: uow.reference_list("entity"))]


def given_up(company: Company) -> list[tuple[str, str]]:
    """What was not begun, as an operator finds it."""
    rows = company.person("mika.ranta").get("/deliveries?status=dead")["deliveries"]
    return [(each["connector"], each["error"]) for each in rows]


# ---- by a message ----------------------------------------------------------------------------------------------------


def test_a_message_begins_one_case_that_somebody_looks_after(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    answers = [sent(company, "order.placed", "TRX-90817", "sent-1", entity="DE") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    company.work()
    (case,) = cases(company, "orders")
    assert (case["number"], case["entity"], case["status"]) == ("TRX-90817", "DE", "waiting")
    (task,) = case["tasks"]  # the decision was asked with what the message carries
    assert (task["kind"], task["role"]) == ("exception", "ap-lead")
    assert begun(company, "orders") == [("message", "placed", "DE")]
    page = signed_in(company, "priya.nair").get(f"/cases/{case['case_id']}?tab=timeline")
    assert page.status_code == 200
    told = " ".join(page.text.split())
    assert "Begun by the message order.placed, TRX-90817, sent by Master data import" in told
    assert "amount: 5000" in told.lower()
    searched = company.person("priya.nair").get("/cases?q=TRX-90817")["cases"]
    assert searched[0]["case_id"] == case["case_id"]
    assert company.person("priya.nair").act(task, "resolve", "It is ours.").status_code == 200
    assert sent(company, "order.shipped", "TRX-90817").status_code == 202  # now it is awaited by the case
    company.work()
    assert [each["status"] for each in cases(company, "orders")] == ["done"]


def test_a_message_begins_nothing_for_nobody_and_for_who_may_not(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    unknown = sent(company, "order.placed", "A", entity="XX")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "MESSAGE-ENTITY-02")
    body = company.record("person", "importer") | {"entities": ["FR"]}
    assert company.person("importer").put("person", "importer", body).status_code == 200
    elsewhere = sent(company, "order.placed", "A", entity="DE")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "MESSAGE-ENTITY-01")
    assert sent(company, "order.placed", "A").status_code == 202  # it may be for a case that is still to come
    company.work()
    assert (cases(company, "orders"), given_up(company)) == ([], [])
    assert sent(company, "order.placed", "B", entity="FR").status_code == 202
    company.work()
    assert begun(company, "orders") == [("message", "placed", "FR")]


def test_who_sent_a_message_works_for_its_entity_when_the_case_begins(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    assert sent(company, "order.placed", "A", entity="DE").status_code == 202
    body = company.record("person", "importer") | {"entities": ["FR"]}
    assert company.person("importer").put("person", "importer", body).status_code == 200
    company.work()
    assert cases(company, "orders") == []
    assert given_up(company) == [("orders", "`importer`, who sent the message, does not work for `DE`")]


def test_each_message_begins_a_case_though_another_came_under_its_key(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    for once in ("sent-1", "sent-1", "sent-2"):
        assert sent(company, "order.placed", "TRX-90817", once, entity="DE").status_code == 202
    company.work()
    assert [case["number"] for case in cases(company, "orders")] == ["TRX-90817"] * 2


ONCE: Final = ('id="placed" c:owner="ap-lead"', 'id="placed" c:owner="ap-lead" c:once="true"')
"""The message begins one case for its key."""


def test_one_case_is_begun_for_a_key_where_the_process_says_so(new_company: Company) -> None:
    company = new_company
    release(company.platform, files(orders=ONCE))
    for entity in ("DE", "DE", "FR"):  # two of them are taken before either has begun a case
        assert sent(company, "order.placed", "TRX-90817", entity=entity).status_code == 202
    company.work()
    found = cases(company, "orders")
    assert sorted(case["entity"] for case in found) == ["DE", "FR"]
    (german,) = [case for case in found if case["entity"] == "DE"]
    assert company.person("priya.nair").act(german["tasks"][0], "resolve", "It is ours.").status_code == 200
    assert sent(company, "order.shipped", "TRX-90817").status_code == 202
    company.work()
    assert {case["status"] for case in cases(company, "orders") if case["entity"] == "DE"} == {"done"}
    assert sent(company, "order.placed", "TRX-90817", entity="DE").status_code == 202  # it has ended, and counts
    company.work()
    why = f"the case `{german['case_id']}` was begun by `order.placed` under this key before"
    assert (len(cases(company, "orders")), given_up(company)) == (2, [("orders", why)] * 2)
    told = [entry.type for entry in company.read(lambda uow: uow.stream("process/orders"))]
    assert told.count("case.not.begun") == 2


def test_two_workers_begin_one_case_for_a_key(new_company: Company) -> None:
    company, dispatcher = new_company, new_company.platform.dispatcher
    release(company.platform, files(orders=ONCE))
    for _ in range(2):
        assert sent(company, "order.placed", "TRX-90817", entity="DE").status_code == 202
    for held in lease(dispatcher, "first", batch=500):  # the messages, not yet what they begin
        handle(dispatcher, *held)
    at_once = [held for held in lease(dispatcher, "both", batch=500) if held[1].kind == BEGIN]
    assert len(at_once) == 2
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda held: handle(dispatcher, *held), at_once))
    assert (len(cases(company, "orders")), len(given_up(company))) == (1, 1)


def test_a_message_that_begins_nothing_leaves_its_key_to_another(new_company: Company) -> None:
    company = new_company
    release(company.platform, files(orders=ONCE))
    assert sent(company, "order.placed", "A", entity="DE").status_code == 202
    body = company.record("person", "importer")
    assert company.person("importer").put("person", "importer", body | {"entities": ["FR"]}).status_code == 200
    company.work()
    assert cases(company, "orders") == []
    assert company.person("importer").put("person", "importer", body).status_code == 200
    assert sent(company, "order.placed", "A", entity="DE").status_code == 202
    company.work()
    assert begun(company, "orders") == [("message", "placed", "DE")]


LOOKED_AT: Final = """<userTask id="look" name="Look at the order" c:kind="exception">
      <ioSpecification><dataInput id="i" name="resolutions"/><inputSet/><outputSet/></ioSpecification>
      <dataInputAssociation><targetRef>i</targetRef><transformation>{}</transformation></dataInputAssociation>
    </userTask>"""


def looked_at(resolutions: str) -> dict[str, bytes]:
    """The pack whose process says what somebody can answer."""
    plain = '<userTask id="look" name="Look at the order" c:kind="exception"/>'
    return files(orders=(plain, LOOKED_AT.format(resolutions)))


def offered_before(company: Company, task_id: str, *actions: str) -> None:
    """A task as a release offered it that did not look at what its case has."""

    def write(uow: UnitOfWork) -> None:
        task = uow.task(task_id)
        assert task is not None
        detail: Any = decode(task.detail)
        uow.update(revised(task, detail=encode({**detail, "actions": [*actions]}).decode()))

    company.platform.environment.store.run(TENANT, write)


def test_no_difference_to_an_order_is_settled_where_there_is_no_document(new_company: Company) -> None:
    company = new_company
    faults = pack_source(looked_at('["resolve", "short pay"]')).faults
    assert [fault.path for fault in faults if fault.code == "PACK-START-05"] == ["orders/look"]
    release(company.platform, looked_at("message.answers"))
    for key, answers in (("A", ["accept variance", "short pay"]), ("B", ["park", "accept variance"])):
        carries = {"amount": 5000, "answers": answers}
        assert sent(company, "order.placed", key, entity="DE", carries=carries).status_code == 202
        company.work()
    priya, (settled, aside) = company.person("priya.nair"), [case["tasks"][0] for case in cases(company, "orders")]
    usual = ["resolve", "reject", "cancel"]
    assert (settled["actions"], aside["actions"]) == (usual, [*usual, "park"])
    refused = priya.act(settled, "short pay", "They billed too much.")
    assert (refused.status_code, refused.json()["code"]) == (422, "TASK-ACTION-01")
    offered_before(company, settled["task_id"], "accept variance", "short pay", "resolve")
    for action, code in (("accept variance", "VARIANCE-NONE-01"), ("short pay", "VARIANCE-NONE-02")):
        refused = priya.act(settled, action, "They billed too much.")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert priya.act(settled, "resolve", "It is ours.").status_code == 200


@pytest.mark.parametrize("answers", [["answer", "resolve"], "answer"], ids=["a list", "no list"])
def test_every_answer_that_a_task_offers_moves_its_case(new_company: Company, answers: list[str] | str) -> None:
    company = new_company
    release(company.platform, looked_at("message.answers"))
    sent(company, "order.placed", "A", entity="DE", carries={"amount": 5000, "answers": answers})
    company.work()
    (task,) = cases(company, "orders")[0]["tasks"]
    told = company.person("priya.nair").act(task, task["actions"][0], "It came by mail.")
    assert (told.status_code, told.json()["applied"]) == (200, True)
    sent(company, "order.shipped", "A")
    company.work()
    assert [each["status"] for each in cases(company, "orders")] == ["done"]


def test_a_task_of_a_case_without_a_document_is_put_aside(new_company: Company) -> None:
    company = new_company
    release(company.platform, looked_at('["resolve", "park"]'))
    assert sent(company, "order.placed", "TRX-90817", entity="DE").status_code == 202
    company.work()
    priya, (task,) = company.person("priya.nair"), cases(company, "orders")[0]["tasks"]
    for until in ("2026-03-27", "2027-01-01"):
        refused = priya.act(task, "park", "The buyer is away.", until=until)
        assert (refused.status_code, refused.json()["code"]) == (422, "TASK-PARK-01")
    assert priya.act(task, "park", "The buyer is away.", until="2026-04-17").status_code == 200
    (task,) = cases(company, "orders")[0]["tasks"]
    assert task["due"].startswith("2026-04-17")
    company.later(timedelta(days=14)).work()
    assert cases(company, "orders")[0]["tasks"][0]["due"].startswith("2026-04-17")


# ---- by a signal -----------------------------------------------------------------------------------------------------


def test_a_signal_begins_a_case_of_the_entity_that_it_comes_from(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    assert sent(company, "stock.asked", "shelf 3", entity="UK").status_code == 202
    company.work()
    assert begun(company, "stock") == [("message", "asked", "UK")]
    assert begun(company, "orders") == [("signal", "counted", "UK")]
    assert [task["role"] for case in cases(company, "orders") for task in case["tasks"]] == ["operator"]


def test_cases_that_begin_one_another_come_to_an_end(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    assert sent(company, "called", "who is there", entity="DE").status_code == 202
    company.work()
    assert len(cases(company, "echo")) == limits.BEGUN_DEPTH_MAX + 1
    assert given_up(company) == [("echo", "20 cases have begun one another: the processes go round in a circle")]


# ---- by the clock ----------------------------------------------------------------------------------------------------


def test_each_turn_begins_a_case_of_each_entity_once(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    company.work()
    assert cases(company, "orders") == []
    first = company.later(timedelta(hours=10, minutes=1))
    first.work()
    assert begun(first, "orders") == [("timer", "hours", entity) for entity in entities(first)]
    last = company.later(timedelta(hours=60))
    last.work()
    assert len(cases(last, "orders")) == 3 * len(entities(last))
    assert row(last).status == "done"
    told = [entry.type for entry in last.read(lambda uow: uow.stream("process/orders"))]
    assert told == ["start.set", "start.turn", "start.turn", "start.turn"]


def test_a_turn_is_taken_once_by_whoever_holds_it(new_company: Company) -> None:
    """A worker that is killed over a turn leaves it to another; one that wakes too late changes nothing."""
    company = new_company
    release(company.platform, files())
    late = company.later(timedelta(hours=10, minutes=1))
    (held,) = [each for each in lease(late.platform.dispatcher, "killed", batch=500) if each[1].outbox_id == HOURS]
    work_until_idle(late.platform.dispatcher, "second")
    assert cases(late, "orders") == []  # it is held
    after = company.later(timedelta(hours=10, minutes=1, seconds=limits.LEASE_S + 1))
    after.work()
    assert len(cases(after, "orders")) == len(entities(after))
    before = content(after.platform.settings.database_url)
    handle(late.platform.dispatcher, *held)
    assert changed(before, content(after.platform.settings.database_url)) == {}


def test_a_version_in_force_sets_the_clock_of_what_it_changes(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    first = row(company)
    release(company.platform, files() | {"NOTES.md": b"Nothing that concerns the clock."})
    assert row(company) == first
    release(company.platform, files(orders=("R3/PT10H", "R1/PT30H")))
    company.later(timedelta(hours=29)).work()
    assert cases(company, "orders") == []  # the turns of the version before are over
    company.later(timedelta(hours=31)).work()
    assert len(cases(company, "orders")) == len(entities(company))
    without = files()
    del without["processes/orders.bpmn"]
    release(company.platform, files())
    assert row(company).status == "pending"
    release(company.platform, without)
    assert row(company).status == "cancelled"
    release(company.platform, files())
    assert row(company).status == "pending"


def test_a_turn_that_has_come_is_taken_though_another_version_is_in_force(new_company: Company) -> None:
    company = new_company
    release(company.platform, files())
    late = company.later(timedelta(hours=10, minutes=1))
    release(late.platform, files(orders=("R3/PT10H", "R1/PT30H")))
    late.work()
    assert len(cases(late, "orders")) == len(entities(late))
    company.later(timedelta(hours=39)).work()
    assert len(cases(late, "orders")) == len(entities(late))
    company.later(timedelta(hours=41)).work()
    assert len(cases(late, "orders")) == 2 * len(entities(late))
