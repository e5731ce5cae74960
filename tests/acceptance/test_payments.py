"""Payment runs: proposed by one, released by two others, checked again at each release, paid at most once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from tests.acceptance.company import TENANT, Answer, Company, Person, holds_from_before
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token

LATER = "2026-04-13"  # by the run after this day everything posted at load falls due
CLIENTS = 6


def propose(company: Company, person: str = "paulo.reis", **body: str) -> Answer:
    return company.person(person).client.post("/v1/payments", json={"entity": "DE", **body})


def proposed(company: Company, **body: str) -> dict[str, Any]:
    answer = propose(company, **body)
    assert answer.status_code == 201, answer.text
    run: dict[str, Any] = answer.json()["run"]
    return run


def task_of(company: Company, case_id: str) -> Answer:
    case = company.person("samuel.grant").get(f"/cases/{case_id}")
    (task,) = [task for task in case["tasks"] if task["status"] == "open"]
    return task


def sign(company: Company, case_id: str, person: str, action: str = "approve", reason: str = "") -> Answer:
    return company.person(person).act(task_of(company, case_id), action, reason)


def released(company: Company, **body: str) -> dict[str, Any]:
    run = proposed(company, **body)
    for person in ("daniel.stein", "nadia.okafor"):
        assert sign(company, run["case_id"], person).status_code == 200
    return shown(company, run["case_id"])


def shown(company: Company, case_id: str) -> dict[str, Any]:
    run: dict[str, Any] = company.person("samuel.grant").get(f"/payments/{case_id}")
    return run


def items(company: Company, entity: str = "DE") -> dict[str, dict[str, Any]]:
    found = company.person("samuel.grant").get(f"/ledger/{entity}/open-items")
    return {item["number"]: item for row in found["suppliers"] for item in row["items"]}


def confirm(company: Company, payment: dict[str, Any], outcome: str, person: str = "importer", **more: str) -> Answer:
    path = f"/v1/payments/{payment['payment_id']}/confirmations"
    return company.person(person).client.post(path, json={"outcome": outcome, **more})


def of_s01(run: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The payment to S01 of a run, and the items that it pays."""
    (payment,) = [payment for payment in run["payments"] if payment["supplier"] == "S01"]
    return payment, [item for item in run["items"] if item["item_id"] in payment["items"]]


def agrees(company: Company, entity: str = "DE") -> bool:
    found = company.person("samuel.grant").get(f"/ledger/{entity}/reconciliation")
    checks = {check["check"]: check["agrees"] for check in found["checks"]}
    return bool(checks["ledger balances"] and checks["payables"])


# ---- what a run holds ----------------------------------------------------------------------------------------------


def test_run_takes_what_is_ready_and_tells_why_the_rest_is_held(company: Company) -> None:
    run = proposed(company)
    paid = {item["number"]: item for item in run["items"]}
    assert (paid["NK-2026-0311"]["discount"], paid["NK-2026-0311"]["paid"]) == ("223.72", "10962.28")
    held = {item["number"]: item["reason"] for item in run["held"]}
    assert held["MJ-2026-0007"] == "PAY-READY-01"
    assert held["FG-88120"] == "PAY-READY-13"
    assert sum(Decimal(payment["amount"]) for payment in run["payments"]) == Decimal(run["total"])
    assert {item["status"] for number, item in items(company).items() if number in paid} == {"proposed"}


def test_blocked_document_is_never_in_a_run(company: Company) -> None:
    run = proposed(company, pay_on=LATER)
    posted = {document for document in ("D30", "D31", "D34") if _is_posted_blocked(company, document)}
    held = {item["number"] for item in run["held"]}
    assert {company.case(document)["number"] for document in posted if company.case(document)["entity"] == "DE"} <= held


def _is_posted_blocked(company: Company, document: str) -> bool:
    try:
        return str(company.case(document)["outcome"]) == "posted with payment block"
    except (KeyError, AssertionError):
        return False


def test_dry_run_says_the_same_and_changes_nothing(company: Company) -> None:
    before = items(company)
    answer = company.person("paulo.reis").client.post("/v1/payments?dry_run=true", json={"entity": "DE"})
    assert (answer.status_code, items(company)) == (200, before)
    assert answer.json()["run"]["total"] == proposed(company)["total"]


def test_second_run_finds_nothing_that_is_in_the_first(company: Company) -> None:
    proposed(company)
    again = propose(company)
    assert (again.status_code, again.json()["code"]) == (409, "PAY-PROPOSE-02")


@pytest.mark.parametrize("body", [{"pay_on": "2026-03-26"}, {"pay_on": "soon"}, {"currency": "XXX"}])
def test_run_that_is_none_is_refused(company: Company, body: dict[str, str]) -> None:
    assert propose(company, **body).json()["code"] == "PAY-PROPOSE-01"


