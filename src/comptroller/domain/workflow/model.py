"""A process as its author drew it: nodes and sequence flows in the words of BPMN 2.0, texts not yet compiled.

A reader of a file format builds a `ProcessModel`; `compile_process` checks it as a graph and turns it into the
`Process` that the token machine runs.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StartEvent:
    """Where a case begins (none start event)."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class EndEvent:
    """Where a token ends; a terminate end event ends all the others with it."""

    id: str
    name: str = ""
    terminates: bool = False


@dataclass(frozen=True, slots=True)
class ServiceTask:
    """Work for the platform, asked for by the name of a service."""

    id: str
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class BusinessRuleTask:
    """A decision, asked for by its name."""

    id: str
    name: str
    decision: str


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """One task for each item of a collection, one after the other or all at once."""

    collection: str  # FEEL, a list
    sequential: bool
    completion: str = ""  # FEEL; when true after an instance, the rest is withdrawn


@dataclass(frozen=True, slots=True)
class UserTask:
    """Work for a person; `kind` tells the platform whom to ask and what may be answered."""

    id: str
    name: str
    kind: str
    instances: MultiInstance | None = None


@dataclass(frozen=True, slots=True)
class ReceiveTask:
    """Waits for a message."""

    id: str
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class ExclusiveGateway:
    """Takes the first outgoing flow whose condition is true, else the default flow; merges without waiting."""

    id: str
    name: str = ""
    default: str = ""  # id of a flow


@dataclass(frozen=True, slots=True)
class ParallelGateway:
    """Waits for a token on every incoming flow, then puts one on every outgoing flow."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TimerBoundary:
    """Fires a duration after its task was reached; `interrupting` ends the task, otherwise it goes on beside."""

    id: str
    name: str
    attached_to: str
    duration: str  # ISO 8601 (`PT16H`), or FEEL after an equals sign
    interrupting: bool = True


@dataclass(frozen=True, slots=True)
class MessageBoundary:
    """Ends its task when a message comes."""

    id: str
    name: str
    attached_to: str
    message: str


Boundary = TimerBoundary | MessageBoundary
Job = ServiceTask | BusinessRuleTask
Activity = Job | UserTask | ReceiveTask
Gateway = ExclusiveGateway | ParallelGateway
Node = StartEvent | EndEvent | Activity | Gateway | Boundary


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """An arrow from one node to the next; `condition` is FEEL, on the way out of an exclusive gateway only."""

    id: str
    source: str
    target: str
    condition: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """A process as drawn. `hash` is the SHA-256 of its source; `variables` are the names that expressions may use."""

    id: str
    name: str
    hash: str
    nodes: tuple[Node, ...]
    flows: tuple[SequenceFlow, ...]
    variables: tuple[str, ...] = ()
