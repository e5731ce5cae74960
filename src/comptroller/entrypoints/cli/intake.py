"""`intake`: mails, a mailbox, and a folder that is watched.

A file or mail is moved only after what became of it is recorded, so that a command which is killed finds it again.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller.adapters.mail_intake import Mailbox, MailboxError, MailboxServer
from comptroller.application.intake import incoming_file, incoming_mail, take_in, take_in_later
from comptroller.application.intake_records import FinishIntake, Incoming, ListIntake, RegisterIntake
from comptroller.application.ports.intake import TYPES
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.cli.output import OUT, Exit, fail, print_json, print_table, refuse, when
from comptroller.entrypoints.cli.workplace import Workplace, read_file, workplace

app = typer.Typer(no_args_is_help=True, help="What comes in by mail, from a folder, as a table.")

As = Annotated[str, typer.Option("--as", help="The principal who takes in.", envvar="COMPTROLLER_AS")]
Entity = Annotated[str, typer.Option(help="Whose mailbox or folder it is, for what does not say it.")]
MappingName = Annotated[str, typer.Option("--mapping", help="The saved mapping by which tables are read.")]
Once = Annotated[bool, typer.Option("--once", help="Take in what is there and end.")]
Every = Annotated[int, typer.Option(min=1, max=86_400, help="Seconds between two looks.")]
DatabaseUrl = Annotated[str, typer.Option("--database-url", help="sqlite:///PATH or postgresql://...")]
Tenant = Annotated[str, typer.Option("--tenant", help="Needed where there are several.")]
ByJob = Annotated[bool, typer.Option("--job", help="Keep it and have a worker take it in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one object a file or mail.")]

UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart")
MAIL_SUFFIX: Final = ".eml"


@app.command("file")
def take_file(
    path: Path,
    principal: As,
    mapping: MappingName = "",
    entity: Entity = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    job: ByJob = False,
    as_json: AsJson = False,
) -> None:
    """Take in one file: a document, or a table of documents by a mapping."""
    if job:
        _take_later(path, principal, mapping, entity, database_url, tenant, as_json=as_json)
    else:
        _take_one(path, principal, mapping, entity, database_url, tenant, as_json=as_json)


@app.command("mail")
def take_mail(
    path: Path,
    principal: As,
    mapping: MappingName = "",
    entity: Entity = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Take in one mail from an .eml file: each attachment that is a document is handed in."""
    _take_one(path, principal, mapping, entity, database_url, tenant, as_json=as_json)


def _take_one(
    path: Path, principal: str, mapping: str, entity: str, database_url: str, tenant: str, *, as_json: bool
) -> None:
    content = read_file(path)
    with workplace(database_url, tenant) as place:
        answer = _taken(place, principal, _incoming(place, path.name, content, "file", entity, mapping))
        place.settle()
    if isinstance(answer, Rejection):
        refuse(answer, as_json=as_json)
    _print(answer, as_json=as_json)
    raise typer.Exit(Exit.NO if answer["status"] == "failed" else Exit.DONE)


def _take_later(
    path: Path, principal: str, mapping: str, entity: str, database_url: str, tenant: str, *, as_json: bool
) -> None:
    """Keep a file and tell which job takes it in; a worker has to run."""
    content = read_file(path)
    with workplace(database_url, tenant) as place:
        incoming = _incoming(place, path.name, content, "file", entity, mapping)
        answer = take_in_later(place.platform.dispatcher, place.tenant, principal, incoming)
    if isinstance(answer, Rejection):
        refuse(answer, as_json=as_json)
    if "job_id" not in answer:  # it was taken in before
        _print(answer, as_json=as_json)
    elif as_json:
        print_json(answer)
    else:
        OUT.print(f"{answer['name']}: kept; see `comptroller job show {answer['job_id']}`", markup=False)


def _incoming(place: Workplace, name: str, content: bytes, channel: str, entity: str, mapping: str) -> Incoming:
    suffix = Path(name.lower()).suffix
    if suffix == MAIL_SUFFIX:
        how = "mail" if channel == "file" else channel
        environment = place.platform.environment
        return incoming_mail(environment, content, name=name, channel=how, entity=entity, mapping=mapping)
    media_type = TYPES.get(suffix, "application/octet-stream")
    return incoming_file(content, name=name, media_type=media_type, channel=channel, entity=entity, mapping=mapping)


def _taken(place: Workplace, principal: str, incoming: Incoming) -> Any:
    return take_in(place.platform.dispatcher, place.tenant, principal, incoming)


