"""A posted invoice is not paid once its order, receipt, contract or agreement is taken back or lowered below it."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Company, at_the_door
from tests.acceptance.test_purchasing import BLANKET, CONTRACT, arrived, billed, ordered, outcome, received

from comptroller.application.records import revised

LOST: Final = "contract withdrawn"


def block_milestones(company: Company, case_id: str) -> list[tuple[str, str, str]]:
    rows = company.read(lambda uow: uow.milestones(case_id))
    return [(row.kind, row.person, row.detail) for row in rows if row.kind.startswith("payment ")]


def blocks(company: Company, case_id: str) -> list[tuple[str, str]]:
    case: Any = company.person("samuel.grant").get(f"/cases/{case_id}")
    return [(block["cause"], block["text"]) for block in case["payment_blocks"]]


def imported(company: Company, kind: str, key: str, **changes: object) -> None:
    """The record with these changes, as the system that owns it sends it."""
    body: Mapping[str, object] = company.record(kind, key) | changes
    answer = company.person("importer").put(kind, key, body)
    assert answer.status_code == 200, answer.text
    company.work()


@pytest.fixture
def called_off(company: Company) -> str:
    """A posted invoice over ten pump housings, called off from a contract with a ceiling and a price list."""
    body = company.record("contract", CONTRACT) | {"number": "CT-F", "supplier": "S02", "valid_to": "2026-12-31"}
    body |= {"prices": [{"item": "PH-80", "unit": "H87", "price": "306.00"}], "consumed": "0", "ceiling": "5000.00"}
    assert company.person("importer").put("contract", "CT-F", body).status_code == 200
    ordered(company, "PO-FRA", order_type="framework", contract="CT-F")
    arrived(company, "GR-FRA", "PO-FRA")
    case = billed(company, "PO-FRA")
    assert case["status"] == "posted", case["reasons"]
    return str(case["case_id"])


# ---- orders and receipts -------------------------------------------------------------------------------------------


def test_block_says_what_is_missing_and_leaves_its_instant(company: Company) -> None:
    received(company, "GR-2026-0201", status="reversed", reason="counted twice")
    case_id = company.case_of("D01")
    ((cause, fact),) = blocks(company, case_id)
    assert (cause, "PO-2026-0101" in fact, "line 1" in fact) == ("receipt withdrawn", True, True)
    assert block_milestones(company, case_id) == [("payment blocked", "", "receipt withdrawn")]


RETURN: Final[dict[str, object]] = {
    "number": "RT-77",
    "supplier": "S03",
    "kind": "return",
    "amount": "200.00",
    "currency": "EUR",
    "order": "PO-2026-0106",
    "recorded_by": "",
    "recorded_on": "2026-03-27",
    "lines": [{"order_line": "1", "quantity": "20", "unit": "H87"}],
}


@pytest.mark.parametrize(
    ("changes", "causes"),
    [
        pytest.param({}, ["goods returned"], id="because of this invoice"),
        pytest.param({"invoice": "another"}, ["receipt withdrawn"], id="because of another: fewer are there for this"),
        pytest.param({"status": "withdrawn"}, [], id="the claim was withdrawn"),
    ],
)
def test_return_that_is_recorded_after_the_posting_blocks_the_payment(
    company: Company, changes: dict[str, object], causes: list[str]
) -> None:
    case_id = company.case_of("D06")
    number = company.case("D06")["number"]
    answer = company.person("karim.benali").put("dispute", "RT-77", {**RETURN, "invoice": number, **changes})
    assert answer.status_code == 200, answer.text
    company.work()
    found = blocks(company, case_id)
    assert [cause for cause, _ in found] == causes
    if causes == ["goods returned"]:
        assert found[0][1] == "goods returned: RT-77; the credit note is awaited"


def test_case_that_was_looked_at_again_goes_on_like_any_other(company: Company) -> None:
    """Looking again tells decisions on the case even where nothing is blocked: what comes next follows upon them."""
    imported(company, "order", "PO-2026-0443", status="closed")
    body = {"cause": "dispute", "reason": "leaking"}
    answer = company.person("jonas.adler").client.post(f"/v1/cases/{company.case_of('D43')}/blocks", json=body)
    assert answer.status_code == 201, answer.text


# ---- contracts -----------------------------------------------------------------------------------------------------

GONE: Final[dict[str, tuple[dict[str, object], str]]] = {
    "cancelled": ({"status": "cancelled"}, "contract CT-F is no longer in force"),
    "suspended": ({"status": "suspended"}, "contract CT-F is no longer in force"),
    "ended before the order": ({"valid_to": "2026-01-31"}, "contract CT-F ended on 2026-01-31"),
    "lowered": ({"ceiling": "3059.99"}, "EUR 0.01 over the ceiling of EUR 3,059.99 of CT-F"),
    "cheaper on its list": ({"prices": [{"item": "PH-80", "unit": "H87", "price": "305.00"}]}, "CT-F"),
}


@pytest.mark.parametrize("how", GONE)
def test_contract_that_covers_it_no_longer_blocks_the_payment(company: Company, called_off: str, how: str) -> None:
    changes, fact = GONE[how]
    imported(company, "contract", "CT-F", **changes)
    ((cause, text),) = blocks(company, called_off)
    assert (cause, fact in text) == (LOST, True), text
    (item,) = company.read(lambda uow: uow.open_items(case_id=called_off))
    assert item.payment_block == LOST
    assert block_milestones(company, called_off) == [("payment blocked", "", LOST)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"valid_to": "2026-03-27"}, id="ends after the order"),
        pytest.param({"ceiling": "3060.00"}, id="lowered to what is invoiced"),
        pytest.param({"owner": "jonas.adler"}, id="another owner"),
    ],
)
def test_contract_that_still_covers_it_blocks_nothing(
    company: Company, called_off: str, changes: dict[str, object]
) -> None:
    imported(company, "contract", "CT-F", **changes)
    assert blocks(company, called_off) == []


def lift(company: Company, person: str, case_id: str) -> None:
    case: Any = company.person("samuel.grant").get(f"/cases/{case_id}")
    block = next(block["block_id"] for block in case["payment_blocks"] if block["status"] != "lifted")
    answer = company.person(person).client.post(f"/v1/payment-blocks/{block}/lift", json={"reason": "agreed with them"})
    assert answer.status_code == 200, answer.text


def test_lifted_block_comes_back_for_another_fact_and_not_for_the_same(company: Company, called_off: str) -> None:
    imported(company, "contract", "CT-F", status="suspended")
    lift(company, "priya.nair", called_off)
    lift(company, "nadia.okafor", called_off)
    imported(company, "contract", "CT-F", owner="jonas.adler")
    assert len(blocks(company, called_off)) == 1
    imported(company, "contract", "CT-F", status="active", ceiling="3000.00")
    (item,) = company.read(lambda uow: uow.open_items(case_id=called_off))
    assert item.payment_block == LOST
    assert block_milestones(company, called_off) == [
        ("payment blocked", "", LOST),
        ("payment unblocked", "nadia.okafor", LOST),
        ("payment blocked", "", LOST),
    ]


def test_contract_that_ends_after_the_payment_says_nothing(company: Company, called_off: str) -> None:
    (item,) = company.read(lambda uow: uow.open_items(case_id=called_off))
    paid = revised(item, status="paid", version=item.version + 1)
    company.platform.environment.store.run(TENANT, lambda uow: uow.update(paid))
    imported(company, "contract", "CT-F", status="cancelled")
    assert blocks(company, called_off) == []
    waits = company.read(lambda uow: uow.case_waits(called_off))
    assert [wait.correlation for wait in waits] == ["order/PO-FRA"]


def test_blanket_order_that_is_lowered_blocks_what_was_posted_under_it(company: Company) -> None:
    imported(company, "order", BLANKET, ceiling="61800.00")
    assert outcome(company, "D08") == ("posted", "posted", [])
    imported(company, "order", BLANKET, status="closed")
    assert outcome(company, "D08") == ("posted", "posted", [])
    imported(company, "order", BLANKET, status="open", ceiling="60000.00")
    assert blocks(company, company.case_of("D08")) == [
        (LOST, f"EUR 1,800.00 over the ceiling of EUR 60,000.00 of {BLANKET}")
    ]


# ---- recurring agreements ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        pytest.param({"valid_to": "2026-01-31"}, "AG-2025-0061", id="ended"),
        pytest.param({"amount": "1500.00"}, "49.2 % off the EUR 1,500.00 of agreement AG-2025-0061", id="lowered"),
        pytest.param({"amount": "3000.00"}, "", id="raised"),
        pytest.param({"references": ["EL-MV-9"]}, "agreement", id="another site instead"),
        pytest.param({"references": ["EL-MV-1", "EL-MV-9"]}, "", id="one more site"),
    ],
)
def test_agreement_that_changes_after_the_posting(company: Company, changes: dict[str, object], fact: str) -> None:
    imported(company, "agreement", "AG-2025-0061", **changes)
    found = blocks(company, company.case_of("D10"))
    assert [cause for cause, _ in found] == (["agreement withdrawn"] if fact else [])
    assert all(fact in text for _, text in found), found


def test_schedule_that_is_lowered_after_the_posting_blocks_the_rent(company: Company) -> None:
    instalments = [each | {"amount": "17000.00"} for each in company.record("schedule", "AG-2014-0007")["instalments"]]
    imported(company, "schedule", "AG-2014-0007", instalments=instalments)
    assert [cause for cause, _ in blocks(company, company.case_of("D12"))] == ["agreement withdrawn"]


def test_schedule_that_is_raised_to_what_is_billed_moves_a_waiting_rent_on(new_company: Company) -> None:
    company = new_company
    instalments = company.record("schedule", "AG-2014-0007")["instalments"]
    imported(company, "schedule", "AG-2014-0007", instalments=[each | {"amount": "17999.00"} for each in instalments])
    content, media_type = at_the_door("D12")
    answer = company.person("importer").submit(content, media_type).json()
    assert answer["outcome"] == "approval"
    imported(company, "schedule", "AG-2014-0007", instalments=instalments)
    assert company.person("samuel.grant").get(f"/cases/{answer['case_id']}")["status"] == "posted"
