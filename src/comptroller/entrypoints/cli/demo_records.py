"""The demonstration's reference records: which file holds which kind, and what its keys are made of.

Rates and periods come first, since what is received is booked when it is brought in.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

DATA: Final = Path("packs/accounts-payable/demo")


@dataclass(frozen=True, slots=True)
class File:
    """One file of records; the key is made of these fields, and those in `dropped` are no part of the record."""

    kind: str
    name: str
    key: tuple[str, ...]
    dropped: tuple[str, ...] = ()


FILES: Final = (
    File("entity", "entities", ("code",), ("code",)),
    File("calendar", "calendars", ("entity",), ("entity",)),
    File("cost-centre", "cost-centres", ("code",), ("code",)),
    File("ledger-account", "accounts", ("entity", "number"), ("entity", "number")),
    File("budget", "budgets", ("entity", "cost_centre", "year")),
    File("vat-registration", "vat-registrations", ("vat_id",), ("vat_id",)),
    File("person", "people", ("id",)),
    File("supplier", "suppliers", ("id",)),
    File("account-change", "account-changes", ("number",), ("number",)),
    File("screening", "screenings", ("id",), ("id",)),
    File("withholding-certificate", "withholding-certificates", ("id",), ("id",)),
    File("intercompany-agreement", "intercompany-agreements", ("supplier", "entity")),
    File("counterpart-document", "counterpart-documents", ("supplier", "entity", "number")),
    File("accrual", "accruals", ("id",), ("id",)),
    File("contract", "contracts", ("number",)),
    File("agreement", "agreements", ("number",)),
    File("schedule", "schedules", ("number",)),
    File("unit-conversion", "unit-conversions", ("key",)),
    File("order", "orders", ("number",)),
    File("receipt", "receipts", ("number",)),
    File("dispute", "disputes", ("number",)),
    File("mapping", "mappings", ("key",), ("key",)),
)
"""Every file but rates and periods, which are made of two; suppliers before what names them."""


def records() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every record as kind, key and body."""
    for body in data("rates"):
        about: dict[str, Any] = {name: body[name] for name in ("rate", "source", "type", "reference") if name in body}
        yield "rate", body["from"], {**about, "valid_on": body["valid_from"]}
    for entity in data("entities"):
        for body in data("periods"):
            yield "period", f"{entity['code']}/{body['period']}", {"state": body["state"]}
    for file in FILES:
        for body in data(file.name):
            key = "/".join(body[part] for part in file.key)
            yield file.kind, key, {name: value for name, value in body.items() if name not in file.dropped}


def data(name: str) -> list[dict[str, Any]]:
    """The records of one file."""
    rows: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text())
    return rows
