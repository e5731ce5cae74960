"""A change that does not do what was forecast: the way back is proposed once, by the platform, and signed by people."""

from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Company, Databases, Snapshot
from tests.acceptance.notified import notified
from tests.acceptance.test_jobs import dies_after, next_worker, stop
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_policy_overrides import FRENCH
from tests.acceptance.test_policy_release import (
    AUTHOR,
    RATE,
    RATE_SHOWN,
    RELEASER,
    SECOND,
    WORDS,
    in_force,
    opened,
    pack,
    request,
    sign,
    told,
    version_of,
)
from tests.acceptance.test_shadows import RENT, SETTLED, followed, hand_in, rent_to_approve
from tests.acceptance.versions import release

from comptroller.application.caller import SYSTEM
from comptroller.application.dispatcher import Request
from comptroller.application.jobs.watch import ProposeRollback
from comptroller.application.releasing.watching import watch_id

TABLE: Final = "decisions/policy-release.dmn"
SHOWN: Final = "examples/release-forecast.yaml"
SOON: Final = (
    (TABLE, "<text>50</text>", "<text>3</text>"),
    (SHOWN, "cases: 50", "cases: 3"),
    (TABLE, "<text>99</text>", "<text>90</text>"),
    (SHOWN, "confidence: 99", "confidence: 90"),
)
"""Three cases say something, at 90 %: three of three let expect 52.6 % at least, none of three leaves 47.4 % open."""

POSTED: Final = ("D01", "D02", "D05")
HELD: Final = ("D09", "D28", "D32")


def policed(company: Company) -> Company:
    """The company under a version that soon speaks, and with cases on record that were all posted."""
    release(company.platform, {path: text.encode() for path, text in pack(*SOON).items()})
    for document in POSTED:
        assert hand_in(company, document)["status"] == "posted"
    return company


def forecast(company: Company, case_id: str) -> dict[str, Any]:
    (kept,) = told(company, case_id, "policy.forecast")
    client = company.person("samuel.grant").client
    content: dict[str, Any] = client.get(f"/v1/cases/{case_id}/attachments/{kept['digest']}").json()["forecast"]
    return content


def judged_twice(company: Company) -> None:
    """A rent that was to be approved at first, and is posted by the schedule that was mended then."""
    schedule = rent_to_approve(company)
    assert company.person("importer").put("schedule", RENT, schedule).status_code == 200
    company.work()


def rollbacks(company: Company) -> list[dict[str, Any]]:
    requests = company.person("samuel.grant").get("/policy/requests")["requests"]
    return [each for each in requests if each["rollback"]]


def test_live_figures_that_leave_the_forecast_have_the_way_back_proposed_once(new_company: Company) -> None:
    company = policed(new_company)
    before = in_force(company)
    case_id = opened(company, *SOON, WORDS)
    company.work()
    expected = forecast(company, case_id)
    figures = {each["rule"]["figure"]: (each["hits"], each["cases"]) for each in expected["figures"]}
    assert (expected["cases"], expected["left_out"]) == (3, 0)
    assert (figures["posted"], figures["held as an exception"]) == ((3, 3), (0, 3))
    assert sign(company, case_id, RELEASER).status_code == 200
    after = in_force(company)
    for document in HELD:
        assert hand_in(company, document)["outcome"] == "exception"
    assert stop(company, watch_id(case_id), AUTHOR).json()["code"] == "JOB-STOP-01"  # it is a control

    then = company.later(SETTLED)
    dies_after(then, 1)  # behind the proposal, before the job could be ended
    then = followed(next_worker(then), SETTLED * 2)
    (back,) = rollbacks(then)
    assert (back["status"], back["base"], back["version"]) == ("waiting", after, before)
    assert back["authors"] == [SYSTEM]
    assert "posted: forecast 52.6 to 100.0 % of the cases, seen 0.0 % of 3" in back["title"]
    page = signed_in(then, RELEASER).get(f"/cases/{case_id}").text
    assert f'<a href="/cases/{back["case_id"]}">The way back was proposed</a>' in page
    assert page.count("outside the forecast") == 2
    (left,) = told(then, case_id, "policy.forecast.left")
    assert left["rollback"] == back["case_id"]
    again = then.platform.dispatcher.execute(TENANT, Request(SYSTEM, ProposeRollback(case_id, after, "", "again")))
    assert (again, len(rollbacks(then))) == ({"case_id": back["case_id"]}, 1)

    assert in_force(then) == after  # nobody has signed
    assert sign(then, back["case_id"], AUTHOR).status_code == 403
    assert sign(then, back["case_id"], SECOND).status_code == 200
    assert in_force(then) == before
    overtaken = then.platform.dispatcher.execute(TENANT, Request(SYSTEM, ProposeRollback(case_id, after, "", "late")))
    assert (overtaken, len(rollbacks(then))) == ({"case_id": ""}, 1)
    shown = request(then, case_id)
    assert (shown["forecast"], shown["live"]["ways"]) == (expected, {"hold": 3})
    assert shown["live"]["rollback"] == back["case_id"]
    assert then.person("samuel.grant").get("/audit/verification")["ok"]


