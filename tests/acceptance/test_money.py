"""Money over HTTP: rates, periods, cost objects, the group's other books, tax kept back, a date that is waited for."""

import json
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company, demo_bytes, demo_documents, demo_form


def hand_in(company: Company, document: str) -> str:
    """Hand a demonstration document in; its case."""
    facts = demo_documents()[document]
    answer = company.person(facts["submitted_by"]).submit(demo_bytes(document), facts["media_type"])
    assert answer.status_code == 201, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


def submit(company: Company, body: dict[str, Any]) -> str:
    answer = company.person("tomasz.zielinski").submit(json.dumps(body).encode())
    assert answer.status_code == 201, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


def bring_in(company: Company, kind: str, key: str, body: dict[str, Any]) -> None:
    answer = company.person("importer").put(kind, key, body)
    assert answer.status_code == 200, answer.text
    company.work()


def state(company: Company, case_id: str) -> tuple[str, list[str]]:
    case = company.person("samuel.grant").get(f"/cases/{case_id}")
    return case["outcome"], case["exception_types"]


def booked(company: Company, case_id: str) -> dict[str, Decimal]:
    """What the case's own journal has on each account, in the entity's currency."""
    journals = company.read(lambda uow: uow.journals())
    totals: dict[str, Decimal] = {}
    for journal, lines in journals:
        if journal.journal_id == f"{case_id}.J1":
            for line in lines:
                totals[line.account] = totals.get(line.account, Decimal(0)) + line.local_amount
    return totals


def decided(company: Company, case_id: str, decision: str) -> Answer:
    """The outcome of a decision as it was taken last."""
    rows = company.read(lambda uow: partial(uow.decisions, case_id)())
    return json.loads([row for row in rows if row.decision == decision][-1].outcome)


def test_a_rate_is_told_with_its_source_and_date(new_company: Company) -> None:
    case_id = hand_in(new_company, "D18")
    assert state(new_company, case_id) == ("posted", [])
    assert decided(new_company, case_id, "currency and rate")["text"] == "USD at 0.92, demo table, of 2026-03-01"
    assert booked(new_company, case_id) == {"1590": Decimal("11040.00"), "1600": Decimal("-11040.00")}


@pytest.mark.parametrize(
    "rate",
    [
        pytest.param({"type": "daily", "valid_on": "2026-03-20"}, id="a daily rate of last week"),
        pytest.param({"type": "monthly", "valid_on": "2026-03-01", "reference": "0.80"}, id="far from the reference"),
        pytest.param({"type": "monthly", "valid_on": "2026-03-28"}, id="of tomorrow"),
        pytest.param({"valid_on": "2026-03-01"}, id="of no type"),
    ],
)
def test_a_rate_that_is_not_good_holds_until_a_good_one_comes(new_company: Company, rate: dict[str, str]) -> None:
    bring_in(new_company, "rate", "USD", {"rate": "0.9200", "source": "treasury", **rate})
    case_id = hand_in(new_company, "D18")
    assert state(new_company, case_id) == ("exception", ["rate"])
    good = {"rate": "0.9150", "source": "treasury", "type": "daily", "valid_on": "2026-03-27"}
    bring_in(new_company, "rate", "USD/2026-03-27", good)
    assert state(new_company, case_id) == ("posted", [])
    assert booked(new_company, case_id)["1600"] == Decimal("-10980.00")


def test_goods_that_came_at_another_rate_leave_an_exchange_difference(new_company: Company) -> None:
    good = {"rate": "0.9100", "source": "treasury", "type": "daily", "valid_on": "2026-03-26"}
    bring_in(new_company, "rate", "USD/2026-03-26", good)
    found = booked(new_company, hand_in(new_company, "D18"))
    assert found == {"1590": Decimal("11040.00"), "1600": Decimal("-10920.00"), "2660": Decimal("-120.00")}


