"""Absences and delegations: put down by whom, within which bounds, and where the tasks of who is away then lie."""

from datetime import timedelta
from re import findall
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company, holds_from_before
from tests.acceptance.test_acts import entries, post
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_milestones import milestones

from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.signing import may_sign
from comptroller.application.dispatcher import Request
from comptroller.application.groundwork import Groundwork
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.session import Session

TODAY: Final = "2026-03-27"
WEEK: Final = {"from": TODAY, "until": "2026-04-03"}


def away(company: Company, person: str, *, by: str = "", **changes: Any) -> str:
    """Put an absence down, and let the worker do what follows; the record's key."""
    answer = post(company.person(by or person), f"/people/{person}/absences", **{**WEEK, **changes})
    assert answer.status_code == 201, answer.text
    company.work()
    return str(answer.json()["key"])


def hand(company: Company, person: str, to: str, *, by: str = "", **changes: Any) -> str:
    """Put a delegation down; the record's key."""
    answer = post(company.person(by or person), f"/people/{person}/delegations", **{**WEEK, "to": to, **changes})
    assert answer.status_code == 201, answer.text
    company.work()
    return str(answer.json()["key"])


def holder(company: Company, document: str = "D11") -> str:
    return str(company.task(document)["person"])


def on_day(company: Company, days: float) -> Company:
    """The company so many days later; policy has had its look at the end of Friday, and the next is Monday's."""
    company.later(timedelta(hours=9)).work()
    later = company.later(timedelta(days=days))
    later.work()
    return later


# ---- who is away ----------------------------------------------------------------------------------------------------


