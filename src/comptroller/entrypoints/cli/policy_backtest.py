"""`comptroller policy backtest`: what a candidate would have made of a history, beside the version that is in force."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import typer

from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE
from comptroller.entrypoints.cli.output import fail
from comptroller.entrypoints.cli.policy import AsJson

CHANGES: Final = (".csv", ".parquet", ".jsonl")
"""The forms in which cases that come out otherwise are written, by the end of the file's name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    candidate: Path
    against: Path
    history: Path
    mapping: Path
    case: str
    minutes: int
    at: str
    ray: str
    changes: Path | None
    as_json: bool


def backtest(  # noqa: PLR0913, PLR0917 - the options of the command
    folder: Annotated[Path, typer.Argument(help="The folder of the candidate's pack.")],
    against: Annotated[Path, typer.Option("--against", help="The folder of the pack that is in force.")],
    history: Annotated[Path, typer.Option("--history", help="The history: a Parquet or CSV file.")],
    mapping: Annotated[Path, typer.Option("--mapping", help="What its columns are: a TOML file (docs/backtest.md).")],
    case: Annotated[str, typer.Option("--case", help="Explain this case under both versions instead.")] = "",
    minutes: Annotated[
        int, typer.Option("--minutes", min=0, help="What a signature takes of its giver's time.")
    ] = MINUTES_A_SIGNATURE,
    at: Annotated[str, typer.Option("--at", help="The day that counts as today, such as 2026-03-27.")] = "",
    ray: Annotated[
        str, typer.Option("--ray", help="Count on Ray: `local:2` starts two workers here, else a cluster's address.")
    ] = "",
    changes: Annotated[
        Path | None,
        typer.Option("--changes", help="Write every case that comes out otherwise to this .csv, .parquet or .jsonl."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide every case of a history under both versions: what changes, in money, hours and breaches.

    Exit code 0: nothing changes; 1: something does.
    """
    if find_spec("pyarrow") is None or find_spec("numpy") is None:
        fail("BACKTEST-EXTRA-01", "a backtest needs the extra `columnar`", help="install comptroller[columnar]")
    if ray and find_spec("ray") is None:
        text = "counting on a cluster needs the extra `distributed`"
        fail("BACKTEST-EXTRA-02", text, help="install comptroller[columnar,distributed], or leave `--ray` out")
    if changes is not None and changes.suffix not in CHANGES:
        text = f"`{changes}` names no form that changes are written in: {', '.join(CHANGES)}"
        fail("BACKTEST-CHANGES-02", text, help="end its name so")
    if changes is not None and ray:
        fail("BACKTEST-CHANGES-03", "workers of a cluster give back no cases", help="leave out `--ray` or `--changes`")
    report = import_module(
        "comptroller.entrypoints.cli.backtest_report"
    )  # Arrow takes longer to load than most commands
    raise typer.Exit(report.run(Wanted(folder, against, history, mapping, case, minutes, at, ray, changes, as_json)))
