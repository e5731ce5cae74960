"""Reads an outside ledger's extract (CSV) into payables documents, by a mapping that says which column is what.

A mapping is a JSON object:

    {"columns": {"account": "Konto", "number": "Belegnummer", "date": "Datum", "amount": "Betrag", "text": "Text",
                 "journal": "Journal"},
     "payables": ["1600"], "delimiter": ";", "decimal": ",", "date_format": "%d.%m.%Y", "encoding": "utf-8",
     "credit_is": "negative"}

`columns` names at least `number` and `amount`; `payables` are the accounts whose rows are documents owed, all rows
where it is left out. `credit_is` says whether what is owed is written negative, as a ledger does, or positive.
Every row that cannot be read is a fault with its line; a file with faults is not compared.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.domain.controls.ledger_comparison import LedgerDocument
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import parse_decimal

COLUMNS: Final = ("account", "number", "date", "amount", "text", "journal")
NEEDED: Final = ("number", "amount")
FAULTS_MAX: Final = 50
BY: Final = "extract"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which column of an extract is what, and how its values are written."""

    columns: Mapping[str, str]
    payables: frozenset[str]
    delimiter: str = ","
    decimal: str = "."
    date_format: str = "%Y-%m-%d"
    encoding: str = "utf-8-sig"
    credit_is: str = "negative"


def read_mapping(body: object) -> Mapped | tuple[Fault, ...]:
    """Read a mapping, or tell everything wrong with it."""
    if not isinstance(body, dict) or not isinstance(body.get("columns"), dict):
        return (Fault("EXTRACT-MAPPING-01", "/columns", "a mapping has an object `columns`", by=BY),)
    columns: dict[str, Any] = body["columns"]
    faults = [
        Fault("EXTRACT-MAPPING-02", f"/columns/{name}", f"`{name}` is no column that is read here", by=BY)
        for name in columns
        if name not in COLUMNS
    ]
    faults += [
        Fault("EXTRACT-MAPPING-03", f"/columns/{name}", f"the mapping names no column for `{name}`", by=BY)
        for name in NEEDED
        if not isinstance(columns.get(name), str)
    ]
    texts = {
        name: body[name] for name in ("delimiter", "decimal", "date_format", "encoding", "credit_is") if name in body
    }
    faults += [
        Fault("EXTRACT-MAPPING-04", f"/{name}", f"`{name}` is not written as a text", by=BY)
        for name, value in texts.items()
        if not isinstance(value, str) or not value
    ]
    faults += [
        Fault("EXTRACT-MAPPING-09", f"/{name}", f"`{name}` is one character", by=BY)
        for name in ("delimiter", "decimal")
        if isinstance(texts.get(name), str) and len(texts[name]) > 1
    ]
    if texts.get("credit_is", "negative") not in {"negative", "positive"}:
        faults.append(Fault("EXTRACT-MAPPING-05", "/credit_is", "say `negative` or `positive`", by=BY))
    payables = body.get("payables", [])
    if not isinstance(payables, list):
        faults.append(Fault("EXTRACT-MAPPING-06", "/payables", "`payables` is a list of accounts", by=BY))
    if faults:
        return tuple(faults)
    return Mapped(columns, frozenset(str(account) for account in payables), **texts)


def read_extract(content: bytes, mapped: Mapped) -> tuple[tuple[LedgerDocument, ...], tuple[Fault, ...]]:
    """Read the rows on payables accounts; faults name the line of the file."""
    try:
        text = content.decode(mapped.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        return (), (Fault("EXTRACT-TEXT-01", "", f"the file is not written in {mapped.encoding}: {error}", by=BY),)
    reader = csv.DictReader(io.StringIO(text), delimiter=mapped.delimiter)
    try:
        heads = reader.fieldnames or ()
    except csv.Error:
        return (), (_no_row(1),)
    missing = [column for column in mapped.columns.values() if column not in heads]
    if missing:
        named = "`, `".join(missing)
        return (), (Fault("EXTRACT-COLUMN-01", "", f"the file has no column `{named}`", by=BY),)
    documents: list[LedgerDocument] = []
    faults: list[Fault] = []
    for line, row in _lines(reader):
        read = _row(row, mapped, line) if row is not None else _no_row(line)
        if isinstance(read, Fault):
            faults.append(read)
            if len(faults) >= FAULTS_MAX:
                break
        elif read is not None:
            documents.append(read)
    return tuple(documents), tuple(faults)


def _lines(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    """Each row by its line; none where what follows is no CSV any more."""
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        yield reader.line_num, None


def _no_row(line: int) -> Fault:
    return Fault("EXTRACT-ROW-01", f"/{line}", f"line {line} is no row of a CSV file", by=BY, help="save it anew")


def _row(row: Mapping[str, Any], mapped: Mapped, line: int) -> LedgerDocument | Fault | None:
    values = {name: str(row.get(column) or "").strip() for name, column in mapped.columns.items()}
    if mapped.payables and values.get("account", "") not in mapped.payables:
        return None
    amount = _amount(values["amount"], mapped.decimal)
    if amount is None:
        return Fault("EXTRACT-AMOUNT-01", f"/{line}", f"line {line}: `{values['amount'][:40]}` is no amount", by=BY)
    day: date | None = None
    if values.get("date"):
        try:
            day = datetime.strptime(values["date"], mapped.date_format).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return Fault("EXTRACT-DATE-01", f"/{line}", f"line {line}: `{values['date'][:40]}` is no day", by=BY)
    return LedgerDocument(
        place=f"line {line}",
        number=values["number"],
        day=day,
        amount=-amount if mapped.credit_is == "negative" else amount,
        account=values.get("account", ""),
        text=values.get("text", ""),
        journal=values.get("journal", ""),
    )


def _amount(text: str, decimal: str) -> Decimal | None:
    grouping = "." if decimal == "," else ","
    return parse_decimal(text.replace(grouping, "").replace(" ", "").replace(decimal, "."))
