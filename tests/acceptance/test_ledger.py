"""The ledger of the demonstration company: it balances, it agrees with what it must agree with, and it can be asked."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.acceptance.company import TENANT, Answer, Company

from comptroller.application.dispatcher import Request
from comptroller.application.ledger.comparing import CompareLedger
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import PaymentBlockRow, revised
from comptroller.application.reference import PutReference
from comptroller.domain.controls.ledger_comparison import LedgerDocument
from comptroller.domain.kernel.fault import Rejection

ENTITIES = ("DE", "FR", "UK")


def ask(company: Company, part: str, entity: str = "DE", person: str = "clara.weiss", **query: object) -> Answer:
    return company.person(person).get(f"/ledger/{entity}/{part}", **query)


def bring(company: Company, kind: str, key: str, body: dict[str, Any], person: str = "importer") -> Any:
    answer = company.platform.dispatcher.execute(TENANT, Request(person, PutReference(kind, key, body)))
    assert not isinstance(answer, Rejection), answer
    return answer


def account(company: Company, number: str, entity: str = "DE") -> Decimal:
    rows = [row for row in ask(company, "trial-balance", entity)["accounts"] if row["account"] == number]
    return Decimal(rows[0]["balance"]) if rows else Decimal(0)


def check(company: Company, name: str, entity: str = "DE") -> Answer:
    (found,) = [each for each in ask(company, "reconciliation", entity)["checks"] if each["check"] == name]
    return found


@pytest.mark.parametrize("entity", ENTITIES)
def test_trial_balance_sums_to_nothing(shared_company: Company, entity: str) -> None:
    balance = ask(shared_company, "trial-balance", entity)
    assert balance["balances"]
    assert Decimal(balance["debit"]) == Decimal(balance["credit"])
    assert balance["currency_differences"] == {}


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_account_has_the_name_that_the_chart_gives_it(shared_company: Company, entity: str) -> None:
    records = shared_company.person("samuel.grant").get("/reference/ledger-account")["records"]
    chart = {record["key"]: record["body"]["name"] for record in records}
    rows = ask(shared_company, "trial-balance", entity)["accounts"]
    assert [row["name"] for row in rows] == [chart[f"{entity}/{row['account']}"] for row in rows]


def test_account_that_is_in_no_chart_has_no_name(new_company: Company) -> None:
    bring(new_company, "journal", "MJ-0", STRANGE)
    names = {row["account"]: row["name"] for row in ask(new_company, "trial-balance", "UK")["accounts"]}
    assert (names["1200"], names["9999"]) == ("Bank", "")


STRANGE: dict[str, Any] = {
    "entity": "UK",
    "posted_on": "2026-03-24",
    "currency": "GBP",
    "text": "to an account that nobody knows",
    "source": "general ledger extract",
    "lines": [{"account": "9999", "amount": "1.00"}, {"account": "1200", "amount": "-1.00"}],
}


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_balance_opens_to_its_journals_and_cases(shared_company: Company, entity: str) -> None:
    cases = {row.case_id for row, _ in shared_company.read(lambda uow: uow.journals())}
    for row in ask(shared_company, "trial-balance", entity)["accounts"]:
        journals = ask(shared_company, "journals", entity, account=row["account"], limit=200)["journals"]
        lines = [line for journal in journals for line in journal["lines"] if line["account"] == row["account"]]
        assert sum(Decimal(line["local_amount"]) for line in lines) == Decimal(row["balance"]), row["account"]
        assert {journal["case_id"] for journal in journals} <= cases | {""}


@pytest.mark.parametrize("entity", ENTITIES)
def test_ledger_agrees_with_open_items(shared_company: Company, entity: str) -> None:
    for name in ("ledger balances", "payables", "receipts booked"):
        assert check(shared_company, name, entity)["where"] == [], name
    items = ask(shared_company, "open-items", entity)
    assert Decimal(items["local_amount"]) == -account(shared_company, "1600", entity)
    assert sum(Decimal(row["local_amount"]) for row in ask(shared_company, "ageing", entity)["by_days_past_due"]) == (
        Decimal(items["local_amount"])
    )


def test_open_item_has_its_days_and_its_discount(shared_company: Company) -> None:
    items = ask(shared_company, "open-items", supplier="S01")["suppliers"][0]["items"]
    (found,) = [item for item in items if item["number"] == "NK-2026-0311"]
    assert (found["due_on"], found["discount_on"], found["discount"]) == ("2026-04-19", "2026-03-30", "223.72")
    assert (found["amount"], found["payment_block"], found["status"]) == ("11186.00", "", "open")


def test_block_on_a_supplier_stands_beside_each_of_its_items(company: Company) -> None:
    def place(uow: UnitOfWork) -> None:
        uow.insert(BLOCK)

    before = {item["payment_block"] for item in items_of(company, "S01")}
    company.platform.environment.store.run(TENANT, place)
    assert (before, {item["payment_block"] for item in items_of(company, "S01")}) == ({""}, {"dispute"})

    def lift(uow: UnitOfWork) -> None:
        uow.update(revised(BLOCK, status="lifted"))

    company.platform.environment.store.run(TENANT, lift)
    assert {item["payment_block"] for item in items_of(company, "S01")} == {""}


def items_of(company: Company, supplier: str) -> list[Answer]:
    found: list[Answer] = ask(company, "open-items", supplier=supplier)["suppliers"][0]["items"]
    return found


NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)
BLOCK = PaymentBlockRow("b1", "S01", "", "dispute", "", NOW, "x", "placed", None, "", None, "")


def test_journals_come_page_by_page_each_once(shared_company: Company) -> None:
    whole = [journal["journal_id"] for journal in ask(shared_company, "journals", limit=200)["journals"]]
    found, after = [], ""
    while True:
        page = ask(shared_company, "journals", limit=3, after=after)
        found += [journal["journal_id"] for journal in page["journals"]]
        after = page["next"]
        if not after:
            break
    assert found == whole
    assert len(set(whole)) == len(whole)


def test_another_entity_s_ledger_is_not_there_for_who_does_not_work_for_it(shared_company: Company) -> None:
    answer = shared_company.person("clara.weiss").client.get("/v1/ledger/XX/trial-balance")
    assert (answer.status_code, answer.json()["code"]) == (404, "LEDGER-ENTITY-01")


# ---- goods received ------------------------------------------------------------------------------------------------


def receive(company: Company, number: str, order: str, quantity: str, unit: str, **changes: str) -> Any:
    line = {"order_line": "1", "quantity": quantity, "unit": unit}
    body: dict[str, Any] = {"number": number, "order": order, "received_on": "2026-03-26"}
    body |= {"received_by": "", "lines": [line]}
    return bring(company, "receipt", number, body | changes, "karim.benali")


def test_receipt_credits_the_clearing_account_and_its_reversal_turns_it(new_company: Company) -> None:
    before = account(new_company, "1590")
    receive(new_company, "GR-X", "PO-2026-0104", "40", "KGM")
    assert account(new_company, "1590") == before - Decimal("376.00")
    receive(new_company, "GR-X", "PO-2026-0104", "40", "KGM", status="reversed", reason="counted twice")
    assert account(new_company, "1590") == before
    journals = ask(new_company, "journals", account="1590", limit=200)["journals"]
    assert [j["journal_id"] for j in journals if j["document"] == "GR-X"] == [
        "receipt/GR-X/1",
        "receipt/GR-X/1/turned",
    ]
    assert check(new_company, "goods received, not invoiced")["where"] == []


def test_ledger_goes_by_the_day_that_it_is_at_its_entity(new_company: Company) -> None:
    """At eight in the morning of the 27th in UTC it is the 26th on Samoa: what came on the 27th is not there yet."""
    bring(new_company, "entity", "DE", {**new_company.record("entity", "DE"), "time_zone": "Pacific/Pago_Pago"})
    assert ask(new_company, "open-items")["today"] == "2026-03-26"
    receive(new_company, "GR-S", "PO-2026-0104", "1", "KGM", received_on="2026-03-27")
    (journal,) = [j for j in ask(new_company, "journals", limit=200)["journals"] if j["document"] == "GR-S"]
    assert journal["posted_on"] == "2026-03-26"


def test_receipt_in_a_closed_period_brought_in_is_carried_forward(new_company: Company) -> None:
    line = {"order_line": "1", "quantity": "1", "unit": "KGM"}
    body = {"number": "GR-O", "order": "PO-2026-0104", "received_on": "2026-02-10", "received_by": "x", "lines": [line]}
    bring(new_company, "receipt", "GR-O", body)
    (journal,) = [j for j in ask(new_company, "journals", limit=200)["journals"] if j["document"] == "GR-O"]
    assert (journal["kind"], journal["posted_on"], journal["period"]) == ("opening", "2026-03-01", "2026-03")
    assert {line["account"] for line in journal["lines"]} == {"9000", "1590"}


def test_receipt_that_cannot_be_valued_is_named_by_the_reconciliation(new_company: Company) -> None:
    receive(new_company, "GR-U", "PO-2026-0104", "3", "H87")
    assert [place["what"] for place in check(new_company, "receipts booked")["where"]] == ["GR-U"]
    assert not ask(new_company, "reconciliation")["agrees"]


def test_amended_price_is_booked_for_what_came_so_that_the_invoice_clears(company: Company) -> None:
    """Storyline 4.6, step 3: D03's order is amended from 306.00 to 325.00 and released; then D03 is posted."""
    before = account(company, "1590")
    order = company.record("order", "PO-2026-0103")
    order["lines"][0]["price"] = "325.00"
    company.person("jonas.adler").put("order", "PO-2026-0103", order)
    (task,) = [t for t in company.person("lena.vogt").get("/tasks")["tasks"] if t["kind"] == "release"]
    assert company.person("lena.vogt").act(task, "approve").status_code == 200
    company.work()
    assert company.case("D03")["status"] == "posted"
    assert account(company, "1590") == before + Decimal("12240.00")
    assert not [place for place in check(company, "goods received, not invoiced")["where"] if "0103" in place["what"]]