def test_a_document_in_another_currency_than_its_contract_is_held(new_company: Company) -> None:
    contract = new_company.record("contract", "CT-2023-016") | {"currency": "CHF", "valid_to": "2026-12-31"}
    supplier = new_company.record("supplier", "S16")
    bring_in(new_company, "supplier", "S16", supplier | {"contract_end": "2026-12-31"})
    bring_in(new_company, "contract", "CT-2023-016", contract)
    case_id = hand_in(new_company, "D09")
    assert state(new_company, case_id) == ("exception", ["currency"])
    assert decided(new_company, case_id, "currency and rate")["text"] == "invoiced in EUR, agreed in CHF"


def test_a_parked_document_is_called_up_by_its_date(company: Company) -> None:
    assert company.case("D41")["outcome"] == "parked"
    bring_in(company, "period", "DE/2026-04", {"state": "open"})
    before = company.later(timedelta(days=5))
    before.work()
    assert before.case("D41")["outcome"] == "parked"
    after = company.later(timedelta(days=7))
    after.work()
    assert (after.case("D41")["status"], after.case("D41")["exception_types"]) == ("posted", [])


def test_a_period_that_is_not_open_holds_until_it_is(company: Company) -> None:
    later = company.later(timedelta(days=7))
    bring_in(later, "period", "DE/2026-03", {"state": "closed"})
    case_id = company.case_of("D41")
    assert state(later, case_id) == ("exception", ["period"])
    bring_in(later, "period", "DE/2026-04", {"state": "open"})
    assert state(later, case_id) == ("posted", [])


def test_a_closed_cost_centre_holds(new_company: Company) -> None:
    body = new_company.record("cost-centre", "DE-4000")
    bring_in(new_company, "cost-centre", "DE-4000", {**body, "status": "closed"})
    case_id = hand_in(new_company, "D13")
    assert state(new_company, case_id) == ("exception", ["coding"])
    bring_in(new_company, "cost-centre", "DE-4000", body)
    assert state(new_company, case_id) == ("approval", [])


def without_cost_centre() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(demo_bytes("D13"))
    del body["accounting_reference"]
    return body


def test_a_clerk_codes_what_names_no_cost_centre_and_its_owner_signs(new_company: Company) -> None:
    case_id = submit(new_company, without_cost_centre())
    assert state(new_company, case_id) == ("exception", ["coding", "budget"])
    body = {"cost_centre": "DE-4000"}
    assert new_company.person("ruth.sommer").put("coding", "DE/S08/LC-90077", body).status_code == 403
    assert new_company.person("tomasz.zielinski").put("coding", "DE/S08/LC-90077", body).status_code == 200
    new_company.work()
    assert state(new_company, case_id) == ("approval", [])
    assert new_company.record("coding", "DE/S08/LC-90077")["coded_by"] == "tomasz.zielinski"


def test_a_supplier_may_have_a_cost_centre_of_its_own(new_company: Company) -> None:
    bring_in(new_company, "coding", "DE/S08", {"cost_centre": "DE-4000"})
    assert state(new_company, submit(new_company, without_cost_centre())) == ("approval", [])


def test_a_pair_goes_on_once_the_counterpart_books_the_same(company: Company) -> None:
    """What companies of the group ask of each other is signed; that both books agree is decided before."""
    assert company.case("D39")["exception_types"] == ["intercompany"]
    key = "S21/FR/IC-2026-031"
    bring_in(company, "counterpart-document", key, company.record("counterpart-document", key) | {"amount": "45000.00"})
    case_id = company.case_of("D39")
    assert state(company, case_id) == ("approval", [])
    assert decided(company, case_id, "intercompany")["outcome"] == "post in pair"


def construction(number: str = "BH-1300") -> dict[str, Any]:
    """The foundation of D28 as it should have been billed: the buyer owes the VAT."""
    body: dict[str, Any] = json.loads(demo_form("D07"))
    supplier = {"name": "Bau Hansen GmbH", "vat_id": "DE999941184"}
    totals = {"line_net": "31500.00", "net": "31500.00", "tax": "0.00", "gross": "31500.00", "payable": "31500.00"}
    reverse = {"code": "AE", "rate": "0"}
    reason = {"exemption_reason": "Reverse charge", "exemption_reason_code": "VATEX-EU-AE"}
    body |= {"number": number, "order_number": "PO-2026-0428", "accounting_reference": "DE-1000", "totals": totals}
    body["seller"] |= supplier | {"electronic_address": {"value": "rechnung@bau-hansen.example", "scheme": "EM"}}
    body["payments"][0] |= {"account": "DE62200990010004418018", "account_name": supplier["name"], "remittance": number}
    body["tax_breakdown"] = [{"taxable_amount": "31500.00", "tax_amount": "0.00", "category": reverse, **reason}]
    body["lines"][0] |= {"net_amount": "31500.00", "net_price": "31500.00", "tax": reverse}
    return body


