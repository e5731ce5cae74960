"""Where a case is on its way, and what happened on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.money import Money


class Progress(StrEnum):
    """Where a node of the process stands."""

    DONE = "done"
    HERE = "here"
    AHEAD = "ahead"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node of the process on the way of this case."""

    title: str
    kind: str  # rule, service, person, wait, start, end
    progress: Progress
    text: str = ""
    at: datetime | None = None
    node: str = ""  # id in the model


@dataclass(frozen=True, slots=True)
class ProcessView:
    """The process version that the case keeps, and where its tokens are."""

    name: str
    process_hash: str
    nodes: tuple[NodeView, ...]


class ActorKind(StrEnum):
    """Who did something: the four streams of the timeline."""

    PERSON = "person"
    RULE = "rule"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One audit entry in the case's story."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    title: str
    text: str = ""
    amount: Money | None = None
    reason: str = ""  # code
    standing: Standing = Standing.NEUTRAL
    entry_hash: str = ""
