"""What a change does to the signatures on a case: policy says field by field which of them fall."""

import json
from typing import Any

from tests.acceptance.company import Answer, Company


def told(company: Company, kind: str) -> list[Answer]:
    return [entry for entry in company.timeline("D17") if entry["type"] == kind]


def signed(company: Company) -> Company:
    """D17 with the first of its two signatures."""
    answer = company.person("hannah.petrov").act(company.task("D17"), "approve")
    assert answer.status_code == 200, answer.text
    return company


def put_supplier(company: Company, **changes: Any) -> None:
    record = company.record("supplier", "S12") | changes
    assert company.person("importer").put("supplier", "S12", record).status_code == 200
    company.work()


def test_another_spelling_of_the_suppliers_name_voids_nothing(company: Company) -> None:
    put_supplier(signed(company), name="Beacon Legal L.L.P.")
    assert [given["person"] for given in company.case("D17")["signatures"]] == ["hannah.petrov"]
    (kept,) = told(company, "signature.kept")
    assert (kept["data"]["fields"], kept["data"]["person"]) == (["supplier name"], "hannah.petrov")
    assert told(company, "signature.voided") == []
    answer = company.person("nadia.okafor").act(company.task("D17"), "approve")
    assert answer.json()["status"] == "posted", answer.text


def test_what_was_shown_is_kept_with_the_signature_and_names_no_account_in_the_open(company: Company) -> None:
    (given,) = signed(company).case("D17")["signatures"]
    shown = company.read(lambda uow: uow.private_texts([given["shown"]]))[given["shown"]]
    assert json.loads(shown)["gross"] == "48000.00"
    assert json.loads(shown)["account"] not in json.dumps(company.case("D17")["signatures"])
