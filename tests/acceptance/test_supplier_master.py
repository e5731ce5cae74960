"""The supplier master as a controlled matter: two people, a call to a number known before, and what a fraud leaves."""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Answer, Company, make_company
from tests.acceptance.versions import exchange, put_in_force

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.ports.surroundings import Clock

ALBION = "S22"
OLD, NEW = "GB55NWVL99000144220099", "GB97NWVL99000144220022"
KNOWN = "+44 1632 960222"
MAIL = (
    b"From: accounts@albion-print.example\r\nSubject: our new account\r\n\r\nPlease pay to GB55NWVL99000144220099.\r\n"
)


@dataclass(frozen=True, slots=True)
class Later:
    """A clock that is ahead of another one."""

    clock: Clock
    ahead: timedelta

    def now(self, uow: UnitOfWork) -> datetime:
        """The tenant's instant."""
        return self.clock.now(uow) + self.ahead

    def machine_now(self) -> datetime:
        """The machine's instant."""
        return self.clock.machine_now() + self.ahead


def days_later(company: Company, days: int) -> Company:
    """The same company as many days on."""
    platform = company.platform
    environment = replace(platform.environment, clock=Later(platform.environment.clock, timedelta(days=days)))
    dispatcher = Dispatcher(environment, list(platform.dispatcher.use_cases.values()))
    return make_company(replace(platform, environment=environment, dispatcher=dispatcher))


def change_of(company: Company, kind: str = "account_change") -> Answer:
    cases = company.person("samuel.grant").get("/cases", limit=100)["cases"]
    (found,) = [case for case in cases if case["kind"] == kind and case["status"] == "waiting"]
    return company.person("samuel.grant").get(f"/cases/{found['case_id']}")


def settle(company: Company, person: str, action: str, **call: str) -> Answer:
    (task,) = [task for task in change_of(company)["tasks"] if task["status"] == "open"]
    told = {"number": KNOWN, "spoken_to": "Harriet Moss", "at": "2026-03-27T08:30:00+01:00", **call}
    return company.person(person).act(task, action, "called the number of 2021", call_back=told)


def stories(company: Company, case_id: str, kind: str) -> list[Answer]:
    entries = company.person("samuel.grant").get(f"/cases/{case_id}/timeline")["entries"]
    return [entry for entry in entries if entry["type"] == kind]


def blocks(company: Company) -> list[Answer]:
    found: list[Answer] = company.person("samuel.grant").get("/payment-blocks", supplier=ALBION)["blocks"]
    return found


def lift(company: Company, person: str, block: str) -> Answer:
    return company.person(person).client.post(f"/v1/payment-blocks/{block}/lift", json={"reason": "it is theirs"})


def accounts(company: Company) -> list[str]:
    return [account["account"] for account in company.record("supplier", ALBION)["accounts"]]


# ---- an account that a mail asked to change --------------------------------------------------------------------------


def test_account_that_was_entered_waits_for_a_call_by_somebody_else(company: Company) -> None:
    change = change_of(company)
    assert (change["number"], change["supplier"], change["enterer"]) == ("AC-2026-0003", ALBION, "oskar.brandt")
    assert [waiting["person_or_role"] for waiting in change["waiting_for"]] == ["mei-lin.chow"]
    (block,) = blocks(company)
    assert (block["number"], block["cause"], block["status"]) == ("AP-33017", "bank details", "placed")
    assert OLD not in json.dumps(change)
    assert NEW not in json.dumps(change)


def test_fraud_is_reversed_and_all_that_is_open_is_blocked_with_the_fact(company: Company) -> None:
    answer = settle(company, "mei-lin.chow", "not genuine")
    assert (answer.status_code, answer.json()["outcome"]) == (200, "reversed"), answer.text
    assert accounts(company) == [OLD]
    named = [(block["number"], "is not genuine" in block["text"]) for block in blocks(company)]
    assert named == [("AP-33017", False), ("AP-33017", True)]
    (told,) = stories(company, answer.json()["case_id"], "account.reversed")
    assert told["data"]["open_items"] == [company.case_of("D30")]
    (blocked,) = company.timeline("D30")[-1:]
    assert (blocked["type"], blocked["actor"]["id"]) == ("payment.blocked", "mei-lin.chow")
    case = company.case("D30")
    assert case["outcome"] == "posted with payment block"
    assert "denied it when called back on 2026-03-27" in case["payment_blocks"][-1]["text"]
    assert company.person("samuel.grant").get("/audit/verification")["ok"]


