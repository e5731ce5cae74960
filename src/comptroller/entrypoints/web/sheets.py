"""A list as a file for a spreadsheet, to be taken away."""

from collections.abc import Iterable
from typing import Final, TypeVar

from fastapi.responses import Response, StreamingResponse

from comptroller.entrypoints.web import spreadsheet
from comptroller.entrypoints.web.pages import HEADERS
from comptroller.entrypoints.web.spreadsheet import Columns
from comptroller.entrypoints.web.visitor import Visitor

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

T = TypeVar("T")


def sheet(visitor: Visitor, form: str, name: str, columns: Columns[T], items: Iterable[T]) -> Response:
    """A list as `csv` or `xlsx`."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        lines = spreadsheet.csv_lines(columns, items)
        return StreamingResponse(lines, headers=headers, media_type="text/csv; charset=utf-8")
    book = spreadsheet.workbook(name, columns, items, visitor.chrome("").time_zone)
    return Response(book, headers=headers, media_type=WORKBOOK)
