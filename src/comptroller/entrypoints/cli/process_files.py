"""`comptroller process check`, `show` and `simulate`: a BPMN file looked at without a platform around it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from comptroller import dmn
from comptroller.adapters.bpmn_xml import read
from comptroller.application.casework.moves import event_to_json
from comptroller.application.reach import check_alone, check_in_pack
from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.feel import Value
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel.fault import Fault, Rejection, Severity
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.workflow import Event, Library, Process, Status, events
from comptroller.domain.workflow.outline import Line, outline
from comptroller.domain.workflow.walking import Answer, Happening, Script, Walk, walk
from comptroller.entrypoints.cli.decisions import fault_facts, has_error, tell
from comptroller.entrypoints.cli.output import Exit, fail, print_json, print_table, refuse, say
from comptroller.entrypoints.cli.policy import read_source
from comptroller.entrypoints.cli.workplace import read_file

NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
"""When a simulation begins: a fixed instant, so that it repeats."""

File = Annotated[Path, typer.Argument(help="A BPMN file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]

_SILENT: Final = (events.NodeLeft, events.VariablesSet, events.LocalVariablesSet, events.JobCompleted)
"""Moves that a reader of a simulation needs no line for."""


def check(
    file: File,
    pack: Annotated[
        Path | None, typer.Option("--pack", help="The folder of the pack that it is for; else the one that it lies in.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell everything that is wrong with a process: elements, expressions, and what its tokens could do wrong.

    With a pack also what it asks for and the pack has not; alone what the platform has not, as warnings.
    """
    process, faults = read(read_file(file))
    folder = pack or next((each for each in file.resolve().parents if (each / "pack.toml").is_file()), None)
    source = read_source(folder) if folder is not None else None
    if process is not None:
        found = check_alone(process) if source is None else check_in_pack(process, source)
        faults = (*faults, *found)
    is_executable = not has_error(faults)
    if as_json:
        told = {"process": process.id, "version": process.hash} if process is not None else {}
        print_json(told | {"executable": is_executable, "faults": [fault_facts(fault) for fault in faults]})
    else:
        for fault in faults:
            say(dmn.fault_text(fault))
        where = f" in `{folder}`" if folder is not None else ""
        say(f"{file}: {'can' if is_executable else 'cannot'} be executed{where}, {len(faults)} faults")
    raise typer.Exit(Exit.DONE if is_executable else Exit.NO)


def show(file: File, as_json: AsJson = False) -> None:
    """Tell a process in words: its nodes in the order in which a case comes to them, and where each leads."""
    process = _read(file)
    lines = outline(process)
    if as_json:
        told = {"process": process.id, "name": process.name, "version": process.hash}
        print_json(told | {"nodes": [_line_facts(line) for line in lines]})
        return
    say(f"{process.name} ({process.id}), version {process.hash[:12]}")
    rows = [(f"{'  ' * line.depth}{line.kind}", line.id, line.name, line.does, "; ".join(line.leads)) for line in lines]
    print_table("", ("what", "id", "~name", "~does", "~leads to"), rows)


def simulate(
    file: File,
    given: Annotated[
        Path | None, typer.Option("--given", help="A JSON object: variables, answers, what happens.")
    ] = None,
    called: Annotated[list[Path] | None, typer.Option("--with", help="A process that it may call.")] = None,
    as_json: AsJson = False,
) -> None:
    """Walk a process with answers that are given beforehand. Exit code 1: the case does not come to its end.

    A node's answers are taken one after the other, the last again and again; then comes what else happens, in order.

    `{"variables": {...}, "answers": {"<node>": {...} or [{...}, ...]}, "happens": [{"message": ..., "key": ...,
    "variables": {...}} or {"signal": ...} or {"timer": "<event>"}]}`; an answer `{"error": "<code>"}` has failed.
    """
    process = _read(file)
    library = Library({each.id: each for each in map(_read, called or ())})
    script = _script(given)
    nodes = {*process.places, *(node for each in library.release.values() for node in each.places)}
    for node in script.answers.keys() - nodes:
        tell(
            Fault("PROCESS-GIVEN-05", node, "the answer is for a node that there is not", Severity.WARNING, by="given")
        )
    walked = walk(process, script, NOW, calendar=ServiceCalendar(), library=library)
    if isinstance(walked, Rejection):
        refuse(walked, as_json=as_json)
    if as_json:
        print_json(_walk_facts(walked))
    else:
        _say_walk(walked)
    raise typer.Exit(Exit.DONE if walked.state.status is Status.ENDED else Exit.NO)


