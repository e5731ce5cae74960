"""People are told outside the page what is asked of them: once, in time, and nothing that they may not see."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Company, Databases, Snapshot, at_the_door, demo_documents
from tests.acceptance.notified import BASE, Notified, notified

from comptroller.application import records
from comptroller.application.dispatcher import Request
from comptroller.application.notices.own import SetNoticeWishes
from comptroller.application.notices.subscriptions import SubscribePush, UnsubscribePush
from comptroller.application.notices.templates import PreviewNotice
from comptroller.application.ports.notices import PushTarget
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.records import revised
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection

LENA: Final = "lena.vogt@brennhof.example"
ELIF: Final = "elif.demir@brennhof.example"  # to whom what is overdue with Lena Vogt goes
LATER: Final = Delivered(accepted=False, retry=True, status=451, detail="451 later")
NEVER: Final = Delivered(accepted=False, retry=False, status=550, detail="550 no such person")
BROWSER: Final = PushTarget("https://push.example/one", "key", "secret")


@pytest.fixture
def told(databases: Databases, founded: Snapshot) -> Iterator[Notified]:
    with notified(databases, founded) as made:
        yield made


def hand_in(company: Company, document: str) -> str:
    """Hand a document in as its clerk; its case."""
    facts = demo_documents()[document]
    answer = company.person(facts["submitted_by"]).submit(*at_the_door(document))
    assert answer.status_code in {200, 201, 202}, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


def case_of(company: Company, case_id: str) -> Any:
    return company.person("samuel.grant").get(f"/cases/{case_id}")


def entries(company: Company, case_id: str, kind: str) -> list[Any]:
    story = company.person("samuel.grant").get(f"/cases/{case_id}/timeline")["entries"]
    return [entry for entry in story if entry["type"] == kind]


def notices(company: Company) -> list[records.OutboxRow]:
    return [row for row in company.read(lambda uow: uow.deliveries(limit=1_000)) if row.kind == "notice"]


def run(company: Company, person: str, command: object) -> Any:
    return company.platform.dispatcher.execute(TENANT, Request(person, command))


def put(company: Company, kind: str, key: str, body: dict[str, Any]) -> None:
    answer = company.person("importer").put(kind, key, body)
    assert answer.status_code == 200, answer.text


# ---- what is told ----------------------------------------------------------------------------------------------------


def test_approver_is_told_once_in_their_language_with_a_link_to_the_case(told: Notified) -> None:
    case_id = hand_in(told.company, "D11")
    assert [row.status for row in notices(told.company)] == ["pending"]
    told.company.work()
    told.company.work()
    (mail,) = told.post.tried
    assert (mail.to_address, mail.to_name) == (LENA, "Lena Vogt")
    assert "KE-774412" in mail.subject
    assert f"{BASE}/cases/{case_id}" in mail.text
    assert "Guten Tag Lena Vogt" in mail.text
    (requested,) = entries(told.company, case_id, "notice.requested")
    assert requested["data"]["people"] == ["lena.vogt"]
    (sent,) = entries(told.company, case_id, "notice.sent")
    assert (sent["data"]["person"], sent["data"]["channel"], sent["data"]["state"]) == ("lena.vogt", "mail", "done")


def test_everybody_who_may_answer_is_told_and_nobody_else(told: Notified) -> None:
    for document in ("D03", "D04", "D11", "D17", "D21", "D22", "D23", "D33", "D45"):
        hand_in(told.company, document)
    told.company.work()
    assert told.post.tried
    for mail in told.post.tried:
        person = told.company.person(mail.to_address.partition("@")[0])
        numbers = {task["case"]["number"] for task in person.get("/tasks", limit=200)["tasks"]}
        assert any(number in mail.subject for number in numbers), (mail.to_address, mail.subject)


def test_no_bank_detail_is_in_any_notice(told: Notified) -> None:
    for document in demo_documents():
        facts = demo_documents()[document]
        told.company.person(facts["submitted_by"]).submit(*at_the_door(document))
    told.wait(hours=30)
    accounts = {
        account["account"]
        for supplier in told.company.person("samuel.grant").get("/reference/supplier")["records"]
        for account in supplier["body"].get("accounts", ())
    }
    assert accounts
    assert len(told.post.tried) > 10
    for mail in told.post.tried:
        words = "".join(f"{mail.subject}{mail.text}{mail.html}".split())
        assert not [account for account in accounts if account in words], mail.subject


def test_task_answered_before_the_mail_goes_is_not_told(told: Notified) -> None:
    case_id = hand_in(told.company, "D11")
    (task,) = [task for task in case_of(told.company, case_id)["tasks"] if task["status"] == "open"]
    assert told.company.person("lena.vogt").act(task, "approve").status_code == 200
    told.company.work()
    assert told.post.to(LENA) == []
    (row,) = [row for row in notices(told.company) if "lena.vogt" in row.outbox_id]
    assert (row.status, row.error) == ("cancelled", "the task is not open any more")


def test_who_left_meanwhile_is_told_nothing(told: Notified) -> None:
    hand_in(told.company, "D11")
    put(told.company, "person", "lena.vogt", told.company.record("person", "lena.vogt") | {"active": False})
    told.company.work()
    assert told.post.to(LENA) == []


def test_case_held_for_sanctions_is_told_to_nobody(told: Notified) -> None:
    case_id = hand_in(told.company, "D11")

    def hold(uow: Any) -> None:
        row = uow.case(case_id)
        uow.update(revised(row, exceptions="sanctions", version=row.version + 1))

    told.company.platform.environment.store.run(TENANT, hold)
    told.wait(hours=30)  # the notice, the reminder, the digest
    assert [mail.subject for mail in told.post.tried if "KE-774412" in f"{mail.subject}{mail.text}"] == []
    assert told.post.to(LENA) == told.post.to(ELIF) == []


def test_amounts_and_suppliers_are_left_out_where_the_tenant_says_so(told: Notified) -> None:
    put(told.company, "notice-settings", "self", {"amounts": False, "suppliers": False})
    case_id = hand_in(told.company, "D11")
    told.company.work()
    case = case_of(told.company, case_id)
    (mail,) = told.post.tried
    for text in (mail.subject, mail.text, mail.html):
        assert case["supplier_name"] not in text
        assert str(case["gross"]).partition(".")[0] not in text.replace(case["number"], "").replace(case_id, "")


# ---- when it fails ---------------------------------------------------------------------------------------------------


def test_mail_that_does_not_go_is_tried_again_as_the_same_message(told: Notified) -> None:
    told.post.answer = LATER
    hand_in(told.company, "D11")
    told.company.work()
    told.wait(seconds=limits.NOTICE_BACKOFF_S_BASE)
    told.post.answer = replace(LATER, accepted=True)
    told.wait(seconds=2 * limits.NOTICE_BACKOFF_S_BASE)
    assert len(told.post.tried) == 3
    assert len({mail.key for mail in told.post.tried}) == 1
    assert len({mail.at for mail in told.post.tried}) == 1
    (row,) = notices(told.company)
    assert (row.status, row.attempts) == ("done", 3)


def test_mail_that_is_given_up_waits_where_an_operator_sees_it_and_sends_it_again(told: Notified) -> None:
    told.post.answer = NEVER
    case_id = hand_in(told.company, "D11")
    told.company.work()
    operator = told.company.person("ines.caldera") if "ines.caldera" in told.company.keys else None
    dead = [row for row in notices(told.company) if row.status == "dead"]
    assert [(row.target, row.error) for row in dead] == [("mail", "550 no such person")]
    assert [entry["data"]["state"] for entry in entries(told.company, case_id, "notice.failed")] == ["dead"]
    assert operator is None or operator.get("/deliveries", status="dead")["deliveries"]


# ---- reminders, escalations, digest ----------------------------------------------------------------------------------


def test_what_is_due_soon_is_told_again_and_what_is_answered_is_not(told: Notified) -> None:
    case_id = hand_in(told.company, "D11")
    told.company.work()
    reminder = told.company.read(lambda uow: [row for row in uow.case_outbox(case_id) if row.kind == "reminder"])
    assert [row.status for row in reminder] == ["pending"]
    told.machine.ahead += reminder[0].not_before - told.machine()
    told.company.work()
    reminders = [mail for mail in told.post.to(LENA) if mail.subject.startswith("Erinnerung")]
    assert reminders
    assert all("KE-774412" in mail.subject for mail in reminders)


def test_policy_reminds_and_moves_up_by_mail_in_words_of_their_own(told: Notified) -> None:
    """Decision 37, with no timer of the tenant's: after eight service hours a word, after sixteen it goes up."""
    put(told.company, "notice-settings", "self", {})
    hand_in(told.company, "D11")
    told.company.work()
    told.post.tried.clear()
    told.wait(days=3)  # Monday morning: it came a moment after nine on Friday, and counts by the clock in Hamburg
    (reminder,) = told.post.tried
    assert (reminder.to_address, reminder.subject.partition(",")[0]) == (LENA, "Erinnerung")
    assert "Warum jetzt: half of the time for this has passed" in reminder.text
    told.wait(days=1)  # Tuesday morning
    (overdue,) = told.post.to(ELIF)
    assert overdue.subject.startswith("Overdue, now with you")
    assert "Why now: the time for this has passed" in overdue.text


