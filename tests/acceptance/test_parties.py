"""What is on file beside the supplier's record, end to end: one record more, and the same document ends otherwise."""

import json
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company, at_the_door, demo_bytes, demo_documents, demo_form

CLEAN = {"hit": False, "list_version": "2026-03-25", "screened_on": "2026-03-26"}
NOTICE = {
    "supplier": "S19",
    "payee": "Affacturage du Rhône SA",
    "account": "FR2130099000010004419777A84",
    "received_on": "2026-03-02",
    "verified_by": "mei-lin.chow",
}
CERTIFICATE = {"supplier": "S05", "kind": "insurance", "valid_from": "2025-03-01"}


def hand_in(company: Company, document: str) -> Answer:
    facts = demo_documents()[document]
    answer = company.person(facts["submitted_by"]).submit(*at_the_door(document))
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("document", "kind", "key", "body", "outcome", "reason"),
    [
        pytest.param("D34", "assignment-notice", "N-1", NOTICE, "posted", "", id="a notice of assignment"),
        pytest.param(
            "D34",
            "assignment-notice",
            "N-1",
            NOTICE | {"account": "DE32200990010004413999"},
            "posted with payment block",
            "AP-BANK-06",
            id="a notice for another account",
        ),
        pytest.param(
            "D34",
            "assignment-notice",
            "N-1",
            NOTICE | {"payee": "Affacturage du Rhône SARL"},
            "posted with payment block",
            "AP-BANK-06",
            id="a notice for a payee of another legal form",
        ),
        pytest.param(
            "D34",
            "assignment-notice",
            "N-1",
            NOTICE | {"valid_to": "2026-03-26"},
            "posted with payment block",
            "AP-BANK-06",
            id="a notice that has ended",
        ),
        pytest.param(
            "D01",
            "employee",
            "tomasz.zielinski",
            {"name": "Tomasz Zielinski", "accounts": ["DE32 2009 9001 0004 4010 01"]},
            "posted with payment block",
            "AP-BANK-20",
            id="an employee with the supplier's account",
        ),
        pytest.param(
            "D07",
            "certificate",
            "C-1",
            CERTIFICATE | {"valid_to": "2026-03-26"},
            "exception",
            "AP-SUPPLIER-18",
            id="a certificate that has expired",
        ),
        pytest.param(
            "D07",
            "certificate",
            "C-1",
            CERTIFICATE | {"valid_to": "2026-03-27"},
            "posted",
            "",
            id="a certificate on its last day",
        ),
        pytest.param(
            "D01",
            "screening",
            "S01",
            CLEAN | {"screened_on": "2026-02-23"},
            "exception",
            "AP-SANCTION-05",
            id="a screening that is too old",
        ),
        pytest.param(
            "D01",
            "screening",
            "S01",
            CLEAN | {"hit": True, "score": "0.69"},
            "posted",
            "",
            id="a match below the threshold",
        ),
    ],
)
def test_record_on_file(
    new_company: Company, document: str, kind: str, key: str, body: dict[str, Any], outcome: str, reason: str
) -> None:
    assert new_company.person("importer").put(kind, key, body).status_code == 200
    answer = hand_in(new_company, document)
    assert answer["outcome"] == outcome
    assert reason in {told["code"] for told in answer["reasons"]} | {""}


def test_supplier_that_was_never_screened_is_held(new_company: Company) -> None:
    twin = new_company.record("supplier", "S07") | {"id": "S98", "vat_id": "DE999999990", "name": "Quader KG"}
    twin |= {"accounts": [{"account": "DE32200990010004413999"}], "registration": "HRB 99098"}
    assert new_company.person("importer").put("supplier", "S98", twin).status_code == 200
    body = json.loads(demo_form("D45")) | {"number": "Q-1"}
    body["seller"] |= {"name": "Quader KG", "vat_id": "DE999999990"}
    body["payments"] = [{"means_code": "58", "account": "DE32200990010004413999"}]
    answer = new_company.person("tomasz.zielinski").submit(json.dumps(body).encode()).json()
    assert answer["outcome"] == "exception"
    assert "AP-SANCTION-03" in {told["code"] for told in answer["reasons"]}


def test_document_for_another_company_of_ours_is_held(new_company: Company) -> None:
    content = demo_bytes("D01").replace(b"DE999942304", b"FR13999122666")
    answer = new_company.person("tomasz.zielinski").submit(content, "application/xml").json()
    assert answer["outcome"] == "exception"
    assert "AP-ENTITY-05" in {told["code"] for told in answer["reasons"]}


def test_risk_tells_its_drivers(company: Company) -> None:
    decisions = company.person("samuel.grant").get(f"/cases/{company.case_of('D31')}/decisions")["decisions"]
    risk = [each["outcome"] for each in decisions if each["decision"] == "risk"][-1]
    assert risk["outcome"] == "high"
    assert {"AP-RISK-03", "AP-RISK-06", "AP-RISK-12"} <= {driver["reason"] for driver in risk["drivers"]}
