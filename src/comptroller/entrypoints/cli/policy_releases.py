"""`comptroller policy versions`, `pull`, `push`, `sign`, `rollback`: files in git and the platform, the same bytes."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller.application.act import ActOnTask
from comptroller.application.open_tasks import OpenTasks
from comptroller.application.presenting.policies.outcomes import said
from comptroller.application.releasing.queries import (
    GetPolicyRequest,
    GetPolicyVersion,
    ListOverrides,
    ListPolicyRequests,
    ListPolicyVersions,
)
from comptroller.application.releasing.requests import (
    CheckPolicy,
    CorrectPolicy,
    FollowGroup,
    ProposePolicy,
    RollBackPolicy,
    WithdrawPolicy,
)
from comptroller.application.releasing.scope import Scope
from comptroller.application.studio.recording import RecordExample
from comptroller.bootstrap import pack_files
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.backtest import otherwise
from comptroller.domain.packs.timeline import BEGINNING, WHOLE
from comptroller.entrypoints.cli.ledger import As, AsJson, DatabaseUrl, Tenant, money
from comptroller.entrypoints.cli.output import (
    ERRORS,
    Exit,
    fail,
    print_facts,
    print_json,
    print_table,
    refuse,
    say,
    when,
)
from comptroller.entrypoints.cli.workplace import read_pack, workplace

Reason = Annotated[str, typer.Option(help="Why, in a sentence.")]
Folder = Annotated[Path, typer.Argument(help="The folder of the pack.")]
For = Annotated[str, typer.Option("--entity", help="Whose version; the group's where it is left out.")]

SENT_BACK: Final = frozenset({"returned", "rejected"})
"""How a request stands that will not be put in force."""


def versions(principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False) -> None:
    """List what was put in force, newest first: from which day it counts, who signed it, by which request."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListPolicyVersions(), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (
            each["entity"] or "group",
            each["version"][:12] or "the group's",
            each["valid_from"] if date.fromisoformat(each["valid_from"]) != BEGINNING else "the beginning",
            each["way"] if each["share"] == WHOLE else f"{each['way']}, {each['share']} %",
            ", ".join(each["signed_by"]),
            each["case_id"],
            each["title"],
        )
        for each in answer["versions"]
    ]
    print_table("", ("for", "version", "counts from", "by", "signed by", "request", "~title"), rows)


def overrides(
    principal: As, entity: For = "", database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False
) -> None:
    """List the entities that decide otherwise than the group, and in what; with --entity also what that means."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListOverrides(entity), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (each["entity"], each["version"][:12], each["base"][:12], each["case_id"], ", ".join(each["overrides"]))
        for each in answer["entities"]
    ]
    print_table("", ("entity", "version", "builds on", "request", "overrides"), rows)
    for text in (text for each in answer["entities"] for text in each.get("difference", ())):
        say(f"differs  {text}")


def pull(  # noqa: PLR0913, PLR0917 - the options of the command
    folder: Folder,
    principal: As,
    version: Annotated[str, typer.Option(help="By its hash; what is in force where it is left out.")] = "",
    as_of: Annotated[str, typer.Option(help="What counted on this day, YYYY-MM-DD.")] = "",
    known_at: Annotated[str, typer.Option(help="As it was known at this moment, RFC 3339.")] = "",
    entity: For = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Write a version's files into a folder, byte for byte; files of the pack that it does not have are removed."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, GetPolicyVersion(version, as_of, known_at, entity), as_json=as_json)
    files: dict[str, str] = answer["files"]
    others = pack_files(folder).keys() - files.keys() if folder.is_dir() else set[str]()
    if others and not (folder / "pack.toml").is_file():
        fail("PACK-PULL-01", f"`{folder}` is not empty and no pack", Exit.USAGE, help="name another folder")
    for path in others:
        (folder / path).unlink()
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    facts = {"version": answer["version"], "files": len(files), "removed": sorted(others)}
    if as_json:
        print_json(facts)
    else:
        print_facts({"version": answer["version"], "files": f"{len(files)} in {folder}"})


def push(  # noqa: PLR0913, PLR0917 - the options of the command
    folder: Folder,
    principal: As,
    title: Annotated[str, typer.Option(help="What changes, in a sentence.")],
    valid_from: Annotated[str, typer.Option(help="The day from which it counts; as soon as it is signed else.")] = "",
    emergency: Annotated[bool, typer.Option("--emergency", help="In force by one signature, reviewed later.")] = False,
    entity: For = "",
    keep: Annotated[
        list[str] | None,
        typer.Option(help="Where both changed a part, the entity's counts: FR:price tolerance, FR."),
    ] = None,
    take: Annotated[list[str] | None, typer.Option(help="Where both changed a part, the group's counts.")] = None,
    begin: Annotated[
        list[str] | None, typer.Option("--begin-with", help="An entity with which it begins; with all else.")
    ] = None,
    share: Annotated[int, typer.Option(min=1, max=WHOLE, help="Percent of the cases that begin.")] = WHOLE,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Check a pack against the version in force, store it and ask for its release.

    With --entity it is that entity's version, and differs from the group's only in what an entity may override. With
    --begin-with or --share it counts for some of the cases that begin, until it is pushed without them, or rolled back.
    Exit code 1: it does not pass its checks, and nobody is asked to sign it.
    """
    files = read_pack(folder)
    scope = Scope(entity, tuple(keep or ()), tuple(take or ()), tuple(begin or ()), share)
    command = ProposePolicy(title, files, valid_from, emergency, scope=scope)
    with workplace(database_url, tenant) as place:
        checked = place.run(principal, CheckPolicy(files, scope), as_json=as_json)  # takes seconds, holds nobody up
        if not as_json:
            _tell_check(checked)
        answer = place.run(principal, command, as_json=as_json)
    _tell_request(answer, as_json=as_json, known=checked["stops"])
    raise typer.Exit(Exit.NO if answer["status"] in SENT_BACK else Exit.DONE)


