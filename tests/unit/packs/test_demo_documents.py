"""The demonstration's documents through every decision: way, exceptions with their owners, and who signs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.controls.situations import NOW, ORDER, SUPPLIER, context, invoice, line, receipt
from tests.unit.packs.accounts_payable import decide_all

from comptroller.domain.controls.context import Candidate, InvoiceContext, Signature
from comptroller.domain.controls.facts import Facts, invoice_facts
from comptroller.domain.controls.parties import EntityMarks, SupplierMatch
from comptroller.domain.documents.model import (
    BankAccount,
    Invoice,
    Order,
    OrderLine,
    Supplier,
    TaxCategory,
    TaxSubtotal,
)
from comptroller.domain.kernel.fault import Fault

KEY = "order-line/PO-1/1"
NOTHING_TAKEN = {KEY: Decimal(0)}


def supplier(number: str, category: str, country: str = "DE", **fields: Any) -> Supplier:
    """A supplier of the demonstration; its account is the one on the invoices here."""
    return replace(SUPPLIER, id=number, category=category, country=country, **fields)


def order(quantity: str, price: str, group: str, **fields: Any) -> Order:
    ordered = OrderLine("1", "Item", Decimal(quantity), "KGM", Decimal(price), material_group=group)
    return replace(ORDER, lines=(ordered,), **fields)


def orderless(net: str, category: str, **fields: Any) -> tuple[Invoice, InvoiceContext]:
    return invoice(line(net, "1"), order=""), context(order=None, supplier=supplier("S0", category), **fields)


def matched(
    net: str, quantity: str, ordered: Order, received: str | None = None, taken: str = "0", **fields: Any
) -> tuple[Invoice, InvoiceContext]:
    group = ordered.lines[0].material_group
    around = context(
        order=ordered,
        supplier=supplier(ordered.supplier, "facility services" if group == "service" else group),
        receipts=(receipt(received or quantity),),
        taken={KEY: Decimal(taken)},
    )
    return invoice(line(net, quantity)), replace(around, **fields)


def first_document(**fields: Any) -> Candidate:
    """D01 as the duplicate search finds it."""
    found = Candidate(
        case_id="D01",
        number="NK-2026-0311",
        supplier="S01",
        vat_id="DE999940106",
        account="DE32200990010004401001",
        entity="DE",
        currency="EUR",
        net=Decimal("9400.00"),
        gross=Decimal("11186.00"),
        type_code="380",
        status="posted",
    )
    return replace(found, **fields)


def d17() -> tuple[Invoice, InvoiceContext]:
    document, around = orderless("48000.00", "legal", rate=Decimal("1.16"))
    charged = TaxSubtotal(Decimal("48000.00"), Decimal("0.00"), TaxCategory("AE", Decimal(0)), "Reverse charge")
    totals = replace(document.totals, tax=Decimal("0.00"), gross=Decimal("48000.00"), payable=Decimal("48000.00"))
    document = replace(document, currency="GBP", totals=totals, tax_breakdown=(charged,))
    british = replace(document.payments[0], account="GB81NWVL99000144120012")
    accounts = (BankAccount("GB81NWVL99000144120012"),)
    around = replace(around, supplier=supplier("S12", "legal", "GB", accounts=accounts))
    return replace(document, payments=(british,)), around


def d22() -> tuple[Invoice, InvoiceContext]:
    document, around = matched("9400.00", "1000", order("1000", "9.40", "raw material", supplier="S20", entity="FR"))
    assert around.supplier is not None
    assert around.entity is not None
    younger = replace(around.supplier, id="S20", created_on=SUPPLIER.created_on and NOW.date())
    french = replace(around.entity, code="FR", country="FR", vat_id="DE999942304")
    found = (first_document(),)
    around = replace(around, supplier=younger, twins=(SUPPLIER,), entity=french, candidates=found)
    return replace(document, number="NK-2026-0311A"), around


CASTINGS = order("50", "306.00", "castings", supplier="S02")
COPPER = order("500", "9.40", "raw material")
BR_CO_15 = Fault("BR-CO-15", "/totals", "gross is not net and VAT", by="canonical")
BLOCKED = supplier("S15", "spare parts", status="blocked", purchasing_block=True, payment_block=True)

DOCUMENTS = [
    pytest.param(*matched("9400.00", "1000", ORDER), "post", {}, [], id="D01 agrees in everything"),
    pytest.param(*matched("15500.00", "50", CASTINGS), "post", {}, [], id="D02 1.31 % over, tolerated"),
    pytest.param(
        *matched("13000.00", "40", order("40", "306.00", "castings", supplier="S02")),
        "hold",
        {"price": "buyer"},
        [],
        id="D03 6.21 % over",
    ),
    pytest.param(
        *matched("5640.00", "600", order("600", "9.40", "raw material"), "560"),
        "hold",
        {"quantity": "receiver"},
        [],
        id="D04 40 kg not received",
    ),
    pytest.param(*matched("4841.00", "515", COPPER), "post", {}, [], id="D05 3 % over the order, tolerated"),
    pytest.param(
        *matched("10140.00", "120", order("200", "84.50", "components", supplier="S03")),
        "post",
        {},
        [],
        id="D06 a part delivery",
    ),
    pytest.param(
        *matched("8200.00", "1", order("1", "8200.00", "service", supplier="S05", match="two-way")),
        "post",
        {},
        [],
        id="D07 an accepted service",
    ),
    pytest.param(*orderless("3120.00", "utilities"), "approve", {}, ["cost-centre owner"], id="D11 electricity"),
    pytest.param(*orderless("86000.00", "castings"), "return", {"no order": "requester"}, [], id="D16 no order"),
    pytest.param(*d17(), "approve", {}, ["cost-centre owner", "cfo"], id="D17 legal advice, 55,680.00 EUR"),
    pytest.param(
        *matched("9400.00", "1000", ORDER, taken="1000", candidates=(first_document(number="NK 2026 0311"),)),
        "hold",
        {"duplicate": "ap-lead"},
        [],
        id="D21 D01 in another format",
    ),
    pytest.param(
        *d22(),
        "hold",
        {"supplier": "supplier-enter", "duplicate": "ap-lead", "tax": "tax-manager"},
        [],
        id="D22 second record, other entity, German VAT",
    ),
    pytest.param(
        *matched("15600.00", "50", CASTINGS, taken="50", candidates=(first_document(),)),
        "hold",
        {"duplicate": "ap-lead"},
        [],
        id="D23 the number again with another total",
    ),
    pytest.param(
        *matched("3400.00", "1", order("1", "3400.00", "service"), faults=(BR_CO_15,)),
        "reject",
        {"document": "ap-clerk"},
        [],
        id="D25 a total that does not add up",
    ),
    pytest.param(
        *matched("1950.00", "1", order("1", "1950.00", "spare parts", supplier="S15"), supplier=BLOCKED),
        "hold",
        {"supplier": "supplier-enter"},
        [],
        id="D33 a blocked supplier",
    ),
    pytest.param(
        *orderless("890.00", "facility services"), "approve", {}, ["cost-centre owner"], id="D45 cleaning for 890.00"
    ),
    pytest.param(*matched("3760.00", "400", COPPER, "500"), "post", {}, [], id="D50a the first of two"),
    pytest.param(
        *matched("2820.00", "300", COPPER, "500", taken="400"),
        "hold",
        {"quantity": "receiver"},
        [],
        id="D50b the second of two",
    ),
]


def facts_of(document: Invoice, around: InvoiceContext) -> Facts:
    """The facts of a document whose marks lead to its supplier and its entity."""
    assert around.supplier is not None
    assert around.entity is not None
    match = SupplierMatch(around.supplier.id, "same", "none", "none", "same", "same")
    marks = EntityMarks(around.entity.code, around.entity.code)
    return invoice_facts(document, replace(around, supplier_matches=(match,), entity_marks=marks))


def routes(outcomes: Mapping[str, Any]) -> dict[str, str]:
    return {found["type"]: found["owner"] for found in outcomes["exception routing"]}


@pytest.mark.parametrize(("document", "around", "way", "exceptions", "signers"), DOCUMENTS)
def test_document(
    document: Invoice, around: InvoiceContext, way: str, exceptions: dict[str, str], signers: list[str]
) -> None:
    outcomes = decide_all(facts_of(document, around))
    assert outcomes["disposition"]["outcome"] == way
    assert routes(outcomes) == exceptions
    assert [step["relation"] or step["role"] for step in outcomes["approval routing"]["open steps"]] == signers


def test_a_forbidden_purchase_is_a_breach_attempt() -> None:
    outcomes = decide_all(facts_of(*orderless("86000.00", "castings")))
    assert outcomes["disposition"]["breach"] == "order-less where forbidden"


def test_the_waiting_copy_does_not_hold_the_first_document() -> None:
    copy = first_document(case_id="D21", status="waiting", received_at=NOW + timedelta(minutes=1))
    outcomes = decide_all(facts_of(*matched("9400.00", "1000", ORDER, candidates=(copy,))))
    assert outcomes["disposition"]["outcome"] == "post"


def test_the_document_is_posted_once_everybody_has_signed() -> None:
    document, around = d17()
    first = replace(around, signatures=(Signature("cost-centre-owner", "hannah.petrov"),))
    outcomes = decide_all(facts_of(document, first))
    assert [step["role"] for step in outcomes["approval routing"]["open steps"]] == ["cfo"]
    both = replace(first, signatures=(*first.signatures, Signature("cfo", "nadia.okafor")))
    assert decide_all(facts_of(document, both))["disposition"]["outcome"] == "post"


NOT_CONTROLS = {
    *("document number", "net", "tax", "gross", "cost centre", "preceding count"),
    *("requester", "enterer", "orderer", "receivers", "signed steps"),  # asked by decision 35
    *("block reason", "probation limit", "probation end", "contract end"),  # null says: there is none
    *("order entity", "entity by address", "buyer country"),  # null says: none is named
    "entity by name",  # the VAT id decides
    "group currency",  # only what texts write
    *("clearance id", "keyed"),  # asked only where a state clears, or a person keyed
    *(
        "screening confirmed",
        "screening score",
        "screening list",
        "screening matches",
    ),  # asked only where there is a hit
    *("screening cleared by", "screening cleared until"),
    *("supplier days", "supplier risk score", "weekend", "first invoice", "times the usual"),  # drivers of risk
    "payee verification",  # asked only where the account was changed
    *("account changed", "account verified", "assignment notice"),  # asked only where there was a change or a payee
    "order number",  # asked only where no order was found
    *("spend source", "spend others", "spend searched days"),  # asked only of what no order covers
    *("spend limits", "spend window"),  # null says: those of the policy
    *("budget shares", "paid in the year", "withholding certificate"),  # asked where no order or no scheme covers it
    *("order currency", "contract currency", "agreement known", "counterpart", "trading partner", "accrual"),
    *(
        "own period state",
        "ship to country",
        "importer",
        "legal hold",
        "asset life",
    ),  # what is not known is kept
    *("buyer vat valid", "seller vat valid"),  # asked where the buyer owes the tax
    *(f"contract {each}" for each in ("active", "ceiling", "claim", "consumed", "currency same", "day", "ends")),
    *(f"contract {each}" for each in ("entity same", "number", "released", "starts", "supplier same")),
    *(
        "call-off allowed",
        "prices indexed",
        "listed prices",
        "days after contract",
    ),  # asked of a contract that is named
    *("goods value", "incoterm", "document charges"),  # asked where there is a charge
    *(f"agreement {each}" for each in ("number", "period", "released", "in force", "entity same")),
    *(
        "recurring known",
        "agreement currency same",
        "agreed amount",
        "agreed percent",
        "period taken",
        "scheduled",
        "scheduled amount",
    ),
    *("original known", "original case", "original number", "original state", "original currency same"),
    *("creditable", "credit basis", "disputed"),  # asked of a credit note
    *(
        "prepayment percent",
        "prepayment share",
        "guarantee on file",
        "advance left",
    ),  # asked of what is paid in advance
    *(
        "order terms",
        "contract terms",
        "agreement terms",
        "due date stated",
        "accepted on",
    ),  # null says: there are none
    "accepted total",  # null says: nobody accepted a variance
    *("buyer vat same", "seller vat same"),  # a missing id is found by the rules of the VAT category
}
"""Facts without which D01 may still be posted."""


@pytest.mark.parametrize("name", sorted(invoice_facts(*matched("9400.00", "1000", ORDER))))
def test_a_fact_that_is_missing_never_grants(name: str) -> None:
    facts: dict[str, Any] = dict(invoice_facts(*matched("9400.00", "1000", ORDER)))
    assert decide_all(facts)["disposition"]["outcome"] == "post"
    facts[name] = None
    way = decide_all(facts)["disposition"]["outcome"]
    assert way == "post" if name in NOT_CONTROLS else way != "post", way
