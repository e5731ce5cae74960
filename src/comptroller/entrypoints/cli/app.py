"""The commands, each a thin form over a use case."""

import logging
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from comptroller.adapters.database import upgrade
from comptroller.adapters.keys import KeyFileError
from comptroller.adapters.mail.catcher import Mailbox
from comptroller.application.act import ActOnTask
from comptroller.application.acting.handing import ClaimTask, ReleaseTask
from comptroller.application.acting.undoing import UndoAct
from comptroller.application.ports.intake import TYPES
from comptroller.application.queries import GetCase, GetTimeline, ListCases, ListTasks
from comptroller.application.responding import GetResponse
from comptroller.application.submit import SubmitDocument
from comptroller.application.verification import VerifyAudit
from comptroller.bootstrap import Platform, SettingsError, build
from comptroller.domain.decisions.record import SEMANTICS
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.money import Money
from comptroller.entrypoints.cli import (
    control,
    decisions,
    feel,
    figures,
    incidents,
    intake,
    jobs,
    ledger,
    messages,
    models,
    payments,
    people,
    policy,
    policy_backtest,
    policy_check,
    policy_history,
    policy_new,
    policy_releases,
    policy_shadow,
    policy_tests,
    process_files,
    processes,
    references,
    tenants,
    workers,
)
from comptroller.entrypoints.cli import demo as demonstration
from comptroller.entrypoints.cli.check import check_files, check_tables
from comptroller.entrypoints.cli.output import (
    EXIT_MEANINGS,
    OUT,
    Exit,
    fail,
    print_facts,
    print_json,
    print_table,
    refuse,
    when,
)
from comptroller.entrypoints.cli.workplace import open_settings, read_file, workplace
from comptroller.entrypoints.loopback import HOST, listen
from comptroller.entrypoints.media_types import refused_media_type
from comptroller.entrypoints.worker import work_forever

LOG = logging.getLogger("comptroller.cli")

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: " + "; ".join(f"{code.value} {meaning}" for code, meaning in EXIT_MEANINGS.items()) + ".",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
document = typer.Typer(no_args_is_help=True, help="Documents.")
case = typer.Typer(no_args_is_help=True, help="Cases.")
task = typer.Typer(no_args_is_help=True, help="Tasks.")
audit = typer.Typer(no_args_is_help=True, help="The audit log.")
_GROUPS = {
    "db": db,
    "tenant": tenants.app,
    "document": document,
    "case": case,
    "task": task,
    "audit": audit,
    "intake": intake.app,
    "ledger": ledger.app,
    "control": control.app,
    "payment": payments.app,
    "incident": incidents.app,
    "job": jobs.app,
    "message": messages.app,
    "person": people.app,
    "reference": references.app,
    "dmn": models.app,
    "policy": policy.app,
    "process": processes.app,
}
for name, group in _GROUPS.items():
    app.add_typer(group, name=name)

policy.app.command("new")(policy_new.new)
policy.app.command("check")(policy_check.check)
policy.app.command("invariants")(policy_check.invariants)
policy.app.command("test")(policy_tests.prove)
policy.app.command("propose")(policy_tests.propose)
for command in ("versions", "pull", "push", "correction", "record", "requests", "sign", "withdraw", "rollback"):
    policy.app.command(command)(getattr(policy_releases, command))
policy.app.command("release", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    policy_releases.release
)
policy.app.command("overrides")(policy_releases.overrides)
policy.app.command("follow-group")(policy_releases.follow_group)
policy.app.command("backtest")(policy_backtest.backtest)
policy.app.command("backtest-cases")(policy_history.start)
policy.app.command("backtest-show")(policy_history.show)
policy.app.command("shadow")(policy_shadow.start)
policy.app.command("shadow-show")(policy_shadow.show)
processes.app.command("check")(process_files.check)
processes.app.command("show")(process_files.show)
processes.app.command("simulate")(process_files.simulate)
app.command("decide")(decisions.decide)
app.command("feel")(feel.feel)
app.command("workers")(workers.workers)
app.command("kpi")(figures.kpi)
app.command("kpi-return")(figures.returns)
app.command("kpi-measure")(figures.measure)
app.command("kpi-measure-show")(figures.measure_show)
app.command("kpi-replay")(figures.replay)
app.command("kpi-replay-show")(figures.replay_show)

