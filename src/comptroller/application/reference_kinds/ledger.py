"""Journals that were written by hand in another ledger, brought in as they stand there."""

from decimal import Decimal
from typing import Any, Final

from comptroller.application.reference_kinds.checks import (
    CURRENCY,
    TEXT,
    Body,
    ReferenceKind,
    is_day,
    is_text,
    one_of,
    record_check,
)
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import parse_decimal

_FORM: Final = record_check(
    {
        "entity": TEXT,
        "posted_on": (is_day, "give a day YYYY-MM-DD"),
        "currency": CURRENCY,
        "text": TEXT,
        "source": (is_text, "name the file or system that it comes from"),
        "lines": (lambda value: isinstance(value, list) and len(value) >= 2, "give a list of two lines or more"),
    },
    {
        "supplier": TEXT,
        "document": TEXT,
        "kind": (one_of("manual", "opening"), "say `manual` or `opening`"),
    },
)


def _check(key: str, body: Body) -> tuple[Fault, ...]:
    faults = _FORM(key, body)
    lines = body.get("lines")
    if not isinstance(lines, list):
        return faults
    total, found = Decimal(0), []
    for place, line in enumerate(lines):
        amount = _amount(line)
        if amount is None or not is_text(line.get("account")):
            message = "a line has an `account` and an `amount` written as a text, debit positive"
            found.append(Fault("JOURNAL-LINE-01", f"/lines/{place}", message, by="reference", help="mend the line"))
        else:
            total += amount
    if total and not found:
        message = f"the lines sum to {total}, not to nothing"
        found.append(Fault("JOURNAL-BALANCE-01", "/lines", message, by="reference", help="a journal balances"))
    return (*faults, *found)


def _amount(line: Any) -> Decimal | None:
    value = line.get("amount") if isinstance(line, dict) else None
    return parse_decimal(value) if isinstance(value, str) else None


KINDS: Final = (ReferenceKind("journal", _check, frozenset({Duty.REFERENCE_IMPORT})),)
