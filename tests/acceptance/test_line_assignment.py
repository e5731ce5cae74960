"""A document names an order of several lines and none of them: a clerk names the lines, and nothing is guessed."""

import json
from decimal import Decimal
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company, holds_from_before
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token

CLERK: Final = "tomasz.zielinski"
ORDER: Final = "PO-2026-0901"


def billed(number: str = "NK-2026-0901", *, named: tuple[str, str] = ("", ""), second_price: str = "3.10") -> bytes:
    """An invoice over 100 kg of tube and 50 elbows that may or may not name the lines of its order."""
    tube = {"id": "1", "name": "Copper tube 22 x 1.0 mm", "quantity": "100", "unit": "KGM", "net_price": "9.40"}
    elbow = {"id": "2", "name": "Bends", "quantity": "50", "unit": "H87", "net_price": second_price}
    elbows = Decimal(second_price) * 50
    tax, vat_amount = {"tax": {"code": "S", "rate": "19"}}, (940 + elbows) * 19 / 100
    net, vat, gross = (f"{amount:.2f}" for amount in (940 + elbows, vat_amount, 940 + elbows + vat_amount))
    tube |= {"net_amount": "940.00"} | ({"order_line": named[0]} if named[0] else {})
    elbow |= {"net_amount": f"{elbows:.2f}"} | ({"order_line": named[1]} if named[1] else {})
    document: dict[str, Any] = {
        "kind": "invoice",
        "customization": "urn:cen.eu:en16931:2017",
        "number": number,
        "issue_date": "2026-03-20",
        "delivery_date": "2026-03-18",
        "due_date": "2026-04-19",
        "type_code": "380",
        "currency": "EUR",
        "order_number": ORDER,
        "seller": {"name": "Nordkupfer Handel GmbH", "vat_id": "DE999940106", "address": SELLER},
        "buyer": {"name": "Brennhof GmbH", "vat_id": "DE999942304", "address": BUYER},
        "payments": [{"means_code": "58", "account": "DE32200990010004401001"}],
        "totals": {"line_net": net, "net": net, "tax": vat, "gross": gross, "payable": gross},
        "tax_breakdown": [{"taxable_amount": net, "tax_amount": vat, "category": tax["tax"]}],
        "lines": [tube | tax, elbow | tax],
    }
    return json.dumps(document).encode()


SELLER: Final = {"city": "Hamburg", "post_code": "20999", "country": "DE", "line_1": "Hafen 1"}
BUYER: Final = {"city": "Hamburg", "post_code": "20999", "country": "DE", "line_1": "Werkstrasse 1"}


@pytest.fixture
def ordered(company: Company) -> Company:
    """The company with an order of two lines on which everything came."""
    first = company.record("order", "PO-2026-0101") | {"number": ORDER}
    tube = first["lines"][0] | {"name": "Copper tube 22 x 1.0 mm"}
    elbow = tube | {"id": "2", "name": "Elbow 22 mm", "quantity": "60", "unit": "H87", "price": "3.10"}
    order = first | {"lines": [tube | {"quantity": "100"}, elbow]}
    receipt = {
        "number": "GR-2026-0901",
        "order": ORDER,
        "received_on": "2026-03-18",
        "received_by": "karim.benali",
        "lines": [
            {"order_line": "1", "quantity": "100", "unit": "KGM"},
            {"order_line": "2", "quantity": "50", "unit": "H87"},
        ],
    }
    importer = company.person("importer")
    for kind, key, body in (("order", ORDER, order), ("receipt", "GR-2026-0901", receipt)):
        assert importer.put(kind, key, body).status_code == 200
    return company


def handed_in(company: Company, content: bytes) -> Answer:
    answer = company.person(CLERK).submit(content)
    assert answer.status_code == 201, answer.text
    return answer.json()


def offered(company: Company, case: str, person: str = CLERK) -> Answer:
    return company.person(person).get(f"/cases/{case}/order-lines")


