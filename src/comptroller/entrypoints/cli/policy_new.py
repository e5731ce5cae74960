"""`comptroller policy new`: the smallest pack that runs, for an author to begin with.

It holds what every pack must have before it can say anything of its own: a process in which an invoice is judged,
signed and posted, the decisions that the platform asks on the way, and the process by which policy itself is changed.
"""

from pathlib import Path
from typing import Annotated, Final

import typer

from comptroller.bootstrap import pack_files
from comptroller.entrypoints.cli.output import Exit, fail, print_facts, print_json

SKELETON: Final = Path(__file__).parent / "skeleton"

AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to be made; what is there already stays as it is.")],
    as_json: AsJson = False,
) -> None:
    """Write a pack that runs into a new folder: one person signs every invoice, two change policy."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail("PACK-NEW-01", f"`{folder}` is there and not empty", help="name a new folder")
    files = pack_files(SKELETON)
    try:
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        text = f"cannot write into `{folder}`: {error.strerror or error}"
        fail("PACK-NEW-02", text, Exit.NOT_FOUND, help="name a folder that can be written")
    if as_json:
        print_json({"folder": str(folder), "files": sorted(files)})
    else:
        print_facts({"written": f"{len(files)} files in {folder}", "next": f"comptroller policy check {folder}"})