def test_reminder_is_in_the_tenants_own_words_where_there_are_some(told: Notified) -> None:
    put(told.company, "notice-settings", "self", {})
    body = {"subject": "Noch offen: {{number}}", "text": "{{person}}: {{reason}}. {{link}}"}
    put(told.company, "template", "task-reminded/de", body)
    case_id = hand_in(told.company, "D11")
    told.company.work()
    told.wait(days=3)
    (first, reminder) = told.post.tried
    assert first.subject != reminder.subject == "Noch offen: KE-774412"
    assert reminder.text == f"Lena Vogt: half of the time for this has passed. {BASE}/cases/{case_id}"


def test_everybody_of_a_role_is_reminded(told: Notified) -> None:
    put(told.company, "notice-settings", "self", {})
    second = told.company.record("person", "jana.novak")
    put(told.company, "person", "jana.novak", second | {"roles": [*second["roles"], "receiver"]})
    case_id = hand_in(told.company, "D47")
    (task,) = [task for task in case_of(told.company, case_id)["tasks"] if task["status"] == "open"]
    assert task["person"] == ""
    told.company.work()
    told.post.tried.clear()
    told.wait(days=3.5)  # Monday evening: half of thirty-two hours
    reminded = {
        mail.to_address for mail in told.post.tried if "Reminder" in mail.subject or "Erinnerung" in mail.subject
    }
    assert reminded == {"karim.benali@brennhof.example", "jana.novak@brennhof.example"}


