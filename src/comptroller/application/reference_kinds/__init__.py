"""The kinds of reference data: how each is read, what it is found by, and whose duty it is to bring it in.

A record is a JSON object under a kind and a key. Its aliases are the other names that documents know it by: a
supplier by its VAT id and accounts, receipts by their order, people by the roles they hold.
"""

from collections.abc import Mapping
from typing import Final

from comptroller.application.reference_kinds import (
    agreements,
    calendars,
    company,
    ledger,
    mappings,
    measuring,
    notices,
    orders,
    parties,
    standing,
    taxation,
)
from comptroller.application.reference_kinds.aliases import (
    ACCOUNT_ALIAS,
    account_alias,
    electronic_alias,
    employee_account_alias,
    entity_name_alias,
    identifying_aliases,
    registration_alias,
    supplier_name_alias,
    vat_alias,
)
from comptroller.application.reference_kinds.checks import ReferenceKind

KINDS: Final[Mapping[str, ReferenceKind]] = {
    kind.name: kind
    for module in (
        agreements,
        calendars,
        company,
        ledger,
        mappings,
        measuring,
        notices,
        orders,
        parties,
        standing,
        taxation,
    )
    for kind in module.KINDS
}
"""Every kind that can be put; `policy` and `tenant` records are written by their own use cases only."""

__all__ = [
    "ACCOUNT_ALIAS",
    "KINDS",
    "ReferenceKind",
    "account_alias",
    "electronic_alias",
    "employee_account_alias",
    "entity_name_alias",
    "identifying_aliases",
    "registration_alias",
    "supplier_name_alias",
    "vat_alias",
]
