"""What is stuck, and its repair, from the command line."""

import json
from typing import Annotated, Any

import typer

from comptroller.application.jobs.repairs import StartRepairs
from comptroller.application.repairing import ListIncidents
from comptroller.application.repairing_many import (
    KINDS,
    Chosen,
    FindChosen,
    RepairCases,
    order_for,
    repair_cases,
)
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import OUT, Exit, print_facts, print_json, print_table, refuse
from comptroller.entrypoints.cli.workplace import Workplace, workplace

app = typer.Typer(no_args_is_help=True, help="Cases that are stuck.")

Kind = Annotated[str, typer.Option("--repair", help=f"What is done about it: {', '.join(KINDS)}.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the case.")]
ToNode = Annotated[str, typer.Option("--to", help="Move back: the step to begin again at.")]
Correct = Annotated[str, typer.Option("--set", help="Correct: the variables, a JSON object.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and forget it.")]


@app.command("list")
def list_(principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False) -> None:
    """What is stuck by cause, the oldest first."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListIncidents(), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (each["process"], each["version"][:12], each["node"], each["code"], str(each["cases"]), each["message"])
        for each in answer["incidents"]
    ]
    print_table("", ("process", "version", "step", "code", ">cases", "~what happened"), rows)
    if not rows:
        OUT.print("nothing is stuck")


@app.command("cases")
def cases(
    cause: Annotated[str, typer.Argument(help="PROCESS[/VERSION[/STEP[/CODE]]], as `incident list --json` says.")],
    principal: As,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """All cases of a cause, the newest first; without a code the open ones there."""
    process, version, node, code = (cause.split("/") + [""] * 4)[:4]
    found: list[str] = []
    after = ""
    with workplace(database_url, tenant) as place:
        while True:
            answer = place.run(principal, FindChosen(Chosen((), process, version, node, code), after), as_json=as_json)
            found += answer["cases"]
            after = answer["next"]
            if not after:
                break
    if as_json:
        print_json({"cases": found})
    else:
        print_table("", ("case",), [(each,) for each in found])


@app.command("repair")
def repair(  # noqa: PLR0913, PLR0917 - the options of the command
    case_id: str,
    kind: Kind,
    reason: Reason,
    principal: As,
    to_node: ToNode = "",
    correct: Correct = "",
    dry_run: DryRun = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Repair one case."""
    wish = RepairCases(Chosen((case_id,)), kind, reason, to_node, variables_of(correct))
    with workplace(database_url, tenant) as place:
        ask = place.rehearse if dry_run else place.run
        answer = ask(principal, order_for(wish, case_id), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    print_facts({"case": answer["case_id"], "status": answer["status"], "outcome": answer["outcome"]})


@app.command("repair-all")
def repair_all(  # noqa: PLR0913, PLR0917 - the options of the command
    kind: Kind,
    reason: Reason,
    principal: As,
    cause: Annotated[str, typer.Argument(help="PROCESS[/VERSION[/STEP[/CODE]]], as `incident list --json` says.")] = "",
    case: Annotated[list[str] | None, typer.Option("--case", help="A case by name; may be given again.")] = None,
    to_node: ToNode = "",
    correct: Correct = "",
    dry_run: DryRun = False,
    job: Annotated[bool, typer.Option("--job", help="Have a job do it; `comptroller job show` tells.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Repair many cases, each by itself; one that is refused keeps no other back. Exit code 1: some were refused."""
    process, version, node, code = (cause.split("/") + [""] * 4)[:4]
    chosen = Chosen(tuple(case or ()), process, version, node, code)
    wish = RepairCases(chosen, kind, reason, to_node, variables_of(correct), dry_run)
    with workplace(database_url, tenant) as place:
        if job:
            started: Any = place.run(principal, StartRepairs(wish), as_json=as_json)
            if as_json:
                print_json(started)
            else:
                print_facts({"job": started["job_id"], "status": started["status"], "cases": str(started["total"])})
            return
        told = _all(place, principal, wish, as_json=as_json)
    if as_json:
        print_json({"repaired": sum("code" not in each for each in told), "cases": told})
    else:
        rows = [(each["case_id"], each.get("outcome") or f"{each['code']} {each['message']}") for each in told]
        print_table("", ("case", "~what became of it"), rows)
    raise typer.Exit(Exit.NO if any("code" in each for each in told) or not told else Exit.DONE)


def _all(place: Workplace, principal: str, wish: RepairCases, *, as_json: bool) -> list[dict[str, Any]]:
    """Page by page, to the end."""
    told: list[dict[str, Any]] = []
    after = ""
    while True:
        answer = repair_cases(place.platform.dispatcher, place.tenant, principal, wish, after=after)
        if isinstance(answer, Rejection):
            refuse(answer, as_json=as_json)
        told += answer["cases"]
        after = answer["next"]
        if not after:
            return told


def variables_of(text: str, option: str = "--set") -> dict[str, Any]:
    """The variables that are typed; wrong use where they are no JSON object."""
    try:
        found = json.loads(text or "{}", parse_float=lambda number: {"@number": number})
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise typer.BadParameter('write a JSON object such as {"waiting time": "cleared"}', param_hint=option)
    return found
