"""A candidate over the company's own cases: figures as every case by itself makes them, and a job that goes on."""

from decimal import Decimal
from json import dumps
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company
from tests.acceptance.test_acts import post
from tests.acceptance.test_drafts import begun
from tests.acceptance.test_jobs import dies_after, next_worker, stop
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_policy_release import (
    AUTHOR,
    LEGAL_ADVICE,
    RELEASER,
    SECOND,
    in_force,
    opened,
    pack,
    request,
    sign,
    version_of,
)
from tests.acceptance.test_saved_searches import token
from tests.acceptance.versions import release

from comptroller.adapters.dmn_xml import read
from comptroller.application.caller import SYSTEM
from comptroller.application.dispatcher import Request
from comptroller.application.jobs.job import Job, KeepJob
from comptroller.application.jobs.stepping import CASES_PAGE, Step
from comptroller.application.jobs.working import KINDS
from comptroller.application.presenting.policies.elements import table_of
from comptroller.application.releasing.drafts import ChangeDraft
from comptroller.application.studio.editing import rows_of
from comptroller.application.work import lease
from comptroller.domain.kernel.canonical_json import decode

pytestmark = pytest.mark.embedded

ROUTING: Final = "decisions/approval-routing.dmn"
LOWER: Final = (ROUTING, "&gt; 25000.00", "&gt; 5000.00")
"""The managing director signs from 5,000 on, where it was from 25,000 on."""

STRICTER: Final = (
    ("decisions/risk.dmn", "<text>&lt; 30</text>", "<text>&lt; 5</text>"),
    ("decisions/risk.dmn", "<text>[30..60)</text>", "<text>[5..60)</text>"),
)
"""What was of low risk is of medium risk, and goes its way."""

CHANGED: Final = {"TP-2026-14": 600_000, "LC-90077": 2_400_000}
"""The cases that the lower threshold reaches, with their amounts in cents."""

SINCE: Final = "2026-03-01"

POLICY: Final = "decisions/policy-release.dmn"
EVIDENCE: Final = """<inputData id="input-backtested-cases" name="backtested cases">
    <variable id="variable-backtested-cases" name="backtested cases" typeRef="number"/>
  </inputData>
  <decision id="decision-release-evidence" name="release evidence">
    <variable id="variable-release-evidence" name="release evidence" typeRef="Any"/>
    <informationRequirement id="evidence-needs"><requiredInput href="#input-backtested-cases"/></informationRequirement>
    <literalExpression id="expression-release-evidence"><text>if backtested cases &gt;= 5 then {outcome: "enough"}
      else {outcome: "lacking", text: "take it through five cases first"}</text></literalExpression>
  </decision>
  """
"""A decision that asks for a backtest; docs/policy-release.md."""


def asked(company: Company, by: str = AUTHOR, **candidate: object) -> Answer:
    answer = company.person(by).client.post("/v1/policy/backtests", json={"since": SINCE, **candidate})
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/v1/policy/backtests/{answer.json()['job_id']}"
    return answer.json()


def told(company: Company, job_id: str, **query: object) -> Answer:
    return company.person(AUTHOR).get(f"/policy/backtests/{job_id}", **query)


