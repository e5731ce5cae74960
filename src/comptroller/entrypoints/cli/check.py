"""`document check`: one object a file, every fault of every engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comptroller.adapters.einvoice import CheckResult, Engine, check, read_purchase
from comptroller.adapters.tabular import read_table
from comptroller.domain.documents import json_form
from comptroller.domain.documents.model import DocumentKind
from comptroller.domain.documents.purchase import PurchaseDocument
from comptroller.domain.kernel.fault import Severity
from comptroller.entrypoints.cli.output import OUT, Exit, fail, print_json
from comptroller.entrypoints.cli.workplace import read_file

SUFFIXES = (".xml", ".json", ".pdf")


def check_files(paths: list[Path], engine: str, *, as_json: bool) -> Exit:
    """Check files, and folders with all their documents; `NO` when one has an error."""
    try:
        chosen = Engine(engine)
    except ValueError:
        fail("CHECK-ENGINE-01", f"`{engine}` is no engine", help=f"use one of {', '.join(e.value for e in Engine)}")
    files = list(_files(paths))
    if not files:
        text = f"no document is in {', '.join(f'`{path}`' for path in paths)}"
        fail("CHECK-FILES-01", text, Exit.NOT_FOUND, help=f"documents end in {' or '.join(SUFFIXES)}")
    worst = Exit.DONE
    for path in files:
        media_type = "application/json" if path.suffix == ".json" else "application/xml"
        content = read_file(path)
        purchase = read_purchase(content)
        if isinstance(purchase, PurchaseDocument):
            worst = _told(_of_purchasing(purchase, str(path)), worst, as_json=as_json)
        elif purchase is not None:
            unread = CheckResult(DocumentKind.UNKNOWN, "", None, purchase)
            worst = _told(unread.to_json(str(path)), worst, as_json=as_json)
        else:
            worst = _told(check(content, media_type, engine=chosen).to_json(str(path)), worst, as_json=as_json)
    return worst


def _of_purchasing(document: PurchaseDocument, name: str) -> dict[str, Any]:
    """What was read of an order or an advice, in the shape of an invoice's check as far as it has that."""
    read = CheckResult(DocumentKind.UNKNOWN, "", None, document.faults).to_json(name)
    read |= {"kind": document.kind.value, "number": document.number or None, "order": document.order or None}
    return read | {"lines": document.body.get("lines", [])}


def check_tables(paths: list[Path], mapping: Path, *, as_json: bool) -> Exit:
    """Check every document of tables, read by a mapping; `NO` when one has an error, or a table has."""
    body, faults = json_form.parse(read_file(mapping))
    if faults or not isinstance(body, dict):
        text = faults[0].message if faults else "a mapping is a JSON object"
        fail("MAPPING-FILE-01", f"`{mapping}`: {text}", help="write fields and heads, as docs/tables.md shows")
    worst = Exit.DONE
    for path in paths:
        documents, faults = read_table(read_file(path), body)
        for document in documents:
            rows = ", ".join(map(str, document.rows[:10]))
            worst = _told(document.read.to_json(f"{path} rows {rows}"), worst, as_json=as_json)
        if faults:
            table = CheckResult(DocumentKind.UNKNOWN, "", None, faults)
            worst = _told(table.to_json(str(path)), worst, as_json=as_json)
    return worst


def _told(found: dict[str, Any], worst: Exit, *, as_json: bool) -> Exit:
    faults = found["faults"]
    if as_json:
        print_json(found)
    else:
        lines = f", {len(found['lines'])} lines" if "lines" in found else ""
        OUT.print(f"{found['file']}: {found['kind']} {found['number']}{lines}, {len(faults)} faults", markup=False)
        for fault in faults:
            OUT.print(
                f"  {fault['severity']:<8} {fault['code']:<14} {fault['message']}  [{fault['by']}] {fault['path']}",
                markup=False,
            )
    return Exit.NO if any(fault["severity"] == Severity.ERROR for fault in faults) else worst


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        else:
            yield path
