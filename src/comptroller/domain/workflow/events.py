"""What has happened to a case, in the order in which it happened: the only thing that changes its state.

Whatever is opened is closed exactly once, so that rows kept outside follow the events one by one:

    opened                                 closed
    NodeEntered                            NodeLeft
    DecisionRequested, ServiceRequested    JobCompleted or JobWithdrawn
    TaskOffered                            TaskCompleted or TaskWithdrawn
    MessageAwaited                         MessageReceived or MessageForgotten
    TimerSet                               TimerFired or TimerCancelled
    CaseStarted                            CaseEnded or CaseCancelled
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from comptroller.domain.feel import Value


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case runs; `process` is the hash of the process version that it keeps."""

    process: str


@dataclass(frozen=True, slots=True)
class VariablesSet:
    """These variables have new values; the others keep theirs."""

    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class NodeEntered:
    """A new token stands at a node, come over `flow` (empty: a start or boundary event)."""

    token: str
    node: str
    flow: str


@dataclass(frozen=True, slots=True)
class NodeLeft:
    """The token is consumed; nothing it had opened is open any more."""

    token: str
    node: str


@dataclass(frozen=True, slots=True)
class DecisionRequested:
    """The token waits for a decision's outcome."""

    token: str
    node: str
    decision: str


@dataclass(frozen=True, slots=True)
class ServiceRequested:
    """The token waits for a service's answer."""

    token: str
    node: str
    service: str


@dataclass(frozen=True, slots=True)
class JobCompleted:
    """The decision or service has answered."""

    token: str
    node: str


@dataclass(frozen=True, slots=True)
class JobWithdrawn:
    """The answer of the decision or service is no longer wanted."""

    token: str
    node: str


@dataclass(frozen=True, slots=True)
class InstancesPlanned:
    """A user task asks `total` times; `queue` holds the items that wait for their turn (sequential only)."""

    token: str
    node: str
    total: int
    queue: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TaskOffered:
    """A person is asked. `instance` counts from 1; `item` is its part of the collection."""

    token: str
    node: str
    instance: int
    kind: str
    item: Value


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A person has done an instance."""

    token: str
    node: str
    instance: int


@dataclass(frozen=True, slots=True)
class TaskWithdrawn:
    """An instance is no longer asked for."""

    token: str
    node: str
    instance: int


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """The token takes this message."""

    token: str
    node: str
    message: str


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The awaited message has come."""

    token: str
    node: str
    message: str


@dataclass(frozen=True, slots=True)
class MessageForgotten:
    """The message is no longer awaited."""

    token: str
    node: str
    message: str


@dataclass(frozen=True, slots=True)
class TimerSet:
    """The timer (a boundary event's id) of the token is due at an instant."""

    token: str
    node: str
    timer: str
    due: datetime


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The timer was due and has fired."""

    token: str
    node: str
    timer: str


@dataclass(frozen=True, slots=True)
class TimerCancelled:
    """The timer will not fire."""

    token: str
    node: str
    timer: str


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """The token cannot go on and is parked where it stands: the case fails closed."""

    token: str
    node: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ConditionFailed:
    """The condition of a flow gave neither true nor false, so the flow was not taken; `message` says why."""

    token: str
    node: str
    flow: str
    message: str


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """The last token has ended at this end event, or a terminate end event was reached."""

    end: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseCancelled:
    """The case was ended from outside."""

    reason: str


Event = (
    CaseStarted
    | VariablesSet
    | NodeEntered
    | NodeLeft
    | DecisionRequested
    | ServiceRequested
    | JobCompleted
    | JobWithdrawn
    | InstancesPlanned
    | TaskOffered
    | TaskCompleted
    | TaskWithdrawn
    | MessageAwaited
    | MessageReceived
    | MessageForgotten
    | TimerSet
    | TimerFired
    | TimerCancelled
    | IncidentRaised
    | ConditionFailed
    | CaseEnded
    | CaseCancelled
)
