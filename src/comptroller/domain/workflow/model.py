"""A process as its author drew it: nodes and sequence flows in the words of BPMN 2.0, texts not yet compiled.

A reader of a file format builds a `ProcessModel`; `compile_process` checks it as a graph and turns it into the
`Process` that the token machine runs. Expressions are FEEL. A sub-process holds nodes and flows of its own, so a model
is a tree of such scopes; ids are one element's own in all of it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

# Event definitions


class TimerKind(StrEnum):
    """What the text of a timer says; a closed list."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class TimerDefinition:
    """A time: ISO 8601 (`PT16H`, `R3/P1D`, an instant), or FEEL after an equals sign.

    `service_hours` counts the length by the calendar of those who work, which the caller gives.
    """

    text: str
    kind: TimerKind = TimerKind.DURATION
    service_hours: bool = False


@dataclass(frozen=True, slots=True)
class MessageDefinition:
    """A message by its name; `key` (FEEL, a text) says for which of those who wait, empty: for the case itself."""

    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class SignalDefinition:
    """A signal by its name: heard by all who wait for it."""

    signal: str


@dataclass(frozen=True, slots=True)
class ErrorDefinition:
    """An error by its code; a catching event without one takes every error."""

    error: str


@dataclass(frozen=True, slots=True)
class EscalationDefinition:
    """An escalation by its code; a catching event without one takes every escalation."""

    escalation: str


@dataclass(frozen=True, slots=True)
class ConditionalDefinition:
    """Happens when the condition becomes true."""

    condition: str


@dataclass(frozen=True, slots=True)
class CompensateDefinition:
    """Undoes an activity that was done (its id), or all of the scope when it names none."""

    activity: str = ""


@dataclass(frozen=True, slots=True)
class LinkDefinition:
    """One half of a jump within a scope: where a throwing event leads, the catching one of the same name goes on."""

    link: str


@dataclass(frozen=True, slots=True)
class CancelDefinition:
    """A transaction is given up: what was done in it is undone."""


@dataclass(frozen=True, slots=True)
class TerminateDefinition:
    """Everything else in the scope ends too."""


EventDefinition = (
    TimerDefinition
    | MessageDefinition
    | SignalDefinition
    | ErrorDefinition
    | EscalationDefinition
    | ConditionalDefinition
    | CompensateDefinition
    | LinkDefinition
    | CancelDefinition
    | TerminateDefinition
)


# Events


@dataclass(frozen=True, slots=True)
class StartEvent:
    """Where a scope begins; with a definition, what begins it. `interrupting` is of event sub-processes.

    Of a process that something outside begins, it says whose the case is: the role that looks after it, and of a timer,
    which comes from nowhere, the entity. A message may begin one case only for its key (`once`).
    """

    id: str
    name: str = ""
    definition: EventDefinition | None = None
    interrupting: bool = True
    owner: str = ""
    entity: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class EndEvent:
    """Where a token ends, and what it throws there; `status` is what the case is that ends there."""

    id: str
    name: str = ""
    definition: EventDefinition | None = None
    inputs: tuple["Assignment", ...] = ()  # what a message or signal carries
    status: str = ""


@dataclass(frozen=True, slots=True)
class CatchEvent:
    """An intermediate event that waits, or the landing of a link."""

    id: str
    name: str
    definition: EventDefinition


@dataclass(frozen=True, slots=True)
class ThrowEvent:
    """An intermediate event that tells something and goes on; without a definition it only marks the way."""

    id: str
    name: str = ""
    definition: EventDefinition | None = None
    inputs: tuple["Assignment", ...] = ()  # what a message or signal carries


@dataclass(frozen=True, slots=True)
class BoundaryEvent:
    """An event on an activity's edge; `interrupting` ends the activity, otherwise it goes on beside.

    One that compensates leads by no flow: `handler` is the activity that undoes what was done.
    """

    id: str
    name: str
    attached_to: str
    definition: EventDefinition
    interrupting: bool = True
    handler: str = ""