def _read(file: Path) -> Process:
    process, faults = read(read_file(file))
    for fault in faults:
        tell(fault)
    if process is None or has_error(faults):
        fail("PROCESS-FAULT-01", f"`{file}` cannot be executed", Exit.NO, help="see `comptroller process check`")
    return process


def _line_facts(line: Line) -> dict[str, Any]:
    told = {"depth": line.depth, "kind": line.kind, "id": line.id, "name": line.name}
    return told | {"does": line.does, "leads_to": line.leads}


# What is given


def _script(file: Path | None) -> Script:
    if file is None:
        return Script()
    try:
        told = json.loads(read_file(file), parse_float=lambda digits: {"@number": digits})
    except ValueError as error:
        fail("JSON-SYNTAX-01", f"what is given is no JSON: {error}", Exit.REFUSED, help="write one JSON object")
    parts = {"variables", "start", "answers", "happens"}
    if not isinstance(told, dict) or told.keys() - parts:
        _wrong("01", "what is given has other parts than a walk takes", f"use {', '.join(sorted(parts))}")
    answers, happens = told.get("answers", {}), told.get("happens", [])
    if not isinstance(answers, dict) or not isinstance(happens, list):
        _wrong("04", "answers stand under their nodes, what happens in a list", "see `--help`")
    answers = {node: _answers(each) for node, each in answers.items()}
    happenings = tuple(map(_happening, happens))
    return Script(_values(told.get("variables", {})), str(told.get("start", "")), answers, happenings)


def _wrong(number: str, message: str, remedy: str) -> NoReturn:
    fail(f"PROCESS-GIVEN-{number}", message, Exit.REFUSED, help=remedy)


def _answers(told: Any) -> tuple[Answer, ...]:
    each = told if isinstance(told, list) and told else [told]
    return tuple(_answer(one) for one in each)


def _answer(told: Any) -> Answer:
    if isinstance(told, dict) and told.keys() == {"error"}:
        return Answer(error=str(told["error"]))
    return Answer(_values(told))


def _happening(told: Any) -> Happening:
    kinds = {"message", "signal", "timer"}
    if not isinstance(told, dict) or len(kinds & told.keys()) != 1 or told.keys() - kinds - {"key", "variables"}:
        _wrong("02", "what happens is one message, signal or timer", "write each as an object")
    named = {name: str(told[name]) for name in ("message", "signal", "timer", "key") if name in told}
    return Happening(**named, outputs=_values(told.get("variables", {})))


def _values(told: Any) -> Mapping[str, Value]:
    values = value_from_json(told)
    if not isinstance(values, dict):
        _wrong("03", "variables are given by their names", "write a JSON object")
    return values


# What came of it


def _walk_facts(walked: Walk) -> dict[str, Any]:
    state = walked.state
    return {
        "status": state.status.value,
        "end": state.end,
        "stopped": walked.stopped,
        "standing": [at.node for at in state.tokens.values()],
        "incidents": {at.node: at.incident for at in state.tokens.values() if at.incident},
        "variables": {name: value_to_json(value) for name, value in state.variables.items()},
        "strides": [
            {
                "at": instant_text(stride.at),
                "command": type(stride.command).__name__,
                "events": [event_to_json(event) for event in stride.events],
            }
            for stride in walked.strides
        ],
    }


def _say_walk(walked: Walk) -> None:
    rows = [
        (instant_text(stride.at)[:16].replace("T", " "), *_told(event))
        for stride in walked.strides
        for event in stride.events
        if not isinstance(event, _SILENT)
    ]
    print_table("", ("at", "what happens", "where", "~with"), rows)
    state = walked.state
    standing = ", ".join(f"{at.node} ({at.incident})" if at.incident else at.node for at in state.tokens.values())
    ended = f" at {state.end}" if state.end else ""
    say(f"{state.status.value}{ended}{f', standing at {standing}' if standing else ''}")
    if walked.stopped:
        say(walked.stopped)
    for name, value in state.variables.items():
        say(f"  {name} = {literal_text(value)}")


def _told(event: Event) -> tuple[str, str, str]:
    name = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(event).__name__).strip()
    parts = {part: getattr(event, part) for part in event.__struct_fields__ if part not in {"token", "node", "scope"}}
    shown = (f"{part} {value}" for part, value in parts.items() if value not in ("", None, {}, ()))
    return name, str(getattr(event, "node", "")), ", ".join(shown)
