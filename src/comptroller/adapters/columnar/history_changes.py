"""Writes the cases that come out otherwise to a file, part after part: CSV, Parquet or a line of JSON each."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, Final, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet


class _Lines:
    """Lines of JSON; numbers and days are texts, so that no digit is lost."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write_table(self, table: Any) -> None:
        """Write the rows of a part."""
        self._file.writelines(f"{json.dumps(row, default=str, ensure_ascii=False)}\n" for row in table.to_pylist())


class Changes(ExitStack):
    """A file of cases, in the form that its name ends in; it is begun with the first part, and closed on leaving."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._writer: Any = None
        self.cases = 0

    def write(self, part: Any) -> None:
        """Write a table; all have one schema."""
        if self._writer is None:
            self._writer = self._begun(part.schema)
        self._writer.write_table(_guarded(part) if self._path.suffix == ".csv" else part)
        self.cases += part.num_rows

    def _begun(self, schema: Any) -> Any:
        if self._path.suffix == ".jsonl":
            return _Lines(self.enter_context(self._path.open("w", encoding="utf-8")))
        return self.enter_context(_WRITERS[self._path.suffix](self._path, schema))


def _guarded(part: Any) -> Any:
    """The table with an apostrophe before texts that a spreadsheet would take for formulas."""
    texts = [name for name in part.column_names if pa.types.is_string(part.schema.field(name).type)]
    for name in texts:
        place = part.column_names.index(name)
        part = part.set_column(place, name, pc.replace_substring_regex(part.column(name), r"\A([=+\-@\t\r\n])", r"'\1"))
    return part


_WRITERS: Final[dict[str, Callable[[Path, Any], AbstractContextManager[Any]]]] = {
    ".csv": pyarrow.csv.CSVWriter,
    ".parquet": pyarrow.parquet.ParquetWriter,
}
