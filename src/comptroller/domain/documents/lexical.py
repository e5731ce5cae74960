"""What the characters of a value may be, whatever the format they came in: decimals, days, texts.

Every reader asks here, so that a value is readable in UBL exactly when it is readable in CII and in JSON.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import parse_decimal

FRACTION_DIGITS_MAX: Final = limits.DECIMAL_DIGITS_MAX

TEXT_CHARACTERS_MAX: Final = limits.TEXT_CHARACTERS_MAX

DECIMAL_HELP: Final = "write a plain decimal such as 1234.50"
DAY_HELP: Final = "write the day as YYYY-MM-DD"

_USUAL_DECIMAL: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,16})?").fullmatch  # within every limit by its form

_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decimal_of(text: str) -> Decimal | None:
    """Read a plain decimal within the limits; None for anything else.

    >>> decimal_of("-12.50"), decimal_of("1e3"), decimal_of("NaN")
    (Decimal('-12.50'), None, None)
    """
    if _USUAL_DECIMAL(text) is not None:
        return Decimal(text)
    value = parse_decimal(text)
    return value if value is not None and is_within_limits(value) else None


def is_within_limits(value: Decimal) -> bool:
    """Whether a decimal has no more digits before and after the point than an amount or quantity may have."""
    _, digits, exponent = value.as_tuple()
    return (
        isinstance(exponent, int)  # neither NaN nor an infinity
        and exponent >= -FRACTION_DIGITS_MAX
        and len(digits) <= limits.DECIMAL_DIGITS_MAX
        and len(digits) + exponent <= limits.AMOUNT_INTEGER_DIGITS_MAX
    )


def decimal_message(text: str) -> str:
    """Say why a text was not read as a decimal."""
    return (
        f"`{text[:40]}` is no decimal of at most {limits.AMOUNT_INTEGER_DIGITS_MAX} digits before "
        f"and {FRACTION_DIGITS_MAX} after the point"
    )


def day_of(text: str) -> date | None:
    """Read a calendar day `YYYY-MM-DD`; None for anything else, a week date such as `2026-W01-1` included."""
    return parse_day(text) if text[7:8] == "-" else None


def day_message(text: str) -> str:
    """Say why a text was not read as a day."""
    return f"`{text[:40]}` is no calendar day"


def shown(text: str) -> str:
    """A text as a message may repeat it: what cannot be kept is written as its escape.

    >>> shown("a" + chr(0) + chr(0xD800))
    'a\\\\u0000\\\\ud800'
    """
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def text_problem(text: str) -> tuple[str, str, str] | None:
    """Why a text cannot be kept, as code, message and help; None when it can."""
    if len(text) > TEXT_CHARACTERS_MAX:
        return (
            "DOC-TEXT-01",
            f"the text has {len(text)} characters; at most {TEXT_CHARACTERS_MAX} are read",
            "move long texts into an attachment",
        )
    if not text.isprintable() and _UNSTORABLE.search(text) is not None:
        return "DOC-TEXT-02", "the text holds a control character", "remove it"
    return None
