"""Keying: what a person types beside the paper becomes the canonical form, and faults come back to their field."""

from dataclasses import replace
from decimal import Decimal

import pytest

from comptroller.domain.documents.difference import differences
from comptroller.domain.documents.json_form import from_json, to_json
from comptroller.domain.documents.model import (
    AllowanceCharge,
    DocumentKind,
    Identifier,
    Invoice,
    Line,
    Party,
    PaymentInstruction,
    TaxCategory,
    TaxSubtotal,
    Totals,
)
from comptroller.domain.kernel.fault import Fault
from comptroller.entrypoints.web.keying import (
    buyer_of,
    line_numbers,
    notes_of,
    problems_of,
    taken_over,
    to_document,
    typed_of,
    types_for,
)

ENTITY = {"name": "Brennhof GmbH", "vat_id": "DE999942304", "country": "DE", "city": "Hamburg", "currency": "EUR"}
TYPED = {
    "number": "26-051",
    "type_code": "380",
    "issue_date": "2026-03-20",
    "currency": "EUR",
    "seller_name": "Gartenbau Ohm e.K.",
    "seller_registration": "HRA 99044",
    "seller_country": "DE",
    "account": "DE26200990010004417017",
    "line-1-name": "Care of the beds",
    "line-1-quantity": "4",
    "line-1-unit": "HUR",
    "line-1-price": "65,00",
    "line-1-net": "260,00",
    "line-1-category": "E",
    "line-1-rate": "0",
    "net": "260,00",
    "tax": "0,00",
    "gross": "260,00",
    "exemption": "small business",
}


def keyed(**changes: str) -> Invoice:
    """What the form gives, read by the reader of the canonical form without a fault."""
    invoice, faults = from_json(Invoice, to_document(TYPED | changes, buyer_of(ENTITY)))
    assert faults == ()
    assert invoice is not None
    return invoice


def test_the_form_gives_a_whole_document() -> None:
    invoice = keyed()
    assert (invoice.number, invoice.totals.gross, invoice.totals.payable) == ("26-051", Decimal(260), Decimal(260))
    assert invoice.seller is not None
    assert invoice.seller.legal_registration is not None
    assert invoice.seller.legal_registration.value == "HRA 99044"
    assert invoice.buyer is not None
    assert (invoice.buyer.vat_id, invoice.payments[0].account) == ("DE999942304", "DE26200990010004417017")
    assert invoice.tax_breakdown[0].exemption_reason == "small business"


@pytest.mark.parametrize(
    ("typed", "code", "shown"),
    [
        pytest.param("units", "C62", "units", id="in words"),
        pytest.param("Box", "XBX", "boxes", id="one of it"),
        pytest.param("HUR", "HUR", "h", id="its code"),
        pytest.param("PR", "PR", "PR", id="a code that has no words here"),
    ],
)
def test_a_unit_is_keyed_and_shown_in_words(typed: str, code: str, shown: str) -> None:
    invoice = keyed(**{"line-1-unit": typed})
    assert (invoice.lines[0].unit, typed_of(invoice, "DE")["line-1-unit"]) == (code, shown)


def test_what_was_keyed_fills_the_form_again() -> None:
    again = typed_of(keyed(), "DE")
    assert to_document(again, buyer_of(ENTITY)) == to_document(TYPED, buyer_of(ENTITY))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1234.56", "1234.56"),
        ("0,5", "0.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert keyed(gross=typed).totals.gross == Decimal(read)


def test_a_tax_that_is_stated_wrong_stays_wrong() -> None:
    row = keyed(**{"line-1-category": "S", "line-1-rate": "19", "tax": "49.00"}).tax_breakdown[0]
    assert row.tax_amount == Decimal("49.00")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("de26 2009 9001 0004 4170 17", "DE26200990010004417017", id="an IBAN as it is printed"),
        pytest.param("12 345 / 678", "12 345 / 678", id="a national account, as it stands"),
    ],
)
def test_account_is_kept_as_an_iban_is_written(typed: str, kept: str) -> None:
    assert keyed(account=typed).payments[0].account == kept


def test_two_rates_are_two_rows_and_the_stated_total_stands() -> None:
    second = {"line-2-name": "Soil", "line-2-net": "100", "line-2-category": "S", "line-2-rate": "7"}
    invoice = keyed(**{"line-1-category": "S", "line-1-rate": "19", "tax": "56.40"}, **second)
    assert [row.tax_amount for row in invoice.tax_breakdown] == [Decimal("49.40"), Decimal("7.00")]
    assert invoice.totals.tax == Decimal("56.40")


def test_lines_left_empty_are_none() -> None:
    typed = TYPED | {"line-2-name": "", "line-5-name": "Soil"}
    assert line_numbers(typed) == [1, 5]
    assert [line["id"] for line in to_document(typed, {})["lines"]] == ["1", "2"]


def test_a_fault_comes_back_to_its_field() -> None:
    typed = TYPED | {"line-5-quantity": "many"}
    faults = [Fault("X", "/lines/1/quantity", "`many` is no number"), Fault("Y", "/seller/vat_id", "is none")]
    assert problems_of(faults, typed) == {"line-5-quantity": "`many` is no number", "seller_vat_id": "is none"}


def test_what_is_no_number_stays_as_typed_for_the_reader_to_tell() -> None:
    assert to_document(TYPED | {"gross": "about 260"}, {})["totals"]["gross"] == "about 260"


