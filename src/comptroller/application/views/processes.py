"""A process as a picture, with what stands on it, or beside another version of it."""

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
    median: timedelta | None  # for which they have stood there; None where it is known of none
    ninth: timedelta | None  # for which nine of ten have stood there at most
    unknown: int  # of how many nobody knows when they came
    incidents: int


@dataclass(frozen=True, slots=True)
class ProcessPicture:
    """A version of a process, and where its open cases stand."""

    process: str
    name: str
    version: str  # hash
    is_in_force: bool
    cases: int
    nodes: tuple[NodeLoad, ...]


@dataclass(frozen=True, slots=True)
class ElementMark:
    """What became of an element or a flow in a drawing."""

    node: str
    becomes: str  # added, removed, changed
    is_flow: bool = False


@dataclass(frozen=True, slots=True)
class ElementChangeView:
    """An element that is not as it was, in words."""

    becomes: str
    title: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessDifferenceView:
    """Two versions of a process: where their drawings are, what is marked on each, and what differs in words."""

    name: str
    path: str  # of the file in the pack
    before: str  # address
    after: str
    marks_before: tuple[ElementMark, ...]
    marks_after: tuple[ElementMark, ...]
    changes: tuple[ElementChangeView, ...]  # none: it is drawn otherwise, and runs the same
