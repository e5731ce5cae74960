"""A history in a file: Parquet or CSV, read batch after batch, counted by pair of courses, unit, supplier and period.

What is kept grows with units, suppliers, periods and pairs, not with rows: for each a number of cases and their amount
in minor units. Sums of 64-bit amounts are made in two halves, so that floats never round them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from comptroller.adapters.columnar.encoding import whole_numbers
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_mapping import HistoryMapping, MappingRefused
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.packs.backtest import Pair

BATCH_ROWS: Final = 1 << 18
"""Rows of a batch: large enough that a batch's own cost does not count, small enough that a few fit anywhere."""

SHOWN_EACH: Final = 3
"""Cases that are kept of each pair of courses that differ."""

_HALF: Final = 24
_BLOCK_BYTES: Final = 1 << 24


def batches_of(path: Path, mapping: HistoryMapping) -> Iterator[Any]:
    """The batches of a file, with the columns that matter; raises `MappingRefused` where it has not got them."""
    try:
        if path.suffix == ".parquet":
            file = pyarrow.parquet.ParquetFile(path)
            yield from file.iter_batches(BATCH_ROWS, columns=mapping.columns)
            return
        types = {column: mapping.types.get(column, pa.string()) for column in mapping.columns}
        convert = pyarrow.csv.ConvertOptions(column_types=types, include_columns=mapping.columns)
        yield from pyarrow.csv.open_csv(path, pyarrow.csv.ReadOptions(block_size=_BLOCK_BYTES), convert_options=convert)
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise MappingRefused(f"`{path.name}` is not as the mapping says: {error}") from error


@dataclass(frozen=True, slots=True)
class Shown:
    """One case that differs: who it is, its amount, and its leaves, by which it can be decided by itself."""

    id: str
    amount: Any
    case: Mapping[str, Any]


@dataclass(slots=True)
class _Counted:
    """Cases and amounts by group and pair."""

    groups: dict[str, int] = field(default_factory=dict)
    _sums: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0, 3), np.int64))  # cases, halves of amounts

    def add(self, group: Codes, pair: Codes, pairs: int, amounts: NDArray[np.int64]) -> None:
        """Count a batch."""
        shape = max(len(self.groups), self._sums.shape[0]), max(pairs, self._sums.shape[1])
        if shape != self._sums.shape[:2]:
            grown = np.zeros((*shape, 3), np.int64)
            grown[: self._sums.shape[0], : self._sums.shape[1]] = self._sums
            self._sums = grown
        keys, count = group.astype(np.int64) * shape[1] + pair, shape[0] * shape[1]
        halves = (amounts >> _HALF, amounts & ((1 << _HALF) - 1))
        self._sums[:, :, 0] += np.bincount(keys, minlength=count).reshape(shape)
        for place, half in enumerate(halves, 1):
            self._sums[:, :, place] += np.bincount(keys, half, minlength=count).astype(np.int64).reshape(shape)

    def of(self, pairs: list[Pair]) -> dict[str, list[tuple[Pair, int, int]]]:
        """For each group the pairs with their cases and amounts."""
        found: dict[str, list[tuple[Pair, int, int]]] = {}
        names = list(self.groups)
        for group, pair in zip(*np.nonzero(self._sums[:, :, 0]), strict=True):
            cases, high, low = self._sums[group, pair].tolist()
            found.setdefault(names[group], []).append((pairs[pair], cases, (high << _HALF) + low))
        return found


@dataclass(slots=True)
class Backtest:
    """The cases of a file so far: `unit`, `supplier` and `period` by name, and cases that differ."""

    history: History
    mapping: HistoryMapping
    rows: int = 0
    scale: int = 0
    shown: dict[int, list[Shown]] = field(default_factory=dict)
    _by: dict[str, _Counted] = field(
        default_factory=lambda: {"": _Counted(), "unit": _Counted(), "supplier": _Counted(), "period": _Counted()}
    )

    def add(self, batch: Any) -> None:
        """Decide and count the cases of a batch."""
        pairs = self.history.decide(batch)
        amount = batch.column(self.mapping.amount)
        self.scale = amount.type.scale if pa.types.is_decimal(amount.type) else 0
        nothing = pa.scalar(Decimal(0) if pa.types.is_decimal(amount.type) else 0, amount.type)
        numbers, _ = whole_numbers(pc.fill_null(amount, nothing), below=True, above=True)
        minor = numbers.astype(np.int64)
        days = pc.strftime(batch.column(self.mapping.day), "%Y-%m")
        unit, supplier = batch.column(self.mapping.unit), batch.column(self.mapping.supplier)
        columns = {"unit": unit, "supplier": supplier, "period": days}
        count = len(self.history.pairs)
        self._by[""].groups.setdefault("", 0)
        self._by[""].add(np.zeros(len(pairs), np.int32), pairs, count, minor)
        for name, column in columns.items():
            counted = self._by[name]
            counted.add(_numbered(column, counted.groups), pairs, count, minor)
        self._show(batch, pairs)
        self.rows += batch.num_rows

    def counted(self, by: str = "") -> dict[str, list[tuple[Pair, int, int]]]:
        """Pairs with their cases and amounts, of all cases or by `unit`, `supplier` or `period`."""
        return self._by[by].of(self.history.pairs)

    def _show(self, batch: Any, pairs: Codes) -> None:
        for number, pair in enumerate(self.history.pairs):
            kept = self.shown.setdefault(number, [])
            if not pair.differs or len(kept) >= SHOWN_EACH:
                continue
            for row in np.flatnonzero(pairs == number)[: SHOWN_EACH - len(kept)].tolist():
                identity, amount = (batch.column(name)[row].as_py() for name in (self.mapping.id, self.mapping.amount))
                kept.append(Shown(str(identity), amount, self.history.case(batch, row)))


def find_case(batches: Iterator[Any], mapping: HistoryMapping, case_id: str, case: Callable[[Any, int], Any]) -> Any:
    """The leaves of a case, looked for in the file; None where it is not there."""
    for batch in batches:
        ids = batch.column(mapping.id).cast(pa.string())
        place = pc.index(ids, case_id).as_py()
        if place >= 0:
            return case(batch, place)
    return None


def _numbered(column: Any, groups: dict[str, int]) -> Codes:
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    names = [str(name) for name in found.dictionary.cast(pa.string()).to_pylist()]
    nothing = len(names)
    numbers = [groups.setdefault(name, len(groups)) for name in names]
    if found.null_count:
        numbers.append(groups.setdefault("", len(groups)))
    places = pc.fill_null(found.indices, nothing).to_numpy(zero_copy_only=False)
    codes: Codes = np.array(numbers or [0], np.int32).take(places)
    return codes
