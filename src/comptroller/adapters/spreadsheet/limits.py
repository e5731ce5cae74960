"""The limits of a book; one that is reached is a fault that names it."""

from typing import Final

BOOK_BYTES_MAX: Final = 10 * 1024 * 1024
"""Largest file: a table of 10,000 rules and 20 columns takes below 2 MiB."""

CONTENT_BYTES_MAX: Final = 64 * 1024 * 1024
"""Its parts unpacked: XML shrinks to a tenth, a bomb to a thousandth."""

SHEETS_MAX: Final = 200
"""Sheets of one book."""

ROWS_MAX: Final = 20_000
"""Rows of one sheet."""

COLUMNS_MAX: Final = 200
"""Columns of one sheet."""

CELL_CHARACTERS_MAX: Final = 32_767
"""Characters of one cell, by the file format; a longer text stays in the model."""
