"""Duties that one principal must not hold together: refused when roles are given, told where they are held already."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company, holds_from_before
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_policy_release import AUTHOR, PACK, RELEASER, SECOND, opened, pack, request, sign, standing
from typer.testing import CliRunner

from comptroller.bootstrap import pack_files
from comptroller.domain.kernel.canonical_json import decode
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

BY: Final = ("importer", "inga.nystrom")
"""Who brings people in: the system that owns them, and who administers people."""


def given(company: Company, person: str, *roles: str, by: str = "importer", **more: Any) -> Answer:
    """Give somebody these roles, and nothing else that changes."""
    body = company.record("person", person) | {"roles": [*roles], **more}
    return company.person(by).put("person", person, body)


def conflicts(company: Company, by: str = "samuel.grant") -> list[tuple[str, str]]:
    return [(each["person"], each["rule"]) for each in company.person(by).get("/duty-conflicts")["held"]]


def test_nobody_of_the_company_holds_what_belongs_apart(shared_company: Company) -> None:
    assert conflicts(shared_company) == []


@pytest.mark.parametrize("by", BY)
def test_two_halves_of_a_pair_are_given_to_nobody(shared_company: Company, by: str) -> None:
    before = shared_company.record("person", "oskar.brandt")
    refused = given(shared_company, "oskar.brandt", "supplier-enter", "supplier-verify", by=by)
    assert (refused.status_code, refused.json()["code"]) == (403, "PEOPLE-DUTIES-01")
    for words in ("`supplier.enter` (supplier-enter)", "`supplier.verify` (supplier-verify)", "SOD-SUPPLIER-07"):
        assert words in refused.json()["detail"], words
    assert shared_company.record("person", "oskar.brandt") == before
    entries = shared_company.read(lambda uow: uow.stream(f"principal/{by}"))
    told: Any = [decode(entry.body) for entry in entries if entry.type == "command.refused"][-1]
    assert told["data"]["breach"] == "forbidden duty pair"


def test_every_pair_is_told_at_once(shared_company: Company) -> None:
    refused = given(shared_company, "jonas.adler", "buyer", "receiver", "ap-clerk").json()
    assert [fault["path"] for fault in refused["faults"]] == ["/roles"] * 3
    assert "and 2 more" in refused["detail"]


def test_a_file_of_people_is_held_against_the_pairs(company: Company, tmp_path: Path) -> None:
    person = company.record("person", "paulo.reis") | {"roles": ["treasury", "treasurer"]}
    path = tmp_path / "people.json"
    path.write_text(json.dumps({"person": {"paulo.reis": person}}))
    settings = company.platform.settings
    where = ["--tenant", str(TENANT), "--database-url", settings.database_url]
    environment = {"COMPTROLLER_HOME": str(settings.home)}
    done = CliRunner().invoke(app, ["reference", "import", str(path), "--as", "importer", *where], env=environment)
    assert done.exit_code == Exit.REFUSED
    assert "PEOPLE-DUTIES-01" in done.output
    listing = ["person", "conflicts", "--as", "samuel.grant", "--json", *where]
    assert CliRunner().invoke(app, listing, env=environment).exit_code == Exit.DONE
    holds_from_before(company.platform, TENANT, "paulo.reis", person)
    listed = CliRunner().invoke(app, listing, env=environment)
    assert listed.exit_code == Exit.NO
    assert [each["rule"] for each in json.loads(listed.stdout)["held"]] == ["SOD-PAYMENT-01"]


def test_who_holds_a_pair_from_before_is_listed_and_can_be_mended(company: Company) -> None:
    oskar = company.record("person", "oskar.brandt")
    both = oskar | {"roles": ["supplier-enter", "supplier-verify", "treasurer"]}
    holds_from_before(company.platform, TENANT, "oskar.brandt", both)
    pairs = ["SOD-SUPPLIER-03", "SOD-SUPPLIER-07", "SOD-SUPPLIER-08"]
    assert conflicts(company) == [("oskar.brandt", pair) for pair in pairs]
    page = signed_in(company, "samuel.grant").get("/people").text
    assert "Hold duties that belong apart" in page
    assert "payments to another account unseen (SOD-SUPPLIER-07)" in page
    assert given(company, "oskar.brandt", *both["roles"], mail="oskar@brennhof.example").status_code == 200
    more = given(company, "oskar.brandt", *both["roles"], "ap-clerk").json()
    assert (more["code"], len(more["faults"])) == (
        "PEOPLE-DUTIES-01",
        3,
    )  # what comes with the role, not what was there
    assert given(company, "oskar.brandt", "supplier-enter", "supplier-verify").status_code == 200
    assert conflicts(company) == [("oskar.brandt", "SOD-SUPPLIER-07")]
    assert given(company, "oskar.brandt", "supplier-enter").status_code == 200
    assert conflicts(company) == []
    assert "belong apart" not in signed_in(company, "samuel.grant").get("/people").text


def test_who_comes_back_is_held_against_the_pairs(company: Company) -> None:
    assert given(company, "oskar.brandt", "supplier-enter", "supplier-verify", active=False).status_code == 200
    back = given(company, "oskar.brandt", "supplier-enter", "supplier-verify", active=True)
    assert (back.status_code, back.json()["code"]) == (403, "PEOPLE-DUTIES-01")


# ---- a version that says of more duties that they belong apart -------------------------------------------------------

OWN: Final = """[releasers-open-no-period]
title = "Who releases policy opens no period"
owner = "cfo"
of = "roles"
holds = '''if role != "every role" and list contains(duties, "policy.release")
  then not(list contains(duties, "period.open")) else true'''

