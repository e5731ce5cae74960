"""What an operator does about cases that are stuck, on a version of the process that gets them stuck."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any, Final

import pytest
from tests.acceptance.cast import PACK
from tests.acceptance.company import Answer, Company, demo_form
from tests.acceptance.test_acts import entries, post
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_own_page import token
from tests.acceptance.versions import release

from comptroller.application.policy import Policy
from comptroller.bootstrap import pack_files

INVOICE: Final = "processes/invoice.bpmn"
OPERATOR: Final = "mika.ranta"

HOLD: Final = 'name="hold" sourceRef="outcome" targetRef="resolve-exceptions"'
ON_HOLD: Final = "<bpmn:conditionExpression>disposition.outcome = &quot;hold&quot;</bpmn:conditionExpression>"
STUCK: Final = (
    ('name="Outcome?" default="outcome-hold"', 'name="Outcome?"'),
    (f"{HOLD} />", f"{HOLD}>{ON_HOLD}</bpmn:sequenceFlow>"),
    ('disposition.outcome = "approve"', 'disposition.outcome = "approve" and waiting time = "cleared"'),
)
"""A version whose approvals find no way until somebody corrects a variable."""


def put_in_force(company: Company, *changes: tuple[str, str]) -> Policy:
    """Put a version of the pack in force whose invoice process is changed so."""
    files = pack_files(PACK)
    text = files[INVOICE].decode()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return release(company.platform, {**files, INVOICE: text.encode()})


def hand_in(company: Company, number: str, hours: int) -> Answer:
    """A small purchase that the owner of its cost centre approves, and no part of that of another cost centre."""
    document = json.loads(demo_form("D45"))
    net = Decimal(89) * hours
    tax, line = net * 19 / 100, document["lines"][0]
    line |= {"quantity": str(hours), "net_amount": f"{net:.2f}"}
    document["tax_breakdown"][0] |= {"taxable_amount": f"{net:.2f}", "tax_amount": f"{tax:.2f}"}
    sums = {"line_net": net, "net": net, "tax": tax, "gross": net + tax, "payable": net + tax}
    document |= {"number": number, "totals": {name: f"{value:.2f}" for name, value in sums.items()}}
    document["payments"][0]["remittance"] = number
    document |= {"buyer_reference": None, "accounting_reference": "DE-1100"}
    body = {name: value for name, value in document.items() if value is not None}
    answer = company.person("tomasz.zielinski").client.post("/v1/documents", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def stuck(company: Company) -> tuple[Company, str]:
    """The company on a version that gets approvals stuck, and a case that is."""
    put_in_force(company, *STUCK)
    answer = hand_in(company, "R-1001-X", 3)
    assert (answer["status"], answer["outcome"]) == ("waiting", "incident"), answer
    return company, answer["case_id"]


def repair(company: Company, case_id: str, kind: str, *, dry_run: bool = False, **more: Any) -> Any:
    path = f"/cases/{case_id}/repairs" + ("?dry_run=true" if dry_run else "")
    return post(company.person(OPERATOR), path, kind=kind, reason="the version is wrong", **more)


def incidents(company: Company) -> list[Answer]:
    found: list[Answer] = company.person(OPERATOR).get("/incidents")["incidents"]
    return found


def case_of(company: Company, case_id: str) -> Answer:
    return company.person("samuel.grant").get(f"/cases/{case_id}")


def told(company: Company, case_id: str, kind: str) -> list[Answer]:
    found = company.person("samuel.grant").get(f"/cases/{case_id}/timeline")["entries"]
    return [entry for entry in found if entry["type"] == kind]


def test_what_is_stuck_is_told_by_cause(stuck: tuple[Company, str]) -> None:
    company, first = stuck
    second = hand_in(company, "T-2207-Y", 5)["case_id"]
    (cause,) = incidents(company)
    assert (cause["node"], cause["code"], cause["cases"]) == ("outcome", "WORKFLOW-GATEWAY-01", 2)
    assert set(cause["case_ids"]) == {first, second}
    assert cause["message"] == "no condition is true and there is no default flow"


def test_cases_of_a_cause_are_listed_page_by_page(stuck: tuple[Company, str]) -> None:
    company, first = stuck
    second = hand_in(company, "T-2207-Y", 5)["case_id"]
    (cause,) = incidents(company)
    asked = {name: cause[name] for name in ("process", "version", "node", "code")}
    operator = company.person(OPERATOR)
    page = operator.get("/incidents/cases", **asked, limit=1)
    assert page == {"cases": [second], "next": second}
    assert operator.get("/incidents/cases", **asked, after=second) == {"cases": [first], "next": ""}
    shown = plain(
        signed_in(company, OPERATOR).get("/incidents", params={"cause": "/".join(asked.values()), "after": second}).text
    )
    assert "R-1001-X" in shown
    assert "T-2207-Y" not in shown
    assert "From the first" in shown


def test_time_at_a_step_is_counted_since_the_case_came_there(stuck: tuple[Company, str]) -> None:
    company, case_id = stuck
    since, later = incidents(company)[0]["since"], company.later(timedelta(hours=5))
    assert repair(later, case_id, "correct", variables={"waiting time": "no"}).json()["outcome"] == "incident"
    latest = company.later(timedelta(hours=7, minutes=1))
    (cause,) = incidents(latest)
    assert cause["since"] == since
    page = plain(signed_in(latest, OPERATOR).get("/processes/invoice?by=median").text)
    row = page[page.index("Outcome?") : page.index("Resolve exceptions")]
    assert re.fullmatch(r"Outcome\? waiting 7 h[^,]*, nine of ten 7 h( \d+ min)? 1 7 h.* 7 h.* 1 ", row)


def test_corrected_and_tried_again_it_goes_to_the_person_who_approves(stuck: tuple[Company, str]) -> None:
    company, case_id = stuck
    assert repair(company, case_id, "retry").json()["outcome"] == "incident"
    assert repair(company, case_id, "correct", variables={"waiting time": "cleared"}).json()["outcome"] == "incident"
    answer = repair(company, case_id, "retry").json()
    assert (answer["status"], answer["outcome"]) == ("waiting", "approval")
    assert incidents(company) == []
    repairs = [entry["data"]["repair"] for entry in told(company, case_id, "case.repaired")]
    assert repairs == ["retry", "correct", "retry"]


def test_all_of_a_cause_are_repaired_each_by_itself(stuck: tuple[Company, str]) -> None:
    company, first = stuck
    second = hand_in(company, "T-2207-Y", 5)["case_id"]
    repair(company, first, "correct", variables={"waiting time": "cleared"})
    (cause,) = incidents(company)
    asked = {name: cause[name] for name in ("process", "version", "node", "code")}
    body = {**asked, "kind": "retry", "reason": "once more"}
    tried = post(company.person(OPERATOR), "/incidents/repairs?dry_run=true", **body).json()
    assert {each["case_id"]: each["outcome"] for each in tried["cases"]} == {first: "approval", second: "incident"}
    assert len(incidents(company)[0]["case_ids"]) == 2
    post(company.person(OPERATOR), "/incidents/repairs", **body)
    assert incidents(company)[0]["case_ids"] == [second]


def test_moved_back_everything_is_decided_again(stuck: tuple[Company, str]) -> None:
    company, case_id = stuck
    decided = len(told(company, case_id, "decision.taken"))
    assert repair(company, case_id, "move back", to_node="gather-facts").json()["outcome"] == "incident"
    assert len(told(company, case_id, "decision.taken")) >= 2 * decided


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("move back", {"to_node": "post"}, "WORKFLOW-REPAIR-07"),
        ("skip", {}, "WORKFLOW-REPAIR-06"),
        ("correct", {"variables": {"decision taken": "approve"}}, "WORKFLOW-REPAIR-03"),
        ("wave through", {}, "CASE-REPAIR-03"),
        ("resume", {}, "WORKFLOW-REPAIR-02"),
    ],
    ids=["on to the posting", "the control left out", "a person's answer", "no repair", "what is not suspended"],
)
def test_no_repair_leads_past_a_control(stuck: tuple[Company, str], kind: str, more: dict[str, Any], code: str) -> None:
    company, case_id = stuck
    refused = repair(company, case_id, kind, **more)
    assert refused.json()["code"] == code
    assert case_of(company, case_id)["outcome"] == "incident"
    assert case_of(company, case_id)["journals"] == []


@pytest.mark.parametrize("person", ["clara.weiss", "tomasz.zielinski", "samuel.grant"])
def test_only_the_operator_repairs(stuck: tuple[Company, str], person: str) -> None:
    company, case_id = stuck
    refused = post(company.person(person), f"/cases/{case_id}/repairs", kind="retry", reason="now")
    assert (refused.status_code, refused.json()["code"]) == (403, "AUTH-DUTY-01")


def test_a_suspended_case_is_signed_by_nobody_and_goes_on_when_it_is_resumed(company: Company) -> None:
    case_id, task = company.case_of("D11"), company.task("D11")
    assert repair(company, case_id, "suspend").json()["outcome"] == "suspended"
    refused = company.person("lena.vogt").act(task, "approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "WORKFLOW-CASE-04")
    assert case_of(company, case_id)["signatures"] == []
    assert repair(company, case_id, "resume").json()["outcome"] == "approval"
    assert company.person("lena.vogt").act(company.task("D11"), "approve").status_code == 200
    company.work()
    assert case_of(company, case_id)["status"] == "posted"


def test_the_timer_of_a_suspended_case_is_late_and_not_lost(company: Company) -> None:
    case_id = company.case_of("D41")  # parked until 2 April
    repair(company, case_id, "suspend")
    later = company.later(timedelta(days=7))
    later.work()
    assert case_of(later, case_id)["outcome"] == "suspended"
    repair(later, case_id, "resume")
    later.work()
    assert case_of(later, case_id)["outcome"] != "parked"


def test_what_has_ended_is_not_repaired(company: Company) -> None:
    refused = repair(company, company.case_of("D01"), "retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "CASE-REPAIR-02")
    assert entries(company, "D01", "case.repaired") == []


LATER: Final = {"Prefer": "respond-async"}


def repair_many(
    company: Company, *, by: str = OPERATOR, dry_run: bool = False, later: bool = False, **body: Any
) -> Any:
    path = "/v1/incidents/repairs" + ("?dry_run=true" if dry_run else "")
    body = {"kind": "retry", "reason": "the version is wrong", **body}
    return company.person(by).client.post(path, json=body, headers=LATER if later else {})


def worked(company: Company, answer: Any) -> Answer:
    """What a job came to."""
    assert answer.status_code == 202, answer.text
    company.work()
    return company.person(OPERATOR).get(f"/jobs/{answer.json()['job_id']}")


@pytest.fixture
def two_stuck(stuck: tuple[Company, str]) -> tuple[Company, str, str]:
    """Two cases of one cause; the first one is corrected, so that it can go on."""
    company, first = stuck
    second = hand_in(company, "T-2207-Y", 5)["case_id"]
    repair(company, first, "correct", variables={"waiting time": "cleared"})
    return company, first, second


def test_job_repairs_all_of_a_cause_and_tells_what_was_refused(two_stuck: tuple[Company, str, str]) -> None:
    company, first, second = two_stuck
    (cause,) = incidents(company)
    asked = {name: cause[name] for name in ("process", "version", "node", "code")}
    repair(company, second, "suspend")
    tried = worked(company, repair_many(company, later=True, dry_run=True, case_ids=[first, second, "none"]))
    assert {each["case_id"]: each.get("outcome", each.get("code")) for each in tried["told"]["cases"]} == {
        first: "approval",
        second: "WORKFLOW-REPAIR-08",
        "none": "CASE-UNKNOWN-01",
    }
    assert case_of(company, first)["outcome"] == "incident"
    done = worked(company, repair_many(company, later=True, **asked))
    assert (done["status"], done["done"], done["told"]["repaired"], done["told"]["refused"]) == ("done", 1, 1, 0)
    assert case_of(company, first)["outcome"] == "approval"
    assert [entry["data"]["repair"] for entry in told(company, first, "case.repaired")] == ["correct", "retry"]


def test_pages_say_what_would_become_of_each_case_and_what_became(two_stuck: tuple[Company, str, str]) -> None:
    company, first, second = two_stuck
    client, (cause,) = signed_in(company, OPERATOR), incidents(company)
    page = plain(client.get("/incidents").text)
    assert "2 cases at “Outcome?” No condition is true and there is no default flow" in page
    assert "R-1001-X" in page
    form = {"cause": "/".join(cause[part] for part in ("process", "version", "node", "code")), "kind": "retry"}
    wish = form | {"form_token": token(client), "reason": "the version is wrong"}
    tried = plain(client.post("/incidents", data=wish).text)
    assert "What would become of them: nothing is done yet" in tried
    assert "R-1001-X Waiting for approval" in tried
    assert "T-2207-Y Still stuck" in tried
    assert case_of(company, first)["outcome"] == "incident"
    worked(company, repair_many(company, later=True, dry_run=True, case_ids=[first, second, "none"]))
    jobs = plain(client.get("/jobs").text)
    assert "Only tried: 2 would be taken, 1 refused." in jobs
    assert "T-2207-Y Still stuck" in jobs
    assert "Asked for by Mika Ranta" in jobs
    done = plain(client.post("/incidents", data=wish | {"do": "yes"}).text)
    assert "What became of them" in done
    assert "1 case at “Outcome?”" in done
    assert case_of(company, first)["outcome"] == "approval"
    assert client.post("/incidents", data=wish | {"reason": " "}).status_code == 422


def plain(page: str) -> str:
    """What a person reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_cases_of_a_version_are_stopped_and_let_go_on_together(two_stuck: tuple[Company, str, str]) -> None:
    company, first, second = two_stuck
    version = incidents(company)[0]["version"]
    chosen = {"process": "invoice", "version": version}
    assert worked(company, repair_many(company, later=True, kind="suspend", **chosen))["told"]["repaired"] == 2
    (stopped,) = incidents(company)
    assert (stopped["code"], stopped["node"], set(stopped["case_ids"])) == ("CASE-SUSPENDED-01", "", {first, second})
    again = repair_many(company, kind="resume", code="CASE-SUSPENDED-01", **chosen).json()
    assert (again["repaired"], again["next"]) == (2, "")
    assert {case_of(company, each)["outcome"] for each in (first, second)} == {"incident"}


