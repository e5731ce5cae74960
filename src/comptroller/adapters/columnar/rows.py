"""Rows of a batch as a single evaluation takes them, and the columns that no evaluation may take."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

import pyarrow as pa

from comptroller.domain.feel import Value
from comptroller.domain.feel.calendar import day_of_number
from comptroller.domain.kernel.fault import Fault


class Refused(TypeError):
    """A batch that is not decided at all; the fault says which column is to blame, and what to do."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.message}: {fault.help}")
        self.fault = fault

    def __reduce__(self) -> tuple[type["Refused"], tuple[Fault]]:
        return Refused, (self.fault,)


def refuse(code: str, path: str, message: str, help: str) -> Refused:  # noqa: A002 - Fault's own field
    """Say why nothing is decided."""
    return Refused(Fault(code, path, message, by="columnar", help=help))


def check(batch: Any, names: Sequence[str]) -> None:
    """Refuse what has no place among the values of FEEL."""
    for name in names:
        found = batch.schema.get_all_field_indices(name)
        if len(found) > 1:
            raise refuse(
                "COLUMN-NAME-01", name, f"the column `{name}` is there {len(found)} times", "rename the others"
            )
        if found and _has_floats(batch.schema.field(found[0]).type):
            raise refuse("COLUMN-TYPE-01", name, f"the column `{name}` holds floats", "cast it to decimal128")


def _has_floats(arrow_type: Any) -> bool:
    if pa.types.is_dictionary(arrow_type):
        return _has_floats(arrow_type.value_type)
    return pa.types.is_floating(arrow_type) or any(
        _has_floats(arrow_type.field(position).type) for position in range(arrow_type.num_fields)
    )


def rows_of(batch: Any, names: Sequence[str], rows: Sequence[int]) -> Iterator[dict[str, Value]]:
    """The inputs of some rows, by name; what the batch lacks is missing."""
    present = [name for name in names if batch.schema.get_field_index(name) >= 0]
    chosen = pa.array(rows, pa.int64())
    columns = [_values(_plain(batch.column(name)).take(chosen)) for name in present]
    for position in range(len(rows)):
        yield {name: column[position] for name, column in zip(present, columns, strict=True)}


def _plain(array: Any) -> Any:
    """An array that rows can be taken from, which Arrow does not do with views of texts."""
    return array.cast(pa.large_string()) if pa.types.is_string_view(array.type) else array


def _values(array: Any) -> Sequence[Value]:
    if pa.types.is_date32(array.type):
        # the years of Arrow's days go beyond those of Python's
        days = array.cast(pa.int32()).to_pylist()
        return [None if day is None else _day(day) for day in days]
    return cast("Sequence[Value]", array.to_pylist())


def _day(number: int) -> Value:
    found = day_of_number(number)
    return found if found is not None else date.max
