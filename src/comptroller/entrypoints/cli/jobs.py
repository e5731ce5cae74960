"""Long jobs from the command line: which there are, and how far one has come."""

import time
from typing import Annotated, Any, Final

import typer

from comptroller.application.jobs.job import GetJob, ListJobs
from comptroller.application.jobs.stopping import StopJob
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import ERRORS, OUT, Exit, print_facts, print_json, print_table
from comptroller.entrypoints.cli.workplace import workplace

app = typer.Typer(no_args_is_help=True, help="Long jobs: bulk intake, migrations, repairs, backtests, shadows.")

OVER: Final = frozenset({"done", "stopped", "refused", "given up"})
LOOK_S: Final = 1.0
"""Seconds between two looks at a job that is waited for."""


@app.command("list")
def list_(principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False) -> None:
    """The newest long jobs, what was asked for last first."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListJobs(), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (each["job_id"], each["kind"], each["status"], progress(each), each["asked_by"], each["message"])
        for each in answer["jobs"]
    ]
    print_table("", ("job", "kind", "status", ">done", "asked by", "~what happened"), rows)
    if not rows:
        OUT.print("there is no long job")


@app.command("show")
def show(
    job_id: str,
    principal: As,
    wait: Annotated[bool, typer.Option("--wait", help="Until it is over; a worker has to run.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """One job. Exit code 1: it was refused or given up."""
    with workplace(database_url, tenant) as place:
        answer: Any = place.run(principal, GetJob(job_id), as_json=as_json)
        while wait and answer["status"] not in OVER:
            ERRORS.print(progress(answer))
            time.sleep(LOOK_S)
            answer = place.run(principal, GetJob(job_id), as_json=as_json)
    if as_json:
        print_json(answer)
    else:
        told = {name: str(value) for name, value in answer["told"].items() if not isinstance(value, list)}
        facts = {"job": answer["job_id"], "kind": answer["kind"], "status": answer["status"]}
        happened = {"what happened": answer["message"]} if answer["message"] else {}
        print_facts({**facts, "done": progress(answer), **told, **happened})
    raise typer.Exit(Exit.NO if answer["status"] in {"refused", "given up"} else Exit.DONE)


@app.command("stop")
def stop(
    job_id: str,
    reason: Annotated[str, typer.Option(help="Why; kept with the job.")],
    principal: As,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have a job begin nothing more; what is done stays."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, StopJob(job_id, reason), as_json=as_json)
    if as_json:
        print_json(answer)
    else:
        print_facts({"job": answer["job_id"], "status": answer["status"], "done": progress(answer)})


def progress(job: dict[str, Any]) -> str:
    """How far a job has come."""
    return f"{job['done']} of {job['total']}" if job["total"] else str(job["done"])