def test_agent_has_no_tool_to_lift_a_block_and_its_attempt_is_recorded(company: Company) -> None:
    (block,) = blocks(company)
    answer = lift(company, "ap-assistant", block["block_id"])
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-DUTY-01")
    told = company.read(lambda uow: uow.stream("principal/ap-assistant"))[-1]
    data = json.loads(told.body)["data"]
    assert (data["command"], data["breach"]) == ("LiftPaymentBlock", "agent beyond its rights")
    assert [each["status"] for each in blocks(company)] == ["placed"]


@pytest.mark.parametrize("person", ["oskar.brandt", "priya.nair", "ap-assistant"])
def test_call_of_anybody_else_settles_nothing(company: Company, person: str) -> None:
    answer = settle(company, person, "genuine", payee_check="match")
    assert answer.status_code == 403
    assert change_of(company)["status"] == "waiting"


def test_who_entered_the_account_does_not_verify_it_and_the_attempt_is_recorded(company: Company) -> None:
    change = change_of(company)["case_id"]
    assert settle(company, "oskar.brandt", "genuine", payee_check="match").json()["code"] == "SUPPLIER-VERIFY-01"
    (told,) = stories(company, change, "command.refused")
    assert (told["actor"]["id"], told["data"]["breach"]) == ("oskar.brandt", "forbidden duty pair")


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        pytest.param({"number": "+44 1632 960333"}, 403, "ACCOUNT-CALL-02", id="on a number of the mail"),
        pytest.param({"spoken_to": " "}, 422, "ACCOUNT-CALL-03", id="to nobody"),
        pytest.param({"at": "2026-03-19T10:00:00+01:00"}, 422, "ACCOUNT-CALL-04", id="before the change"),
        pytest.param({"at": "2026-03-30T10:00:00+01:00"}, 422, "ACCOUNT-CALL-04", id="that is still to be made"),
        pytest.param({"payee_check": ""}, 422, "ACCOUNT-CALL-05", id="without the bank's word"),
    ],
)
def test_call_that_settles_nothing(company: Company, call: dict[str, str], status: int, code: str) -> None:
    answer = settle(company, "mei-lin.chow", "genuine", **({"payee_check": "match"} | call))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert change_of(company)["status"] == "waiting"


def test_call_that_reached_nobody_is_recorded_and_the_task_stays(company: Company) -> None:
    change = change_of(company)["case_id"]
    answer = settle(company, "mei-lin.chow", "not reached", spoken_to="")
    assert answer.status_code == 200, answer.text
    (told,) = stories(company, change, "account.called.back")
    assert (told["data"]["result"], told["data"]["number"]) == ("not reached", KNOWN)
    assert [waiting["person_or_role"] for waiting in change_of(company)["waiting_for"]] == ["mei-lin.chow"]


def test_genuine_change_is_paid_after_the_call_and_the_cooling_off(company: Company) -> None:
    (block,) = blocks(company)
    unverified = lift(company, "mei-lin.chow", block["block_id"])
    assert (unverified.status_code, unverified.json()["code"]) == (403, "AP-LIFT-05")
    assert settle(company, "mei-lin.chow", "genuine", payee_check="match").json()["outcome"] == "verified"
    assert accounts(company) == [NEW]
    (account,) = company.record("supplier", ALBION)["accounts"]
    assert (account["verified_by"], account["verified_on"]) == ("mei-lin.chow", "2026-03-27")
    early = lift(company, "mei-lin.chow", block["block_id"])
    assert (early.status_code, early.json()["code"]) == (403, "AP-BANK-07")
    assert stories(company, company.case_of("D30"), "command.refused")[-1]["data"]["breach"] == "unverified bank change"
    day_before = days_later(company, 2)
    assert lift(day_before, "mei-lin.chow", block["block_id"]).json()["code"] == "AP-BANK-07"
    tenth_day = days_later(company, 3)
    assert lift(tenth_day, "oskar.brandt", block["block_id"]).status_code == 403
    lifted = lift(tenth_day, "mei-lin.chow", block["block_id"])
    assert (lifted.status_code, lifted.json()["lifted"]) == (200, True), lifted.text
    assert company.case("D30")["outcome"] == "posted"
    again = lift(tenth_day, "mei-lin.chow", block["block_id"])
    assert (again.status_code, again.json()["code"]) == (409, "BLOCK-LIFTED-01")


def test_account_that_is_not_on_file_is_not_paid_by_anybodys_word(company: Company) -> None:
    (block,) = company.case("D31")["payment_blocks"]
    answer = lift(company, "mei-lin.chow", block["block_id"])
    assert answer.status_code == 403
    assert company.record("supplier", "S13")["accounts"] == [{"account": "DE76200990010004413013"}]