# ---- who releases --------------------------------------------------------------------------------------------------


def test_two_others_release_and_the_items_wait_for_the_bank(company: Company) -> None:
    run = released(company)
    assert (run["status"], run["outcome"], run["proposed_by"]) == ("done", "released", "paulo.reis")
    assert [given["person"] for given in run["signatures"]] == ["daniel.stein", "nadia.okafor"]
    assert {given["content_hash"] for given in run["signatures"]} == {run["content_hash"]}
    assert {payment["status"] for payment in run["payments"]} == {"released"}
    assert {items(company)[item["number"]]["status"] for item in run["items"]} == {"released"}


@pytest.mark.parametrize(
    ("person", "code"),
    [
        pytest.param("paulo.reis", "TASK-DUTY-01", id="who proposed it holds no duty to release"),
        pytest.param("nadia.okafor", "PAY-SIGN-05", id="the second releaser does not come first"),
        pytest.param("mika.ranta", "TASK-DUTY-01", id="the operator holds no finance duty"),
    ],
)
def test_release_is_refused_and_recorded(company: Company, person: str, code: str) -> None:
    run = proposed(company)
    answer = sign(company, run["case_id"], person)
    assert answer.status_code in {403, 404}
    assert answer.json()["code"] in {code, "TASK-UNKNOWN-01"}
    assert shown(company, run["case_id"])["signatures"] == []


def test_proposer_who_also_may_release_does_not_release_the_own_run(company: Company) -> None:
    paulo = company.record("person", "paulo.reis")
    limit = {"authority": "payment", "amount": "250000.00", "categories": [], "valid_from": "2026-01-01"}
    changed = {**paulo, "roles": ["treasury", "treasurer"], "limits": [limit]}
    holds_from_before(company.platform, TENANT, "paulo.reis", changed)
    run = proposed(company)
    answer = sign(company, run["case_id"], "paulo.reis")
    assert (answer.status_code, answer.json()["code"]) == (403, "PAY-SIGN-03")
    story = company.person("samuel.grant").get(f"/cases/{run['case_id']}/timeline")["entries"]
    assert [e["data"]["breach"] for e in story if e["type"] == "command.refused"] == ["forbidden duty pair"]


def test_limit_below_the_run_does_not_release_it(company: Company) -> None:
    daniel = company.record("person", "daniel.stein")
    daniel["limits"] = [{"authority": "payment", "amount": "100.00", "categories": [], "valid_from": "2026-01-01"}]
    company.person("importer").put("person", "daniel.stein", daniel)
    run = proposed(company)
    assert sign(company, run["case_id"], "daniel.stein").json()["code"] == "PAY-SIGN-07"


def test_refused_run_gives_its_items_back(company: Company) -> None:
    run = proposed(company)
    assert sign(company, run["case_id"], "daniel.stein", "reject", "not today").status_code == 200
    assert {items(company)[item["number"]]["status"] for item in run["items"]} == {"open"}
    assert proposed(company)["total"] == run["total"]


# ---- checked again -------------------------------------------------------------------------------------------------


def test_run_that_is_laid_aside_gives_its_items_back(company: Company) -> None:
    run = proposed(company)
    path = f"/v1/cases/{run['case_id']}/cancel"
    answer = company.person("priya.nair").client.post(path, json={"reason": "the bank asked us to wait"})
    assert (answer.status_code, shown(company, run["case_id"])["status"]) == (200, "cancelled")
    assert {items(company)[item["number"]]["status"] for item in run["items"]} == {"open"}
    assert proposed(company)["total"] == run["total"]


def block_supplier(company: Company, supplier: str) -> None:
    body = company.record("supplier", supplier) | {"payment_block": True, "block_reason": "dispute"}
    assert company.person("importer").put("supplier", supplier, body).status_code == 200


def test_item_that_became_blocked_falls_out_and_releases_fall_with_it(company: Company) -> None:
    run = proposed(company, pay_on=LATER)
    assert len(run["payments"]) > 1
    assert sign(company, run["case_id"], "daniel.stein").status_code == 200
    block_supplier(company, "S01")
    answer = sign(company, run["case_id"], "nadia.okafor")
    assert (answer.status_code, answer.json()["code"]) == (409, "SIGN-RECHECK-01")
    now = shown(company, run["case_id"])
    assert "S01" not in {payment["supplier"] for payment in now["payments"]}
    assert now["signatures"] == []
    fell = [held for held in now["held"] if held["number"] == "NK-2026-0311"]
    assert [(held["reason"], "dispute" in held["text"]) for held in fell] == [("PAY-READY-04", True)]
    assert items(company)["NK-2026-0311"]["status"] == "open"
    for person in ("daniel.stein", "nadia.okafor"):
        assert sign(company, run["case_id"], person).status_code == 200
    assert shown(company, run["case_id"])["outcome"] == "released"


