"""A candidate decides beside the version in force: every case that is judged meanwhile, and no effect on any."""

from datetime import timedelta
from typing import Any, Final

from tests.acceptance.company import Answer, Company, at_the_door
from tests.acceptance.test_acts import post
from tests.acceptance.test_backtests import LOWER, ROUTING
from tests.acceptance.test_drafts import begun
from tests.acceptance.test_jobs import dies_after, next_worker, stop
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_policy_release import AUTHOR, RELEASER, WORDS, in_force, opened, pack, sign, version_of
from tests.acceptance.test_saved_searches import token
from tests.database_content import changed, content

from comptroller.domain.kernel import limits

SETTLED: Final = timedelta(seconds=limits.FOLLOWING_BEHIND_S + limits.FOLLOWING_REST_S)
"""When all that was judged is behind whoever follows, and nobody rests any more."""

BROKEN: Final = (
    ROUTING,
    'id="table-routing-verdict" hitPolicy="FIRST"',
    'id="table-routing-verdict" hitPolicy="UNIQUE"',
)
"""Several rules hit where one may: whom to ask is not decided."""


def begin(company: Company, *changes: tuple[str, str, str], by: str = AUTHOR) -> str:
    answer = company.person(by).client.post("/v1/policy/shadows", json={"files": pack(*changes)})
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["job_id"]
    assert answer.headers["Location"] == f"/v1/policy/shadows/{job_id}"
    return job_id


RENT: Final = "AG-2014-0007"


def rent_to_approve(company: Company) -> dict[str, Any]:
    """A rent comes in that is lower than agreed, and is to be approved; the schedule by which it would be posted."""
    schedule = company.record("schedule", RENT)
    raised = [each | {"amount": "17999.00"} for each in schedule["instalments"]]
    assert company.person("importer").put("schedule", RENT, schedule | {"instalments": raised}).status_code == 200
    assert hand_in(company, "D12")["outcome"] == "approval"
    return schedule


def seen(company: Company, job_id: str) -> Answer:
    return company.person(AUTHOR).get(f"/policy/shadows/{job_id}")


def hand_in(company: Company, document: str) -> Answer:
    answer = company.person("importer").submit(*at_the_door(document))
    assert answer.status_code == 201, answer.text
    return answer.json()


def followed(company: Company, span: timedelta = SETTLED) -> Company:
    """The company once its worker has done all that is due by then."""
    then = company.later(span)
    then.work()
    return then


def counts(told: dict[str, Any]) -> tuple[int, int]:
    return told["figures"]["cases"], told["figures"]["changed"]


def test_differences_are_counted_and_nothing_of_a_case_is_touched(new_company: Company) -> None:
    founded, job_id = in_force(new_company), begin(new_company, LOWER)
    reached, other = hand_in(new_company, "D13"), hand_in(new_company, "D01")
    new_company.work()
    assert counts(seen(new_company, job_id)) == (0, 0)  # it stays behind: what is judged now is still to come
    database = new_company.platform.settings.database_url
    before = content(database)
    then = followed(new_company)
    assert set(changed(before, content(database))) == {"outbox"}
    told = seen(then, job_id)
    assert (told["status"], told["ends"], counts(told)) == ("waiting", "", (2, 1))
    assert told["figures"]["changed_amount"] == 2_400_000
    assert {unit: of["changed"] for unit, of in told["by_unit"].items()} == {"DE": 1}
    (case,) = told["changed"]
    assert (case["case_id"], case["after"]["steps"]) == (
        reached["case_id"],
        [*case["before"]["steps"], "managing-director"],
    )
    (parted,) = case["decisions"]
    assert parted["decision"] == "approval routing"
    assert parted["rules_before"] != parted["rules_after"]
    assert in_force(then) == founded
    page = signed_in(then, AUTHOR).get(f"/shadows/{job_id}").text
    assert f"/cases/{reached['case_id']}" in page
    assert f"/cases/{other['case_id']}" not in page


