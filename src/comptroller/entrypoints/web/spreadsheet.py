"""The lists for a spreadsheet: the same rows under the same filter, as CSV, every value exact, or as a workbook.

A spreadsheet takes a text that begins with `=`, `+`, `-`, `@` or a control character for a formula, and a sender writes
supplier names and numbers. In CSV such a text gets an apostrophe in front; in a workbook every text is stored as a text
and marked as one. A number is never a text here, so it stays one.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from comptroller.application.search.columns import left_out
from comptroller.application.views import CaseItem, ColumnChoice, ExceptionItem, QueueItem
from comptroller.application.views.corrections import CorrectedDecision
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.kernel.money import MINOR_UNITS, Money

T = TypeVar("T")
Columns = Sequence[tuple[str, Callable[[T], object]]]
"""By name, what of an item stands in the column."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets read UTF-8 as something else


def _currency(amount: Money | None) -> str:
    return amount.currency if amount is not None else ""


QUEUE: Final[Columns[QueueItem]] = (
    ("number", lambda item: item.number),
    ("supplier", lambda item: item.supplier),
    ("asked", lambda item: item.title),
    ("text", lambda item: item.text),
    ("entity", lambda item: item.entity),
    ("currency", lambda item: _currency(item.gross)),
    ("gross", lambda item: item.gross),
    ("why you", lambda item: item.why),
    ("offered at", lambda item: item.offered_at),
    ("due", lambda item: item.due),
    ("case", lambda item: item.case_id),
)
CASES: Final[Columns[CaseItem]] = (
    ("number", lambda item: item.number),
    ("supplier", lambda item: item.supplier),
    ("entity", lambda item: item.entity),
    ("currency", lambda item: _currency(item.gross)),
    ("net", lambda item: item.net),
    ("gross", lambda item: item.gross),
    ("state", lambda item: item.summary),
    ("waits for", lambda item: item.waiting_for),
    ("due", lambda item: item.due),
    ("received at", lambda item: item.received_at),
    ("case", lambda item: item.case_id),
)
EXCEPTIONS: Final[Columns[ExceptionItem]] = (
    ("exception", lambda item: item.type),
    ("text", lambda item: item.text),
    ("to do", lambda item: item.remedy),
    ("number", lambda item: item.number),
    ("supplier", lambda item: item.supplier),
    ("entity", lambda item: item.entity),
    ("currency", lambda item: _currency(item.amount)),
    ("at stake", lambda item: item.at_stake),
    ("gross", lambda item: item.amount),
    ("owner", lambda item: item.owner),
    ("when overdue", lambda item: item.next_owner),
    ("offered at", lambda item: item.offered_at),
    ("due", lambda item: item.due),
    ("case", lambda item: item.case_id),
)
CORRECTED: Final[Columns[CorrectedDecision]] = (
    ("number", lambda item: item.number),
    ("supplier", lambda item: item.supplier),
    ("entity", lambda item: item.entity),
    ("decision", lambda item: item.decision),
    ("currency", lambda item: _currency(item.gross)),
    ("gross", lambda item: item.gross),
    ("as it was decided", lambda item: item.before),
    ("as it would be", lambda item: item.after),
    ("what it rests on", lambda item: item.difference),
    ("in other words only", lambda item: "yes" if item.is_reworded else ""),
    ("not recorded", lambda item: ", ".join(item.unknown)),
    ("case", lambda item: item.case_id),
)

CHANGED: Final[Columns[Mapping[str, Any]]] = (
    ("case", lambda item: item["case_id"]),
    ("number", lambda item: item["number"]),
    ("entity", lambda item: item["entity"]),
    ("supplier", lambda item: item["supplier"]),
    ("currency", lambda item: item["currency"]),
    ("amount", lambda item: Decimal(item["amount"]).scaleb(-item["amount_scale"])),
    ("way in force", lambda item: item["before"]["way"]),
    ("way by the candidate", lambda item: item["after"]["way"]),
    ("steps in force", lambda item: ", ".join(item["before"]["steps"])),
    ("steps by the candidate", lambda item: ", ".join(item["after"]["steps"])),
    ("decisions", lambda item: ", ".join(each["decision"] for each in item["decisions"])),
    ("goes another way", lambda item: "yes" if item["before"] != item["after"] else ""),
)


def changed_pages(page: Callable[[str], Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The cases of all pages that follow one another, each with the currency and scale of its amount."""
    after = None
    while after != "":
        told = page(after or "")
        money = {name: told[name] for name in ("currency", "amount_scale")}
        yield from ({**each, **money} for each in told["cases"])
        after = str(told["next"])


def seen(columns: Columns[T], name: str, chosen: tuple[ColumnChoice, ...]) -> Columns[T]:
    """The columns of a list that a person has not left out."""
    without = left_out(name, chosen)
    return [column for column in columns if column[0] not in without]


def csv_lines(columns: Columns[T], items: Iterable[T]) -> Iterator[str]:
    """The list as CSV (RFC 4180), line by line, under a head of column names."""
    yield _BYTE_ORDER_MARK + _line([name for name, _ in columns])
    for item in items:
        yield _line([cell(read(item)) for _, read in columns])


def cell(value: object) -> str:
    """One value as CSV may have it.

    >>> cell("=1+1"), cell(Money(Decimal("-3.50"), "EUR")), cell(None)
    ("'=1+1", '-3.50', '')
    """
    match value:
        case None:
            return ""
        case Money():
            return f"{value.amount:f}"
        case datetime():
            return instant_text(value)
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _line(values: Sequence[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()


_INSTANT_FORMAT: Final = "yyyy-mm-dd hh:mm"
_INSTANTS: Final = {"offered at", "received at", "due"}
_WIDTHS: Final = {
    **dict.fromkeys(("text", "as it was decided", "as it would be"), 60),
    **dict.fromkeys(("asked", "to do", "why you"), 40),
    **dict.fromkeys(("state", "case", *_INSTANTS), 28),
    **dict.fromkeys(("currency",), 9),
}
_WIDTH: Final = 18  # in characters, of every other column


def workbook(name: str, columns: Columns[T], items: Iterable[T], zone: str) -> bytes:
    """The list as a workbook (Office Open XML); its head stays in sight and names the zone that its times are in."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name.capitalize())
    sheet.freeze_panes = "A2"
    for place, (title, _) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(title, _WIDTH)
    heads = [_text_cell(sheet, f"{title} ({zone})" if title in _INSTANTS else title) for title, _ in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for item in items:
        sheet.append([_cell(sheet, read(item), ZoneInfo(zone)) for _, read in columns])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: object, zone: ZoneInfo) -> Cell | None:
    match value:
        case None | "":
            return None
        case Money():
            made = WriteOnlyCell(sheet, value.amount)
            places = max(MINOR_UNITS.get(value.currency, 2), -int(value.amount.normalize().as_tuple().exponent))
            made.number_format = "#,##0" + ("." + "0" * places if places else "")
            return made
        case datetime():
            made = WriteOnlyCell(sheet, value.astimezone(zone).replace(tzinfo=None, microsecond=0))
            made.number_format = _INSTANT_FORMAT
            return made
        case _:
            return _text_cell(sheet, str(value))


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """A text that stays one, whatever it looks like, also when somebody edits it."""
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
    made.data_type = "s"
    made.quotePrefix = text.startswith(_FORMULA_STARTS)
    return made
