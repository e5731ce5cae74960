"""What taxes are judged by: VAT ids as their register confirmed them, tax codes, certificates, and legal holds."""

from typing import Final

from comptroller.application.reference_kinds.checks import (
    TEXT,
    Body,
    ReferenceKind,
    is_country,
    is_percent,
    one_of,
    record_check,
    spans,
)
from comptroller.application.reference_kinds.company import DAY, VALIDITY
from comptroller.domain.controls.numbers import identifier
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault

_IMPORT: Final = frozenset({Duty.REFERENCE_IMPORT})
_COUNTRY: Final = (is_country, "give an ISO 3166-1 code of two letters")
_VAT: Final = spans(
    record_check(
        {"country": _COUNTRY, "valid_from": DAY, "checked_on": DAY, "source": TEXT}, {"name": TEXT, "valid_to": DAY}
    )
)


def _vat_check(key: str, body: Body) -> tuple[Fault, ...]:
    faults = _VAT(key, body)
    if identifier(key) != key:
        message = f"the key `{key}` is not written as letters and digits alone"
        faults += (Fault("REFERENCE-VAT-01", "/", message, by="reference", help=f"use `{identifier(key)}`"),)
    return faults


KINDS: Final = (
    ReferenceKind("vat-registration", _vat_check, _IMPORT, subjects=lambda key, _body: (f"vat-registration/{key}",)),
    ReferenceKind(
        "tax-code",
        spans(
            record_check(
                {
                    "name": TEXT,
                    "country": _COUNTRY,
                    "category": (one_of("S", "Z", "E", "AE", "K", "G", "O"), "give a category of EN 16931"),
                    "rate": (is_percent, "give a rate in percent as a text, 0 to 100"),
                },
                {"account": TEXT, **VALIDITY},
            )
        ),
        _IMPORT,
    ),
    ReferenceKind(
        "withholding-certificate",
        spans(
            record_check(
                {
                    "supplier": TEXT,
                    "country": _COUNTRY,
                    "type": (one_of("exemption", "residency"), "say `exemption` or `residency`"),
                    "valid_from": DAY,
                    "valid_to": DAY,
                },
                {"number": TEXT, "office": TEXT},
            )
        ),
        _IMPORT,
        lambda _key, body: (f"withholding-certificates/{body['supplier']}",),
        lambda _key, body: (f"supplier/{body['supplier']}",),
    ),
    ReferenceKind("legal-hold", spans(record_check({"reason": TEXT, "valid_from": DAY}, {"valid_to": DAY})), _IMPORT),
)
