"""The canonical documents: invoice and credit note in the shape of EN 16931, order, goods receipt, supplier.

One shape for every format, so that a control is written once. Everything a sender may leave out is optional: a
document is read as far as it goes, and `rules.check` says what is missing. Amounts are `Decimal` in the document's
currency. Field comments name the business terms (BT) and groups (BG) of EN 16931-1.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from comptroller.domain.kernel.money import CONTEXT


class DocumentKind(StrEnum):
    """What a document is; a closed list, as `document check` reports it."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    ORDER = "order"
    RECEIPT = "receipt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value in a scheme (ISO 6523, EAS, ...); the scheme may be missing."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15."""

    line_1: str = ""
    line_2: str = ""
    line_3: str = ""
    city: str = ""
    post_code: str = ""
    subdivision: str = ""
    country: str = ""  # ISO 3166-1 alpha-2; BT-40, BT-55


@dataclass(frozen=True, slots=True)
class Contact:
    """BG-6, BG-9."""

    name: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Seller (BG-4), buyer (BG-7), payee (BG-10), tax representative (BG-11)."""

    name: str = ""  # BT-27, BT-44
    trading_name: str = ""
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46
    legal_registration: Identifier | None = None  # BT-30, BT-47
    vat_id: str = ""  # BT-31, BT-48
    tax_registration: str = ""  # BT-32
    legal_form: str = ""  # BT-33
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """A VAT category code (UNCL 5305: S, Z, E, AE, K, G, O, L, M) with its rate in percent."""

    code: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """An allowance or charge of the document (BG-20, BG-21) or of a line (BG-27, BG-28)."""

    is_charge: bool
    amount: Decimal | None = None  # BT-92, BT-99, BT-136, BT-141
    base_amount: Decimal | None = None
    percentage: Decimal | None = None
    tax: TaxCategory | None = None
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    """One row of the VAT breakdown, BG-23."""

    taxable_amount: Decimal | None = None  # BT-116
    tax_amount: Decimal | None = None  # BT-117
    category: TaxCategory | None = None  # BT-118, BT-119
    exemption_reason: str = ""  # BT-120
    exemption_reason_code: str = ""  # BT-121


@dataclass(frozen=True, slots=True)
class Period:
    """BG-14, BG-26; either end may be missing."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class ItemAttribute:
    """A named property of an item, BG-32."""

    name: str = ""  # BT-160
    value: str = ""  # BT-161


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice line, BG-25."""

    id: str = ""  # BT-126
    name: str = ""  # BT-153
    description: str = ""
    item_id: str = ""  # seller's, BT-155
    buyer_item_id: str = ""  # BT-156
    standard_item_id: Identifier | None = None  # BT-157
    classifications: tuple[Identifier, ...] = ()  # BT-158
    attributes: tuple[ItemAttribute, ...] = ()
    origin_country: str = ""  # BT-159
    invoiced_object: Identifier | None = None  # BT-128
    quantity: Decimal | None = None  # BT-129
    unit: str = ""  # BT-130, UN/ECE rec 20
    net_amount: Decimal | None = None  # BT-131
    net_price: Decimal | None = None  # BT-146
    gross_price: Decimal | None = None  # BT-148
    price_discount: Decimal | None = None  # BT-147
    price_base_quantity: Decimal | None = None  # BT-149
    price_base_unit: str = ""  # BT-150
    tax: TaxCategory | None = None  # BT-151, BT-152
    order_number: str = ""  # a line-level order reference where the format has one
    order_line: str = ""  # BT-132
    accounting_reference: str = ""  # BT-133
    period: Period | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Document totals, BG-22."""

    line_net: Decimal | None = None  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    net: Decimal | None = None  # BT-109
    tax: Decimal | None = None  # BT-110
    tax_in_accounting_currency: Decimal | None = None  # BT-111
    gross: Decimal | None = None  # BT-112
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    payable: Decimal | None = None  # BT-115


@dataclass(frozen=True, slots=True)
class PaymentInstruction:
    """One credit transfer, card or direct debit, BG-16 to BG-19."""

    means_code: str = ""  # BT-81
    means_text: str = ""
    remittance: str = ""  # BT-83
    account: str = ""  # IBAN or national account, BT-84; for a direct debit the debited account, BT-91
    account_name: str = ""  # BT-85
    bank: str = ""  # BIC, BT-86
    card_number: str = ""  # BT-87, last digits only
    mandate: str = ""  # BT-89
    creditor_id: str = ""  # BT-90


@dataclass(frozen=True, slots=True)
class PaymentDiscount:
    """A part of the amount that may be kept when it is paid within so many days of the invoice's date."""

    days: int
    percent: Decimal
    base_amount: Decimal | None = None  # what it is reckoned on; None: the amount due


