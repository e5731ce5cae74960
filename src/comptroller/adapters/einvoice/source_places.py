"""Where a place of the canonical document stands in the XML it was read from.

The canonical engine speaks of `/lines/1/net_amount`; a sender who wrote UBL looks for
`/Invoice/cac:InvoiceLine[2]/cbc:LineExtensionAmount[1]`. A pointer is followed step by step through a table of the
syntax; what the table or the document does not have is left off, and the nearest place is named.
"""

from collections.abc import Mapping
from typing import Final

from comptroller.adapters.einvoice.cii import is_counted
from comptroller.adapters.einvoice.node import Node

_Places = Mapping[str, str]

_UBL_PARTY: Final = {
    "": "cac:Party",
    "name": "cac:PartyLegalEntity/cbc:RegistrationName",
    "address": "cac:PostalAddress",
    "address/country": "cac:Country/cbc:IdentificationCode",
    "vat_id": "cac:PartyTaxScheme/cbc:CompanyID",
    "electronic_address": "cbc:EndpointID",
}
_UBL_NAMED_PARTY: Final = _UBL_PARTY | {"": "", "name": "cac:PartyName/cbc:Name"}
_UBL_ALLOWANCE_CHARGE: Final = {
    "": "cac:AllowanceCharge",
    "amount": "cbc:Amount",
    "base_amount": "cbc:BaseAmount",
    "tax": "cac:TaxCategory",
    "reason": "cbc:AllowanceChargeReason",
}
_UBL_LINE: Final = {
    "id": "cbc:ID",
    "name": "cac:Item/cbc:Name",
    "unit": "",
    "net_amount": "cbc:LineExtensionAmount",
    "net_price": "cac:Price/cbc:PriceAmount",
    "gross_price": "cac:Price/cac:AllowanceCharge/cbc:BaseAmount",
    "tax": "cac:Item/cac:ClassifiedTaxCategory",
    "period": "cac:InvoicePeriod",
    "standard_item_id": "cac:Item/cac:StandardItemIdentification/cbc:ID",
    "classifications/#": "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode",
    "attributes/#": "cac:Item/cac:AdditionalItemProperty",
    "origin_country": "cac:Item/cac:OriginCountry/cbc:IdentificationCode",
}
_CII_PARTY: Final = {
    "name": "ram:Name",
    "address": "ram:PostalTradeAddress",
    "address/country": "ram:CountryID",
    "vat_id": "ram:SpecifiedTaxRegistration/ram:ID",
    "electronic_address": "ram:URIUniversalCommunication/ram:URIID",
}
_CII_ALLOWANCE_CHARGE: Final = {
    "": "ram:SpecifiedTradeAllowanceCharge",
    "amount": "ram:ActualAmount",
    "base_amount": "ram:BasisAmount",
    "tax": "ram:CategoryTradeTax",
    "reason": "ram:Reason",
}


def _below(parent: str, places: _Places, start: str = "") -> dict[str, str]:
    """The places of a group under its pointer; `start` replaces the group's own path."""
    nested = {f"{parent}/{pointer}" if pointer else parent: path for pointer, path in places.items()}
    return nested | ({parent: start} if start else {})


