"""`comptroller policy backtest-cases` and `backtest-show`: a candidate over the tenant's own cases, as a job."""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, assert_never

import typer

from comptroller.application.jobs.backtest import GetBacktest, ListChanged, StartBacktest
from comptroller.application.releasing.history import Candidate
from comptroller.bootstrap import pack_files
from comptroller.domain.packs.backtest import FIGURES, MINUTES_A_SIGNATURE, Unit, otherwise
from comptroller.domain.packs.tally import GROUPS
from comptroller.entrypoints.cli.jobs import progress
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant, money
from comptroller.entrypoints.cli.output import Exit, fail, print_facts, print_json, print_table, say
from comptroller.entrypoints.cli.policy_releases import For
from comptroller.entrypoints.cli.workplace import workplace

HASH_CHARACTERS: Final = 64

LISTED: Final = 12
"""Rows that are listed for people of each group, the largest change first."""


def start(
    candidate: Annotated[str, typer.Argument(help="A pack's folder, a version by its hash, or a draft by its key.")],
    since: Annotated[str, typer.Option("--since", help="The day since which cases were decided, YYYY-MM-DD.")],
    principal: As,
    entity: For = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have a job take the cases decided since a day through a candidate and the version in force.

    One that was stopped goes on when it is asked for again.
    """
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, StartBacktest(candidate_of(candidate, entity), since), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    print_facts({"job": answer["job_id"], "status": answer["status"], "cases": str(answer["total"])})


def show(
    job_id: Annotated[str, typer.Argument(help="The job, as `policy backtest-cases` told it.")],
    principal: As,
    minutes: Annotated[
        int, typer.Option("--minutes", min=0, help="What a signature takes of its giver's time.")
    ] = MINUTES_A_SIGNATURE,
    changes: Annotated[
        Path | None, typer.Option("--changes", help="Write every case that comes out otherwise to this .csv or .jsonl.")
    ] = None,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Tell what a backtest has found so far. Exit code 0: nothing changes; 1: something does."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetBacktest(job_id, minutes), as_json=as_json)
        if changes is not None:
            _write(changes, lambda after: place.run(principal, ListChanged(job_id, after), as_json=as_json))
    if as_json:
        print_json(answer)
    else:
        say(f"{answer['status']}: {progress(answer)} cases looked at")
        tell_findings(answer, GROUPS)
    raise typer.Exit(Exit.NO if answer["figures"]["changed"] else Exit.DONE)


def _write(path: Path, page: Callable[[str], Mapping[str, Any]]) -> None:
    """Write the cases of all pages as lines of JSON, or as CSV."""
    from comptroller.entrypoints.web.spreadsheet import (  # noqa: PLC0415 - workbooks take long to load
        CHANGED,
        changed_pages,
        csv_lines,
    )

    cases = changed_pages(page)
    lines = (f"{json.dumps(case, default=str, ensure_ascii=False)}\n" for case in cases)
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(CHANGED, cases) if path.suffix == ".csv" else lines)
    except OSError as error:
        fail("BACKTEST-CHANGES-01", f"`{path}` cannot be written: {error}", Exit.REFUSED)


def candidate_of(text: str, entity: str) -> Candidate:
    """What is meant: a folder, a version's hash or a draft's key; and whose it is to be."""
    if Path(text).is_dir():
        return Candidate(files=pack_files(Path(text)), entity=entity)
    is_hash = len(text) == HASH_CHARACTERS
    return Candidate(version=text if is_hash else "", draft="" if is_hash else text, entity=entity)


def tell_findings(answer: dict[str, Any], groups: Sequence[str]) -> None:
    """Tell what two versions make of the cases: the figures, the groups, the cases that change."""
    figures = answer["figures"]

    def amount(minor: int) -> str:
        return f"{answer['currency']} {money(Decimal(minor).scaleb(-answer['amount_scale']))}"

    of = f"{amount(figures['changed_amount'])} of {amount(figures['amount'])}"
    say(f"{otherwise(figures)}: {of}")
    rows = figure_rows(figures["before"], figures["after"], answer["minutes_a_signature"], amount)
    print_table("", ("", ">in force", ">candidate"), rows)
    for group in groups:
        parts = sorted(answer[f"by_{group}"].items(), key=lambda part: -abs(part[1]["changed_amount"]))
        listed = [(name, f"{of['changed']:,}", amount(of["changed_amount"])) for name, of in parts if of["changed"]]
        if listed:
            print_table(f"by {group}", (group, ">cases", ">amount"), listed[:LISTED])
            if len(listed) > LISTED:
                say(f"and {len(listed) - LISTED:,} more: see `--json`")
    cases = [
        (each["case_id"], each["number"], amount(each["amount"]), _course(each["before"]), _course(each["after"]))
        for each in answer["changed"]
    ]
    if cases:
        print_table("what changes", ("case", "document", ">amount", "~from", "~to"), cases)


def figure_rows(
    before: Mapping[str, Any], after: Mapping[str, Any], minutes: int, amount: Callable[[int], str]
) -> list[tuple[str, str, str]]:
    """The figures of two versions in words and digits; `amount` tells minor units."""

    def told(value: Any, unit: Unit) -> str:
        match unit:
            case Unit.MINUTES:
                return f"{value / 60:,.1f}"
            case Unit.HOURS:
                return f"{Decimal(value):,.0f}"
            case Unit.MONEY:
                return amount(int(Decimal(value)))
            case Unit.COUNT:
                return f"{value:,}"
            case _:
                assert_never(unit)

    return [
        (
            f"{title}, {minutes} min a signature" if unit is Unit.MINUTES else title,
            told(before[name], unit),
            told(after[name], unit),
        )
        for name, (title, unit) in FIGURES.items()
    ]


def _course(side: Mapping[str, Any]) -> str:
    steps = f" by {', '.join(side['steps'])}" if side["steps"] else ""
    breach = f" ({side['breach']})" if side["breach"] else ""
    return f"{side['way']}{steps}{breach}"
