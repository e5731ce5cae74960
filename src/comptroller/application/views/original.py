"""A document as it was received, and what is not used as it first said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class ShownAs(StrEnum):
    """How the page of a case shows its document."""

    INVOICE = "invoice"
    ORIGINAL = "original"
    BOTH = "both"  # one beside the other


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A line of a document's own structure: a term and its value, or the head of what stands below it."""

    depth: int
    term: str
    value: str = ""
    note: str = ""  # unit, currency, scheme
    is_part: bool = False  # has no value of its own


@dataclass(frozen=True, slots=True)
class OriginalView:
    """The document as received: pictures of its pages, else its own structure in words, else its text."""

    digest: str
    media_type: str
    size: int
    text: str = ""
    file_name: str = ""
    pages: int = 0  # that can be shown as pictures
    outline: tuple[OutlineRow, ...] = ()


class MarkKind(StrEnum):
    """Why a value is not used, or not stated, as the document first said it."""

    CORRECTED = "corrected"  # by a later document of the supplier
    KEYED = "keyed"  # by a person, beside the original
    DERIVED = "derived"  # computed: the document does not state it
    CONTRADICTED = "contradicted"  # the page shows another one


@dataclass(frozen=True, slots=True)
class FieldMark:
    """One value of the data that is not what the document first said."""

    path: str  # JSON Pointer of the canonical form
    label: str
    kind: MarkKind
    before: Any = None  # what was said first; None: nothing
    now: Any = None
    text: str = ""  # of a contradiction
    code: str = ""  # of the rule that found it
    is_account: bool = False


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What one person changed at one time; the values that a signature is about come first."""

    kind: MarkKind
    by: str
    at: datetime
    first: tuple[FieldMark, ...]
    others: tuple[FieldMark, ...] = ()

    @property
    def count(self) -> int:
        """How many values it changed."""
        return len(self.first) + len(self.others)


@dataclass(frozen=True, slots=True)
class VersionView:
    """One of the documents of a case: as it came, corrected by the supplier, or keyed by a person."""

    digest: str
    kind: str  # received, corrected, keyed
    media_type: str
    size: int
    by: str
    at: datetime
    is_used: bool


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How the data that is used came from what was received."""

    marks: tuple[FieldMark, ...] = ()
    changes: tuple[ChangeView, ...] = ()  # the same marks as far as somebody made them
    versions: tuple[VersionView, ...] = ()
    keyed_by: str = ""  # who keyed it, where no program read the document, or its header alone
    keyed_at: datetime | None = None
    header_read: bool = False
    first_said: frozenset[str] = frozenset()  # what is used otherwise, as it was written

    def at(self, path: str) -> tuple[FieldMark, ...]:
        """The marks at a place of the canonical form, and below it."""
        return tuple(mark for mark in self.marks if mark.path == path or mark.path.startswith(f"{path}/"))