def _ubl(name: str, quantity: str) -> _Places:
    return {
        "customization": "cbc:CustomizationID",
        "number": "cbc:ID",
        "issue_date": "cbc:IssueDate",
        "type_code": f"cbc:{name}TypeCode",
        "currency": "cbc:DocumentCurrencyCode",
        "accounting_currency": "cbc:TaxCurrencyCode",
        "tax_point": "cbc:TaxPointDate",
        "tax_point_code": "cac:InvoicePeriod/cbc:DescriptionCode",
        "due_date": "cbc:DueDate",
        "period": "cac:InvoicePeriod",
        "delivery_date": "cac:Delivery/cbc:ActualDeliveryDate",
        "delivery_address": "cac:Delivery/cac:DeliveryLocation/cac:Address",
        "delivery_address/country": "cac:Country/cbc:IdentificationCode",
        **_below("seller", _UBL_PARTY, "cac:AccountingSupplierParty/cac:Party"),
        **_below("buyer", _UBL_PARTY, "cac:AccountingCustomerParty/cac:Party"),
        **_below("payee", _UBL_NAMED_PARTY, "cac:PayeeParty"),
        **_below("tax_representative", _UBL_NAMED_PARTY, "cac:TaxRepresentativeParty"),
        "preceding/#": "cac:BillingReference",
        "preceding/#/number": "cac:InvoiceDocumentReference/cbc:ID",
        "attachments/#": "cac:AdditionalDocumentReference",
        "payments/#": "cac:PaymentMeans",
        "payments/#/means_code": "cbc:PaymentMeansCode",
        "payments/#/card_number": "cac:CardAccount/cbc:PrimaryAccountNumberID",
        **_below("allowances_charges/#", _UBL_ALLOWANCE_CHARGE),
        "totals": "cac:LegalMonetaryTotal",
        "totals/line_net": "cbc:LineExtensionAmount",
        "totals/allowances": "cbc:AllowanceTotalAmount",
        "totals/charges": "cbc:ChargeTotalAmount",
        "totals/net": "cbc:TaxExclusiveAmount",
        "totals/gross": "cbc:TaxInclusiveAmount",
        "totals/prepaid": "cbc:PrepaidAmount",
        "totals/rounding": "cbc:PayableRoundingAmount",
        "totals/payable": "cbc:PayableAmount",
        "tax_breakdown/#": "cac:TaxTotal/cac:TaxSubtotal",
        "tax_breakdown/#/taxable_amount": "cbc:TaxableAmount",
        "tax_breakdown/#/tax_amount": "cbc:TaxAmount",
        "tax_breakdown/#/category": "cac:TaxCategory",
        **_below("lines/#", _UBL_LINE | {"quantity": quantity}, f"cac:{name}Line"),
        **_below("lines/#/allowances_charges/#", _UBL_ALLOWANCE_CHARGE),
    }


