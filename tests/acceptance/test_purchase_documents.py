"""Orders, changes, despatch and receipt advices as documents: into the records that invoices are matched with."""

from typing import Any

from tests.acceptance.company import Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token
from tests.unit.adapters.einvoice.test_purchasing import CANCELLATION, CHANGE, DESPATCH, ORDER, RECEIPT


def hand_in(company: Company, content: bytes, person: str = "importer") -> Any:
    """Hand a document in; what became of its one part."""
    answer = company.person(person).client.post(
        "/v1/intake", content=content, headers={"Content-Type": "application/xml"}
    )
    assert answer.status_code == 201, answer.text
    (part,) = answer.json()["results"]
    return part


def test_order_and_its_change_are_versions_of_one_record(new_company: Company) -> None:
    assert hand_in(new_company, ORDER)["record"] == "order/PO-9"
    order = new_company.record("order", "PO-9")
    assert (order["supplier"], order["entity"], order["category"]) == ("S01", "DE", "raw material")

    hand_in(new_company, CHANGE)

    changed = new_company.record("order", "PO-9")
    assert [(line["id"], line["quantity"], line["price"]) for line in changed["lines"]] == [
        ("1", "600", "9.50"),
        ("2", "1", "5"),
    ]
    assert changed["order_date"] == order["order_date"]
    in_another = CHANGE.replace(b"EUR", b"USD").replace(b"CH-1", b"CH-2")
    assert hand_in(new_company, in_another)["code"] == "PURCHASE-CURRENCY-01"
    hand_in(new_company, CANCELLATION)
    assert new_company.record("order", "PO-9")["status"] == "cancelled"


def test_receipt_advice_is_a_receipt_and_a_despatch_advice_is_none(new_company: Company) -> None:
    hand_in(new_company, ORDER)
    hand_in(new_company, DESPATCH)
    receipts = new_company.person("samuel.grant").get("/reference/receipt")["records"]
    assert "DN-9" not in {record["key"] for record in receipts}
    hand_in(new_company, RECEIPT)
    receipt = new_company.record("receipt", "GR-9")
    assert (receipt["order"], receipt["received_by"]) == ("PO-9", "importer")


def test_what_the_records_do_not_know_is_refused_and_seen(new_company: Company) -> None:
    assert hand_in(new_company, RECEIPT)["code"] == "PURCHASE-ORDER-01"
    assert hand_in(new_company, ORDER.replace(b"DE999940106", b"DE1"), "importer")["record"] == "order/PO-9"  # by name
    unknown = ORDER.replace(b"DE999940106", b"DE1").replace(b"Nordkupfer", b"Sudkupfer").replace(b"PO-9", b"PO-8")
    assert hand_in(new_company, unknown)["code"] == "PURCHASE-SUPPLIER-01"
    failed = new_company.person("tomasz.zielinski").get("/intake")["intake"]
    assert [part["code"] for each in failed for part in each["results"]] == [
        "PURCHASE-ORDER-01",
        "PURCHASE-SUPPLIER-01",
    ]


def test_what_came_too_early_is_taken_in_when_it_comes_again(new_company: Company) -> None:
    assert hand_in(new_company, RECEIPT)["code"] == "PURCHASE-ORDER-01"
    assert hand_in(new_company, RECEIPT)["tries"] == 2
    hand_in(new_company, ORDER)
    assert hand_in(new_company, RECEIPT)["outcome"] == "brought in"
    assert new_company.person("tomasz.zielinski").get("/intake")["intake"] == []


def test_what_came_too_early_is_tried_again_on_its_page(new_company: Company) -> None:
    hand_in(new_company, RECEIPT)
    (failed,) = new_company.person("importer").get("/intake")["intake"]
    hand_in(new_company, ORDER)
    page, address = signed_in(new_company, "importer"), f"/intake/{failed['intake_id']}"
    shown = page.get(address).text
    assert "Try again" in shown
    answer = page.post(address, data={"form_token": token(page)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    again = page.get(address).text
    assert "Brought in" in again
    assert "Try again" not in again
    assert new_company.record("receipt", "GR-9")["order"] == "PO-9"


def test_who_may_not_locks_nobody_out(new_company: Company) -> None:
    assert hand_in(new_company, ORDER, "tomasz.zielinski")["code"] == "AUTH-DUTY-01"
    assert hand_in(new_company, ORDER)["record"] == "order/PO-9"


def test_known_number_of_another_supplier_is_refused(new_company: Company) -> None:
    hand_in(new_company, ORDER)
    other = ORDER.replace(b"DE999940106", b"DE999940219").replace(b"Nordkupfer Handel GmbH", b"Ferrum Guss GmbH")
    assert hand_in(new_company, other)["code"] == "PURCHASE-SUPPLIER-02"


def test_order_of_a_buyer_waits_for_its_release(new_company: Company) -> None:
    part = hand_in(new_company, ORDER, "jonas.adler")
    case = new_company.person("samuel.grant").get(f"/cases/{part['case_id']}")
    assert (case["kind"], case["status"]) == ("order_change", "waiting")


def test_clerk_brings_no_order_in(new_company: Company) -> None:
    assert hand_in(new_company, ORDER, "tomasz.zielinski")["code"] == "AUTH-DUTY-01"
