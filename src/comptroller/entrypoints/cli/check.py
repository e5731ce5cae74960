"""`document check`: one object a file, every fault of every engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comptroller.adapters.einvoice import CheckResult, Engine, check
from comptroller.adapters.tabular import read_table
from comptroller.domain.documents import json_form
from comptroller.domain.documents.model import DocumentKind
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
        result = check(read_file(path), media_type, engine=chosen)
        worst = _told(result, str(path), worst, as_json=as_json)
    return worst


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
            worst = _told(document.read, f"{path} rows {rows}", worst, as_json=as_json)
        if faults:
            worst = _told(CheckResult(DocumentKind.UNKNOWN, "", None, faults), str(path), worst, as_json=as_json)
    return worst


def _told(result: CheckResult, name: str, worst: Exit, *, as_json: bool) -> Exit:
    found: Any = result.to_json(name)
    if as_json:
        print_json(found)
    else:
        OUT.print(f"{name}: {found['kind']} {found['number']}, {len(found['faults'])} faults", markup=False)
        for fault in found["faults"]:
            OUT.print(
                f"  {fault['severity']:<8} {fault['code']:<14} {fault['message']}  [{fault['by']}] {fault['path']}",
                markup=False,
            )
    return Exit.NO if result.has_errors else worst


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        else:
            yield path
