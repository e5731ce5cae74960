"""A version counts for some cases first: entity by entity, or a share of those that begin; then for all or for none."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_own_page import token
from tests.acceptance.test_policy_binding import answered
from tests.acceptance.test_policy_overrides import (
    BESIDE,
    EXAMPLE,
    FRENCH,
    Change,
    files,
    french,
    hand_in,
    override,
    release,
    rolled_back,
)
from tests.acceptance.test_policy_release import (
    AUTHOR,
    SECOND,
    WORDS,
    in_force,
    opened,
    pack,
    propose,
    request,
    sign,
    told,
    version_of,
)

from comptroller.application.caller import SYSTEM
from comptroller.application.dispatcher import Request
from comptroller.application.jobs.watch import ProposeRollback
from comptroller.domain.packs.timeline import is_in_share

TRIED: Final[Change] = BESIDE
"""What is tried, beside what an entity overrides in the same file."""

EXACT: Final[Mapping[str, object]] = {
    "totals": dict.fromkeys(("line_net", "net", "gross", "payable"), "24000.00") | {"tax": "0.00"}
}


def begun(company: Company, *numbers: str, **more: object) -> dict[str, Answer]:
    """Documents handed in, by their cases."""
    cases = [hand_in(company, number, **{**EXACT, **more}) for number in numbers]
    return {case["case_id"]: case for case in cases}


def way(company: Company) -> list[tuple[str, str, int, bool]]:
    entries = company.person("samuel.grant").get("/policy/versions")["versions"]
    return [(each["entity"], each["way"], each["share"], each["in_force"]) for each in entries]


def test_a_version_begins_with_an_entity_then_with_a_share_then_it_is_everybodys(new_company: Company) -> None:
    company, group, candidate = new_company, version_of(), version_of(TRIED)
    first = release(company, TRIED, begin=["FR"])
    (effect,) = told(company, first, "policy.put.in.force")
    assert (effect["way"], effect["begin"], effect["share"]) == ("trial", ["FR"], 100)
    assert [in_force(company, entity=each) for each in ("FR", "DE", "")] == [candidate, group, group]
    assert way(company)[0] == ("FR", "trial", 100, True)
    (paris,), (berlin,) = begun(company, "F-1", **french()), begun(company, "D-1")
    assert set(answered(company, paris).values()) == {candidate}
    assert set(answered(company, berlin).values()) == {group}

    release(company, TRIED, share=50)
    assert in_force(company, entity="FR") == in_force(company) == group  # what stands; the trial is beside it
    cases = begun(company, *(f"D-{number}" for number in range(2, 10)))
    expected = {case_id: candidate if is_in_share(case_id, 50) else group for case_id in cases}
    assert {case_id: case["policy_hash"] for case_id, case in cases.items()} == expected
    assert all(set(answered(company, case_id).values()) == {version} for case_id, version in expected.items())

    everybody = release(company, TRIED)
    (effect,) = told(company, everybody, "policy.put.in.force")
    assert effect["ends"] == [candidate]
    assert (in_force(company), in_force(company, entity="FR")) == (candidate, candidate)
    assert [(name, is_on) for _, name, _, is_on in way(company)[:2]] == [("release", True), ("trial", False)]
    (later,) = begun(company, "D-99").values()
    assert later["policy_hash"] == candidate
    company.work()
    assert company.person("samuel.grant").get("/audit/verification")["ok"]


def test_a_rollback_ends_a_trial_at_once(new_company: Company) -> None:
    """Cases that began with it keep it; what is checked again is asked of what stands."""
    company, group, candidate = new_company, version_of(), version_of(TRIED)
    trial = release(company, TRIED, begin=["DE", "FR"])
    (case_id,) = begun(company, "D-1")
    back = rolled_back(company)
    watched = Request(SYSTEM, ProposeRollback(trial, candidate, "", "its figures leave the forecast"))
    assert company.platform.dispatcher.execute(TENANT, watched) == {"case_id": back}  # it is asked for already
    assert request(company, back)["ends"] == candidate
    assert "End the trial" in request(company, back)["title"]
    assert in_force(company, entity="DE") == candidate  # until somebody else has signed it
    assert sign(company, back, SECOND).status_code == 200
    assert (in_force(company, entity="DE"), in_force(company)) == (group, group)
    case = company.person("samuel.grant").get(f"/cases/{case_id}")
    (task,) = [each for each in case["tasks"] if each["status"] == "open"]
    assert company.person("ruth.sommer").act(task, "approve").status_code == 200
    versions = answered(company, case_id)
    assert (versions["coding"], versions["may sign"]) == (candidate, group)
    (after,) = begun(company, "D-2").values()
    assert after["policy_hash"] == group
    assert company.platform.dispatcher.execute(TENANT, watched) == {"case_id": ""}  # it is on trial no more


@pytest.mark.embedded
def test_what_an_entity_overrides_is_tried_with_the_version(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH)
    case_id = release(company, TRIED, share=100, begin=["FR", "DE"])
    assert [each["kept"] for each in request(company, case_id)["entities"]] == [["rounding limit"]]
    assert (files(company), files(company, "DE")) == (pack(TRIED, FRENCH), pack(TRIED))
    override(company, FRENCH, EXAMPLE)  # its own goes on beside the trial, and ends it for FR
    assert (files(company), files(company, "DE")) == (pack(FRENCH, EXAMPLE), pack(TRIED))
    release(company, TRIED, begin=["FR", "DE"])
    release(company, TRIED, begin=["DE"])  # FR is not among them any more
    assert (files(company), files(company, "DE")) == (pack(FRENCH, EXAMPLE), pack(TRIED))


REFUSED: Final[Mapping[str, tuple[dict[str, Any], int, str]]] = {
    "no share": ({"share": 0}, 422, "POLICY-TRIAL-01"),
    "more than all": ({"share": 101}, 422, "POLICY-TRIAL-01"),
    "half a percent": ({"share": 0.5}, 422, "JSON-MEMBER-07"),
    "an entity that is none": ({"begin": ["XX"]}, 403, "POLICY-ENTITY-01"),
    "of an entity's own version": ({"share": 10, "entity": "FR"}, 422, "POLICY-TRIAL-02"),
    "since a day in the past": ({"share": 10, "valid_from": "2026-03-01"}, 422, "POLICY-TRIAL-02"),
    "an emergency": ({"share": 10, "emergency": True}, 422, "POLICY-DAY-01"),
    "beside another trial": ({"share": 10}, 409, "POLICY-TRIAL-03"),
}


@pytest.mark.embedded
def test_trials_that_are_none(new_company: Company) -> None:
    release(new_company, TRIED, share=10)
    got = {name: propose(new_company, FRENCH, **more) for name, (more, _, _) in REFUSED.items()}
    assert {name: (answer.status_code, answer.json()["code"]) for name, answer in got.items()} == {
        name: (status, code) for name, (_, status, code) in REFUSED.items()
    }


@pytest.mark.embedded
def test_roles_are_everybodys_at_once(new_company: Company) -> None:
    role: Change = ("roles.toml", "[policy-owner]", "# one role\n[policy-owner]")
    shown = request(new_company, opened(new_company, role, share=10))
    assert (shown["status"], shown["outcome"]) == ("returned", "unsound")
    assert "roles count for everybody at once" in shown["reasons"][0]["text"]


@pytest.mark.embedded
def test_the_pages_tell_what_is_on_trial(new_company: Company) -> None:
    company = new_company
    author = signed_in(company, AUTHOR)
    form = {"form_token": token(author), "title": "less on a line", "entity": ""}
    key = author.post("/drafts", data=form).headers["location"].rpartition("/")[2]
    text = pack(WORDS)["README.md"]
    kept = author.post(f"/drafts/{key}/files/README.md", data={**form, "version": "1", "text": text})
    assert kept.status_code == 303, kept.text
    asked = author.post(f"/drafts/{key}/propose", data={**form, "version": "2", "begin": "FR; DE", "share": "20"})
    case = asked.headers["location"]
    assert "20 % of the cases that begin" in author.get(case).text
    assert sign(company, case.rpartition("/")[2], SECOND).status_code == 200
    assert "trial of 20 % of the cases that begin" in author.get("/releases").text
    assert "end the trial" in author.get("/releases").text
