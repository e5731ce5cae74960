"""How the command line answers: tables and sentences for people, one JSON value for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, NoReturn

from rich import box
from rich.console import Console
from rich.table import Table

from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

OUT: Final = Console(highlight=False, width=None if sys.stdout.isatty() else 150)  # a file has no width of its own
ERRORS: Final = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())  # lines of a file stay whole


class Exit(IntEnum):
    """How a command ended; a closed list."""

    DONE = 0
    NO = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    LATER = 5
    DEFECT = 70


EXIT_MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "done",
    Exit.NO: "the answer is no: faults found, document turned down, log not whole",
    Exit.USAGE: "wrong use",
    Exit.REFUSED: "refused: by policy, by rights, or because the content cannot be read",
    Exit.NOT_FOUND: "not there",
    Exit.LATER: "not now: the database or the port cannot be had",
    Exit.DEFECT: "a defect of ours; the error output says where",
}
"""What each exit code means, in the words of `--help` and of docs/operate.md."""

_EXIT_OF: Final = {
    RejectionKind.NOT_FOUND: Exit.NOT_FOUND,
    RejectionKind.UNAVAILABLE: Exit.LATER,
    RejectionKind.UNSUPPORTED: Exit.USAGE,
}


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    sys.stdout.write(encode(value).decode() + "\n")


def say(text: str) -> None:
    """Text as it stands: not wrapped, and nothing in it taken for markup or a picture."""
    OUT.out(text, highlight=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with a heading for each column: `>` sets a column to the right, `~` lets it wrap."""
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(
            column.lstrip(">~"),
            justify="right" if column.startswith(">") else "left",
            no_wrap=not column.startswith("~"),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*row)
    OUT.print(table)


def print_facts(facts: dict[str, Any]) -> None:
    """Names and values, one pair a line."""
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        text = value if isinstance(value, str) else json.loads(encode(value))
        OUT.print(f"{name:<{width}}  {text}", markup=False)


def when(value: Any) -> str:
    """An instant, short and unambiguous."""
    return value.strftime("%d %b %Y %H:%M") if isinstance(value, datetime) else str(value)


def refuse(rejection: Rejection, *, as_json: bool) -> NoReturn:
    """End with a refusal: its code, its sentence, every fault and what to do."""
    if as_json:
        print_json(
            {
                "code": rejection.code,
                "message": rejection.message,
                "help": rejection.help,
                "case_id": rejection.subject,
                "faults": [
                    {"code": f.code, "path": f.path, "message": f.message, "help": f.help} for f in rejection.faults
                ],
            }
        )
    else:
        ERRORS.print(f"{rejection.code}: {rejection.message}", markup=False)
        for fault in rejection.faults:
            ERRORS.print(f"  {fault.code} {fault.path}: {fault.message}", markup=False)
        if rejection.help:
            ERRORS.print(f"  {rejection.help}", markup=False)
    raise SystemExit(_EXIT_OF.get(rejection.kind, Exit.REFUSED))


def fail(code: str, message: str, exit_code: Exit = Exit.USAGE, *, help: str = "") -> NoReturn:  # noqa: A002 - as in a rejection
    """End with one coded sentence, and what to do."""
    ERRORS.print(f"{code}: {message}", markup=False, soft_wrap=True)
    if help:
        ERRORS.print(f"  {help}", markup=False, soft_wrap=True)
    raise SystemExit(exit_code)
