"""Guesses how an outside ledger's extract is written and which of its columns is what; a person looks at the guess."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from comptroller.domain.documents.table_cells import DAY_STYLES, DECIMAL_STYLES, fitting_style

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("number", "document", "document number", "invoice", "reference", "beleg", "belegnummer", "pièce"),
    "amount": ("amount", "amount in local currency", "betrag", "umsatz", "saldo", "montant"),
    "date": ("date", "posting date", "document date", "datum", "buchungsdatum", "belegdatum", "date comptable"),
    "account": ("account", "ledger account", "konto", "sachkonto", "hauptbuchkonto", "compte"),
    "text": ("text", "description", "supplier", "buchungstext", "lieferant", "libellé"),
    "journal": ("journal", "posting", "journal number", "buchung", "buchungsnummer", "écriture"),
}
DECIMALS: Final = {"comma": ",", "point": "."}
DAYS: Final = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYY/MM/DD": "%Y/%m/%d",
    "YYYYMMDD": "%Y%m%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD.MM.YY": "%d.%m.%y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
}
ROWS_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Suggested:
    """A mapping that may fit, and the cells of the first rows by the heads of their columns."""

    body: Mapping[str, Any]
    cells: Mapping[str, tuple[str, ...]]


def suggest(content: bytes, payables: Collection[str] = ()) -> Suggested:
    """Suggest a mapping; `payables` are the own accounts of what is owed, taken where the file has them."""
    text, encoding = _decoded(content)
    head = next(iter(text.splitlines()), "")
    delimiter = max(";,\t|", key=head.count)
    cells = _cells(text, delimiter)
    columns: dict[str, str] = {}
    for name, words in HEADS.items():
        free = [column for column in cells if column not in columns.values()]
        found = next((column for word in words for column in free if column.casefold().strip() == word), None)
        if found is not None:
            columns[name] = found
    amounts, days = (cells.get(columns.get(name, ""), ()) for name in ("amount", "date"))
    accounts = cells.get(columns.get("account", ""), ())
    known = sorted(set(payables) & set(accounts))
    owed = _owed(amounts, accounts, known)
    body = {
        "columns": columns,
        "payables": known,
        "delimiter": delimiter,
        "decimal": DECIMALS[fitting_style(DECIMAL_STYLES, amounts, "point")],
        "date_format": DAYS[fitting_style(DAY_STYLES, days, "YYYY-MM-DD")],
        "encoding": encoding,
        "credit_is": "negative" if 2 * sum(map(_is_minus, owed)) >= len(owed) else "positive",
    }
    return Suggested(body, cells)


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


def _cells(text: str, delimiter: str) -> dict[str, tuple[str, ...]]:
    try:
        heads, *rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ROWS_LOOKED_AT + 1)
    except (csv.Error, ValueError):  # no table, or nothing in it
        return {}
    cells = {}
    for place, head in enumerate(heads):
        if head:
            cells[head] = tuple(row[place] if place < len(row) else "" for row in rows)
    return cells


def _owed(amounts: Sequence[str], accounts: Sequence[str], known: Collection[str]) -> list[str]:
    """The amounts on the accounts of what is owed; all where these are not known."""
    if not known:
        return list(amounts)
    return [amount for amount, account in zip(amounts, accounts, strict=False) if account in known]


def _is_minus(amount: str) -> bool:
    return amount.strip().startswith("-") or amount.strip().endswith("-")