# ---- journals written by hand --------------------------------------------------------------------------------------

BY_HAND: dict[str, Any] = {
    "entity": "DE",
    "posted_on": "2026-03-24",
    "currency": "EUR",
    "text": "posted by hand",
    "source": "general ledger extract",
    "supplier": "S05",
    "lines": [
        {"account": "4250", "amount": "2000.00", "cost_centre": "DE-1200"},
        {"account": "1400", "amount": "380.00"},
        {"account": "1600", "amount": "-2380.00"},
    ],
}


def test_journal_by_hand_with_a_supplier_opens_a_blocked_item(new_company: Company) -> None:
    bring(new_company, "journal", "MJ-1", BY_HAND)
    (item,) = ask(new_company, "open-items", supplier="S05")["suppliers"][0]["items"]
    assert (item["amount"], item["payment_block"], item["case_id"]) == ("2380.00", "posted without a case", "")
    assert ask(new_company, "reconciliation")["agrees"]


def test_journal_by_hand_without_a_supplier_is_where_payables_differ(new_company: Company) -> None:
    body = {name: value for name, value in BY_HAND.items() if name != "supplier"}
    bring(new_company, "journal", "MJ-2", body)
    found = check(new_company, "payables")
    assert not found["agrees"]
    assert [(place["what"], place["difference"]) for place in found["where"]] == [("MJ-2", "2380.00")]


