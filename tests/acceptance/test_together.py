"""Approving several tasks at once: only what each person opened as it stands, summed up before, told one by one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.acceptance.company import TENANT, Answer, Company, set_undo
from tests.acceptance.test_links import signed_in

from comptroller.application.acting.bulk import ReviewApprovals, Shown
from comptroller.application.dispatcher import Request
from comptroller.domain.kernel import limits

LENA = "lena.vogt"


def waiting(company: Company) -> list[Answer]:
    """The approvals that wait for Lena Vogt: two of the demonstration's documents."""
    tasks = company.person(LENA).get("/tasks")["tasks"]
    return [task for task in tasks if task["kind"] == "approval" and task["person"] == LENA]


def open_each(company: Company, tasks: list[Answer], person: str = LENA) -> None:
    client = signed_in(company, person)
    for task in tasks:
        assert client.get(f"/cases/{task['case_id']}").status_code == 200


def approve(company: Company, tasks: list[Answer], person: str = LENA, *, dry: bool = False) -> Answer:
    items = [{"task_id": task["task_id"], "content_hash": task["content_hash"]} for task in tasks]
    path = f"/v1/tasks:approve{'?dry_run=true' if dry else ''}"
    answer = company.person(person).client.post(path, json={"items": items})
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(answer: Answer) -> list[str]:
    return [each.get("problem", {}).get("code", "approved") for each in answer["results"]]


def test_only_what_was_opened_is_approved_and_the_rest_says_why(company: Company) -> None:
    tasks = waiting(company)
    open_each(company, tasks[:1])
    answer = approve(company, tasks)
    assert sorted(codes(answer)) == ["TASK-BULK-02", "approved"]
    assert answer["count"] == 1
    assert len(waiting(company)) == 1


def test_dry_run_sums_up_and_does_nothing(company: Company) -> None:
    tasks = waiting(company)
    open_each(company, tasks)
    answer = approve(company, tasks, dry=True)
    assert (answer["count"], codes(answer)) == (2, ["approved", "approved"])
    assert answer["sums"] == [{"currency": "EUR", "gross": "4192.80"}]
    assert len(waiting(company)) == 2


def test_what_has_changed_since_it_was_opened_is_left_out(company: Company) -> None:
    task = company.task("D11")
    open_each(company, [task])
    account = company.record("supplier", "S06")
    changed = account | {"name": account["name"] + " AG"}
    assert company.person("importer").put("supplier", "S06", changed).status_code == 200
    company.work()
    assert codes(approve(company, [task])) == ["TASK-CLOSED-01"]
    now = company.task("D11")
    assert now["task_id"] != task["task_id"]
    assert codes(approve(company, [now])) == ["TASK-BULK-02"]  # nobody has opened it as it stands now


def test_hash_of_something_else_is_left_out(company: Company) -> None:
    task = company.task("D11")
    open_each(company, [task])
    assert codes(approve(company, [{**task, "content_hash": "0" * 64}])) == ["TASK-STALE-01"]


def test_look_of_somebody_else_does_not_count(company: Company) -> None:
    task = company.task("D11")
    open_each(company, [task])
    handed = company.person("priya.nair").client.post(
        f"/v1/tasks/{task['task_id']}/reassign", json={"person": "elif.demir", "reason": "Lena is busy."}
    )
    assert handed.status_code == 200, handed.text
    assert codes(approve(company, [task], "elif.demir")) == ["TASK-BULK-02"]
    open_each(company, [task], "elif.demir")
    assert codes(approve(company, [task], "elif.demir")) == ["approved"]


def test_who_is_barred_is_barred_here_too(company: Company) -> None:
    task = company.task("D11")
    open_each(company, [task])
    body = company.record("person", LENA) | {"limits": []}
    assert company.person("importer").put("person", LENA, body).status_code == 200
    assert codes(approve(company, [task])) == ["AP-SIGN-10"]


def test_exceptions_are_decided_one_by_one(company: Company) -> None:
    task = company.task("D03")
    open_each(company, [task], "jonas.adler")
    assert codes(approve(company, [task], "jonas.adler")) == ["TASK-ACTION-01"]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "TASK-BULK-03"),
        ("all", "TASK-BULK-03"),
        ([{"task_id": "x", "content_hash": "y"}] * 51, "TASK-BULK-03"),
        (["x"], "TASK-BULK-04"),
    ],
    ids=["none", "no list", "too many", "no object"],
)
def test_what_is_no_list_of_tasks_is_refused(company: Company, items: Any, code: str) -> None:
    refused = company.person(LENA).client.post("/v1/tasks:approve", json={"items": items})
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_repeat_with_the_same_key_is_answered_not_done_again(company: Company) -> None:
    tasks = waiting(company)
    open_each(company, tasks)
    items = [{"task_id": task["task_id"], "content_hash": task["content_hash"]} for task in tasks]
    client = company.person(LENA).client
    first, again = (
        client.post("/v1/tasks:approve", json={"items": items}, headers={"Idempotency-Key": "monday"}) for _ in range(2)
    )
    assert first.json() == again.json()
    assert codes(first.json()) == ["approved", "approved"]


def test_queue_ticks_only_what_was_opened_sums_up_and_tells_each_outcome(company: Company) -> None:
    tasks = waiting(company)
    open_each(company, tasks[:1])
    client = signed_in(company, LENA)
    queue = client.get("/queue").text
    ticked = re.findall(r'name="item" value="([^"]+)"', queue)
    assert sorted(ticked) == sorted(f"{task['task_id']}:{task['content_hash']}" for task in tasks[:1])
    assert queue.count(": open it first") == 1
    token = re.findall(r'id="together"><input type="hidden" name="form_token" value="([^"]+)"', queue)[0]
    summed = client.post("/queue/approvals", data={"form_token": token, "item": ticked})
    assert "1 of 1 can be approved; nothing is done yet" in summed.text
    assert "1 document</strong>: " in summed.text
    assert len(waiting(company)) == 2
    done = client.post("/queue/approvals", data={"form_token": token, "item": ticked, "do": "yes"})
    assert "1 of 1 approved" in done.text
    assert len(waiting(company)) == 1
    again = client.post("/queue/approvals", data={"form_token": token, "item": ticked, "do": "yes"})
    assert "Nothing was approved" in again.text
    assert again.text.count("Not approved") == 1


def test_what_is_ticked_beyond_the_limit_is_told_and_stays(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "APPROVED_TOGETHER_MAX", 1)
    tasks = waiting(company)
    open_each(company, tasks)
    items = tuple(Shown(task["task_id"], task["content_hash"]) for task in tasks)
    review = company.platform.dispatcher.execute(TENANT, Request(LENA, ReviewApprovals(items)))
    assert [each.left_out and each.left_out.code for each in review.items] == [None, "TASK-BULK-05"]
    assert len(review.taken) == 1


def test_page_takes_nothing_without_the_form_of_this_person(company: Company) -> None:
    task = company.task("D11")
    open_each(company, [task])
    item = f"{task['task_id']}:{task['content_hash']}"
    assert signed_in(company, LENA).post("/queue/approvals", data={"item": item, "do": "yes"}).status_code == 403
    assert len(waiting(company)) == 2


def test_several_answers_can_be_taken_back_for_a_while(company: Company) -> None:
    set_undo(company.platform.environment.store, 10)
    task = company.task("D11")
    open_each(company, [task])
    assert "undo_until" in approve(company, [task])["results"][0]["answer"]
    company.later(timedelta(seconds=11)).work()
    (signed,) = [entry for entry in company.timeline("D11") if entry["type"] == "task.signed"]
    assert signed["data"]["together"] is True
