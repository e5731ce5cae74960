"""Amounts, dates and accounts as pages write them: in whatever style, so that a value is recognised, not judged."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

AMOUNT: Final = (
    r"[0-9]{1,3}(?:[ .,'\u2019\u00a0\u202f][0-9]{3})+(?:[.,][0-9]{2})?(?![0-9.,]?[0-9])|"
    r"[0-9]+[.,][0-9]{2}(?![0-9.,]?[0-9])"
)
"""An amount that is told from other numbers by its decimals or by its groups."""

_AMOUNTS: Final = re.compile(rf"(?<![0-9])(?:{AMOUNT})")
_WHOLE: Final = re.compile(r"(?<![0-9.,])[0-9]+(?![0-9]|[.,][0-9])")
_DECIMALS: Final = re.compile(r"[.,][0-9]{2}$")
_MONTHS: Final = (
    "jan|gen|ene|sty ,feb|fév|fev|lut,mar|mär|mrz|maa|mer,apr|avr|abr|kwi,may|mai|mag|mei|maj,jun|juin|giu|cze,"
    "jul|juil|lug|lip,aug|aoû|aou|ago|sie,sep|set|wrz,oct|okt|ott|paź|paz,nov|lis,dec|dez|déc|dic|gru"
).split(",")
_NUMERIC_DATE: Final = re.compile(
    r"(?<![0-9])(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}))(?![0-9])"
)
_WORDED_DATE: Final = re.compile(
    r"(?<![0-9])(?:(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?([a-zà-ž]{3,10})\.?,?\s+(?:de\s+)?(\d{4})|"
    r"([a-zà-ž]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}))(?![0-9])",
    re.IGNORECASE,
)
DATE: Final = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[a-z.]{0,2}\s+(?:de\s+)?[a-zà-ž]{3,10}\.?,?\s+(?:de\s+)?\d{4}|"
    r"[a-zà-ž]{3,10}\.?\s+\d{1,2}[a-z]{0,2},?\s+\d{4})"
)
"""A date in figures, or with its month in words."""

_IBAN: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?:[ \u00a0]?[A-Z0-9]){11,30}")
_IBAN_LENGTH_MIN: Final = 15


def amount(text: str) -> Decimal:
    """What an amount means: a mark before two last digits is the decimal one, all others part groups.

    >>> [str(amount(text)) for text in ("1.190,00", "1,190.00", "1 190,00", "99,999", "0,05")]
    ['1190.00', '1190.00', '1190.00', '99999', '0.05']
    """
    digits = Decimal(re.sub(r"[^0-9]", "", text))
    return digits.scaleb(-2) if _DECIMALS.search(text) else digits


def amounts(text: str) -> frozenset[Decimal]:
    """All that amounts and whole numbers of a text can mean; what stands before a blank may be another number."""
    found = {amount(whole.group()) for whole in _WHOLE.finditer(text)}
    for written in _AMOUNTS.finditer(text):
        parts = re.split(r"[ \u00a0\u202f]", written.group())
        found.update(amount("".join(parts[first:])) for first in range(len(parts)))
    return frozenset(found)


def dates(text: str) -> frozenset[date]:
    """All days that a text can name; of `03/04/2026` both.

    >>> sorted(str(day) for day in dates("03/04/2026, 12. März 2026"))
    ['2026-03-04', '2026-03-12', '2026-04-03']
    """
    found: set[date] = set()
    for written in _NUMERIC_DATE.finditer(text):
        year, month, day, first, second, last = written.groups()
        if year:
            found.update(_day(year, month, day))
        else:
            last = last if len(last) > 2 else f"20{last}"
            found.update((*_day(last, second, first), *_day(last, first, second)))
    for written in _WORDED_DATE.finditer(text):
        day, name, year = written.groups()[:3] if written[1] else (written[5], written[4], written[6])
        for month, starts in enumerate(_MONTHS, start=1):
            if name.lower().startswith(tuple(starts.strip().split("|"))):
                found.update(_day(year, str(month), day))
    return frozenset(found)


def _day(year: str, month: str, day: str) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return


def ibans(text: str) -> Iterator[str]:
    """The IBANs that stand in a text, by their check digits."""
    for found in _IBAN.finditer(text.upper()):
        candidate = folded(found.group())
        for length in range(min(len(candidate), 34), _IBAN_LENGTH_MIN - 1, -1):
            if is_iban(candidate[:length]):
                yield candidate[:length]
                break


def is_iban(account: str) -> bool:
    """Whether a text without separators has the form and the check digits of an IBAN (ISO 13616).

    >>> is_iban("DE89370400440532013000"), is_iban("DE89370400440532013001")
    (True, False)
    """
    if not _IBAN_LENGTH_MIN <= len(account) <= 34 or not (account[:2].isalpha() and account[2:4].isdigit()):
        return False
    if not account.isascii() or not account.isalnum():
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def folded(text: str) -> str:
    """A text's letters and digits alone."""
    return re.sub(r"[^0-9A-Z]+", "", text.upper())
