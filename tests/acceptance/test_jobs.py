"""Long jobs: what one worker left in the middle another goes on with, and nothing is done or counted twice."""

from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import Any, Final

import pytest
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_acts import entries, post
from tests.acceptance.test_intake import MAPPING
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_migration import OPERATOR, WHY, version_of, versions
from tests.acceptance.test_policy_release import AUTHOR
from tests.acceptance.versions import INVOICE, exchange, put_in_force

from comptroller.application.jobs.job import Job
from comptroller.application.jobs.stepping import Step
from comptroller.application.jobs.working import KINDS
from comptroller.application.work import handle, lease
from comptroller.domain.kernel import limits

pytestmark = pytest.mark.every_row

CLERK: Final = "tomasz.zielinski"
RENAMED: Final = exchange(('name="Approve"', 'name="Sign"'))
ROWS: Final = 12
LATER: Final = {"Prefer": "respond-async"}


def table(rows: int = ROWS) -> bytes:
    """A table of invoices that differ from one another; the third one has no number."""
    lines = ["No;Date;Due;Item;Qty;Price;Net;Gross"]
    for number in range(1, rows + 1):
        name = "" if number == 3 else f"{number:02}{'QZ'[number % 2] * number}"
        lines.append(f"{name};20.03.2026;03.04.2026;Item {number};10;{number}0,00;{number}00,00;{number * 119},00")
    return "\n".join(lines).encode()