def test_task_of_who_is_away_goes_up_where_nobody_stands_in(company: Company) -> None:
    assert holder(company) == "lena.vogt"
    away(company, "lena.vogt", unplanned=True)
    assert holder(company) == "elif.demir"
    assert ("task escalated", "elif.demir") in [(row.kind, row.person) for row in milestones(company, "D11")]
    refused = company.person("lena.vogt").act(company.task("D11"), "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "TASK-OTHER-01")


def test_planned_absence_changes_nothing_before_its_first_day(company: Company) -> None:
    away(company, "lena.vogt", **{"from": "2026-03-30"})
    assert holder(company) == "lena.vogt"
    later = on_day(company, 2.7)  # Monday, before anybody is at work
    assert holder(later) == "elif.demir"


def test_exception_of_who_is_away_goes_to_another_of_the_role(company: Company) -> None:
    importer, buyer = company.person("importer"), company.record("person", "jonas.adler")
    importer.put("person", "second.adler", {**buyer, "id": "second.adler", "name": "Second Adler"})
    company.work()
    assert holder(company, "D03") == "jonas.adler"
    away(company, "jonas.adler")
    assert company.task("D03")["role"] == "buyer"
    assert holder(company, "D03") not in {"jonas.adler", "elif.demir"}


def test_who_has_left_keeps_nobody_waiting(company: Company) -> None:
    body = company.record("person", "jonas.adler") | {"active": False}
    assert company.person("importer").put("person", "jonas.adler", body).status_code == 200
    company.work()
    assert holder(company, "D03") != "jonas.adler"


# ---- who stands in --------------------------------------------------------------------------------------------------


def test_stand_in_signs_for_who_is_away_and_it_is_told_everywhere(company: Company) -> None:
    hand(company, "lena.vogt", "ruth.sommer")
    assert holder(company) == "lena.vogt"  # who is there signs
    away(company, "lena.vogt")
    task = company.task("D11")
    assert (task["person"], task["why"]) == ("ruth.sommer", "stands in for Lena Vogt, who is away")
    page = signed_in(company, "ruth.sommer").get(f"/cases/{company.case_of('D11')}?tab=people").text
    assert "Ruth Sommer for Lena Vogt" in page
    assert "Asked of you for Lena Vogt" in page
    assert company.person("ruth.sommer").act(task, "approve").json()["status"] == "posted"
    (given,) = company.case("D11")["signatures"]
    assert (given["person"], given["stands_for"], given["chain"]) == ("ruth.sommer", "lena.vogt", ["lena.vogt"])
    (signed,) = entries(company, "D11", "task.signed")
    assert (signed["actor"]["id"], signed["data"]["chain"]) == ("ruth.sommer", ["lena.vogt"])
    evidence = signed_in(company, "samuel.grant").get(f"/cases/{company.case_of('D11')}?tab=evidence").text
    assert "for Lena Vogt" in evidence


@pytest.mark.parametrize(
    ("bounds", "person"),
    [
        ({}, "ruth.sommer"),
        ({"amount": "3120.00"}, "ruth.sommer"),
        ({"amount": "3119.99"}, "elif.demir"),
        ({"categories": ["utilities"]}, "ruth.sommer"),
        ({"categories": ["software"]}, "elif.demir"),
        ({"entities": ["DE"]}, "ruth.sommer"),
        ({"from": "2026-03-28"}, "elif.demir"),
    ],
    ids=["no bound", "the amount", "a cent below", "the category", "another category", "the entity", "not yet"],
)
def test_delegation_reaches_within_its_bounds_only(company: Company, bounds: dict[str, Any], person: str) -> None:
    hand(company, "lena.vogt", "ruth.sommer", **bounds)
    away(company, "lena.vogt")
    assert holder(company) == person


def test_delegation_is_of_one_step_unless_it_says_more(company: Company) -> None:
    hand(company, "lena.vogt", "ruth.sommer")
    hand(company, "ruth.sommer", "clara.weiss")
    away(company, "ruth.sommer")
    away(company, "lena.vogt")
    assert holder(company) == "elif.demir"


def test_delegation_that_may_be_passed_on_reaches_a_second_stand_in(company: Company) -> None:
    hand(company, "lena.vogt", "ruth.sommer", may_pass_on=True)
    hand(company, "ruth.sommer", "clara.weiss")
    away(company, "ruth.sommer")
    away(company, "lena.vogt")
    task = company.task("D11")
    assert task["person"] == "clara.weiss"
    assert task["why"] == "stands in for Lena Vogt, who is away through Ruth Sommer, who is away too"
    assert company.person("clara.weiss").act(task, "approve").json()["status"] == "posted"
    (given,) = company.case("D11")["signatures"]
    assert given["chain"] == ["lena.vogt", "ruth.sommer"]
    page = signed_in(company, "samuel.grant").get(f"/cases/{company.case_of('D11')}?tab=people").text
    assert "Clara Weiss for Ruth Sommer for Lena Vogt" in page


def test_link_of_a_chain_that_ends_is_no_longer_signed_by(company: Company) -> None:
    key = hand(company, "lena.vogt", "ruth.sommer", may_pass_on=True)
    hand(company, "ruth.sommer", "clara.weiss")
    away(company, "ruth.sommer")
    away(company, "lena.vogt")
    task = company.task("D11")
    ended = post(company.person("lena.vogt"), f"/people/lena.vogt/delegations/{key}/end")
    assert ended.status_code == 200
    refused = company.person("clara.weiss").act(task, "approve")  # before anybody has looked at the task
    assert (refused.status_code, refused.json()["code"]) == (403, "AP-SIGN-12")
    company.work()
    assert holder(company) == "elif.demir"


def test_two_signatures_are_two_people_s_whoever_stands_in_for_whom(company: Company) -> None:
    """D38 takes operations and the group controller; she stands in for operations, so somebody above is second."""
    hand(company, "elif.demir", "clara.weiss")
    key = away(company, "elif.demir")
    first = company.task("D38")
    assert (first["person"], first["item"]["chain"]) == ("clara.weiss", ["elif.demir"])
    assert company.person("clara.weiss").act(first, "approve").status_code == 200
    assert holder(company, "D38") == "nadia.okafor"
    hand(company, "nadia.okafor", "elif.demir")
    assert post(company.person("elif.demir"), f"/people/elif.demir/absences/{key}/end").status_code == 200
    away(company, "nadia.okafor")
    assert holder(company, "D38") == "henrik.lindqvist"  # Elif Demir has signed by Clara Weiss's hand


def test_who_has_a_hand_in_the_case_is_not_signed_for(company: Company) -> None:
    """Lena Vogt requested D45: neither she nor anybody in her place signs it."""
    hand(company, "lena.vogt", "ruth.sommer")
    away(company, "lena.vogt")
    assert holder(company, "D45") == "elif.demir"
    hand(company, "elif.demir", "lena.vogt")
    away(company, "elif.demir")
    assert holder(company, "D45") == "nadia.okafor"


def test_a_decision_is_taken_again_where_any_input_has_changed_and_recorded_each_time(company: Company) -> None:
    """In one unit of work: at one instant, of one version."""

    def asked(uow: UnitOfWork) -> tuple[bool, int, int, int]:
        session = company.platform.dispatcher._session(uow, Request("lena.vogt", None), Groundwork(is_open=True))
        assert isinstance(session, Session)
        case = uow.case(company.case_of("D45"))
        assert case is not None
        run = resume_case(session, case)
        run.gather()
        gathered, before = run.facts, len(uow.decisions(case.case_id))
        taken = [run.decide("document validity")]
        again = run.decide("document validity") is taken[0]
        for name in run.in_force.models["document validity"].input_names("document validity"):
            without = {key: value for key, value in gathered.items() if key != name}
            for run.facts in ({**without, name: "another"}, {**without, name: None}, without):
                taken.append(run.decide("document validity"))
        return again, len({id(outcome) for outcome in taken}), len(taken), len(uow.decisions(case.case_id)) - before

    again, different, asked_for, recorded = company.platform.environment.store.rehearse(TENANT, asked)
    assert again
    assert (different, recorded) == (asked_for, asked_for + 1)


def test_signature_by_delegation_is_held_against_both_people_s_hands(company: Company) -> None:
    """However a task came to a stand-in: who requested is not signed for."""

    def asked(uow: UnitOfWork) -> str:
        session = company.platform.dispatcher._session(uow, Request("ruth.sommer", None), Groundwork(is_open=True))
        assert isinstance(session, Session)
        case = uow.case(company.case_of("D45"))
        assert case is not None
        run = resume_case(session, case)
        step = {"step": "cost-centre-owner", "stands for": "lena.vogt", "chain": ["lena.vogt"], "amount": "890.00"}
        refused = may_sign(run, session.caller.principal, step, opened=True)
        return refused.code if refused is not None else ""

    hand(company, "lena.vogt", "ruth.sommer")
    assert company.platform.environment.store.rehearse(TENANT, asked) == "AP-SIGN-12"


# ---- ends -----------------------------------------------------------------------------------------------------------


def test_who_is_back_finds_the_task_again(company: Company) -> None:
    hand(company, "lena.vogt", "ruth.sommer")
    key = away(company, "lena.vogt")
    assert holder(company) == "ruth.sommer"
    assert post(company.person("lena.vogt"), f"/people/lena.vogt/absences/{key}/end").status_code == 200
    company.work()
    assert holder(company) == "lena.vogt"
    again = post(company.person("lena.vogt"), f"/people/lena.vogt/absences/{key}/end")
    assert (again.status_code, again.json()["code"]) == (409, "PEOPLE-OVER-01")
    assert company.person("lena.vogt").act(company.task("D11"), "approve").json()["status"] == "posted"


def test_delegation_that_is_taken_back_during_the_absence_moves_its_tasks_up(company: Company) -> None:
    key = hand(company, "lena.vogt", "ruth.sommer")
    away(company, "lena.vogt")
    assert post(company.person("lena.vogt"), f"/people/lena.vogt/delegations/{key}/end").status_code == 200
    company.work()
    assert holder(company) == "elif.demir"


@pytest.mark.parametrize(
    ("until", "person"), [("2026-03-28", "elif.demir"), ("2026-04-03", "ruth.sommer")], ids=["over", "in force"]
)
def test_delegation_that_runs_out_moves_its_tasks(company: Company, until: str, person: str) -> None:
    hand(company, "lena.vogt", "ruth.sommer", until=until)
    away(company, "lena.vogt")
    assert holder(company) == "ruth.sommer"
    assert holder(on_day(company, 2)) == person


def test_absence_that_runs_out_brings_the_task_home(company: Company) -> None:
    hand(company, "lena.vogt", "ruth.sommer")
    away(company, "lena.vogt", until="2026-03-28")
    assert holder(on_day(company, 2)) == "lena.vogt"


# ---- who may put it down --------------------------------------------------------------------------------------------


def test_administrator_puts_down_what_nobody_planned(company: Company) -> None:
    away(company, "lena.vogt", by="inga.nystrom", unplanned=True)
    told = company.person("samuel.grant").get("/people/lena.vogt")
    (absence,) = told["absences"]
    assert (absence["recorded_by"], absence["planned"], absence["ended"]) == ("inga.nystrom", False, False)
    assert holder(company) == "elif.demir"


@pytest.mark.parametrize("person", ["ruth.sommer", "elif.demir", "samuel.grant", "ap-assistant"])
def test_nobody_else_does(company: Company, person: str) -> None:
    for part, more in (("absences", {}), ("delegations", {"to": "ruth.sommer"})):
        answer = post(company.person(person), f"/people/lena.vogt/{part}", **WEEK, **more)
        assert (answer.status_code, answer.json()["code"]) == (403, "PEOPLE-OTHER-01")
    assert holder(company) == "lena.vogt"


DAYS: Final = (
    ("until no day", {"until": "soon"}, "PEOPLE-DAYS-01"),
    ("over before it begins", {"until": "2026-03-26"}, "PEOPLE-DAYS-02"),
    ("since yesterday", {"from": "2026-03-26"}, "PEOPLE-DAYS-03"),
    ("more than a year", {"until": "2027-03-28"}, "PEOPLE-DAYS-04"),
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [pytest.param(changes, code, id=title) for title, changes, code in DAYS]
    + [pytest.param({"from": "2026-03-30", "unplanned": True}, "PEOPLE-DAYS-05", id="not planned, but to come")],
)
def test_absence_is_not_put_down(shared_company: Company, changes: dict[str, Any], code: str) -> None:
    answer = post(shared_company.person("lena.vogt"), "/people/lena.vogt/absences", **{**WEEK, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [pytest.param(changes, 422, code, id=title) for title, changes, code in DAYS]
    + [
        pytest.param({"to": "lena.vogt"}, 422, "PEOPLE-DELEGATE-01", id="to oneself"),
        pytest.param({"to": "nobody.at.all"}, 422, "PEOPLE-DELEGATE-02", id="to nobody"),
        pytest.param({"to": "ap-assistant"}, 422, "PEOPLE-DELEGATE-02", id="to an agent"),
        pytest.param({"to": "priya.nair"}, 422, "PEOPLE-DELEGATE-03", id="to who signs nothing"),
        pytest.param({"to": "jonas.adler"}, 403, "PEOPLE-DELEGATE-04", id="to who orders"),
        pytest.param({"to": "oskar.brandt"}, 403, "PEOPLE-DELEGATE-04", id="to who enters suppliers"),
        pytest.param({"entities": ["FR"]}, 422, "PEOPLE-DELEGATE-05", id="for an entity that is not theirs"),
        pytest.param({"amount": "-1"}, 422, "PEOPLE-DELEGATE-06", id="for less than nothing"),
        pytest.param({"amount": "much"}, 422, "PEOPLE-DELEGATE-06", id="for no amount"),
        pytest.param({"amount": "25000.01"}, 403, "PEOPLE-DELEGATE-08", id="a cent above the own limit"),
    ],
)
def test_delegation_is_not_put_down(shared_company: Company, changes: dict[str, Any], status: int, code: str) -> None:
    body = {**WEEK, "to": "ruth.sommer", **changes}
    answer = post(shared_company.person("lena.vogt"), "/people/lena.vogt/delegations", **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert shared_company.person("lena.vogt").get("/people/lena.vogt")["delegations"] == []


def test_delegation_is_above_neither_person_s_own_limit(shared_company: Company) -> None:
    """Elif Demir's limit is 150,000, Lena Vogt's 25,000: the lower one bounds what may be handed over."""
    body = {**WEEK, "to": "lena.vogt", "amount": "25000.01"}
    answer = post(shared_company.person("elif.demir"), "/people/elif.demir/delegations", **body)
    assert (answer.status_code, answer.json()["code"]) == (403, "PEOPLE-DELEGATE-08")


def test_who_holds_no_authority_hands_none_over(shared_company: Company) -> None:
    answer = post(shared_company.person("priya.nair"), "/people/priya.nair/delegations", **WEEK, to="ruth.sommer")
    assert (answer.status_code, answer.json()["code"]) == (422, "PEOPLE-DELEGATE-07")


def test_administrator_does_not_hand_authority_to_themself(company: Company) -> None:
    inga = company.record("person", "inga.nystrom")
    limits = company.record("person", "ruth.sommer")["limits"]
    body = inga | {"roles": [*inga["roles"], "cost-centre-owner"], "limits": limits}
    holds_from_before(company.platform, TENANT, "inga.nystrom", body)
    answer = post(company.person("inga.nystrom"), "/people/lena.vogt/delegations", **WEEK, to="inga.nystrom")
    assert (answer.status_code, answer.json()["code"]) == (403, "PEOPLE-DELEGATE-09")


def test_same_absence_twice_is_one(company: Company) -> None:
    first, second = away(company, "lena.vogt"), away(company, "lena.vogt")
    assert first == second
    assert len(company.person("lena.vogt").get("/people/lena.vogt")["absences"]) == 1


# ---- the pages ------------------------------------------------------------------------------------------------------


def sent(company: Company, person: str, path: str, **fields: str) -> Answer:
    client = signed_in(company, person)
    token = findall(r'name="form_token" value="([0-9a-f]+)"', client.get("/settings").text)[0]
    return client.post(path, data={"form_token": token, **fields})


def test_person_puts_an_absence_and_a_stand_in_down_on_the_page(company: Company) -> None:
    days = {"from": TODAY, "until": "2026-04-03"}
    answer = sent(company, "lena.vogt", "/people/lena.vogt/delegations", to="ruth.sommer", amount="20000", **days)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people/lena.vogt")
    assert sent(company, "lena.vogt", "/people/lena.vogt/absences", **days).status_code == 303
    page = signed_in(company, "lena.vogt").get("/people/lena.vogt").text
    assert "Ruth Sommer" in page
    assert "EUR\u00a020,000.00" in page
    company.work()
    assert holder(company) == "ruth.sommer"
    (ending,) = findall(r'href="(/people/lena\.vogt/absences/[0-9a-f]+)"', page)
    assert signed_in(company, "lena.vogt").get(ending).status_code == 200
    company.work()
    assert holder(company) == "ruth.sommer"  # looking at what would end ends nothing
    assert sent(company, "lena.vogt", ending).status_code == 303
    company.work()
    assert holder(company) == "lena.vogt"
    assert "Ruth Sommer" in signed_in(company, "samuel.grant").get("/people").text


def test_form_comes_back_with_what_was_typed_and_why(shared_company: Company) -> None:
    fields = {"to": "jonas.adler", "from": TODAY, "until": "2026-04-03", "categories": "software, rent"}
    answer = sent(shared_company, "lena.vogt", "/people/lena.vogt/delegations", **fields)
    assert answer.status_code == 403
    assert "software, rent" in answer.text
    assert "order and sign the invoice" in answer.text


@pytest.mark.parametrize(("person", "status"), [("lena.vogt", 200), ("mika.ranta", 404)])
def test_who_reads_no_master_data_sees_the_own_page_only(shared_company: Company, person: str, status: int) -> None:
    client = signed_in(shared_company, person)
    assert client.get(f"/people/{person}").status_code == 200
    assert client.get("/people/ruth.sommer").status_code == status


def test_form_is_off_for_who_may_not(shared_company: Company) -> None:
    page = signed_in(shared_company, "ruth.sommer").get("/people/lena.vogt/absences").text
    assert "This is off" in page
    assert "Put an absence down</a>" not in signed_in(shared_company, "ruth.sommer").get("/people/lena.vogt").text
