"""A condition of a table in words: what it accepts, for whoever signs and does not write FEEL.

Only plain cells are told so: comparisons, intervals, days, truths, texts, and lists of them. Any other text stays as it
is written.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from comptroller.entrypoints.web.formats import day, number

_VALUE: Final = r'-?\d+(?:\.\d+)?|date\("\d{4}-\d\d-\d\d"\)|"[^"]*"|true|false|null'
_INTERVAL: Final = re.compile(rf"([\[(\]])({_VALUE})\.\.({_VALUE})([\])\[])")
_COMPARISON: Final = re.compile(rf"(<=|>=|<|>)\s*({_VALUE})")
_LIST: Final = re.compile(rf"(not\()?((?:{_VALUE})(?:\s*,\s*(?:{_VALUE}))*)(\))?")
_DAY: Final = re.compile(r'date\("(\d{4}-\d\d-\d\d)"\)')
_DAYS: Final = re.compile(r'(date\("[^"]*"\))')
_EACH: Final = re.compile(_VALUE)

_COMPARED: Final = {"<": "below", "<=": "up to", ">": "above", ">=": "from"}
_COMPARED_DAYS: Final = {"<": "before", "<=": "until", ">": "after", ">=": "from"}
_WORDS: Final = {"true": "yes", "false": "no", "null": "not known"}


def cell_words(text: str) -> str:
    """Say what a cell accepts.

    >>> cell_words("(20000..25000.50]"), cell_words('>= date("2026-01-01")').replace("\\u00a0", " ")
    ('above 20,000, up to 25,000.50', 'from 1 Jan 2026')
    >>> cell_words('not("legal", null)'), cell_words("false"), cell_words("<= limit")
    ('known, and not “legal”', 'no', '<= limit')
    """
    plain = text.strip()
    if found := _INTERVAL.fullmatch(plain):
        low, high = found[2], found[3]
        compared = _COMPARED_DAYS if low.startswith("date") else _COMPARED
        first = compared[">=" if found[1] == "[" else ">"]
        last = compared["<=" if found[4] == "]" else "<"]
        return f"{first} {_value(low)}, {last} {_value(high)}"
    if found := _COMPARISON.fullmatch(plain):
        compared = _COMPARED_DAYS if found[2].startswith("date") else _COMPARED
        return f"{compared[found[1]]} {_value(found[2])}"
    if (found := _LIST.fullmatch(plain)) and bool(found[1]) == bool(found[3]):
        values = [_value(each) for each in _EACH.findall(found[2])]
        if not found[1]:
            return " or ".join(values)
        others = [each for each in values if each != _WORDS["null"]]
        if not others:
            return "known"
        told = f"not {others[0]}" if len(others) == 1 else f"neither {' nor '.join(others)}"
        return told if others == values else f"known, and {told}"
    return text


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
    return _WORDS.get(text) or number(Decimal(text))
