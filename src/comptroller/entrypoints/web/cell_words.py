"""A condition of a table in words: what it accepts, for whoever signs and does not write FEEL.

Only plain cells are told so: comparisons, intervals, days, truths, texts, and lists of them. Any other text stays as it
is written.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from comptroller.domain.decisions.regions_in_words import cell_in_words, plainly
from comptroller.entrypoints.web.formats import day, number

_DAY: Final = re.compile(r'date\("(\d{4}-\d\d-\d\d)"\)')
_DAYS: Final = re.compile(r'(date\("[^"]*"\))')
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_TRUTHS: Final = {"true": "yes", "false": "no"}


def cell_words(text: str) -> str:
    """Say what a cell accepts.

    >>> cell_words("(20000..25000.50]"), cell_words('>= date("2026-01-01")').replace("\\u00a0", " ")
    ('above 20,000, up to 25,000.50', 'from 1 Jan 2026')
    >>> cell_words('not("legal", null)'), cell_words("false"), cell_words("<= limit")
    ('known, and not “legal”', 'no', 'up to limit')
    """
    return cell_in_words(text.strip(), _value)


def breaking(text: str) -> Markup:
    """A cell as it is written, that is broken behind commas and never within a day.

    >>> print(breaking('"a",date("2026-01-01")'))
    &#34;a&#34;,<wbr><span class="whole">date(&#34;2026-01-01&#34;)</span>
    """
    parts = (
        Markup('<span class="whole">{}</span>').format(part)
        if _DAY.fullmatch(part)
        else Markup(",<wbr>").join(part.split(","))
        for part in _DAYS.split(text)
    )
    return Markup("").join(parts)


def _value(text: str) -> str:
    if found := _DAY.fullmatch(text):
        return day(date.fromisoformat(found[1]))
    if text.startswith('"'):
        return f"“{text[1:-1]}”"
    if _NUMBER.fullmatch(text):
        return number(Decimal(text))
    return _TRUTHS.get(text) or plainly(text)
