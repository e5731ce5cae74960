"""The form that says which column is what: fields in, a mapping's record out, and what is wrong back to its field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.presenting.mapping_words import LABELS, MORE, NEEDED, MappedGroup
from comptroller.application.views.forms import FieldKind, FieldView
from comptroller.domain.documents.table_cells import DAY_STYLES, DECIMAL_STYLES
from comptroller.domain.documents.table_fields import FIELDS
from comptroller.domain.documents.table_mapping import ENCODINGS, SEPARATORS
from comptroller.domain.kernel.fault import Fault, Severity

FIELDS_TOLD: Final = ("decimals", "days", "encoding", "separator", "head_row", "sheet", "name")

_DECIMALS: Final = {"comma": "1.234,50", "point": "1,234.50"}
_DAYS: Final = {
    "YYYY-MM-DD": "2026\u201103\u201127",
    "YYYY/MM/DD": "2026/03/27",
    "YYYYMMDD": "20260327",
    "DD.MM.YYYY": "27.03.2026",
    "DD.MM.YY": "27.03.26",
    "DD/MM/YYYY": "27/03/2026",
    "DD-MM-YYYY": "27\u201103\u20112026",
    "MM/DD/YYYY": "03/27/2026, month first",
}
_ENCODINGS: Final = {
    "auto": "Find out",
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western Europe",
    "iso-8859-15": "Latin 9, Western Europe",
    "utf-16": "UTF-16",
}
_SEPARATORS: Final = {"auto": "Find out", ";": "Semicolon", ",": "Comma", "tab": "Tab", "|": "Bar"}
_BESIDE: Final = {
    "TABLE-ENCODING-01": "encoding",
    "TABLE-SHEET-01": "sheet",
    "TABLE-HEAD-01": "head_row",
    "TABLE-SYNTAX-01": "separator",
}
_CELL: Final = re.compile(r"row \d+, column (?P<head>.+)", re.DOTALL)
_LINE: Final = re.compile(r"^/lines/\d+")
_PLACES: Final = {
    "/seller": "seller.address.country",
    "/buyer": "buyer.address.country",
    "/lines/*": "line.tax_category",
}
"""Where a fault of something larger is put right."""

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One field of the form: from which column it comes, or what it always is."""

    name: str
    label: str
    hint: str
    column: str
    constant: str
    example: str
    problem: str
    note: str


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Fields of one job; folded where few tables have them."""

    title: str
    lines: tuple[MappingLine, ...]
    is_folded: bool

    @property
    def used(self) -> int:
        """How many of the fields say something."""
        return sum(1 for line in self.lines if line.column or line.constant)

    @property
    def is_open(self) -> bool:
        """Whether something in it needs another look."""
        return any(line.problem or line.note for line in self.lines)


def record_of(typed: Typed) -> dict[str, Any]:
    """The mapping's record of what was typed; without columns while none is chosen, so that they are suggested."""
    told = {name: typed[name].strip() for name in FIELDS_TOLD if typed.get(name, "").strip()}
    columns = {name: typed[f"column-{name}"] for name in FIELDS if typed.get(f"column-{name}")}
    constants = {name: text for name in FIELDS if (text := typed.get(f"constant-{name}", "").strip())}
    return {**({"columns": columns} if columns else {}), "constants": constants, **told}


def typed_of(record: Mapping[str, Any]) -> dict[str, str]:
    """The form filled with a record."""
    typed = {name: str(record[name]) for name in FIELDS_TOLD if record.get(name)}
    typed |= {f"column-{name}": str(head) for name, head in record.get("columns", {}).items()}
    return typed | {f"constant-{name}": str(text) for name, text in record.get("constants", {}).items()}


def billed_to(typed: Typed, company: Mapping[str, Any]) -> dict[str, str]:
    """What the form holds, with one of the own companies where nothing says whom the invoices are billed to."""
    address = {"country": company.get("country"), **(company.get("address") or {})}
    told = {"name": company.get("name"), "vat_id": company.get("vat_id")}
    told |= {f"address.{name}": value for name, value in address.items()}
    added = {
        f"constant-buyer.{name}": str(value)
        for name, value in told.items()
        if value and f"buyer.{name}" in FIELDS and not typed.get(f"column-buyer.{name}")
    }
    return {**typed, **{name: text for name, text in added.items() if not typed.get(name)}}