def test_a_certificate_of_exemption_frees_the_payment(new_company: Company) -> None:
    case_id = submit(new_company, construction())
    assert state(new_company, case_id) == ("posted", [])
    assert decided(new_company, case_id, "withholding")["reason"] == "AP-WITHHOLDING-04"


def test_tax_is_kept_back_of_a_builder_without_a_certificate(new_company: Company) -> None:
    expired = {
        "supplier": "S18",
        "country": "DE",
        "type": "exemption",
        "valid_from": "2022-07-01",
        "valid_to": "2025-06-30",
    }
    bring_in(new_company, "withholding-certificate", "WC-2026-0018", expired)
    bring_in(new_company, "supplier", "S18", {**new_company.record("supplier", "S18"), "withholding": True})
    case_id = submit(new_company, construction())
    assert state(new_company, case_id) == ("posted", [])
    found = booked(new_company, case_id)
    assert (found["1600"], found["1748"]) == (Decimal("-26775.00"), Decimal("-4725.00"))
    assert new_company.read(lambda uow: uow.balances(["withholding/DE/S18/2026"])) == {
        "withholding/DE/S18/2026": 31_500_000_000
    }


def test_a_builder_whose_year_nobody_counts_is_held(new_company: Company) -> None:
    expired = {
        "supplier": "S18",
        "country": "DE",
        "type": "exemption",
        "valid_from": "2022-07-01",
        "valid_to": "2025-06-30",
    }
    bring_in(new_company, "withholding-certificate", "WC-2026-0018", expired)
    assert state(new_company, submit(new_company, construction())) == ("exception", ["tax"])


def test_a_vat_id_that_was_not_valid_is_a_tax_exception(new_company: Company) -> None:
    body = new_company.record("vat-registration", "FR90999122336")
    bring_in(new_company, "vat-registration", "FR90999122336", {**body, "valid_to": "2026-03-01"})
    assert state(new_company, hand_in(new_company, "D27")) == ("exception", ["tax"])


REFUSED = [
    pytest.param(
        "rate",
        "USD/2026-03-27",
        {"rate": "0.92", "valid_on": "2026-03-26"},
        "REFERENCE-RATE-02",
        id="rate: another day",
    ),
    pytest.param("rate", "dollar", {"rate": "0.92"}, "REFERENCE-RATE-01", id="rate: no currency"),
    pytest.param("rate", "USD", {"rate": "0"}, "REFERENCE-FIELD-03", id="rate: nothing"),
    pytest.param(
        "budget",
        "DE/DE-1000/2027",
        {"entity": "DE", "cost_centre": "DE-1000", "year": "2026", "amount": "1"},
        "REFERENCE-KEY-02",
        id="budget: another year",
    ),
    pytest.param("budget", "DE/X/2026", {"entity": "DE"}, "REFERENCE-FIELD-01", id="budget: no amount"),
    pytest.param(
        "cost-centre",
        "DE-1",
        {"name": "n", "owner": "o", "entity": "DE", "valid_from": "2026-02-01", "valid_to": "2026-01-31"},
        "REFERENCE-SPAN-01",
        id="cost centre: ends before it begins",
    ),
    pytest.param("ledger-account", "DE/1", {"name": "n", "type": "heap"}, "REFERENCE-FIELD-03", id="account: no type"),
    pytest.param(
        "vat-registration",
        "DE 999",
        {"country": "DE", "valid_from": "2020-01-01", "checked_on": "2026-03-01", "source": "s"},
        "REFERENCE-VAT-01",
        id="VAT id: with a space",
    ),
    pytest.param(
        "tax-code",
        "DE-S19",
        {"name": "n", "country": "DE", "category": "S", "rate": "119"},
        "REFERENCE-FIELD-03",
        id="tax code: above a hundred percent",
    ),
    pytest.param(
        "accrual",
        "A-1",
        {"entity": "DE", "period": "2026-13", "amount": "1", "account": "1", "liability_account": "2"},
        "REFERENCE-FIELD-03",
        id="accrual: no month",
    ),
    pytest.param("withholding-certificate", "W", {"supplier": "S18"}, "REFERENCE-FIELD-01", id="certificate: no days"),
    pytest.param(
        "counterpart-document",
        "S21/FR/X",
        {"supplier": "S21", "entity": "FR", "number": "Y", "currency": "EUR", "amount": "1.00"},
        "REFERENCE-KEY-02",
        id="counterpart: another number",
    ),
    pytest.param("legal-hold", "S01", {"reason": ""}, "REFERENCE-FIELD-03", id="legal hold: no reason"),
]


