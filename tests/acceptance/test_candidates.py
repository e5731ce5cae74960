"""Duplicates among cases in process and posted are found by the index: near numbers, other entities, corrections."""

import json
from typing import Any

import pytest
from tests.acceptance.company import DEMO, Company

BASE: dict[str, Any] = json.loads((DEMO / "documents" / "D17.json").read_text())
"""Legal advice, bought without an order: 48,000.00."""


def hand_in(company: Company, **changes: Any) -> Any:
    answer = company.person("tomasz.zielinski").submit(json.dumps(BASE | changes).encode())
    assert answer.status_code == 201, answer.text
    return answer.json()


def duplicate_of(company: Company, answer: Any) -> str:
    """The reason by which the decision on duplicates held a case; empty where it did not."""
    taken = company.read(lambda uow: uow.decisions(answer["case_id"]))
    outcome = [json.loads(row.outcome) for row in taken if row.decision == "duplicate"][-1]
    return "" if outcome["outcome"] == "none" else str(outcome["reason"])


def billed(net: str) -> dict[str, Any]:
    """The same advice for another amount."""
    totals = dict.fromkeys(("line_net", "net", "gross", "payable"), net) | {"tax": "0.00"}
    line = BASE["lines"][0] | {"net_amount": net, "net_price": net, "quantity": "1"}
    return {"totals": totals, "lines": [line], "tax_breakdown": [BASE["tax_breakdown"][0] | {"taxable_amount": net}]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"number": "bl 4410"}, "AP-DUPLICATE-07", id="the number otherwise written"),
        pytest.param({"number": "BL-4410B"}, "AP-DUPLICATE-10", id="a letter behind the number"),
        pytest.param({"number": "BL-4140"}, "AP-DUPLICATE-20", id="two digits swapped"),
        pytest.param({"number": "BL-4910"}, "AP-DUPLICATE-20", id="a digit mistyped"),
        pytest.param({"number": "BL-4411"}, "AP-DUPLICATE-25", id="the next number, all else the same"),
        pytest.param({"number": "XZ-1"}, "AP-DUPLICATE-25", id="another number, all else the same"),
        pytest.param({"number": "XZ-1", "issue_date": "2026-02-20"}, "", id="another number and day"),
        pytest.param(billed("47000.00"), "AP-DUPLICATE-09", id="the number with another total"),
        pytest.param({"number": "BL-4140", **billed("47000.00")}, "", id="digits swapped, another total"),
    ],
)
def test_a_copy_is_found(new_company: Company, changes: dict[str, Any], reason: str) -> None:
    assert duplicate_of(new_company, hand_in(new_company)) == ""
    assert duplicate_of(new_company, hand_in(new_company, **changes)) == reason


def test_what_a_correction_changed_is_what_a_copy_is_compared_with(new_company: Company) -> None:
    first = hand_in(new_company)
    preceding = [{"number": "BL-4410", "issue_date": "2026-03-20"}]
    corrected = hand_in(new_company, number="BL-4410", type_code="384", preceding=preceding, **billed("47000.00"))
    assert corrected["case_id"] == first["case_id"]
    assert duplicate_of(new_company, hand_in(new_company, number="BL-4140", **billed("47000.00"))) == "AP-DUPLICATE-20"
    again = hand_in(new_company, number="BL-4410", type_code="384", preceding=preceding)
    assert again["case_id"] == first["case_id"]
