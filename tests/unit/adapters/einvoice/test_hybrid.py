import pytest
from tests.unit.adapters.einvoice.samples import CANONICAL, CII, UBL
from tests.unit.adapters.pdf.making import make_pdf

from comptroller.adapters.einvoice import ReadResult, check, read
from comptroller.domain.documents.model import DocumentKind
from comptroller.domain.kernel.fault import Severity

XML = CII.encode()
OTHER = CII.replace("GW-2026-17", "GW-2026-18").encode()

ZUGFERD_1 = """\
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
 <rsm:HeaderExchangedDocument><ram:ID>A-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20140303</udt:DateTimeString></ram:IssueDateTime>
 </rsm:HeaderExchangedDocument>
 <rsm:SpecifiedSupplyChainTradeTransaction>
  <ram:ApplicableSupplyChainTradeAgreement>
   <ram:BuyerOrderReferencedDocument><ram:ID>PO-1</ram:ID></ram:BuyerOrderReferencedDocument>
  </ram:ApplicableSupplyChainTradeAgreement>
  <ram:ApplicableSupplyChainTradeSettlement>
   <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementMonetarySummation><ram:GrandTotalAmount currencyID="EUR">119.00</ram:GrandTotalAmount>
   </ram:SpecifiedTradeSettlementMonetarySummation>
  </ram:ApplicableSupplyChainTradeSettlement>
  <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument/></ram:IncludedSupplyChainTradeLineItem>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="H87">2</ram:BilledQuantity>
   </ram:SpecifiedSupplyChainTradeDelivery>
   <ram:SpecifiedSupplyChainTradeSettlement>
    <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
     <ram:ApplicablePercent>19</ram:ApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementMonetarySummation>
   </ram:SpecifiedSupplyChainTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
 </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>
"""


@pytest.mark.parametrize(
    "name",
    [
        "factur-x.xml",
        "zugferd-invoice.xml",
        "ZUGFeRD-invoice.xml",
        "xrechnung.xml",
        "any-name.xml",
        "data",
        "invoice.txt",
    ],
)
def test_invoice_inside_is_read_whatever_it_is_called(name: str) -> None:
    result = read(make_pdf(files={name: XML}))

    assert (result.invoice, result.faults, result.media_type) == (CANONICAL, (), "application/pdf")


def test_media_type_is_told_by_the_bytes() -> None:
    assert read(b"\n\n" + make_pdf(files={"factur-x.xml": XML}), "application/json").invoice == CANONICAL


def test_ubl_inside_is_read() -> None:
    assert read(make_pdf(files={"invoice.xml": UBL.encode()})).invoice == CANONICAL


def test_rules_are_checked_as_for_the_xml_alone() -> None:
    wrong = XML.replace(b"1096.00", b"1096.01")
    assert {fault.code for fault in check(make_pdf(files={"factur-x.xml": wrong})).faults} == {
        fault.code for fault in check(wrong).faults
    }


def test_pdf_without_invoice_is_to_be_keyed_and_no_error() -> None:
    result = check(make_pdf(["Invoice 17"], {"terms.txt": b"30 days"}))

    assert (result.kind, result.invoice, result.to_key) == (DocumentKind.UNKNOWN, None, True)
    assert [(fault.code, fault.severity) for fault in result.faults] == [("PDF-XML-02", Severity.INFORMATION)]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param({"order-x.xml": b"<a/>"}, "PDF-ORDER-01", id="an order"),
        pytest.param({"order.xml": b"<SCRDMCCBDACIOMessageStructure/>"}, "PDF-ORDER-01", id="an order by its root"),
        pytest.param(
            {"factur-x.xml": b"<SCRDMCCBDACIOMessageStructure/>"}, "PDF-ORDER-01", id="an order as an invoice"
        ),
        pytest.param({"factur-x.xml": b""}, "DOC-FORMAT-01", id="an invoice of no bytes"),
        pytest.param({"factur-x.xml": b"<a>"}, "XML-SYNTAX-01", id="an invoice that is no XML"),
        pytest.param({"factur-x.xml": b"<a/>"}, "DOC-FORMAT-03", id="an invoice that is none"),
        pytest.param({"factur-x.xml": b"<!DOCTYPE a><a/>"}, "XML-DOCTYPE-01", id="an invoice with entities"),
    ],
)
def test_pdf_whose_content_is_not_read_is_one_fault_and_not_to_be_keyed(files: dict[str, bytes], code: str) -> None:
    result = check(make_pdf(files=files))

    assert (result.invoice, result.to_key) == (None, False)
    assert [fault.code for fault in result.faults] == [code]
    assert result.faults[0].path.startswith(next(iter(files)))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CII.replace("UTF-8", "UTF-16").encode("utf-16"), id="UTF-16"),
        pytest.param(b"<!--" + b"x" * 5_000 + b"-->" + XML.partition(b"?>")[2], id="behind a long comment"),
        pytest.param(b"\xef\xbb\xbf" + XML, id="behind a mark"),
    ],
)
def test_invoice_inside_is_known_by_its_root(content: bytes) -> None:
    result = read(make_pdf(files={"data.bin": content}))
    assert (result.invoice, result.faults) == (CANONICAL, ())


def test_good_invoice_is_read_beside_one_that_is_none() -> None:
    result = read(make_pdf(files={"factur-x.xml": b"garbage", "invoice.xml": XML}))
    assert result.invoice == CANONICAL
    assert [fault.code for fault in result.faults] == ["XML-SYNTAX-01"]
    assert result.faults[0].path.startswith("factur-x.xml ")


def test_document_that_is_not_read_says_why() -> None:
    with pytest.raises(ValueError, match="needs a fault"):
        ReadResult(DocumentKind.UNKNOWN, "", None, ())


def test_two_invoices_that_say_the_same_are_one() -> None:
    assert read(make_pdf(files={"factur-x.xml": XML, "xrechnung.xml": UBL.encode()})).faults == ()


def test_two_invoices_that_differ_are_a_fault() -> None:
    for first, second in (("factur-x.xml", "xrechnung.xml"), ("factur-x.xml", "a"), ("a.xml", "b.xml")):
        result = read(make_pdf(files={first: XML, second: OTHER}))

        assert result.invoice == CANONICAL
        assert [(fault.code, fault.path) for fault in result.faults] == [("PDF-XML-01", f"{first}, {second}")]


def test_page_that_contradicts_its_data_is_a_fault() -> None:
    shown = ["Invoice No. GW-2026-99", "Total amount due EUR 9,999.00", "IBAN DE89 3704 0044 0532 0130 00"]
    codes = [fault.code for fault in read(make_pdf(shown, {"factur-x.xml": XML})).faults]
    assert codes == ["PDF-TEXT-01", "PDF-TEXT-02", "PDF-TEXT-03"]


def test_zugferd_1_is_read_under_its_older_names() -> None:
    invoice = read(ZUGFERD_1.encode()).invoice

    assert invoice is not None
    assert (invoice.number, invoice.order_number, str(invoice.totals.gross)) == ("A-1", "PO-1", "119.00")
    assert [(line.id, str(line.quantity), str(line.net_amount)) for line in invoice.lines] == [("1", "2", "100.00")]
    assert invoice.lines[0].tax is not None
    assert str(invoice.lines[0].tax.rate) == "19"
