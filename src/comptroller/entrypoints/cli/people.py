"""People from the command line: who somebody is now, absences, and who stands in."""

from typing import Annotated, Any

import typer

from comptroller.application.people.absences import EndAbsence, RecordAbsence
from comptroller.application.people.delegations import INVOICES, EndDelegation, RecordDelegation
from comptroller.application.people.held_together import ListHeldTogether
from comptroller.application.people.query import GetPerson
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import Exit, print_facts, print_json, print_table
from comptroller.entrypoints.cli.workplace import Workplace, workplace

app = typer.Typer(no_args_is_help=True, help="People: absences, and who stands in.")

Start = Annotated[str, typer.Option("--from", help="The first day, YYYY-MM-DD.")]
Until = Annotated[str, typer.Option(help="The last day, YYYY-MM-DD.")]


@app.command("show")
def show(
    person: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Show who somebody is now, when they are away, and who stands in."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetPerson(person), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    roles, entities = ", ".join(answer["roles"]), ", ".join(answer["entities"])
    print_facts({"person": answer["name"], "roles": roles, "entities": entities, "manager": answer["manager"]})
    absences = [(each["from"], each["until"], _state(each), each["key"]) for each in answer["absences"]]
    print_table("Away", ("from", "until", "state", "key"), absences)
    delegations = [
        (each["to"], each["from"], each["until"], _bounds(each), _state(each), each["key"])
        for each in answer["delegations"]
    ]
    print_table("Stood in for", ("by", "from", "until", "~within", "state", "key"), delegations)


@app.command("conflicts")
def conflicts(principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False) -> None:
    """List who holds duties that belong apart, and through which roles.

    Exit code 1: somebody does.
    """
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListHeldTogether(), as_json=as_json)
    held = answer["held"]
    if as_json:
        print_json(answer)
    else:
        rows = [(each["person"], each["text"]) for each in held]
        print_table("Hold duties that belong apart", ("who", "~what"), rows)
    raise typer.Exit(Exit.NO if held else Exit.DONE)


@app.command("away")
def away(
    person: str,
    start: Start,
    until: Until,
    principal: As,
    unplanned: Annotated[bool, typer.Option("--unplanned", help="Nobody planned it: it begins today.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Put down that a person is away, both days included."""
    with workplace(database_url, tenant) as place:
        _keep(place, principal, RecordAbsence(person, start, until, planned=not unplanned), as_json=as_json)


@app.command("back")
def back(
    person: str,
    key: Annotated[str, typer.Argument(help="Of the absence; `person show` tells it.")],
    principal: As,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """End an absence now."""
    with workplace(database_url, tenant) as place:
        _keep(place, principal, EndAbsence(person, key), as_json=as_json)


@app.command("delegate")
def delegate(  # noqa: PLR0913, PLR0917 - one parameter a bound
    person: str,
    to: Annotated[str, typer.Argument(help="Who stands in.")],
    start: Start,
    until: Until,
    principal: As,
    category: Annotated[list[str] | None, typer.Option(help="Only of this category; may be repeated.")] = None,
    entity: Annotated[list[str] | None, typer.Option(help="Only for this entity; may be repeated.")] = None,
    amount: Annotated[str, typer.Option(help="The most that one signature may be for, in group currency.")] = "",
    may_pass_on: Annotated[bool, typer.Option("--may-pass-on", help="Who stands in may be stood in for.")] = False,
    kind: Annotated[
        list[str] | None, typer.Option(help="Of signatures: approval (invoices, if none is named), release.")
    ] = None,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Put down who stands in for a person; it makes nobody's own authority higher."""
    command = RecordDelegation(
        person,
        to,
        start,
        until,
        tuple(category or ()),
        tuple(entity or ()),
        amount,
        may_pass_on,
        tuple(kind or (INVOICES,)),
    )
    with workplace(database_url, tenant) as place:
        _keep(place, principal, command, as_json=as_json)


@app.command("take-back")
def take_back(
    person: str,
    key: Annotated[str, typer.Argument(help="Of the delegation; `person show` tells it.")],
    principal: As,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """End a delegation now."""
    with workplace(database_url, tenant) as place:
        _keep(place, principal, EndDelegation(person, key), as_json=as_json)


def _keep(place: Workplace, principal: str, command: object, *, as_json: bool) -> None:
    answer = place.run(principal, command, as_json=as_json)
    place.settle()
    if as_json:
        print_json(answer)
    else:
        print_facts({"person": answer["person"], "key": answer["key"], "changed": answer["changed"]})


def _state(record: dict[str, Any]) -> str:
    return "ended" if record["ended"] else "planned" if record.get("planned", True) else "not planned"


def _bounds(record: dict[str, Any]) -> str:
    told = [", ".join(record["entities"]) or "all entities", ", ".join(record["categories"]) or "all categories"]
    told += [f"up to {record['amount']}"] if record["amount"] else []
    told += ["may be passed on"] if record["may_pass_on"] else []
    told += [f"signs {', '.join(record['kinds'])}"] if record["kinds"] != [INVOICES] else []
    return "; ".join(told)
