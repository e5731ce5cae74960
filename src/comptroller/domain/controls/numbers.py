"""Numbers of invoices, accounts and VAT ids, compared the way a clerk reads them.

Senders, scanners and clerks write one number in many ways: `NK-2026-0311`, `nk 2026 0311`, `NK2026/0311`. The
**normalised** form keeps what carries meaning: letters and digits, in upper case, without the zeros that lead the
first run of digits; zeros inside stay, since `2026-0311` and `2026-311` may be two documents. The **stem** also drops
one or two letters at the end (`0311A`, a common way to send a copy past a check); it is the key under which cases are
stored and looked up. What is merely near (a digit mistyped, two swapped, a part left out) is found by another key, the
amount, and told here.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")
_LEADING_ZEROS: Final = re.compile(r"^(\D*)0+(?=\d)")
_SUFFIX: Final = re.compile(r"(?<=\d)[^\W\d_]{1,2}$")

PART_CHARACTERS_MIN: Final = 4
"""A number of fewer characters is part of too many others to tell anything."""


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
    return "".join(filter(str.isalnum, text.upper()))


def stem(number: str) -> str:
    """Reduce a number further to the key under which its relatives are found.

    >>> stem("NK-2026-0311A") == stem("NK 2026 0311")
    True
    """
    return without_suffix(normalised(number))


def without_suffix(number: str) -> str:
    """Drop the one or two letters at the end of a normalised number."""
    return number if not number or number[-1].isdigit() else _SUFFIX.sub("", number)


def relation(one: str, other: str) -> str | None:
    """Tell how two numbers relate; None when either is empty.

    `equal`; `normalised` (but for writing); `suffix` (but for one or two letters at the end); `transposed` (two
    neighbours swapped); `successive` (alike but for the last digit, as two of one series); `one edit` (a character
    changed, lost or added); `prefix` (one is the beginning or the end of the other); `different`.

    >>> relation("RE-4711", "RE-4171"), relation("RE-4711", "RE-4712"), relation("RE-4711", "RE-4911")
    ('transposed', 'successive', 'one edit')
    """
    if one == other and one.strip():
        return "equal" if normalised(one) else None
    return relation_of_normalised(normalised(one), normalised(other))


def relation_of_normalised(one: str, other: str) -> str | None:
    """Tell how two numbers relate that are normalised already: never `equal`, for their writing is lost."""
    if not one or not other:
        return None
    if one == other:
        return "normalised"
    if without_suffix(one) == without_suffix(other):
        return "suffix"
    if len(one) == len(other):
        return _of_one_length(one, other)
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) == 1 and _is_one_less(shorter, longer):
        return "one edit"
    if len(shorter) >= PART_CHARACTERS_MIN and (longer.startswith(shorter) or longer.endswith(shorter)):
        return "prefix"
    return "different"


def _of_one_length(one: str, other: str) -> str:
    places = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if len(places) == 1:
        place = places[0]
        is_last = place == len(one) - 1
        return "successive" if is_last and one[place].isdigit() and other[place].isdigit() else "one edit"
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        if one[first] == other[second] and one[second] == other[first]:
            return "transposed"
    return "different"


def _is_one_less(shorter: str, longer: str) -> bool:
    place = next((place for place, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), None)
    return place is None or shorter[place:] == longer[place + 1 :]


def near_forms(number: str) -> Iterator[str]:
    """List the forms by which near numbers meet: a normalised number itself, and without each of its characters.

    Two numbers that are one edit or one swap apart share a form (symmetric deletion).
    """
    yield number
    for place in range(len(number)):
        yield number[:place] + number[place + 1 :]