def name_lines(company: Company, case: str, person: str = CLERK, **lines: str) -> Answer:
    body = {"document": offered(company, case)["document"], "lines": {key[1:]: line for key, line in lines.items()}}
    return company.person(person).client.post(f"/v1/cases/{case}/order-lines", json=body | {"reason": "by the items"})


def case_of(company: Company, case: str) -> Answer:
    return company.person("samuel.grant").get(f"/cases/{case}")


def test_document_without_lines_of_its_order_is_the_clerks(ordered: Company) -> None:
    answer = handed_in(ordered, billed())
    assert (answer["status"], answer["outcome"]) == ("waiting", "exception")
    assert [each["person_or_role"] for each in answer["waiting_for"]] == [CLERK, CLERK]
    assert [each["code"] for each in answer["reasons"]][:1] == ["AP-LINE-08"]


def test_both_sides_are_offered_with_a_suggestion_that_is_not_applied(ordered: Company) -> None:
    case = handed_in(ordered, billed())["case_id"]
    told = offered(ordered, case)
    assert [(line["order_line"], line["quantity"], line["received"], line["open"]) for line in told["order_lines"]] == [
        ("1", "100", "100", "100"),
        ("2", "60", "50", "60"),
    ]
    assert [(line["order_line"], line["suggestion"]) for line in told["lines"]] == [
        ("", {"order_line": "1", "same": ["description", "price"]}),
        ("", {"order_line": "2", "same": ["price"]}),
    ]


def test_named_lines_are_a_correction_on_which_all_controls_run(ordered: Company) -> None:
    case = handed_in(ordered, billed())["case_id"]
    answer = name_lines(ordered, case, l1="1", l2="2")
    assert (answer.status_code, answer.json()["status"]) == (200, "posted")
    told = case_of(ordered, case)
    assert [line["order_line"] for line in told["document"]["canonical"]["lines"]] == ["1", "2"]
    assert [(kept["in_force"], kept["received_by"]) for kept in told["documents"]] == [(False, CLERK), (True, CLERK)]
    original = ordered.person("samuel.grant").client.get(f"/v1/cases/{case}/original")
    assert original.content == billed()
    entries = ordered.person("samuel.grant").get(f"/cases/{case}/timeline")["entries"]
    (keyed,) = [entry for entry in entries if entry["type"] == "document.keyed"]
    assert (keyed["actor"]["id"], keyed["data"]["lines"], keyed["reason_text"]) == (
        CLERK,
        {"1": "1", "2": "2"},
        "by the items",
    )


def test_wrong_line_is_measured_like_any_other_and_can_be_named_anew(ordered: Company) -> None:
    case = handed_in(ordered, billed())["case_id"]
    assert name_lines(ordered, case, l1="2", l2="1").json()["outcome"] == "exception"
    assert "unit" in case_of(ordered, case)["exception_types"]
    assert name_lines(ordered, case, l1="", l2="").json()["outcome"] == "exception"
    assert name_lines(ordered, case, l1="1", l2="2").json()["status"] == "posted"


def test_named_line_does_not_loosen_a_price(ordered: Company) -> None:
    case = handed_in(ordered, billed(second_price="31.00"))["case_id"]
    answer = name_lines(ordered, case, l1="1", l2="2").json()
    assert (answer["outcome"], case_of(ordered, case)["exception_types"]) == ("exception", ["price"])


def test_line_that_the_supplier_named_wrongly_is_the_buyers_and_the_clerk_may_name_the_right_one(
    ordered: Company,
) -> None:
    answer = handed_in(ordered, billed(named=("1", "7")))
    assert [each["code"] for each in answer["reasons"]][:1] == ["AP-LINE-01"]
    assert [each["person_or_role"] for each in answer["waiting_for"]] == ["jonas.adler"]
    assert name_lines(ordered, answer["case_id"], l2="2").json()["status"] == "posted"


