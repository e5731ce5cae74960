"""Month end: goods received and invoices in process are accrued once, seen first, and turned on the first of April."""

from decimal import Decimal
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company

PERIOD = "2026-03"


def plan(company: Company, entity: str = "DE", person: str = "clara.weiss") -> Answer:
    return company.person(person).get(f"/ledger/{entity}/accruals/{PERIOD}")


def book(company: Company, content_hash: str, entity: str = "DE", person: str = "clara.weiss") -> Answer:
    path = f"/v1/ledger/{entity}/accruals/{PERIOD}"
    return company.person(person).client.post(path, json={"content_hash": content_hash})


def accrue(company: Company, entity: str = "DE") -> Answer:
    answer = book(company, plan(company, entity)["content_hash"], entity)
    assert answer.status_code == 200, answer.text
    return answer.json()


def balance(company: Company, account: str, period: str = PERIOD, entity: str = "DE") -> Decimal:
    rows = company.person("clara.weiss").get(f"/ledger/{entity}/trial-balance", period=period)["accounts"]
    return sum((Decimal(row["balance"]) for row in rows if row["account"] == account), Decimal(0))


def of_orders(found: Answer) -> dict[str, Decimal]:
    return {item["order"]: Decimal(item["amount"]) for item in found["items"] if item["subject"].startswith("order/")}


def of_cases(company: Company, found: Answer, *documents: str) -> dict[str, Decimal]:
    amounts = {item["subject"]: Decimal(item["amount"]) for item in found["items"]}
    return {each: amounts.get(f"case/{company.case_of(each)}", Decimal(0)) for each in documents}


def agrees(company: Company, entity: str = "DE") -> list[str]:
    checks = company.person("clara.weiss").get(f"/ledger/{entity}/reconciliation")["checks"]
    return [check["check"] for check in checks if not check["agrees"]]


def receive(company: Company, number: str, order: str, quantity: str, unit: str, **changes: str) -> None:
    line = {"order_line": "1", "quantity": quantity, "unit": unit}
    body: dict[str, Any] = {"number": number, "order": order, "received_on": "2026-03-27"}
    body |= {"received_by": "x", "lines": [line]}
    answer = company.person("karim.benali").put("receipt", number, body | changes)
    assert answer.status_code == 200, answer.text
    company.work()


# ---- storyline 4.6, step 10 ----------------------------------------------------------------------------------------


def test_goods_received_of_what_is_held_are_accrued_until_it_is_resolved(company: Company) -> None:
    """D03 by its receipt at the order's price, D04 by what came; neither by its invoice."""
    before = plan(company)
    assert of_orders(before)["PO-2026-0103"] == Decimal("12240.00")
    assert of_orders(before)["PO-2026-0104"] == Decimal("5264.00")
    assert of_cases(company, before, "D03", "D04") == {"D03": 0, "D04": 0}
    receive(company, "GR-2026-0990", "PO-2026-0104", "40", "KGM")
    assert company.case("D04")["status"] == "posted"
    after = plan(company)
    assert "PO-2026-0104" not in of_orders(after)
    assert of_orders(after)["PO-2026-0103"] == Decimal("12240.00")


def test_invoices_in_process_without_an_order_are_accrued(company: Company) -> None:
    amounts = of_cases(company, plan(company), "D11", "D17", "D45")
    assert amounts == {"D11": Decimal("3120.00"), "D17": Decimal("55680.00"), "D45": Decimal("890.00")}


def test_what_waits_in_question_of_a_duplicate_is_not_accrued(company: Company) -> None:
    left_out = {each["number"]: each["reason"] for each in plan(company)["left_out"]}
    assert left_out["NK 2026 0311"] == "ACC-03"


def test_accrual_of_february_is_gone_with_its_invoice(company: Company) -> None:
    """D40 was accrued in February and posted in March: nothing of it is left on the accruals account."""
    assert balance(company, "1595") == 0