def test_what_is_passed_on_is_told_to_who_has_it_now(told: Notified) -> None:
    case_id = hand_in(told.company, "D11")
    told.company.work()
    told.post.tried.clear()
    (task,) = [task for task in case_of(told.company, case_id)["tasks"] if task["status"] == "open"]
    handed = {"person": "elif.demir", "reason": "on leave from Monday"}
    path = f"/v1/tasks/{task['task_id']}/reassign"
    assert told.company.person("lena.vogt").client.post(path, json=handed).status_code == 200
    told.company.work()
    assert [mail.subject.partition(":")[0] for mail in told.post.tried] == ["Passed on to you"]
    assert told.post.to(ELIF) == told.post.tried


def test_digest_tells_each_person_at_the_tenants_hour_what_waits(told: Notified) -> None:
    hand_in(told.company, "D11")
    told.company.work()
    told.post.tried.clear()
    row = told.company.read(lambda uow: uow.outbox("digest"))
    assert row is not None
    local = told.company.platform.environment.clock
    told.machine.ahead += row.not_before - told.machine()
    told.company.work()
    at = told.company.read(local.now)
    assert (at.astimezone().utctimetuple().tm_hour + 1) % 24 in {7, 6}  # seven on the clock of Berlin
    digests = [mail for mail in told.post.tried if "offen" in mail.subject or "waiting for you" in mail.subject]
    (digest,) = [mail for mail in digests if mail.to_address == LENA]
    assert "KE-774412" in digest.text
    assert "wartet seit 21 Stunden" in digest.text
    assert "3.712,80 EUR" in digest.text
    again = told.company.read(lambda uow: uow.outbox("digest"))
    assert again is not None
    assert (again.status, again.not_before > row.not_before) == ("pending", True)


def test_digest_ends_with_its_hour(told: Notified) -> None:
    put(told.company, "notice-settings", "self", {})
    row = told.company.read(lambda uow: uow.outbox("digest"))
    assert row is not None
    assert row.status == "cancelled"
    hand_in(told.company, "D11")
    told.company.work()
    told.post.tried.clear()
    told.wait(hours=30)
    assert not [mail for mail in told.post.tried if "offen" in mail.subject]


# ---- what a person wants ---------------------------------------------------------------------------------------------


