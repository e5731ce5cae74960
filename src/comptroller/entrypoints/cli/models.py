"""`comptroller dmn`: check a model, take its tables to a spreadsheet and back, run the conformance kit."""

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller import dmn
from comptroller.adapters import dmn_xml, spreadsheet
from comptroller.domain.decisions import Definitions
from comptroller.entrypoints.cli.conformance import run_kit
from comptroller.entrypoints.cli.decisions import fault_facts, has_error
from comptroller.entrypoints.cli.output import Exit, fail, print_json, say
from comptroller.entrypoints.cli.workplace import read_file

_MARKED: Final = ".marked"

app: Final = typer.Typer(no_args_is_help=True, help="DMN models.")
app.command("tck")(run_kit)

AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
ModelFile = Annotated[Path, typer.Argument(help="A DMN file.")]
Book = Annotated[Path, typer.Argument(help="An XLSX file.")]
Imports = Annotated[list[Path] | None, typer.Option("--import", help="A model that it imports.")]


@app.command("check")
def check(model: ModelFile, imports: Imports = None, as_json: AsJson = False) -> None:
    """Tell everything that is wrong with a model."""
    loaded = dmn.load(read_file(model), [read_file(path) for path in imports or ()])
    if as_json:
        print_json(
            {
                "model": loaded.name,
                "hash": loaded.hash,
                "decisions": list(loaded.decision_names),
                "faults": [fault_facts(fault) for fault in loaded.faults],
            }
        )
    else:
        for fault in loaded.faults:
            say(dmn.fault_text(fault))
        say(f"{model}: {len(loaded.decision_names)} decisions, {len(loaded.faults)} faults")
    raise typer.Exit(Exit.NO if has_error(loaded.faults) else Exit.DONE)


@app.command("to-xlsx")
def to_xlsx(model: ModelFile, book: Book, as_json: AsJson = False) -> None:
    """Write a model's decision tables as a book for Excel or LibreOffice."""
    definitions = _definitions(read_file(model))
    try:
        data = spreadsheet.to_workbook(definitions)
    except ValueError as error:
        fail("SHEET-BOOK-04", str(error), Exit.REFUSED, help="edit the model in a modeller")
    _write(book, data)
    if as_json:
        print_json({"book": str(book)})
    else:
        say(f"the tables of {model} are in {book}")


@app.command("from-xlsx")
def from_xlsx(
    book: Book,
    model: Annotated[Path, typer.Argument(help="The DMN file that the book was made from.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where the model goes; without it, it replaces MODEL.")
    ] = None,
    imports: Imports = None,
    as_json: AsJson = False,
) -> None:
    """Bring a book's tables back into the model that it was made from.

    With a fault the model stays as it was, and a copy of the book, with each fault marked in its cell, is written
    beside it.
    """
    edited, source, target = read_file(book), read_file(model), output or model
    written, faults = _brought_back(edited, source, [read_file(path) for path in imports or ()])
    facts: dict[str, Any] = {"model": None, "marked": None, "faults": [fault_facts(fault) for fault in faults]}
    if written is not None:
        _write(target, written)
        facts |= {"model": str(target), "changed": written != source}
    elif (marked := _marked(edited, faults)) is not None:
        is_marked = book.stem.endswith(_MARKED)  # the copy of the round before takes this round's marks
        beside = book if is_marked else book.with_name(f"{book.stem}{_MARKED}{book.suffix}")
        _write(beside, marked)
        facts["marked"] = str(beside)
    if as_json:
        print_json(facts)
    else:
        for fault in faults:
            say(dmn.fault_text(fault))
        if written is not None:
            say(f"{target} says what {book} says" if written != source else f"nothing was changed in {book}")
        else:
            say(
                f"{target} stays as it was"
                + (f"; the faults are marked in {facts['marked']}" if facts["marked"] else "")
            )
    raise typer.Exit(Exit.DONE if written is not None else Exit.NO)


def _brought_back(edited: bytes, source: bytes, imports: list[bytes]) -> tuple[bytes | None, tuple[dmn.Fault, ...]]:
    """The model's new bytes, None where something is wrong; and everything that is, with its sheet and cell."""
    taken = spreadsheet.read_workbook(edited, _definitions(source))
    if has_error(taken.faults):
        return None, taken.faults
    try:
        written = dmn_xml.write(taken.definitions, source)
    except ValueError as error:
        unwritable = dmn.Fault("SHEET-CELL-04", "", str(error), by="spreadsheet", help="take the character out")
        return None, (*taken.faults, unwritable)
    new = _new(dmn.load(source, imports).faults, dmn.load(written, imports).faults)
    faults = (*taken.faults, *(taken.placed(fault) for fault in new))
    return None if has_error(faults) else written, faults


def _new(before: tuple[dmn.Fault, ...], after: tuple[dmn.Fault, ...]) -> list[dmn.Fault]:
    """The faults that were not there before, wherever the rows have moved to."""
    known = Counter((fault.code, fault.message) for fault in before)
    new = []
    for fault in after:
        known[fault.code, fault.message] -= 1
        if known[fault.code, fault.message] < 0:
            new.append(fault)
    return new


def _definitions(source: bytes) -> Definitions:
    definitions, faults = dmn_xml.read(source)
    if definitions is None:
        fail(faults[0].code, faults[0].message, Exit.REFUSED, help=faults[0].help)
    return definitions


def _marked(book: bytes, faults: tuple[dmn.Fault, ...]) -> bytes | None:
    """The book with its faults; None for one in which nothing can be marked, such as one that is no book."""
    try:
        return spreadsheet.mark_faults(book, faults)
    except ValueError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        text = f"cannot write `{path}`: {error.strerror or error}"
        fail("FILE-WRITE-01", text, Exit.NOT_FOUND, help="name a place that is there and may be written")
