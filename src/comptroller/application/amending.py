"""Changing a few fields of a record that is on file: what was not touched stays as it is in the version that was seen.
Lines of an order are added and taken off in the same way.

Whoever amends names the version that they saw, so that nobody undoes another's change unseen; the record then goes the
way of every record that a person brings in.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.application.record_specs import SPECS, missing, record_made
from comptroller.application.reference import PutReference, put_reference
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

AMENDED: Final[Mapping[str, tuple[str, ...]]] = {
    "order": ("status", "ceiling", "valid_to"),
    "receipt": ("status", "reason"),
}
"""The fields of each kind that are changed one by one."""

LINE_FIELDS: Final = ("quantity", "price")
"""Of an order's lines."""

KEY_PARTS: Final[Mapping[str, int]] = {"budget": 3}
"""How many of the fields that name a record make its key, where it is more than the first."""

OWN: Final[Mapping[str, tuple[str, ...]]] = {"contract": ("created_by",), "agreement": ("released_by",)}
"""What a record must say of who enters it; what counts of it is put in where it is brought in."""

NEW_LINE_NEEDS: Final = ("name", "quantity", "unit", "price")
NEW_LINE_FIELDS: Final = (*NEW_LINE_NEEDS, "cost_centre", "material_group", "account")
"""Of a line that is added to an order: what it needs, and what it may say."""


@dataclass(frozen=True, slots=True)
class AmendRecord:
    """New values for fields of one record, and for those of an order's lines by `line/field`; empty takes one out."""

    kind: str
    key: str
    version: int  # that was seen
    fields: Mapping[str, str]
    lines: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Mapping[str, str], ...] = ()  # lines of an order, each by its fields
    removed: frozenset[str] = frozenset()  # lines that are taken off an order


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A record as a form holds it; what the form does not show stays as it is. Without a key it is a new one."""

    kind: str
    key: str
    version: int  # that was seen; 0: there was none
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """A changed account of a supplier; the one that it replaces is named by its place on file."""

    supplier: str
    number: str  # of the change
    account: str
    source: str
    requested_on: str
    replaces: str = ""  # its place, from 0; empty: the account is added


def change_account(session: Session, command: ChangeAccount) -> dict[str, Any] | Refused:
    """Enter the change; somebody else calls back."""
    rows = session.uow.references([f"supplier/{command.supplier}"])[f"supplier/{command.supplier}"]
    record: Any = decode(rows[0].body) if rows else {}
    accounts = record.get("accounts", ())
    place = int(command.replaces) if command.replaces.isascii() and command.replaces.isdigit() else -1
    body = {"supplier": command.supplier, "account": command.account, "source": command.source}
    if command.requested_on:
        body["requested_on"] = command.requested_on
    if 0 <= place < len(accounts):
        body["replaces"] = str(accounts[place]["account"])
    return put_reference(session, PutReference("account-change", command.number, body))


def amend_record(session: Session, command: AmendRecord) -> dict[str, Any] | Refused:
    """Put the amended record on its way."""
    alias = f"{command.kind}/{command.key}"
    rows = session.uow.references([alias])[alias]
    if not rows or command.kind not in AMENDED:
        message = f"there is no {command.kind} `{command.key}` that could be amended"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "AMEND-UNKNOWN-01", message))
    if rows[0].version != command.version:
        message = f"the {command.kind} was changed since you opened it: version {rows[0].version} is in force"
        return Refused(Rejection(RejectionKind.CONFLICT, "AMEND-STALE-01", message, help="look at it as it stands now"))
    before: Any = decode(rows[0].body)
    body = deepcopy(before)
    for name, value in command.fields.items():
        if name in AMENDED[command.kind]:
            _put(body, name, value)
    if command.kind == "order":
        body["lines"] = [*_lines_kept(body["lines"], command), *_lines_added(session, command)]
        if not body["lines"]:
            message = "an order without a line orders nothing"
            help_text = "leave a line on it, or cancel the order"
            return Refused(Rejection(RejectionKind.INVALID, "AMEND-LINES-01", message, help=help_text))
    if body == before:
        message = "nothing was changed"
        return Refused(Rejection(RejectionKind.INVALID, "AMEND-SAME-01", message, help="change a field first"))
    return put_reference(session, PutReference(command.kind, command.key, body))


def change_record(session: Session, command: ChangeRecord) -> dict[str, Any] | Refused:
    """Put the record as it was typed on its way."""
    spec = SPECS[command.kind]
    rows = session.uow.references([f"{command.kind}/{command.key}"])[f"{command.kind}/{command.key}"]
    before: Any = decode(rows[0].body) if rows else {}
    body = record_made(spec, before, command.typed)
    if body == before:
        message = "nothing was changed"
        return Refused(Rejection(RejectionKind.INVALID, "AMEND-SAME-01", message, help="change a field first"))
    if command.key and spec.names[0].name == "number":
        body.setdefault("number", command.key)
    faults = tuple(missing(spec, body))
    if faults:
        message = f"the {spec.title.lower()} misses {len(faults)} things"
        return Refused(Rejection(RejectionKind.INVALID, "REFERENCE-BODY-01", message, faults))
    key = command.key or "/".join(str(body[field.name]) for field in spec.names[: KEY_PARTS.get(command.kind, 1)])
    own = dict.fromkeys(OWN.get(command.kind, ()), session.caller.id)
    return put_reference(session, PutReference(command.kind, key, {**own, **body}, command.version))


def _lines_kept(lines: list[dict[str, Any]], command: AmendRecord) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line["id"] not in command.removed:
            given = {name: command.lines.get(f"{line['id']}/{name}") for name in LINE_FIELDS}
            yield line | {name: value for name, value in given.items() if value is not None}


def _lines_added(session: Session, command: AmendRecord) -> Iterator[dict[str, Any]]:
    """New lines get numbers that no version of the order has used."""
    versions = session.uow.reference_versions("order", command.key)
    bodies: list[Any] = [decode(row.body) for row in versions]
    used = [int(line["id"]) for body in bodies for line in body["lines"] if line["id"].isdecimal()]
    for number, line in enumerate(command.added, start=max(used, default=0) + 1):
        yield {
            "id": str(number),
            **{name: line.get(name, "") for name in NEW_LINE_FIELDS if name in NEW_LINE_NEEDS or line.get(name)},
        }


def _put(body: dict[str, Any], name: str, value: str) -> None:
    if value:
        body[name] = value
    else:
        body.pop(name, None)
