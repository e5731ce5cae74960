"""Where a case stands, between two commands: its tokens and variables, nothing that the process itself knows.

The JSON form is what a waiting case costs: node names, and of every other field only what differs from a token that
has just arrived. Lists keep the tokens in order, whatever the store does with keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from comptroller.domain.feel import Value
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel.canonical_json import Json
from comptroller.domain.kernel.instant import instant_text, parse_instant


class Status(StrEnum):
    """Whether a case goes on; a closed list."""

    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Timer:
    """A boundary timer that a token has set."""

    id: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Tasks:
    """The instances of a user task: how many in all, which are open, how many are done, what waits for its turn."""

    total: int
    open: tuple[int, ...] = ()
    completed: int = 0
    queue: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """One visit of one node. A token at a service or rule task without an incident waits for its job."""

    node: str
    flow: str
    tasks: Tasks | None = None
    messages: tuple[str, ...] = ()
    timers: tuple[Timer, ...] = ()
    incident: str = ""  # its code


@dataclass(frozen=True, slots=True)
class State:
    """A case at rest.

    `entered` counts the nodes entered since the start and names the next token; `mark` is what it was when somebody
    outside (a person, a message, a timer) last moved the case, so that a case that only turns in circles is seen.
    """

    tokens: Mapping[str, Token] = field(default_factory=dict)
    variables: Mapping[str, Value] = field(default_factory=dict)
    entered: int = 0
    mark: int = 0
    status: Status = Status.RUNNING
    end: str = ""  # id of the end event

    def to_json(self) -> dict[str, Json]:
        """The state as plain JSON values, small; `State.from_json` reads it back."""
        json: dict[str, Json] = {"entered": self.entered}
        if self.tokens:
            json["tokens"] = [_token_to_json(key, token) for key, token in self.tokens.items()]
        if self.variables:
            json["variables"] = {name: value_to_json(value) for name, value in self.variables.items()}
        if self.mark:
            json["mark"] = self.mark
        if self.status is not Status.RUNNING:
            json["status"] = self.status.value
        if self.end:
            json["end"] = self.end
        return json

    @staticmethod
    def from_json(json: Mapping[str, Any]) -> "State":
        """Read what `to_json` gave; anything else is a defect of the caller."""
        return State(
            tokens={entry["id"]: _token_from_json(entry) for entry in json.get("tokens", ())},
            variables={name: value_from_json(value) for name, value in json.get("variables", {}).items()},
            entered=json["entered"],
            mark=json.get("mark", 0),
            status=Status(json.get("status", "running")),
            end=json.get("end", ""),
        )


def _token_to_json(key: str, token: Token) -> dict[str, Json]:
    json: dict[str, Json] = {"id": key, "node": token.node, "flow": token.flow}
    if token.tasks is not None:
        json["total"] = token.tasks.total
        json["open"] = token.tasks.open
        if token.tasks.completed:
            json["completed"] = token.tasks.completed
        if token.tasks.queue:
            json["queue"] = [value_to_json(item) for item in token.tasks.queue]
    if token.messages:
        json["messages"] = token.messages
    if token.timers:
        json["timers"] = [(timer.id, instant_text(timer.due)) for timer in token.timers]
    if token.incident:
        json["incident"] = token.incident
    return json


def _token_from_json(json: Mapping[str, Any]) -> Token:
    tasks = None
    if "total" in json:
        queue = tuple(value_from_json(item) for item in json.get("queue", ()))
        tasks = Tasks(json["total"], tuple(json["open"]), json.get("completed", 0), queue)
    return Token(
        node=json["node"],
        flow=json["flow"],
        tasks=tasks,
        messages=tuple(json.get("messages", ())),
        timers=tuple(Timer(key, _instant(text)) for key, text in json.get("timers", ())),
        incident=json.get("incident", ""),
    )


def _instant(text: str) -> datetime:
    instant = parse_instant(text)
    if instant is None:
        raise ValueError(f"`{text}` is no instant")
    return instant
