"""Sending back to an earlier step, or to the clerk: a reason, who is asked again, and which signatures fall."""

import re
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_acts import entries
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_quorum import BESIDE, ROUTING, answer, asked, handed_in, rows, shown
from tests.acceptance.versions import put_in_force

WHY = "Was the advice really about this licence?"


def send_back(company: Company, document: str, person: str, **changes: Any) -> Answer:
    said = {"action": "send back", "reason": WHY, **changes}
    return company.person(person).act(company.task(document), **said)


def signed(company: Company) -> Company:
    """D17 with the first of its two signatures; the CFO is asked."""
    assert company.person("hannah.petrov").act(company.task("D17"), "approve").status_code == 200
    return company


def test_step_is_asked_again_and_the_signature_that_falls_is_told(company: Company) -> None:
    sent = send_back(signed(company), "D17", "nadia.okafor", to="cost-centre-owner")
    assert sent.status_code == 200, sent.text
    assert sent.json()["fallen"] == [{"step": "cost-centre-owner", "person": "hannah.petrov"}]
    assert company.task("D17")["person"] == "hannah.petrov"
    (fell,) = entries(company, "D17", "signature.voided")
    assert "sent the case back" in fell["data"]["reason"]
    (told,) = entries(company, "D17", "task.answered")
    assert (told["data"]["to"], told["reason_text"]) == ("cost-centre-owner", WHY)
    assert company.person("hannah.petrov").act(company.task("D17"), "approve").status_code == 200
    assert company.person("nadia.okafor").act(company.task("D17"), "approve").json()["status"] == "posted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "cost-centre-owner", "reason": " "}, "TASK-REASON-01"),
        ({"to": "cfo"}, "TASK-SEND-01"),
        ({"to": "nobody's"}, "TASK-SEND-01"),
        ({"to": "cost-centre-owner", "action": "approve"}, "TASK-SEND-02"),
    ],
    ids=["without a reason", "nobody has signed it", "no such step", "approving takes no step"],
)
def test_what_is_refused_changes_nothing(company: Company, changes: dict[str, Any], code: str) -> None:
    task = signed(company).task("D17")
    refused = send_back(company, "D17", "nadia.okafor", **changes)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert company.task("D17")["task_id"] == task["task_id"]
    assert [given["person"] for given in company.case("D17")["signatures"]] == ["hannah.petrov"]


def test_only_who_is_asked_sends_back(company: Company) -> None:
    refused = send_back(signed(company), "D17", "clara.weiss", to="cost-centre-owner")
    assert refused.status_code == 403


def test_step_beside_keeps_its_signatures_and_what_is_behind_falls(new_company: Company) -> None:
    """Committee and CFO side by side, the CEO behind them: the CEO has the CFO asked again."""
    company = new_company
    put_in_force(company, {ROUTING: lambda text: rows(BESIDE)(text).replace("&gt; 1000000.00", "&gt; 1000.00")})
    case = handed_in(company)
    for person in ("ruth.sommer", "clara.weiss", "nadia.okafor"):
        answer(company, case, person)
    signed_in(company, "henrik.lindqvist").get(f"/cases/{case}")
    (task,) = asked(company, case).values()
    said = {"action": "send back", "reason": WHY, "to": "cfo"}
    sent = company.person("henrik.lindqvist").act(task, **said)
    assert sent.status_code == 200, sent.text
    assert set(asked(company, case)) == {"nadia.okafor"}
    assert {given["person"] for given in shown(company, case)["signatures"]} == {"ruth.sommer", "clara.weiss"}


def test_sent_back_to_the_clerk_it_is_corrected_and_asked_anew(company: Company) -> None:
    sent = send_back(signed(company), "D17", "nadia.okafor")
    assert sent.status_code == 200, sent.text
    task = company.task("D17")
    assert (task["kind"], task["person"]) == ("correction", "tomasz.zielinski")
    again = company.person("tomasz.zielinski").act(task, "resubmit", "It was: see the engagement letter.")
    assert again.status_code == 200, again.text
    assert set(asked(company, company.case_of("D17"))) == {"nadia.okafor"}


def test_page_offers_the_steps_that_are_signed(company: Company) -> None:
    nadia, case = signed_in(signed(company), "nadia.okafor"), company.case_of("D17")
    page = nadia.get(f"/cases/{case}").text
    (address,) = set(re.findall(rf"/cases/{case}/acts/send-back\?task=[^\"]+", page))
    form = nadia.get(address.replace("&amp;", "&")).text
    assert "Cost-centre owner (Hannah Petrov)" in form
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    refused = nadia.post(f"/cases/{case}/acts/send-back", data={**fields, "reason": WHY})
    assert refused.status_code == 422
    done = nadia.post(
        f"/cases/{case}/acts/send-back",
        data={**fields, "to": "cost-centre-owner", "reason": WHY},
        follow_redirects=False,
    )
    assert done.status_code == 303
    assert company.task("D17")["person"] == "hannah.petrov"
