"""What begins a case: an event of a process, whose it is then, and the row by which it begins.

The entity is that of what began it, and the start event names the role that looks after the case: so somebody knows of
it, though nobody handed anything in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from comptroller.application.outbox import outbox_row
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import OutboxRow
from comptroller.application.session import Session
from comptroller.domain.feel import Value
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.process import CatchKind

BEGIN: Final = "begin"
"""The kind of outbox rows that end here."""

KIND: Final = "begun"
"""The kind of a case that an event of its process began."""

VARIABLE: Final = "begun"
"""The variable that tells a process what began it."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What begins a case, and whose it is then."""

    process: str
    event: str  # the start event's id
    by: CatchKind
    name: str  # of the message or signal; empty for the clock
    key: str  # of the message, or the instant of the turn
    entity: str
    sender: str = ""  # who sent the message from outside; empty: a process threw it
    cause: str = ""  # the case whose process did
    depth: int = 0  # cases that began one another before it
    carries: Mapping[str, Value] | None = None

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        return {**asdict(self), "by": self.by.value, "carries": value_to_json(dict(self.carries or {}))}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Beginning":
        """Read what `to_json` wrote."""
        carries: Any = value_from_json(body["carries"])
        return cls(**{**body, "by": CatchKind(body["by"]), "carries": carries})

    @property
    def told(self) -> dict[str, Any]:
        """What the case's story tells, and its process is given, of what began it."""
        return {name: value for name, value in self.to_json().items() if name not in {"process", "carries", "depth"}}


def begin_row(session: Session, identifier: str, beginning: Beginning) -> OutboxRow:
    """The row by which a case begins; due at once, and once for its identifier."""
    return outbox_row(session, identifier, BEGIN, beginning.process, beginning.to_json())


def once_key(beginning: Beginning) -> str:
    """The key under which it is kept that a start event has begun its one case for a message's key, at an entity."""
    return f"begin.{digest([beginning.process, beginning.event, beginning.entity, beginning.key])}"


def begun_by(session: Session, by: CatchKind, name: str) -> Iterator[tuple[Process, str]]:
    """The processes in force that a message or signal begins, each with its start event."""
    for process in session.policy.processes.values():
        for catch in process.begun_by:
            if catch.kind is by and catch.name == name:
                yield process, catch.id


def on_file(uow: UnitOfWork, entity: str) -> bool:
    """Whether an entity is one of the tenant's."""
    alias = f"entity/{entity}"
    return bool(uow.references([alias])[alias])


def stream_of_process(process: str) -> str:
    """The stream that tells what begins the cases of a process, and what did not."""
    return f"process/{process}"
