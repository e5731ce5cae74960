"""Purchasing end to end: ceilings, advances, credits, splits, and postings whose ground goes away."""

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company, demo_bytes, demo_form

BLANKET, CONTRACT = "PO-2026-0408", "CT-2023-016"


def renumbered(document: str, **changes: str) -> bytes:
    """A demonstration document under another number and with other texts."""
    content = demo_bytes(document).decode()
    for old, new in changes.items():
        assert old.replace("_", "-") in content or old in content
        content = content.replace(old.replace("_", "-"), new).replace(old, new)
    return content.encode()


def outcome(company: Company, document: str) -> tuple[str, str, list[str]]:
    case = company.case(document)
    return case["status"], case["outcome"], case["exception_types"]


def sign(company: Company, person: str, document: str) -> Answer:
    answer = company.person(person).act(company.task(document), "approve")
    assert answer.status_code == 200, answer.text
    company.work()
    return answer.json()


def release(company: Company, person: str, case_id: str) -> Answer:
    case = company.person("samuel.grant").get(f"/cases/{case_id}")
    (task,) = [task for task in case["tasks"] if task["status"] == "open"]
    return company.person(person).act(task, "approve")


# ---- what binds the company is released by somebody else -----------------------------------------------------------


def test_raised_ceiling_is_released_by_who_may_commit_it_and_the_invoice_is_posted(company: Company) -> None:
    raised = company.record("order", BLANKET) | {"ceiling": "61800.00"}
    change = company.person("sofia.marchetti").put("order", BLANKET, raised).json()
    assert [waiting["person_or_role"] for waiting in change["waiting_for"]] == ["elif.demir"]
    assert outcome(company, "D08") == ("waiting", "exception", ["blanket"])
    assert release(company, "elif.demir", change["case_id"]).status_code == 200
    company.work()
    assert outcome(company, "D08") == ("posted", "posted", [])
    assert company.record("order", BLANKET)["released_by"] == "elif.demir"


def test_ceiling_that_is_still_too_low_holds_the_invoice(company: Company) -> None:
    raised = company.record("order", BLANKET) | {"ceiling": "61799.99"}
    change = company.person("sofia.marchetti").put("order", BLANKET, raised).json()
    release(company, "elif.demir", change["case_id"])
    company.work()
    assert outcome(company, "D08") == ("waiting", "exception", ["blanket"])


RENEWED: dict[str, tuple[str, dict[str, Any]]] = {
    "contract": (CONTRACT, {"valid_to": "2026-12-31"}),
    "agreement": ("AG-2025-0061", {"amount": "2200.00"}),
    "schedule": ("AG-2014-0007", {"instalments": [{"period": "2026-04", "amount": "18500.00"}]}),
}


@pytest.mark.parametrize("kind", RENEWED)
def test_amendment_of_what_binds_the_company_waits_for_somebody_else(company: Company, kind: str) -> None:
    key, changes = RENEWED[kind]
    before = company.record(kind, key)
    change = company.person("sofia.marchetti").put(kind, key, before | changes).json()
    assert company.record(kind, key) == before
    assert [waiting["person_or_role"] for waiting in change["waiting_for"]] != ["sofia.marchetti"]
    refused = release(company, "sofia.marchetti", change["case_id"])
    assert refused.status_code == 403
    (person,) = [waiting["person_or_role"] for waiting in change["waiting_for"]]
    assert release(company, person, change["case_id"]).status_code == 200
    after = company.record(kind, key)
    assert {name: after[name] for name in changes} == changes
    assert after.get("released_by", person) == person


def test_receiver_changes_no_contract(company: Company) -> None:
    answer = company.person("karim.benali").put("contract", CONTRACT, company.record("contract", CONTRACT))
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-DUTY-01")


# ---- advances ------------------------------------------------------------------------------------------------------


