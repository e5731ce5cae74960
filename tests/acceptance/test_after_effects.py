"""What is posted or in force stays so when its case gets stuck behind it: nothing is freed, repeated or laid aside."""

import re
from typing import Any, Final

import pytest
from tests.acceptance.cast import PACK
from tests.acceptance.company import Company
from tests.acceptance.test_acts import post
from tests.acceptance.test_concurrency import BALANCE, submission
from tests.acceptance.test_repairs import case_of, incidents, put_in_force, repair

from comptroller.bootstrap import pack_files

NO_WAY: Final = (
    ('name="Deliver?" default="deliver-no"', 'name="Deliver?"'),
    (
        '<bpmn:sequenceFlow id="deliver-no" name="no" sourceRef="deliver" targetRef="posted" />',
        (
            '<bpmn:sequenceFlow id="deliver-no" name="no" sourceRef="deliver" targetRef="posted">'
            '<bpmn:conditionExpression>resolution = "cleared"</bpmn:conditionExpression></bpmn:sequenceFlow>'
        ),
    ),
)
"""A version that finds no way on behind the posting."""


@pytest.fixture
def posted_and_stuck(new_company: Company) -> tuple[Company, str]:
    company = new_company
    put_in_force(company, *NO_WAY)
    answer = submission(company, "D50a")().json()
    assert (answer["status"], answer["outcome"]) == ("posted", "incident"), answer
    return company, answer["case_id"]


def taken(company: Company) -> int:
    return company.read(lambda uow: uow.balances([BALANCE]))[BALANCE]


def lay_aside(company: Company, case_id: str) -> Any:
    return post(company.person("priya.nair"), f"/cases/{case_id}/cancel", reason="it is stuck")


def test_a_posted_case_that_is_stuck_is_listed_and_keeps_what_it_has_taken(
    posted_and_stuck: tuple[Company, str],
) -> None:
    company, case_id = posted_and_stuck
    (cause,) = incidents(company)
    assert (cause["node"], cause["case_ids"]) == ("deliver", [case_id])
    case, held = case_of(company, case_id), taken(company)
    assert (case["status"], len(case["journals"]), held) == ("posted", 1, 400_000_000)
    refused = lay_aside(company, case_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "CASE-CANCEL-02")
    assert "credit note" in refused.json()["help"]
    second = submission(company, "D50b")().json()
    assert (second["status"], case_of(company, second["case_id"])["exception_types"]) == ("waiting", ["quantity"])
    assert (case_of(company, case_id)["status"], taken(company)) == ("posted", held)


@pytest.mark.parametrize("node", ["post", "gather-facts", "again"])
def test_it_is_not_moved_back_over_its_posting(posted_and_stuck: tuple[Company, str], node: str) -> None:
    company, case_id = posted_and_stuck
    refused = repair(company, case_id, "move back", to_node=node)
    assert (refused.status_code, refused.json()["code"]) == (409, "WORKFLOW-REPAIR-09")
    assert "`post` has had its effect" in refused.text
    assert len(case_of(company, case_id)["journals"]) == 1


def test_it_goes_on_by_a_version_that_leads_on(posted_and_stuck: tuple[Company, str]) -> None:
    company, case_id = posted_and_stuck
    assert repair(company, case_id, "retry").json()["outcome"] == "incident"
    put_in_force(company)
    moved = post(company.person("mika.ranta"), f"/cases/{case_id}/migration", reason="the version is mended")
    assert moved.status_code == 200, moved.text
    answer = repair(company, case_id, "retry").json()
    assert (answer["status"], answer["outcome"]) == ("posted", "posted")
    assert incidents(company) == []
    assert len(case_of(company, case_id)["journals"]) == 1


def test_posted_and_stuck_cases_are_moved_together_with_those_that_wait(
    posted_and_stuck: tuple[Company, str],
) -> None:
    company, stuck = posted_and_stuck
    waiting = submission(company, "D50b")().json()["case_id"]
    operator, old = company.person("mika.ranta"), case_of(company, stuck)["policy_hash"]
    put_in_force(company)
    path, asked = "/processes/invoice/migration", {"from": old, "reason": "the version is mended"}
    assert {each["policy"]: each["cases"] for each in versions(company)}[old] == 2
    plan = operator.get(path, **{"from": old})
    assert (plan["cases"], plan["looked_at"], plan["can"], plan["is_complete"]) == (2, 2, 2, True)
    tried = post(operator, f"{path}?dry_run=true", **asked).json()
    assert tried["of_each"] == [{"case_id": waiting}, {"case_id": stuck}]
    assert case_of(company, stuck)["policy_hash"] == old
    first = post(operator, f"{path}?limit=1", **asked).json()
    assert (first["migrated"], first["next"]) == (1, waiting)
    rest = post(operator, path, **asked, after=waiting).json()
    assert (rest["migrated"], rest["stayed"], rest["next"]) == (1, 0, "")
    assert repair(company, stuck, "retry").json()["outcome"] == "posted"
    assert len(case_of(company, stuck)["journals"]) == 1


def versions(company: Company) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = company.person("mika.ranta").get("/processes/invoice/versions")["versions"]
    return told


def test_a_process_that_leads_back_to_its_posting_posts_once(new_company: Company) -> None:
    company = new_company
    flow = re.search(r'<bpmn:sequenceFlow id="deliver-no"[^>]*/>', invoice())
    assert flow is not None
    put_in_force(company, (flow.group(0), flow.group(0).replace('targetRef="posted"', 'targetRef="again"')))
    answer = submission(company, "D50a")().json()
    assert (answer["status"], answer["outcome"]) == ("posted", "incident")
    (cause,) = incidents(company)
    assert (cause["node"], cause["message"]) == ("post", "nobody handles the error `EFFECT-DONE-01`")
    assert (len(case_of(company, answer["case_id"])["journals"]), taken(company)) == (1, 400_000_000)
    assert repair(company, answer["case_id"], "retry").json()["code"] == "WORKFLOW-REPAIR-09"


def invoice() -> str:
    return pack_files(PACK)["processes/invoice.bpmn"].decode()