def test_laying_aside_takes_its_own_duty_in_bulk_too(two_stuck: tuple[Company, str, str]) -> None:
    company, first, second = two_stuck
    wish: dict[str, Any] = {"kind": "cancel", "case_ids": [first, second]}
    refused = repair_many(company, **wish).json()
    assert [each["code"] for each in refused["cases"]] == ["AUTH-DUTY-01"] * 2
    lead = "priya.nair"
    tried = repair_many(company, by=lead, dry_run=True, **wish).json()
    assert [each["status"] for each in tried["cases"]] == ["cancelled"] * 2
    assert {case_of(company, each)["status"] for each in (first, second)} == {"waiting"}
    assert repair_many(company, by=lead, **wish).json()["repaired"] == 2
    assert {case_of(company, each)["status"] for each in (first, second)} == {"cancelled"}


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "REPAIR-CHOICE-01"),
        ({"case_ids": [str(number) for number in range(201)]}, "REPAIR-CHOICE-02"),
        ({"process": "invoice", "kind": "wave through"}, "CASE-REPAIR-03"),
        ({"process": "invoice", "reason": " "}, "WORDS-MISSING-01"),
    ],
    ids=["no case", "too many by name", "no repair", "no reason"],
)
@pytest.mark.parametrize("later", [False, True], ids=["at once", "as a job"])
def test_what_is_no_wish_is_refused_as_a_whole(company: Company, wish: dict[str, Any], code: str, later: bool) -> None:
    refused = repair_many(company, later=later, **wish)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert company.person(OPERATOR).get("/jobs")["jobs"] == []