def test_person_who_wants_no_mail_gets_none(told: Notified) -> None:
    assert run(told.company, "lena.vogt", SetNoticeWishes((), ()))["changed"]
    hand_in(told.company, "D11")
    told.wait(hours=30)
    assert told.post.to(LENA) == []


def test_browser_is_told_until_it_is_let_go(told: Notified) -> None:
    key = run(told.company, "lena.vogt", SubscribePush(BROWSER, "a phone"))["key"]
    case_id = hand_in(told.company, "D11")
    told.company.work()
    (message,) = told.services.tried
    assert (message.target, message.address) == (BROWSER, f"{BASE}/cases/{case_id}")
    assert "KE-774412" in message.title
    assert run(told.company, "lena.vogt", UnsubscribePush(key)) == {"key": key}
    told.wait(hours=15)  # before it goes to somebody else
    assert len(told.services.tried) == 1


def test_browser_that_is_gone_is_forgotten(told: Notified) -> None:
    told.services.answer = Delivered(accepted=False, retry=False, status=410, detail="gone")
    key = run(told.company, "lena.vogt", SubscribePush(BROWSER, "a phone"))["key"]
    hand_in(told.company, "D11")
    told.company.work()
    gone = run(told.company, "lena.vogt", UnsubscribePush(key))
    assert isinstance(gone, Rejection)
    assert not [row for row in notices(told.company) if row.status == "dead"]


@pytest.mark.parametrize("endpoint", ["https://evil.example/x", "http://push.example/one"])
def test_browser_at_another_service_is_refused(told: Notified, endpoint: str) -> None:
    refused = run(told.company, "lena.vogt", SubscribePush(replace(BROWSER, endpoint=endpoint)))
    assert isinstance(refused, Rejection)
    assert refused.code == "PUSH-SUBSCRIPTION-03"


def test_subscription_is_its_persons_alone(told: Notified) -> None:
    key = run(told.company, "lena.vogt", SubscribePush(BROWSER))["key"]
    refused = run(told.company, "hannah.petrov", UnsubscribePush(key))
    assert isinstance(refused, Rejection)
    assert told.company.person("samuel.grant").get("/reference/push-subscription")["records"] == []
    assert told.company.person("importer").put("push-subscription", key, {}).status_code == 422


# ---- in whose words --------------------------------------------------------------------------------------------------


def test_tenants_own_template_is_used(told: Notified) -> None:
    body = {"subject": "Bitte: {{number}}", "text": "{{person}}: {{link}}", "html": "<p>{{supplier}}</p>"}
    put(told.company, "template", "task-offered/de", body)
    case_id = hand_in(told.company, "D11")
    told.company.work()
    (mail,) = told.post.tried
    assert (mail.subject, mail.text) == ("Bitte: KE-774412", f"Lena Vogt: {BASE}/cases/{case_id}")


@pytest.mark.parametrize(
    ("key", "body", "code"),
    [
        ("task-offered/de", {"subject": "{{iban}}", "text": "x"}, "NOTICE-TEMPLATE-02"),
        ("task-offered/de", {"subject": "a\nBcc: x", "text": "x"}, "NOTICE-TEMPLATE-11"),
        ("task-offered/de", {"subject": "a", "text": "x", "html": "<script>"}, "NOTICE-TEMPLATE-07"),
        ("task-offered/de", {"subject": "a", "text": " "}, "NOTICE-TEMPLATE-10"),
        ("nothing/de", {"subject": "a", "text": "x"}, "REFERENCE-KEY-02"),
    ],
)
def test_template_with_a_fault_is_refused(told: Notified, key: str, body: dict[str, Any], code: str) -> None:
    answer = told.company.person("importer").put("template", key, body)
    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json()["faults"]] == [code]


def test_preview_shows_the_texts_in_force_and_those_being_written(told: Notified) -> None:
    in_force = run(told.company, "importer", PreviewNotice("digest", "en"))
    assert "R-2026-118" in in_force["text"]
    written = run(told.company, "importer", PreviewNotice("task-offered", "en", "Please: {{number}}", "{{link}}"))
    assert written["subject"] == "Please: R-2026-118"
    refused = run(told.company, "importer", PreviewNotice("task-offered", "en", "{{nobody}}", "x"))
    assert isinstance(refused, Rejection)
    assert [fault.code for fault in refused.faults] == ["NOTICE-TEMPLATE-02"]
