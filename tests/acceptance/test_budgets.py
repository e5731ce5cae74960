"""Budgets over HTTP: two hundred at once never take more than there is, and what is freed can be taken again."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any

from tests.acceptance.company import Answer, Company, Person, demo_bytes
from tests.acceptance.test_concurrency import at_once

AT_ONCE = 200
BUDGET = "DE/DE-4000/2026"
BALANCE = f"budget/{BUDGET}"
MILLION = Decimal(1_000_000)


def software(place: int, net: Decimal) -> bytes:
    """The software invoice of D13 under a number and an amount of its own."""
    body = json.loads(demo_bytes("D13"))
    body["number"] = f"LC-{sha256(str(place).encode()).hexdigest()[:10].upper()}"
    amount = f"{net:.2f}"
    body["totals"] |= {"line_net": amount, "net": amount, "gross": amount, "payable": amount}
    body["tax_breakdown"][0]["taxable_amount"] = amount
    body["lines"][0] |= {"net_amount": amount, "net_price": amount}
    return json.dumps(body).encode()


def set_budget(company: Company, amount: str) -> None:
    body = company.record("budget", BUDGET) | {"amount": amount, "actual": "0.00", "committed": "0.00"}
    answer = company.person("importer").put("budget", BUDGET, body)
    assert answer.status_code == 200, answer.text


def taken(company: Company) -> Decimal:
    return Decimal(company.read(lambda uow: uow.balances([BALANCE])).get(BALANCE, 0)) / MILLION


def submitting(person: Person, place: int, net: Decimal) -> Callable[[], Answer]:
    """Hand one in."""
    return lambda: person.submit(software(place, net))


def budget_outcomes(company: Company, answers: list[Answer]) -> list[str]:
    """What decision 22 said last of each case that was opened."""
    said = []
    for case_id in {answer.json()["case_id"] for answer in answers}:
        rows = [row for row in company.read(partial(decisions_of, case_id=case_id)) if row.decision == "budget"]
        said.append(json.loads(rows[-1].outcome)["outcome"])
    return said


def decisions_of(uow: Any, case_id: str) -> Any:
    return uow.decisions(case_id)


def test_two_hundred_at_once_never_take_more_than_the_budget(new_company: Company) -> None:
    set_budget(new_company, "20000.00")
    clerk = new_company.person("tomasz.zielinski")
    nets = [Decimal(900 + place) for place in range(AT_ONCE)]
    answers = at_once([submitting(clerk, place, net) for place, net in enumerate(nets)])
    assert {answer.status_code for answer in answers} == {201}
    assert taken(new_company) <= Decimal("20000.00")
    said = budget_outcomes(new_company, answers)
    assert len(said) == AT_ONCE
    assert {"within", "exceed"} <= set(said)
    smallest = min(nets)
    assert Decimal("20000.00") - taken(new_company) < smallest + max(nets)  # and what fits is not turned away


def test_what_a_cancelled_document_took_can_be_taken_again(new_company: Company) -> None:
    set_budget(new_company, "10000.00")
    clerk = new_company.person("tomasz.zielinski")
    first = clerk.submit(software(1, Decimal(9000))).json()
    second = clerk.submit(software(2, Decimal(5000))).json()
    auditor = new_company.person("samuel.grant")
    assert auditor.get(f"/cases/{first['case_id']}")["outcome"] == "approval"
    assert auditor.get(f"/cases/{second['case_id']}")["exception_types"] == ["budget"]
    (task,) = [t for t in auditor.get(f"/cases/{first['case_id']}")["tasks"] if t["status"] == "open"]
    assert new_company.person("ruth.sommer").act(task, "reject", "not ordered").status_code == 200
    assert taken(new_company) == 0


def test_a_raised_budget_calls_the_held_document_up(new_company: Company) -> None:
    set_budget(new_company, "1000.00")
    case_id = new_company.person("tomasz.zielinski").submit(software(1, Decimal(5000))).json()["case_id"]
    auditor = new_company.person("samuel.grant")
    held = auditor.get(f"/cases/{case_id}")
    assert (held["outcome"], held["exception_types"]) == ("exception", ["budget"])
    set_budget(new_company, "50000.00")
    new_company.work()
    assert auditor.get(f"/cases/{case_id}")["outcome"] == "approval"
    assert taken(new_company) == Decimal("5000.00")