@pytest.mark.parametrize("door", ["/v1/documents", "/v1/intake"])
def test_mail_changes_nothing(company: Company, door: str) -> None:
    def master(uow: UnitOfWork) -> list[Any]:
        return [uow.reference_list("supplier"), uow.reference_list("account-change"), len(uow.cases(limit=200))]

    before = company.read(master)
    clerk = company.person("tomasz.zielinski").client
    answer = clerk.post(door, content=MAIL, headers={"Content-Type": "message/rfc822"})
    assert answer.status_code >= 400 or answer.json()["status"] == "failed", answer.text
    assert company.read(master) == before


def test_agent_enters_no_account(company: Company) -> None:
    body = {"supplier": "S01", "account": OLD, "source": "mail"}
    answer = company.person("ap-assistant").put("account-change", "AC-1", body)
    assert answer.status_code == 403
    told = company.read(lambda uow: uow.stream("principal/ap-assistant"))[-1]
    assert json.loads(told.body)["data"]["breach"] == "agent beyond its rights"


def test_person_enters_an_account_in_their_own_name_and_today(company: Company) -> None:
    body = {"supplier": "S01", "account": "DE68200990010004402002", "source": "letter", "entered_by": "mei-lin.chow"}
    answer = company.person("oskar.brandt").put("account-change", "AC-2", body)
    assert answer.status_code == 200, answer.text
    entered = company.record("supplier", "S01")["accounts"][-1]
    assert (entered["changed_by"], entered["changed_on"]) == ("oskar.brandt", "2026-03-27")
    second = company.person("oskar.brandt").put("account-change", "AC-3", body)
    assert (second.status_code, second.json()["code"]) == (409, "SUPPLIER-PENDING-01")


def test_call_is_told_on_the_page(company: Company) -> None:
    change = change_of(company)["case_id"]
    browser = TestClient(company.app, base_url="https://testserver")
    browser.post("/sign-in", data={"api_key": company.keys["mei-lin.chow"]}, follow_redirects=False)
    page = browser.get(f"/cases/{change}").text
    action, token, shown = (
        re.findall(pattern, page)[-1]
        for pattern in (
            r'action="(/tasks/[^"]+)"',
            r'name="form_token" value="([^"]+)"',
            r'name="content_hash" value="([^"]+)"',
        )
    )
    form = {"form_token": token, "content_hash": shown, "action": "genuine", "reason": "called the number of 2021"}
    call = {"number": KNOWN, "spoken_to": "Harriet Moss", "called_at": "2026-03-27T08:45", "payee_check": "match"}
    wrong = browser.post(action, data=form | call | {"number": "+44 1632 960333"}, follow_redirects=False)
    assert "not known before the change" in wrong.text or wrong.status_code == 303
    assert change_of(company)["status"] == "waiting"
    assert browser.post(action, data=form | call, follow_redirects=False).status_code == 303
    (told,) = stories(company, change, "account.verified")
    assert told["actor"]["id"] == "mei-lin.chow"


# ---- a record --------------------------------------------------------------------------------------------------------


def record(**fields: Any) -> dict[str, Any]:
    return {"id": "S30", "name": "Neu GmbH", "country": "DE", "vat_id": "DE999999999", "category": "castings", **fields}


def test_new_supplier_is_in_force_once_a_second_person_has_verified_it(company: Company) -> None:
    numbers = [{"number": "+49 40 66969 130", "since": "2020-01-01"}]
    answer = company.person("oskar.brandt").put("supplier", "S30", record(telephones=numbers))
    assert [waiting["person_or_role"] for waiting in answer.json()["waiting_for"]] == ["mei-lin.chow"], answer.text
    assert "S30" not in [row.key for row in company.read(lambda uow: uow.reference_list("supplier"))]
    (task,) = change_of(company, "supplier_change")["tasks"]
    own = company.person("oskar.brandt").act(task, "approve")
    assert (own.status_code, own.json()["code"]) == (403, "SUPPLIER-VERIFY-01")
    assert company.person("mei-lin.chow").act(task, "approve").json()["outcome"] == "verified"
    stored = company.record("supplier", "S30")
    assert (stored["accounts"], stored["created_on"]) == ([], "2026-03-27")
    assert stored["telephones"] == [{"number": "+49 40 66969 130", "since": "2026-03-27"}]


