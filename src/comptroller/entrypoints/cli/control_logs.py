"""`comptroller control conformance`: an event log held against the way a purchase should go."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from comptroller.adapters.event_logs import UnreadableLog, open_log
from comptroller.domain.controls.conformance import Deviation, LogProcess, deviations, folded, read_process
from comptroller.domain.kernel.fault import Fault
from comptroller.entrypoints.cli.output import ERRORS, Exit, fail, print_json, print_table
from comptroller.entrypoints.cli.workplace import read_file

EVENTS_SHOWN_MAX: Final = 50

LOUD_SHARE: Final = 4
"""One in so many that were not compared is said in a line of its own."""


def conformance(
    log: Annotated[Path, typer.Argument(help="XES or CSV (also gzipped), or OCEL as JSON, XML or SQLite.")],
    process: Annotated[Path, typer.Option("--process", help="The pack's TOML file of steps and deviations.")],
    summary: Annotated[bool, typer.Option("--summary", help="Only how often each kind occurs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a deviation and line.")] = False,
) -> None:
    """Hold an event log against the way a purchase should go, and list what went otherwise.

    Each kind of deviation is told once a case, with all events that show it, who did them, and the amount.
    """
    how = _process(process)
    counts: Counter[str] = Counter()
    activities: Counter[str] = Counter()
    cases = 0
    rows = []
    try:
        with open_log(log, how) as found:
            for case in found:
                cases += 1
                activities.update(event.activity for event in case.events)
                for deviation in deviations(case, how):
                    counts[deviation.rule.kind] += 1
                    if as_json and not summary:
                        print_json(_deviation_facts(deviation, how))
                    elif not summary:
                        rows.append(_deviation_row(deviation))
    except UnreadableLog as error:
        fail(error.fault.code, error.fault.message, Exit.REFUSED, help=error.fault.help)
    except OSError as error:
        text = f"cannot read `{log}`: {error.strerror or error}"
        fail("FILE-READ-01", text, Exit.NOT_FOUND, help="name a file that is there and may be read")
    tell_faults(found.faults, found.faults_count, "CONTROL-LOG-99")
    events = activities.total()
    known = sum(count for activity, count in activities.items() if folded(activity) in how.step_of)
    _tell_unknown(activities, known, found.faults_count, how)
    told = {"cases": cases, "events": events, "events_known": known, "faults": found.faults_count}
    by_kind = {rule.kind: counts[rule.kind] for rule in how.rules}
    if summary and as_json:
        print_json({"control": "conformance", **told, "deviations": by_kind})
    elif summary or not as_json:
        if rows:
            print_table("Deviations", ("kind", "~case", "~users", ">amount", ">times", "~events"), rows)
        print_table("By kind", ("kind", ">cases"), [(kind, str(count)) for kind, count in by_kind.items()])
    counted = ", ".join(f"{count} {kind}" for kind, count in by_kind.items() if count) or "none"
    text = (
        f"{cases} cases, {events} events, {known} of them steps of `{how.name}`, {found.faults_count} faults; "
        f"deviations: {counted}"
    )
    ERRORS.print(text, markup=False, soft_wrap=True)
    raise typer.Exit(Exit.NO if counts else Exit.DONE)


def _tell_unknown(activities: Counter[str], known: int, faults: int, how: LogProcess) -> None:
    """Refuse a log of which nothing was held against the process, and say loudly where much was not."""
    events = activities.total()
    strange = [(name, count) for name, count in activities.most_common() if folded(name) not in how.step_of]
    listed = ", ".join(f"`{name}` ({count})" for name, count in strange[:50]) or "none"
    if not known:
        message = f"no event of the log is a step of the process: nothing was compared ({faults} faults)"
        fail("CONTROL-LOG-07", message, Exit.REFUSED, help=f"name them under [steps]; the log has: {listed}"[:4_000])
    if (events - known) * LOUD_SHARE >= events:
        text = f"CONTROL-LOG-10: {events - known} of {events} events are no step of the process: {listed}"
        ERRORS.print(text[:4_000], markup=False, soft_wrap=True)
    if faults * LOUD_SHARE >= events:
        text = f"CONTROL-LOG-12: {faults} events or rows were not compared beside {events} that were"
        ERRORS.print(text, markup=False, soft_wrap=True)


def tell_faults(faults: Sequence[Fault], count: int, more_code: str) -> None:
    """Print faults of a file, and how many more there are."""
    for fault in faults:
        ERRORS.print(f"{fault.code} {fault.path}: {fault.message}", markup=False, soft_wrap=True)
    if count > len(faults):
        text = f"{more_code}: {count - len(faults)} more faults are not told one by one"
        ERRORS.print(text, markup=False)


def _process(path: Path) -> LogProcess:
    try:
        content = tomllib.loads(read_file(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return fail(
            "CONTROL-PROCESS-06", f"the process is no TOML: {error}", Exit.REFUSED, help="mend the line it names"
        )
    process, faults = read_process(content)
    if process is not None:
        return process
    for fault in faults[1:]:
        ERRORS.print(f"{fault.code}: {fault.path}: {fault.message}", markup=False, soft_wrap=True)
    return fail(faults[0].code, f"{faults[0].path}: {faults[0].message}", Exit.REFUSED, help=faults[0].help)


def _deviation_facts(found: Deviation, process: LogProcess) -> dict[str, Any]:
    return {
        "control": "conformance",
        "kind": found.rule.kind,
        "case": found.case,
        "clause": found.rule.clause,
        "owner": found.rule.owner,
        "text": found.rule.text,
        "users": list(found.users),
        "amount": found.amount or None,
        "times": found.times,
        "events": [
            {
                "ref": event.ref,
                "activity": event.activity,
                "step": process.step_of.get(folded(event.activity), ""),
                "time": event.time,
            }
            for event in found.events[:EVENTS_SHOWN_MAX]
        ],
    }


def _deviation_row(found: Deviation) -> Sequence[str]:
    events = ", ".join(f"{event.ref} {event.activity}" for event in found.events[:3])
    return (found.rule.kind, found.case, ", ".join(found.users), found.amount, str(found.times), events)
