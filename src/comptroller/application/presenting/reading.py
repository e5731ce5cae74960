"""What of a document's data is not what the document first said: corrected since, keyed, computed, contradicted.

The first reading that a program or a person made of what was received is the measure; each later document of the case
is compared with the one before it, so that a difference is told with who made it and when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from comptroller.application.keying import KEYED_OTHERWISE
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.codes import document_type
from comptroller.application.presenting.words import Names
from comptroller.application.records import CaseRow, DocumentRow, EntryRow
from comptroller.application.views import ChangeView, FieldMark, MarkKind, Percent, ReadingView, VersionView
from comptroller.domain.documents.difference import differences
from comptroller.domain.documents.json_form import from_json, to_json
from comptroller.domain.documents.model import DocumentKind, Invoice, PaymentInstruction
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money, decimal_text

_DOCUMENTS: Final = {"document.received": "received", "document.corrected": "corrected", "document.keyed": "keyed"}

DERIVED: Final = "TABLE-DERIVED-01"
CONTRADICTED: Final = "PDF-TEXT-"

_LABELS: Final = {
    "/number": "number",
    "/type_code": "type",
    "/issue_date": "issued",
    "/due_date": "due",
    "/delivery_date": "delivered",
    "/tax_point": "tax point",
    "/currency": "currency",
    "/order_number": "order",
    "/accounting_reference": "cost centre",
    "/buyer_reference": "requested by",
    "/payment_terms": "terms of payment",
    "/seller/name": "supplier",
    "/seller/vat_id": "VAT id of the supplier",
    "/buyer/name": "buyer",
    "/buyer/vat_id": "VAT id of the buyer",
    "/totals/line_net": "sum of the lines",
    "/totals/net": "net",
    "/totals/tax": "VAT",
    "/totals/gross": "gross",
    "/totals/prepaid": "prepaid",
    "/totals/payable": "payable",
}
_PARTS: Final = {
    "name": "item",
    "quantity": "quantity",
    "unit": "unit",
    "net_price": "price",
    "net_amount": "net",
    "order_line": "order line",
}
"""Of a line."""

MARKED_CHARACTERS_MIN: Final = 3
"""A value shorter than this stands in a document for many things, and is not found again by itself."""

_AMOUNTS: Final = frozenset({"net_amount", "net_price", "tax_amount", "taxable_amount", "amount"})
_GRAVE: Final = (
    "/totals/gross",
    "/payments",
    "/seller/name",
    "/totals/net",
    "/totals/tax",
    "/currency",
    "/number",
    "/order_number",
    "/lines",
)
CHANGES_FIRST: Final = 4
"""Changed values that are seen without opening anything."""


@dataclass(frozen=True, slots=True)
class _Version:
    """A document of the case, with what was read of it."""

    row: DocumentRow
    invoice: Invoice | None
    kind: str
    by: str
    at: datetime


def reading_view(
    uow: UnitOfWork, names: Names, case: CaseRow, faults: Sequence[Fault], entries: Sequence[EntryRow]
) -> ReadingView:
    """Compare what is used with what was received; `faults` are those of the document in force."""
    versions = list(_versions(uow, names, case.case_id, entries))
    read = [(version, version.invoice) for version in versions if version.invoice is not None]
    if not read:
        return ReadingView()
    changed = list(_changed(read))
    first = next((version for version, invoice in read if not _is_header(invoice)), read[0][0])
    return ReadingView(
        marks=(*_told_by_faults(faults), *(mark for mark, _ in changed)),
        changes=tuple(_changes(changed)),
        versions=tuple(_version_view(version, case.document) for version in versions) if len(versions) > 1 else (),
        keyed_by=first.by if first.kind == "keyed" else "",
        keyed_at=first.at if first.kind == "keyed" else None,
        header_read=_is_header(read[0][1]),
        first_said=_first_said([mark for mark, _ in changed], read[-1][1]),
    )


def _versions(uow: UnitOfWork, names: Names, case_id: str, entries: Sequence[EntryRow]) -> Iterator[_Version]:
    rows = {row.digest: row for row in uow.case_documents(case_id)}
    for entry in entries:
        if entry.type not in _DOCUMENTS:
            continue
        body: Any = decode(entry.body)
        row = rows.get(body["data"]["document"])
        if row is not None:
            invoice = from_json(Invoice, decode(row.canonical))[0]
            yield _Version(row, invoice, _DOCUMENTS[entry.type], names.person(row.received_by), entry.at)


def _version_view(version: _Version, used: str) -> VersionView:
    row = version.row
    is_used = row.digest == used
    return VersionView(row.digest, version.kind, row.media_type, len(row.original), version.by, version.at, is_used)


def _changed(read: Sequence[tuple[_Version, Invoice]]) -> Iterator[tuple[FieldMark, _Version]]:
    """What the document in force says otherwise than the first reading, with the document that changed it last."""
    (_, first), (newest, last) = read[0], read[-1]
    changers: dict[str, _Version] = {}
    for (_, before), (changer, after) in pairwise(read):
        changers |= {found.path: changer for found in differences(before, after)}
    for found in differences(first, last):
        if _is_header(first) and found.before is None:
            continue  # a program read the header alone: the rest was never said otherwise
        changer = changers.get(found.path, newest)
        mark = FieldMark(
            path=found.path,
            label=label_of(found.path),
            kind=MarkKind.KEYED if changer.kind == "keyed" else MarkKind.CORRECTED,
            before=_value(found.path, found.before, first.currency),
            now=_value(found.path, found.after, last.currency),
            is_account=_is_account(found.path),
        )
        yield mark, changer


def _is_header(invoice: Invoice) -> bool:
    """Whether this is the header that a program read of a document to be keyed."""
    return invoice.kind is DocumentKind.UNKNOWN


def _changes(changed: Sequence[tuple[FieldMark, _Version]]) -> Iterator[ChangeView]:
    """The marks by who made them, in the order of time; of each the gravest first."""
    for version in sorted({id(each): each for _, each in changed}.values(), key=lambda each: each.at):
        marks = sorted((mark for mark, each in changed if each is version), key=lambda mark: _weight(mark.path))
        yield ChangeView(
            marks[0].kind, version.by, version.at, tuple(marks[:CHANGES_FIRST]), tuple(marks[CHANGES_FIRST:])
        )


def _first_said(changed: Sequence[FieldMark], used: Invoice) -> frozenset[str]:
    """The values that are used no more, as they were written; what stands elsewhere in the data too is none of them."""
    written = {_as_written(mark.before) for mark in changed if mark.before is not None}
    return frozenset(value for value in written - set(_leaves(to_json(used))) if len(value) >= MARKED_CHARACTERS_MIN)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _leaves(entry)
    else:
        yield str(value)


def _weight(path: str) -> int:
    """How soon a signer wants to read of a place: what is paid and to whom, then what for, then the rest."""
    return next((place for place, start in enumerate(_GRAVE) if path.startswith(start)), len(_GRAVE))


def _told_by_faults(faults: Sequence[Fault]) -> Iterator[FieldMark]:
    for fault in faults:
        if fault.code == DERIVED:
            yield FieldMark(fault.path, label_of(fault.path), MarkKind.DERIVED)
        elif fault.code.startswith(CONTRADICTED):
            yield FieldMark(
                fault.path, label_of(fault.path), MarkKind.CONTRADICTED, text=fault.message, code=fault.code
            )


def is_marked(fault: Fault) -> bool:
    """Whether a fault is told by a mark at the value that it is about."""
    return fault.code in (DERIVED, KEYED_OTHERWISE) or fault.code.startswith(CONTRADICTED)


def label_of(path: str) -> str:
    """What a place of the canonical form is called.

    >>> label_of("/totals/gross"), label_of("/lines/1/net_price"), label_of("/seller/address/city")
    ('gross', 'price of line 2', 'seller address city')
    """
    if path in _LABELS:
        return _LABELS[path]
    top, *rest = path.strip("/").split("/")
    if top == "payments":
        return "account to be paid" if not rest or rest[-1] == "account" else f"payment {_plain(rest[1:])}"
    if top == "lines" and rest:
        line = f"line {int(rest[0]) + 1}"
        return f"{_PARTS.get(rest[1], _plain(rest[1:]))} of {line}" if rest[1:] else line
    if top == "tax_breakdown" and rest:
        return f"VAT row {int(rest[0]) + 1} {_plain(rest[1:])}".strip()
    return _plain([top, *rest])


def _plain(steps: Sequence[str]) -> str:
    return " ".join(str(int(step) + 1) if step.isdigit() else step.replace("_", " ") for step in steps)


def _is_account(path: str) -> bool:
    return (path.startswith("/payments/") and path.count("/") == 2) or path.endswith("/account")


def _value(path: str, value: Any, currency: str) -> Any:
    """A value as the page writes it; of a whole part its name."""
    if isinstance(value, Decimal):
        step = path.rpartition("/")[2]
        if path.startswith("/totals/") or step in _AMOUNTS:
            return Money(value, currency)
        return Percent(value) if step == "rate" else value
    if path == "/type_code" and value:
        return document_type(value)
    if is_dataclass(value):
        return value.account if isinstance(value, PaymentInstruction) else _in_short(value)
    return value


def _in_short(part: Any) -> str:
    """A whole part of a document by what it says in so many words."""
    said = (getattr(part, field.name) for field in fields(part))
    return ", ".join(str(value) for value in said if value and isinstance(value, str | Decimal | date))


def _as_written(value: Any) -> str:
    match value:
        case Money():
            return decimal_text(value.amount)
        case Percent():
            return decimal_text(value.value)
        case Decimal():
            return decimal_text(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
