"""UN/CEFACT Cross Industry Invoice (D16B, the syntax of Factur-X and ZUGFeRD 2) to the canonical invoice.

The mapping is that of CEN/TS 16931-3-3. CII has one root for invoices and credit notes: the type code tells them apart.
"""

from decimal import Decimal
from typing import Final

from comptroller.adapters.einvoice.cii_parties import read_address, read_party
from comptroller.adapters.einvoice.discounts import discount_terms
from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.values import Values
from comptroller.domain.documents.code_lists import CREDIT_NOTE_TYPES
from comptroller.domain.documents.model import (
    AllowanceCharge,
    Attachment,
    DocumentKind,
    Identifier,
    Invoice,
    ItemAttribute,
    Line,
    PaymentInstruction,
    Period,
    PrecedingInvoice,
    TaxCategory,
    TaxSubtotal,
    Totals,
)
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

_OBJECT_TYPE: Final = "130"  # UNTDID 1001
_TENDER_TYPE: Final = "50"
_DAY: Final = "udt:DateTimeString"

# SOURCE: EN 16931-1, BT-8: the semantic model has UNTDID 2005, the syntax UNTDID 2475
_TAX_POINT_CODES: Final = {"5": "3", "29": "35", "72": "432"}


def read_cii(root: Node) -> tuple[Invoice, tuple[Fault, ...]]:
    """Read a CrossIndustryInvoice as far as it goes."""
    values = Values()
    document = root.find("rsm:ExchangedDocument")
    trade = root.find("rsm:SupplyChainTradeTransaction")
    agreement = _child(trade, "ram:ApplicableHeaderTradeAgreement")
    delivery = _child(trade, "ram:ApplicableHeaderTradeDelivery")
    settlement = _child(trade, "ram:ApplicableHeaderTradeSettlement")
    ship_to = _child(delivery, "ram:ShipToTradeParty")
    context = "rsm:ExchangedDocumentContext/ram:"
    parameter = "SpecifiedDocumentContextParameter/ram:ID"
    type_code = values.text(document, "ram:TypeCode")
    currency = values.text(settlement, "ram:InvoiceCurrencyCode")
    accounting_currency = values.text(settlement, "ram:TaxCurrencyCode")
    references = _children(agreement, "ram:AdditionalReferencedDocument")
    invoice = Invoice(
        kind=DocumentKind.CREDIT_NOTE if type_code in CREDIT_NOTE_TYPES else DocumentKind.INVOICE,
        customization=values.text(root, f"{context}Guideline{parameter}"),
        profile=values.text(root, f"{context}BusinessProcess{parameter}"),
        number=values.text(document, "ram:ID"),
        issue_date=values.compact_day(document, f"ram:IssueDateTime/{_DAY}"),
        type_code=type_code,
        currency=currency,
        accounting_currency=accounting_currency,
        tax_point=values.compact_day(settlement, "ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString"),
        tax_point_code=_tax_point_code(values, settlement),
        due_date=values.compact_day(settlement, f"ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/{_DAY}"),
        buyer_reference=values.text(agreement, "ram:BuyerReference"),
        project=values.text(agreement, "ram:SpecifiedProcuringProject/ram:ID"),
        contract=_referenced(values, agreement, "ram:ContractReferencedDocument"),
        order_number=_referenced(values, agreement, "ram:BuyerOrderReferencedDocument"),
        sales_order=_referenced(values, agreement, "ram:SellerOrderReferencedDocument"),
        receipt_number=_referenced(values, delivery, "ram:ReceivingAdviceReferencedDocument"),
        despatch_number=_referenced(values, delivery, "ram:DespatchAdviceReferencedDocument"),
        tender=_tender(values, references),
        invoiced_object=_invoiced_object(values, references),
        accounting_reference=values.text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        payment_terms=values.text(settlement, "ram:SpecifiedTradePaymentTerms/ram:Description"),
        discounts=discount_terms(values, settlement),
        notes=_notes(values, document),
        preceding=_preceding(values, settlement),
        seller=read_party(values, _child(agreement, "ram:SellerTradeParty")),
        buyer=read_party(values, _child(agreement, "ram:BuyerTradeParty")),
        payee=read_party(values, _child(settlement, "ram:PayeeTradeParty")),
        tax_representative=read_party(values, _child(agreement, "ram:SellerTaxRepresentativeTradeParty")),
        delivery_name=values.text(ship_to, "ram:Name"),
        delivery_location=values.identifier(ship_to, "ram:GlobalID") or values.identifier(ship_to, "ram:ID"),
        delivery_date=values.compact_day(delivery, f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{_DAY}"),
        delivery_address=read_address(values, _child(ship_to, "ram:PostalTradeAddress")),
        period=_period(values, settlement),
        payments=_payments(values, settlement),
        allowances_charges=_allowances_charges(values, settlement) + _logistics_charges(values, settlement),
        totals=_totals(values, settlement, currency, accounting_currency),
        tax_breakdown=_tax_breakdown(values, settlement),
        attachments=_attachments(values, references),
        lines=_lines(values, trade),
    )
    values.check_currencies(currency, accounting_currency)
    return invoice, tuple(values.faults)


def _child(parent: Node | None, path: str) -> Node | None:
    return None if parent is None else parent.find(path)


def _children(parent: Node | None, path: str) -> list[Node]:
    return [] if parent is None else parent.findall(path)


def _referenced(values: Values, parent: Node | None, path: str) -> str:
    return values.text(parent, f"{path}/ram:IssuerAssignedID")


def _tax_point_code(values: Values, settlement: Node | None) -> str:
    code = values.text(settlement, "ram:ApplicableTradeTax/ram:DueDateTypeCode")
    return _TAX_POINT_CODES.get(code, code)


def _tender(values: Values, references: list[Node]) -> str:
    for reference in references:
        if values.text(reference, "ram:TypeCode") == _TENDER_TYPE:
            return values.text(reference, "ram:IssuerAssignedID")
    return ""


def _invoiced_object(values: Values, references: list[Node]) -> Identifier | None:
    for reference in references:
        if values.text(reference, "ram:TypeCode") == _OBJECT_TYPE:
            number = values.text(reference, "ram:IssuerAssignedID")
            return Identifier(number, values.text(reference, "ram:ReferenceTypeCode")) if number else None
    return None


def _attachments(values: Values, references: list[Node]) -> tuple[Attachment, ...]:
    read = []
    for reference in references:
        if values.text(reference, "ram:TypeCode") in (_OBJECT_TYPE, _TENDER_TYPE):
            continue
        embedded = reference.find("ram:AttachmentBinaryObject")
        digits = "" if embedded is None else "".join(embedded.text.split()).rstrip("=")
        read.append(
            Attachment(
                id=values.text(reference, "ram:IssuerAssignedID"),
                description=values.text(reference, "ram:Name"),
                location=values.text(reference, "ram:URIID"),
                media_type=values.attribute(embedded, "mimeCode"),
                file_name=values.attribute(embedded, "filename"),
                size=len(digits) * 3 // 4,
            )
        )
    return tuple(read)


def _notes(values: Values, document: Node | None) -> tuple[str, ...]:
    return tuple(filter(None, map(values.content, _children(document, "ram:IncludedNote/ram:Content"))))


def _preceding(values: Values, settlement: Node | None) -> tuple[PrecedingInvoice, ...]:
    return tuple(
        PrecedingInvoice(
            values.text(reference, "ram:IssuerAssignedID"),
            values.compact_day(reference, "ram:FormattedIssueDateTime/qdt:DateTimeString"),
        )
        for reference in _children(settlement, "ram:InvoiceReferencedDocument")
    )


def _period(values: Values, settlement: Node | None) -> Period | None:
    period = _child(settlement, "ram:BillingSpecifiedPeriod")
    if period is None:
        return None
    return Period(
        values.compact_day(period, f"ram:StartDateTime/{_DAY}"),
        values.compact_day(period, f"ram:EndDateTime/{_DAY}"),
    )


def _payments(values: Values, settlement: Node | None) -> tuple[PaymentInstruction, ...]:
    remittance = values.text(settlement, "ram:PaymentReference")
    creditor = values.text(settlement, "ram:CreditorReferenceID")
    mandate = values.text(settlement, "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID")
    read = []
    for means in _children(settlement, "ram:SpecifiedTradeSettlementPaymentMeans"):
        payee = means.find("ram:PayeePartyCreditorFinancialAccount")
        debited = values.text(means, "ram:PayerPartyDebtorFinancialAccount/ram:IBANID")
        read.append(
            PaymentInstruction(
                means_code=values.text(means, "ram:TypeCode"),
                means_text=values.text(means, "ram:Information"),
                remittance=remittance,
                account=values.text(payee, "ram:IBANID") or values.text(payee, "ram:ProprietaryID") or debited,
                account_name=values.text(payee, "ram:AccountName"),
                bank=values.text(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
                card_number=values.text(means, "ram:ApplicableTradeSettlementFinancialCard/ram:ID"),
                mandate=mandate,
                creditor_id=creditor,
            )
        )
    return tuple(read)


def _allowances_charges(values: Values, parent: Node | None) -> tuple[AllowanceCharge, ...]:
    read = []
    for element in _children(parent, "ram:SpecifiedTradeAllowanceCharge"):
        is_charge = values.boolean(element, "ram:ChargeIndicator/udt:Indicator")
        if is_charge is None:
            continue
        read.append(
            AllowanceCharge(
                is_charge=is_charge,
                amount=values.amount(element, "ram:ActualAmount"),
                base_amount=values.amount(element, "ram:BasisAmount"),
                percentage=values.decimal(element, "ram:CalculationPercent"),
                tax=_vat_category(values, _children(element, "ram:CategoryTradeTax")),
                reason=values.text(element, "ram:Reason"),
                reason_code=values.text(element, "ram:ReasonCode"),
            )
        )
    return tuple(read)


def _logistics_charges(values: Values, settlement: Node | None) -> tuple[AllowanceCharge, ...]:
    """Freight and the like, which the profile EXTENDED writes apart from other charges."""
    return tuple(
        AllowanceCharge(
            is_charge=True,
            amount=values.amount(element, "ram:AppliedAmount"),
            tax=_vat_category(values, element.findall("ram:AppliedTradeTax")),
            reason=values.text(element, "ram:Description"),
        )
        for element in _children(settlement, "ram:SpecifiedLogisticsServiceCharge")
    )


def _is_vat(values: Values, tax: Node) -> bool:
    return values.text(tax, "ram:TypeCode").upper() == "VAT"


def _vat_category(values: Values, taxes: list[Node]) -> TaxCategory | None:
    for tax in taxes:
        if _is_vat(values, tax):
            return TaxCategory(values.text(tax, "ram:CategoryCode"), values.decimal(tax, "ram:RateApplicablePercent"))
    return None


def _totals(values: Values, settlement: Node | None, currency: str, accounting_currency: str) -> Totals:
    totals = _child(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    other = accounting_currency if accounting_currency != currency else ""
    return Totals(
        line_net=values.amount(totals, "ram:LineTotalAmount"),
        allowances=values.amount(totals, "ram:AllowanceTotalAmount"),
        charges=values.amount(totals, "ram:ChargeTotalAmount"),
        net=_total_in(values, totals, "ram:TaxBasisTotalAmount", currency),
        tax=_total_in(values, totals, "ram:TaxTotalAmount", currency),
        tax_in_accounting_currency=_total_in(values, totals, "ram:TaxTotalAmount", other or currency)
        if accounting_currency
        else None,
        gross=_total_in(values, totals, "ram:GrandTotalAmount", currency),
        prepaid=values.amount(totals, "ram:TotalPrepaidAmount"),
        rounding=values.amount(totals, "ram:RoundingAmount"),
        payable=values.amount(totals, "ram:DuePayableAmount"),
    )


def _total_in(values: Values, totals: Node | None, path: str, currency: str) -> Decimal | None:
    """The one total in a currency (some profiles repeat totals in the accounting currency); two say nothing."""
    amounts = _children(totals, path)
    found = [amount for amount in amounts if not currency or amount.get("currencyID", currency) == currency]
    if len(found) > 1:
        values.refuse(found[1], "DOC-TOTAL-01", f"a second such total in `{currency}`", "give one total a currency")
        return None
    return values.decimal_in(found[0]) if found else None


def _tax_breakdown(values: Values, settlement: Node | None) -> tuple[TaxSubtotal, ...]:
    return tuple(
        TaxSubtotal(
            taxable_amount=values.amount(tax, "ram:BasisAmount"),
            tax_amount=values.amount(tax, "ram:CalculatedAmount"),
            category=_vat_category(values, [tax]),
            exemption_reason=values.text(tax, "ram:ExemptionReason"),
            exemption_reason_code=values.text(tax, "ram:ExemptionReasonCode"),
        )
        for tax in _children(settlement, "ram:ApplicableTradeTax")
    )


def _lines(values: Values, trade: Node | None) -> tuple[Line, ...]:
    elements = [line for line in _children(trade, "ram:IncludedSupplyChainTradeLineItem") if is_counted(line)]
    if len(elements) > limits.DOCUMENT_LINES_MAX:
        values.refuse(
            elements[limits.DOCUMENT_LINES_MAX],
            "DOC-LINES-01",
            f"{len(elements)} lines; at most {limits.DOCUMENT_LINES_MAX} are read",
            "split the document",
        )
        return ()
    return tuple(_line(values, element) for element in elements)


def is_counted(line: Node) -> bool:
    """Whether a line counts: the profile EXTENDED also writes headings that sum up others, and mere information."""
    reason = line.find("ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode")
    return reason is None or reason.text not in ("GROUP", "INFORMATION")


def _line(values: Values, line: Node) -> Line:
    product = _child(line, "ram:SpecifiedTradeProduct")
    agreement = _child(line, "ram:SpecifiedLineTradeAgreement")
    settlement = _child(line, "ram:SpecifiedLineTradeSettlement")
    quantity = _child(line, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    net_price = _child(agreement, "ram:NetPriceProductTradePrice")
    gross_price = _child(agreement, "ram:GrossPriceProductTradePrice")
    base = _child(net_price, "ram:BasisQuantity")
    if base is None:
        base = _child(gross_price, "ram:BasisQuantity")
    order = _child(agreement, "ram:BuyerOrderReferencedDocument")
    return Line(
        id=values.text(line, "ram:AssociatedDocumentLineDocument/ram:LineID"),
        name=values.text(product, "ram:Name"),
        description=values.text(product, "ram:Description"),
        item_id=values.text(product, "ram:SellerAssignedID"),
        buyer_item_id=values.text(product, "ram:BuyerAssignedID"),
        standard_item_id=values.identifier(product, "ram:GlobalID"),
        classifications=_classifications(values, product),
        attributes=_attributes(values, product),
        origin_country=values.text(product, "ram:OriginTradeCountry/ram:ID"),
        invoiced_object=_line_object(values, settlement),
        quantity=values.decimal_in(quantity),
        unit=values.attribute(quantity, "unitCode"),
        net_amount=values.amount(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        net_price=values.amount(net_price, "ram:ChargeAmount"),
        gross_price=values.amount(gross_price, "ram:ChargeAmount"),
        price_discount=values.amount(gross_price, "ram:AppliedTradeAllowanceCharge/ram:ActualAmount"),
        price_base_quantity=values.decimal_in(base),
        price_base_unit=values.attribute(base, "unitCode"),
        tax=_vat_category(values, _children(settlement, "ram:ApplicableTradeTax")),
        order_number=values.text(order, "ram:IssuerAssignedID"),
        order_line=values.text(order, "ram:LineID"),
        accounting_reference=values.text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        period=_period(values, settlement),
        allowances_charges=_allowances_charges(values, settlement),
        note=values.text(line, "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
    )


def _line_object(values: Values, settlement: Node | None) -> Identifier | None:
    reference = _child(settlement, "ram:AdditionalReferencedDocument")
    number = values.text(reference, "ram:IssuerAssignedID")
    return Identifier(number, values.text(reference, "ram:ReferenceTypeCode")) if number else None


def _classifications(values: Values, product: Node | None) -> tuple[Identifier, ...]:
    codes = _children(product, "ram:DesignatedProductClassification/ram:ClassCode")
    found = (values.identifier_in(code, "listID") for code in codes)
    return tuple(identifier for identifier in found if identifier is not None)


def _attributes(values: Values, product: Node | None) -> tuple[ItemAttribute, ...]:
    return tuple(
        ItemAttribute(values.text(entry, "ram:Description"), values.text(entry, "ram:Value"))
        for entry in _children(product, "ram:ApplicableProductCharacteristic")
    )