@dataclass(frozen=True, slots=True)
class PrecedingInvoice:
    """BG-3."""

    number: str = ""  # BT-25
    issue_date: date | None = None  # BT-26


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting document, BG-24; its bytes stay in the original."""

    id: str = ""
    description: str = ""
    location: str = ""
    media_type: str = ""
    file_name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or credit note in the shape of EN 16931; amounts of a credit note are positive, as written."""

    kind: DocumentKind = DocumentKind.INVOICE
    customization: str = ""  # BT-24
    profile: str = ""  # BT-23
    number: str = ""  # BT-1
    issue_date: date | None = None  # BT-2
    type_code: str = ""  # BT-3: 380, 381, 384, 386, 389, 326
    currency: str = ""  # BT-5
    accounting_currency: str = ""  # BT-6
    tax_point: date | None = None  # BT-7
    tax_point_code: str = ""  # BT-8
    due_date: date | None = None  # BT-9
    buyer_reference: str = ""  # BT-10
    project: str = ""  # BT-11
    contract: str = ""  # BT-12
    order_number: str = ""  # BT-13
    sales_order: str = ""  # BT-14
    receipt_number: str = ""  # BT-15
    despatch_number: str = ""  # BT-16
    tender: str = ""  # BT-17
    invoiced_object: Identifier | None = None  # BT-18
    accounting_reference: str = ""  # BT-19
    payment_terms: str = ""  # BT-20
    discounts: tuple[PaymentDiscount, ...] = ()  # what BT-20 offers for paying early, where it says so to programs
    notes: tuple[str, ...] = ()  # BT-22
    preceding: tuple[PrecedingInvoice, ...] = ()
    seller: Party | None = None
    buyer: Party | None = None
    payee: Party | None = None
    tax_representative: Party | None = None
    delivery_name: str = ""  # BT-70
    delivery_location: Identifier | None = None  # BT-71
    delivery_date: date | None = None  # BT-72
    delivery_address: Address | None = None
    period: Period | None = None
    payments: tuple[PaymentInstruction, ...] = ()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    totals: Totals = Totals()
    tax_breakdown: tuple[TaxSubtotal, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_credit_note(self) -> bool:
        """Whether the document reduces what is owed."""
        return self.kind is DocumentKind.CREDIT_NOTE

    @property
    def tax_date(self) -> date | None:
        """The tax point: BT-7, else delivery BT-72, else the issue date BT-2."""
        return self.tax_point or self.delivery_date or self.issue_date


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of payment: days net with a discount, or the n-th working day of the month of the supply."""

    days: int | None = None
    discount_days: int = 0
    discount_percent: Decimal = Decimal(0)
    working_day: int | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of a purchase order."""

    id: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal  # for `price_base_quantity` units
    material_group: str = ""  # raw material, components, castings, service, ...
    serialised: bool = False
    account: str = ""
    cost_centre: str = ""
    item: str = ""  # the buyer's own number of the item: price lists and conversions are found by it
    price_base_quantity: Decimal = Decimal(1)
    price_estimated: bool = False  # nobody has agreed the price yet
    tax: TaxCategory | None = None  # what a settlement by receipts charges

    @property
    def unit_price(self) -> Decimal:
        """The price of one unit, unrounded."""
        return CONTEXT.divide(self.price, self.price_base_quantity)


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase order as released: the authority under which goods are taken and invoices are matched."""

    number: str
    supplier: str
    entity: str
    currency: str
    order_date: date
    created_by: str
    lines: tuple[OrderLine, ...]
    released_by: str = ""
    category: str = ""
    order_type: str = "standard"  # standard, blanket, framework, consignment, subcontract
    match: str = "three-way"  # two-way for services accepted by entry sheet, four-way where goods are inspected
    status: str = "open"  # open, closed, cancelled
    contract: str = ""  # a framework's call-off names its contract
    ceiling: Decimal | None = None  # of a blanket order, net
    consumed: Decimal = Decimal(0)  # of the ceiling, before this platform counted
    valid_from: date | None = None
    valid_to: date | None = None
    terms: Terms | None = None
    incoterm: str = ""  # Incoterms 2020: EXW, FCA, ..., DDP
    evaluated_receipt: bool = False  # the receipt makes the settlement; the supplier sends no invoice
    prepayment_percent: Decimal | None = None  # what may be asked for before delivery
    guarantee: str = ""  # the guarantee on file that secures a prepayment
    guarantee_until: date | None = None


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A received quantity; a return is negative."""

    order_line: str
    quantity: Decimal
    unit: str
    accepted: Decimal | None = None  # by the inspection of a four-way match; None: not inspected
    final: bool = False  # nothing more is expected on this line


@dataclass(frozen=True, slots=True)
class Receipt:
    """A goods receipt, an accepted service entry, a withdrawal from a consignment store, or a return."""

    number: str
    order: str
    received_on: date
    received_by: str
    lines: tuple[ReceiptLine, ...]
    kind: str = "receipt"  # receipt, withdrawal, return
    status: str = "recorded"  # recorded, reversed
    reason: str = ""  # of a return or a reversal


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of a supplier with the standing of its last change."""

    account: str  # IBAN or national account
    bank: str = ""
    changed_on: date | None = None
    changed_by: str = ""
    verified_by: str = ""
    verified_on: date | None = None
    payee_check: str = ""  # the bank's word on the holder: match, close match, no match, not possible


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number of a supplier, and since when it is known: a change is called back on one known before it."""

    number: str
    since: date


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier record."""

    id: str
    name: str
    country: str
    vat_id: str = ""
    category: str = ""
    accounts: tuple[BankAccount, ...] = ()
    payment_days: int = 30
    discount_days: int = 0
    discount_percent: Decimal = Decimal(0)
    status: str = "active"  # active, probation, blocked, closed
    onboarding_complete: bool = True
    probation_limit: Decimal | None = None
    purchasing_block: bool = False
    payment_block: bool = False
    block_reason: str = ""
    contract_end: date | None = None
    created_on: date | None = None
    registration: str = ""  # in its country's register of companies, BT-30
    electronic_address: str = ""  # BT-34
    telephones: tuple[Telephone, ...] = ()
    corporate_group: str = ""  # the group it belongs to; the company's own for a group company
    small_business: bool = False  # exempt from VAT as one
    probation_end: date | None = None
    risk_score: Decimal | None = None  # 0 to 100, from the last review
    withholding: bool = False  # what is paid to it counts towards a withholding scheme