DatabaseUrl = Annotated[str, typer.Option("--database-url", help="sqlite:///PATH or postgresql://...")]
Tenant = Annotated[str, typer.Option("--tenant", help="Needed where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
As = Annotated[str, typer.Option("--as", help="The principal who acts.", envvar="COMPTROLLER_AS")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="On the loopback interface; 0 takes a free one.")]


def _tell_version(asked: bool) -> None:
    if asked:
        OUT.print(f"comptroller {version('comptroller')}, decisions by {SEMANTICS}")
        raise typer.Exit


@app.callback()
def comptroller(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the release, and end.")
    ] = False,
) -> None:
    """Policy execution for finance."""


@app.command()
def serve(
    port: Port = 8000,
    database_url: DatabaseUrl = "",
    worker: Annotated[bool, typer.Option(help="Work the outbox in this process too.")] = True,
) -> None:
    """Serve the page and the HTTP interface."""
    with _listener(port) as listener:
        _serve(build(open_settings(database_url)), listener, with_worker=worker)


def _serve(platform: Platform, listener: socket.socket, *, with_worker: bool, mailbox: Mailbox | None = None) -> None:
    from comptroller.entrypoints.http.serving import serve_forever  # noqa: PLC0415 - only who needs it loads it

    serve_forever(platform, listener=listener, with_worker=with_worker, mailbox=mailbox)


def _listener(port: int) -> socket.socket:
    try:
        return listen(port)
    except OSError as error:
        text = f"cannot serve on port {port}: {(error.strerror or str(error)).lower()}"
        fail("SERVE-PORT-01", text, Exit.LATER, help="end what uses it, or name another with --port")


@app.command("worker")
def run_worker(
    database_url: DatabaseUrl = "",
    once: Annotated[bool, typer.Option("--once", help="Do what is due and end.")] = False,
) -> None:
    """Deliver, fire timers, sequence the audit log."""
    platform = build(open_settings(database_url))
    try:
        work_forever(platform.dispatcher, once=once)
    finally:
        platform.close()


@db.command("upgrade")
def db_upgrade(database_url: DatabaseUrl = "", as_json: AsJson = False) -> None:
    """Create the schema or bring it up to date."""
    settings = open_settings(database_url, needs_schema=False)
    upgrade(settings.database_url)
    if as_json:
        print_json({"up_to_date": True})
    else:
        OUT.print("the database is up to date")


