"""Answering from a link in a mail: looking does nothing, an answer takes a second proof, the link is good for one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import TENANT, Company, Databases, Snapshot
from tests.acceptance.notified import BASE, Notified, notified
from tests.acceptance.test_acts import entries
from tests.acceptance.test_links import signed_in, told_entries

from comptroller.adapters.mail.answer_links import SealedLinks
from comptroller.application.ports.notices import AnswerLink

LENA: Final = "lena.vogt"
LINKS: Final = SealedLinks("a secret of this test")


@pytest.fixture
def told(databases: Databases, loaded: Snapshot) -> Iterator[Notified]:
    with notified(databases, loaded, LINKS) as made:
        yield made


def bound(company: Company, **changes: Any) -> str:
    """The address of a link to D11's task for Lena Vogt, or as `changes` say."""
    task = company.task("D11")
    expires = company.platform.environment.clock.machine_now() + timedelta(days=3650)
    link = AnswerLink(TENANT, task["task_id"], LENA, task["content_hash"], "notice-1", expires)
    return f"/answers/{LINKS.seal(replace(link, **changes))}"


def send(client: TestClient, address: str, **answer: str) -> Any:
    """Fill the page's form in and send it."""
    page = client.get("/queue")
    (token, *_) = re.findall(r'name="form_token" value="([^"]+)"', page.text)
    return client.post(address, data={"form_token": token, "again": LENA, "action": "approve", **answer})


def test_mail_leads_to_the_page_of_the_answer(told: Notified) -> None:
    told.post.tried.clear()
    company = told.company
    handed = company.person("priya.nair").client.post(
        f"/v1/tasks/{company.task('D11')['task_id']}/reassign", json={"person": "elif.demir", "reason": "Lena is away."}
    )
    assert handed.status_code == 200, handed.text
    told.wait(minutes=5)
    (mail, *_) = [each for each in told.post.tried if "/answers/" in each.text]
    address = re.findall(rf"{BASE}(/answers/\S+)", mail.text)[0]
    page = signed_in(company, "elif.demir").get(address)
    assert page.status_code == 200
    assert "KE-774412" in page.text
    assert signed_in(company, LENA).get(address).status_code == 403


def test_what_fetches_the_link_twice_changes_nothing_and_burns_nothing(told: Notified) -> None:
    company, address = told.company, bound(told.company)
    before = told_entries(company)
    scanner = TestClient(company.app, follow_redirects=False)
    for _ in range(2):
        assert scanner.get(address).status_code == 303
        assert scanner.get(address, params={"action": "approve", "again": LENA}).status_code == 303
        assert scanner.head(address).status_code in {303, 405}
        assert scanner.post(address, data={"action": "approve", "again": LENA}).status_code == 303
    client = signed_in(company, LENA)
    for _ in range(2):
        assert client.get(address).status_code == 200
    assert {kind for _, _, kind in told_entries(company)[len(before) :]} <= {"command.refused"}
    assert send(client, address).status_code == 303
    assert company.case("D11")["status"] == "posted"


def test_answer_is_a_signature_and_says_that_it_came_from_a_link(told: Notified) -> None:
    client, company = signed_in(told.company, LENA), told.company
    assert send(client, bound(company)).status_code == 303
    (used,) = entries(company, "D11", "answer.link.used")
    assert (used["actor"]["id"], used["data"]["link"]) == (LENA, "notice-1")
    assert [given["person"] for given in company.case("D11")["signatures"]] == [LENA]


def test_link_is_good_for_one_answer(told: Notified) -> None:
    company = told.company
    client, address = signed_in(company, LENA), bound(company)
    assert send(client, address).status_code == 303
    again = send(client, address)
    assert again.status_code == 409
    assert "LINK-USED-01" in again.text


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"person": "elif.demir"}, 403, "LINK-PERSON-01"),
        ({"content_hash": "0" * 64}, 409, "LINK-STALE-01"),
        ({"task": "none"}, 404, "LINK-UNKNOWN-01"),
        ({"tenant": "other"}, 404, "LINK-UNKNOWN-01"),
    ],
    ids=["of somebody else", "of other content", "of no task", "of another tenant"],
)
def test_link_is_bound(told: Notified, changes: dict[str, Any], status: int, code: str) -> None:
    client, address = signed_in(told.company, LENA), bound(told.company, **changes)
    for answer in (client.get(address), send(client, address)):
        assert answer.status_code == status
        assert code in answer.text
    assert told.company.task("D11")["status"] == "open"


def test_link_runs_out(told: Notified) -> None:
    company = told.company
    address = bound(company, expires=company.platform.environment.clock.machine_now() - timedelta(days=3650))
    answer = send(signed_in(company, LENA), address)
    assert (answer.status_code, "LINK-EXPIRED-01" in answer.text) == (409, True)


def test_link_that_was_changed_leads_nowhere(told: Notified) -> None:
    address = bound(told.company)
    packed, _, mark = address.rpartition(".")
    forged = SealedLinks("another secret").seal(
        AnswerLink(TENANT, told.company.task("D11")["task_id"], LENA, "0" * 64, "notice-1", told.machine())
    )
    client = signed_in(told.company, LENA)
    for wrong in (f"{packed}.{mark[:-1]}{'0' if mark[-1] != '0' else '1'}", f"/answers/{forged}", "/answers/x"):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("again", ["", "elif.demir", "ck_brennhof_0"], ids=["nothing", "another name", "a wrong key"])
def test_answer_takes_a_second_proof_and_a_failed_one_burns_nothing(told: Notified, again: str) -> None:
    company = told.company
    client, address = signed_in(company, LENA), bound(company)
    assert send(client, address, again=again).status_code == 401
    assert company.task("D11")["status"] == "open"
    assert send(client, address, again=company.keys[LENA]).status_code == 303


def test_rejecting_takes_a_reason_and_without_one_the_link_stays(told: Notified) -> None:
    company = told.company
    client, address = signed_in(company, LENA), bound(company)
    assert send(client, address, action="reject").status_code == 422
    assert send(client, address, action="send back", reason="Which meter?").status_code == 422
    assert send(client, address, action="reject", reason="Not ours.").status_code == 303
    assert company.case("D11")["status"] == "rejected"


def test_form_of_another_site_is_not_taken(told: Notified) -> None:
    client, address = signed_in(told.company, LENA), bound(told.company)
    assert client.post(address, data={"again": LENA, "action": "approve"}).status_code == 403
    assert told.company.task("D11")["status"] == "open"