def follow_group(
    entity: Annotated[str, typer.Argument(help="The entity.")],
    principal: As,
    title: Annotated[str, typer.Option(help="Why, in a sentence.")],
    valid_from: Annotated[str, typer.Option(help="The day from which it counts; as soon as it is signed else.")] = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Ask that an entity decides as the group does again: what it overrides ends with it."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, FollowGroup(entity, title, valid_from), as_json=as_json)
    _tell_request(answer, as_json=as_json)


def correction(
    folder: Folder,
    since: Annotated[str, typer.Argument(help="The day from which it would count, YYYY-MM-DD.")],
    principal: As,
    entity: For = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """List every recorded decision since a day that a pack would have taken otherwise, with its case and amount.

    Exit code 1: there is one.
    """
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, CorrectPolicy(read_pack(folder), since, entity), as_json=as_json)
    if as_json:
        print_json(answer)
    else:
        rows = [
            (
                each["number"],
                each["decision"],
                _sum_of(each),
                said(each["before"]),
                "; ".join(filter(None, (said(each["after"]), each["difference"]))),
            )
            for each in answer["decisions"]
        ]
        print_table("", ("document", "decision", ">gross", "~as it was decided", "~as it would be"), rows)
        sums = ", ".join(f"{currency} {money(amount)}" for currency, amount in answer["gross"].items())
        say(f"decisions of {answer['cases']} cases would have been others: {sums or 'no amount'}")
        if answer["reworded"]:
            say(f"{answer['reworded']} cases would have been decided alike, for a reason that is worded otherwise")
    raise typer.Exit(Exit.NO if answer["decisions"] else Exit.DONE)


def record(
    case: Annotated[str, typer.Argument(help="The case.")],
    decision: Annotated[str, typer.Argument(help="The decision, as `case show` names it.")],
    principal: As,
    seq: Annotated[int, typer.Option(help="The entry of the case's story; the latest of its name else.")] = 0,
    into: Annotated[Path | None, typer.Option("--into", help="Write it into this file.")] = None,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Record a decision of a case as an example: what it looked at, with stand-ins for names, accounts and texts."""
    if into is not None and into.exists():
        fail("PACK-RECORD-01", f"there is a `{into}` already", help="name another file")
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, RecordExample(case, decision, seq), as_json=as_json)
    if into is not None:
        into.write_text(answer["yaml"])
    if as_json:
        print_json(answer)
    elif into is None:
        say(answer["yaml"])
    else:
        print_facts({"written": str(into), "title": answer["title"], "stand-ins": answer["masked"]})


def requests(principal: As, database_url: DatabaseUrl = "", tenant: Tenant = "", as_json: AsJson = False) -> None:
    """List the changes of policy that were asked for, newest first."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, ListPolicyRequests(), as_json=as_json)
    if as_json:
        print_json(answer)
        return
    rows = [
        (each["case_id"], *_state_of(each), *_days_of(each), ", ".join(each["authors"]), each["title"])
        for each in answer["requests"]
    ]
    print_table("", ("request", "state", "since", "by", "asked for", "starts", "authors", "~title"), rows)


def sign(
    request: Annotated[str, typer.Argument(help="The request; `policy requests` lists them.")],
    principal: As,
    content_hash: Annotated[str, typer.Option(help="Of what you saw; shown where it is left out.")] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Refuse it; takes a reason.")] = False,
    reason: Reason = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Show a change of policy as one of those who are asked; once it was seen, release or refuse it by its hash."""
    with workplace(database_url, tenant) as place:
        asked = place.run(principal, GetPolicyRequest(request), as_json=as_json)
        task = _task(asked, principal)
        if content_hash:
            command = ActOnTask(task["task_id"], "reject" if reject else "approve", content_hash, reason)
            answer = place.run(principal, command, as_json=as_json)
            place.settle()
        else:
            place.run(principal, OpenTasks(request), as_json=as_json)
    if content_hash:
        _tell_request(answer, as_json=as_json)
    elif as_json:
        print_json(asked)
    else:
        _tell_shown(asked)
        say(f"nothing is signed; to sign it: --content-hash {task['content_hash']}")


def release(as_json: AsJson = False) -> None:
    """Tell how a version is released: one person proposes it by `push`, others release it by `sign`."""
    text = "a version is proposed by one person and released by others, so these are two commands"
    remedy = (
        "`policy push FOLDER --title WHAT` asks for it; `policy sign REQUEST` shows it to who is asked, and signs it"
    )
    refuse(Rejection(RejectionKind.UNSUPPORTED, "POLICY-RELEASE-01", text, help=remedy), as_json=as_json)


def withdraw(
    request: Annotated[str, typer.Argument(help="The request; `policy requests` lists them.")],
    principal: As,
    reason: Reason,
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Take one's own request back while it waits."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, WithdrawPolicy(request, reason), as_json=as_json)
    _tell_request(answer, as_json=as_json)


def rollback(
    principal: As,
    reason: Reason,
    entity: For = "",
    database_url: DatabaseUrl = "",
    tenant: Tenant = "",
    as_json: AsJson = False,
) -> None:
    """Ask for the version before the one in force: one signature, at once."""
    with workplace(database_url, tenant) as place:
        answer = place.run(principal, RollBackPolicy(reason, entity), as_json=as_json)
    _tell_request(answer, as_json=as_json)


def _state_of(asked: dict[str, Any]) -> tuple[str, str, str]:
    """The state that it is in, since when, and who brought it there."""
    last = asked["states"][-1]
    told = f", {last['told']}" if asked["state"] == "checked" and last["told"] else ""
    return asked["state"] + told, when(parse_instant(last["since"])), ", ".join(last["by"])


def _days_of(asked: dict[str, Any]) -> tuple[str, str]:
    """The day that was asked for, and the one on which it comes in force as policy says: later in a freeze."""
    return asked["valid_from"], asked.get("starts", "")


def _sum_of(each: dict[str, Any]) -> str:
    return f"{each['currency']} {money(each['gross'])}" if each["gross"] is not None else ""


def _task(asked: dict[str, Any], principal: str) -> dict[str, Any]:
    """The task of a request that is asked of a person: their own by name, else one of their role's."""
    tasks: list[dict[str, Any]] = asked["tasks"]
    if not tasks:
        text = f"nobody is asked to sign `{asked['case_id']}`: {asked['outcome']}"
        fail("POLICY-TASK-01", text, Exit.REFUSED)
    return next((task for task in tasks if task["person_or_role"] == principal), tasks[0])


def _tell_shown(asked: dict[str, Any]) -> None:
    """What a signature is put under: the change, from when, by whom, and the evidence by its hashes."""
    way = "rollback" if asked["rollback"] else "emergency change" if asked["emergency"] else "change"
    facts = {
        "request": asked["case_id"],
        way: asked["title"],
        "version": asked["version"],
        "in place of": asked["base"],
    }
    wanted, starts = _days_of(asked)
    for each in asked["states"]:
        facts[each["state"]] = ", ".join(
            [when(parse_instant(each["since"])), *each["by"], *filter(None, [each["told"]])]
        )
    print_facts({**facts, "asked for": wanted, "starts": starts, "written by": ", ".join(asked["authors"])})
    for reason in asked["reasons"]:
        say(f"why      {reason['text']}")
    for text in asked["difference"]:
        say(f"changes  {text}")
    for each in asked["backtests"]:
        amount = f"{each['currency']} {money(Decimal(each['changed_amount']).scaleb(-each['amount_scale']))}"
        found = otherwise(each, f"cases since {each['since']}")
        say(f"backtest {found}: {amount} ({each['job']})")
    if not asked["backtests"]:
        say("backtest none was run before the check")
    for name, digest in asked.get("evidence", {}).items():
        say(f"evidence {name}: {digest}")


def _tell_check(checked: dict[str, Any]) -> None:
    for text in checked["changes"]["difference"]:
        say(f"changes  {text}")
    overrides = checked["overrides"]
    if overrides.get("overrides"):
        say(f"overrides  {', '.join(overrides['overrides'])}")
    for each in overrides["entities"]:
        kept = f"keeps {', '.join(each['kept'])}" if each["kept"] else "decides as the group does"
        say(f"entity   {each['entity']} {'cannot be brought onto it' if each['stops'] else kept}")
    for each in checked["people"]:
        say(f"people   {each['person']} would hold {each['text']}")
    for text in checked["stops"]:
        say(f"stops    {text}")
    new = sum(finding["new"] for finding in checked["findings"])
    ERRORS.print(f"{checked['examples']['run']} examples run, {new} new errors in tables", markup=False)


def _tell_request(answer: dict[str, Any], *, as_json: bool, known: Collection[str] = ()) -> None:
    """How a request stands, without the reasons that were told already."""
    if as_json:
        print_json(answer)
        return
    print_facts({"request": answer["case_id"], "status": answer["status"], "outcome": answer["outcome"]})
    for reason in (each for each in answer["reasons"] if each["text"] not in known):
        say(f"why   {reason['text']}")
    for waiting in answer["waiting_for"]:
        say(f"asks  {waiting['person_or_role']}")