def ask_for_intake(company: Company, content: bytes) -> Answer:
    """Hand a table in and have a job take it in; the answer."""
    assert company.person(CLERK).put("mapping", "helios", MAPPING).status_code == 200
    answer = company.person(CLERK).client.post(
        "/v1/intake",
        content=content,
        params={"mapping": "helios", "name": "march.csv"},
        headers={"Content-Type": "text/csv", **LATER},
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/v1/jobs/{answer.json()['job_id']}"
    return answer.json()


def ask_for_migration(company: Company, leaving: str) -> str:
    """Have a job move the open cases of a version; its name."""
    answer = company.person(OPERATOR).client.post(
        "/v1/processes/invoice/migration", json={"from": leaving, "reason": WHY}, headers=LATER
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def job(company: Company, job_id: str, by: str) -> Answer:
    return company.person(by).get(f"/jobs/{job_id}")


def dies_after(company: Company, steps: int) -> None:
    """A worker takes the job, does some steps and is never heard of again."""
    dispatcher = company.platform.dispatcher
    ((tenant, row),) = [each for each in lease(dispatcher, "first") if each[1].kind == "job"]
    begun = Step(dispatcher, tenant, row, Job.read(row))
    assert len(list(islice(KINDS[begun.job.kind](begun), steps))) == steps


def next_worker(company: Company) -> Company:
    """When the lease of the first has run out."""
    return company.later(timedelta(seconds=limits.LEASE_S + 1))


@pytest.mark.parametrize("steps", [2, 5, ROWS], ids=["at the beginning", "in the middle", "before it is told"])
def test_intake_goes_on_behind_the_last_document_that_was_committed(new_company: Company, steps: int) -> None:
    job_id = ask_for_intake(new_company, table())["job_id"]
    dies_after(new_company, steps)
    left = job(new_company, job_id, CLERK)
    assert (left["status"], left["done"]) == ("running", steps)
    after = next_worker(new_company)
    after.work()
    told = job(after, job_id, CLERK)
    assert (told["status"], told["done"], told["total"], told["told"]["failed"]) == ("done", ROWS, ROWS, 1)
    (failed,) = after.person(CLERK).get("/intake", status="failed")["intake"]
    assert len(failed["results"]) == ROWS
    cases = after.person("samuel.grant").get("/cases", limit=200)["cases"]
    numbers = Counter(case["number"] for case in cases if case["kind"] == "invoice")
    assert len(numbers) == ROWS - 1
    assert set(numbers.values()) == {1}
    assert after.person("samuel.grant").get("/audit/verification")["ok"] is True


def test_same_file_again_is_the_same_job(new_company: Company) -> None:
    first, again = (ask_for_intake(new_company, table(2)) for _ in range(2))
    assert (first["job_id"], first["intake_id"]) == (again["job_id"], again["intake_id"])
    new_company.work()
    (only,) = new_company.person(CLERK).get("/jobs")["jobs"]
    assert (only["job_id"], only["status"]) == (first["job_id"], "done")


@pytest.mark.parametrize("steps", [1, 2])
def test_migration_goes_on_behind_the_last_case_that_was_moved(company: Company, steps: int) -> None:
    old = version_of(company, "D11")
    count = versions(company)[old]
    new = put_in_force(company, {INVOICE: RENAMED})
    job_id = ask_for_migration(company, old)
    dies_after(company, steps)
    assert job(company, job_id, OPERATOR)["done"] == steps
    after = next_worker(company)
    after.work()
    told = job(after, job_id, OPERATOR)
    assert (told["status"], told["done"], told["total"]) == ("done", count, count)
    assert told["told"]["migrated"] + told["told"]["stayed"] == count
    assert versions(after)[new] == told["told"]["migrated"]
    (entry,) = entries(after, "D11", "case.migrated")
    assert (entry["actor"]["id"], entry["reason_text"]) == (OPERATOR, WHY)


def test_worker_that_wakes_after_its_lease_does_no_step(company: Company) -> None:
    old = version_of(company, "D11")
    put_in_force(company, {INVOICE: RENAMED})
    ask_for_migration(company, old)
    dispatcher = company.platform.dispatcher
    ((tenant, row),) = [each for each in lease(dispatcher, "first") if each[1].kind == "job"]
    after = next_worker(company)
    ((_, taken),) = [each for each in lease(after.platform.dispatcher, "second") if each[1].kind == "job"]
    handle(dispatcher, tenant, row)
    assert (versions(company)[old], taken.fence) == (versions(company)[old], row.fence + 1)
    assert company.read(lambda uow: uow.outbox(row.outbox_id)) == taken


def test_job_ends_where_its_person_may_no_longer_do_it(company: Company) -> None:
    old = version_of(company, "D11")
    put_in_force(company, {INVOICE: RENAMED})
    job_id = ask_for_migration(company, old)
    body = company.record("person", OPERATOR) | {"roles": ["ap-clerk"]}
    assert company.person("importer").put("person", OPERATOR, body).status_code == 200
    company.work()
    row: Any = company.read(lambda uow: uow.outbox(job_id))
    assert (row.status, Job.read(row).done) == ("done", 0)
    assert (Job.read(row).refused or {})["code"] == "AUTH-DUTY-01"


def test_what_cannot_be_planned_is_no_job(company: Company) -> None:
    answer = company.person(OPERATOR).client.post(
        "/v1/processes/invoice/migration", json={"from": "0" * 64, "reason": WHY}, headers=LATER
    )
    assert answer.status_code == 404
    assert company.person(OPERATOR).get("/jobs")["jobs"] == []


def test_jobs_are_seen_by_whose_duty_they_are(company: Company) -> None:
    put_in_force(company, {INVOICE: RENAMED})
    job_id = ask_for_migration(company, version_of(company, "D11"))
    assert company.person(CLERK).get("/jobs")["jobs"] == []
    assert company.person(CLERK).client.get(f"/v1/jobs/{job_id}").status_code == 404


def test_what_a_job_found_is_told_by_the_query_of_its_kind_alone(company: Company) -> None:
    author = company.person(AUTHOR).client
    span = {"from": "2026-03-01", "to": "2026-03-02"}
    job_id = author.post("/v1/figures/measurements", json=span).json()["job_id"]
    assert author.get(f"/v1/figures/measurements/{job_id}").status_code == 200
    others = ("policy/backtests", "policy/corrections", "policy/shadows", "figures/replays")
    assert [author.get(f"/v1/{other}/{job_id}").json()["code"] for other in others] == [
        "BACKTEST-UNKNOWN-01",
        "CORRECTION-UNKNOWN-01",
        "SHADOW-UNKNOWN-01",
        "REPLAY-UNKNOWN-01",
    ]


def test_page_tells_how_far_a_job_has_come(company: Company) -> None:
    put_in_force(company, {INVOICE: RENAMED})
    ask_for_migration(company, version_of(company, "D11"))
    dies_after(company, 1)
    page = signed_in(company, OPERATOR).get("/jobs").text
    assert "Moving cases to another version" in page
    assert "Running: 1 of " in page


def stop(company: Company, job_id: str, by: str) -> Any:
    return post(company.person(by), f"/jobs/{job_id}/stop", reason="enough")


def test_stopped_job_leaves_what_is_done_and_begins_nothing_more(company: Company) -> None:
    old = version_of(company, "D11")
    count = versions(company)[old]
    put_in_force(company, {INVOICE: RENAMED})
    job_id = ask_for_migration(company, old)
    dies_after(company, 2)
    moved = job(company, job_id, OPERATOR)["told"]["migrated"]
    assert stop(company, job_id, OPERATOR).json()["status"] == "stopping"
    assert job(company, job_id, OPERATOR)["status"] == "stopping"
    after = next_worker(company)
    after.work()
    told = job(after, job_id, OPERATOR)
    assert (told["status"], told["done"], told["total"], told["stopped_by"]) == ("stopped", 2, count, OPERATOR)
    assert told["told"]["migrated"] == moved
    assert versions(after)[old] == count - moved
    assert stop(after, job_id, OPERATOR).json()["code"] == "JOB-STOP-02"


def test_job_that_nobody_has_begun_is_stopped_before_its_first_step(company: Company) -> None:
    old = version_of(company, "D11")
    count = versions(company)[old]
    put_in_force(company, {INVOICE: RENAMED})
    job_id = ask_for_migration(company, old)
    stop(company, job_id, OPERATOR)
    company.work()
    assert (job(company, job_id, OPERATOR)["status"], versions(company)[old]) == ("stopped", count)


def test_file_whose_job_was_stopped_goes_on_behind_it_when_it_is_handed_in_again(new_company: Company) -> None:
    job_id = ask_for_intake(new_company, table())["job_id"]
    dies_after(new_company, 4)
    assert stop(new_company, job_id, CLERK).status_code == 200
    after = next_worker(new_company)
    after.work()
    assert (job(after, job_id, CLERK)["status"], job(after, job_id, CLERK)["done"]) == ("stopped", 4)
    assert ask_for_intake(after, table())["job_id"] == job_id
    after.work()
    told = job(after, job_id, CLERK)
    assert (told["status"], told["done"], told["told"]["failed"]) == ("done", ROWS, 1)
    cases = after.person("samuel.grant").get("/cases", limit=200)["cases"]
    numbers = Counter(case["number"] for case in cases if case["kind"] == "invoice")
    assert (len(numbers), set(numbers.values())) == (ROWS - 1, {1})


def test_who_only_watches_deliveries_stops_no_job(new_company: Company) -> None:
    job_id = ask_for_intake(new_company, table(2))["job_id"]
    assert stop(new_company, job_id, OPERATOR).json()["code"] == "JOB-STOP-01"
    assert stop(new_company, job_id, CLERK).status_code == 200
    page = signed_in(new_company, CLERK).get("/jobs").text
    assert "Stopping" in page