def test_case_that_is_judged_again_counts_once_as_it_was_judged_last(new_company: Company) -> None:
    company, job_id = new_company, begin(new_company, LOWER)
    schedule = rent_to_approve(company)
    first = followed(company)
    assert counts(seen(first, job_id)) == (1, 1)
    assert first.person("importer").put("schedule", RENT, schedule).status_code == 200
    first.work()  # it is posted now, under both
    told = seen(followed(company, SETTLED * 3), job_id)
    assert (counts(told), told["changed"], told["done"]) == ((1, 0), [], 2)
    assert {unit: of["cases"] for unit, of in told["by_unit"].items()} == {"DE": 1}


def test_it_ends_with_the_version_that_it_is_held_against(new_company: Company) -> None:
    job_id = begin(new_company, LOWER)
    hand_in(new_company, "D13")
    assert sign(new_company, opened(new_company, WORDS), RELEASER).status_code == 200
    hand_in(new_company, "D01")
    told = seen(followed(new_company), job_id)
    assert (told["status"], told["ends"], counts(told)) == ("done", "overtaken", (1, 1))


def test_it_ends_by_itself_after_a_month(new_company: Company) -> None:
    job_id = begin(new_company, LOWER)
    then = followed(new_company, timedelta(days=limits.POLICY_SHADOW_DAYS_MAX) + SETTLED)
    told = seen(then, job_id)
    assert (told["status"], told["ends"], told["seen_until"]) == ("done", "time", told["until"])


def test_candidate_that_cannot_decide_is_a_difference_and_stops_no_case(new_company: Company) -> None:
    job_id = begin(new_company, BROKEN)
    assert hand_in(new_company, "D13")["outcome"] == "approval"
    told = seen(followed(new_company), job_id)
    assert (told["status"], counts(told)) == ("waiting", (1, 1))
    assert (told["figures"]["before"]["undecided"], told["figures"]["after"]["undecided"]) == (0, 1)
    (case,) = told["changed"]
    assert case["after"]["undecided"] == "approval routing"
    assert case["decisions"][0]["after"]["reason"] == "POLICY-ERROR-01"


def test_what_a_worker_that_died_had_counted_is_counted_once(new_company: Company) -> None:
    job_id = begin(new_company, LOWER)
    for document in ("D13", "D01"):
        hand_in(new_company, document)
    then = new_company.later(SETTLED)
    dies_after(then, 1)
    told = seen(followed(next_worker(then), SETTLED * 2), job_id)
    assert (counts(told), told["done"]) == ((2, 1), 2)


def test_it_is_asked_for_once_and_stopped_with_a_reason(new_company: Company) -> None:
    company, (job_id, again) = new_company, (begin(new_company, LOWER) for _ in range(2))
    assert again == job_id
    others = [begin(company, (WORDS[0], WORDS[1], f"# {number}")) for number in range(limits.POLICY_SHADOWS_MAX - 1)]
    assert len({job_id, *others}) == limits.POLICY_SHADOWS_MAX
    refused = post(company.person(RELEASER), "/policy/shadows", version=version_of(LOWER))
    assert (refused.status_code, refused.json()["code"]) == (409, "SHADOW-LIMIT-01")
    assert stop(company, job_id, AUTHOR).json()["status"] == "stopping"
    told = seen(followed(company), job_id)
    assert (told["status"], told["stopped_by"]) == ("stopped", AUTHOR)
    assert begin(company, LOWER) != job_id


def test_it_is_begun_from_the_page_of_a_draft_or_a_request(new_company: Company) -> None:
    case_id, client = opened(new_company, WORDS), signed_in(new_company, RELEASER)
    assert 'action="/shadows"' in client.get(f"/cases/{case_id}").text
    page = client.post("/shadows", data={"form_token": token(client), "version": version_of(WORDS)})
    assert page.status_code == 303, page.text
    assert "No case was judged yet" in client.get(page.headers["location"]).text
    assert page.headers["location"] in client.get(f"/cases/{case_id}").text
    assert page.headers["location"] in client.get("/jobs").text
    assert client.get("/shadows/none").status_code == 404
    author = signed_in(new_company, AUTHOR)
    draft = begun(author)
    assert 'action="/shadows"' not in author.get(f"/drafts/{draft}").text, "it changes nothing yet"
    unchanged = author.post("/shadows", data={"form_token": token(author), "draft": draft})
    assert (unchanged.status_code, "POLICY-SAME-01" in unchanged.text) == (422, True)
