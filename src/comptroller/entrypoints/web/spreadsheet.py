"""The lists as CSV, for a spreadsheet: the same rows under the same filter, every value exact.

A spreadsheet takes a text that begins with `=`, `+`, `-`, `@` or a control character for a formula, and a sender writes
supplier names and numbers. Such a text gets an apostrophe in front; a number is never a text here, so it stays one.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Final, TypeVar

from comptroller.application.views import CaseItem, ExceptionItem, QueueItem
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.kernel.money import Money

T = TypeVar("T")
Columns = Sequence[tuple[str, Callable[[T], object]]]
"""By name, what of an item stands in the column."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets read UTF-8 as something else


def _currency(amount: Money | None) -> str:
    return amount.currency if amount is not None else ""


def _amount(amount: Money | None) -> Decimal | None:
    return amount.amount if amount is not None else None


QUEUE: Final[Columns[QueueItem]] = (
    ("number", lambda item: item.number),
    ("supplier", lambda item: item.supplier),
    ("asked", lambda item: item.title),
    ("text", lambda item: item.text),
    ("entity", lambda item: item.entity),
    ("currency", lambda item: _currency(item.gross)),
    ("gross", lambda item: _amount(item.gross)),
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
    ("net", lambda item: _amount(item.net)),
    ("gross", lambda item: _amount(item.gross)),
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
    ("at stake", lambda item: _amount(item.at_stake)),
    ("gross", lambda item: _amount(item.amount)),
    ("owner", lambda item: item.owner),
    ("when overdue", lambda item: item.next_owner),
    ("offered at", lambda item: item.offered_at),
    ("due", lambda item: item.due),
    ("case", lambda item: item.case_id),
)


def csv_lines(columns: Columns[T], items: Iterable[T]) -> Iterator[str]:
    """The list as CSV (RFC 4180), line by line, under a head of column names."""
    yield _BYTE_ORDER_MARK + _line([name for name, _ in columns])
    for item in items:
        yield _line([cell(read(item)) for _, read in columns])


def cell(value: object) -> str:
    """One value as a spreadsheet may have it.

    >>> cell("=1+1"), cell(Decimal("-3.50")), cell(None)
    ("'=1+1", '-3.50', '')
    """
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case datetime():
            return instant_text(value)
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _line(values: Sequence[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()
