"""UBL 2.1 Invoice and CreditNote to the canonical invoice, by the mapping of CEN/TS 16931-3-2.

Each function reads one group of the semantic model; a missing group is an empty field, never an error here: what must
be there is for the rules to say.
"""

from decimal import Decimal
from typing import Final

from comptroller.adapters.einvoice.discounts import discounts_in
from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.values import Values
from comptroller.adapters.einvoice.xpath import UBL_CREDIT_NOTE
from comptroller.domain.documents.model import (
    Address,
    AllowanceCharge,
    Attachment,
    Contact,
    DocumentKind,
    Identifier,
    Invoice,
    ItemAttribute,
    Line,
    Party,
    PaymentInstruction,
    Period,
    PrecedingInvoice,
    TaxCategory,
    TaxSubtotal,
    Totals,
)
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

_OBJECT_TYPE: Final = "130"  # UNTDID 1001: the reference names the invoiced object
_PROJECT_TYPE: Final = "50"  # a credit note has no element of its own for the project


def read_ubl(root: Node) -> tuple[Invoice, tuple[Fault, ...]]:
    """Read a UBL Invoice or CreditNote as far as it goes."""
    values = Values()
    is_credit_note = root.tag == f"{{{UBL_CREDIT_NOTE}}}CreditNote"
    name = "CreditNote" if is_credit_note else "Invoice"
    currency = values.text(root, "cbc:DocumentCurrencyCode")
    accounting_currency = values.text(root, "cbc:TaxCurrencyCode")
    references = root.findall("cac:AdditionalDocumentReference")
    delivery = root.find("cac:Delivery")
    order = root.find("cac:OrderReference")
    invoice = Invoice(
        kind=DocumentKind.CREDIT_NOTE if is_credit_note else DocumentKind.INVOICE,
        customization=values.text(root, "cbc:CustomizationID"),
        profile=values.text(root, "cbc:ProfileID"),
        number=values.text(root, "cbc:ID"),
        issue_date=values.day(root, "cbc:IssueDate"),
        type_code=values.text(root, f"cbc:{name}TypeCode"),
        currency=currency,
        accounting_currency=accounting_currency,
        tax_point=values.day(root, "cbc:TaxPointDate"),
        tax_point_code=values.text(root, "cac:InvoicePeriod/cbc:DescriptionCode"),
        due_date=values.day(root, "cac:PaymentMeans/cbc:PaymentDueDate" if is_credit_note else "cbc:DueDate"),
        buyer_reference=values.text(root, "cbc:BuyerReference"),
        project=values.text(root, "cac:ProjectReference/cbc:ID") or _typed_reference(values, references, _PROJECT_TYPE),
        contract=values.text(root, "cac:ContractDocumentReference/cbc:ID"),
        order_number=values.text(order, "cbc:ID"),
        sales_order=values.text(order, "cbc:SalesOrderID"),
        receipt_number=values.text(root, "cac:ReceiptDocumentReference/cbc:ID"),
        despatch_number=values.text(root, "cac:DespatchDocumentReference/cbc:ID"),
        tender=values.text(root, "cac:OriginatorDocumentReference/cbc:ID"),
        invoiced_object=_invoiced_object(values, references),
        accounting_reference=values.text(root, "cbc:AccountingCost"),
        payment_terms=values.text(root, "cac:PaymentTerms/cbc:Note"),
        discounts=discounts_in(values.text(root, "cac:PaymentTerms/cbc:Note")),
        notes=tuple(filter(None, map(values.content, root.findall("cbc:Note")))),
        preceding=_preceding(values, root),
        seller=read_party(values, root.find("cac:AccountingSupplierParty/cac:Party")),
        buyer=read_party(values, root.find("cac:AccountingCustomerParty/cac:Party")),
        payee=_named_party(values, root.find("cac:PayeeParty")),
        tax_representative=_named_party(values, root.find("cac:TaxRepresentativeParty")),
        delivery_name=values.text(delivery, "cac:DeliveryParty/cac:PartyName/cbc:Name"),
        delivery_location=values.identifier(delivery, "cac:DeliveryLocation/cbc:ID"),
        delivery_date=values.day(delivery, "cbc:ActualDeliveryDate"),
        delivery_address=None
        if delivery is None
        else _address(values, delivery.find("cac:DeliveryLocation/cac:Address")),
        period=_period(values, root.find("cac:InvoicePeriod")),
        payments=_payments(values, root),
        allowances_charges=_allowances_charges(values, root),
        totals=_totals(values, root, currency, accounting_currency),
        tax_breakdown=_tax_breakdown(values, root),
        attachments=_attachments(values, references),
        lines=_lines(values, root, name),
    )
    values.check_currencies(currency, accounting_currency)
    return invoice, tuple(values.faults)