# Activities


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable and the FEEL expression that gives its value."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """One instance for each item of a collection, one after the other or all at once."""

    collection: str  # FEEL, a list; where it is `counted`, a number of instances
    sequential: bool
    completion: str = ""  # FEEL; when true after an instance, the rest is withdrawn
    counted: bool = False
    item: str = ""  # variable of an instance
    result: str = ""  # variable that holds the instances' results, in the order of the items
    result_item: str = ""  # variable of an instance that is its result


@dataclass(frozen=True, slots=True)
class Activity:
    """Work that takes its time; the other fields are what any activity may have."""

    id: str
    name: str
    instances: MultiInstance | None = field(default=None, kw_only=True)
    inputs: tuple[Assignment, ...] = field(default=(), kw_only=True)  # become variables of the activity alone
    outputs: tuple[Assignment, ...] = field(default=(), kw_only=True)  # what is kept of its variables when it is done
    for_compensation: bool = field(default=False, kw_only=True)  # reached by no flow


@dataclass(frozen=True, slots=True)
class ServiceTask(Activity):
    """Work for the platform, asked for by the name of a service; an operator may leave out what is `skippable`."""

    service: str
    skippable: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class BusinessRuleTask(Activity):
    """A decision, asked for by its name."""

    decision: str


@dataclass(frozen=True, slots=True)
class UserTask(Activity):
    """Work for a person; `kind` tells the platform whom to ask and what may be answered."""

    kind: str


@dataclass(frozen=True, slots=True)
class ManualTask(Activity):
    """Work outside every system: a person is asked to say that it was done, or nobody would know."""

    kind: str = "manual"


@dataclass(frozen=True, slots=True)
class ReceiveTask(Activity):
    """Waits for a message."""

    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class SendTask(Activity):
    """Sends a message and goes on; its inputs are what the message carries."""

    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ScriptTask(Activity):
    """A FEEL expression whose value becomes the variable `result`."""

    script: str
    result: str


class Binding(StrEnum):
    """Which version of a process is called; a closed list."""

    RELEASE = "release"  # the one that belongs to the case's own version
    LATEST = "latest"  # the one in force when it is called
    VERSION = "version"  # the one with a given hash


@dataclass(frozen=True, slots=True)
class CallActivity(Activity):
    """Another process as a step of this one: it sees what the inputs hand it and gives back what the outputs take."""

    called: str
    binding: Binding = Binding.RELEASE
    version: str = ""  # SHA-256 of the called process's source


@dataclass(frozen=True, slots=True)
class SubProcess(Activity):
    """A scope within the scope: its nodes, flows and variables of its own.

    One that is `by_event` is reached by no flow, but begun by its start event; a transaction can be cancelled.
    """

    nodes: tuple["Node", ...]
    flows: tuple["SequenceFlow", ...]
    variables: tuple[str, ...] = ()
    by_event: bool = False
    transaction: bool = False


Job = ServiceTask | BusinessRuleTask
PersonTask = UserTask | ManualTask
Task = Job | PersonTask | ReceiveTask | SendTask | ScriptTask


# Gateways and flows


@dataclass(frozen=True, slots=True)
class ExclusiveGateway:
    """Takes the first outgoing flow whose condition is true, else the default flow; merges without waiting."""

    id: str
    name: str = ""
    default: str = ""  # id of a flow


@dataclass(frozen=True, slots=True)
class InclusiveGateway:
    """Takes every outgoing flow whose condition is true, else the default flow; waits for all that may still come."""

    id: str
    name: str = ""
    default: str = ""  # id of a flow


@dataclass(frozen=True, slots=True)
class ParallelGateway:
    """Waits for a token on every incoming flow, then puts one on every outgoing flow."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventBasedGateway:
    """Waits for the events that follow it; the first to happen takes its flow."""

    id: str
    name: str = ""


Gateway = ExclusiveGateway | InclusiveGateway | ParallelGateway | EventBasedGateway
Event = StartEvent | EndEvent | CatchEvent | ThrowEvent | BoundaryEvent
Node = Event | Task | SubProcess | CallActivity | Gateway


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """An arrow from one node to the next; `condition` is FEEL, on the way out of a choosing gateway only."""

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
    correctable: tuple[str, ...] = ()  # variables that an operator may correct


Scope = ProcessModel | SubProcess
