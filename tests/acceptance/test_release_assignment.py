"""Who is asked to release what binds the company: the next above with the duty, for the entity, within the limit."""

from collections.abc import Mapping
from typing import Final

from tests.acceptance.company import Answer, Company
from tests.acceptance.test_acts import post
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
    assert (task["role"], task["person"], task["why"]) == ("vp-operations", "", "nobody of vp-operations may do this")


def test_what_has_no_end_is_released_by_who_leads_finance_alone(new_company: Company) -> None:
    company = new_company
    case = amended(company, ceiling=None)
    refused = company.person("elif.demir").act(only_task(company, case), "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "ORDER-SIGN-01")
    assert answer(company, case, CFO)["outcome"] == "released"
