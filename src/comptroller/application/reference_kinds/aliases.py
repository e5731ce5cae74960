"""The names that records are found by besides their keys: VAT ids, accounts, exact names."""

from typing import Final

from comptroller.domain.controls.numbers import identifier
from comptroller.domain.documents.model import Supplier

ACCOUNT_ALIAS: Final = "account/"
"""How the aliases begin that hold a bank account: the store keeps names in their place."""


def vat_alias(vat_id: str, *, of: str = "supplier") -> str:
    """The alias under which a supplier or an entity is found by its VAT id, spaces and dots aside."""
    kept = identifier(vat_id)
    return f"vat/{kept}" if of == "supplier" else f"{of}-vat/{kept}"


def account_alias(account: str) -> str:
    """The alias under which a supplier is found by one of its bank accounts."""
    return ACCOUNT_ALIAS + identifier(account)


def employee_account_alias(account: str) -> str:
    """The alias under which an employee is found by an account; it is kept as secret as a supplier's."""
    return f"{ACCOUNT_ALIAS}employee/{identifier(account)}"


def registration_alias(country: str, registration: str) -> str:
    """The alias under which a supplier is found by its entry in its country's register."""
    return f"registration/{country}/{identifier(registration)}"


def electronic_alias(address: str, *, of: str = "supplier") -> str:
    """The alias under which a supplier or an entity is found by its electronic address."""
    kept = address.strip().casefold()
    return f"electronic/{kept}" if of == "supplier" else f"{of}-electronic/{kept}"


def identifying_aliases(supplier: Supplier) -> tuple[str, ...]:
    """The aliases that no two suppliers should share: VAT id and bank accounts."""
    vat = [vat_alias(supplier.vat_id)] if supplier.vat_id else []
    return (*vat, *(account_alias(account.account) for account in supplier.accounts))


def supplier_name_alias(name: str) -> str:
    """The alias under which a supplier is found by its exact name, case and spacing aside."""
    return f"supplier-name/{_folded(name)}"


def entity_name_alias(name: str) -> str:
    """The alias under which an own entity is found by its exact name, case and spacing aside."""
    return f"entity-name/{_folded(name)}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