def balances(company: Company, *names: str) -> list[int]:
    keys = [f"advance/PO-2026-0437/{name}" for name in names]
    found = company.read(lambda uow: uow.balances(keys))
    return [found.get(key, 0) // 10_000 for key in keys]


def test_final_invoice_is_posted_once_its_advance_is(company: Company) -> None:
    assert balances(company, "asked", "open", "cleared") == [3_570_000, 0, 3_570_000]
    sign(company, "elif.demir", "D38")
    sign(company, "clara.weiss", "D38")
    assert outcome(company, "D38") == ("waiting", "exception", ["contract"])
    sign(company, "elif.demir", "D37")
    assert outcome(company, "D37") == ("posted", "posted", [])
    assert balances(company, "asked", "open", "cleared") == [0, 3_570_000, 3_570_000]
    assert outcome(company, "D38") == ("posted", "posted", [])
    (journal,) = company.case("D38")["journals"]
    booked = {line["account"]: line["amount"] for line in journal["lines"] if "advance" in line["text"]}
    assert booked["1510"] == "-30000.00"


def test_advance_first_then_the_final_invoice(company: Company) -> None:
    sign(company, "elif.demir", "D37")
    sign(company, "elif.demir", "D38")
    sign(company, "clara.weiss", "D38")
    assert outcome(company, "D38") == ("posted", "posted", [])


def test_second_advance_beyond_the_agreed_share_is_held(company: Company) -> None:
    amounts = {"35700.00": "1190.00", "30000.00": "1000.00", "5700.00": "190.00"}
    second = renumbered("D37", **{"FG-88150": "FG-88951"}, **amounts)
    answer = company.person("tomasz.zielinski").submit(second, "application/xml").json()
    assert company.person("samuel.grant").get(f"/cases/{answer['case_id']}")["exception_types"] == ["contract"]


# ---- recurring agreements and credits ------------------------------------------------------------------------------


def held_as(company: Company, content: bytes, media_type: str = "application/xml") -> list[str]:
    answer = company.person("tomasz.zielinski").submit(content, media_type).json()
    case: Any = company.person("samuel.grant").get(f"/cases/{answer['case_id']}")
    assert case["status"] == "waiting"
    found: list[str] = case["exception_types"]
    return found


def test_period_of_an_agreement_is_paid_once(company: Company) -> None:
    again = renumbered(
        "D10", **{"KE-774411": "KE-990001", "2238.40": "2230.00", "425.30": "423.70", "2663.70": "2653.70"}
    )
    again = again.replace(b"0.2798", b"0.27875")
    assert "contract" in held_as(company, again)


def test_next_period_of_an_agreement_is_posted_by_itself(company: Company) -> None:
    content = demo_form("D12").decode().replace("QI-2026-03", "QI-2026-02")
    content = (
        content.replace("2026-03-01", "2026-02-01").replace("2026-03-31", "2026-02-28").replace("March", "February")
    )
    answer = company.person("tomasz.zielinski").submit(content.encode(), "application/json").json()
    assert company.person("samuel.grant").get(f"/cases/{answer['case_id']}")["exception_types"] in ([], ["period"])


def test_return_is_credited_once(company: Company) -> None:
    assert "credit note" in held_as(company, renumbered("D35", **{"FG-C-0091": "FG-C-0092"}))


def test_agreed_dispute_lets_a_credit_note_pass(company: Company) -> None:
    claim = {
        "number": "DS-1",
        "supplier": "S02",
        "invoice": "FG-88120",
        "kind": "price",
        "amount": "1550.00",
        "currency": "EUR",
        "recorded_by": "",
        "recorded_on": "2026-03-27",
    }
    answer = company.person("jonas.adler").put("dispute", "DS-1", claim)
    assert answer.status_code == 200, answer.text
    assert company.record("dispute", "DS-1")["recorded_by"] == "jonas.adler"
    content = renumbered("D35", **{"FG-C-0091": "FG-C-0093"})
    answer = company.person("tomasz.zielinski").submit(content, "application/xml")
    assert answer.json()["status"] == "posted", answer.text


# ---- splits --------------------------------------------------------------------------------------------------------


def attempts(company: Company, document: str) -> list[str]:
    return [entry["data"]["class"] for entry in company.timeline(document) if entry["type"] == "breach.attempted"]


def test_both_parts_of_a_split_are_signed_by_who_may_sign_the_sum(company: Company) -> None:
    assert attempts(company, "D14") + attempts(company, "D15") == ["split"]
    for document in ("D14", "D15"):
        sign(company, "chloe.martin", document)
        assert [waiting["person_or_role"] for waiting in company.case(document)["waiting_for"]] == ["marc.dubois"]
        sign(company, "marc.dubois", document)
        assert outcome(company, document) == ("posted", "posted", [])
    assert attempts(company, "D14") + attempts(company, "D15") == ["split"]


def cleaned_again(company: Company, number: str, net: str, day: str = "2026-03-20", **fields: str) -> Answer:
    """Another invoice of the cleaners of D45, who need no order up to 1,000.00; it comes on its way through a clerk."""
    body = json.loads(demo_form("D45")) | {"number": number, "issue_date": day} | fields
    vat = str((Decimal(net) * 19 / 100).quantize(Decimal("0.01")))
    gross = str(Decimal(net) + Decimal(vat))
    body["totals"] |= {"line_net": net, "net": net, "tax": vat, "gross": gross, "payable": gross}
    body["tax_breakdown"][0] |= {"taxable_amount": net, "tax_amount": vat}
    (line,) = body["lines"]
    body["lines"] = [line | {"name": f"Windows {number}", "quantity": "1", "net_price": net, "net_amount": net}]
    answer = company.person("tomasz.zielinski").submit(json.dumps(body).encode())
    assert answer.status_code == 201, answer.text
    company.work()
    return company.person("samuel.grant").get(f"/cases/{answer.json()['case_id']}")


@pytest.mark.parametrize(
    ("net", "day", "fields", "status"),
    [
        pytest.param("110.01", "2026-03-20", {}, "returned", id="a cent over it together"),
        pytest.param("110.00", "2026-03-20", {}, "waiting", id="exactly the limit together"),
        pytest.param("110.01", "2026-03-09", {}, "waiting", id="eleven days before"),
        pytest.param(
            "110.01",
            "2026-03-20",
            {"accounting_reference": "DE-1000", "buyer_reference": ""},
            "waiting",
            id="for another cost centre",
        ),
    ],
)
def test_small_purchases_count_together_for_the_limit_above_which_an_order_is_needed(
    company: Company, net: str, day: str, fields: dict[str, str], status: str
) -> None:
    case = cleaned_again(company, "HFS-5601", net, day, **fields)
    assert case["status"] == status, case["reasons"]
    if status == "returned":
        (reason,) = [each for each in case["reasons"] if each["code"] == "AP-ORDER-12"]
        assert reason["text"].endswith("must be ordered above EUR 1,000.00: EUR 1,000.01 together with HFS-5540")
    assert company.case("D45")["status"] == "waiting"


def test_part_that_was_sent_back_leaves_room_for_a_smaller_one(company: Company) -> None:
    assert cleaned_again(company, "HFS-5601", "110.01")["status"] == "returned"
    assert cleaned_again(company, "HFS-5602", "110.00")["status"] == "waiting"
    assert cleaned_again(company, "HFS-5603", "0.01")["status"] == "returned"


# ---- after the posting ---------------------------------------------------------------------------------------------


def received(company: Company, number: str, **changes: object) -> Answer:
    body = company.record("receipt", number) | changes
    answer = company.person("karim.benali").put("receipt", number, body)
    company.work()
    return answer


def test_reversed_receipt_blocks_the_payment_of_what_was_posted(company: Company) -> None:
    assert received(company, "GR-2026-0201", status="reversed", reason="counted twice").status_code == 200
    status, result, _ = outcome(company, "D01")
    assert (status, result) == ("posted", "posted with payment block")
    items = company.read(lambda uow: uow.open_items(case_id=company.case_of("D01")))
    assert [item.payment_block for item in items] == ["receipt withdrawn"]
    assert len(company.case("D01")["journals"]) == 1


def test_reversed_receipt_opens_a_waiting_case_again(company: Company) -> None:
    received(company, "GR-2026-0437", status="reversed", reason="another order's")
    assert outcome(company, "D38") == ("waiting", "exception", ["no receipt"])
    assert balances(company, "cleared") == [0]


def test_goods_that_go_back_after_the_posting_block_the_payment(company: Company) -> None:
    body = {
        "number": "RT-9",
        "order": "PO-2026-0106",
        "received_on": "2026-03-27",
        "received_by": "",
        "kind": "return",
        "reason": "leaking",
        "lines": [{"order_line": "1", "quantity": "-20", "unit": "H87"}],
    }
    assert company.person("karim.benali").put("receipt", "RT-9", body).status_code == 200
    company.work()
    assert outcome(company, "D06")[:2] == ("posted", "posted with payment block")


def test_cancelled_order_blocks_the_payment_of_what_was_posted(company: Company) -> None:
    cancelled = company.record("order", "PO-2026-0443") | {"status": "cancelled"}
    assert company.person("importer").put("order", "PO-2026-0443", cancelled).status_code == 200
    company.work()
    assert outcome(company, "D43")[:2] == ("posted", "posted with payment block")


def test_closed_order_blocks_nothing(company: Company) -> None:
    closed = company.record("order", "PO-2026-0443") | {"status": "closed"}
    company.person("importer").put("order", "PO-2026-0443", closed)
    company.work()
    assert outcome(company, "D43") == ("posted", "posted", [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"lines": [{"order_line": "1", "quantity": "1001", "unit": "KGM"}]}, "RECEIPT-CHANGE-02", id="more"
        ),
        pytest.param({"status": "reversed"}, "RECEIPT-REASON-02", id="reversed without a reason"),
        pytest.param({"kind": "return"}, "RECEIPT-QUANTITY-01", id="a return of a positive quantity"),
    ],
)
def test_what_was_received_does_not_change(company: Company, changes: dict[str, object], code: str) -> None:
    answer = received(company, "GR-2026-0201", **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_receipt_that_comes_later_moves_the_invoice_on(company: Company) -> None:
    body = {
        "number": "GR-9",
        "order": "PO-2026-0447",
        "received_on": "2026-03-27",
        "received_by": "",
        "lines": [{"order_line": "1", "quantity": "40", "unit": "H87"}],
    }
    company.person("karim.benali").put("receipt", "GR-9", body)
    company.work()
    assert outcome(company, "D47") == ("posted", "posted", [])


def test_conversion_that_is_withdrawn_leaves_units_uncompared(new_company: Company) -> None:
    boxes = new_company.record("unit-conversion", "S04/XBX/H87/BRG-6208") | {"item": "BRG-1"}
    new_company.person("importer").put("unit-conversion", "S04/XBX/H87/BRG-6208", boxes)
    answer = new_company.person("importer").submit(demo_bytes("D48"), "application/xml").json()
    assert new_company.person("samuel.grant").get(f"/cases/{answer['case_id']}")["exception_types"] == ["unit"]


# ---- orders of other kinds -----------------------------------------------------------------------------------------


def ordered(company: Company, number: str, **changes: object) -> None:
    """An order of Ferrum Guss over 10 pump housings, put in force by an import."""
    body = company.record("order", "PO-2026-0443") | {"number": number} | changes
    line = body["lines"][0] | {"tax": {"code": "S", "rate": "19"}}
    answer = company.person("importer").put("order", number, body | {"lines": [line]})
    assert answer.status_code == 200, answer.text


def arrived(company: Company, number: str, order: str, quantity: str = "10", **changes: object) -> Answer:
    line = {"order_line": "1", "quantity": quantity, "unit": "H87"}
    body = {"number": number, "order": order, "received_on": "2026-03-26", "received_by": "", "lines": [line]}
    answer = company.person("karim.benali").put("receipt", number, body | changes)
    assert answer.status_code == 200, answer.text
    company.work()
    return answer.json()


def billed(company: Company, order: str, number: str = "FG-70001") -> Answer:
    content = renumbered("D43", **{"FG-88161": number, "PO-2026-0443": order})
    answer = company.person("tomasz.zielinski").submit(content, "application/xml").json()
    return company.person("samuel.grant").get(f"/cases/{answer['case_id']}")


def test_receipt_settles_an_order_that_agrees_to_it_and_the_supplier_s_invoice_is_held(company: Company) -> None:
    ordered(company, "PO-ERS", evaluated_receipt=True)
    case_id = arrived(company, "GR-ERS", "PO-ERS")["settlement"]
    case = company.person("samuel.grant").get(f"/cases/{case_id}")
    assert (case["status"], case["outcome"], case["number"]) == ("posted", "posted", "ERS-GR-ERS"), case["reasons"]
    assert case["document"]["canonical"]["totals"]["gross"] == "3641.40"
    assert "order" in billed(company, "PO-ERS")["exception_types"]


def test_consigned_goods_are_owed_once_they_are_withdrawn(company: Company) -> None:
    ordered(company, "PO-CON", order_type="consignment")
    arrived(company, "GR-CON", "PO-CON")
    assert billed(company, "PO-CON")["exception_types"] == ["no receipt"]
    arrived(company, "WD-CON", "PO-CON", kind="withdrawal")
    assert [case["status"] for case in company.person("samuel.grant").get("/cases", q="FG-70001")["cases"]] == [
        "posted"
    ]


def test_inspected_goods_are_owed_once_they_are_accepted(company: Company) -> None:
    ordered(company, "PO-INS", match="four-way")
    arrived(company, "GR-INS", "PO-INS")
    assert billed(company, "PO-INS")["exception_types"] == ["quality"]
    line = {"order_line": "1", "quantity": "10", "unit": "H87", "accepted": "10"}
    assert received(company, "GR-INS", lines=[line]).status_code == 200
    assert [case["status"] for case in company.person("samuel.grant").get("/cases", q="FG-70001")["cases"]] == [
        "posted"
    ]


def test_work_on_provided_parts_is_matched_like_any_order(company: Company) -> None:
    ordered(company, "PO-SUB", order_type="subcontract")
    arrived(company, "GR-SUB", "PO-SUB")
    assert billed(company, "PO-SUB")["status"] == "posted"


@pytest.mark.parametrize(
    ("contract", "exceptions"),
    [
        pytest.param({}, [], id="at the listed price"),
        pytest.param({"prices": [{"item": "PH-80", "unit": "H87", "price": "305.00"}]}, ["contract"], id="dearer"),
        pytest.param({"ceiling": "3059.99"}, ["blanket"], id="over its ceiling"),
        pytest.param({"valid_to": "2026-02-28"}, ["contract"], id="ended before the order"),
    ],
)
def test_call_off_is_held_against_its_contract(
    company: Company, contract: dict[str, object], exceptions: list[str]
) -> None:
    body = company.record("contract", CONTRACT) | {"number": "CT-F", "supplier": "S02", "valid_to": "2026-12-31"}
    body |= {"prices": [{"item": "PH-80", "unit": "H87", "price": "306.00"}], "consumed": "0"} | contract
    assert company.person("importer").put("contract", "CT-F", body).status_code == 200
    ordered(company, "PO-FRA", order_type="framework", contract="CT-F")
    arrived(company, "GR-FRA", "PO-FRA")
    assert billed(company, "PO-FRA")["exception_types"] == exceptions
