"""An invoice in ZUGFeRD 1 is asked for what its profile has a place for, and for nothing else."""

from decimal import Decimal
from typing import Final

import pytest

from comptroller.adapters.einvoice import check
from comptroller.domain.kernel.fault import Severity

_CONTEXT: Final = "SpecifiedExchangedDocumentContext"
_TAX: Final = "<ram:TypeCode>VAT</ram:TypeCode>"

BASIC: Final = f"""\
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
 <rsm:{_CONTEXT}><ram:GuidelineSpecifiedDocumentContextParameter>
  <ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:basic</ram:ID>
 </ram:GuidelineSpecifiedDocumentContextParameter></rsm:{_CONTEXT}>
 <rsm:HeaderExchangedDocument><ram:ID>B-7</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20150302</udt:DateTimeString></ram:IssueDateTime>
 </rsm:HeaderExchangedDocument>
 <rsm:SpecifiedSupplyChainTradeTransaction>
  <ram:ApplicableSupplyChainTradeAgreement>
   <ram:SellerTradeParty><ram:Name>Kiesel GmbH</ram:Name>
    <ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration>
   </ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Werk AG</ram:Name>
    <ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty>
  </ram:ApplicableSupplyChainTradeAgreement>
  <ram:ApplicableSupplyChainTradeDelivery/>
  <ram:ApplicableSupplyChainTradeSettlement>
   <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount>
    <ram:IBANID>DE89370400440532013000</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
   </ram:SpecifiedTradeSettlementPaymentMeans>
   <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">18.05</ram:CalculatedAmount>
    {_TAX}<ram:BasisAmount currencyID="EUR">95.00</ram:BasisAmount>
    <ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradeSettlementMonetarySummation>
    <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
    <ram:ChargeTotalAmount currencyID="EUR">0.00</ram:ChargeTotalAmount>
    <ram:AllowanceTotalAmount currencyID="EUR">5.00</ram:AllowanceTotalAmount>
    <ram:TaxBasisTotalAmount currencyID="EUR">95.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">18.05</ram:TaxTotalAmount>
    <ram:GrandTotalAmount currencyID="EUR">113.05</ram:GrandTotalAmount>
   </ram:SpecifiedTradeSettlementMonetarySummation>
  </ram:ApplicableSupplyChainTradeSettlement>
  <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument/>
   <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">4</ram:BilledQuantity>
   </ram:SpecifiedSupplyChainTradeDelivery>
   <ram:SpecifiedSupplyChainTradeSettlement><ram:SpecifiedTradeSettlementMonetarySummation>
    <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
   </ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
   <ram:SpecifiedTradeProduct><ram:Name>Splitt</ram:Name></ram:SpecifiedTradeProduct>
  </ram:IncludedSupplyChainTradeLineItem>
 </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>
"""

COMFORT: Final = BASIC.replace("1p0:basic", "1p0:comfort").replace(
    "<ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>",
    "<ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>19.00</ram:ApplicablePercent>"
    "</ram:ApplicableTradeTax><ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator>"
    "<udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
    '<ram:ActualAmount currencyID="EUR">5.00</ram:ActualAmount><ram:ReasonCode>EAB</ram:ReasonCode>'
    f"<ram:Reason>Skonto</ram:Reason><ram:CategoryTradeTax>{_TAX}<ram:CategoryCode>S</ram:CategoryCode>"
    "<ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:CategoryTradeTax>"
    "</ram:SpecifiedTradeAllowanceCharge>",
    1,
)

LACKING: Final = ["BR-15", "BR-26", "BR-49", "BR-CO-04", "BR-S-08"]
"""What a COMFORT invoice of these fields alone lacks, for which BASIC has no place."""


def codes_of(document: str, engine: str = "both") -> list[str]:
    faults = check(document.encode(), engine=engine).faults
    return sorted(fault.code for fault in faults if fault.severity is Severity.ERROR)


@pytest.mark.parametrize("engine", ["standard", "canonical", "both"])
def test_basic_invoice_is_not_asked_for_what_its_profile_lacks(engine: str) -> None:
    result = check(BASIC.encode(), engine=engine)

    assert result.faults == ()
    assert result.invoice is not None
    assert result.invoice.totals.payable == Decimal("113.05")


