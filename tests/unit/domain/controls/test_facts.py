"""Facts: what the decision tables are told, and that what is not known is told as null."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.controls.situations import NOW, ORDER, SUPPLIER, context, invoice, line, receipt

from comptroller.domain.controls.context import Candidate, InvoiceContext, LineMark, Signature
from comptroller.domain.controls.facts import invoice_facts
from comptroller.domain.documents.model import AllowanceCharge, BankAccount, Invoice, Party, PaymentInstruction, Totals
from comptroller.domain.feel import admit
from comptroller.domain.kernel.fault import Fault

DOCUMENT = invoice(line("9400.00", "1000"))
OTHER = "DE68200990010004402002"


def facts(document: Invoice = DOCUMENT, **fields: object) -> dict[str, Any]:
    return dict(invoice_facts(document, context(**fields)))


def test_the_facts_of_a_plain_invoice() -> None:
    told = facts()
    assert told["document kind"] == "invoice"
    assert told["amount"] == Decimal("9400.00")
    assert told["order date"] == date(2026, 2, 23)
    assert told["order released"] is True
    assert told["account matches"] is True
    assert told["account country"] == "DE"
    assert told["missing content"] == ["delivery date"]
    assert told["lines"][0]["side"] == "none"
    assert told["tax rows"][0]["difference"] == 0
    assert told["receivers"] == ["karim.benali"]


def test_every_fact_is_a_value_of_feel() -> None:
    candidate = Candidate("C-1", "NK 2026 0311", "S01", "", "", "DE", "EUR", None, None, "380", "posted")
    fault = Fault("BR-01", "/", "m")
    for name, value in facts(candidates=(candidate,), faults=(fault,)).items():
        assert admit(value) == value, name


def test_nothing_known_around_the_document_is_told_as_null() -> None:
    told = invoice_facts(DOCUMENT, InvoiceContext(now=NOW, today=NOW.date()))
    unknown = {
        *("faults", "posting date", "entity", "entity country", "group rate", "amount", "candidates"),
        *("supplier", "supplier country", "supplier status", "onboarding complete", "purchasing block", "category"),
        *("supplier payment block", "older records", "account matches", "account verified", "shared with"),
        *("order date", "order status", "order released", "seller vat same", "buyer vat same", "seller registered"),
    }
    assert {name for name in unknown if told[name] is not None} == set()


@pytest.mark.parametrize(
    ("kind", "net", "rate", "amount"),
    [
        pytest.param("invoice", "48000.00", "1.1600", "55680.000000", id="in group currency, unrounded"),
        pytest.param("credit_note", "2000.00", "1", "2000.00", id="a credit note counts by its size"),
        pytest.param("invoice", "-2000.00", "1", "2000.00", id="a negative invoice counts by its size"),
    ],
)
def test_the_amount_that_authority_is_measured_on(kind: str, net: str, rate: str, amount: str) -> None:
    document = invoice(line(net, "1"), kind=kind)
    assert facts(document, rate=Decimal(rate))["amount"] == Decimal(amount)


def test_without_a_net_total_there_is_no_amount() -> None:
    assert facts(replace(DOCUMENT, totals=Totals()))["amount"] is None


def account(**fields: Any) -> dict[str, Any]:
    changed = BankAccount("DE32200990010004401001", **fields)
    return facts(supplier=replace(SUPPLIER, accounts=(changed,)))


@pytest.mark.parametrize(
    ("fields", "verified"),
    [
        pytest.param({"changed_by": "oskar.brandt", "verified_by": "mei-lin.chow"}, True, id="by a second person"),
        pytest.param({"changed_by": "oskar.brandt", "verified_by": "oskar.brandt"}, False, id="by the same person"),
        pytest.param({"changed_by": "oskar.brandt"}, False, id="by nobody"),
    ],
)
def test_a_change_of_account_is_verified_by_a_second_person(fields: dict[str, str], verified: bool) -> None:
    told = account(changed_on=date(2026, 3, 20), **fields)
    assert told["account verified"] is verified
    assert told["account changed before"] is True


def test_an_account_that_is_not_on_file() -> None:
    told = facts(replace(DOCUMENT, payments=(PaymentInstruction(account=OTHER),)))
    assert (told["account matches"], told["account changed before"]) == (False, None)


def test_without_an_account_on_the_invoice_the_only_one_on_file_counts() -> None:
    told = facts(replace(DOCUMENT, payments=()))
    assert (told["account stated"], told["account changed before"], told["account country"]) == (False, False, "DE")


def test_without_an_account_on_the_invoice_none_of_several_is_guessed() -> None:
    two = replace(SUPPLIER, accounts=(*SUPPLIER.accounts, BankAccount(OTHER)))
    told = facts(replace(DOCUMENT, payments=()), supplier=two)
    assert (told["account changed before"], told["account country"]) == (None, None)


@pytest.mark.parametrize("means", ["49", "59"])
def test_a_direct_debit_asks_for_no_payment(means: str) -> None:
    told = facts(replace(DOCUMENT, payments=(PaymentInstruction(means_code=means, account=OTHER),)))
    assert told["account stated"] is False


def test_a_national_account_has_no_country() -> None:
    assert facts(replace(DOCUMENT, payments=(PaymentInstruction(account="0044100100"),)))["account country"] == "none"


def test_a_payee_other_than_the_seller() -> None:
    assert facts(replace(DOCUMENT, payee=Party(name="Factor Bank")))["payee differs"] is True
    assert facts(replace(DOCUMENT, payee=Party(name="Nordkupfer Handel GmbH")))["payee differs"] is False


def test_of_two_supplier_records_only_the_younger_is_in_question() -> None:
    younger = replace(SUPPLIER, id="S20", created_on=date(2026, 2, 23))
    assert facts(supplier=younger, twins=(SUPPLIER,))["older records"] == ["S01"]
    assert facts(supplier=younger, twins=(SUPPLIER,))["shared with"] == ["S01"]
    assert facts(twins=(younger,))["older records"] == []
    assert facts(twins=None)["older records"] is None


def test_records_without_a_date_are_told_apart_by_their_id() -> None:
    first, second = replace(SUPPLIER, created_on=None), replace(SUPPLIER, id="S20", created_on=None)
    assert facts(supplier=first, twins=(second,))["older records"] == []
    assert facts(supplier=second, twins=(first,))["older records"] == ["S01"]


ELSEWHERE = {"supplier": "S2", "vat_id": "", "account": ""}
LINES = (LineMark("copper tube", "", Decimal("9400.00")),)


def candidate(**fields: Any) -> dict[str, Any]:
    found = Candidate(
        case_id="C-1",
        number="NK 2026 0311",
        supplier="S01",
        vat_id="DE 999940106",
        account="DE32200990010004401001",
        entity="DE",
        currency="EUR",
        net=Decimal("9400.00"),
        gross=DOCUMENT.totals.gross,
        type_code="380",
        status="posted",
    )
    told: dict[str, Any] = facts(
        candidates=(replace(found, **fields),), cleared=("C-7",), supplier=replace(SUPPLIER, corporate_group="G")
    )["candidates"][0]
    return told


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        pytest.param({}, "relation", "normalised", id="separators differ"),
        pytest.param({}, "supplier relation", "same", id="the same record"),
        pytest.param({"supplier": "S2"}, "supplier relation", "same VAT id", id="the VAT id without its blank"),
        pytest.param({"supplier": "S2", "vat_id": ""}, "supplier relation", "same account", id="the same account"),
        pytest.param(ELSEWHERE, "supplier relation", "other", id="another supplier"),
        pytest.param({**ELSEWHERE, "group": "G"}, "supplier relation", "same group", id="of the same group"),
        pytest.param(
            {**ELSEWHERE, "supplier_name": "Nord Kupfer Handels GmbH"}, "names", "letter", id="a letter in the name"
        ),
        pytest.param(
            {**ELSEWHERE, "supplier_name": "NORDKUPFER HANDEL"},
            "supplier relation",
            "similar name",
            id="the name alone",
        ),
        pytest.param({**ELSEWHERE, "supplier": ""}, "supplier relation", None, id="nothing known of the supplier"),
        pytest.param({"net": Decimal("9400.00")}, "same net", True, id="the same net"),
        pytest.param({"issue_date": date(2026, 3, 15)}, "days", Decimal(5), id="days between"),
        pytest.param({"issue_date": None}, "days", None, id="a date that is not known"),
        pytest.param({"period": "2026-02-01/2026-02-28"}, "same period", None, id="only one states a period"),
        pytest.param({"lines": LINES}, "line overlap", Decimal(100), id="the same line"),
        pytest.param({"lines": ()}, "line overlap", Decimal(0), id="no line"),
        pytest.param({"lines": None}, "line overlap", None, id="lines that are not known"),
        pytest.param({"lines": LINES}, "order line overlap", False, id="a line without an order"),
        pytest.param({}, "times", Decimal(2), id="the amount is there twice"),
        pytest.param({}, "same gross", True, id="the same amount"),
        pytest.param({"gross": Decimal("9400.01")}, "same gross", False, id="another amount"),
        pytest.param({"gross": None}, "same gross", None, id="an amount that is not known"),
        pytest.param({"type_code": "381"}, "same kind", False, id="a credit note"),
        pytest.param({"received_at": NOW + timedelta(seconds=1)}, "later", True, id="came later"),
        pytest.param({"received_at": NOW}, "later", False, id="came at the same instant"),
        pytest.param({}, "later", False, id="an unknown arrival counts as earlier"),
        pytest.param({"status": ""}, "state", None, id="a state that is not known"),
        pytest.param({"case_id": "C-7"}, "cleared", True, id="cleared by a person"),
    ],
)
def test_a_candidate(fields: dict[str, object], name: str, expected: object) -> None:
    assert candidate(**fields)[name] == expected


@pytest.mark.parametrize(
    ("released_by", "released"),
    [
        pytest.param("lena.vogt", True, id="by a second person"),
        pytest.param("jonas.adler", False, id="by its creator"),
        pytest.param("", False, id="by nobody"),
    ],
)
def test_an_order_is_released_by_a_second_person(released_by: str, released: bool) -> None:
    assert facts(order=replace(ORDER, released_by=released_by))["order released"] is released


def test_the_vat_ids_are_compared_with_the_records() -> None:
    told = facts(replace(DOCUMENT, seller=Party(vat_id="de 999940106"), buyer=Party(vat_id="FR13999122666")))
    assert (told["seller vat same"], told["buyer vat same"]) == (True, False)
    told = facts(replace(DOCUMENT, seller=None, buyer=None))
    assert (told["seller vat same"], told["buyer vat same"]) == (None, None)


def test_people_and_signatures() -> None:
    receipts = (receipt("10"), replace(receipt("5"), received_by="lena.vogt"), receipt("-1"))
    told = facts(receipts=receipts, requester="ruth.sommer", signatures=(Signature("cfo", "nadia.okafor"),))
    assert told["receivers"] == ["karim.benali", "lena.vogt"]
    assert (told["orderer"], told["requester"], told["signed steps"]) == ("jonas.adler", "ruth.sommer", ["cfo"])
    assert facts(order=None)["orderer"] == ""


def test_charges_of_the_document_are_summed_and_allowances_are_not() -> None:
    items = tuple(AllowanceCharge(is_charge=charge, amount=Decimal(5)) for charge in (True, True, False))
    assert facts(replace(DOCUMENT, allowances_charges=items))["document charges"] == 10


def test_the_decision_date_is_the_entity_s_day() -> None:
    late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert facts(now=late, today=date(2026, 4, 1))["decision date"] == date(2026, 4, 1)
