"""A draft's files: the list of them, and one with what it says."""

from dataclasses import dataclass

from comptroller.application.views.policies import DraftLink, TextChange
from comptroller.application.views.processes import ProcessDifferenceView
from comptroller.domain.kernel.fault import Fault


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of the pack in the list of a draft's files."""

    path: str
    name: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class DraftFilesView:
    """The files of a draft by the part of the pack that they are."""

    link: DraftLink
    parts: tuple[tuple[str, tuple[DraftFile, ...]], ...]


@dataclass(frozen=True, slots=True)
class DraftFileView:
    """One file as a draft has it, with what is wrong with it."""

    link: DraftLink
    path: str
    part: str
    text: str
    is_text: bool  # written here; else it is brought back from the program that writes such files
    change: TextChange | None  # against the version that the draft began with
    faults: tuple[Fault, ...]
    wrong: tuple[tuple[str, tuple[str, ...]], ...]  # of its examples, those that come out otherwise
    examples: int
    processes: tuple[ProcessDifferenceView, ...]  # that it draws otherwise
