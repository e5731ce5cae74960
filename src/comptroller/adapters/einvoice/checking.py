"""`document check`: one document through the reader and both engines, its faults told once each.

Merging is by code and place. The canonical engine's places are first written as the document's own (an XPath in XML);
where both engines tell the same code at the same place, or one at a place that holds the other's, the standard's fault
is kept, because its text is what the sender's own software shows. So `by` is always one engine. An unreadable value is
told by the reader; that the canonical document then lacks it is not told again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from comptroller.adapters.einvoice import zugferd1_profiles
from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.reading import ReadResult, Syntax, read
from comptroller.adapters.einvoice.source_places import SourcePlaces
from comptroller.adapters.einvoice.standard import check_standard, is_within_reach
from comptroller.domain.documents import rules
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.kernel.money import decimal_text


class Engine(StrEnum):
    """Who checks."""

    STANDARD = "standard"
    CANONICAL = "canonical"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was read of a document, and everything that is wrong with it."""

    kind: DocumentKind
    profile: str
    invoice: Invoice | None
    faults: tuple[Fault, ...]
    media_type: str = ""
    to_key: bool = False

    def to_json(self, file: str) -> dict[str, Any]:
        """The closed shape that `document check --json` prints, one object a file."""
        invoice = self.invoice or Invoice()
        totals = invoice.totals
        return {
            "file": file,
            "kind": self.kind.value,
            "number": invoice.number or None,
            "currency": invoice.currency or None,
            "totals": {
                "line": _amount(totals.line_net),
                "net": _amount(totals.net),
                "tax": _amount(totals.tax),
                "gross": _amount(totals.gross),
                "payable": _amount(totals.payable),
            },
            "faults": [
                {
                    "code": fault.code,
                    "path": fault.path,
                    "message": fault.message,
                    "severity": fault.severity.value,
                    "by": fault.by,
                }
                for fault in self.faults
            ],
        }


def check(data: bytes, media_type: str = "", engine: Engine | str = Engine.BOTH) -> CheckResult:
    """Read a document and check it by one engine or both; the reader's faults are always among them.

    The artefacts of the standard are written for UBL and CII, and too slow for very large documents: JSON, ZUGFeRD 1
    and those are checked by `canonical`, whatever the engine, so that asking for the standard never means that nothing
    was checked.
    """
    return check_read(read(data, media_type), Engine(engine))


def check_read(result: ReadResult, engine: Engine = Engine.BOTH) -> CheckResult:
    """Check a document that is already read."""
    if result.invoice is None:
        return CheckResult(result.kind, result.profile, None, result.faults, result.media_type, result.to_key)
    found: list[Fault] = list(result.faults)
    if has_no_lines(result.profile) and not result.invoice.lines:
        if result.root is not None and engine is not Engine.CANONICAL:  # by the rules of its own profile
            found += check_standard(result.root, result.profile, (fault.path for fault in result.faults))
        found.append(_without_lines(result.profile))
        return CheckResult(result.kind, result.profile, result.invoice, merge(found), result.media_type, to_key=True)
    if result.root is not None and engine is not Engine.CANONICAL:
        unreadable = (fault.path for fault in result.faults)
        found += check_standard(result.root, result.profile, unreadable)
    is_beyond = result.root is None or result.syntax is Syntax.ZUGFERD_1 or not is_within_reach(result.root)
    if is_beyond or engine is not Engine.STANDARD:
        found += _check_canonical(result, result.invoice)
    return CheckResult(result.kind, result.profile, result.invoice, merge(found), result.media_type)


def check_to_take_in(data: bytes, media_type: str = "") -> CheckResult:
    """Check a document that is handed in: what a person has to key is no invoice yet, whatever its header says.

    The header is kept as a document of no kind, for the person to start from.
    """
    result = check(data, media_type)
    if not result.to_key:
        return result
    header = None if result.invoice is None else replace(result.invoice, kind=DocumentKind.UNKNOWN)
    return replace(result, kind=DocumentKind.UNKNOWN, invoice=header)


def has_no_lines(profile: str) -> bool:
    """Whether a profile (BT-24) of Factur-X or ZUGFeRD has a header alone."""
    return profile.strip().lower().replace("-", "").endswith((":minimum", ":basicwl"))


def _without_lines(profile: str) -> Fault:
    message = f"the profile `{profile[:80]}` has no lines: a person keys what the document shows"
    what_to_do = "send the profile BASIC, EN 16931 or EXTENDED to have it read"
    return Fault("DOC-PROFILE-01", "", message, Severity.INFORMATION, by="reader", help=what_to_do)


def _check_canonical(result: ReadResult, invoice: Invoice) -> list[Fault]:
    faults = rules.check(invoice, tax_slack_inclusive=result.syntax in (Syntax.CII, Syntax.ZUGFERD_1))
    if result.syntax is Syntax.ZUGFERD_1:
        faults = tuple(zugferd1_profiles.asked(invoice, faults))
    elif result.root is not None:
        places = SourcePlaces(Node(result.root))
        faults = tuple(replace(fault, path=places.place_of(fault.path)) for fault in faults)
    unreadable = {fault.path for fault in result.faults}
    return [fault for fault in faults if fault.path not in unreadable]


def merge(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Tell each fault once: the first engine's at a place stands for a later engine's at the same or a nested place."""
    kept: dict[Fault, None] = {}
    engines: dict[tuple[str, str], set[str]] = {}  # code and place -> who told it there
    inside: dict[tuple[str, str], set[str]] = {}  # code and place -> who told it somewhere below
    for fault in faults:
        others = inside.get((fault.code, fault.path), set()).union(
            *(engines.get((fault.code, place), ()) for place in (fault.path, *_above(fault.path)))
        )
        if others - {fault.by}:
            continue
        kept[fault] = None
        engines.setdefault((fault.code, fault.path), set()).add(fault.by)
        for place in _above(fault.path):
            inside.setdefault((fault.code, place), set()).add(fault.by)
    return tuple(kept)


def _above(path: str) -> Iterator[str]:
    """The places that hold a place; the document as a whole holds everything."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
