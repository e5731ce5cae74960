"""What a document must say besides its figures: parties, dates, references, payment, and codes out of their lists."""

from typing import Final

from comptroller.domain.documents import code_lists
from comptroller.domain.documents.findings import Findings
from comptroller.domain.documents.model import Address, Invoice, Party, PaymentInstruction
from comptroller.domain.kernel.money import ZERO

_CREDIT_TRANSFERS: Final = ("30", "58")
_CARD_DIGITS_MAX: Final = 10


def check_content(invoice: Invoice, findings: Findings) -> None:
    """Check everything but lines, totals and VAT."""
    _check_head(invoice, findings)
    _check_parties(invoice, findings)
    _check_delivery(invoice, findings)
    for index, payment in enumerate(invoice.payments):
        _check_payment(payment, f"/payments/{index}", findings)
    for index, preceding in enumerate(invoice.preceding):
        findings.require(preceding.number, "BR-55", f"/preceding/{index}/number")
    for index, attachment in enumerate(invoice.attachments):
        findings.require(attachment.id, "BR-52", f"/attachments/{index}")
        if attachment.media_type and attachment.media_type.lower() not in code_lists.ATTACHMENT_TYPES:
            findings.add("BR-CL-24", f"/attachments/{index}", f"`{attachment.media_type}`")


def _check_head(invoice: Invoice, findings: Findings) -> None:
    findings.require(invoice.customization, "BR-01", "/customization")
    findings.require(invoice.number, "BR-02", "/number")
    findings.require(invoice.issue_date, "BR-03", "/issue_date")
    findings.require(invoice.type_code, "BR-04", "/type_code")
    findings.require(invoice.currency, "BR-05", "/currency")
    types = code_lists.CREDIT_NOTE_TYPES if invoice.is_credit_note else code_lists.INVOICE_TYPES
    _check_code(invoice.type_code, types, "BR-CL-01", "/type_code", findings)
    _check_code(invoice.currency, code_lists.CURRENCIES, "BR-CL-04", "/currency", findings)
    _check_code(invoice.accounting_currency, code_lists.CURRENCIES, "BR-CL-05", "/accounting_currency", findings)
    _check_code(invoice.tax_point_code, code_lists.TAX_POINT_CODES, "BR-CL-06", "/tax_point_code", findings)
    if invoice.tax_point is not None and invoice.tax_point_code:
        findings.add("BR-CO-03", "/tax_point")
    payable = None if invoice.is_credit_note else invoice.totals.payable
    if payable is not None and payable > ZERO and invoice.due_date is None and not invoice.payment_terms:
        findings.add("BR-CO-25", "/due_date")


def _check_code(code: str, codes: frozenset[str], rule: str, path: str, findings: Findings) -> None:
    if code and code not in codes:
        findings.add(rule, path, f"`{code[:40]}`")


def _check_parties(invoice: Invoice, findings: Findings) -> None:
    seller = invoice.seller or Party()
    buyer = invoice.buyer or Party()
    findings.require(seller.name, "BR-06", "/seller/name")
    findings.require(buyer.name, "BR-07", "/buyer/name")
    _check_address(seller.address, "BR-08", "BR-09", "/seller", findings)
    _check_address(buyer.address, "BR-10", "BR-11", "/buyer", findings)
    _check_vat_prefix(seller, "/seller", findings)
    _check_vat_prefix(buyer, "/buyer", findings)
    if seller.electronic_address is not None:
        findings.require(seller.electronic_address.scheme, "BR-62", "/seller/electronic_address")
    if buyer.electronic_address is not None:
        findings.require(buyer.electronic_address.scheme, "BR-63", "/buyer/electronic_address")
    has_identifier = any(identifier.scheme != "SEPA" for identifier in seller.identifiers)  # SEPA is BT-90, not BT-29
    if invoice.seller is not None and not (seller.vat_id or seller.legal_registration or has_identifier):
        findings.add("BR-CO-26", "/seller")
    if invoice.payee is not None and not _is_payee_named(invoice.payee, seller):
        findings.add("BR-17", "/payee")
    agent = invoice.tax_representative
    if agent is not None:
        findings.require(agent.name, "BR-18", "/tax_representative/name")
        _check_address(agent.address, "BR-19", "BR-20", "/tax_representative", findings)
        findings.require(agent.vat_id, "BR-56", "/tax_representative")
        _check_vat_prefix(agent, "/tax_representative", findings)


def _check_address(address: Address | None, missing: str, no_country: str, path: str, findings: Findings) -> None:
    if address is None:
        findings.add(missing, path)
        return
    findings.require(address.country, no_country, f"{path}/address/country")
    _check_code(address.country, code_lists.COUNTRIES, "BR-CL-14", f"{path}/address", findings)


def _check_vat_prefix(party: Party, path: str, findings: Findings) -> None:
    prefix = party.vat_id[:2]
    if prefix and prefix != "EL" and prefix not in code_lists.COUNTRIES:  # Greece writes EL
        findings.add("BR-CO-09", f"{path}/vat_id", f"`{party.vat_id[:40]}`")


def _is_payee_named(payee: Party, seller: Party) -> bool:
    """Whether the payee has a name, and neither the seller's trading name nor one of its identifiers."""
    known = {identifier.value for identifier in seller.identifiers}
    shared = any(identifier.value in known for identifier in payee.identifiers)
    return bool(payee.name) and payee.name != seller.trading_name and not shared


def _check_delivery(invoice: Invoice, findings: Findings) -> None:
    if invoice.delivery_address is not None:
        country = invoice.delivery_address.country
        findings.require(country, "BR-57", "/delivery_address/country")
        _check_code(country, code_lists.COUNTRIES, "BR-CL-14", "/delivery_address", findings)
    if invoice.period is not None:
        start, end = invoice.period.start, invoice.period.end
        if start is None and end is None:
            findings.add("BR-CO-19", "/period")
        elif start is not None and end is not None and end < start:
            findings.add("BR-29", "/period", f"{start} to {end}")


def _check_payment(payment: PaymentInstruction, path: str, findings: Findings) -> None:
    findings.require(payment.means_code, "BR-49", f"{path}/means_code")
    _check_code(payment.means_code, code_lists.PAYMENT_MEANS, "BR-CL-16", path, findings)
    if payment.means_code in _CREDIT_TRANSFERS and not payment.account:
        findings.add("BR-61", path)
        if payment.account_name or payment.bank:
            findings.add("BR-50", path)
    if len(payment.card_number) > _CARD_DIGITS_MAX:
        findings.add("BR-51", f"{path}/card_number")
