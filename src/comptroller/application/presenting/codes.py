"""The words for the codes of the standards: documents carry them, policy quotes them, nobody knows them by heart.

A code stays beside its words in a text, because it is what stands on the document; one without words here stays alone.
"""

import re
from collections.abc import Mapping
from typing import Final

# SOURCE: UNCL 5305 as EN 16931 uses it.
TAX_CATEGORIES: Final[Mapping[str, str]] = {
    "AE": "reverse charge",
    "E": "exempt",
    "G": "export",
    "K": "intra-community supply",
    "L": "Canary Islands",
    "M": "Ceuta and Melilla",
    "O": "outside scope",
    "S": "standard rate",
    "Z": "zero rate",
}

# SOURCE: UN/ECE recommendation 20; a code that is not here is shown as it was sent.
UNITS: Final[Mapping[str, str]] = {
    "C62": "units",
    "DAY": "days",
    "EA": "each",
    "H87": "pieces",
    "HUR": "h",
    "KGM": "kg",
    "KWH": "kWh",
    "LS": "lump sum",
    "LTR": "l",
    "MON": "months",
    "MTR": "m",
    "SET": "sets",
    "TNE": "t",
    "XBX": "boxes",
}

ONE_UNIT: Final[Mapping[str, str]] = {
    "C62": "unit",
    "DAY": "day",
    "H87": "piece",
    "MON": "month",
    "SET": "set",
    "XBX": "box",
}
"""The units whose word is another where there is one of them."""

# SOURCE: UNCL 1001 as far as EN 16931 admits it.
DOCUMENT_TYPES: Final[Mapping[str, str]] = {
    "326": "Partial invoice",
    "380": "Invoice",
    "381": "Credit note",
    "384": "Corrected invoice",
    "386": "Prepayment invoice",
    "389": "Self-billed invoice",
}

# SOURCE: ISO 3166-1, the countries of the European Union's VAT area and those traded with most.
COUNTRIES: Final[Mapping[str, str]] = {
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "CH": "Switzerland",
    "CN": "China",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "the United Kingdom",
    "GR": "Greece",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IT": "Italy",
    "JP": "Japan",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NL": "the Netherlands",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia",
    "TR": "Turkey",
    "US": "the United States",
    "XI": "Northern Ireland",
}

_CATEGORIES: Final = re.compile(r"\b(category|where) (AE|[EGKLMOSZ])\b")
_TYPE: Final = re.compile(r"\b(type) (3[0-9]{2})\b")
_COUNTRY: Final = re.compile(r"\b(within|in) ([A-Z]{2})\b")


def with_words(text: str) -> str:
    """A text of policy with words beside, or in the place of, the codes in it.

    >>> with_words("VAT category S is charged where K is due")
    'VAT category S (standard rate) is charged where K (intra-community supply) is due'
    >>> with_words("a correction comes as type 384"), with_words("a taxed supply within DE")
    ('a correction comes as type 384 (corrected invoice)', 'a taxed supply within Germany')
    """
    text = _CATEGORIES.sub(lambda found: f"{found[1]} {tax_category(found[2])}", text)
    text = _TYPE.sub(lambda found: f"{found[1]} {document_type(found[2])}", text)
    return _COUNTRY.sub(lambda found: f"{found[1]} {COUNTRIES.get(found[2], found[2])}", text)


def tax_category(code: str) -> str:
    """A VAT category, `S (standard rate)`."""
    return f"{code} ({TAX_CATEGORIES[code]})" if code in TAX_CATEGORIES else code


def document_type(code: str) -> str:
    """A document type, `384 (corrected invoice)`."""
    return f"{code} ({DOCUMENT_TYPES[code].lower()})" if code in DOCUMENT_TYPES else code


def country(code: str) -> str:
    """A country, `DE (Germany)`."""
    return f"{code} ({COUNTRIES[code].removeprefix('the ')})" if code in COUNTRIES else code
