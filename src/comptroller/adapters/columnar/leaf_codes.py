"""The codes of one leaf's column: the part of the line that a number or day lies in, or the number of a value.

Code 0 is null. Where a leaf counts exactly to some decision, every value that was met has a code of its own; to the
other decisions these are parts of the line again (`classes`).
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comptroller.adapters.columnar.encoding import kind_of_type, whole_numbers, with_nulls
from comptroller.adapters.columnar.numbers import Finder, line_of
from comptroller.adapters.columnar.rows import refuse
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.packs.alike import Told

_EPOCH: Final = date(1970, 1, 1)


class LeafCodes:
    """How one leaf is coded; grows with what is told apart of it, and with the values met where each counts."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cuts: list[Any] = []
        self._scale = 0
        self._kind: type | None = None
        self._finder: Finder | None = None
        self._values: list[Any] = []  # met, where each counts
        self._numbers: dict[Any, int] = {}
        self.is_exact = False

    @property
    def size(self) -> int:
        """How many codes there are."""
        return 1 + (len(self._values) if self._finder is None else 2 * len(self._cuts) + 1)

    def refine(self, cuts: Collection[Any], *, is_exact: bool) -> None:
        """Tell apart what lies between cuts; or, where a leaf counts exactly, every value."""
        if len(cuts) != len(self._cuts) or is_exact is not self.is_exact:
            self._cuts, self.is_exact, self._finder = sorted(cuts), is_exact, None

    def encode(self, column: Any) -> Codes:
        """The code of each row."""
        kind = kind_of_type(column.type)
        if kind is None:
            raise refuse("COLUMN-TYPE-01", self._name, f"the column `{self._name}` holds `{column.type}`", "convert it")
        self._kind = kind
        if kind in {Decimal, date}:
            self._scale = column.type.scale if pa.types.is_decimal(column.type) else 0
            numbers, unfit = whole_numbers(column, below=False, above=False)
            if unfit is not None and unfit.any():
                raise refuse("COLUMN-VALUE-02", self._name, f"`{self._name}` holds numbers of over 18 digits", "round")
            if self.is_exact:
                return with_nulls(self._numbered(numbers), column, 0)
            if self._finder is None:
                self._finder = Finder(line_of(self._cuts, range(1, 2 * len(self._cuts) + 2), self._scale))
            return with_nulls(self._finder.find(numbers).astype(np.int32), column, 0)
        if kind is NoneType:
            return np.zeros(len(column), np.int32)
        found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        codes = np.array([self._number(each) for each in found.dictionary.to_pylist()] or [0], np.int32)
        places = found.indices.fill_null(0).to_numpy(zero_copy_only=False)
        return with_nulls(codes.take(places), found.indices, 0)

    def value(self, scalar: Any) -> Any:
        """A row's value as a decision takes it."""
        value = scalar.as_py()
        return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def classes(self, told: Told, codes: Codes) -> Codes:
        """What a decision tells apart of rows with these codes."""
        if self._kind not in {Decimal, date} or (self.is_exact and self._name in told.exact):
            return codes
        cuts: Sequence[Any] = told.cuts.get(self._name, ())
        if self.is_exact:
            own = [_part(cuts, value) for value in self._values]
        else:
            own = [
                2 * bisect_left(cuts, self._cuts[place // 2]) if place // 2 < len(self._cuts) else 2 * len(cuts)
                for place in range(2 * len(self._cuts) + 1)
            ]
            own = [part + (place % 2 and _is_cut(cuts, self._cuts[place // 2])) for place, part in enumerate(own)]
        return np.array([0, *(1 + part for part in own)], np.int32).take(codes)

    def _numbered(self, numbers: NDArray[Any]) -> Codes:
        distinct, inverse = np.unique(numbers, return_inverse=True)
        codes = np.array([self._number(self._plain(each)) for each in distinct.tolist()] or [0], np.int32)
        return codes.take(inverse)

    def _plain(self, number: int) -> Any:
        if self._kind is date:
            return _EPOCH + timedelta(days=number)
        return Decimal(number).scaleb(-self._scale)

    def _number(self, value: Any) -> int:
        """The code of a value, from 1."""
        if value is None:
            return 0
        if value not in self._numbers:
            self._values.append(value)
            self._numbers[value] = len(self._values)
        return self._numbers[value]


def _part(cuts: Sequence[Any], value: Any) -> int:
    at = bisect_left(cuts, value)
    return 2 * at + (at < len(cuts) and cuts[at] == value)


def _is_cut(cuts: Sequence[Any], value: Any) -> bool:
    at = bisect_left(cuts, value)
    return at < len(cuts) and cuts[at] == value