def test_run_from_which_everything_falls_ends(company: Company) -> None:
    run = proposed(company)
    for payment in run["payments"]:
        block_supplier(company, payment["supplier"])
    assert sign(company, run["case_id"], "daniel.stein").status_code == 409
    assert shown(company, run["case_id"])["status"] == "done"
    assert {items(company)[item["number"]]["status"] for item in run["items"]} == {"open"}


def test_account_changed_between_proposal_and_release_is_noticed(company: Company) -> None:
    run = proposed(company)
    body = company.record("supplier", "S01")
    body["accounts"] = [{"account": "DE68200990010004402002", "changed_on": "2026-03-26", "changed_by": "x"}]
    company.person("importer").put("supplier", "S01", body)
    assert sign(company, run["case_id"], "daniel.stein").status_code == 409


# ---- what the bank says --------------------------------------------------------------------------------------------


def test_executed_payment_is_booked_with_its_discount_and_closes_its_items(company: Company) -> None:
    run = released(company)
    payment, paid = of_s01(run)
    assert confirm(company, payment, "executed", on="2026-03-30", reference="E2E-1").status_code == 200
    journals = company.person("samuel.grant").get("/ledger/DE/journals", limit=200)["journals"]
    (booked,) = [journal for journal in journals if journal["kind"] == "payment"]
    by_account: dict[str, Decimal] = {}
    for line in booked["lines"]:
        by_account[line["account"]] = by_account.get(line["account"], Decimal(0)) + Decimal(line["amount"])
    discount = sum(Decimal(item["discount"]) for item in paid)
    assert by_account["1600"] == sum(Decimal(item["amount"]) for item in paid)
    assert by_account["1200"] == -Decimal(payment["amount"])
    assert by_account["3736"] + by_account["1400"] == -discount
    assert by_account["1400"] < 0
    assert not {item["number"] for item in paid} & set(items(company))
    assert agrees(company)
    story = company.timeline("D01")
    assert [entry["type"] for entry in story][-1] == "item.paid"


def approved_by_all(company: Company, document: str) -> None:
    """Let everybody who is asked sign, one after the other."""
    while company.case(document)["status"] == "waiting":
        task = company.task(document)
        person = task["person"] or company.case(document)["waiting_for"][0]["person_or_role"]
        assert company.person(person).act(task, "approve").status_code == 200


def test_payment_settles_the_account_that_its_item_was_booked_to(company: Company) -> None:
    """What is owed to a company of the group stands on an account of its own (D39)."""
    key = "S21/FR/IC-2026-031"
    agreed = company.record("counterpart-document", key) | {"amount": "45000.00"}
    assert company.person("importer").put("counterpart-document", key, agreed).status_code == 200
    company.work()
    approved_by_all(company, "D39")
    run = released(company, entity="FR", pay_on="2026-04-20")
    (payment,) = [payment for payment in run["payments"] if payment["supplier"] == "S21"]
    assert confirm(company, payment, "executed").status_code == 200
    journals = company.person("samuel.grant").get("/ledger/FR/journals", limit=200)["journals"]
    (booked,) = [journal for journal in journals if journal["kind"] == "payment"]
    assert {line["account"]: line["amount"] for line in booked["lines"]} == {"1630": "45000.00", "1200": "-45000.00"}
    accounts = company.person("clara.weiss").get("/ledger/FR/trial-balance")["accounts"]
    assert [Decimal(row["balance"]) for row in accounts if row["account"] == "1630"] == [0]
    assert agrees(company, "FR")


def test_payment_is_confirmed_once(company: Company) -> None:
    payment, _ = of_s01(released(company))
    assert confirm(company, payment, "executed").status_code == 200
    assert confirm(company, payment, "executed").json()["code"] == "PAY-CONFIRM-02"
    assert agrees(company)


@pytest.mark.parametrize("outcomes", [["rejected"], ["executed", "returned"]], ids=["rejected", "returned"])
def test_payment_that_did_not_arrive_opens_its_items_again(company: Company, outcomes: list[str]) -> None:
    run = released(company)
    payment, paid = of_s01(run)
    for outcome in outcomes:
        assert confirm(company, payment, outcome).status_code == 200
    assert {items(company)[item["number"]]["status"] for item in paid} == {"open"}
    assert agrees(company)
    again = proposed(company)
    assert [item["number"] for item in again["items"]] == [item["number"] for item in paid]


