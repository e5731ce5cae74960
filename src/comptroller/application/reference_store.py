"""Puts a new version of a reference record in force, tells it, and calls up the cases that wait on it."""

from collections.abc import Mapping
from typing import Any

from comptroller.application.ledger.records_booking import book_record
from comptroller.application.outbox import message_row
from comptroller.application.records import ReferenceRow
from comptroller.application.reference_kinds import ReferenceKind
from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import digest, encode


def store_version(session: Session, kind: ReferenceKind, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Store the record as its next version; the same content again changes nothing and says so."""
    uow, alias, content = session.uow, f"{kind.name}/{key}", digest(dict(body))
    rows = uow.references([alias])[alias]
    if rows and rows[0].digest == content:
        return {"kind": kind.name, "key": key, "version": rows[0].version, "changed": False}
    version = rows[0].version + 1 if rows else 1
    text, aliases = encode(dict(body)).decode(), kind.aliases(key, body)
    uow.insert(ReferenceRow(kind.name, key, version, text, content, session.now, session.caller.id, aliases))
    told = {"kind": kind.name, "key": key, "version": version, "digest": content}
    session.evidence.tell(f"reference/{alias}", "reference.changed", told)
    book_record(session, kind.name, key, body, version)
    for subject in kind.subjects(key, body):
        for message in ("case.changed", "posted.watch"):
            if uow.waiting_for(message, subject):
                uow.insert(message_row(session, message, subject, cause=f"{alias} version {version}"))
    return {"kind": kind.name, "key": key, "version": version, "changed": True}