def test_journal_that_is_booked_is_not_booked_again(new_company: Company) -> None:
    bring(new_company, "journal", "MJ-3", BY_HAND)
    bring(new_company, "journal", "MJ-3", BY_HAND | {"text": "another text"})
    journals = [j for j in ask(new_company, "journals", limit=200)["journals"] if j["document"] == "MJ-3"]
    assert [journal["text"] for journal in journals] == ["posted by hand"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"lines": [{"account": "1", "amount": "0.00"}]}, "REFERENCE-FIELD-03", id="one line"),
        pytest.param(
            {"lines": [{"account": "1", "amount": "1"}, {"account": "2", "amount": 1}]},
            "JOURNAL-LINE-01",
            id="a number",
        ),
        pytest.param(
            {"lines": [{"account": "1", "amount": "1"}, {"account": "2", "amount": "1"}]},
            "JOURNAL-BALANCE-01",
            id="out of balance",
        ),
        pytest.param({"source": ""}, "REFERENCE-FIELD-03", id="no source"),
    ],
)
def test_journal_by_hand_that_is_none_is_refused(new_company: Company, change: dict[str, Any], code: str) -> None:
    answer = new_company.person("importer").put("journal", "MJ-4", BY_HAND | change)
    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json()["faults"]] == [code]
    assert json.dumps(ask(new_company, "journals", limit=200)).find("MJ-4") == -1


# ---- the ledger against the cases ----------------------------------------------------------------------------------


def test_journal_posted_by_hand_is_found_as_bypass(shared_company: Company) -> None:
    """Storyline 4.6, step 8: one journal went round everything; coverage is below 100 %."""
    found = ask(shared_company, "coverage", person="samuel.grant")
    assert [(each["number"], each["amount"]) for each in found["bypass"]] == [("MJ-2026-0007", "2380.00")]
    assert (found["differing"], found["unposted"]) == ([], [])
    assert Decimal(found["coverage_percent"]) < 100
    assert found["covered"] == found["documents"] - 1
    assert ask(shared_company, "coverage", "FR", person="samuel.grant")["coverage_percent"] == "100"


def test_outside_ledger_is_compared_document_by_document(shared_company: Company) -> None:
    cases = {name: shared_company.case(name) for name in ("D01", "D02", "D05")}
    rows = (
        LedgerDocument("line 2", cases["D01"]["number"], None, Decimal("11186.00")),
        LedgerDocument("line 3", cases["D02"]["number"], None, Decimal("18000.00")),
        LedgerDocument("line 4", "STRANGE-1", None, Decimal("5.00")),
    )
    request = Request("samuel.grant", CompareLedger("DE", "2026-03", rows))
    found = shared_company.platform.dispatcher.execute(TENANT, request)
    assert [row["case_id"] for row in found["matched"]] == [cases["D01"]["case_id"]]
    assert [(row["number"], row["difference"]) for row in found["differing"]] == [("FG-88120", Decimal("-445.00"))]
    assert [row["number"] for row in found["bypass"]] == ["STRANGE-1"]
    assert cases["D05"]["case_id"] in [row["case_id"] for row in found["unposted"]]
