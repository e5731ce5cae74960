"""Processes from the command line: the versions that cases run by, and the move of running cases between them."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from comptroller.application.jobs.migration import StartMigration
from comptroller.application.migrating.bulk import MigrateCases, progress
from comptroller.application.migrating.case import MigrateCase
from comptroller.application.migrating.plan import PlanMigration
from comptroller.application.migrating.versions import ListVersions, Move
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import ERRORS, OUT, Exit, fail, print_facts, print_json, print_table, refuse
from comptroller.entrypoints.cli.workplace import workplace

app = typer.Typer(no_args_is_help=True, help="Processes.")

Process = Annotated[str, typer.Argument(help="The process, such as invoice.")]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", help="OLD=NEW: a node that goes elsewhere than proposed; NEW empty: nowhere."),
]
To = Annotated[str, typer.Option("--to", help="The policy version to go to, by its hash; the one in force if none.")]
Reason = Annotated[str, typer.Option(help="Why; recorded with each case.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Try each case and forget it.")]


@app.command("versions")
def versions(
    process: Process, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """The version in force and those that open cases run by."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListVersions(process), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (each["policy"], each["version"], "in force" if each["is_in_force"] else "", str(each["cases"]))
        for each in answer["versions"]
    ]
    print_table(answer["name"], ("policy", "version", "", ">open cases"), rows)


@app.command("migrate-case")
def migrate_case(
    case_id: str,
    principal: As,
    reason: Reason,
    to: To = "",
    dry_run: DryRun = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have one case go on by another version of its process, by the mapping that goes without saying."""
    with workplace(database_url, tenant) as place:
        ask = place.rehearse if dry_run else place.run
        answer = ask(principal, MigrateCase(case_id, reason, to), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    told = {"case": case_id, "from": answer["from_policy"], "to": answer["to_policy"], "status": answer["status"]}
    print_facts(told | {"done": "no, only tried" if dry_run else "yes"})


@app.command("migrate")
def migrate(  # noqa: PLR0913 - the options of the command
    process: Process,
    principal: As,
    *,
    leaving: Annotated[str, typer.Option("--from", help="The policy version whose open cases move, by its hash.")],
    reason: Reason,
    to: To = "",
    maps: Maps = None,
    entity: Annotated[str, typer.Option(help="Only this entity's cases.")] = "",
    node: Annotated[str, typer.Option(help="Only cases that stand on this node.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many cases.")] = 1_000_000,
    dry_run: DryRun = False,
    job: Annotated[bool, typer.Option("--job", help="Have a worker move them all, or try them all.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Move the open cases of a version, each for itself; run it again to go on. Exit code 1: some stay."""
    move = Move(process, leaving, to, None, entity, node)
    with workplace(database_url, tenant) as place:
        plan = place.run(principal, PlanMigration(move), as_json=as_json)
        move = Move(process, leaving, to, _mapping(plan["nodes"], maps or ()), entity, node)
        if job:
            started = place.run(principal, StartMigration(move, reason, dry_run), as_json=as_json)
            if as_json:
                print_json(started)
            else:
                OUT.print(f"see `comptroller job show {started['job_id']}`", markup=False)
            return
        wish = MigrateCases(move, reason, limit, is_trial=dry_run)
        answer: dict[str, Any] = {}
        for done in progress(place.platform.dispatcher, place.tenant, principal, wish):
            if isinstance(done, Rejection):
                refuse(done, as_json=as_json)
            answer = done
            ERRORS.print(f"{done['cases']} of {plan['cases']}: {done['migrated']} moved, {done['stayed']} stay")
        place.settle()
    if as_json:
        print_json(answer | {"dry_run": dry_run})
    else:
        _show(answer, dry_run=dry_run)
    raise typer.Exit(Exit.NO if answer["stayed"] else Exit.DONE)


def _mapping(proposed: Sequence[dict[str, Any]], maps: Sequence[str]) -> dict[str, str]:
    """The proposal with what is wished otherwise."""
    wished = {}
    for text in maps:
        node, is_pair, target = text.partition("=")
        if not is_pair:
            fail("MIGRATE-MAP-04", f"`{text}` is no pair of nodes", help="write --map OLD=NEW")
        wished[node] = target
    nodes = {each["node"]: each["to"] for each in proposed} | wished
    return {node: target for node, target in nodes.items() if target}


def _show(answer: dict[str, Any], *, dry_run: bool) -> None:
    OUT.print(f"{answer['migrated']} {'would move' if dry_run else 'moved'}, {answer['stayed']} stay", markup=False)
    rows = [
        (each["code"], each["node"], each["message"], str(each["cases"]), " ".join(each["of"]))
        for each in answer["cannot"]
    ]
    if rows:
        print_table("", ("code", "node", "~why", ">cases", "~such as"), rows)
    each = [(case["case_id"], case.get("code") or "would move") for case in answer.get("of_each", ())]
    if each:
        print_table("", ("case", "~what would become of it"), each)
