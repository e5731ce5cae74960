"""Numbers of invoices, accounts and VAT ids, compared the way a clerk reads them.

Senders, scanners and clerks write one number in many ways: `NK-2026-0311`, `nk 2026 0311`, `NK2026/0311`. The
**normalised** form keeps what carries meaning: letters and digits, in upper case, without the zeros that lead the
first run of digits; zeros inside stay, since `2026-0311` and `2026-311` may be two documents. The **stem** also drops
one or two letters at the end (`0311A`, a common way to send a copy past a check); it is the key under which cases are
stored and looked up, so that every relation told below is found by one exact look-up.
"""

import re
import unicodedata
from typing import Final

_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")
_LEADING_ZEROS: Final = re.compile(r"^(\D*)0+(?=\d)")
_SUFFIX: Final = re.compile(r"(?<=\d)[^\W\d_]{1,2}$")


def normalised(number: str) -> str:
    """Reduce a number to its letters and digits.

    >>> normalised("nk-2026-0311"), normalised("RE 00123"), normalised("000")
    ('NK20260311', 'RE123', '0')
    """
    text = _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", number).upper())
    return _LEADING_ZEROS.sub(r"\1", text)


def identifier(text: str) -> str:
    """Reduce a VAT id or a bank account to its letters and digits, in upper case: zeros count.

    >>> identifier("de 99.994-0106")
    'DE999940106'
    """
    return "".join(character for character in text.upper() if character.isalnum())


def stem(number: str) -> str:
    """Reduce a number further to the key under which its relatives are found.

    >>> stem("NK-2026-0311A") == stem("NK 2026 0311")
    True
    """
    return _SUFFIX.sub("", normalised(number))


def relation(one: str, other: str) -> str | None:
    """Tell how two numbers relate: `equal`, `normalised`, `suffix`, `different`; None when either is empty."""
    one_normalised, other_normalised = normalised(one), normalised(other)
    if not one_normalised or not other_normalised:
        return None
    if one == other:
        return "equal"
    if one_normalised == other_normalised:
        return "normalised"
    return "suffix" if stem(one) == stem(other) else "different"
