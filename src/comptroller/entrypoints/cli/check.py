"""`document check`: one object a file, every fault of every engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comptroller.adapters.einvoice import Engine, check
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
        found: Any = result.to_json(str(path))
        if any(fault["severity"] == "error" for fault in found["faults"]):
            worst = Exit.NO
        if as_json:
            print_json(found)
            continue
        OUT.print(f"{path}: {found['kind']} {found['number']}, {len(found['faults'])} faults", markup=False)
        for fault in found["faults"]:
            OUT.print(
                f"  {fault['severity']:<8} {fault['code']:<14} {fault['message']}  [{fault['by']}] {fault['path']}",
                markup=False,
            )
    return worst


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        else:
            yield path
