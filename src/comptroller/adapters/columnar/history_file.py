"""A history in a file: Parquet or CSV, read and counted batch after batch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from comptroller.adapters.columnar.encoding import whole_numbers
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_count import SHOWN_EACH, Count, Counted
from comptroller.adapters.columnar.history_mapping import HistoryMapping, MappingRefused
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.packs.backtest import Pair

BATCH_ROWS: Final = 1 << 18
"""Rows of a batch: large enough that a batch's own cost does not count, small enough that a few fit anywhere."""

BLOCK_BYTES: Final = 1 << 24
"""Bytes that are read at once of a file without row groups, and the most that a worker of a cluster gets at once."""


def batches_of(path: Path, mapping: HistoryMapping) -> Iterator[Any]:
    """The batches of a file, with the columns that matter; raises `MappingRefused` where it has not got them."""
    try:
        if path.suffix == ".parquet":
            file = pyarrow.parquet.ParquetFile(path)
            yield from file.iter_batches(BATCH_ROWS, columns=mapping.columns)
            return
        types = {column: mapping.types.get(column, pa.string()) for column in mapping.columns}
        convert = pyarrow.csv.ConvertOptions(column_types=types, include_columns=mapping.columns)
        yield from pyarrow.csv.open_csv(path, pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES), convert_options=convert)
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise MappingRefused(f"`{path.name}` is not as the mapping says: {error}") from error


@dataclass(frozen=True, slots=True)
class Backtest:
    """Counts the cases of a file, a batch at a time; what it has learnt of earlier batches makes later ones faster."""

    history: History
    mapping: HistoryMapping

    def count(self, batch: Any) -> Count:
        """Decide and count the cases of a batch."""
        runs = self.history.runs
        pairs = self.history.decide(batch)
        amount = batch.column(self.mapping.amount)
        nothing = pa.scalar(Decimal(0) if pa.types.is_decimal(amount.type) else 0, amount.type)
        numbers, _ = whole_numbers(pc.fill_null(amount, nothing), below=True, above=True)
        minor = numbers.astype(np.int64)
        days = pc.strftime(batch.column(self.mapping.day), "%Y-%m")
        unit, supplier = batch.column(self.mapping.unit), batch.column(self.mapping.supplier)
        groups = {
            name: _numbered(column) for name, column in {"unit": unit, "supplier": supplier, "period": days}.items()
        }
        groups[""] = [""], np.zeros(len(pairs), np.int32)
        known = list(self.history.pairs)
        by = {name: Counted.of(names, group, len(known), pairs, minor) for name, (names, group) in groups.items()}
        scale = amount.type.scale if pa.types.is_decimal(amount.type) else 0
        return Count(batch.num_rows, scale, self.history.runs - runs, known, by, self._shown(batch, pairs))

    def _shown(self, batch: Any, pairs: Codes) -> dict[Pair, list[str]]:
        shown = {}
        for number, pair in enumerate(self.history.pairs):
            if pair.differs:
                rows = np.flatnonzero(pairs == number)[:SHOWN_EACH].tolist()
                shown[pair] = [str(batch.column(self.mapping.id)[row].as_py()) for row in rows]
        return shown


def find_case(batches: Iterator[Any], mapping: HistoryMapping, case_id: str, case: Callable[[Any, int], Any]) -> Any:
    """The leaves of a case, looked for in the file; None where it is not there."""
    for batch in batches:
        ids = batch.column(mapping.id).cast(pa.string())
        place = pc.index(ids, case_id).as_py()
        if place >= 0:
            return case(batch, place)
    return None


def _numbered(column: Any) -> tuple[list[str], Codes]:
    """The names in a column, each once, and for each row the number of its name; null is the name of nothing."""
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    names: dict[str, int] = {}
    numbers = [names.setdefault(str(name), len(names)) for name in found.dictionary.cast(pa.string()).to_pylist()]
    nothing = len(numbers)
    numbers.append(names.setdefault("", len(names)))
    places = pc.fill_null(found.indices, nothing).to_numpy(zero_copy_only=False)
    codes: Codes = np.array(numbers, np.int32).take(places)
    return list(names), codes
