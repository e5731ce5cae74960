"""Cells of tables to values: decimals and days in the style that a mapping names, texts that are no formulas.

What a cell holds is read in one style only, the declared one: `1.234` is one thousand or one and a bit, and no program
can tell which.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from comptroller.domain.documents import lexical
from comptroller.domain.documents.table_fields import CellKind


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the file. `is_typed`: the file format itself says that it is a number or a day."""

    text: str = ""
    is_typed: bool = False
    wrong: str = ""


EMPTY: Final = Cell()

DECIMAL_STYLES: Final = {
    "comma": re.compile(r"([+-]?)\s?((?:\d{1,3}(?:[. '\u2019\u00a0\u202f]\d{3})+|\d+)(?:,\d+)?)([+-]?)", re.ASCII),
    "point": re.compile(r"([+-]?)\s?((?:\d{1,3}(?:[, '\u2019\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?)([+-]?)", re.ASCII),
}
DAY_STYLES: Final = {
    "YYYY-MM-DD": re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    "YYYY/MM/DD": re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})", re.ASCII),
    "YYYYMMDD": re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII),
    "DD.MM.YYYY": re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII),
    "DD.MM.YY": re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2})", re.ASCII),
    "DD/MM/YYYY": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    "DD-MM-YYYY": re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})", re.ASCII),
    "MM/DD/YYYY": re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", re.ASCII),
}
_AROUND: Final = re.compile(r"^(?:[€$£]|[A-Z]{3}\s)\s*|\s*(?:[€$£%]|\s[A-Z]{3})$")
_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+-][^0-9].*[(|!])", re.DOTALL)


def fitting_style(styles: Mapping[str, re.Pattern[str]], cells: Iterable[str], default: str) -> str:
    """The style that reads most of the cells; the default where several read as many."""
    written = [cell.strip() for cell in cells]
    counts = {name: sum(1 for cell in written if style.fullmatch(cell)) for name, style in styles.items()}
    best = max(counts.values())
    return default if counts[default] == best else max(counts, key=lambda name: counts[name])


def value_of(cell: Cell, kind: CellKind, *, decimals: str, days: str) -> str | tuple[str, str]:
    """The cell's value as the canonical JSON form writes it, or code and message of what is wrong with it.

    >>> value_of(Cell("1.234,50 €"), CellKind.DECIMAL, decimals="comma", days="DD.MM.YYYY")
    '1234.50'
    >>> value_of(Cell("27.03.2026"), CellKind.DAY, decimals="comma", days="DD.MM.YYYY")
    '2026-03-27'
    """
    if cell.wrong:
        return "TABLE-CELL-01", cell.wrong
    text = cell.text.strip()
    if not text:
        return ""
    match kind:
        case CellKind.DECIMAL:
            return _decimal(text, "point" if cell.is_typed else decimals)
        case CellKind.DAY:
            return _day(text, "YYYY-MM-DD" if cell.is_typed else days)
    if not cell.is_typed and _FORMULA.match(text):
        return "TABLE-FORMULA-01", f"`{lexical.shown(text[:40])}` is a formula, no text"
    problem = lexical.text_problem(text)
    return text if problem is None else (problem[0], problem[1])


def _decimal(text: str, style: str) -> str | tuple[str, str]:
    found = DECIMAL_STYLES[style].fullmatch(_AROUND.sub("", text))
    if found is None or (found[1] and found[3]):
        return "TABLE-NUMBER-01", f"`{lexical.shown(text[:40])}` is no number with a decimal {style}"
    digits = re.sub(r"[^0-9,]" if style == "comma" else r"[^0-9.]", "", found[2]).replace(",", ".")
    plain = ("-" if "-" in (found[1], found[3]) else "") + digits
    return plain if lexical.decimal_of(plain) is not None else ("TABLE-NUMBER-01", lexical.decimal_message(text))


def _day(text: str, style: str) -> str | tuple[str, str]:
    found = DAY_STYLES[style].fullmatch(text.removesuffix("T00:00:00"))
    if found is not None:
        year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        try:
            return date(year, int(found["m"]), int(found["d"])).isoformat()
        except ValueError:
            pass
    return "TABLE-DAY-01", f"`{lexical.shown(text[:40])}` is no day written {style}"