@pytest.mark.parametrize(("kind", "key", "body", "code"), REFUSED)
def test_a_record_that_is_wrong_is_refused_with_every_fault(
    shared_company: Company, kind: str, key: str, body: dict[str, Any], code: str
) -> None:
    answer = shared_company.person("importer").put(kind, key, body)
    assert answer.status_code == 422, answer.text
    assert code in {fault["code"] for fault in answer.json()["faults"]}


@pytest.mark.parametrize(
    "kind", ["budget", "rate", "ledger-account", "vat-registration", "accrual", "counterpart-document"]
)
def test_a_buyer_brings_in_nothing_that_money_is_judged_by(shared_company: Company, kind: str) -> None:
    answer = shared_company.person("jonas.adler").put(kind, "X", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-DUTY-01")


# ---- what authority is measured on ---------------------------------------------------------------------------------


def french(company: Company, category: str, net: str) -> str:
    """An invoice with 20 % VAT of the French entity's supplier, whose category is another one from now on."""
    bring_in(company, "supplier", "S09", company.record("supplier", "S09") | {"category": category})
    body: dict[str, Any] = company.case("D14")["document"]["canonical"]
    vat = f"{Decimal(net) / 5:.2f}"
    gross = f"{Decimal(net) + Decimal(vat):.2f}"
    (row, *_), (line, *_) = body["tax_breakdown"], body["lines"]
    body |= {"number": f"AV-{net}", "tax_breakdown": [row | {"taxable_amount": net, "tax_amount": vat}]}
    body["lines"] = [line | {"name": "Hire of cars", "quantity": "1", "net_price": net, "net_amount": net}]
    body["totals"] = {"line_net": net, "net": net, "tax": vat, "gross": gross, "payable": gross}
    answer = company.person("amelie.laurent").submit(json.dumps(body).encode())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


@pytest.mark.parametrize(
    ("category", "net", "amount", "outcome"),
    [
        pytest.param("facility services", "1000.00", "1000.0000", "approval", id="deducted whole"),
        pytest.param("travel", "1000.00", "1200.0000", "returned", id="nothing deducted: over the limit with its VAT"),
        pytest.param("travel", "833.33", "1000.0000", "approval", id="up to the limit with its VAT"),
    ],
)
def test_vat_that_is_a_cost_counts_for_the_limit(
    company: Company, category: str, net: str, amount: str, outcome: str
) -> None:
    case_id = french(company, category, net)
    assert state(company, case_id)[0] == outcome
    rows = company.person("samuel.grant").get(f"/cases/{case_id}/decisions")["decisions"]
    given = [row["inputs"]["amount"] for row in rows if row["decision"] in {"order policy", "split"}]
    assert {Decimal(each) for each in given} == {Decimal(amount)}
    assert any(row["decision"] == "tax treatment" for row in rows) == (category == "travel")
    assert all(row["reproduced"] for row in rows)
    (kept, _), *_ = company.read(lambda uow: uow.candidates([case_id]))
    assert kept.amount == Decimal(amount)
