"""The three kinds of wrong, two of which are values.

A **fault** is an error of the content's author: collected, never thrown one at a time. A **rejection** says that the
caller may not or cannot: returned and audited. A **defect** is ours: an exception, a rollback and an alert; it has no
type here on purpose.

Codes read `AREA-NOUN-NN` (or are a standard's own, such as `BR-CO-15`) and are never used again for another meaning.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a fault weighs; a closed list."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a content that somebody wrote, and what to do about it.

    `path` says where: an XPath or JSON Pointer in a document, a cell in a table, an offset in an expression; empty for
    the whole. `by` names the engine that found it (`standard`, `canonical`, `reader`, `feel`, `dmn`, `bpmn`, ...).
    """

    code: str
    path: str
    message: str
    severity: Severity = Severity.ERROR
    by: str = ""
    help: str = ""


class RejectionKind(StrEnum):
    """Why a command was turned down; the entry points derive their status codes from it."""

    INVALID = "invalid"  # the command's form or content
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"  # this person may not
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"  # stale, repeated with another content, already done
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"  # media type
    UNAVAILABLE = "unavailable"  # try again later


@dataclass(frozen=True, slots=True)
class Rejection:
    """A command that was turned down: a value, recorded like any other outcome.

    `breach` names the class of policy-breach attempt that the refusal counts as (section "KPI definitions": `own
    request`, `over own limit`, ...); empty when the refusal is an ordinary mistake.
    """

    kind: RejectionKind
    code: str
    message: str
    faults: tuple[Fault, ...] = ()
    breach: str = ""
    help: str = ""
    subject: str = ""  # the case or record that the refusal points to
