"""Where the parts of a table stand in a sheet that came back, so that what a compiler finds is marked in its cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from openpyxl.utils import get_column_letter

from comptroller.adapters.spreadsheet.layout import LABEL_COLUMN, Column, Header, Kind
from comptroller.domain.kernel.fault import Fault

_ENTRY: Final = re.compile(r"/rule\[(\d+)\]/(input|output)\[(\d+)\]")
_INPUT: Final = re.compile(r"/decisionTable/input\[(\d+)\]")
_OUTPUT: Final = re.compile(r"/decisionTable/output\[(.*?)\]")  # named, for readers, by its name or number


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's sheet: the rows of its rules and headers, its columns in their order, the names of its outputs."""

    sheet: str
    rows: Sequence[int]
    columns: Sequence[Column]
    headers: dict[Header, int]
    outputs: Sequence[str] = ()

    def placed(self, fault: Fault) -> Fault:
        """A compiler's fault with its cell as the path; the place that the compiler told goes into the message."""
        row, column = self._cell(fault.path)
        offset = f" ({fault.path.rpartition(', ')[2]})" if ", offset " in fault.path else ""
        return replace(
            fault,
            path=f"{self.sheet}!{get_column_letter(column)}{row}",
            message=fault.message + offset,
        )

    def _cell(self, path: str) -> tuple[int, int]:
        if (entry := _ENTRY.search(path)) and int(entry[1]) <= len(self.rows):
            return self.rows[int(entry[1]) - 1], self._column(Kind(entry[2]), int(entry[3]))
        if clause := _INPUT.search(path):
            return self.headers.get(Header.EXPRESSION, 1), self._column(Kind.INPUT, int(clause[1]))
        if output := _OUTPUT.search(path):
            return self.headers.get(Header.NAME, 1), self._column(Kind.OUTPUT, self._output(output[1]))
        return 1, LABEL_COLUMN

    def _output(self, name: str) -> int:
        """The number of an output by its name, or by its number where it has none; 0 for one that is unknown."""
        if name in self.outputs:
            return self.outputs.index(name) + 1
        return int(name) if name.isdecimal() else 0

    def _column(self, kind: Kind, number: int) -> int:
        columns = [column.position for column in self.columns if column.kind is kind]
        return columns[number - 1] if 0 < number <= len(columns) else LABEL_COLUMN
