"""What a kind of record is, and the checks that kinds are made of: every fault of a record is told at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from comptroller.domain.documents.json_form import from_json
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import MINOR_UNITS, parse_decimal

Body = Mapping[str, Any]
Check = Callable[[str, Body], tuple[Fault, ...]]
Aliases = Callable[[str, Body], tuple[str, ...]]
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """One kind of reference record."""

    name: str
    check: Check  # key and body in, every fault out
    duties: frozenset[Duty]  # any one of them suffices
    aliases: Aliases = field(default=lambda _key, _body: ())
    subjects: Aliases = field(default=lambda _key, _body: ())
    """What a change of the record is about, for the cases that wait on it."""


def document_check(kind: type[Any], key_field: str) -> Check:
    """A record that is a canonical document, and whose key is what the document calls itself."""

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        document, faults = from_json(kind, body)
        if document is not None and getattr(document, key_field) != key:
            message = f"the record's `{key_field}` is `{getattr(document, key_field)}`, its key is `{key}`"
            faults += (Fault("REFERENCE-KEY-01", f"/{key_field}", message, by="reference", help="make them the same"),)
        return faults

    return check


def is_text(value: Any) -> bool:
    """Whether a value is a text that says something."""
    return isinstance(value, str) and value.strip() != ""


def is_currency(value: Any) -> bool:
    """Whether a value is a code of ISO 4217."""
    return isinstance(value, str) and value in MINOR_UNITS


def is_positive_decimal(value: Any) -> bool:
    """Whether a value is a number above zero, written as a text."""
    number = parse_decimal(value) if isinstance(value, str) else None
    return number is not None and number > 0


def is_day(value: Any) -> bool:
    """Whether a value is a day, YYYY-MM-DD."""
    return isinstance(value, str) and parse_day(value) is not None


def is_amount(value: Any) -> bool:
    """Whether a value is a number, zero and below included, written as a text."""
    return isinstance(value, str) and parse_decimal(value) is not None


def is_percent(value: Any) -> bool:
    """Whether a value is a number from 0 to 100, written as a text."""
    number = parse_decimal(value) if isinstance(value, str) else None
    return number is not None and 0 <= number <= _WHOLE


def is_month(value: Any) -> bool:
    """Whether a value is a month, YYYY-MM."""
    return isinstance(value, str) and parse_day(f"{value}-01") is not None


def is_country(value: Any) -> bool:
    """Whether a value is written as a code of ISO 3166-1: two capital letters."""
    return isinstance(value, str) and re.fullmatch("[A-Z]{2}", value) is not None


def whole_between(least: int, most: int) -> Test:
    """A whole number within bounds: as a program or the interface has it, or written as a text."""

    def test(value: Any) -> bool:
        number = parse_decimal(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            return False
        return least <= number <= most and number == int(number)

    return test


def is_truth(value: Any) -> bool:
    """Whether a value is true or false."""
    return isinstance(value, bool)


_WHOLE: Final = 100


def one_of(*words: str) -> Test:
    """A value out of a closed list."""
    return lambda value: value in words


def record_check(required: Mapping[str, tuple[Test, str]], optional: Mapping[str, tuple[Test, str]]) -> Check:
    """A plain record: what it must have and what it may have, each with its test and what to do about it."""

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


def spans(check: Check) -> Check:
    """A record that says from when to when it holds: the end does not come before the beginning."""

    def checked(key: str, body: Body) -> tuple[Fault, ...]:
        faults = check(key, body)
        days = [parse_day(str(body.get(name, ""))) for name in ("valid_from", "valid_to")]
        if days[0] is not None and days[1] is not None and days[1] < days[0]:
            message = f"`valid_to` is before `valid_from`: {days[1]} before {days[0]}"
            faults += (Fault("REFERENCE-SPAN-01", "/valid_to", message, by="reference", help="mend one of both"),)
        return faults

    return checked


def _fault(code: str, name: str, problem: str, what: str) -> Fault:
    return Fault(code, f"/{name}", f"`{name}` {problem}", by="reference", help=what)


TEXT: Final = (is_text, "give a text")
CURRENCY: Final = (is_currency, "give an ISO 4217 code")
