"""Which version of policy answers a running case: its own, that of its day, one by name, or what is in force."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from tests.acceptance.company import Company, demo_form
from tests.acceptance.test_policy_release import RELEASER, WORDS, in_force, opened, pack, sign
from tests.acceptance.versions import release

from comptroller.application.casework.decision_record import read_record

pytestmark = pytest.mark.embedded

ROUNDING: Final = (
    "decisions/rounding.dmn",
    'number="26" dateBasis="tax"',
    'number="26" binding="date" dateBasis="tax"',
)
ORDERED: Final = ("decisions/order-policy.dmn", 'number="18"', 'number="18" binding="{}"')
TODAY: Final = (
    "decisions/risk.dmn",
    'dateBasis="now" recheck="false"',
    'binding="date" dateBasis="now" recheck="false"',
)
"""Bound to the day of the decision: the supplier's own date leads nowhere else."""


def put_in_force(company: Company, files: Mapping[str, str]) -> str:
    return release(company.platform, {path: text.encode() for path, text in files.items()}).hash


def answered(company: Company, case_id: str) -> dict[str, str]:
    """The version that answered each decision of a case last."""
    rows = company.read(lambda uow: uow.decisions(case_id))
    return {row.decision: str(read_record(row)["policy"]) for row in rows}


def test_each_decision_is_answered_by_the_version_that_it_is_bound_to(new_company: Company) -> None:
    """The document is dated, and supplied, before today's version came in force."""
    founded = in_force(new_company)
    ordered = (ORDERED[0], ORDERED[1], ORDERED[2].format(founded))
    bound = put_in_force(new_company, pack(ROUNDING, ordered, TODAY))
    document: dict[str, Any] = json.loads(demo_form("D45"))
    clerk = new_company.person("tomasz.zielinski")
    answer = clerk.submit(json.dumps(document).encode())
    assert answer.status_code in {200, 201}, answer.text
    case_id = answer.json()["case_id"]
    versions = answered(new_company, case_id)
    assert {name: versions[name] for name in ("rounding", "order policy", "risk", "coding", "approval routing")} == {
        "rounding": founded,  # by its tax date
        "order policy": founded,  # by name
        "risk": bound,  # by the day of the decision
        "coding": bound,  # the version that the case keeps
        "approval routing": bound,  # what is in force
    }


def test_a_case_keeps_its_version_and_is_checked_again_by_what_is_in_force(company: Company) -> None:
    founded = in_force(company)
    assert sign(company, opened(company, WORDS), RELEASER).status_code == 200
    assert company.person("elif.demir").act(company.task("D45"), "approve").status_code == 200
    versions = answered(company, company.case_of("D45"))
    assert versions["coding"] == founded
    assert versions["may sign"] == versions["approval routing"] == in_force(company) != founded
