"""Reads a history from a file, batch after batch: what its columns are is said by the mapping, or by the file.

A floating-point number is read as the decimal that it is written as (the shortest text that stands for it), and a point
in time as its day, each only where the mapping says that the column is that: nothing is rounded. Files are read in
columns; a value that is not what its column should be is looked for only then, row by row, so that it can be told.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from comptroller.adapters.columnar.history_mapping import HistoryMapping, MappingRefused

BATCH_ROWS: Final = 1 << 18
"""Rows of a batch: large enough that a batch's own cost does not count, small enough that a few fit anywhere."""

BLOCK_BYTES: Final = 1 << 24
"""Bytes that are read at once of a file without row groups, and the most that a worker of a cluster gets at once."""


def batches_of(path: Path, mapping: HistoryMapping) -> Iterator[Any]:
    """The batches of a file, with the columns that matter; raises `MappingRefused` where it has not got them."""
    try:
        if path.suffix == ".parquet":
            yield from _parquet(path, mapping)
        else:
            yield from _csv(path, mapping)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as error:
        raise MappingRefused(f"`{path.name}` is not as the mapping says: {error}") from error


def _csv(path: Path, mapping: HistoryMapping) -> Iterator[Any]:
    _check_columns(path, _heads(path), mapping)
    types = {column: mapping.types.get(column, pa.string()) for column in mapping.columns}
    try:
        for batch in _csv_as(path, mapping, types):
            yield _checked(path, batch, mapping)
    except pa.ArrowInvalid as error:
        first = 0
        for batch in _csv_as(path, mapping, dict.fromkeys(types, pa.string()), nullable=True):
            _as_mapped(path, batch, mapping, first)
            first += batch.num_rows
        raise MappingRefused(f"`{path.name}` is not as the mapping says: {error}") from error


def _csv_as(path: Path, mapping: HistoryMapping, types: dict[str, Any], *, nullable: bool = False) -> Iterator[Any]:
    convert = pyarrow.csv.ConvertOptions(
        column_types=types, include_columns=mapping.columns, strings_can_be_null=nullable
    )
    yield from pyarrow.csv.open_csv(path, pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES), convert_options=convert)


def _heads(path: Path) -> list[str]:
    with pyarrow.csv.open_csv(path, pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES)) as file:
        return list(file.schema.names)


def _parquet(path: Path, mapping: HistoryMapping) -> Iterator[Any]:
    file, first = pyarrow.parquet.ParquetFile(path), 0
    _check_columns(path, file.schema_arrow.names, mapping)
    for batch in file.iter_batches(BATCH_ROWS, columns=mapping.columns):
        yield _checked(path, _as_mapped(path, batch, mapping, first), mapping)
        first += batch.num_rows


def _check_columns(path: Path, names: list[str], mapping: HistoryMapping) -> None:
    for column in mapping.columns:
        if names.count(column) != 1:
            near = get_close_matches(column, names, n=3)
            hint = f"; near to it: {', '.join(f'`{each}`' for each in near)}" if near else ""
            times = f"{names.count(column)} times" if column in names else "not"
            raise MappingRefused(f"`{path.name}` has the column `{column}` {times}{hint}")


def _as_mapped(path: Path, batch: Any, mapping: HistoryMapping, first: int) -> Any:
    """The batch with each column of the type that the mapping gives it; `first` is how many rows were before it."""
    columns = []
    for name in batch.schema.names:
        column, wanted = batch.column(name), mapping.types.get(name)
        if wanted is not None and column.type != wanted:
            column = _cast(path, name, column, wanted, first)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _cast(path: Path, name: str, column: Any, wanted: Any, first: int) -> Any:
    try:
        return _converted(column, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        for place in range(len(column)):
            try:
                _converted(column.slice(place, 1), wanted)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                told = f"row {first + place + 1:,}, column `{name}`: `{column[place].as_py()}` is no {_word(wanted)}"
                raise MappingRefused(f"`{path.name}`, {told} ({error})") from error
        raise


def _converted(column: Any, wanted: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_decimal(wanted) and pa.types.is_floating(column.type):
        return column.cast(pa.string()).cast(wanted)
    if pa.types.is_date(wanted) and pa.types.is_timestamp(column.type):
        return column.cast(wanted, safe=False)  # the day on the clock of the column's zone
    return column.cast(wanted)


def _word(wanted: Any) -> str:
    if pa.types.is_decimal(wanted):
        return f"number with at most {wanted.scale} digits behind the point"
    return "date" if pa.types.is_date(wanted) else "truth value" if pa.types.is_boolean(wanted) else "text"


def _checked(path: Path, batch: Any, mapping: HistoryMapping) -> Any:
    """The batch, where each column can be read as what it is used for."""
    for name in batch.schema.names:
        kind = batch.schema.field(name).type
        if pa.types.is_floating(kind) or pa.types.is_timestamp(kind):
            what, as_what = ("floats", "decimal(2)") if pa.types.is_floating(kind) else ("points in time", "date")
            raise MappingRefused(
                f"`{path.name}`: the column `{name}` holds {what}; say what it is under [types], such as {as_what}"
            )
    amount, day = (batch.schema.field(name).type for name in (mapping.amount, mapping.day))
    if not (pa.types.is_integer(amount) or (pa.types.is_decimal(amount) and amount.bit_width <= 128)):
        text = f"the column `{mapping.amount}` is the amount and holds `{amount}`"
        raise MappingRefused(f"`{path.name}`: {text}; say what it is under [types], such as decimal(2)")
    if not pa.types.is_date(day):
        text = f"the column `{mapping.day}` is the day and holds `{day}`"
        raise MappingRefused(f"`{path.name}`: {text}; say that it is a date under [types]")
    return batch