def test_accruals_are_turned_on_the_first_of_april(company: Company) -> None:
    found = accrue(company)
    total = sum(Decimal(item["amount"]) for item in found["items"])
    assert (found["dated"], found["reversed_on"]) == ("2026-03-31", "2026-04-01")
    assert Decimal(found["goods_received"]) + Decimal(found["in_process"]) == total > 0
    assert balance(company, "1595") == -total
    assert balance(company, "1595", "2026-04") == 0
    assert agrees(company) == []
    for period in (PERIOD, "2026-04"):
        assert company.person("clara.weiss").get("/ledger/DE/trial-balance", period=period)["balances"]


# ---- seen first, once ----------------------------------------------------------------------------------------------


def test_looking_books_nothing(company: Company) -> None:
    before = company.person("clara.weiss").get("/ledger/DE/journals", limit=200)
    plan(company)
    assert company.person("clara.weiss").get("/ledger/DE/journals", limit=200) == before


def test_running_again_books_nothing_again(company: Company) -> None:
    accrue(company)
    before = balance(company, "1595")
    again = accrue(company)
    assert (again["booked"], again["turned"]) == ([], [])
    assert balance(company, "1595") == before


def test_running_again_books_what_has_changed(company: Company) -> None:
    accrue(company)
    receive(company, "GR-2026-0990", "PO-2026-0104", "40", "KGM")
    again = accrue(company)
    assert [key.rpartition("/")[2] for key in again["turned"]] == ["PO-2026-0104"]
    assert again["booked"] == []
    assert balance(company, "1595") == -sum(Decimal(item["amount"]) for item in again["items"])
    assert balance(company, "1595", "2026-04") == 0
    once_more = accrue(company)
    assert (once_more["booked"], once_more["turned"]) == ([], [])
    assert agrees(company) == []


def test_plan_that_is_no_longer_true_is_refused(company: Company) -> None:
    seen = plan(company)["content_hash"]
    receive(company, "GR-2026-0990", "PO-2026-0104", "40", "KGM")
    answer = book(company, seen)
    assert (answer.status_code, answer.json()["code"]) == (409, "ACCRUE-STALE-01")


def test_who_opens_no_periods_books_no_accruals(company: Company) -> None:
    assert book(company, plan(company)["content_hash"], person="samuel.grant").status_code == 403


@pytest.mark.parametrize("period", ["2026-02", "2026-04", "2027-01"], ids=["closed", "not opened", "not on file"])
def test_only_an_open_period_is_accrued(company: Company, period: str) -> None:
    answer = company.person("clara.weiss").client.get(f"/v1/ledger/DE/accruals/{period}")
    assert (answer.status_code, answer.json()["code"]) == (409, "ACCRUE-PERIOD-01")


# ---- whatever is done, the ledger balances --------------------------------------------------------------------------


def _sign_all(company: Company) -> None:
    for person in ("lena.vogt", "elif.demir", "ruth.sommer", "hannah.petrov", "nadia.okafor"):
        for task in company.person(person).get("/tasks")["tasks"]:
            if task["kind"] == "approval":
                company.person(person).get(f"/cases/{task['case_id']}")
                company.person(person).act(task, "approve")


def _receive_rest(company: Company) -> None:
    receive(company, "GR-2026-0991", "PO-2026-0104", "40", "KGM")


def _pay(company: Company) -> None:
    answer = company.person("paulo.reis").client.post("/v1/payments", json={"entity": "DE"})
    if answer.status_code != 201:
        return
    run: dict[str, Any] = answer.json()["run"]
    for person in ("daniel.stein", "nadia.okafor"):
        case = company.person("samuel.grant").get(f"/cases/{run['case_id']}")
        task = next(task for task in case["tasks"] if task["status"] == "open")
        assert company.person(person).act(task, "approve").status_code == 200
    for number, payment in enumerate(run["payments"]):
        path = f"/v1/payments/{payment['payment_id']}/confirmations"
        for outcome in (["executed"], ["executed", "returned"], ["rejected"])[number % 3]:
            assert company.person("importer").client.post(path, json={"outcome": outcome}).status_code == 200


