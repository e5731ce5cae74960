"""An act can be taken back while it has had no effect, and is checked again when its time has come."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Answer, Company, set_undo
from tests.acceptance.test_acts import entries, post


@pytest.fixture
def patient(company: Company) -> Company:
    """The company with ten seconds for taking an act back."""
    set_undo(company.platform.environment.store, 10)
    return company


def after_ten_seconds(company: Company) -> Company:
    later = company.later(timedelta(seconds=11))
    later.work()
    return later


def test_signature_has_no_effect_before_its_time_and_all_of_it_then(patient: Company) -> None:
    answer = patient.person("lena.vogt").act(patient.task("D11"), "approve")
    assert (answer.status_code, answer.json()["status"]) == (200, "waiting")
    patient.work()
    assert patient.case("D11")["journals"] == []
    case = after_ten_seconds(patient).case("D11")
    assert (case["status"], [given["person"] for given in case["signatures"]]) == ("posted", ["lena.vogt"])
    (signed,) = entries(patient, "D11", "task.signed")
    assert signed["actor"]["id"] == "lena.vogt"


def test_act_that_was_taken_back_never_happens(patient: Company) -> None:
    lena, task = patient.person("lena.vogt"), patient.task("D11")
    assert lena.act(task, "reject", "wrong site").status_code == 200
    second = lena.act(task, "approve")
    assert (second.status_code, second.json()["code"]) == (409, "TASK-PENDING-01")
    other = post(patient.person("elif.demir"), f"/tasks/{task['task_id']}/undo")
    assert (other.status_code, other.json()["code"]) == (403, "TASK-UNDO-02")
    assert post(lena, f"/tasks/{task['task_id']}/undo").status_code == 200
    assert after_ten_seconds(patient).case("D11")["status"] == "waiting"
    again = post(lena, f"/tasks/{task['task_id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "TASK-UNDO-01")
    assert lena.act(task, "approve").status_code == 200
    assert after_ten_seconds(patient).case("D11")["status"] == "posted"


def test_what_has_happened_is_not_taken_back(patient: Company) -> None:
    lena, task = patient.person("lena.vogt"), patient.task("D11")
    lena.act(task, "approve")
    later = after_ten_seconds(patient)
    answer = post(later.person("lena.vogt"), f"/tasks/{task['task_id']}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "TASK-UNDO-01")


def test_authority_that_is_lost_meanwhile_does_not_count(patient: Company) -> None:
    patient.person("lena.vogt").act(patient.task("D11"), "approve")
    lena = patient.record("person", "lena.vogt")
    assert patient.person("importer").put("person", "lena.vogt", lena | {"limits": []}).status_code == 200
    case = after_ten_seconds(patient).case("D11")
    assert (case["status"], case["signatures"]) == ("waiting", [])
    assert entries(patient, "D11", "command.refused")[-1]["actor"]["id"] == "lena.vogt"


@pytest.mark.parametrize(
    ("document", "person", "action", "code"),
    [
        pytest.param("D45", "lena.vogt", "approve", "AP-SIGN-04", id="an own request"),
        pytest.param("D03", "jonas.adler", "accept variance", "AP-VARIANCE-04", id="a variance on an own order"),
        pytest.param("D04", "karim.benali", "park", "TASK-PARK-01", id="put aside until no day"),
    ],
)
def test_refusal_is_told_at_once(patient: Company, document: str, person: str, action: str, code: str) -> None:
    answer = patient.person(person).act(patient.task(document), action, "so it is")
    assert answer.json()["code"] == code


def test_what_is_put_aside_is_aside_at_once(patient: Company) -> None:
    answer = patient.person("karim.benali").act(patient.task("D04"), "park", "with the next lorry", until="2026-03-30")
    assert answer.status_code == 200, answer.text
    assert [entry["data"]["until"] for entry in entries(patient, "D04", "task.parked")] == ["2026-03-30"]


class Reader:
    """Somebody who is signed in and reads pages."""

    def __init__(self, company: Company, person: str) -> None:
        self._client = TestClient(company.app, base_url="https://testserver")
        self._client.post("/sign-in", data={"api_key": company.keys[person]}, follow_redirects=False)

    def read(self, path: str) -> str:
        return self._client.get(path).text

    def approve(self, task: Answer) -> str:
        """Approve a task on its page; the address that this leads to."""
        page = self.read(f"/cases/{task['case_id']}")
        names = ("form_token", "content_hash", "seen")
        form = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in names}
        answer = self._client.post(
            f"/tasks/{task['task_id']}/actions", data=form | {"action": "approve"}, follow_redirects=False
        )
        return str(answer.headers["location"])

    def take_back(self, page: str) -> int:
        """Press the button of a notice; the status of the answer."""
        (address,) = re.findall(r'<form method="post" action="([^"]+acts/undo[^"]+)"', page)
        (token,) = {*re.findall('name="form_token" value="([^"]+)"', page)}
        return self._client.post(address, data={"form_token": token}, follow_redirects=False).status_code


def test_page_takes_an_answer_back_from_where_it_leads_to(patient: Company) -> None:
    lena, task = Reader(patient, "lena.vogt"), patient.task("D11")
    place = lena.approve(task)
    assert f"/cases/{task['case_id']}" not in place, "the next item opens"
    page = lena.read(place)
    assert "Approved: KE-774412 of Kaltbach Energie GmbH. It takes effect in 10 seconds." in page
    assert "an answer to this is on its way" in lena.read(f"/cases/{task['case_id']}")
    assert lena.take_back(page) == 303
    assert "Take the answer back" not in lena.read(f"/cases/{task['case_id']}")
    assert after_ten_seconds(patient).case("D11")["signatures"] == []


def test_page_says_what_the_answer_did_once_it_is_done(patient: Company) -> None:
    place = Reader(patient, "lena.vogt").approve(patient.task("D11"))
    page = Reader(after_ten_seconds(patient), "lena.vogt").read(place)
    assert "Approved: KE-774412 of Kaltbach Energie GmbH. Now: posted." in page


def test_page_says_that_an_answer_was_refused_when_its_time_came(patient: Company) -> None:
    task = patient.task("D11")
    place = Reader(patient, "lena.vogt").approve(task)
    handed = {"person": "elif.demir", "reason": "Lena is on leave"}
    assert post(patient.person("priya.nair"), f"/tasks/{task['task_id']}/reassign", **handed).status_code == 200
    page = Reader(after_ten_seconds(patient), "lena.vogt").read(place)
    assert "Not done: when the time of your answer to KE-774412 of Kaltbach Energie GmbH came, it was refused." in page


def test_what_is_answered_waits_for_nobody_until_it_is_taken_back(patient: Company) -> None:
    lena, task = Reader(patient, "lena.vogt"), patient.task("D11")
    before = re.findall(r"(\d+) waiting for you", lena.read("/queue"))
    page = lena.read(lena.approve(task))
    after = lena.read("/queue")
    assert ("KE-774412" in after, int(before[0]) - 1) == (False, int(re.findall(r"(\d+) waiting for you", after)[0]))
    lena.take_back(page)
    assert "KE-774412" in lena.read("/queue")


def test_nobody_but_who_gave_an_answer_is_offered_to_take_it_back(patient: Company) -> None:
    lena, task = Reader(patient, "lena.vogt"), patient.task("D11")
    page = lena.read(lena.approve(task))
    assert "Take it back" in page
    other = Reader(patient, "elif.demir")
    assert "Take it back" not in other.read(f"/queue?answered={task['task_id']}")
    assert "Take the answer back" not in other.read(f"/cases/{task['case_id']}")