def test_record_that_is_refused_leaves_nothing(company: Company) -> None:
    before = company.record("supplier", "S05")
    company.person("oskar.brandt").put("supplier", "S05", before | {"name": "Helios Facility GmbH"})
    (task,) = change_of(company, "supplier_change")["tasks"]
    assert (
        company.person("mei-lin.chow").act(task, "reject", "the register says otherwise").json()["status"] == "rejected"
    )
    assert company.record("supplier", "S05") == before


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ('name="Refused"', "rejected"),
        ('name="Turned down" comptroller:status="rejected"', "rejected"),
        ('name="Turned down"', "done"),
        ('name="Refused" comptroller:status="cancelled"', "cancelled"),
    ],
    ids=["by its name, as recorded versions do", "as it says", "saying nothing", "as it says, whatever its name"],
)
def test_case_ends_as_its_end_event_says(company: Company, end: str, status: str) -> None:
    put_in_force(
        company, {"processes/supplier-change.bpmn": exchange(('name="Refused" comptroller:status="rejected"', end))}
    )
    before = company.record("supplier", "S05")
    company.person("oskar.brandt").put("supplier", "S05", before | {"name": "Helios Facility GmbH"})
    (task,) = change_of(company, "supplier_change")["tasks"]
    assert company.person("mei-lin.chow").act(task, "reject", "the register says otherwise").json()["status"] == status


def test_record_brings_no_account(company: Company) -> None:
    answer = company.person("oskar.brandt").put("supplier", "S30", record(accounts=[{"account": OLD}]))
    assert (answer.status_code, answer.json()["code"]) == (422, "SUPPLIER-ACCOUNT-01")


# ---- sanctions -------------------------------------------------------------------------------------------------------


def clear(company: Company, person: str, **changes: str) -> Answer:
    body = {"list_version": "2026-03-25", "until": "2026-04-30", "reason": "another company in another emirate"}
    return company.person(person).client.post("/v1/suppliers/S14/clearance", json=body | changes)


def test_possible_match_is_held_without_a_word_until_compliance_clears_it(company: Company) -> None:
    case = company.case("D32")
    assert (case["status"], case["exception_types"], case["journals"]) == ("waiting", ["sanctions"], [])
    answers = [entry["data"] for entry in company.timeline("D32") if entry["type"].startswith("supplier.")]
    assert not [answer for answer in answers if answer.get("send") is not False]
    held = company.person("hannah.petrov").act(company.task("D32"), "resolve", "I looked")
    assert held.json()["status"] == "waiting"  # a look alone clears nothing
    assert clear(company, "hannah.petrov").status_code == 200
    company.work()
    assert company.case("D32")["status"] == "posted"


@pytest.mark.parametrize("person", ["oskar.brandt", "clara.weiss", "ap-assistant", "importer"])
def test_nobody_else_clears(company: Company, person: str) -> None:
    assert clear(company, person).status_code == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"list_version": "2026-03-01"}, "SCREENING-STALE-01", id="another screening"),
        pytest.param({"until": "2026-03-26"}, "SCREENING-UNTIL-01", id="until yesterday"),
        pytest.param({"reason": " "}, "SCREENING-REASON-01", id="without a reason"),
    ],
)
def test_clearance_that_is_none(company: Company, changes: dict[str, str], code: str) -> None:
    assert clear(company, "hannah.petrov", **changes).json()["code"] == code


def test_clearance_falls_with_the_next_list_and_is_not_brought_in(company: Company) -> None:
    assert clear(company, "hannah.petrov").status_code == 200
    screening = {"hit": True, "score": "0.91", "matched": ["name"], "screened_on": "2026-03-26"}
    same = company.person("importer").put("screening", "S14", screening | {"list_version": "2026-03-25"})
    assert same.json()["changed"] is False
    smuggled = screening | {"list_version": "2026-03-26", "cleared_by": "hannah.petrov"}
    assert company.person("importer").put("screening", "S14", smuggled).status_code == 422
    assert company.person("importer").put("screening", "S14", screening | {"list_version": "2026-03-26"}).is_success
    assert "cleared_by" not in company.record("screening", "S14")
    company.work()
    assert company.case("D32")["exception_types"] == ["sanctions"]


def test_confirmed_match_is_not_cleared(company: Company) -> None:
    body = {"hit": True, "confirmed": True, "list_version": "2026-03-25", "screened_on": "2026-03-26"}
    assert company.person("importer").put("screening", "S14", body).is_success
    answer = clear(company, "hannah.petrov")
    assert (answer.status_code, answer.json()["code"]) == (409, "SCREENING-STATE-01")
