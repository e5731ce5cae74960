"""A few values spread over many rows: the columns of rows that have only the places of their values.

Values of a fixed width are moved as bytes, for all columns while the places are at hand; Arrow takes the others.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from comptroller.adapters.columnar.rule_sets import Codes

_ROWS_AT_ONCE: Final = 2**15


def spread(columns: Sequence[Any], places: Codes) -> list[Any]:
    """For each column of values the array that holds, row by row, the value at the row's place."""
    moved = [_Moved(column, len(places)) if len(places) and _has_width(column.type) else None for column in columns]
    for first in range(0, len(places), _ROWS_AT_ONCE):
        some = places[first : first + _ROWS_AT_ONCE].astype(np.intp)
        for each in moved:
            if each is not None:
                each.move(first, some)
    return [
        column.take(pa.array(places)) if each is None else each.array()
        for column, each in zip(columns, moved, strict=True)
    ]


def _has_width(kind: Any) -> bool:
    return bool(pa.types.is_dictionary(kind) or pa.types.is_decimal(kind) or pa.types.is_date32(kind))


class _Moved:
    """One column: its values as bytes, and the rows filled so far."""

    def __init__(self, column: Any, rows: int) -> None:
        self._column = column
        own = column.indices if pa.types.is_dictionary(column.type) else column
        item = np.dtype((np.void, own.type.bit_width // 8))
        self._values = np.frombuffer(own.buffers()[1], item, len(own), own.offset * item.itemsize)
        # from Arrow's own pool, which keeps the pages of batches that are done with
        self._buffer = pa.allocate_buffer(rows * item.itemsize)
        self._rows = np.frombuffer(self._buffer, item)
        self._valid = np.array(own.is_valid()) if own.null_count else None
        self._present = np.empty(rows if own.null_count else 0, bool)

    def move(self, first: int, places: Codes) -> None:
        """Fill the rows from the first on; all places are the column's own, so that clipping changes none."""
        after = first + len(places)
        self._values.take(places, out=self._rows[first:after], mode="clip")
        if self._valid is not None:
            self._valid.take(places, out=self._present[first:after], mode="clip")

    def array(self) -> Any:
        """The rows."""
        kind = self._column.type
        has_nulls = not self._present.all()
        validity = pa.py_buffer(np.packbits(self._present, bitorder="little")) if has_nulls else None
        buffers = [validity, self._buffer]
        if pa.types.is_dictionary(kind):
            return pa.DictionaryArray.from_buffers(kind, len(self._rows), buffers, self._column.dictionary)
        return pa.Array.from_buffers(kind, len(self._rows), buffers)