@pytest.mark.parametrize(
    ("outcome", "more", "code"),
    [
        ("returned", {}, "PAY-CONFIRM-02"),
        ("lost", {}, "PAY-CONFIRM-01"),
        ("executed", {"on": "yesterday"}, "PAY-CONFIRM-01"),
        ("executed", {"on": "2026-02-27"}, "PAY-CONFIRM-03"),
    ],
    ids=["returned before it was executed", "no such outcome", "no day", "a closed period"],
)
def test_confirmation_that_cannot_be_is_refused(
    company: Company, outcome: str, more: dict[str, str], code: str
) -> None:
    payment, _ = of_s01(released(company))
    assert confirm(company, payment, outcome, **more).json()["code"] == code
    assert agrees(company)


def test_who_releases_does_not_confirm(company: Company) -> None:
    payment, _ = of_s01(released(company))
    assert confirm(company, payment, "executed", person="daniel.stein").status_code == 403


def test_banks_answer_is_confirmed_on_the_page(company: Company) -> None:
    payment, paid = of_s01(released(company))
    client, address = signed_in(company, "priya.nair"), f"/payments/{payment['payment_id']}/confirmation"
    run = client.get(f"/payments/{payment['payment_id'].rpartition('.')[0]}").text
    assert f'href="{address}"' in run
    form = {"form_token": token(client), "outcome": "", "on": "2026-03-27", "reference": "E2E-1"}
    for wrong, beside in ({"outcome": ""}, "outcome"), ({"outcome": "executed", "on": "2026-02-27"}, "on"):
        answer = client.post(address, data=form | wrong)
        assert answer.status_code in {409, 422}
        assert f'id="{beside}-problem"' in answer.text
        assert 'value="E2E-1"' in answer.text
    assert client.post(address, data=form | {"outcome": "executed"}).status_code == 303
    assert not {item["number"] for item in paid} & set(items(company))
    again = client.post(address, data=form | {"outcome": "executed"})
    assert (again.status_code, "cannot be executed" in again.text) == (409, True)
    assert client.post(address, data=form | {"outcome": "returned"}).status_code == 303
    assert {items(company)[item["number"]]["status"] for item in paid} == {"open"}


@pytest.mark.parametrize(
    ("person", "status", "why"),
    [
        pytest.param("daniel.stein", 200, "takes the duty for it", id="who releases sees it and may not"),
        pytest.param("jonas.adler", 403, "", id="who reads no journals does not see it"),
        pytest.param("priya.nair", 200, "the run is not released yet", id="nobody confirms what is not released"),
    ],
)
def test_form_of_a_confirmation_says_why_it_is_off(company: Company, person: str, status: int, why: str) -> None:
    run = proposed(company) if person == "priya.nair" else released(company)
    answer = signed_in(company, person).get(f"/payments/{of_s01(run)[0]['payment_id']}/confirmation")
    assert (answer.status_code, why in answer.text) == (status, True)


def test_confirmation_of_no_payment_is_not_found(company: Company) -> None:
    assert signed_in(company, "priya.nair").get("/payments/none.P1/confirmation").status_code == 404


# ---- many at once --------------------------------------------------------------------------------------------------


def at_once(acts: list[Callable[[], Answer]]) -> list[Answer]:
    barrier = Barrier(len(acts))

    def act(what: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return what()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_runs_proposed_at_once_never_share_an_item(company: Company) -> None:
    people = [Person(company.api, company.keys["paulo.reis"]) for _ in range(CLIENTS)]
    acts: list[Callable[[], Answer]] = [
        lambda person=person: person.client.post("/v1/payments", json={"entity": "DE"})  # type: ignore[misc]
        for person in people
    ]
    answers = at_once(acts)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
    taken = [
        item["item_id"] for answer in answers if answer.status_code == 201 for item in answer.json()["run"]["items"]
    ]
    assert len(taken) == len(set(taken)) > 0


def test_run_released_many_times_at_once_is_released_once(company: Company) -> None:
    run = proposed(company)
    assert sign(company, run["case_id"], "daniel.stein").status_code == 200
    task = task_of(company, run["case_id"])
    acts: list[Callable[[], Answer]] = [lambda: company.person("nadia.okafor").act(task, "approve")] * CLIENTS
    answers = at_once(acts)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: CLIENTS - 1}
    now = shown(company, run["case_id"])
    assert (now["outcome"], len(now["signatures"])) == ("released", 2)


def test_payment_confirmed_many_times_at_once_is_booked_once(company: Company) -> None:
    payment, _ = of_s01(released(company))
    acts: list[Callable[[], Answer]] = [lambda: confirm(company, payment, "executed")] * CLIENTS
    assert Counter(answer.status_code for answer in at_once(acts)) == {200: 1, 409: CLIENTS - 1}
    assert agrees(company)
