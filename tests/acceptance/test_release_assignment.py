"""Who is asked to release what binds the company: the next above with the duty, for the entity, within the limit."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_acts import post
from tests.acceptance.test_people import WEEK, away, hand
from tests.acceptance.test_purchasing import CONTRACT
from tests.acceptance.test_quorum_of_releases import answer, asked
from tests.acceptance.versions import Change, exchange, put_in_force

BUYER: Final = "sofia.marchetti"
CFO, CEO = "nadia.okafor", "henrik.lindqvist"
CFO_WITHOUT: Final = exchange(
    ('"task.approve", "order.release", "payment-block.lift", "exception.resolve", "payment.release"',
     '"task.approve", "payment-block.lift", "exception.resolve", "payment.release"'),
)  # fmt: skip
CEO_WITHOUT: Final = exchange(
    ('"task.approve", "order.release", "reference.read", "payment.release"',
     '"task.approve", "reference.read", "payment.release"'),
)  # fmt: skip


def both(text: str) -> str:
    """Neither of those who have the limit holds the duty."""
    return CEO_WITHOUT(CFO_WITHOUT(text))


def amended(company: Company, **changes: object) -> str:
    """The case of a contract that now commits the company to more."""
    answered = company.person(BUYER).put("contract", CONTRACT, company.record("contract", CONTRACT) | changes)
    assert answered.status_code == 200, answered.text
    return str(answered.json()["case_id"])


def only_task(company: Company, case: str) -> Answer:
    (task,) = asked(company, case).values()
    return task


def roles(change: Change) -> Mapping[str, Change]:
    return {"roles.toml": change}


def test_the_line_goes_on_to_who_has_the_limit_and_the_duty(new_company: Company) -> None:
    company = new_company
    case = amended(company, ceiling="300000.00")
    task = only_task(company, case)
    assert task["person"] == CFO
    assert "the commitment limit of Elif Demir does not cover EUR 300,000.00" in task["why"]
    assert answer(company, case, CFO)["outcome"] == "released"
    assert company.record("contract", CONTRACT)["released_by"] == CFO


def test_who_has_the_limit_without_the_duty_is_passed_over(new_company: Company) -> None:
    company = new_company
    put_in_force(company, roles(CFO_WITHOUT))
    case = amended(company, ceiling="300000.00")
    task = only_task(company, case)
    assert task["person"] == CEO
    assert "Nadia Okafor does not hold the duty `order.release`" in task["why"]
    refused = post(company.person(CEO), f"/tasks/{task['task_id']}/reassign", person=CFO, reason="Over to you")
    assert (refused.status_code, refused.json()["code"]) == (403, "TASK-REASSIGN-03")
    put_in_force(company, roles(both))  # a duty that is gone meanwhile counts as little
    lost = company.person(CEO).act(task, "approve")
    assert (lost.status_code, lost.json()["code"]) == (403, "TASK-DUTY-01")


def test_where_nobody_may_the_task_says_so(new_company: Company) -> None:
    company = new_company
    put_in_force(company, roles(both))
    task = only_task(company, amended(company, ceiling="300000.00"))
    why = "nobody of vp-operations may do this: give the role to somebody who may"
    assert (task["role"], task["person"], task["why"]) == ("vp-operations", "", why)


def test_what_has_no_end_is_released_by_who_leads_finance_alone(new_company: Company) -> None:
    company = new_company
    case = amended(company, ceiling=None)
    refused = company.person("elif.demir").act(only_task(company, case), "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "ORDER-SIGN-01")
    assert answer(company, case, CFO)["outcome"] == "released"


def test_a_limit_ends_with_the_day_at_the_entity(new_company: Company) -> None:
    """At eight in the morning of the 27th in UTC it is the 26th on Samoa: what ends with the 26th counts still."""
    company = new_company
    of = company.record("person", HEAD)
    limits = [{**limit, "valid_to": "2026-03-26"} for limit in of["limits"]]
    assert company.person("importer").put("person", HEAD, of | {"limits": limits}).status_code == 200
    case = amended(company, ceiling="100000.00")
    assert only_task(company, case)["person"] == CFO
    assert answer(company, case, CFO)["outcome"] == "released"
    there = company.record("entity", "DE") | {"time_zone": "Pacific/Pago_Pago"}
    assert company.person("importer").put("entity", "DE", there).status_code == 200
    assert only_task(company, amended(company, ceiling="100000.01"))["person"] == HEAD


# ---- by delegation ---------------------------------------------------------------------------------------------------

HEAD: Final = "elif.demir"
"""Who releases up to 150,000, below the CFO and the CEO."""


def test_who_stands_in_releases_within_both_limits(new_company: Company) -> None:
    company = new_company
    hand(company, HEAD, CEO, kinds=["release"])
    away(company, HEAD)
    case = amended(company, ceiling="100000.00")
    task = only_task(company, case)
    assert task["person"] == CEO
    assert "stands in for Elif Demir, who is away" in task["why"]
    assert answer(company, case, CEO)["outcome"] == "released"
    (signed,) = [
        each["data"]
        for each in company.person("samuel.grant").get(f"/cases/{case}/timeline")["entries"]
        if "chain" in each["data"]
    ]
    assert (signed["stands_for"], signed["chain"]) == (HEAD, [HEAD])


@pytest.mark.parametrize(
    ("to", "bounds"),
    [
        (CEO, {}),
        (CEO, {"kinds": ["release"], "amount": "99999.99"}),
        (CEO, {"kinds": ["release"], "categories": ["rent"]}),
        ("ruth.sommer", {"kinds": ["release"]}),
    ],
    ids=["of invoices alone", "up to less", "of another category", "whose own limit is lower"],
)
def test_a_delegation_that_does_not_reach_a_release_is_none(
    new_company: Company, to: str, bounds: dict[str, Any]
) -> None:
    hand(new_company, HEAD, to, **bounds)
    away(new_company, HEAD)
    task = only_task(new_company, amended(new_company, ceiling="100000.00"))
    assert task["person"] == CFO
    assert "stands in" not in task["why"]


def test_a_task_goes_to_who_stands_in_and_what_is_taken_back_releases_nothing(new_company: Company) -> None:
    company = new_company
    case = amended(company, ceiling="100000.00")
    assert only_task(company, case)["person"] == HEAD
    key = hand(company, HEAD, CEO, kinds=["approval", "release"])
    away(company, HEAD)
    task = only_task(company, case)
    assert task["person"] == CEO
    assert post(company.person(HEAD), f"/people/{HEAD}/delegations/{key}/end").status_code == 200
    refused = company.person(CEO).act(task, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "ORDER-SIGN-02")
    company.work()
    assert only_task(company, case)["person"] == CFO
    assert answer(company, case, CFO)["outcome"] == "released"


@pytest.mark.parametrize(
    ("kinds", "status", "code", "word"),
    [
        (["payment"], 403, "PEOPLE-DELEGATE-11", "answers for it"),
        (["approval", "policy"], 403, "PEOPLE-DELEGATE-11", "has read them"),
        (["verification"], 403, "PEOPLE-DELEGATE-11", "own look"),
        (["tea"], 422, "PEOPLE-DELEGATE-10", "no kinds of signatures"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_what_policy_keeps_in_person_is_handed_to_nobody(
    new_company: Company, kinds: list[str], status: int, code: str, word: str
) -> None:
    body = {**WEEK, "to": CEO, "kinds": kinds}
    refused = post(new_company.person(HEAD), f"/people/{HEAD}/delegations", **body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert word in refused.text
