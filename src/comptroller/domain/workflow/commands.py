"""What a case can be told. A command names the token it is for, and a token is one visit of one node, never used again:
a late answer to an earlier visit meets no token and is rejected. A signal is for all tokens, so it names none.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from comptroller.domain.feel import Value


class Start(Struct, frozen=True):
    """Begin a case with these variables, at a start event where the process is not begun without one."""

    variables: Mapping[str, Value] = field(default_factory=dict)
    event: str = ""  # id of the start event


class CompleteJob(Struct, frozen=True):
    """Answer a `DecisionRequested` or `ServiceRequested`; the outputs become variables."""

    token: str
    outputs: Mapping[str, Value] = field(default_factory=dict)


class FailJob(Struct, frozen=True):
    """Answer a `DecisionRequested` or `ServiceRequested` with an error that the process may handle."""

    token: str
    error: str  # its code
    outputs: Mapping[str, Value] = field(default_factory=dict)


class CompleteTask(Struct, frozen=True):
    """A person has done one instance (counted from 1) of a user task; the outputs become variables."""

    token: str
    instance: int = 1
    outputs: Mapping[str, Value] = field(default_factory=dict)


class DeliverMessage(Struct, frozen=True):
    """A message that the token awaits has come, under the key it awaits it with; the outputs become variables."""

    token: str
    message: str
    outputs: Mapping[str, Value] = field(default_factory=dict)
    key: str = ""


class DeliverSignal(Struct, frozen=True):
    """A signal has been sent by somebody else: every token that awaits it takes it; the outputs become variables."""

    signal: str
    outputs: Mapping[str, Value] = field(default_factory=dict)


class FireTimer(Struct, frozen=True):
    """A timer that the token has set is due; `timer` is the id of its event."""

    token: str
    timer: str


class Cancel(Struct, frozen=True):
    """End the case where it stands."""

    reason: str


class Retry(Struct, frozen=True):
    """An operator lets a token that has an incident try again where it stands; `done` as in `MoveBack`."""

    token: str
    done: tuple[str, ...] = ()


class Skip(Struct, frozen=True):
    """An operator leaves a service out that the process lets be left out."""

    token: str


class MoveBack(Struct, frozen=True):
    """An operator takes a token back to a node that it has certainly passed; everything between is passed again.

    `done` are the services whose effect nobody takes back: none of them is passed again.
    """

    token: str
    node: str
    done: tuple[str, ...] = ()


class Correct(Struct, frozen=True):
    """An operator corrects variables that the process declares to be correctable."""

    variables: Mapping[str, Value]


class Suspend(Struct, frozen=True):
    """Nothing answers the case until it is resumed."""

    reason: str


class Resume(Struct, frozen=True):
    """The case goes on."""


Repair = Retry | Skip | MoveBack | Correct | Suspend | Resume
Command = Start | CompleteJob | FailJob | CompleteTask | DeliverMessage | DeliverSignal | FireTimer | Cancel | Repair
