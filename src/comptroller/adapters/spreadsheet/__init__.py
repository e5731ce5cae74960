"""Decision tables as an XLSX book and back: what a controller edits in Excel or LibreOffice.

    book = to_workbook(definitions)
    edited, faults = from_workbook(book, definitions)  # or read_workbook, which also knows where each cell stands
    marked = mark_faults(book, faults)

Only the tables travel. Whatever else a model holds stays in the definitions that the book was made from, and is found
again by the ids that stand in the book's hidden first column.
"""

from comptroller.adapters.spreadsheet.book_reading import TakenBook, from_workbook, read_workbook
from comptroller.adapters.spreadsheet.book_writing import to_workbook
from comptroller.adapters.spreadsheet.marking import mark_faults

__all__ = ["TakenBook", "from_workbook", "mark_faults", "read_workbook", "to_workbook"]
