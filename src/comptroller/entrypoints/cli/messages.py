"""Messages to cases from the command line, as an outside system would send them."""

from typing import Annotated

import typer

from comptroller.application.messages import SendMessage
from comptroller.entrypoints.cli.incidents import variables_of
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant
from comptroller.entrypoints.cli.output import print_facts, print_json
from comptroller.entrypoints.cli.workplace import workplace

app = typer.Typer(no_args_is_help=True, help="Messages to cases.")


@app.command("send")
def send(  # noqa: PLR0913 - the options of the command
    name: str,
    *,
    key: Annotated[str, typer.Option("--key", help="Which case is meant: what it awaits the message under.")],
    principal: As,
    carries: Annotated[str, typer.Option("--carries", help="What it carries, a JSON object.")] = "",
    entity: Annotated[
        str, typer.Option("--entity", help="Whose a case is that it begins; without one it begins none.")
    ] = "",
    once: Annotated[str, typer.Option("--once", help="A key of this sending: again under it, it is told once.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Tell the cases that await a message under a key, or begin one."""
    said = variables_of(carries, "--carries")
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, SendMessage(name, key, said, entity), as_json=as_json, key=once)
        place.settle()
    if as_json:
        print_json(answer)
    else:
        print_facts({"message": answer["message_id"], "status": answer["status"]})


@app.callback()
def messages() -> None:
    """Messages to cases."""
