"""The document types of the accounts payable, in every syntax: what each is, and what it refers to."""

import json
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.adapters.einvoice.samples import CANONICAL, CII, UBL

from comptroller.adapters.einvoice import read
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.model import DocumentKind, Invoice, PaymentDiscount, PrecedingInvoice

TYPES = ("380", "384", "386", "389", "326")


def written(syntax: str, type_code: str) -> bytes:
    """The sample of a syntax as a document of a type."""
    match syntax:
        case "UBL":
            return UBL.replace(">380<", f">{type_code}<").encode()
        case "CII":
            return CII.replace("<ram:TypeCode>380<", f"<ram:TypeCode>{type_code}<").encode()
        case _:
            return json.dumps({**to_json(CANONICAL), "type_code": type_code}).encode()


def read_invoice(data: bytes) -> Invoice:
    invoice = read(data).invoice
    assert invoice is not None
    return invoice


@pytest.mark.parametrize("syntax", ["UBL", "CII", "JSON"])
@pytest.mark.parametrize("type_code", TYPES)
def test_type_is_read_in_every_syntax(syntax: str, type_code: str) -> None:
    invoice = read_invoice(written(syntax, type_code))

    assert (invoice.type_code, invoice.kind) == (type_code, DocumentKind.INVOICE)
    assert invoice.preceding == (PrecedingInvoice("GW-2026-16", date(2026, 2, 27)),)
    assert (invoice.totals.prepaid, invoice.payee and invoice.payee.name) == (Decimal("100.00"), "Nordfactor GmbH")
    assert [(line.order_line, line.price_base_quantity) for line in invoice.lines] == [("2", Decimal(1))]
    assert [(item.is_charge, item.amount) for item in invoice.allowances_charges] == [
        (False, Decimal("10.00")),
        (True, Decimal("25.00")),
    ]


def test_credit_note_of_cii_is_told_by_its_type() -> None:
    assert read_invoice(written("CII", "381")).is_credit_note


@pytest.mark.parametrize("sample", [UBL, CII], ids=["UBL", "CII"])
def test_discount_in_the_text_of_the_terms_is_read(sample: str) -> None:
    text = "#SKONTO#TAGE=10#PROZENT=2.00#\n#SKONTO#TAGE=20#PROZENT=1.00#BASISBETRAG=500.00#\n30 days net"
    invoice = read_invoice(sample.replace("30 days net", text).encode())
    assert invoice.discounts == (
        PaymentDiscount(10, Decimal("2.00")),
        PaymentDiscount(20, Decimal("1.00"), Decimal("500.00")),
    )


def test_discount_in_elements_of_its_own_is_read() -> None:
    terms = (
        "<ram:ApplicableTradePaymentDiscountTerms><ram:BasisPeriodMeasure unitCode='DAY'>14</ram:BasisPeriodMeasure>"
        "<ram:CalculationPercent>2.50</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms>"
        "</ram:SpecifiedTradePaymentTerms>"
    )
    invoice = read_invoice(CII.replace("</ram:SpecifiedTradePaymentTerms>", terms).encode())
    assert invoice.discounts == (PaymentDiscount(14, Decimal("2.50")),)


@pytest.mark.parametrize("text", ["#SKONTO#TAGE=x#PROZENT=2.00#", "#SKONTO#TAGE=10#PROZENT=2#", "2 % 10 days"])
def test_text_that_is_not_in_the_form_offers_no_discount(text: str) -> None:
    assert read_invoice(UBL.replace("30 days net", text).encode()).discounts == ()
