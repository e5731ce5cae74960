"""`comptroller reference import`: entities, people, suppliers and the like, from one file."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller.application.reference import PutReference
from comptroller.domain.kernel.canonical_json import decode
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import Exit, fail, print_json, print_table
from comptroller.entrypoints.cli.workplace import read_file, workplace

app: Final = typer.Typer(no_args_is_help=True, help="Master data: entities, people, suppliers, orders.")

_FORM: Final = 'write {"person": {"mara.lind": {"name": ...}}}: records by kind and key'


@app.callback()
def _group() -> None:
    """Keep `import` a command of its own name, though it is the only one."""


@app.command("import")
def bring_in(
    path: Annotated[Path, typer.Argument(help="A JSON file: kind, then key, then record.")],
    principal: As,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Bring in records of the system that owns them, each as a whole; what is the same already is left as it is.

    A record that is refused ends it; those before it are in, and the same file can be brought in again.
    """
    records = _records(path)
    with workplace(database_url, tenant) as place:
        answers = [place.run(principal, PutReference(kind, key, body), as_json=as_json) for kind, key, body in records]
        place.settle()
    if as_json:
        print_json({"records": answers})
        return
    told = zip(records, answers, strict=True)
    print_table("", ("kind", "key", "came of it"), [(kind, key, _told(each)) for (kind, key, _), each in told])


def _told(answer: dict[str, Any]) -> str:
    if "version" not in answer:
        return f"case {answer['case_id']}"
    return f"version {answer['version']}" if answer["changed"] else f"version {answer['version']}, as it was"


def _records(path: Path) -> list[tuple[str, str, Any]]:
    """The records of a file as kind, key and body, in its order."""
    try:
        content: Any = decode(read_file(path).decode())
    except ValueError as error:
        fail("REFERENCE-FILE-01", f"`{path}` is no JSON: {error}", Exit.REFUSED, help=_FORM)
    kinds = content if isinstance(content, dict) else {}
    is_whole = all(isinstance(of, dict) for of in kinds.values())
    records = [(kind, key, body) for kind, of in kinds.items() for key, body in of.items()] if is_whole else []
    if not records or not all(isinstance(body, dict) for _, _, body in records):
        fail("REFERENCE-FILE-02", f"`{path}` holds no records by kind and key", Exit.REFUSED, help=_FORM)
    return records
