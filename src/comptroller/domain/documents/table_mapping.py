"""A mapping: which column of a table is which field of an invoice, and how its cells are written.

A mapping is a small record that a person makes once for a sender; nothing is guessed when a table is read by it. Rows
with the same number are the lines of one document, wherever they stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from comptroller.domain.documents.table_cells import DAY_STYLES, DECIMAL_STYLES, fitting_style
from comptroller.domain.documents.table_fields import FIELDS, HEADS, CellKind
from comptroller.domain.kernel.fault import Fault

BY: Final = "mapping"
ENCODINGS: Final = ("auto", "utf-8", "cp1252", "iso-8859-15", "utf-16")
SEPARATORS: Final = ("auto", ";", ",", "tab", "|")
COLUMNS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How a table is read. `columns` says for each field the head of its column."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    decimals: str = "point"
    days: str = "YYYY-MM-DD"
    encoding: str = "auto"
    separator: str = "auto"
    head_row: int = 1
    sheet: str = ""  # empty: the first
    name: str = ""

    def to_body(self) -> dict[str, Any]:
        """The mapping as a record."""
        return {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "decimals": self.decimals,
            "days": self.days,
            "encoding": self.encoding,
            "separator": self.separator,
            "head_row": self.head_row,
            "sheet": self.sheet,
            "name": self.name,
        }


def mapping_of(body: Mapping[str, Any]) -> TableMapping | tuple[Fault, ...]:
    """Make a mapping of a record, or tell all that is wrong with it."""
    faults = tuple(_problems(body))
    if faults:
        return faults
    plain = {name: body[name] for name in _CHOICES if name in body}
    texts = {name: body[name] for name in ("sheet", "name") if name in body}
    return TableMapping(
        dict(body["columns"]), dict(body.get("constants", {})), **plain, **texts, head_row=int(body.get("head_row", 1))
    )


_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "decimals": tuple(DECIMAL_STYLES),
    "days": tuple(DAY_STYLES),
    "encoding": ENCODINGS,
    "separator": SEPARATORS,
}
_KNOWN: Final = {"columns", "constants", "head_row", "sheet", "name", *_CHOICES}


def _problems(body: Mapping[str, Any]) -> Iterator[Fault]:
    for name in body.keys() - _KNOWN:
        yield _fault("MAPPING-FIELD-01", f"/{name}", f"`{name}` is no part of a mapping", "leave it out")
    for name, allowed in _CHOICES.items():
        if name in body and body[name] not in allowed:
            yield _fault("MAPPING-FIELD-02", f"/{name}", f"`{body[name]}` is none of them", f"use one of {allowed}")
    for name in ("sheet", "name"):
        if not isinstance(body.get(name, ""), str):
            yield _fault("MAPPING-FIELD-02", f"/{name}", f"`{name}` is no text", "give a text")
    head_row = body.get("head_row", 1)
    if isinstance(head_row, bool) or not str(head_row).isdigit() or not 1 <= int(head_row) <= 100:
        yield _fault("MAPPING-FIELD-02", "/head_row", "the row of the heads is no number from 1 to 100", "count from 1")
    columns, constants = body.get("columns"), body.get("constants", {})
    if not isinstance(columns, Mapping) or not isinstance(constants, Mapping):
        yield _fault("MAPPING-FIELD-02", "/columns", "`columns` and `constants` are objects", "map fields to heads")
        return
    for place, entries in (("columns", columns), ("constants", constants)):
        for field, value in entries.items():
            if field not in FIELDS:
                message = f"`{str(field)[:60]}` is no field of an invoice"
                yield _fault("MAPPING-COLUMN-01", f"/{place}/{field}", message, "use a field of the list")
            elif not isinstance(value, str) or not value.strip():
                yield _fault("MAPPING-COLUMN-02", f"/{place}/{field}", f"`{field}` has no text", "give a text")
    if "number" not in columns:
        message = "no column holds the document's number"
        yield _fault("MAPPING-COLUMN-03", "/columns/number", message, "rows are put together by the number")
    for field in sorted(columns.keys() & constants.keys()):
        message = f"`{field}` is a column and a constant"
        yield _fault("MAPPING-COLUMN-04", f"/constants/{field}", message, "take one of them away")


def _fault(code: str, path: str, message: str, help: str) -> Fault:  # noqa: A002 - Fault's own field
    return Fault(code, path, message, by=BY, help=help)


def suggest(heads: list[str], samples: Mapping[str, list[str]]) -> TableMapping:
    """Suggest a mapping for a table by its heads and some of its cells; a person looks at it before it is used."""
    columns: dict[str, str] = {}
    for field in FIELDS:
        words = (field, field.replace("_", " ").replace(".", " "), *HEADS.get(field, ()))
        free = [head for head in heads if head and head not in columns.values()]
        found = next((head for word in words for head in free if _plain(head) == _plain(word)), None)
        if found is not None:
            columns[field] = found
    if "line.name" in columns and "line.net_amount" not in columns and "totals.net" in columns:
        columns["line.net_amount"] = columns.pop("totals.net")  # a table with items has a net amount in each row
    numbers = [cell for field, head in columns.items() if _is(field, CellKind.DECIMAL) for cell in samples[head]]
    days = [cell for field, head in columns.items() if _is(field, CellKind.DAY) for cell in samples[head]]
    return TableMapping(
        columns,
        {},
        decimals=fitting_style(DECIMAL_STYLES, numbers, "point"),
        days=fitting_style(DAY_STYLES, days, "YYYY-MM-DD"),
    )


def _is(field: str, kind: CellKind) -> bool:
    return FIELDS[field].kind is kind


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace(".", " ").split())