def test_who_writes_policy_and_who_signs_it_are_told(databases: Databases, founded: Snapshot) -> None:
    with notified(databases, founded) as told_of:
        company, reason = told_of.company, "posted: forecast 52.6 to 100.0 % of the cases, seen 0.0 % of 3"
        case_id = opened(company, WORDS)
        assert sign(company, case_id, RELEASER).status_code == 200
        told_of.company.work()
        told_of.post.tried.clear()
        command = ProposeRollback(case_id, in_force(company), "", reason)
        back = company.platform.dispatcher.execute(TENANT, Request(SYSTEM, command))["case_id"]
        company.work()
        sent = {mail.to_name: mail for mail in told_of.post.tried}
        assert set(sent) == {"Ivo Marek", "Clara Weiss", "Nadia Okafor"}
        assert reason in sent["Ivo Marek"].text
        assert f"/cases/{back}" in sent["Ivo Marek"].text
        assert sent["Ivo Marek"].subject.startswith("The way back from a change of policy was proposed")
        (left,) = told(company, case_id, "policy.forecast.left")
        assert left["told"] == [AUTHOR]


@pytest.mark.embedded
def test_live_figures_as_forecast_leave_the_version_where_it_is(new_company: Company) -> None:
    company = policed(new_company)
    case_id = opened(company, *SOON, RATE, RATE_SHOWN)
    assert sign(company, case_id, RELEASER).status_code == 200  # it is forecast nevertheless, of what was before
    for document in ("D10", "D43", "D44"):
        assert hand_in(company, document)["status"] == "posted"
    judged_twice(company)
    then = followed(company)
    assert forecast(then, case_id)["cases"] == len(POSTED)
    page = signed_in(then, RELEASER).get(f"/cases/{case_id}").text
    assert "Held against 4 that began since." in page  # each counts once
    assert page.count("as forecast") == 4  # every figure
    assert rollbacks(then) == []
    assert in_force(then) == version_of(*SOON, RATE, RATE_SHOWN)


def test_change_is_watched_by_what_the_version_before_it_says(new_company: Company) -> None:
    silent = ((TABLE, "<text>3</text>", "<text>3000</text>"), (SHOWN, "cases: 3", "cases: 3000"))
    company = policed(new_company)
    case_id = opened(company, *SOON, *silent)
    assert len(request(company, case_id)["tasks"]) == 2  # who takes the watch away needs two
    company.work()
    assert {int(each["rule"]["cases"]) for each in forecast(company, case_id)["figures"]} == {3}


def test_case_is_forecast_as_it_was_judged_first(new_company: Company) -> None:
    judged_twice(new_company)
    case_id = opened(new_company, WORDS)
    new_company.work()
    assert forecast(new_company, case_id)["ways"] == {"approve": 1}


@pytest.mark.embedded
def test_version_that_watches_nothing_says_so(new_company: Company) -> None:
    unreadable = (TABLE, "<text>99</text>", "<text>98</text>")
    company = new_company
    release(company.platform, {path: text.encode() for path, text in pack(unreadable).items()})
    case_id = opened(company, unreadable, WORDS)
    (told_why,) = told(company, case_id, "policy.not.forecast")
    assert told_why["why"] == "`release forecast` cannot be gone by"
    assert sign(company, case_id, RELEASER).status_code == 200
    followed(company)
    assert told(company, case_id, "policy.forecast") == []


def test_change_of_an_entity_is_forecast_and_watched_by_its_cases(new_company: Company) -> None:
    company = new_company
    for document in ("D06", "D01"):  # France's, Germany's
        hand_in(company, document)
    case_id = opened(company, FRENCH, entity="FR")
    company.work()
    assert forecast(company, case_id)["ways"] == {"post": 1}
    assert sign(company, case_id, RELEASER).status_code == 200
    for document in ("D34", "D02"):
        hand_in(company, document)
    page = signed_in(followed(company), RELEASER).get(f"/cases/{case_id}").text
    assert "Held against 1 that began since." in page