def _is_vat(values: Values, element: Node) -> bool:
    """Whether a tax is VAT: by its scheme, or because it names none."""
    return values.text(element, "cac:TaxScheme/cbc:ID").upper() in ("VAT", "")


def _typed_reference(values: Values, references: list[Node], type_code: str) -> str:
    for reference in references:
        if values.text(reference, "cbc:DocumentTypeCode") == type_code:
            return values.text(reference, "cbc:ID")
    return ""


def _invoiced_object(values: Values, references: list[Node]) -> Identifier | None:
    for reference in references:
        if values.text(reference, "cbc:DocumentTypeCode") == _OBJECT_TYPE:
            return values.identifier(reference, "cbc:ID")
    return None


def _attachments(values: Values, references: list[Node]) -> tuple[Attachment, ...]:
    read = []
    for reference in references:
        if values.text(reference, "cbc:DocumentTypeCode") in (_OBJECT_TYPE, _PROJECT_TYPE):
            continue
        embedded = reference.find("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
        read.append(
            Attachment(
                id=values.text(reference, "cbc:ID"),
                description=values.text(reference, "cbc:DocumentDescription"),
                location=values.text(reference, "cac:Attachment/cac:ExternalReference/cbc:URI"),
                media_type=values.attribute(embedded, "mimeCode"),
                file_name=values.attribute(embedded, "filename"),
                size=_embedded_size(embedded),
            )
        )
    return tuple(read)


def _embedded_size(embedded: Node | None) -> int:
    """Bytes that a base64 text stands for, without decoding it."""
    if embedded is None or not embedded.text:
        return 0
    digits = "".join(embedded.text.split()).rstrip("=")
    return len(digits) * 3 // 4


def _preceding(values: Values, root: Node) -> tuple[PrecedingInvoice, ...]:
    path = "cac:InvoiceDocumentReference/"
    return tuple(
        PrecedingInvoice(values.text(reference, f"{path}cbc:ID"), values.day(reference, f"{path}cbc:IssueDate"))
        for reference in root.findall("cac:BillingReference")
    )


def read_party(values: Values, party: Node | None) -> Party | None:
    """Read a seller or buyer."""
    if party is None:
        return None
    legal = party.find("cac:PartyLegalEntity")
    vat_id, tax_registration = _tax_registrations(values, party)
    return Party(
        name=values.text(legal, "cbc:RegistrationName"),
        trading_name=values.text(party, "cac:PartyName/cbc:Name"),
        identifiers=_identifiers(values, party),
        legal_registration=values.identifier(legal, "cbc:CompanyID"),
        vat_id=vat_id,
        tax_registration=tax_registration,
        legal_form=values.text(legal, "cbc:CompanyLegalForm"),
        electronic_address=values.identifier(party, "cbc:EndpointID"),
        address=_address(values, party.find("cac:PostalAddress")),
        contact=_contact(values, party.find("cac:Contact")),
    )


def _named_party(values: Values, party: Node | None) -> Party | None:
    """A payee or tax representative: its name is the party name."""
    if party is None:
        return None
    vat_id, tax_registration = _tax_registrations(values, party)
    return Party(
        name=values.text(party, "cac:PartyName/cbc:Name"),
        identifiers=_identifiers(values, party),
        legal_registration=values.identifier(party, "cac:PartyLegalEntity/cbc:CompanyID"),
        vat_id=vat_id,
        tax_registration=tax_registration,
        address=_address(values, party.find("cac:PostalAddress")),
    )


def _identifiers(values: Values, party: Node) -> tuple[Identifier, ...]:
    found = map(values.identifier_in, party.findall("cac:PartyIdentification/cbc:ID"))
    return tuple(identifier for identifier in found if identifier is not None)


def _tax_registrations(values: Values, party: Node) -> tuple[str, str]:
    """The VAT identifier and the identifier under any other tax scheme."""
    vat_id = other = ""
    for scheme in party.findall("cac:PartyTaxScheme"):
        company = values.text(scheme, "cbc:CompanyID")
        if _is_vat(values, scheme):
            vat_id = vat_id or company
        else:
            other = other or company
    return vat_id, other


def _address(values: Values, address: Node | None) -> Address | None:
    if address is None:
        return None
    return Address(
        line_1=values.text(address, "cbc:StreetName"),
        line_2=values.text(address, "cbc:AdditionalStreetName"),
        line_3=values.text(address, "cac:AddressLine/cbc:Line"),
        city=values.text(address, "cbc:CityName"),
        post_code=values.text(address, "cbc:PostalZone"),
        subdivision=values.text(address, "cbc:CountrySubentity"),
        country=values.text(address, "cac:Country/cbc:IdentificationCode"),
    )


def _contact(values: Values, contact: Node | None) -> Contact | None:
    if contact is None:
        return None
    return Contact(
        name=values.text(contact, "cbc:Name"),
        telephone=values.text(contact, "cbc:Telephone"),
        email=values.text(contact, "cbc:ElectronicMail"),
    )


def _period(values: Values, period: Node | None) -> Period | None:
    """A period; one that holds nothing but the tax point code (BT-8) is none."""
    if period is None:
        return None
    start, end = period.find("cbc:StartDate"), period.find("cbc:EndDate")
    if start is None and end is None and period.find("cbc:DescriptionCode") is not None:
        return None
    return Period(values.day(period, "cbc:StartDate"), values.day(period, "cbc:EndDate"))


def _payments(values: Values, root: Node) -> tuple[PaymentInstruction, ...]:
    creditor = _creditor_id(values, root)
    read = []
    for means in root.findall("cac:PaymentMeans"):
        code = means.find("cbc:PaymentMeansCode")
        payee = means.find("cac:PayeeFinancialAccount")
        mandate = means.find("cac:PaymentMandate")
        read.append(
            PaymentInstruction(
                means_code=values.content(code),
                means_text=values.attribute(code, "name"),
                remittance=values.text(means, "cbc:PaymentID"),
                account=values.text(payee, "cbc:ID") or values.text(mandate, "cac:PayerFinancialAccount/cbc:ID"),
                account_name=values.text(payee, "cbc:Name"),
                bank=values.text(payee, "cac:FinancialInstitutionBranch/cbc:ID"),
                card_number=values.text(means, "cac:CardAccount/cbc:PrimaryAccountNumberID"),
                mandate=values.text(mandate, "cbc:ID"),
                creditor_id="" if mandate is None else creditor,
            )
        )
    return tuple(read)


def _creditor_id(values: Values, root: Node) -> str:
    """BT-90 stands among the identifiers of the seller or payee, under the scheme SEPA."""
    for path in ("cac:AccountingSupplierParty/cac:Party", "cac:PayeeParty"):
        party = root.find(path)
        for identifier in () if party is None else party.findall("cac:PartyIdentification/cbc:ID"):
            if identifier.get("schemeID") == "SEPA":
                return values.content(identifier)
    return ""


def _allowances_charges(values: Values, parent: Node) -> tuple[AllowanceCharge, ...]:
    read = []
    for element in parent.findall("cac:AllowanceCharge"):
        is_charge = values.boolean(element, "cbc:ChargeIndicator")
        if is_charge is None:
            continue
        read.append(
            AllowanceCharge(
                is_charge=is_charge,
                amount=values.amount(element, "cbc:Amount"),
                base_amount=values.amount(element, "cbc:BaseAmount"),
                percentage=values.decimal(element, "cbc:MultiplierFactorNumeric"),
                tax=_vat_category(values, element.findall("cac:TaxCategory")),
                reason=values.text(element, "cbc:AllowanceChargeReason"),
                reason_code=values.text(element, "cbc:AllowanceChargeReasonCode"),
            )
        )
    return tuple(read)


def _vat_category(values: Values, categories: list[Node]) -> TaxCategory | None:
    """The first category of the tax scheme VAT."""
    for category in categories:
        if _is_vat(values, category):
            return TaxCategory(values.text(category, "cbc:ID"), values.decimal(category, "cbc:Percent"))
    return None


def _totals(values: Values, root: Node, currency: str, accounting_currency: str) -> Totals:
    tax = _tax_total(values, root, currency)
    in_accounting = _tax_total(values, root, accounting_currency) if accounting_currency else None
    totals = root.find("cac:LegalMonetaryTotal")
    return Totals(
        line_net=values.amount(totals, "cbc:LineExtensionAmount"),
        allowances=values.amount(totals, "cbc:AllowanceTotalAmount"),
        charges=values.amount(totals, "cbc:ChargeTotalAmount"),
        net=values.amount(totals, "cbc:TaxExclusiveAmount"),
        tax=tax,
        tax_in_accounting_currency=in_accounting,
        gross=values.amount(totals, "cbc:TaxInclusiveAmount"),
        prepaid=values.amount(totals, "cbc:PrepaidAmount"),
        rounding=values.amount(totals, "cbc:PayableRoundingAmount"),
        payable=values.amount(totals, "cbc:PayableAmount"),
    )


def _tax_total(values: Values, root: Node, currency: str) -> Decimal | None:
    """The one tax total in a currency; two of them say nothing, and that is a fault."""
    amounts = root.findall("cac:TaxTotal/cbc:TaxAmount")
    found = [amount for amount in amounts if not currency or amount.get("currencyID", currency) == currency]
    if len(found) > 1:
        values.refuse(found[1], "DOC-TOTAL-01", f"a second tax total in `{currency}`", "give one total a currency")
        return None
    return values.decimal_in(found[0]) if found else None


def _tax_breakdown(values: Values, root: Node) -> tuple[TaxSubtotal, ...]:
    read = []
    for subtotal in root.findall("cac:TaxTotal/cac:TaxSubtotal"):
        categories = subtotal.findall("cac:TaxCategory")
        category = categories[0] if categories else None
        read.append(
            TaxSubtotal(
                taxable_amount=values.amount(subtotal, "cbc:TaxableAmount"),
                tax_amount=values.amount(subtotal, "cbc:TaxAmount"),
                category=_vat_category(values, categories),
                exemption_reason=values.text(category, "cbc:TaxExemptionReason"),
                exemption_reason_code=values.text(category, "cbc:TaxExemptionReasonCode"),
            )
        )
    return tuple(read)


def _lines(values: Values, root: Node, name: str) -> tuple[Line, ...]:
    elements = root.findall(f"cac:{name}Line")
    if len(elements) > limits.DOCUMENT_LINES_MAX:
        values.refuse(
            elements[limits.DOCUMENT_LINES_MAX],
            "DOC-LINES-01",
            f"{len(elements)} lines; at most {limits.DOCUMENT_LINES_MAX} are read",
            "split the document",
        )
        return ()
    quantity = "cbc:CreditedQuantity" if name == "CreditNote" else "cbc:InvoicedQuantity"
    return tuple(_line(values, element, quantity) for element in elements)


def _line(values: Values, line: Node, quantity_tag: str) -> Line:
    item = line.find("cac:Item")
    price = line.find("cac:Price")
    quantity = line.find(quantity_tag)
    base_quantity = None if price is None else price.find("cbc:BaseQuantity")
    return Line(
        id=values.text(line, "cbc:ID"),
        name=values.text(item, "cbc:Name"),
        description=values.text(item, "cbc:Description"),
        item_id=values.text(item, "cac:SellersItemIdentification/cbc:ID"),
        buyer_item_id=values.text(item, "cac:BuyersItemIdentification/cbc:ID"),
        standard_item_id=values.identifier(item, "cac:StandardItemIdentification/cbc:ID"),
        classifications=_classifications(values, item),
        attributes=_attributes(values, item),
        origin_country=values.text(item, "cac:OriginCountry/cbc:IdentificationCode"),
        invoiced_object=values.identifier(line, "cac:DocumentReference/cbc:ID"),
        quantity=values.decimal_in(quantity),
        unit=values.attribute(quantity, "unitCode"),
        net_amount=values.amount(line, "cbc:LineExtensionAmount"),
        net_price=values.amount(price, "cbc:PriceAmount"),
        gross_price=values.amount(price, "cac:AllowanceCharge/cbc:BaseAmount"),
        price_discount=values.amount(price, "cac:AllowanceCharge/cbc:Amount"),
        price_base_quantity=values.decimal_in(base_quantity),
        price_base_unit=values.attribute(base_quantity, "unitCode"),
        tax=None if item is None else _vat_category(values, item.findall("cac:ClassifiedTaxCategory")),
        order_number=values.text(line, "cac:OrderLineReference/cac:OrderReference/cbc:ID"),
        order_line=values.text(line, "cac:OrderLineReference/cbc:LineID"),
        accounting_reference=values.text(line, "cbc:AccountingCost"),
        period=_period(values, line.find("cac:InvoicePeriod")),
        allowances_charges=_allowances_charges(values, line),
        note=values.text(line, "cbc:Note"),
    )


def _classifications(values: Values, item: Node | None) -> tuple[Identifier, ...]:
    path = "cac:CommodityClassification/cbc:ItemClassificationCode"
    found = (values.identifier_in(code, "listID") for code in (() if item is None else item.findall(path)))
    return tuple(identifier for identifier in found if identifier is not None)


def _attributes(values: Values, item: Node | None) -> tuple[ItemAttribute, ...]:
    return tuple(
        ItemAttribute(values.text(entry, "cbc:Name"), values.text(entry, "cbc:Value"))
        for entry in (() if item is None else item.findall("cac:AdditionalItemProperty"))
    )
