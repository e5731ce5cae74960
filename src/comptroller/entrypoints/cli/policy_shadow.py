"""`comptroller policy shadow` and `shadow-show`: a candidate decides beside the version in force, without effect."""

from typing import Annotated

import typer

from comptroller.application.jobs.shadow import GROUPS, GetShadow, StartShadow
from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import Exit, print_facts, print_json, say
from comptroller.entrypoints.cli.policy_history import candidate_of, tell_findings
from comptroller.entrypoints.cli.policy_releases import For
from comptroller.entrypoints.cli.workplace import workplace


def start(
    candidate: Annotated[str, typer.Argument(help="A pack's folder, a stored version by its hash, or a draft's key.")],
    principal: As,
    entity: For = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have a candidate decide beside the version in force, for every case that is judged from now on.

    It has no effect on a case, and ends once another version is in force, or by `comptroller job stop`.
    """
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, StartShadow(candidate_of(candidate, entity)), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    print_facts({"job": answer["job_id"], "status": answer["status"]})


def show(
    job_id: Annotated[str, typer.Argument(help="The job, as `policy shadow` told it.")],
    principal: As,
    minutes: Annotated[
        int, typer.Option("--minutes", min=0, help="What a signature takes of its giver's time.")
    ] = MINUTES_A_SIGNATURE,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Tell what a shadow has seen so far. Exit code 0: nothing comes out otherwise; 1: something does."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetShadow(job_id, minutes), as_json=as_json)
    if as_json:
        print_json(answer)
    else:
        why = {"": "", "time": ", its days are over", "released": ", it is in force itself"}
        ends = why.get(answer["ends"], ", another version is in force")
        say(f"{answer['status']}{ends}: judgements until {answer['seen_until']}")
        tell_findings(answer, GROUPS)
    raise typer.Exit(Exit.NO if answer["figures"]["changed"] else Exit.DONE)