[policy-duties-apart]"""
STRICTER: Final = ("invariants.toml", "[policy-duties-apart]", OWN)


@pytest.mark.embedded
def test_whom_a_new_pair_concerns_is_told_before_it_is_signed_and_while_it_is_so(new_company: Company) -> None:
    company = new_company
    files = {"files": pack(STRICTER)}
    checked = company.person(AUTHOR).client.post("/v1/policy/check", json=files).json()
    assert [(each["person"], each["rule"]) for each in checked["people"]] == [(RELEASER, "releasers-open-no-period")]
    case_id = opened(company, STRICTER)
    kept = request(company, case_id)["evidence"]["people"]
    found = company.person("samuel.grant").get(f"/cases/{case_id}/attachments/{kept}")["people"]
    assert [each["duties"] for each in found] == [["period.open", "policy.release"]]
    page = signed_in(company, SECOND).get(f"/cases/{case_id}").text
    assert "Would hold duties that belong apart" in page
    assert conflicts(company) == []
    for person in (RELEASER, SECOND):
        assert sign(company, case_id, person).status_code == 200
    assert standing(company, case_id) == ("done", "in force")
    assert conflicts(company) == [(RELEASER, "releasers-open-no-period")]
    assert given(company, RELEASER, *company.record("person", RELEASER)["roles"], language="de").status_code == 200
    refused = given(company, SECOND, "cfo", "policy-releaser", "group-controller").json()
    assert (refused["code"], [fault["path"] for fault in refused["faults"]]) == ("PEOPLE-DUTIES-01", ["/roles"])
    assert "Who releases policy opens no period" in refused["detail"]


@pytest.mark.embedded
def test_a_version_that_concerns_nobody_says_nothing_of_people(new_company: Company) -> None:
    case_id = opened(new_company, ("README.md", "# Accounts payable", "# Accounts payable of the group"))
    assert "people" not in request(new_company, case_id)["evidence"]


@pytest.mark.embedded
def test_a_role_that_nobody_could_be_given_sends_a_version_back(new_company: Company) -> None:
    roles = pack_files(PACK)["roles.toml"].decode()
    treasury = next(line for line in roles.splitlines() if "payment.propose" in line)
    released = treasury.replace('"payment.propose"', '"payment.propose", "payment.release"')
    case_id = opened(new_company, ("roles.toml", treasury, released))
    assert standing(new_company, case_id) == ("returned", "unsound")
    assert any("PACK-ROLE-01" in reason["text"] for reason in request(new_company, case_id)["reasons"])
