"""A PDF without an invoice for programs: kept, keyed by a clerk beside the original, judged like any other document."""

import json
from hashlib import sha256
from typing import Any, Final

from tests.acceptance.company import TENANT, Company, demo_bytes, holds_from_before

KEYED: Final[dict[str, Any]] = {
    "kind": "invoice",
    "number": "26-051",
    "issue_date": "2026-03-20",
    "type_code": "380",
    "currency": "EUR",
    "due_date": "2026-04-03",
    "accounting_reference": "DE-1200",
    "delivery_date": "2026-03-18",
    "customization": "urn:cen.eu:en16931:2017",
    "seller": {
        "name": "Gartenbau Ohm e.K.",
        "tax_registration": "42/999/00170",
        "legal_registration": {"value": "HRA 999170"},
        "address": {"city": "Hamburg", "post_code": "22999", "country": "DE"},
    },
    "buyer": {
        "name": "Brennhof GmbH",
        "vat_id": "DE999942304",
        "address": {"city": "Hamburg", "post_code": "20999", "country": "DE"},
    },
    "payments": [{"means_code": "58", "account": "DE26200990010004417017"}],
    "totals": {"line_net": "260.00", "net": "260.00", "tax": "0.00", "gross": "260.00", "payable": "260.00"},
    "tax_breakdown": [
        {
            "taxable_amount": "260.00",
            "tax_amount": "0.00",
            "category": {"code": "E", "rate": "0"},
            "exemption_reason": "small business, section 19 UStG",
        }
    ],
    "lines": [
        {
            "id": "1",
            "name": "Beds, administration building",
            "quantity": "4",
            "unit": "HUR",
            "net_amount": "260.00",
            "net_price": "65.00",
            "tax": {"code": "E", "rate": "0"},
        }
    ],
}


def key(company: Company, person: str, case: str, document: dict[str, Any] | None = None, **query: str) -> Any:
    """Key a document for a case; the response."""
    return company.person(person).client.post(
        f"/v1/cases/{case}/document",
        content=json.dumps(document or KEYED).encode(),
        params=query,
        headers={"Content-Type": "application/json"},
    )


def test_to_be_keyed_waits_for_the_clerk_with_its_original(company: Company) -> None:
    case = company.case("D49")
    assert (case["status"], case["outcome"], case["entity"]) == ("waiting", "to key", "DE")
    assert case["document"]["canonical"] is None
    assert [task["kind"] for task in case["tasks"]] == ["keying"]
    got = company.person("tomasz.zielinski").client.get(f"/v1/cases/{case['case_id']}/original")
    assert (got.headers["content-type"], got.content) == ("application/pdf", demo_bytes("D49"))


def test_keyed_document_stands_beside_the_original_and_is_judged(company: Company) -> None:
    case_id = company.case_of("D49")
    rehearsed = key(company, "tomasz.zielinski", case_id, dry_run="true").json()
    assert rehearsed["outcome"] == "approval"
    assert company.case("D49")["outcome"] == "to key"

    answer = key(company, "tomasz.zielinski", case_id)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "approval")
    assert [waiting["person_or_role"] for waiting in answer.json()["waiting_for"]] == ["lena.vogt"]
    case = company.case("D49")
    assert (case["number"], case["supplier"], case["enterer"]) == ("26-051", "S17", "tomasz.zielinski")
    assert {(kept["media_type"], kept["in_force"]) for kept in case["documents"]} == {
        ("application/pdf", False),
        ("application/json", True),
    }
    original = company.person("samuel.grant").client.get(f"/v1/cases/{case_id}/original")
    assert sha256(original.content).digest() == sha256(demo_bytes("D49")).digest()
    (told,) = [entry for entry in company.timeline("D49") if entry["type"] == "document.keyed"]
    assert told["actor"]["id"] == "tomasz.zielinski"
    assert company.person("lena.vogt").act(company.task("D49"), "approve").json()["status"] == "posted"


def test_who_keyed_does_not_sign(company: Company) -> None:
    """Even where somebody holds both roles from before: what was done on the case counts."""
    person = {**company.record("person", "lena.vogt"), "roles": ["ap-clerk", "cost-centre-owner"]}
    holds_from_before(company.platform, TENANT, "lena.vogt", person)
    answer = company.person("lena.vogt").submit(b" " + demo_bytes("D49"), "application/pdf")

    keyed = key(company, "lena.vogt", answer.json()["case_id"], {**KEYED, "number": "26-052"}).json()

    assert (keyed["outcome"], [waiting["person_or_role"] for waiting in keyed["waiting_for"]]) == (
        "approval",
        ["elif.demir"],
    )


def test_key_of_another_clerk_is_refused(company: Company) -> None:
    answer = key(company, "amelie.laurent", company.case_of("D49"))
    assert answer.status_code in (403, 404)
    assert key(company, "lena.vogt", company.case_of("D49")).json()["code"] == "AUTH-DUTY-01"


def test_key_what_cannot_be_read_tells_every_place(company: Company) -> None:
    answer = key(company, "tomasz.zielinski", company.case_of("D49"), {"kind": "order", "totals": {"net": "much"}})
    assert answer.status_code == 422
    assert company.case("D49")["outcome"] == "to key"


def test_key_a_case_that_waits_for_something_else_is_refused(company: Company) -> None:
    answer = key(company, "tomasz.zielinski", company.case_of("D11"))
    assert (answer.status_code, answer.json()["code"]) == (409, "KEYING-TASK-01")


def test_case_to_be_keyed_can_be_cancelled_with_a_reason(company: Company) -> None:
    answer = company.person("tomasz.zielinski").act(company.task("D49"), "cancel", "no invoice: an advertisement")
    assert answer.json()["status"] == "cancelled"


def test_supplier_is_told_by_codes_what_the_case_says(company: Company) -> None:
    def told(document: str) -> Any:
        return company.person("samuel.grant").client.get(f"/v1/cases/{company.case_of(document)}/response")

    assert b">AP<" in told("D01").content
    rejected = told("D25")
    assert (b">RE<" in rejected.content, b">LEG<" in rejected.content, b"BR-CO-15" in rejected.content) == (
        True,
        True,
        True,
    )
    nothing = told("D49")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "RESPONSE-NOTHING-01")
