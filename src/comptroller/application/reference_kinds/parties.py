"""Suppliers, and the company's own entities and people."""

from typing import Final

from comptroller.application.reference_kinds.aliases import (
    account_alias,
    electronic_alias,
    entity_name_alias,
    registration_alias,
    supplier_name_alias,
    vat_alias,
)
from comptroller.application.reference_kinds.checks import (
    CURRENCY,
    TEXT,
    Body,
    ReferenceKind,
    document_check,
    is_day,
    one_of,
    record_check,
)
from comptroller.domain.documents.model import Supplier
from comptroller.domain.identity import Duty, Principal
from comptroller.domain.kernel.fault import Fault

SOURCES: Final = ("letter", "mail", "portal", "telephone", "visit")
"""How a supplier may ask for another account; none of them changes anything by itself."""


def _supplier_aliases(_key: str, body: Body) -> tuple[str, ...]:
    accounts = [account_alias(account["account"]) for account in body.get("accounts", ())]
    vat = [vat_alias(body["vat_id"])] if body.get("vat_id") else []
    registered = body.get("registration")
    registration = [registration_alias(body["country"], registered)] if registered else []
    electronic = [electronic_alias(body["electronic_address"])] if body.get("electronic_address") else []
    return tuple(dict.fromkeys([*vat, *accounts, *registration, *electronic, supplier_name_alias(body["name"])]))


def _supplier_subjects(key: str, body: Body) -> tuple[str, ...]:
    return (f"supplier/{key}", *_supplier_aliases(key, body))


def _person_check(key: str, body: Body) -> tuple[Fault, ...]:
    read = Principal.from_body(key, body)
    return () if isinstance(read, Principal) else read


_ENTITY = record_check(
    {"name": TEXT, "country": TEXT, "currency": CURRENCY},
    {
        "vat_id": TEXT,
        "time_zone": TEXT,
        "electronic_address": TEXT,
        "address": (lambda value: isinstance(value, dict), "give an object"),
        "city": TEXT,
        "group": TEXT,
    },
)

_ACCOUNT_CHANGE = record_check(
    {
        "supplier": TEXT,
        "account": TEXT,
        "source": (one_of(*SOURCES), f"say one of {', '.join(SOURCES)}"),
    },
    {
        "replaces": TEXT,
        "bank": TEXT,
        "requested_on": (is_day, "give a day YYYY-MM-DD"),
        "entered_by": TEXT,
        "entered_on": (is_day, "give a day YYYY-MM-DD"),
    },
)

KINDS: Final = (
    ReferenceKind(
        "account-change",
        _ACCOUNT_CHANGE,
        frozenset({Duty.REFERENCE_IMPORT, Duty.SUPPLIER_ENTER}),
        lambda _key, body: (f"supplier-account-changes/{body['supplier']}",),
        lambda _key, body: (f"supplier/{body['supplier']}",),
    ),
    ReferenceKind(
        "supplier",
        document_check(Supplier, "id"),
        frozenset({Duty.REFERENCE_IMPORT, Duty.SUPPLIER_ENTER}),
        _supplier_aliases,
        _supplier_subjects,
    ),
    ReferenceKind(
        "entity",
        _ENTITY,
        frozenset({Duty.REFERENCE_IMPORT}),
        lambda _key, body: (
            entity_name_alias(body["name"]),
            *([vat_alias(body["vat_id"], of="entity")] if body.get("vat_id") else []),
            *([electronic_alias(body["electronic_address"], of="entity")] if body.get("electronic_address") else []),
        ),
    ),
    ReferenceKind(
        "person",
        _person_check,
        frozenset({Duty.PEOPLE_ADMINISTER}),
        lambda _key, body: tuple(f"holds/{role}" for role in body.get("roles", ())),
        lambda key, _body: (f"person/{key}",),
    ),
)
