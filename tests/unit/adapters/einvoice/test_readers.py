"""UBL and CII: the same invoice in each syntax is the same canonical document, and unreadable values are told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.unit.adapters.einvoice.samples import CANONICAL, CII, UBL, as_credit_note

from comptroller.adapters.einvoice import read
from comptroller.adapters.einvoice.reading import Syntax
from comptroller.adapters.einvoice.xpath import element_at, place_of
from comptroller.domain.documents.model import DocumentKind, Invoice, Period, Totals

CREDIT_NOTE = replace(CANONICAL, kind=DocumentKind.CREDIT_NOTE, type_code="381")


@pytest.mark.parametrize(
    ("text", "syntax", "invoice"),
    [
        pytest.param(UBL, Syntax.UBL, CANONICAL, id="UBL invoice"),
        pytest.param(as_credit_note(UBL), Syntax.UBL, CREDIT_NOTE, id="UBL credit note"),
        pytest.param(CII, Syntax.CII, CANONICAL, id="CII invoice"),
        pytest.param(CII.replace(">380<", ">381<"), Syntax.CII, CREDIT_NOTE, id="CII credit note"),
    ],
)
def test_every_syntax_means_the_same_document(text: str, syntax: Syntax, invoice: Invoice) -> None:
    result = read(text.encode())

    assert (result.syntax, result.kind, result.profile) == (syntax, invoice.kind, invoice.customization)
    assert result.faults == ()
    assert result.invoice == invoice


def test_a_comment_inside_a_value_does_not_cut_it_off() -> None:
    result = read(UBL.replace(">1096.00<", ">1<!-- paid by -->096.00<").encode())

    assert result.invoice == CANONICAL


@pytest.mark.parametrize(
    ("text", "old", "new", "code", "path"),
    [
        pytest.param(
            UBL,
            ">2026-03-02<",
            ">02.03.2026<",
            "DOC-DATE-01",
            "/Invoice/cbc:IssueDate[1]",
            id="UBL: a day as written in German",
        ),
        pytest.param(
            UBL,
            ">1096.00<",
            ">1.096,00<",
            "DOC-DECIMAL-01",
            "/Invoice/cac:LegalMonetaryTotal[1]/cbc:PayableAmount[1]",
            id="UBL: an amount as written in German",
        ),
        pytest.param(
            UBL,
            ">99.50<",
            ">NaN<",
            "DOC-DECIMAL-01",
            "/Invoice/cac:InvoiceLine[1]/cac:Price[1]/cbc:PriceAmount[1]",
            id="UBL: not a number",
        ),
        pytest.param(
            UBL,
            ">99.50<",
            ">1e400<",
            "DOC-DECIMAL-01",
            "/Invoice/cac:InvoiceLine[1]/cac:Price[1]/cbc:PriceAmount[1]",
            id="UBL: 1e400",
        ),
        pytest.param(
            UBL,
            "<cbc:ChargeIndicator>true<",
            "<cbc:ChargeIndicator>maybe<",
            "DOC-CODE-02",
            "/Invoice/cac:AllowanceCharge[2]/cbc:ChargeIndicator[1]",
            id="UBL: neither allowance nor charge",
        ),
        pytest.param(
            UBL,
            'TaxSubtotal>\n      <cbc:TaxableAmount currencyID="EUR"',
            'TaxSubtotal>\n      <cbc:TaxableAmount currencyID="USD"',
            "DOC-CURRENCY-01",
            "/Invoice/cac:TaxTotal[1]/cac:TaxSubtotal[1]/cbc:TaxableAmount[1]",
            id="UBL: an amount in another currency",
        ),
        pytest.param(
            UBL,
            '<cbc:TaxAmount currencyID="SEK">',
            '<cbc:TaxAmount currencyID="EUR">',
            "DOC-TOTAL-01",
            "/Invoice/cac:TaxTotal[2]/cbc:TaxAmount[1]",
            id="UBL: two tax totals in one currency",
        ),
        pytest.param(
            CII,
            '"102">20260302<',
            '"203">20260302<',
            "DOC-DATE-01",
            "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument[1]/ram:IssueDateTime[1]/udt:DateTimeString[1]",
            id="CII: a day in another format",
        ),
        pytest.param(
            CII,
            ">1096.00<",
            ">1096.00 EUR<",
            "DOC-DECIMAL-01",
            "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction[1]/ram:ApplicableHeaderTradeSettlement[1]"
            "/ram:SpecifiedTradeSettlementHeaderMonetarySummation[1]/ram:DuePayableAmount[1]",
            id="CII: an amount with its currency",
        ),
    ],
)
def test_an_unreadable_value_is_told_and_reading_goes_on(text: str, old: str, new: str, code: str, path: str) -> None:
    assert old in text

    result = read(text.replace(old, new, 1).encode())

    assert [(fault.code, fault.path) for fault in result.faults][:1] == [(code, path)]
    assert result.invoice is not None
    assert result.invoice.lines[0].name == "Casting"


def test_every_unreadable_value_is_told() -> None:
    text = UBL.replace(">2026-04-01<", ">soon<").replace(">99.50<", ">much<").replace(">990.00<", ">less<")

    assert len(read(text.encode()).faults) == 4


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        pytest.param("2026-04-01Z", "2026-04-01", id="in UTC"),
        pytest.param("2026-04-01+02:00", "2026-04-01", id="with an offset"),
        pytest.param(" 2026-04-01\n", "2026-04-01", id="with white space"),
        pytest.param("2026-04-01T00:00:00", None, id="an instant"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_day_of_xml_schema_may_have_a_zone(written: str, read_as: str | None) -> None:
    invoice = read(UBL.replace(">2026-04-01<", f">{written}<").encode()).invoice

    assert invoice is not None
    assert str(invoice.due_date) == str(read_as)


def test_a_period_that_only_holds_the_tax_point_code_is_none() -> None:
    period = "<cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-28</cbc:EndDate>"
    only_code = UBL.replace(period, "<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode>")
    empty = UBL.replace(period, "<cac:InvoicePeriod>")

    read_code, read_empty = read(only_code.encode()).invoice, read(empty.encode()).invoice

    assert read_code is not None
    assert read_empty is not None
    assert (read_code.period, read_code.tax_point_code) == (None, "35")
    assert read_empty.period == Period()


def test_a_value_is_found_in_the_second_of_two_groups() -> None:
    other = "<cac:PaymentMeans><cbc:PaymentMeansCode>10</cbc:PaymentMeansCode></cac:PaymentMeans>"
    text = as_credit_note(UBL).replace("<cac:PaymentMeans>", f"{other}<cac:PaymentMeans>", 1)

    invoice = read(text.encode()).invoice

    assert invoice is not None
    assert invoice.due_date == CANONICAL.due_date


def test_headings_and_mere_information_are_no_lines() -> None:
    start, line, end = CII.partition("<ram:IncludedSupplyChainTradeLineItem>")
    line_id = "<ram:LineID>1</ram:LineID>"
    group = f"{line_id}<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    item = (
        line + end.partition("</ram:IncludedSupplyChainTradeLineItem>")[0] + "</ram:IncludedSupplyChainTradeLineItem>"
    )

    result = read((start + item.replace(line_id, group) + line + end).encode())

    assert result.invoice == CANONICAL


def test_freight_of_the_extended_profile_is_a_charge() -> None:
    freight = (
        "<ram:SpecifiedLogisticsServiceCharge><ram:Description>freight</ram:Description>"
        "<ram:AppliedAmount>25.00</ram:AppliedAmount><ram:AppliedTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
        "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent>"
        "</ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>"
    )

    invoice = read(
        CII.replace("<ram:SpecifiedTradePaymentTerms>", f"{freight}<ram:SpecifiedTradePaymentTerms>").encode()
    )

    assert invoice.invoice is not None
    assert invoice.invoice.allowances_charges[-1] == replace(CANONICAL.allowances_charges[1], reason_code="")


def test_a_bare_fragment_is_a_document_without_anything() -> None:
    result = read(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')

    assert result.invoice == Invoice(totals=Totals())
    assert result.faults == ()


def leaves(text: str) -> list[str]:
    root = etree.fromstring(text.encode())
    return [place_of(element) for element in root.iter() if len(element) == 0]


LEAVES = [(text, place) for text in (UBL, CII) for place in leaves(text)]
GARBAGE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)


@given(st.sampled_from(LEAVES), GARBAGE)
@settings(max_examples=300)
def test_no_text_anywhere_stops_the_reader(leaf: tuple[str, str], garbage: str) -> None:
    text, place = leaf
    root = etree.fromstring(text.encode())
    element = element_at(root, place)
    assert element is not None
    element.text = garbage

    result = read(etree.tostring(root))

    assert result.invoice is not None
    assert all(element_at(root, fault.path) is not None for fault in result.faults)
