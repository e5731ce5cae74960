"""Words as they are searched for: folded, without marks, with their beginnings.

A number such as `NK-2026/0331` is found by its parts and by all of it run together, an amount by itself and by its
whole units. Each word stands with the beginnings by which somebody who types it will look for it.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.money import decimal_text

_WORD: Final = re.compile(r"[^\W_]+")
_AMOUNT: Final = re.compile(r"(\d{1,3}(?:[.,'\u2019\u00a0]\d{3})+|\d+)[.,](\d{2})")
AMOUNT: Final = "#"
"""What an amount begins with in the index, so that it is no other number."""

BEGINNING_MIN: Final = 2


def folded(text: str) -> str:
    """The text without case, accents and other marks.

    >>> folded("Übergröße"), folded("Amélie")
    ('ubergrosse', 'amelie')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def words_of(text: str) -> Iterator[str]:
    """The words of a text, and what is written together of them run together."""
    for chunk in folded(text).split():
        parts = _WORD.findall(chunk)
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)


def amount_words(amount: Decimal) -> Iterator[str]:
    """What an amount is found by: all of it, and its whole units."""
    plain = decimal_text(abs(amount))
    whole, _, cents = plain.partition(".")
    yield f"{AMOUNT}{whole}.{(cents + '00')[:2]}"
    yield whole


def beginnings(word: str) -> Iterator[str]:
    """The beginnings by which a word is found, the word itself among them."""
    if word.startswith(AMOUNT):
        yield word
        return
    longest = min(len(word), limits.SEARCH_WORD_CHARACTERS_MAX)
    yield from (word[:length] for length in range(min(BEGINNING_MIN, longest), longest + 1))
    if len(word) > longest:
        yield word


def terms_of(query: str) -> tuple[str, ...]:
    """What a search asks for: every one of these is to be found."""
    terms: list[str] = []
    for chunk in folded(query).split():
        amount = _AMOUNT.fullmatch(chunk)
        if amount is not None:
            terms.append(f"{AMOUNT}{re.sub(r'[^0-9]', '', amount[1])}.{amount[2]}")
        else:
            terms += _WORD.findall(chunk)
    return tuple(dict.fromkeys(terms))[: limits.SEARCH_TERMS_MAX]
