"""The fields of a table of invoices in plain words: what every invoice needs first, and the rest by job."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field by the name that a mapping's record uses, with what it is called and what helps to fill it in."""

    name: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MappedGroup:
    """Fields of one job."""

    title: str
    fields: tuple[MappedField, ...]


def _group(title: str, *fields: tuple[str, str] | tuple[str, str, str]) -> MappedGroup:
    return MappedGroup(title, tuple(MappedField(*each) for each in fields))


_COUNTRY: Final = "Two letters, such as DE"
_UNIT: Final = "A code such as H87 for pieces, HUR for hours"

NEEDED: Final = _group(
    "What every invoice needs",
    ("number", "Invoice number", "Rows with the same number are one invoice"),
    ("issue_date", "Invoice date"),
    ("due_date", "Due date", "Or the terms of payment, below"),
    ("currency", "Currency", "Three letters, such as EUR"),
    ("seller.name", "Supplier"),
    ("seller.vat_id", "Supplier's VAT id", "By it the supplier is found"),
    ("seller.address.country", "Supplier's country", _COUNTRY),
    ("buyer.name", "Billed to", "Your company, as the supplier writes it"),
    ("buyer.vat_id", "Your VAT id"),
    ("buyer.address.country", "Your country", _COUNTRY),
    ("line.name", "What was supplied"),
    ("line.quantity", "Quantity"),
    ("line.unit", "Unit", _UNIT),
    ("line.net_price", "Price of one, net"),
    ("line.net_amount", "Amount of the row, net"),
    ("line.tax_category", "VAT category", "S standard, Z zero, E exempt, AE reverse charge, K intra-community"),
    ("line.tax_rate", "VAT rate in percent"),
)

MORE: Final = (
    _group(
        "Order, cost centre, who asked for it",
        ("order_number", "Order"),
        ("line.order_number", "Order, where rows differ"),
        ("line.order_line", "Line of the order"),
        ("contract", "Contract"),
        ("accounting_reference", "Cost centre"),
        ("line.accounting_reference", "Cost centre, where rows differ"),
        ("buyer_reference", "Requested by"),
        ("project", "Project"),
        ("receipt_number", "Receipt"),
        ("despatch_number", "Despatch advice"),
        ("sales_order", "Supplier's own order number"),
    ),
    _group(
        "Days and terms of payment",
        ("payment_terms", "Terms of payment", "As the supplier writes them: Net 14 days"),
        ("delivery_date", "Delivered on"),
        ("tax_point", "VAT falls due on"),
        ("period.start", "Billed period begins"),
        ("period.end", "Billed period ends"),
        ("line.period.start", "Period of the row begins"),
        ("line.period.end", "Period of the row ends"),
    ),
    _group(
        "Sums of the invoice",
        ("totals.gross", "Gross", "Sums that no column states are computed from the rows"),
        ("totals.tax", "VAT"),
        ("totals.net", "Net"),
        ("totals.line_net", "Sum of the rows"),
        ("totals.allowances", "Allowances"),
        ("totals.charges", "Charges"),
        ("totals.prepaid", "Paid already"),
        ("totals.rounding", "Rounding"),
        ("totals.payable", "To be paid"),
    ),
    _group(
        "Account to be paid",
        ("payment.account", "Account (IBAN)"),
        ("payment.means_code", "Way of payment", "58 for a SEPA transfer, 30 for another; needed beside an account"),
        ("payment.account_name", "Holder of the account"),
        ("payment.bank", "Bank (BIC)"),
        ("payment.remittance", "Text for the bank"),
        ("payment.mandate", "Mandate of a direct debit"),
    ),
    _group(
        "More about each row",
        ("line.id", "Position", "Counted where no column says it"),
        ("line.description", "Description"),
        ("line.item_id", "Supplier's item number"),
        ("line.buyer_item_id", "Your item number"),
        ("line.gross_price", "Price of one before discount"),
        ("line.price_base_quantity", "Price is for so many"),
        ("line.note", "Note on the row"),
    ),
    _group(
        "More about the supplier",
        ("seller.tax_registration", "Tax number"),
        ("seller.legal_registration", "Entry in the register"),
        ("seller.address.line_1", "Street"),
        ("seller.address.line_2", "Street, second line"),
        ("seller.address.post_code", "Post code"),
        ("seller.address.city", "City"),
        ("seller.electronic_address", "Electronic address"),
        ("seller.electronic_scheme", "Kind of that address", "EM for mail"),
        ("payee.name", "Paid to somebody else: name"),
        ("payee.vat_id", "Paid to somebody else: VAT id"),
    ),
    _group(
        "More about your company",
        ("buyer.tax_registration", "Your tax number"),
        ("buyer.legal_registration", "Your entry in the register"),
        ("buyer.address.line_1", "Your street"),
        ("buyer.address.line_2", "Your street, second line"),
        ("buyer.address.post_code", "Your post code"),
        ("buyer.address.city", "Your city"),
        ("buyer.electronic_address", "Your electronic address"),
        ("buyer.electronic_scheme", "Kind of your address", "EM for mail"),
    ),
    _group(
        "Credit notes, exemptions, notes",
        ("type_code", "Kind of document", "380 invoice, 381 credit note, 386 advance; 380 where nothing says it"),
        ("preceding.number", "Invoice that it corrects"),
        ("preceding.issue_date", "Date of that invoice"),
        ("exemption_reason", "Why no VAT is charged"),
        ("exemption_reason_code", "Code of that reason"),
        ("note", "Note"),
        ("customization", "Specification that it follows"),
    ),
)
"""What only some tables have, folded until something is in it."""

GROUPS: Final = (NEEDED, *MORE)
LABELS: Final = {field.name: field.label for group in GROUPS for field in group.fields}
