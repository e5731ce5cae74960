"""Changing a few fields of a record that is on file: what was not touched stays as it is in the version that was seen.

Whoever amends names the version that they saw, so that nobody undoes another's change unseen; the record then goes the
way of every record that a person brings in.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.application.reference import PutReference, put_reference
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

AMENDED: Final[Mapping[str, tuple[str, ...]]] = {
    "order": ("status", "ceiling", "valid_to"),
    "contract": ("status", "ceiling", "valid_to"),
    "receipt": ("status", "reason"),
}
"""The fields of each kind that are changed one by one."""

LINE_FIELDS: Final = ("quantity", "price")
"""Of an order's lines."""


@dataclass(frozen=True, slots=True)
class AmendRecord:
    """New values for fields of one record, and for those of an order's lines by `line/field`; empty takes one out."""

    kind: str
    key: str
    version: int  # that was seen
    fields: Mapping[str, str]
    lines: Mapping[str, str] = field(default_factory=dict)


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
    for line in body.get("lines", ()) if command.kind == "order" else ():
        for name in LINE_FIELDS:
            given = command.lines.get(f"{line['id']}/{name}")
            if given is not None:
                line[name] = given
    if body == before:
        message = "nothing was changed"
        return Refused(Rejection(RejectionKind.INVALID, "AMEND-SAME-01", message, help="change a field first"))
    return put_reference(session, PutReference(command.kind, command.key, body))


def _put(body: dict[str, Any], name: str, value: str) -> None:
    if value:
        body[name] = value
    else:
        body.pop(name, None)
