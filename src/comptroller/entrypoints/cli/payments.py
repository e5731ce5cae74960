"""Payment runs from the command line; a run is released with `task act`."""

from typing import Annotated, Any

import typer

from comptroller.application.payments.commands import ConfirmPayment, GetPaymentRun, ProposePayments
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Entity, Tenant, money
from comptroller.entrypoints.cli.output import OUT, print_facts, print_json, print_table
from comptroller.entrypoints.cli.workplace import workplace

app = typer.Typer(no_args_is_help=True, help="Payment runs.")


@app.command("propose")
def propose(
    entity: Entity,
    principal: As,
    currency: Annotated[str, typer.Option(help="Of the items; the entity's where it is left out.")] = "",
    pay_on: Annotated[str, typer.Option(help="The day of payment, YYYY-MM-DD; today where it is left out.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what the run would hold, and forget it.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Propose a run with every open item that is ready to be paid."""
    command = ProposePayments(entity, currency, pay_on)
    with workplace(database_url, tenant) as place:
        ask = place.rehearse if dry_run else place.run
        answer = ask(principal, command, as_json=as_json)
    if as_json:
        print_json(answer)
        return
    _show(answer["run"])


@app.command("show")
def show(
    case_id: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Show a run: what is paid, what is held and why, who released it."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetPaymentRun(case_id), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    _show(answer)
    for given in answer["signatures"]:
        OUT.print(f"{given['step']}: {given['person']}", markup=False)


@app.command("confirm")
def confirm(
    payment_id: str,
    outcome: Annotated[str, typer.Argument(help="executed, rejected, or returned.")],
    principal: As,
    on: Annotated[str, typer.Option(help="The day of the bank, YYYY-MM-DD.")] = "",
    reference: Annotated[str, typer.Option(help="The bank's own reference.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Say what the bank did with a payment."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ConfirmPayment(payment_id, outcome, on, reference), as_json=as_json)
    if as_json:
        print_json(answer)
    else:
        print_facts({"payment": answer["payment_id"], "status": answer["status"]})


def _show(run: dict[str, Any]) -> None:
    rows = [
        (item["supplier_name"], item["number"], money(item["amount"]), money(item["discount"]), money(item["paid"]))
        for item in run["items"]
    ]
    title = f"{run['entity']} {run['pay_on']}: {run['currency']} {money(run['total'])}, case {run['case_id']}"
    print_table(title, ("~supplier", "number", ">amount", ">discount", ">paid"), rows)
    for held in run["held"]:
        OUT.print(f"held  {held['number']}: {held['text']} ({held['reason']})", markup=False)