def _return(company: Company) -> None:
    receive(company, "RT-2026-0992", "PO-2026-0101", "-10", "KGM", kind="return", reason="bent")


STEPS = {"accrue": accrue, "sign": _sign_all, "receive": _receive_rest, "pay": _pay, "return": _return}

ORDERS = [
    pytest.param(("accrue", "sign", "pay", "accrue"), id="accrued first"),
    pytest.param(("pay", "return", "accrue", "receive", "accrue"), id="paid first"),
    pytest.param(("return", "sign", "receive", "pay", "accrue", "pay"), id="accrued late"),
]


@pytest.mark.parametrize("steps", ORDERS)
def test_ledger_balances_after_any_sequence(company: Company, steps: tuple[str, ...]) -> None:
    for step in steps:
        STEPS[step](company)
        assert agrees(company) == [], step
        for period in (PERIOD, "2026-04"):
            assert company.person("clara.weiss").get("/ledger/DE/trial-balance", period=period)["balances"], step
        assert balance(company, "1595", "2026-04") == 0, step


# ---- attesting ------------------------------------------------------------------------------------------------------


def attestation(company: Company, person: str = "clara.weiss") -> Answer:
    return company.person(person).get(f"/ledger/DE/attestations/{PERIOD}")


def attest(company: Company, content_hash: str, person: str = "clara.weiss") -> Answer:
    body = {"content_hash": content_hash, "note": "March is whole"}
    return company.person(person).client.post(f"/v1/ledger/DE/attestations/{PERIOD}", json=body)


def test_nobody_attests_before_the_accruals_are_booked(company: Company) -> None:
    seen = attestation(company)
    assert [point.partition(" ")[2] for point in seen["open_points"]] == ["accruals are not booked"]
    refused = attest(company, seen["content_hash"])
    assert (refused.status_code, refused.json()["code"]) == (409, "ATTEST-OPEN-01")
    assert attestation(company)["attestation"] is None


def test_attestation_binds_the_figures_that_were_seen(company: Company) -> None:
    seen = attestation(company)
    accrue(company)
    refused = attest(company, seen["content_hash"])
    assert (refused.status_code, refused.json()["code"]) == (409, "ATTEST-STALE-01")
    now = attestation(company)
    attested = attest(company, now["content_hash"]).json()["attestation"]
    assert (attested["by"], attested["stands"], attested["note"]) == ("clara.weiss", True, "March is whole")
    assert attest(company, now["content_hash"]).json()["attestation"]["version"] == attested["version"]


def test_a_later_posting_takes_the_attestation_back_and_says_which(company: Company) -> None:
    accrue(company)
    attest(company, attestation(company)["content_hash"])
    receive(company, "GR-2026-0990", "PO-2026-0104", "40", "KGM")
    assert company.case("D04")["status"] == "posted"
    found = attestation(company)
    assert found["attestation"]["stands"] is False
    journals = company.person("clara.weiss").get("/ledger/DE/journals", period=PERIOD)["journals"]
    assert found["attestation"]["changed"]["journal"] in [journal["journal_id"] for journal in journals]
    accrue(company)  # the receipt changed what is to be accrued
    again = attest(company, attestation(company)["content_hash"]).json()["attestation"]
    assert (again["stands"], again["version"]) == (True, found["attestation"]["version"] + 1)


def test_a_posting_of_another_entity_leaves_it_standing(company: Company) -> None:
    accrue(company)
    attest(company, attestation(company)["content_hash"])
    accrue(company, "FR")
    assert attestation(company)["attestation"]["stands"] is True


@pytest.mark.parametrize("person", ["samuel.grant", "karim.benali"], ids=["auditor", "receiver"])
def test_only_who_has_the_duty_attests(company: Company, person: str) -> None:
    accrue(company)
    refused = attest(company, attestation(company)["content_hash"], person)
    assert refused.status_code == 403
