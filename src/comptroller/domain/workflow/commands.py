"""What a case can be told. A command names the token it is for, and a token is one visit of one node, never used again:
a late answer to an earlier visit meets no token and is rejected.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comptroller.domain.feel import Value


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a case with these variables."""

    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteJob:
    """Answer a `DecisionRequested` or `ServiceRequested`; the outputs become variables."""

    token: str
    outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A person has done one instance (counted from 1) of a user task; the outputs become variables."""

    token: str
    instance: int = 1
    outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    """A message that the token awaits has come; the outputs become variables."""

    token: str
    message: str
    outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """A timer that the token has set is due; `timer` is the boundary event's id."""

    token: str
    timer: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the case where it stands."""

    reason: str


Command = Start | CompleteJob | CompleteTask | DeliverMessage | FireTimer | Cancel
