"""Invoices, orders and surroundings that the tests of the controls start from."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from comptroller.domain.controls.context import EntityFacts, InvoiceContext, Spending
from comptroller.domain.controls.intake import Intake
from comptroller.domain.controls.ledger_context import (
    Budget,
    Chart,
    CostObject,
    Intercompany,
    Periods,
    VatStandings,
    Withholding,
)
from comptroller.domain.controls.parties import EntityMarks, History, Screening, SupplierMatch
from comptroller.domain.controls.purchase_context import Advances
from comptroller.domain.documents.model import (
    BankAccount,
    DocumentKind,
    Invoice,
    Line,
    Order,
    OrderLine,
    Party,
    PaymentInstruction,
    Receipt,
    ReceiptLine,
    Supplier,
    TaxCategory,
    TaxSubtotal,
    Totals,
)

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 27)
VAT_19 = TaxCategory("S", Decimal(19))

SUPPLIER = Supplier(
    "S01",
    "Nordkupfer Handel GmbH",
    "DE",
    vat_id="DE999940106",
    category="raw material",
    accounts=(BankAccount("DE32200990010004401001"),),
    created_on=date(2016, 2, 15),
)

ORDER = Order(
    "PO-1",
    "S01",
    "DE",
    "EUR",
    date(2026, 2, 23),
    "jonas.adler",
    (OrderLine("1", "Copper tube", Decimal(1000), "KGM", Decimal("9.40"), material_group="raw material"),),
    released_by="lena.vogt",
)


def receipt(quantity: str, *, line: str = "1", unit: str = "KGM", order: str = "PO-1") -> Receipt:
    """One receipt of one order line; negative for a return."""
    lines = (ReceiptLine(line, Decimal(quantity), unit),)
    return Receipt(f"GR-{quantity}", order, date(2026, 3, 18), "karim.benali", lines)


def line(net: str, quantity: str, **fields: str) -> Line:
    """One invoice line at 19 %."""
    made = Line(id="1", name="Copper tube", quantity=Decimal(quantity), unit="KGM", net_amount=Decimal(net), tax=VAT_19)
    return replace(made, **fields)  # type: ignore[arg-type]  # the fields that tests change are all texts


def invoice(*lines: Line, order: str = "PO-1", tax: str | None = None, kind: str = "invoice") -> Invoice:
    """An invoice over these lines with its totals worked out, 19 % VAT unless the tax is told."""
    net = sum((item.net_amount or Decimal(0) for item in lines), Decimal(0))
    vat = (net * Decimal("0.19")).quantize(Decimal("0.01")) if tax is None else Decimal(tax)
    return Invoice(
        kind=DocumentKind(kind),
        number="NK-2026-0311",
        issue_date=date(2026, 3, 20),
        type_code="381" if kind == "credit_note" else "380",
        currency="EUR",
        order_number=order,
        seller=Party(name="Nordkupfer Handel GmbH", vat_id="DE999940106"),
        buyer=Party(name="Brennhof GmbH", vat_id="DE999942304"),
        payments=(PaymentInstruction(account="DE32 2009 9001 0004 4010 01"),),
        totals=Totals(line_net=net, net=net, tax=vat, gross=net + vat, payable=net + vat),
        tax_breakdown=(TaxSubtotal(net, vat, VAT_19),),
        lines=lines,
    )


def context(**fields: object) -> InvoiceContext:
    """Everything known and in order: 1,000 kg ordered, received and not invoiced."""
    known = InvoiceContext(
        now=NOW,
        today=TODAY,
        posting_date=TODAY,
        received_at=NOW,
        faults=(),
        entity=EntityFacts("DE", "DE", "EUR", "DE999942304"),
        rate=Decimal(1),
        entity_rate=Decimal(1),
        supplier=SUPPLIER,
        twins=(),
        order=ORDER,
        receipts=(receipt("1000"),),
        taken={"order-line/PO-1/1": Decimal(0)},
        spending=Spending((), 31),
        conversions=(),
        advances=Advances(*[Decimal(0)] * 5),
        candidates=(),
        enterer="tomasz.zielinski",
        cost_centre="DE-1000",
        intake=Intake("door", sender_verified=True, media_type="application/json", profile="json", size=2000),
        supplier_matches=(SupplierMatch("S01", "same", "none", "none", "same", "same"),),
        entity_marks=EntityMarks("DE", "DE"),
        screening=Screening(hit=False, list_version="2026-03-25", screened_on=date(2026, 3, 26)),
        expired_certificates=(),
        employees_with_account=(),
        history=History(12, Decimal("9000.00")),
        budgets=(Budget("DE-1000", "budget/DE/DE-1000/2026", Decimal(900000), taken=Decimal(0)),),
        rates=(),
        periods=Periods("2026-03", "open", "2026-03", "open"),
        cost_objects=(CostObject("DE-1000", open=True, owner="lena.vogt"),),
        chart=Chart("4900", {"4900": True}),
        intercompany=Intercompany(None, agreement_known=False),
        withholding=Withholding("none"),
        vat_standings=VatStandings(seller=True, buyer=True),
        legal_hold=False,
    )
    return replace(known, **fields)  # type: ignore[arg-type]  # the tests name fields of the context