def all_changed(company: Company, job_id: str) -> list[dict[str, Any]]:
    """Every case of a backtest that comes out otherwise, page after page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while after != "":
        page = told(company, f"{job_id}/changes", after=after or "")
        found, after = [*found, *page["cases"]], page["next"]
    return found


def recorded(company: Company) -> dict[str, dict[str, Any]]:
    """The outcomes of each case that was disposed of, as they were recorded: nobody has signed any of them yet."""
    rows = company.read(lambda uow: [(row, uow.decisions(row.case_id)) for row in uow.cases(limit=200)])
    found = {row.case_id: {each.decision: decode(each.outcome) for each in decisions} for row, decisions in rows}
    return {case_id: outcomes for case_id, outcomes in found.items() if "disposition" in outcomes}


def signatures(outcomes: dict[str, Any]) -> int:
    """How many a case asks for, counted by hand."""
    if outcomes["disposition"]["outcome"] not in {"approve", "hold"}:
        return 0
    return sum(int(Decimal(step["signatures"])) for step in outcomes["approval routing"]["steps"])


def test_figures_are_those_of_every_case_by_itself(company: Company) -> None:
    job_id = asked(company, files=pack(LOWER))["job_id"]
    company.work()
    answer, cases = told(company, job_id), recorded(company)
    figures, before, after = (answer["figures"], *(answer["figures"][side] for side in ("before", "after")))
    assert (answer["status"], figures["cases"]) == ("done", len(cases))
    assert before["signatures"] == sum(map(signatures, cases.values()))
    assert before["without_a_person"] == sum(each["disposition"]["outcome"] == "post" for each in cases.values())
    body = {"files": pack(LOWER), "since": SINCE}
    correction = company.person(AUTHOR).client.post("/v1/policy/correction", json=body).json()
    assert {each["case_id"] for each in answer["changed"]} == {each["case_id"] for each in correction["decisions"]}
    assert {each["number"]: each["amount"] for each in answer["changed"]} == CHANGED
    assert (figures["changed"], figures["changed_amount"]) == (len(CHANGED), sum(CHANGED.values()))
    for each in answer["changed"]:
        assert each["before"]["signatures"] == signatures(cases[each["case_id"]])
        assert each["after"]["steps"] == [*each["before"]["steps"], "managing-director"]
    assert after["signatures"] == before["signatures"] + len(CHANGED)
    assert Decimal(after["waiting_hours"]) == Decimal(before["waiting_hours"]) + 16 * len(CHANGED)
    assert all_changed(company, job_id) == answer["changed"]
    author = signed_in(company, AUTHOR)
    assert "approve by Cost-centre owner, Managing director" in author.get(f"/backtests/{job_id}").text
    lines = author.get(f"/backtests/{job_id}.csv").text.splitlines()
    assert len(lines) == 1 + len(CHANGED)
    assert all(any(f",{number}," in line for line in lines) for number in CHANGED)
    assert any(",EUR,6000.00," in line for line in lines)
    for group in ("by_unit", "by_supplier", "by_period"):
        parts = answer[group].values()
        assert sum(part["cases"] for part in parts) == len(cases)
        assert sum(part["changed_amount"] for part in parts) == sum(CHANGED.values())
    assert told(company, job_id, minutes=30)["figures"]["before"]["approver_minutes"] == 30 * before["signatures"]


def test_what_is_only_told_otherwise_goes_no_other_way_and_is_told_last(company: Company) -> None:
    alone, beside = (asked(company, files=pack(*changes))["job_id"] for changes in (STRICTER, (*STRICTER, LOWER)))
    company.work()
    figures = told(company, alone)["figures"]
    assert figures["changed"] > figures["diverted"] == figures["diverted_amount"] == 0
    assert figures["before"] == figures["after"]
    author = signed_in(company, AUTHOR)
    assert "cases come out otherwise (none goes another way)" in author.get(f"/backtests/{alone}").text
    lines = author.get(f"/backtests/{beside}.csv").text.splitlines()
    assert sum(line.endswith(",yes") for line in lines) == len(CHANGED)
    answer = told(company, beside)
    assert {each["number"] for each in answer["changed"][: len(CHANGED)]} == CHANGED.keys()
    assert (answer["figures"]["diverted"], answer["figures"]["diverted_amount"]) == (
        len(CHANGED),
        sum(CHANGED.values()),
    )
    assert answer["figures"]["changed"] == len(answer["changed"])


def test_correction_tells_what_differs_where_an_outcome_says_the_same(company: Company) -> None:
    body = {"files": pack(*STRICTER), "since": SINCE}
    decisions = company.person(AUTHOR).client.post("/v1/policy/correction", json=body).json()["decisions"]
    assert {each["decision"] for each in decisions} == {"risk", "disposition"}
    for each in decisions:
        rests = '`ways`: `risk` `outcome`: "low" becomes "medium"' if each["decision"] == "disposition" else ""
        assert each["difference"] == rests


def test_stopped_backtest_goes_on_behind_the_last_case_and_counts_none_twice(company: Company) -> None:
    job_id = asked(company, files=pack(LOWER))["job_id"]
    dispatcher = company.platform.dispatcher
    ((tenant, row),) = [each for each in lease(dispatcher, "first") if each[1].kind == "job"]
    first, is_over = next(KINDS["backtest"](Step(dispatcher, tenant, row, Job.read(row))))
    dispatcher.execute(tenant, Request(SYSTEM, KeepJob(row, first, is_over), lease=row))
    assert told(company, job_id)["done"] == CASES_PAGE
    assert stop(company, job_id, AUTHOR).json()["status"] == "stopping"
    company.work()
    stopped = told(company, job_id)
    assert (stopped["status"], stopped["done"], stopped["stopped_by"]) == ("stopped", CASES_PAGE, AUTHOR)
    assert 0 < stopped["figures"]["cases"] <= CASES_PAGE
    assert all_changed(company, job_id) == stopped["changed"], "none behind the last case that was counted"
    assert asked(company, version=version_of(LOWER))["job_id"] == job_id
    company.work()
    done = told(company, job_id)
    assert (done["status"], done["done"]) == ("done", done["total"])
    assert done["figures"]["cases"] == len(recorded(company))
    assert {each["number"] for each in done["changed"]} == set(CHANGED)
    assert asked(company, version=version_of(LOWER))["job_id"] != job_id, "cases may have been added: it begins anew"
    assert company.person("samuel.grant").get("/audit/verification")["ok"] is True


def test_what_a_worker_that_died_had_counted_is_counted_once(company: Company) -> None:
    job_id = asked(company, files=pack(LOWER))["job_id"]
    dies_after(company, 2)
    after = next_worker(company)
    after.work()
    assert told(after, job_id)["figures"]["cases"] == len(recorded(company))


def test_draft_is_taken_as_it_stands(company: Company) -> None:
    client, before = signed_in(company, AUTHOR), in_force(company)
    draft = begun(client)
    change = ChangeDraft(draft, 1, {ROUTING: pack(LOWER)[ROUTING]})
    assert isinstance(company.platform.dispatcher.execute(TENANT, Request(AUTHOR, change)), dict)
    assert 'action="/backtests"' in client.get(f"/drafts/{draft}").text
    page = client.post("/backtests", data={"form_token": token(client), "draft": draft, "since": SINCE})
    assert page.status_code == 303, page.text
    assert "Waiting: 0 of " in client.get(page.headers["location"]).text
    company.work()
    shown = client.get(page.headers["location"]).text
    for number in CHANGED:
        assert number in shown
    assert page.headers["location"] in client.get("/jobs").text
    assert in_force(company) == before


def test_who_releases_takes_a_request_through_the_cases(company: Company) -> None:
    case_id, version = opened(company, LOWER), version_of(LOWER)
    assert f'name="version" value="{version}"' in signed_in(company, RELEASER).get(f"/cases/{case_id}").text
    assert asked(company, RELEASER, version=version)["status"] == "waiting"


SOONER: Final = (
    (ROUTING, LEGAL_ADVICE, LEGAL_ADVICE.replace("25000", "20000")),
    ("examples/approval-routing.yaml", "    misses: [step-finance-legal]", "    hits: [step-finance-legal]"),
)
"""The managing director signs legal advice from 20,000 on, which no case of the demo is."""


def ended(company: Company, by: str) -> Answer:
    """A backtest of that, run to its end."""
    job_id = asked(company, by, version=version_of(*SOONER))["job_id"]
    company.work()
    return company.person(by).get(f"/policy/backtests/{job_id}")


def test_a_backtest_is_signed_with_the_request_unless_somebody_has_signed_before(company: Company) -> None:
    case_id = opened(company, *SOONER)
    none = request(company, case_id)
    assert (none["backtests"], "backtests" in none["evidence"]) == ([], False)
    page = signed_in(company, RELEASER).get(f"/cases/{case_id}").text
    assert "none was run before the check" in page
    job = ended(company, RELEASER)
    assert f'"/backtests/{job["job_id"]}"' in signed_in(company, RELEASER).get(f"/cases/{case_id}").text
    seen = sign(company, case_id, RELEASER)
    assert (seen.status_code, seen.json()["code"]) == (409, "SIGN-RECHECK-01"), (
        "it was shown without what the backtest found"
    )
    shown = request(company, case_id)
    (found,) = shown["backtests"]
    assert shown["content_hash"] != none["content_hash"]
    assert (found["job"], found["result"], found["by"]) == (job["job_id"], job["result"], RELEASER)
    assert (found["since"], found["cases"], found["changed"]) == (SINCE, len(recorded(company)), 0)
    assert found["amount"] == job["figures"]["amount"] > 0
    page = signed_in(company, RELEASER).get(f"/cases/{case_id}").text
    assert f"0 of {found['cases']} cases since 1 Mar 2026 come out otherwise: EUR 0.00 of" in page
    assert sign(company, case_id, RELEASER).status_code == 200
    ended(company, RELEASER)
    assert len(request(company, case_id)["backtests"]) == 1
    assert sign(company, case_id, SECOND).json().get("applied", True), (
        "what somebody has signed is not changed by a backtest"
    )
    assert in_force(company) == version_of(*SOONER)


BACKTESTED: Final = (POLICY, '<decision id="decision-sens', EVIDENCE + '<decision id="decision-sens')


def test_policy_may_ask_for_a_backtest_before_anybody_signs(company: Company) -> None:
    release(company.platform, {path: text.encode() for path, text in pack(BACKTESTED).items()})
    changed = (BACKTESTED, *SOONER)
    refused = request(company, opened(company, *changed))
    assert (refused["status"], refused["tasks"]) == ("returned", [])
    assert [each["text"] for each in refused["reasons"]] == ["take it through five cases first"]
    asked(company, version=version_of(*changed))
    company.work()
    again = request(company, opened(company, *changed))
    assert (again["outcome"], len(again["tasks"]), len(again["backtests"])) == ("release", 2, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"since": "soon", "version": "0"}, "POLICY-DAY-02"),
        ({"since": "2999-01-01", "version": "0"}, "POLICY-DAY-02"),
        ({"since": SINCE, "version": "0"}, "POLICY-VERSION-01"),
        ({"since": SINCE, "draft": "none"}, "POLICY-DRAFT-02"),
        ({"since": SINCE, "files": {"pack.toml": "["}}, "POLICY-FAULT-01"),
        ({"since": SINCE}, "POLICY-FILE-01"),
        ({"since": SINCE, "files": pack()}, "POLICY-SAME-01"),
    ],
    ids=["no day", "a day to come", "no version", "no draft", "no pack", "nothing", "what is in force"],
)
def test_what_cannot_be_tried_is_no_job(shared_company: Company, body: dict[str, Any], code: str) -> None:
    answer = post(shared_company.person(AUTHOR), "/policy/backtests", **body)
    assert answer.json()["code"] == code, answer.text
    assert shared_company.person(AUTHOR).get("/jobs")["jobs"] == []


def test_signed_case_counts_as_before_anybody_signed(company: Company) -> None:
    asked(company, files=pack(LOWER))
    (waiting,) = company.person(AUTHOR).get("/jobs")["jobs"]
    company.work()
    before = told(company, waiting["job_id"])
    (case_id,) = [each["case_id"] for each in before["changed"] if each["number"] == "LC-90077"]
    tasks = company.person("samuel.grant").get(f"/cases/{case_id}")["tasks"]
    (task,) = [each for each in tasks if each["status"] == "open"]
    signed = company.person("ruth.sommer").act(task, "approve")
    assert (signed.status_code, signed.json()["status"]) == (200, "posted"), signed.text
    again = asked(company, version=version_of(LOWER))["job_id"]
    company.work()
    after = told(company, again)
    assert (after["figures"], after["changed"]) == (before["figures"], before["changed"])


STEPS: Final = "steps of the route"


def test_a_limit_tells_at_each_place_what_a_backtest_tells_there(company: Company) -> None:
    """The page is given values with what becomes of them on either side of the limit, and counts by itself."""
    client = signed_in(company, AUTHOR)
    draft = begun(client, "steps-of-the-route")
    definitions, _ = read(pack()[ROUTING].encode())
    assert definitions is not None
    table = next(table_of(each) for each in definitions.elements if each.name == STEPS)
    assert table is not None
    rows = [{"id": key, "before": key, "cells": list(cells)} for key, cells in rows_of(table).items()]
    form = {"form_token": token(client), "rows": dumps(rows), "row": "1", "column": "1"}
    answer = client.post(f"/drafts/{draft}/policies/steps-of-the-route/limit", data=form)
    assert answer.status_code == 200, answer.text
    limit = answer.json()
    assert (limit["value"], limit["cells"], limit["same"], limit["several"]) == ("25000.00", [[1, 2, 10]], 2, 0)

    def changed(at: Decimal) -> tuple[int, int]:
        cases = amount = 0
        for value, _, below, on, above, count, money in limit["points"]:
            v = Decimal(value) if value else at
            if (below if v < at else on if v == at else above) >= 0:
                cases, amount = cases + count, amount + money
        return cases, amount

    assert changed(Decimal(25000)) == (0, 0), "it is where it was"
    assert changed(Decimal(5000)) == (len(CHANGED), sum(CHANGED.values()))
    assert any("to Cost-centre owner and Managing director" in told for told in limit["words"])
    nothing = client.post(f"/drafts/{draft}/policies/steps-of-the-route/limit", data={**form, "column": "0"})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "POLICY-LIMIT-01")
