"""The names that an invoice knows its surroundings by: what it competes for, and what is looked up first."""

from comptroller.application.reference_kinds import (
    account_alias,
    electronic_alias,
    entity_name_alias,
    registration_alias,
    supplier_name_alias,
    vat_alias,
)
from comptroller.domain.controls.candidate_index import amount_lookups, identities
from comptroller.domain.controls.numbers import stem
from comptroller.domain.documents.model import Invoice


def competing_keys(invoice: Invoice) -> tuple[str, ...]:
    """What this invoice competes for with others: its number, its amount at its supplier, and the orders it names."""
    return (
        f"number/{stem(invoice.number)}",
        *(f"{key}" for key in amount_lookups(identities(invoice, None), invoice.currency, invoice.totals.gross)),
        *(f"order/{number}" for number in order_numbers(invoice)),
    )


def order_numbers(invoice: Invoice) -> tuple[str, ...]:
    """The orders that the invoice names, the document's own first."""
    named = [invoice.order_number, *(line.order_number for line in invoice.lines)]
    return tuple(dict.fromkeys(number for number in named if number))


def aliases_of(invoice: Invoice) -> list[str]:
    """The names under which an invoice's surroundings are looked up."""
    return Names(invoice).all


class Names:
    """The names under which an invoice's surroundings are looked up."""

    def __init__(self, invoice: Invoice) -> None:
        seller, buyer = invoice.seller, invoice.buyer
        accounts = [payment.account for payment in invoice.payments if payment.account]
        self.supplier_vat = vat_alias(seller.vat_id) if seller and seller.vat_id else ""
        self.supplier = [self.supplier_vat] if self.supplier_vat else []
        self.supplier += [account_alias(account) for account in accounts]
        self.supplier_name = supplier_name_alias(seller.name) if seller and seller.name else ""
        self.entity = vat_alias(buyer.vat_id, of="entity") if buyer and buyer.vat_id else ""
        self.entity_name = entity_name_alias(buyer.name) if buyer and buyer.name else ""
        country = seller.address.country if seller and seller.address else ""
        registration = seller.legal_registration if seller else None
        self.supplier_registration = registration_alias(country, registration.value) if registration else ""
        self.supplier_electronic = (
            electronic_alias(seller.electronic_address.value) if seller and seller.electronic_address else ""
        )
        self.entity_electronic = (
            electronic_alias(buyer.electronic_address.value, of="entity") if buyer and buyer.electronic_address else ""
        )
        orders = [f"order/{number}" for number in order_numbers(invoice)]
        receipts = [f"order-receipts/{number}" for number in order_numbers(invoice)]
        centre = [f"cost-centre/{invoice.accounting_reference}"] if invoice.accounting_reference else []
        weak = (self.supplier_registration, self.supplier_electronic, self.supplier_name)
        single = [alias for alias in (*weak, self.entity, self.entity_name, self.entity_electronic) if alias]
        self.all = list(dict.fromkeys([*self.supplier, *single, *orders, *receipts, *centre]))


def standing_attestations(entity: str) -> str:
    """The name under which an entity's attestations are found as long as they stand."""
    return f"attested/{entity}"