@app.command("folder")
def take_folder(  # noqa: PLR0913, PLR0917 - the options of the command
    path: Path,
    principal: As,
    mapping: MappingName = "",
    entity: Entity = "",
    once: Once = False,
    every: Every = 10,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Take in every file of a folder; each is moved to `done` or `failed`, the reason beside it."""
    if not path.is_dir():
        fail("INTAKE-FOLDER-01", f"`{path}` is no folder", Exit.NOT_FOUND)
    with workplace(database_url, tenant) as place:

        def look() -> int:
            files = [file for file in sorted(path.iterdir()) if _is_whole(file)]
            return sum(_take_from_folder(place, principal, file, entity, mapping, as_json=as_json) for file in files)

        _repeat(place, look, once=once, every=every)


def _is_whole(file: Path) -> bool:
    """Whether a file may be taken: no link, and no longer being written as far as its name says."""
    return file.is_file() and not file.is_symlink() and not file.name.startswith(".") and file.suffix not in UNFINISHED


def _take_from_folder(
    place: Workplace, principal: str, file: Path, entity: str, mapping: str, *, as_json: bool
) -> bool:
    content = read_file(file)
    incoming = _incoming(place, file.name, content, "folder", entity, mapping)
    answer = _taken(place, principal, replace(incoming, received_at=_put_there(file)))
    is_rejected = isinstance(answer, Rejection)
    failed = is_rejected or answer["status"] == "failed"
    told = {"code": answer.code, "message": answer.message} if isinstance(answer, Rejection) else answer
    folder = file.parent / ("failed" if failed else "done")
    folder.mkdir(exist_ok=True)
    target = _free(folder / file.name)
    reasons = told if is_rejected else {"status": told["status"], "results": told["results"]}
    target.with_name(f"{target.name}.reason.json").write_text(json.dumps(reasons, indent=1, ensure_ascii=False))
    file.rename(target)
    if not is_rejected:
        _print(answer, as_json=as_json)
    elif as_json:
        print_json({"name": file.name, "status": "failed", **told})
    else:
        OUT.print(f"{file.name}: failed, {told['message']} ({told['code']})", markup=False)
    return bool(failed)


def _put_there(file: Path) -> datetime:
    """When a file came to lie in its folder: as the file system says, which no copying program can set."""
    return datetime.fromtimestamp(file.stat().st_ctime, UTC)


def _free(path: Path) -> Path:
    """A path that nothing is at: a file of the same name that came earlier stays."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


@app.command("mailbox")
def take_mailbox(
    principal: As,
    mapping: MappingName = "",
    entity: Entity = "",
    once: Once = False,
    every: Every = 60,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Take in the mails of the mailbox in COMPTROLLER_INTAKE_MAILBOX_URL; each is moved to `Done` or `Failed`."""
    with workplace(database_url, tenant) as place:
        try:
            server = MailboxServer.read(place.platform.settings.intake_mailbox_url)
            _repeat(
                place,
                lambda: _take_from_mailbox(place, principal, server, entity, mapping, as_json=as_json),
                once=once,
                every=every,
            )
        except MailboxError as error:
            fail("INTAKE-MAILBOX-01", str(error), Exit.LATER, help="see COMPTROLLER_INTAKE_MAILBOX_URL")


def _take_from_mailbox(
    place: Workplace, principal: str, server: MailboxServer, entity: str, mapping: str, *, as_json: bool
) -> int:
    failures = 0
    with Mailbox(server) as mailbox:
        for mail in mailbox.mails():
            environment = place.platform.environment
            incoming = incoming_mail(environment, mail.content, name=f"{mail.uid}.eml", entity=entity, mapping=mapping)
            incoming = replace(incoming, received_at=mail.received_at)
            answer = _taken(place, principal, incoming) if mail.is_whole else _too_large(place, principal, incoming)
            failed = isinstance(answer, Rejection) or answer["status"] == "failed"
            mailbox.settle(mail.uid, failed=failed)
            failures += failed
            if isinstance(answer, Rejection):
                OUT.print(f"mail {mail.uid}: failed, {answer.message} ({answer.code})", markup=False)
            else:
                _print(answer, as_json=as_json)
    return failures


def _too_large(place: Workplace, principal: str, incoming: Incoming) -> Any:
    """Register a mail that is not read, by its headers, so that somebody sees it."""
    registered = place.run(principal, RegisterIntake(incoming), as_json=False)
    message = f"the mail is larger than {limits.BATCH_BYTES_MAX // 1_048_576} MiB and stays in the folder Failed"
    result = {"part": incoming.name, "code": "INTAKE-SIZE-01", "message": message}
    return place.run(principal, FinishIntake(registered["intake_id"], (result,)), as_json=False)


def _repeat(place: Workplace, look: Callable[[], int], *, once: bool, every: int) -> None:
    """Look once, or again and again until the process is ended."""
    while True:
        failures = look()
        place.settle()
        if once:
            raise typer.Exit(Exit.NO if failures else Exit.DONE)
        time.sleep(every)


@app.command("list")
def intake_list(
    principal: As,
    status: Annotated[str, typer.Option(help="failed, open or done")] = "failed",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """List what came in and could not be dealt with."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListIntake(status), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (when(each["received_at"]), each["channel"], each["sender"], each["name"], _reasons(each))
        for each in answer["intake"]
    ]
    print_table("", ("came in", "by", "from", "name", "~why"), rows)


def _reasons(answer: dict[str, Any]) -> str:
    return "; ".join(f"{r['part']}: {r['message']} ({r['code']})" for r in answer["results"] if r.get("code"))


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    again = ", known already" if answer.get("known") else ""
    OUT.print(f"{answer['name']}: {answer['status']}{again}", markup=False)
    for result in answer["results"]:
        what = (
            f"{result['message']} ({result['code']})"
            if result.get("code")
            else f"{result['outcome']} {result.get('record', '')}".rstrip()
        )
        OUT.print(f"  {result['part']}: {what} {result.get('case_id', '')}".rstrip(), markup=False)
