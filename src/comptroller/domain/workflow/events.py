"""What has happened to a case, in the order in which it happened: the only thing that changes its state.

Whatever is opened is closed exactly once, so that rows kept outside follow the events one by one:

    opened                                              closed
    NodeEntered, InnerNodeEntered, InstanceStarted,
        CompensationStarted                             NodeLeft
    DecisionRequested, ServiceRequested                 JobCompleted, JobFailed or JobWithdrawn
    TaskOffered                                         TaskCompleted or TaskWithdrawn
    MessageAwaited, CorrelationAwaited                  MessageReceived or MessageForgotten
    SignalAwaited                                       SignalReceived or SignalForgotten
    ConditionAwaited                                    ConditionMet or ConditionForgotten
    TimerSet, CycleSet                                  TimerFired or TimerCancelled
    CaseStarted                                         CaseEnded or CaseCancelled

An event's form is never changed, since the audit log holds it: what is new is a new event. Dozens are made with every
command; msgspec's frozen structures are made in a sixth of the time that a frozen dataclass takes.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from comptroller.domain.feel import Value


class CaseStarted(Struct, frozen=True):
    """A case runs; `process` is the hash of the process version that it keeps."""

    process: str


class CaseMigrated(Struct, frozen=True):
    """The case runs on another version from now on; `nodes` says where each token of its own stands there."""

    process: str  # hash of the new version
    nodes: Mapping[str, str]  # token -> node


class CaseSuspended(Struct, frozen=True):
    """Nothing answers the case until it is resumed."""

    reason: str


class CaseResumed(Struct, frozen=True):
    """The case goes on."""


class VariablesSet(Struct, frozen=True):
    """These variables have new values; the others keep theirs."""

    variables: Mapping[str, Value]


class LocalVariablesSet(Struct, frozen=True):
    """These variables, seen inside the token `scope` alone, have new values; the others keep theirs."""

    scope: str
    variables: Mapping[str, Value]


class NodeEntered(Struct, frozen=True):
    """A new token stands at a node, come over `flow` (empty: a start or boundary event)."""

    token: str
    node: str
    flow: str


class InnerNodeEntered(Struct, frozen=True):
    """As `NodeEntered`, inside the token `scope`."""

    token: str
    node: str
    scope: str
    flow: str


class NodeLeft(Struct, frozen=True):
    """The token is consumed; nothing it had opened is open any more."""

    token: str
    node: str


class DecisionRequested(Struct, frozen=True):
    """The token waits for a decision's outcome."""

    token: str
    node: str
    decision: str


class ServiceRequested(Struct, frozen=True):
    """The token waits for a service's answer."""

    token: str
    node: str
    service: str


class JobCompleted(Struct, frozen=True):
    """The decision or service has answered."""

    token: str
    node: str


class JobWithdrawn(Struct, frozen=True):
    """The answer of the decision or service is no longer wanted."""

    token: str
    node: str


class JobFailed(Struct, frozen=True):
    """The decision or service has answered with an error."""

    token: str
    node: str
    error: str


class InstancesPlanned(Struct, frozen=True):
    """An activity is done `total` times; `queue` holds the items that wait for their turn (sequential only)."""

    token: str
    node: str
    total: int
    queue: tuple[Value, ...]


class InstanceStarted(Struct, frozen=True):
    """A new token stands for one instance of the activity that the token `scope` is at; `instance` counts from 1."""

    token: str
    node: str
    scope: str
    instance: int


class InstanceCompleted(Struct, frozen=True):
    """An instance of the activity that the token is at is done; `result` is what it adds to those collected."""

    token: str
    node: str
    instance: int
    result: Value


class TaskOffered(Struct, frozen=True):
    """A person is asked. `instance` counts from 1; `item` is its part of the collection."""

    token: str
    node: str
    instance: int
    kind: str
    item: Value


class TaskCompleted(Struct, frozen=True):
    """A person has done an instance."""

    token: str
    node: str
    instance: int


class TaskWithdrawn(Struct, frozen=True):
    """An instance is no longer asked for."""

    token: str
    node: str
    instance: int


class MessageAwaited(Struct, frozen=True):
    """The token takes this message."""

    token: str
    node: str
    message: str


class MessageReceived(Struct, frozen=True):
    """The awaited message has come."""

    token: str
    node: str
    message: str


class MessageForgotten(Struct, frozen=True):
    """The message is no longer awaited."""

    token: str
    node: str
    message: str


class CorrelationAwaited(Struct, frozen=True):
    """The token takes this message where it comes with this key."""

    token: str
    node: str
    message: str
    key: str


class MessageThrown(Struct, frozen=True):
    """A message goes out with these variables: to whoever awaits it with the key, or (empty) in this case."""

    token: str
    node: str
    message: str
    key: str
    variables: Mapping[str, Value]


