"""A process as a picture, with what stands on it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A version of a process in the list."""

    process: str
    name: str
    version: str  # hash
    is_in_force: bool
    cases: int  # open ones
    incidents: int


@dataclass(frozen=True, slots=True)
class NodeLoad:
    """The open cases that stand on a node."""

    node: str  # id in the model
    title: str
    cases: int
    standing: timedelta  # median since their cases moved last
    incidents: int


@dataclass(frozen=True, slots=True)
class ProcessPicture:
    """A version of a process, and where its open cases stand."""

    process: str
    name: str
    version: str  # hash
    is_in_force: bool
    cases: int
    is_complete: bool  # whether all open cases were counted
    nodes: tuple[NodeLoad, ...]
