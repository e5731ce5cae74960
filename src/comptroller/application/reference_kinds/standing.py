"""What is on file beside a supplier's record: screenings, certificates, notices of assignment; and who works here.

A clearance of a screening is an act of compliance and never part of a record that is brought in. An employee's accounts
are known so that no supplier is paid on one of them unseen.
"""

from typing import Any, Final

from comptroller.application.reference_kinds.aliases import employee_account_alias
from comptroller.application.reference_kinds.checks import (
    TEXT,
    Body,
    ReferenceKind,
    is_day,
    is_positive_decimal,
    is_text,
    record_check,
)
from comptroller.domain.identity import Duty

DAY: Final = (is_day, "give a day YYYY-MM-DD")
TRUTH: Final = (lambda value: isinstance(value, bool), "say true or false")


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(is_text(each) for each in value)


def _is_share(value: Any) -> bool:
    return isinstance(value, str) and (value == "0" or is_positive_decimal(value))


TEXTS: Final = (_are_texts, "give a list of texts")


def _supplier_subject(_key: str, body: Body) -> tuple[str, ...]:
    return (f"supplier/{body['supplier']}",)


KINDS: Final = (
    ReferenceKind(
        "screening",
        record_check(
            {"hit": TRUTH, "list_version": TEXT, "screened_on": DAY},
            {
                "score": (_is_share, 'give a number from 0 to 1 as a text such as "0.91"'),
                "matched": TEXTS,
                "confirmed": TRUTH,
            },
        ),
        frozenset({Duty.REFERENCE_IMPORT}),
        subjects=lambda key, _body: (f"supplier/{key}",),
    ),
    ReferenceKind(
        "certificate",
        record_check({"supplier": TEXT, "kind": TEXT, "valid_from": DAY, "valid_to": DAY}, {"number": TEXT}),
        frozenset({Duty.REFERENCE_IMPORT}),
        lambda _key, body: (f"supplier-certificates/{body['supplier']}",),
        _supplier_subject,
    ),
    ReferenceKind(
        "assignment-notice",
        record_check(
            {"supplier": TEXT, "payee": TEXT, "account": TEXT, "received_on": DAY, "verified_by": TEXT},
            {"valid_to": DAY},
        ),
        frozenset({Duty.REFERENCE_IMPORT}),
        lambda _key, body: (f"supplier-assignments/{body['supplier']}",),
        _supplier_subject,
    ),
    ReferenceKind(
        "employee",
        record_check({"name": TEXT}, {"accounts": TEXTS}),
        frozenset({Duty.REFERENCE_IMPORT, Duty.PEOPLE_ADMINISTER}),
        lambda _key, body: tuple(employee_account_alias(account) for account in body.get("accounts", ())),
    ),
)