def test_comfort_invoice_is_asked_for_what_its_profile_has() -> None:
    assert codes_of(COMFORT) == LACKING


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        pytest.param(
            ">100.00</ram:LineTotalAmount>\n    <ram:Ch",
            ">101.00</ram:LineTotalAmount><ram:Ch",
            "BR-CO-10",
            id="sum of the lines",
        ),
        pytest.param(">95.00</ram:TaxBasis", ">96.00</ram:TaxBasis", "BR-CO-13", id="total without VAT"),
        pytest.param(">113.05<", ">113.06<", "BR-CO-15", id="total with VAT"),
        pytest.param(">18.05</ram:Calc", ">28.05</ram:Calc", "BR-CO-17", id="VAT of the rate"),
        pytest.param("<ram:ApplicablePercent>19.00</ram:ApplicablePercent>", "", "BR-48", id="rate, which it has"),
        pytest.param("<ram:ID>B-7</ram:ID>", "", "BR-02", id="number"),
        pytest.param("<ram:Name>Splitt</ram:Name>", "", "BR-25", id="name of the item"),
        pytest.param("HeaderExchangedDocument", "HederExchangedDocument", "XML-SCHEMA-01", id="its schema"),
    ],
)
def test_basic_invoice_is_judged_by_what_it_has(right: str, wrong: str, code: str) -> None:
    assert right in BASIC
    assert code in codes_of(BASIC.replace(right, wrong))


@pytest.mark.parametrize(("entry", "total"), [("5.00", "5.00"), ("-5.00", "5.00")])
def test_allowance_is_read_in_the_sign_of_its_sum(entry: str, total: str) -> None:
    document = COMFORT.replace('ActualAmount currencyID="EUR">5.00', f'ActualAmount currencyID="EUR">{entry}')
    result = check(document.encode())

    assert result.invoice is not None
    assert [str(each.amount) for each in result.invoice.allowances_charges] == [total]
    assert codes_of(document) == LACKING


def test_allowance_that_is_not_in_its_sum_is_told() -> None:
    assert "BR-CO-11" in codes_of(
        COMFORT.replace('ActualAmount currencyID="EUR">5.00', 'ActualAmount currencyID="EUR">4.00')
    )


def test_correction_with_nothing_due_is_right_and_an_invoice_with_nothing_due_is_not() -> None:
    due = '<ram:DuePayableAmount currencyID="EUR">0.00</ram:DuePayableAmount>'
    document = COMFORT.replace("113.05</ram:GrandTotalAmount>", f"113.05</ram:GrandTotalAmount>{due}")
    assert "BR-CO-16" in codes_of(document)
    assert "BR-CO-16" not in codes_of(document.replace(">113.05<", ">-113.05<"))


def test_place_of_a_fault_is_one_of_the_document_with_its_notes_between_lines() -> None:
    note = "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument/>"
    note += "</ram:IncludedSupplyChainTradeLineItem>"
    wrong = BASIC.replace('unitCode="C62">4<', 'unitCode="C62">four<')
    result = check(wrong.replace("<ram:IncludedSupply", f"{note}<ram:IncludedSupply", 1).encode())

    assert result.invoice is not None
    assert [line.id for line in result.invoice.lines] == ["1"]
    (path,) = [fault.path for fault in result.faults if fault.code == "DOC-DECIMAL-01"]
    assert path == (
        "/rsm:CrossIndustryDocument/rsm:SpecifiedSupplyChainTradeTransaction[1]/ram:IncludedSupplyChainTradeLineItem[2]"
        "/ram:SpecifiedSupplyChainTradeDelivery[1]/ram:BilledQuantity[1]"
    )


@pytest.mark.parametrize("kind", ["ZF_INSURANCE_TAX", ""])
def test_tax_that_is_no_vat_is_told_once_and_not_judged_as_vat(kind: str) -> None:
    told = codes_of(BASIC.replace(_TAX, f"<ram:TypeCode>{kind}</ram:TypeCode>"))
    assert told == ["DOC-TAX-01"]


@pytest.mark.parametrize(
    ("form", "text", "days"),
    [
        pytest.param("610", "201502", ("2015-02-01", "2015-02-28"), id="month"),
        pytest.param("616", "201453", None, id="week that there is not"),
        pytest.param("616", "201401", ("2013-12-30", "2014-01-05"), id="week across the year"),
        pytest.param("610", "201513", None, id="month that there is not"),
    ],
)
def test_period_is_of_a_month_or_a_week(form: str, text: str, days: tuple[str, str] | None) -> None:
    instant = f'<udt:DateTimeString format="{form}">{text}</udt:DateTimeString>'
    period = (
        f"<ram:BillingSpecifiedPeriod><ram:StartDateTime>{instant}</ram:StartDateTime>"
        f"<ram:EndDateTime>{instant}</ram:EndDateTime></ram:BillingSpecifiedPeriod>"
    )
    mark = "<ram:SpecifiedTradeSettlementMonetarySummation>\n    <ram:LineTotalAmount"
    result = check(BASIC.replace(mark, period + mark, 1).encode())

    assert result.invoice is not None
    found = result.invoice.period
    assert found is not None
    assert (None if found.start is None else (str(found.start), str(found.end))) == days
    assert [fault.code for fault in result.faults if fault.by == "reader"] == ([] if days else ["DOC-DATE-01"] * 2)