def test_line_names_the_line_of_its_order_and_comes_back_with_it() -> None:
    invoice = keyed(**{"order_number": "PO-1", "line-1-order_line": "7.5"})
    assert [line.order_line for line in invoice.lines] == ["7.5"]
    assert typed_of(invoice, "DE")["line-1-order_line"] == "7.5"


HEADER = Invoice(
    kind=DocumentKind.UNKNOWN,
    customization="urn:factur-x.eu:1p0:basicwl",
    number="K-7",
    type_code="380",
    currency="EUR",
    contract="C-9",
    seller=Party(name="Kiesel GmbH", identifiers=(Identifier("4000001", "0088"),)),
    payments=(PaymentInstruction("30", account="DE89370400440532013000", account_name="Kiesel", bank="COBADEFF"),),
    allowances_charges=(AllowanceCharge(is_charge=False, amount=Decimal("5.00"), tax=TaxCategory("S", Decimal(19))),),
    totals=Totals(
        line_net=Decimal("100.00"),
        allowances=Decimal("5.00"),
        net=Decimal("95.00"),
        tax=Decimal("18.05"),
        gross=Decimal("113.05"),
        prepaid=Decimal("13.05"),
        payable=Decimal("100.00"),
    ),
    tax_breakdown=(TaxSubtotal(Decimal("95.00"), Decimal("18.05"), TaxCategory("S", Decimal("19.00"))),),
)
LINE = {"line-1-name": "Gravel", "line-1-net": "100", "line-1-category": "S", "line-1-rate": "19"}


def keyed_on(read: Invoice, **changes: str) -> Invoice:
    """The form as it is filled with what was read, with what was typed otherwise."""
    typed = typed_of(read, "DE") | changes
    invoice, faults = from_json(Invoice, to_document(typed, {}, to_json(read)))
    assert (invoice is not None, faults) == (True, ())
    assert invoice is not None
    return invoice


def test_what_was_read_of_a_header_stays_and_the_lines_are_keyed() -> None:
    invoice = keyed_on(HEADER, **LINE)
    found = [each for each in differences(HEADER, invoice) if each.before is not None]

    assert found == []
    assert (invoice.kind, invoice.lines[0].name, invoice.contract) == (DocumentKind.INVOICE, "Gravel", "C-9")
    assert invoice.tax_breakdown == HEADER.tax_breakdown
    assert invoice.totals == HEADER.totals


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        pytest.param({"number": "K-8"}, ["/number"], id="another value"),
        pytest.param({"seller_name": ""}, ["/seller/name"], id="a value taken away"),
        pytest.param(
            {"account": "DE26200990010004417017"},
            ["/payments/0/account", "/payments/0/account_name", "/payments/0/bank"],
            id="another account, whose bank and holder are not those of the first",
        ),
        pytest.param({"gross": "114.05"}, ["/totals/gross", "/totals/payable"], id="another total, less what was paid"),
        pytest.param(
            {"tax": "19.00"}, ["/totals/tax", "/tax_breakdown/0/tax_amount"], id="another tax, as one rate has it"
        ),
    ],
)
def test_what_is_keyed_otherwise_differs_there_alone(typed: dict[str, str], paths: list[str]) -> None:
    invoice = keyed_on(HEADER, **LINE, **typed)
    assert [each.path for each in differences(HEADER, invoice) if each.before is not None] == paths


def test_correcting_a_document_keeps_what_the_form_has_no_field_for() -> None:
    line = Line("10", "Gravel", item_id="G-1", quantity=Decimal(4), unit="TNE", net_amount=Decimal("100.00"))
    line = replace(line, net_price=Decimal(2500), price_base_quantity=Decimal(100), tax=TaxCategory("S", Decimal(19)))
    whole = replace(HEADER, kind=DocumentKind.INVOICE, lines=(line,))
    added = {"line-2-name": "Sand", "line-2-net": "3.00", "line-2-category": "S", "line-2-rate": "19"}

    assert list(differences(whole, keyed_on(whole))) == []
    corrected = keyed_on(whole, **added)
    assert [(each.id, each.item_id, each.price_base_quantity) for each in corrected.lines] == [
        ("10", "G-1", Decimal(100)),
        ("2", "", None),
    ]
    assert corrected.tax_breakdown[0].taxable_amount == Decimal("98.00")


def test_lines_beyond_those_of_the_form_stay() -> None:
    lines = tuple(Line(str(place), f"item {place}", net_amount=Decimal(1)) for place in range(1, 204))
    assert keyed_on(replace(HEADER, lines=lines)).lines == lines


def test_each_field_says_what_the_data_says() -> None:
    faults = [Fault("PDF-TEXT-02", "/totals/gross", "the page shows the total `9.00`")]
    notes = notes_of(HEADER, {**typed_of(HEADER, ""), "number": "K-8", "net": "95,00"}, faults)
    assert {name: notes[name] for name in ("number", "net", "gross")} == {
        "number": "the data says `K-7`",
        "net": "read from the data",
        "gross": "the page shows the total `9.00`",
    }
    assert ("contract", "C-9") in list(taken_over(HEADER))
    assert "K-7" not in [value for _, value in taken_over(HEADER)]


def test_type_that_is_not_offered_is_kept() -> None:
    assert types_for("261")[0] == ("261", "261")
    assert types_for("381") == types_for("")