@document.command("check")
def document_check(
    paths: list[Path],
    engine: Annotated[str, typer.Option(help="standard, canonical or both")] = "both",
    mapping: Annotated[Path | None, typer.Option(help="A mapping's JSON file, by which tables are read.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check documents against EN 16931: every fault, with its rule and place."""
    if mapping is not None:
        raise typer.Exit(check_tables(paths, mapping, as_json=as_json))
    raise typer.Exit(check_files(paths, engine, as_json=as_json))


@app.command()
def submit(
    path: Path,
    principal: As,
    media_type: Annotated[str, typer.Option(help="Told from the file name when not given.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and forget it.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Hand a document in."""
    content = read_file(path)
    media_type = media_type or TYPES.get(path.suffix.lower(), "application/xml")
    refused = refused_media_type(media_type)
    if refused is not None:
        refuse(refused, as_json=as_json)
    with workplace(database_url, tenant) as place:
        read = place.platform.environment.read_document(content, media_type)
        command = SubmitDocument(content, media_type, read)
        answer = (
            place.rehearse(principal, command, as_json=as_json)
            if dry_run
            else place.run(principal, command, as_json=as_json)
        )
        place.settle()
    _print_answer(answer, as_json=as_json)
    raise typer.Exit(Exit.NO if answer["status"] == "rejected" else Exit.DONE)


def _print_answer(answer: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    print_facts({"case": answer["case_id"], "status": answer["status"], "outcome": answer["outcome"]})
    for reason in answer["reasons"]:
        OUT.print(f"why   {reason['text']} ({reason['code']})", markup=False)
    for waiting in answer["waiting_for"]:
        OUT.print(
            f"next  {waiting['person_or_role']} by {when(waiting['due'])}: task {waiting['task_id']}", markup=False
        )


@case.command("list")
def case_list(
    principal: As,
    status: str = "",
    limit: Annotated[int, typer.Option(min=1, max=limits.PAGE_SIZE_MAX)] = 50,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """List cases, newest first."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListCases(status=status, limit=limit), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    columns = ("case", "~supplier", "number", ">gross", "status", "outcome", "exceptions")
    print_table("", columns, [_case_row(row) for row in answer["cases"]])


def _case_row(row: dict[str, Any]) -> tuple[str, ...]:
    gross = "" if row["gross"] is None else str(Money(row["gross"], row["currency"]))
    exceptions = ", ".join(row["exception_types"])
    return (row["case_id"], row["supplier_name"], row["number"], gross, row["status"], row["outcome"], exceptions)


@case.command("show")
def case_show(
    case_id: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Show a case and its story."""
    with workplace(database_url, tenant) as place:
        shown = place.run(principal, GetCase(case_id), as_json=as_json)
        story = place.run(principal, GetTimeline(case_id), as_json=as_json)
    if as_json:
        print_json({**shown, "timeline": story})
        return
    _print_answer(shown, as_json=False)
    for step in shown["approval_steps"]:
        missing = f", missing {', '.join(step['missing'])}" if step["missing"] else ""
        signed = f"{len(step['signed'])} of {step['needed']} signed, {step['asked']} asked"
        OUT.print(f"sign  {step['title']}: {signed}{missing}", markup=False)
    rows = [(str(e["seq"]), when(e["at"]), e["actor"]["id"], e["type"], _told(e["data"])) for e in story]
    print_table("Story", (">", "when", "who", "what", "~"), rows)


def _told(data: dict[str, Any]) -> str:
    outcome = data.get("outcome")
    if isinstance(outcome, dict):
        return f"{data.get('decision', '')}: {outcome.get('outcome', '')} {outcome.get('text', '')}".strip()
    return ", ".join(f"{name} {value}" for name, value in data.items() if isinstance(value, str) and len(value) < 60)


@case.command("response")
def case_response(
    case_id: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Show what the supplier would be told now, as the document that would be sent; nothing is sent."""
    with workplace(database_url, tenant) as place:
        found = place.run(principal, GetResponse(case_id), as_json=as_json)
    text = found.pop("content").decode()
    if as_json:
        print_json({**found, "document": text})
    else:
        OUT.print(text, markup=False, highlight=False)


@task.command("list")
def task_list(
    principal: As,
    everyone: Annotated[bool, typer.Option("--all", help="Everybody's.")] = False,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """List open tasks."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListTasks(everyone=everyone, limit=200), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (
            t["task_id"],
            t["case"]["supplier_name"],
            t["case"]["number"],
            t["title"],
            t["person"] or t["role"],
            when(t["due"]),
        )
        for t in answer["tasks"]
    ]
    print_table("", ("task", "~supplier", "number", "~what", "who", "due"), rows)


@task.command("claim")
def task_claim(
    task_id: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Take a task that lies with a role."""
    with workplace(database_url, tenant) as place:
        _print_answer(place.run(principal, ClaimTask(task_id), as_json=as_json), as_json=as_json)


@task.command("release")
def task_release(
    task_id: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Give a task that was taken from a role back to it."""
    with workplace(database_url, tenant) as place:
        _print_answer(place.run(principal, ReleaseTask(task_id), as_json=as_json), as_json=as_json)


@task.command("act")
def task_act(
    task_id: str,
    action: str,
    principal: As,
    reason: str = "",
    content_hash: Annotated[str, typer.Option(help="Of what you saw; `task list --json` shows it.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Answer a task: approve, reject, send back, ..."""
    _act(ActOnTask(task_id, action, content_hash, reason), principal, database_url, tenant, as_json=as_json)


@task.command("send-back")
def task_send_back(
    task_id: str,
    step: Annotated[str, typer.Argument(help="The earlier step to be asked again; `case show --json` names them.")],
    principal: As,
    reason: str = "",
    content_hash: Annotated[str, typer.Option(help="Of what you saw; `task list --json` shows it.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Have an earlier step of the approval asked again; its signatures fall, and those of the steps behind it."""
    command = ActOnTask(task_id, "send back", content_hash, reason, to=step)
    _act(command, principal, database_url, tenant, as_json=as_json)


def _act(command: ActOnTask, principal: str, database_url: str, tenant: str, *, as_json: bool) -> None:
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, command, as_json=as_json)
        place.settle()
    _print_answer(answer, as_json=as_json)
    if as_json:
        return
    for line in consequences(answer, command.task_id):
        OUT.print(line, markup=False)


def consequences(answer: Mapping[str, Any], task_id: str) -> Iterator[str]:
    """What came of an answer to a task beside how the case stands: whether it was counted, what fell, when it acts."""
    if not answer.get("applied", True):
        yield "open  it was not counted: what it was asked on has changed; look at the case again"
    for fallen in answer.get("fallen", ()):
        yield f"fell  the signature of {fallen['person']} on {fallen['step']}"
    if answer.get("undo_until"):
        yield f"then  it is carried out by a worker; `task undo {task_id}` takes it back before"


@task.command("undo")
def task_undo(
    task_id: str, principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """Take the last answer back, while it has had no effect."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, UndoAct(task_id), as_json=as_json)
    _print_answer(answer, as_json=as_json)


@audit.command("verify")
def audit_verify(
    principal: Annotated[str, typer.Option("--as", help="The principal who asks.")] = "system",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Recompute the whole audit log and say whether it holds."""
    with workplace(database_url, tenant) as place:
        report = place.run(principal, VerifyAudit(), as_json=as_json).to_json()
    if as_json:
        print_json(report)
    else:
        print_facts(report)
    raise typer.Exit(Exit.DONE if report["ok"] else Exit.NO)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Load and show, without serving the page.")] = False,
    port: Port = 8000,
    database_url: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Found the demonstration company, run its documents through policy and show each beside what is expected.

    With --once or --json the exit code is 1 where anything came otherwise.
    """
    with nullcontext() if once else _listener(port) as listener:
        settings = open_settings(database_url, needs_schema=False)
        upgrade(settings.database_url)
        if listener is None:
            raise typer.Exit(Exit.DONE if demonstration.run(settings, as_json=as_json) else Exit.NO)
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        with demonstration.caught_mails(settings, address) as (settings, mailbox):
            demonstration.run(settings, as_json=as_json)
            _serve(build(settings), listener, with_worker=True, mailbox=mailbox)


def _is_no_text(argument: str) -> bool:
    """Whether an argument came in bytes that are no text: Python keeps them as lone surrogates."""
    return any("\ud800" <= character <= "\udfff" for character in argument)


def main(run: Callable[[], object] = app) -> None:
    """Run the command line; a defect of ours keeps its trace and gets a code that no answer has."""
    for argument in sys.argv[1:]:
        if not argument.isascii() and _is_no_text(argument) and not Path(argument).exists():
            shown = argument.encode(errors="backslashreplace").decode()
            text = f"`{shown}` holds bytes that are no UTF-8"
            fail("ARGUMENT-TEXT-01", text, Exit.USAGE, help="write it in UTF-8; a file may be named as it is")
    try:
        sys.exit(run())  # type: ignore[arg-type]  # the exit code, which the command line ends with itself
    except SettingsError as error:
        fail("SETTINGS-VALUE-01", str(error), Exit.USAGE, help="docs/operate.md lists every setting")
    except KeyFileError as error:
        fail("KEY-FILE-01", str(error), Exit.LATER, help="bring the key file back from its backup")
    except Exception:
        LOG.exception("a command failed")
        fail("DEFECT-01", "something of ours failed", Exit.DEFECT, help="tell the operator, with the lines above")
