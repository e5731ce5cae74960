"""From an Arrow array to codes: for each row the part of the input's values that it lies in, or null's.

The bytes of the array are read where they lie. What an encoder cannot place for certain (a number of more than 64 bits
where cuts lie beyond them, too) it tells, and those rows are decided one by one.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comptroller.adapters.columnar.numbers import LEAST, MOST, Finder, line_of
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.adapters.columnar.segments import Segments
from comptroller.adapters.columnar.texts import NamedTexts

Encoded: TypeAlias = tuple[Codes, NDArray[np.bool_] | None]
"""Codes, and which rows could not be placed (None: all could)."""

Encoder: TypeAlias = Callable[[Any], Encoded]
Reader: TypeAlias = Callable[[int, int], Encoded]
"""An array's codes from a row on, for so many rows."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = date.min.toordinal() - _EPOCH
_LAST_DAY: Final = date.max.toordinal() - _EPOCH


def kind_of_type(arrow_type: Any) -> type | None:
    """The kind of value that a column of a type holds; None for one that is not read in columns."""
    types = pa.types
    if types.is_dictionary(arrow_type):
        return kind_of_type(arrow_type.value_type)
    if types.is_string(arrow_type) or types.is_large_string(arrow_type) or types.is_string_view(arrow_type):
        return str
    if types.is_integer(arrow_type) or (types.is_decimal(arrow_type) and arrow_type.bit_width <= 128):
        return Decimal
    if types.is_boolean(arrow_type):
        return bool
    if types.is_date32(arrow_type):
        return date
    return NoneType if types.is_null(arrow_type) else None


def encoder_of(arrow_type: Any, segments: Segments, codes: Sequence[int]) -> Callable[[Any], Reader]:
    """Make what reads arrays of a type; `codes` gives the code of each segment."""
    if pa.types.is_dictionary(arrow_type):
        inner = _encoder(arrow_type.value_type, segments, codes)
        return lambda array: _dictionary_reader(array, inner, codes[-1])
    encode = _encoder(arrow_type, segments, codes)
    return lambda array: lambda first, rows: encode(array.slice(first, rows))


def _encoder(arrow_type: Any, segments: Segments, codes: Sequence[int]) -> Encoder:
    null = codes[-1]
    if segments.kind is NoneType:
        return lambda array: (np.full(len(array), null, np.int32), None)
    if segments.kind is str:
        return _text_encoder(segments, codes)
    if segments.kind is bool:
        by_truth = np.array(codes, np.int32)
        return lambda array: (with_nulls(by_truth.take(_bits(array, 1)), array, null), None)
    scale = arrow_type.scale if pa.types.is_decimal(arrow_type) else 0
    line = line_of(segments.cuts, codes[:-1], scale)
    finder = Finder(line)

    def encode(array: Any) -> Encoded:
        numbers, unfit = whole_numbers(array, below=line.below, above=line.above)
        return with_nulls(finder.find(numbers), array, null), unfit

    return encode


def _text_encoder(segments: Segments, codes: Sequence[int]) -> Encoder:
    null, other = codes[-1], codes[0]
    # a text that is treated like those that nobody names need not be looked for
    named = [place for place, code in enumerate(codes[1:-1]) if code != other]
    texts = NamedTexts([segments.cuts[place] for place in named])
    by_number = np.array([other, *(codes[place + 1] for place in named)], np.int32)

    def encode(array: Any) -> Encoded:
        plain = array.cast(pa.large_string()) if pa.types.is_string_view(array.type) else array
        return with_nulls(by_number.take(texts.find(plain)), array, null), None

    return encode


def _dictionary_reader(array: Any, encode: Encoder, null: int) -> Reader:
    if not len(array.dictionary):
        return lambda _first, rows: (np.full(rows, null, np.int32), None)
    by_place, unfit_places = encode(array.dictionary)

    def read(first: int, rows: int) -> Encoded:
        indices = array.indices.slice(first, rows)
        places = _plain(indices, indices.type.to_pandas_dtype())
        if indices.null_count:
            places = np.where(_bits(indices, 0) != 0, places, 0)
        unfit = None if unfit_places is None else unfit_places.take(places)
        return with_nulls(by_place.take(places), indices, null), unfit

    return read


def with_nulls(codes: Codes, array: Any, null: int) -> Codes:
    """The codes, with that of null where the array has none."""
    if array.null_count:
        codes[_bits(array, 0) == 0] = null
    return codes


def _bits(array: Any, buffer: int) -> NDArray[np.uint8]:
    """The bits of an array's validity (buffer 0) or truth values (buffer 1), one by one."""
    first, skipped = divmod(array.offset, 8)
    content = np.frombuffer(array.buffers()[buffer], np.uint8, (skipped + len(array) + 7) // 8, first)
    return np.unpackbits(content, count=skipped + len(array), bitorder="little")[skipped:]


def _plain(array: Any, width: Any) -> NDArray[Any]:
    return np.frombuffer(array.buffers()[1], width, len(array), array.offset * np.dtype(width).itemsize)


def whole_numbers(
    array: Any, *, below: bool, above: bool
) -> tuple[NDArray[np.signedinteger], NDArray[np.bool_] | None]:
    """Minor units, whole numbers or days as up to 64 bits, and which rows are not known to lie where they seem to."""
    kind = array.type
    if pa.types.is_date32(kind):
        days = _plain(array, np.int32)
        if days.min() >= _FIRST_DAY and days.max() <= _LAST_DAY:
            return days, None
        return days, (days < _FIRST_DAY) | (days > _LAST_DAY)
    if not pa.types.is_decimal128(kind):
        numbers = _plain(array, f"i{kind.bit_width // 8}" if pa.types.is_decimal(kind) else kind.to_pandas_dtype())
        if numbers.dtype == np.uint64:
            wide = numbers > MOST
            return np.where(wide, np.uint64(MOST), numbers).astype(np.int64), None if above else wide
        return numbers if numbers.dtype.kind == "i" else numbers.astype(np.int64), None
    pairs = np.frombuffer(array.buffers()[1], np.int64, 2 * len(array), 16 * array.offset).reshape(-1, 2)
    low, high = np.ascontiguousarray(pairs[:, 0]), pairs[:, 1]
    if not high.any() and low.min() >= 0:
        return low, None
    wide = high != low >> 63
    if not wide.any():
        return low, None
    negative = high < 0
    low[wide] = np.where(negative[wide], LEAST, MOST)
    return low, None if below and above else wide & np.where(negative, not below, not above)