def name_of(label: str) -> str:
    """The key of a mapping that is called so.

    >>> name_of("Helios Facility Services (Hamburg)")
    'helios-facility-services-hamburg'
    """
    return "-".join(re.findall(r"[a-z0-9]+", label.casefold()))[:60]


def style_fields(typed: Typed, sheets: Sequence[str], problems: Mapping[str, str]) -> tuple[FieldView, ...]:
    """How the file is written."""

    def choice(name: str, label: str, options: Mapping[str, str], hint: str = "") -> FieldView:
        value = typed.get(name) or next(iter(options))
        told = tuple(options.items())
        return FieldView(name, label, FieldKind.CHOICE, value, told, hint, problems.get(name, ""), required=False)

    head_row = typed.get("head_row") or "1"
    fields = [
        choice("decimals", "Numbers", {name: _DECIMALS[name] for name in DECIMAL_STYLES}),
        choice("days", "Days", {name: _DAYS[name] for name in DAY_STYLES}),
        FieldView("head_row", "Row of the heads", FieldKind.DECIMAL, head_row, problem=problems.get("head_row", "")),
    ]
    if sheets or typed.get("sheet"):
        names = dict.fromkeys(["", *sheets, *([typed["sheet"]] if typed.get("sheet") else [])])
        fields.append(choice("sheet", "Sheet", {name: name or "The first" for name in names}))
    if not sheets:
        fields.append(choice("separator", "Between columns", {name: _SEPARATORS[name] for name in SEPARATORS}))
        fields.append(choice("encoding", "Letters", {name: _ENCODINGS[name] for name in ENCODINGS}))
    return tuple(fields)


def line_groups(
    typed: Typed, sample: Mapping[str, str], problems: Mapping[str, str], notes: Mapping[str, str]
) -> tuple[LineGroup, ...]:
    """Every field, those that every invoice needs first."""
    return tuple(_group(group, typed, sample, problems, notes) for group in (NEEDED, *MORE))


def _group(
    group: MappedGroup, typed: Typed, sample: Mapping[str, str], problems: Mapping[str, str], notes: Mapping[str, str]
) -> LineGroup:
    lines = []
    for field in group.fields:
        column = typed.get(f"column-{field.name}", "")
        problem = problems.get(f"column-{field.name}") or problems.get(f"constant-{field.name}", "")
        constant = typed.get(f"constant-{field.name}", "")
        example, note = sample.get(column, ""), notes.get(field.name, "")
        lines.append(MappingLine(field.name, field.label, field.hint, column, constant, example, problem, note))
    return LineGroup(group.title, tuple(lines), group is not NEEDED)


def problems_of(faults: Iterable[Fault]) -> dict[str, str]:
    """What is wrong with the mapping or the file as a whole, by the field of the form that mends it."""
    problems: dict[str, str] = {}
    for fault in faults:
        part, _, field = fault.path.strip("/").partition("/")
        name = f"{part.removesuffix('s')}-{field}" if part in {"columns", "constants"} else part
        name = _BESIDE.get(fault.code) or (name if field or name in FIELDS_TOLD else "file")
        if fault.code == "MAPPING-COLUMN-03":
            problems["column-number"] = "say which column holds the number: by it rows are put together"
        elif fault.code == "MAPPING-COLUMN-04":
            problems[name] = "take the column or the text, not both"
        else:
            problems.setdefault(name, fault.message.replace(f"`{field}`", f"`{LABELS.get(field, field)}`"))
    return problems


def notes_of(faults: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the invoices that the file makes, by the field that it concerns, and in how many places."""
    by_head: dict[str, str] = {}
    for field, head in columns.items():
        by_head.setdefault(head, field)
    by_place = {"/" + "/".join("0" if step == "*" else step for step in FIELDS[name].path): name for name in FIELDS}
    by_place |= {f"/lines/*{place}": name for place, name in by_place.items() if name.startswith("line.")} | _PLACES
    found: dict[str, list[str]] = {}
    for fault in faults:
        if fault["severity"] == Severity.INFORMATION:
            continue
        cell = _CELL.fullmatch(fault["path"])
        told = by_head.get(cell["head"]) if cell else by_place.get(_LINE.sub("/lines/*", fault["path"]))
        if told is not None:
            found.setdefault(told, []).append(fault["message"])
    return {
        name: f"{texts[0]} (and {len(texts) - 1} more)" if len(texts) > 1 else texts[0] for name, texts in found.items()
    }
