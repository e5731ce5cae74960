"""Keying: what a person types beside the paper becomes the canonical form, and faults come back to their field."""

from decimal import Decimal

import pytest

from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.fault import Fault
from comptroller.entrypoints.web.keying import buyer_of, line_numbers, problems_of, to_document, typed_of

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
