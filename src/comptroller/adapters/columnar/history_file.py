"""A history, counted batch after batch, and the single cases of it that come out otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from comptroller.adapters.columnar.encoding import whole_numbers
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_count import SHOWN_EACH, Count, Counted
from comptroller.adapters.columnar.history_mapping import HistoryMapping
from comptroller.adapters.columnar.rows import refuse
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.packs.backtest import Pair


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
        numbers, unfit = whole_numbers(pc.fill_null(amount, nothing), below=False, above=False)
        if unfit is not None and unfit.any():
            name = self.mapping.amount
            raise refuse("COLUMN-VALUE-02", name, f"`{name}` holds numbers of over 18 digits", "round")
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
        shown = self._shown(batch, pairs)
        return Count(batch.num_rows, scale, self.history.runs - runs, known, by, shown, amount.null_count)

    def changed(self, batch: Any) -> Any:
        """The cases of a batch that come out otherwise, with what each version makes of them, as a table."""
        pairs = self.history.decide(batch)
        differing = np.array([pair.differs for pair in self.history.pairs], np.bool_)
        rows = np.flatnonzero(differing.take(pairs))
        case = self.mapping
        named = {"id": case.id, "amount": case.amount, "unit": case.unit, "supplier": case.supplier, "day": case.day}
        columns = {name: _plain(batch.column(column).take(pa.array(rows))) for name, column in named.items()}
        told = {number: _told(self.history.pairs[number]) for number in np.unique(pairs[rows]).tolist()}
        for name in SIDES:
            columns[name] = pa.array([told[number][name] for number in pairs[rows].tolist()], pa.string())
        return pa.table(columns)

    def _shown(self, batch: Any, pairs: Codes) -> dict[Pair, list[str]]:
        shown = {}
        for number, pair in enumerate(self.history.pairs):
            if pair.differs:
                rows = np.flatnonzero(pairs == number)[:SHOWN_EACH].tolist()
                shown[pair] = [str(batch.column(self.mapping.id)[row].as_py()) for row in rows]
        return shown


SIDES: Final = tuple(
    f"{name} {side}" for side in ("before", "after") for name in ("way", "steps", "breach", "undecided")
)
"""What is told of a case under each version, as columns of text."""


def _told(pair: Pair) -> dict[str, str]:
    return {
        f"{name} {side}": ", ".join(course.steps) if name == "steps" else str(getattr(course, name))
        for side, course in (("before", pair.before), ("after", pair.after))
        for name in ("way", "steps", "breach", "undecided")
    }


def _plain(column: Any) -> Any:
    """A column of texts as every kind of file takes it; any other as it is."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return column.cast(pa.string()) if texts else column


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