class SignalArrived(Struct, frozen=True):
    """Somebody outside has sent a signal that the case awaits."""

    signal: str


class SignalAwaited(Struct, frozen=True):
    """The token takes this signal."""

    token: str
    node: str
    signal: str


class SignalReceived(Struct, frozen=True):
    """The awaited signal was heard."""

    token: str
    node: str
    signal: str


class SignalForgotten(Struct, frozen=True):
    """The signal is no longer awaited."""

    token: str
    node: str
    signal: str


class SignalThrown(Struct, frozen=True):
    """A signal goes out with these variables, to this case at once and to all others that await it."""

    token: str
    node: str
    signal: str
    variables: Mapping[str, Value]


class ConditionAwaited(Struct, frozen=True):
    """The token waits until the condition of an event becomes true."""

    token: str
    node: str
    event: str


class ConditionMet(Struct, frozen=True):
    """The condition has become true."""

    token: str
    node: str
    event: str


class ConditionForgotten(Struct, frozen=True):
    """The condition is no longer awaited."""

    token: str
    node: str
    event: str


class TimerSet(Struct, frozen=True):
    """The timer (the id of its event) of the token is due at an instant."""

    token: str
    node: str
    timer: str
    due: datetime


class CycleSet(Struct, frozen=True):
    """As `TimerSet`, and due again so many times after that; negative: without end."""

    token: str
    node: str
    timer: str
    due: datetime
    left: int


class TimerFired(Struct, frozen=True):
    """The timer was due and has fired."""

    token: str
    node: str
    timer: str


class TimerCancelled(Struct, frozen=True):
    """The timer will not fire."""

    token: str
    node: str
    timer: str


class CallStarted(Struct, frozen=True):
    """The token calls the process version with this hash."""

    token: str
    node: str
    process: str


class ErrorThrown(Struct, frozen=True):
    """An error goes up through the scopes to who takes it."""

    token: str
    node: str
    error: str


class EscalationThrown(Struct, frozen=True):
    """An escalation goes up through the scopes; where nobody takes it, nothing more happens."""

    token: str
    node: str
    escalation: str


class CompensationKept(Struct, frozen=True):
    """The activity that the token is at is done and could be undone."""

    token: str
    node: str


class CompensationThrown(Struct, frozen=True):
    """The token undoes what was done in the token `scope` (empty: the process): `activity`, or (empty) all of it."""

    token: str
    node: str
    scope: str
    activity: str


class CompensationStarted(Struct, frozen=True):
    """A new token stands at the node that undoes the last activity that the token `scope` has to undo."""

    token: str
    node: str
    scope: str


class TransactionCancelled(Struct, frozen=True):
    """The transaction that the token is at is given up; once all is undone it leaves by the boundary event."""

    token: str
    node: str
    boundary: str


class IncidentRaised(Struct, frozen=True):
    """The token cannot go on and is parked where it stands: the case fails closed."""

    token: str
    node: str
    code: str
    message: str


class ConditionFailed(Struct, frozen=True):
    """A condition gave neither true nor false and does not count as true; `message` says why.

    `flow` is the id of a conditional event that looks at no variable (of a version that was released before such were
    refused), empty for a completion condition; earlier, of an exclusive gateway's flow.
    """

    token: str
    node: str
    flow: str
    message: str


class CaseEnded(Struct, frozen=True):
    """The last token has ended at this end event, or a terminate end event was reached."""

    end: str
    name: str


class CaseCancelled(Struct, frozen=True):
    """The case was ended from outside."""

    reason: str


Event = (
    CaseStarted
    | CaseMigrated
    | CaseSuspended
    | CaseResumed
    | VariablesSet
    | LocalVariablesSet
    | NodeEntered
    | InnerNodeEntered
    | NodeLeft
    | DecisionRequested
    | ServiceRequested
    | JobCompleted
    | JobWithdrawn
    | JobFailed
    | InstancesPlanned
    | InstanceStarted
    | InstanceCompleted
    | TaskOffered
    | TaskCompleted
    | TaskWithdrawn
    | MessageAwaited
    | MessageReceived
    | MessageForgotten
    | CorrelationAwaited
    | MessageThrown
    | SignalArrived
    | SignalAwaited
    | SignalReceived
    | SignalForgotten
    | SignalThrown
    | ConditionAwaited
    | ConditionMet
    | ConditionForgotten
    | TimerSet
    | CycleSet
    | TimerFired
    | TimerCancelled
    | CallStarted
    | ErrorThrown
    | EscalationThrown
    | CompensationKept
    | CompensationThrown
    | CompensationStarted
    | TransactionCancelled
    | IncidentRaised
    | ConditionFailed
    | CaseEnded
    | CaseCancelled
)
