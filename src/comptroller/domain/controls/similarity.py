"""Names of suppliers, compared with the reason why they may be one.

A name is read as its words: case, accents and punctuation aside, without the words that only tell the legal form.
What remains is compared as a clerk would: the same words, the same letters in other words (`Nord Kupfer`), the words
of one within the other, a letter mistyped. No score is made up: the reason itself goes to the decision.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from comptroller.domain.controls.numbers import relation_of_normalised

_WORD: Final = re.compile(r"[^\W_]+")
LEGAL_FORMS: Final = frozenset(
    "ab ag as asa bv co company corp corporation ek ev eood gmbh inc incorporated kg kgaa limited llc llp lp ltd mbh "
    "nv ohg oy oyj plc pty pvt sa sarl sas sasu se sl sp spa srl srls sro the uab ug und and".split()
)
"""Words that tell the form of a company and not its name."""

LETTERS_MIN: Final = 6
"""Shorter names are near to too many others to tell anything by one letter."""

WORDS_MIN: Final = 2
"""One word within a longer name tells nothing."""

SAME: Final = "same"
EQUAL: Final = "equal"


@lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """Read a name as its words, those of its legal form aside; of a name of nothing else, all.

    >>> words("Müller & Söhne GmbH"), words("The Co. Ltd")
    (('muller', 'sohne'), ('the', 'co', 'ltd'))
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character)).replace("'", "")
    found = tuple(_WORD.findall(plain.replace(".", " ") if " " in plain.strip() else plain))
    return tuple(word for word in found if word not in LEGAL_FORMS) or found


def key(name: str) -> str:
    """Reduce a name to the key under which its other spellings are found: its letters, words run together.

    >>> key("Nord Kupfer GmbH") == key("NORDKUPFER")
    True
    """
    return "".join(words(name))


def is_same(one: str, other: str) -> bool:
    """Tell whether two names are written alike, case and spacing aside: an `AG` is no `GmbH`.

    >>> is_same("Nordkupfer Handel GmbH", "NORDKUPFER  Handel GmbH"), is_same("Alster AG", "Alster GmbH")
    (True, False)
    """
    return one.casefold().split() == other.casefold().split()


def relation(one: str, other: str) -> str | None:
    """Tell why two names may be one: `equal`, `order`, `contained`, `letter`; `different`; None where one is empty."""
    one_words, other_words = words(one), words(other)
    if not one_words or not other_words:
        return None
    one_key, other_key = "".join(one_words), "".join(other_words)
    if one_key == other_key:
        return EQUAL
    if sorted(one_words) == sorted(other_words):
        return "order"
    shorter, longer = sorted((one_words, other_words), key=len)
    if len(shorter) >= WORDS_MIN and set(shorter) < set(longer):
        return "contained"
    near = relation_of_normalised(one_key, other_key) in {"one edit", "transposed", "suffix"}
    return "letter" if near and min(len(one_key), len(other_key)) >= LETTERS_MIN else "different"