@pytest.mark.parametrize(
    ("named_by", "asked"), [(CLERK, "elif.demir"), ("elif.demir", "nadia.okafor")], ids=["a clerk", "a signer"]
)
def test_who_named_the_lines_does_not_sign(ordered: Company, named_by: str, asked: str) -> None:
    """Even where somebody holds both roles from before: what was done on the case counts."""
    importer, order = ordered.person("importer"), ordered.record("order", ORDER)
    order["lines"][1]["price"] = "1100.00"
    assert importer.put("order", ORDER, order).status_code == 200
    person = {**ordered.record("person", "elif.demir"), "roles": ["ap-clerk", "vp-operations"]}
    holds_from_before(ordered.platform, TENANT, "elif.demir", person)
    case = handed_in(ordered, billed(second_price="1100.00"))["case_id"]
    answer = name_lines(ordered, case, named_by, l1="1", l2="2").json()
    assert (answer["outcome"], [each["person_or_role"] for each in answer["waiting_for"]][:1]) == ("approval", [asked])


REFUSED: Final = {
    "a line that the order does not have": ({"1": "9"}, 422, "LINE-ASSIGN-07"),
    "a line that the document does not have": ({"3": "1"}, 422, "LINE-ASSIGN-06"),
    "nothing that changes": ({"1": ""}, 409, "LINE-ASSIGN-05"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused(ordered: Company, why: str) -> None:
    lines, status, code = REFUSED[why]
    case = handed_in(ordered, billed())["case_id"]
    answer = name_lines(ordered, case, **{f"l{place}": line for place, line in lines.items()})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert case_of(ordered, case)["exception_types"] == ["document"]


def test_document_that_was_corrected_meanwhile_is_looked_at_again(ordered: Company) -> None:
    case = handed_in(ordered, billed())["case_id"]
    body = {"document": "0" * 64, "lines": {"1": "1"}}
    answer = ordered.person(CLERK).client.post(f"/v1/cases/{case}/order-lines", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "LINE-ASSIGN-02")


def test_posted_document_keeps_its_lines(ordered: Company) -> None:
    case = handed_in(ordered, billed(named=("1", "2")))["case_id"]
    answer = name_lines(ordered, case, l1="2")
    assert (answer.status_code, answer.json()["code"]) == (409, "LINE-ASSIGN-03")


def test_document_without_an_order_has_no_lines_to_name(ordered: Company) -> None:
    case = ordered.case_of("D11")
    assert (offered(ordered, case)["order"], offered(ordered, case)["order_lines"]) == ("", [])
    answer = name_lines(ordered, case, l1="1")
    assert (answer.status_code, answer.json()["code"]) == (409, "LINE-ASSIGN-01")


@pytest.mark.parametrize(("person", "code"), [("jonas.adler", "AUTH-DUTY-01"), ("amelie.laurent", "CASE-UNKNOWN-01")])
def test_only_a_clerk_of_the_entity_names_lines(ordered: Company, person: str, code: str) -> None:
    case = handed_in(ordered, billed())["case_id"]
    assert name_lines(ordered, case, person, l1="1").json()["code"] == code


def test_page_names_lines_and_says_beside_the_line_what_is_wrong(ordered: Company) -> None:
    case = handed_in(ordered, billed())["case_id"]
    client = signed_in(ordered, CLERK)
    assert f'href="/cases/{case}/order-lines"' in client.get(f"/cases/{case}").text
    page = client.get(f"/cases/{case}/order-lines").text
    assert "Suggestion, not chosen: line 2" in page
    assert '<option value="" selected>' in page
    form = {"form_token": token(client), "document": offered(ordered, case)["document"], "line-1": "1"}
    wrong = client.post(f"/cases/{case}/order-lines", data=form | {"line-2": "9"})
    assert (wrong.status_code, 'id="line-2-problem"' in wrong.text) == (422, True)
    assert client.post(f"/cases/{case}/order-lines", data=form | {"line-2": "2"}).status_code == 303
    assert case_of(ordered, case)["status"] == "posted"
    assert "line 1 is 1, line 2 is 2" in client.get(f"/cases/{case}?tab=timeline").text
