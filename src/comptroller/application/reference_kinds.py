"""The kinds of reference data: how each is read, what it is found by, and whose duty it is to bring it in.

A record is a JSON object under a kind and a key. Its aliases are the other names that documents know it by: a
supplier by its VAT id and accounts, receipts by their order, people by the roles they hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.domain.controls.numbers import identifier
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order, Receipt, Supplier
from comptroller.domain.identity import Duty, Principal
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import MINOR_UNITS, parse_decimal

Body = Mapping[str, Any]
Check = Callable[[str, Body], tuple[Fault, ...]]
Aliases = Callable[[str, Body], tuple[str, ...]]

ACCOUNT_ALIAS: Final = "account/"
"""How the aliases begin that hold a bank account: the store keeps names in their place."""


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """One kind of reference record."""

    name: str
    check: Check  # key and body in, every fault out
    duties: frozenset[Duty]  # any one of them suffices
    aliases: Aliases = field(default=lambda _key, _body: ())
    subjects: Aliases = field(default=lambda _key, _body: ())
    """What a change of the record is about, for the cases that wait on it."""


def vat_alias(vat_id: str, *, of: str = "supplier") -> str:
    """The alias under which a supplier or an entity is found by its VAT id, spaces and dots aside."""
    kept = identifier(vat_id)
    return f"vat/{kept}" if of == "supplier" else f"{of}-vat/{kept}"


def account_alias(account: str) -> str:
    """The alias under which a supplier is found by one of its bank accounts."""
    return ACCOUNT_ALIAS + identifier(account)


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


# ---- canonical documents -------------------------------------------------------------------------------------------


def _document_check(kind: type[Any], key_field: str) -> Check:
    def check(key: str, body: Body) -> tuple[Fault, ...]:
        document, faults = from_json(kind, body)
        if document is not None and getattr(document, key_field) != key:
            message = f"the record's `{key_field}` is `{getattr(document, key_field)}`, its key is `{key}`"
            faults += (Fault("REFERENCE-KEY-01", f"/{key_field}", message, by="reference", help="make them the same"),)
        return faults

    return check


def _supplier_aliases(_key: str, body: Body) -> tuple[str, ...]:
    accounts = [account_alias(account["account"]) for account in body.get("accounts", ())]
    vat = [vat_alias(body["vat_id"])] if body.get("vat_id") else []
    return tuple(dict.fromkeys([*vat, *accounts, supplier_name_alias(body["name"])]))


def _supplier_subjects(key: str, body: Body) -> tuple[str, ...]:
    return (f"supplier/{key}", *_supplier_aliases(key, body))


# ---- the company's own records -------------------------------------------------------------------------------------

Test = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_currency(value: Any) -> bool:
    return isinstance(value, str) and value in MINOR_UNITS


def _is_positive_decimal(value: Any) -> bool:
    number = parse_decimal(value) if isinstance(value, str) else None
    return number is not None and number > 0


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and parse_day(value) is not None


def _one_of(*words: str) -> Test:
    return lambda value: value in words


def _record_check(required: Mapping[str, tuple[Test, str]], optional: Mapping[str, tuple[Test, str]]) -> Check:
    def check(_key: str, body: Body) -> tuple[Fault, ...]:
        faults = [
            _fault("REFERENCE-FIELD-01", name, "is missing", what)
            for name, (_, what) in required.items()
            if name not in body
        ]
        for name, value in body.items():
            test, what = required.get(name) or optional.get(name) or (None, "")
            if test is None:
                faults.append(_fault("REFERENCE-FIELD-02", name, "is not a field of this kind", "leave it out"))
            elif not test(value):
                faults.append(_fault("REFERENCE-FIELD-03", name, f"is `{value}`", what))
        return tuple(faults)

    return check


def _fault(code: str, name: str, problem: str, what: str) -> Fault:
    return Fault(code, f"/{name}", f"`{name}` {problem}", by="reference", help=what)


def _person_check(key: str, body: Body) -> tuple[Fault, ...]:
    read = Principal.from_body(key, body)
    return () if isinstance(read, Principal) else read


_TEXT: Final = (_is_text, "give a text")
_CURRENCY: Final = (_is_currency, "give an ISO 4217 code")

_ENTITY = _record_check(
    {"name": _TEXT, "country": _TEXT, "currency": _CURRENCY},
    {
        "vat_id": _TEXT,
        "time_zone": _TEXT,
        "address": (lambda value: isinstance(value, dict), "give an object"),
        "city": _TEXT,
    },
)

KINDS: Final[Mapping[str, ReferenceKind]] = {
    kind.name: kind
    for kind in (
        ReferenceKind(
            "supplier",
            _document_check(Supplier, "id"),
            frozenset({Duty.REFERENCE_IMPORT, Duty.SUPPLIER_ENTER}),
            _supplier_aliases,
            _supplier_subjects,
        ),
        ReferenceKind(
            "order",
            _document_check(Order, "number"),
            frozenset({Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND}),
            subjects=lambda key, _body: (f"order/{key}",),
        ),
        ReferenceKind(
            "receipt",
            _document_check(Receipt, "number"),
            frozenset({Duty.REFERENCE_IMPORT, Duty.RECEIPT_RECORD}),
            lambda _key, body: (f"order-receipts/{body['order']}",),
            lambda _key, body: (f"order/{body['order']}",),
        ),
        ReferenceKind(
            "entity",
            _ENTITY,
            frozenset({Duty.REFERENCE_IMPORT}),
            lambda _key, body: (
                entity_name_alias(body["name"]),
                *([vat_alias(body["vat_id"], of="entity")] if body.get("vat_id") else []),
            ),
        ),
        ReferenceKind(
            "cost-centre",
            _record_check({"name": _TEXT, "owner": _TEXT, "entity": _TEXT}, {}),
            frozenset({Duty.REFERENCE_IMPORT}),
        ),
        ReferenceKind(
            "rate",
            _record_check(
                {"rate": (_is_positive_decimal, 'give group currency for one unit, as a text such as "1.1600"')},
                {"source": _TEXT, "valid_on": (_is_day, "give a day YYYY-MM-DD")},
            ),
            frozenset({Duty.REFERENCE_IMPORT}),
        ),
        ReferenceKind(
            "period",
            _record_check(
                {"state": (_one_of("open", "closed", "not opened"), "say `open`, `closed` or `not opened`")}, {}
            ),
            frozenset({Duty.REFERENCE_IMPORT, Duty.PERIOD_OPEN}),
        ),
        ReferenceKind(
            "person",
            _person_check,
            frozenset({Duty.PEOPLE_ADMINISTER}),
            lambda _key, body: tuple(f"holds/{role}" for role in body.get("roles", ())),
        ),
    )
}
"""Every kind that can be put; `policy` and `tenant` records are written by their own use cases only."""
