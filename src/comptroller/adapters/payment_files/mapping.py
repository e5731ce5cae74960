"""The mapping of a file: which column says what, and how the file writes dates and amounts. A small TOML file."""

import codecs
import re
import tomllib
from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from typing import Any, Final

from comptroller.adapters.date_forms import date_form
from comptroller.domain.kernel.fault import Fault

FIELDS: Final[Mapped[str, str]] = {
    "supplier": "name of the supplier, merchant or payee",
    "supplier_id": "its id in the file",
    "vat_id": "its VAT id",
    "account": "its IBAN or account",
    "group": "the group of companies it belongs to",
    "number": "number of the invoice or of the payment",
    "date": "date of the invoice or of the payment",
    "gross": "amount with tax",
    "net": "amount without tax",
    "currency": "ISO 4217 code; else `currency` in the mapping",
    "entity": "own company or body that paid",
    "cost_centre": "cost centre, directorate or department",
    "requester": "who asked for it: person, or number of the card",
    "description": "purpose, subject, expense type",
    "order_number": "purchase order; such rows are no parts of a split",
    "document_type": "UNTDID 1001 (380, 381, ...)",
    "category": "category of the spend",
    "batch": "list, payment run or publication that the row comes from",
    "source": "AP, card or expense; else `source` in the mapping",
}
"""The canonical fields, and what each says."""

ALSO: Final[Mapped[str, str]] = {
    **dict.fromkeys(("supplier_name", "merchant", "payee", "vendor"), "supplier"),
    **dict.fromkeys(("invoice_number", "transaction_number"), "number"),
    **dict.fromkeys(("invoice_date", "payment_date", "day"), "date"),
    **dict.fromkeys(("amount", "gross_amount"), "gross"),
    **dict.fromkeys(("cardholder", "card"), "requester"),
    **dict.fromkeys(("subject", "purpose"), "description"),
    "net_amount": "net",
    "iban": "account",
    "order": "order_number",
}
"""Other words for fields, understood as well."""

SEVERAL: Final = frozenset({"description", "cost_centre"})
"""Fields that several columns may make up together."""

_SETTINGS: Final = frozenset(
    {
        "encoding", "separator", "header", "sheet", "dates", "decimal", "currency", "entity", "source", "rows",
        "unknown_suppliers", "columns",
    }
)  # fmt: skip
DATES: Final = ("YYYY-MM-DD",)
UNKNOWN_SUPPLIERS: Final = (
    "redacted*",
    "*redacted",
    "personal data*",
    "withheld*",
    "unknown",
    "n/a",
    "various",
    "sundry*",
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of file is read."""

    columns: Mapped[str, tuple[str, ...]]  # field -> its columns, as the file heads them
    dates: tuple[str, ...] = ("%Y-%m-%d",)  # as `strptime` reads them, tried in this order
    decimal: str = "."
    encoding: str = ""  # empty: told from the file
    separator: str = ""  # empty: told from the header
    header: int = 0  # its line; 0: the first line that has the columns
    sheet: str = ""  # empty: the first
    currency: str = ""
    entity: str = ""
    source: str = "AP"
    are_lines: bool = False  # rows of one supplier, number and day are lines of one document
    unknown_suppliers: tuple[re.Pattern[str], ...] = ()


def read_mapping(data: bytes) -> tuple[Mapping | None, tuple[Fault, ...]]:
    """Read a mapping; every fault of it is told, and there is no mapping where there is one."""
    try:
        content = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (
            _fault("CONTROL-MAPPING-01", "", f"the mapping is no TOML: {error}", "see `--help` for an example"),
        )
    faults: list[Fault] = []
    for name in sorted(set(content) - _SETTINGS):
        message = f"the mapping has no setting `{name}`"
        faults.append(_fault("CONTROL-MAPPING-02", name, message, f"the settings are: {', '.join(sorted(_SETTINGS))}"))
    columns = _columns(content.get("columns", {}), faults)
    dates = content.get("dates", list(DATES))
    dates = [dates] if isinstance(dates, str) else dates
    texts = {name: _text(content, name, faults) for name in ("encoding", "separator", "sheet", "currency", "entity")}
    decimal, source = content.get("decimal", "."), content.get("source", "AP")
    rows, header = content.get("rows", "documents"), content.get("header", 0)
    for name, value, allowed in (
        ("decimal", decimal, (".", ",")),
        ("source", source, ("AP", "card", "expense")),
        ("rows", rows, ("documents", "lines")),
    ):
        if value not in allowed:
            message = f"`{name}` is `{value}`"
            faults.append(_fault("CONTROL-MAPPING-03", name, message, f"write one of {', '.join(allowed)}"))
    unknown = content.get("unknown_suppliers", list(UNKNOWN_SUPPLIERS))
    if not (_are_texts(dates) and _are_texts(unknown) and isinstance(header, int) and header >= 0):
        message = "`dates` and `unknown_suppliers` are lists of texts, `header` is a line's number"
        faults.append(_fault("CONTROL-MAPPING-03", "dates", message, "see `--help` for an example"))
    _check_encoding(texts["encoding"], faults)
    if faults:
        return None, tuple(faults)
    return (
        Mapping(
            columns,
            tuple(date_form(form) for form in dates),
            decimal,
            header=header,
            source=source,
            are_lines=rows == "lines",
            unknown_suppliers=tuple(_pattern(text) for text in unknown),
            **texts,
        ),
        (),
    )


def _columns(table: Any, faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        faults.append(_fault("CONTROL-MAPPING-04", "columns", "`[columns]` maps columns to fields", _help()))
        return found
    for column, field in table.items():
        if field not in FIELDS and field not in ALSO and column in FIELDS:  # written the other way round
            column, field = field, column  # noqa: PLW2901 - the pair is turned
        field = _field(field)  # noqa: PLW2901 - by its own name
        if field not in FIELDS:
            faults.append(_fault("CONTROL-MAPPING-05", f"columns/{column}", f"there is no field `{field}`", _help()))
        elif field in found and field not in SEVERAL:
            message = f"the columns `{found[field][0]}` and `{column}` are both the `{field}`"
            faults.append(_fault("CONTROL-MAPPING-06", f"columns/{column}", message, "map one of them"))
        else:
            found[field] = (*found.get(field, ()), column)
    return found


def _field(text: str) -> str:
    name = text.strip().lower().replace(" ", "_").replace("-", "_")
    return ALSO.get(name, name)


def _help() -> str:
    return f"the fields are: {', '.join(FIELDS)}"


def _pattern(text: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in " ".join(text.casefold().split()).split("*")]
    return re.compile(".*".join(parts))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _text(content: Mapped[str, Any], name: str, faults: list[Fault]) -> str:
    value = content.get(name, "")
    if isinstance(value, str):
        return value
    faults.append(_fault("CONTROL-MAPPING-03", name, f"`{name}` is no text", "put it in quotes"))
    return ""


def _check_encoding(name: str, faults: list[Fault]) -> None:
    try:
        codecs.lookup(name or "utf-8")
    except LookupError:
        message = f"there is no encoding `{name}`"
        faults.append(_fault("CONTROL-MAPPING-03", "encoding", message, "write utf-8, cp1252, utf-16, iso-8859-1, ..."))


def _fault(code: str, path: str, message: str, remedy: str) -> Fault:
    return Fault(code, path, message, by="mapping", help=remedy)
