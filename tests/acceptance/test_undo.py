"""An act can be taken back while it has had no effect, and is checked again when its time has come."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import TENANT, Company
from tests.acceptance.test_acts import entries, post

from comptroller.application.ports.store import UnitOfWork


@pytest.fixture
def patient(company: Company) -> Company:
    """The company with ten seconds for taking an act back."""

    def set_undo(uow: UnitOfWork) -> None:
        (row,) = uow.references(["tenant/self"])["tenant/self"]
        body = json.dumps({**json.loads(row.body), "undo_s": 10})
        uow.insert(replace(row, version=row.version + 1, body=body, digest="with undo"))

    company.platform.environment.store.run(TENANT, set_undo)
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


def test_refusal_is_told_at_once(patient: Company) -> None:
    answer = patient.person("lena.vogt").act(patient.task("D45"), "approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "AP-SIGN-04")


def test_page_takes_an_answer_back(patient: Company) -> None:
    case = patient.task("D11")["task_id"].partition("-")[0]
    browser = TestClient(patient.app, base_url="https://testserver")
    browser.post("/sign-in", data={"api_key": patient.keys["lena.vogt"]}, follow_redirects=False)
    page = browser.get(f"/cases/{case}").text
    form = {
        name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in ("form_token", "content_hash", "seen")
    }
    task = patient.task("D11")["task_id"]
    answered = browser.post(f"/tasks/{task}/actions", data=form | {"action": "approve"}, follow_redirects=False)
    assert f"/cases/{case}" not in answered.headers["location"], "the next item opens"
    page = browser.get(f"/cases/{case}?answered={task}").text
    assert "until then the answer can be taken back" in page
    assert "an answer to this is on its way" in page
    undo = re.findall(r'formaction="([^"]+acts/undo[^"]+)"', page)[0]
    assert browser.post(undo, data=form, follow_redirects=False).status_code == 303
    page = browser.get(f"/cases/{case}").text
    assert "Take the answer back" not in page
    assert after_ten_seconds(patient).case("D11")["signatures"] == []