def _cii() -> _Places:
    trade = "rsm:SupplyChainTradeTransaction"
    agreement = f"{trade}/ram:ApplicableHeaderTradeAgreement"
    delivery = f"{trade}/ram:ApplicableHeaderTradeDelivery"
    settlement = f"{trade}/ram:ApplicableHeaderTradeSettlement"
    day = "udt:DateTimeString"
    line_settlement = "ram:SpecifiedLineTradeSettlement"
    line_totals = f"{line_settlement}/ram:SpecifiedTradeSettlementLineMonetarySummation"
    return {
        "customization": "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
        "number": "rsm:ExchangedDocument/ram:ID",
        "issue_date": f"rsm:ExchangedDocument/ram:IssueDateTime/{day}",
        "type_code": "rsm:ExchangedDocument/ram:TypeCode",
        "currency": f"{settlement}/ram:InvoiceCurrencyCode",
        "accounting_currency": f"{settlement}/ram:TaxCurrencyCode",
        "due_date": f"{settlement}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/{day}",
        "period": f"{settlement}/ram:BillingSpecifiedPeriod",
        "delivery_date": f"{delivery}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{day}",
        "delivery_address": f"{delivery}/ram:ShipToTradeParty/ram:PostalTradeAddress",
        "delivery_address/country": "ram:CountryID",
        **_below("seller", _CII_PARTY, f"{agreement}/ram:SellerTradeParty"),
        **_below("buyer", _CII_PARTY, f"{agreement}/ram:BuyerTradeParty"),
        **_below("payee", _CII_PARTY, f"{settlement}/ram:PayeeTradeParty"),
        **_below("tax_representative", _CII_PARTY, f"{agreement}/ram:SellerTaxRepresentativeTradeParty"),
        "preceding/#": f"{settlement}/ram:InvoiceReferencedDocument",
        "preceding/#/number": "ram:IssuerAssignedID",
        "attachments/#": f"{agreement}/ram:AdditionalReferencedDocument",
        "payments/#": f"{settlement}/ram:SpecifiedTradeSettlementPaymentMeans",
        "payments/#/means_code": "ram:TypeCode",
        "payments/#/card_number": "ram:ApplicableTradeSettlementFinancialCard/ram:ID",
        **_below("allowances_charges/#", _CII_ALLOWANCE_CHARGE, f"{settlement}/ram:SpecifiedTradeAllowanceCharge"),
        "totals": f"{settlement}/ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        "totals/line_net": "ram:LineTotalAmount",
        "totals/allowances": "ram:AllowanceTotalAmount",
        "totals/charges": "ram:ChargeTotalAmount",
        "totals/net": "ram:TaxBasisTotalAmount",
        "totals/tax": "ram:TaxTotalAmount",
        "totals/gross": "ram:GrandTotalAmount",
        "totals/prepaid": "ram:TotalPrepaidAmount",
        "totals/rounding": "ram:RoundingAmount",
        "totals/payable": "ram:DuePayableAmount",
        "tax_breakdown/#": f"{settlement}/ram:ApplicableTradeTax",
        "tax_breakdown/#/taxable_amount": "ram:BasisAmount",
        "tax_breakdown/#/tax_amount": "ram:CalculatedAmount",
        "tax_breakdown/#/category": "ram:CategoryCode",
        "lines/#": f"{trade}/ram:IncludedSupplyChainTradeLineItem",
        "lines/#/id": "ram:AssociatedDocumentLineDocument/ram:LineID",
        "lines/#/name": "ram:SpecifiedTradeProduct/ram:Name",
        "lines/#/quantity": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
        "lines/#/net_amount": f"{line_totals}/ram:LineTotalAmount",
        "lines/#/net_price": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
        "lines/#/gross_price": "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:ChargeAmount",
        "lines/#/tax": f"{line_settlement}/ram:ApplicableTradeTax",
        "lines/#/period": f"{line_settlement}/ram:BillingSpecifiedPeriod",
        "lines/#/standard_item_id": "ram:SpecifiedTradeProduct/ram:GlobalID",
        "lines/#/classifications/#": "ram:SpecifiedTradeProduct/ram:DesignatedProductClassification/ram:ClassCode",
        "lines/#/attributes/#": "ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic",
        "lines/#/origin_country": "ram:SpecifiedTradeProduct/ram:OriginTradeCountry/ram:ID",
        **_below(
            "lines/#/allowances_charges/#",
            _CII_ALLOWANCE_CHARGE,
            f"{line_settlement}/ram:SpecifiedTradeAllowanceCharge",
        ),
    }


_BY_ROOT: Final = {
    "Invoice": _ubl("Invoice", "cbc:InvoicedQuantity"),
    "CreditNote": _ubl("CreditNote", "cbc:CreditedQuantity"),
    "CrossIndustryInvoice": _cii(),
}


class SourcePlaces:
    """The places of one document."""

    __slots__ = ("_entries", "_places", "_root")

    def __init__(self, root: Node) -> None:
        self._root = root
        self._places = _BY_ROOT[root.tag.partition("}")[2]]
        self._entries: dict[tuple[Node, str], list[Node]] = {}

    def place_of(self, pointer: str) -> str:
        """Name the place that a JSON Pointer into the canonical document was read from, or would have been."""
        at = self._root
        known: list[str] = []
        for step in pointer.split("/")[1:]:
            is_index = step.isdecimal()
            known.append("#" if is_index else step)
            path = self._places.get("/".join(known))
            if path is None:
                continue  # a list is named by its entries only
            if not path:
                break
            found = self._at(at, path)
            index = int(step) if is_index else 0
            if index >= len(found):
                missing = "".join(f"/{part}[1]" for part in path.split("/"))
                return at.place + ("" if is_index else missing)
            at = found[index]
        return at.place

    def _at(self, parent: Node, path: str) -> list[Node]:
        """What the reader read at a path: ten thousand faults in ten thousand lines ask for the lines once."""
        found = self._entries.get((parent, path))
        if found is None:
            found = self._entries[parent, path] = [node for node in parent.findall(path) if is_counted(node)]
        return found
