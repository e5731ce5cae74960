"""Recorded streams of cases: what was commanded, what happened and what the case then looked like, step by step.

A stream is a file of JSON lines. The first names the process version by the SHA-256 of its BPMN, which lies beside in
`processes/`, and those that it calls; each other line is one command with its instant, the events it led to and the
state they gave, in the form in which the audit log and the case's row keep them. A stream is never written again: a
case that waits since an older version of the platform must go on as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, get_args

from msgspec import Struct
from msgspec.structs import fields

from comptroller.application.casework.moves import event_to_json
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel.canonical_json import Plain, encode
from comptroller.domain.workflow import Advance, Command

HERE: Final = Path(__file__).parent
PROCESSES: Final = HERE / "processes"
STREAMS: Final = HERE / "streams"


class TakeOver(Struct, frozen=True):
    """The case is taken over to another version, by its hash: a step like a command, though none of the machine's."""

    process: str
    nodes: Mapping[str, str]


_COMMANDS: Final = {kind.__name__: kind for kind in (*get_args(Command), TakeOver)}


@dataclass(frozen=True, slots=True)
class Step:
    """One command and what it led to; events and state as the bytes that are kept of them."""

    now: datetime
    command: Command | TakeOver
    events: bytes
    state: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """A recorded case: the hashes of its process version and of those that it calls, and its steps."""

    process: str
    calls: tuple[str, ...]
    steps: tuple[Step, ...]


def step_of(now: datetime, command: Command | TakeOver, advanced: Advance) -> Step:
    """The step that a machine has made."""
    happened = encode([event_to_json(event) for event in advanced.events])
    return Step(now, command, happened, encode(advanced.state.to_json()))


def told(step: Step) -> list[list[str]]:
    """What a step says of each event: its name and its fields, values left as they are."""
    return [
        entry.split(" ") if isinstance(entry, str) else [str(part) for part in entry]
        for entry in json.loads(step.events)
    ]


def hash_of(content: bytes) -> str:
    """The hash by which a process version is known."""
    return sha256(content).hexdigest()


def keep(content: bytes) -> str:
    """Keep a process version beside the streams; answers its hash."""
    process_hash = hash_of(content)
    PROCESSES.mkdir(exist_ok=True)
    (PROCESSES / f"{process_hash}.bpmn").write_bytes(content)
    return process_hash


def write(name: str, stream: Stream) -> None:
    """Write a stream."""
    first: dict[str, Plain] = {"process": stream.process}
    if stream.calls:
        first["calls"] = list(stream.calls)
    lines = [encode(first)]
    for step in stream.steps:
        head = encode({"now": step.now.isoformat(), "command": _command_to_json(step.command)})[1:-1]
        lines.append(b'{%s,"events":%s,"state":%s}' % (head, step.events, step.state))
    STREAMS.mkdir(exist_ok=True)
    (STREAMS / f"{name}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def read(path: Path) -> Stream:
    """Read a stream."""
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    head = json.loads(first)
    return Stream(head["process"], tuple(head.get("calls", ())), tuple(_step(json.loads(line)) for line in lines))


def _step(line: Mapping[str, Any]) -> Step:
    now = datetime.fromisoformat(line["now"])
    return Step(now, _command_from_json(line["command"]), encode(line["events"]), encode(line["state"]))


def _command_to_json(command: Command | TakeOver) -> list[Any]:
    given: list[Any] = [_plain(getattr(command, field.name)) for field in fields(command)]
    return [type(command).__name__, *given]


def _plain(value: Any) -> Any:
    return value_to_json(list(value) if isinstance(value, tuple) else value)


def _command_from_json(told: list[Any]) -> Command | TakeOver:
    name, *given = told
    kind: Any = _COMMANDS[name]
    values = (value_from_json(value) for value in given)
    read_back = zip(fields(kind), values, strict=False)  # a field that is younger than the stream has its default
    command: Command | TakeOver = kind(**{field.name: _given(value) for field, value in read_back})
    return command


def _given(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value if isinstance(value, str | dict) else int(str(value))
