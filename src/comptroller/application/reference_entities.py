"""Whose record it is: a person brings in records of the entities that the person works for, and of no other."""

from collections.abc import Iterator, Mapping
from typing import Any

from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind


def elsewhere(session: Session, kind: str, key: str, body: Mapping[str, Any]) -> Rejection | None:
    """Why the caller does not bring this record in; None where every entity that it names is one of theirs."""
    known = _on_file(session, f"{kind}/{key}")
    for entity in {*_entities(session, kind, key, body), *_entities(session, kind, key, known)}:
        if entity and not session.caller.sees(entity):
            message = f"this is a record of `{entity}`, for which you do not work"
            return Rejection(RejectionKind.FORBIDDEN, "REFERENCE-ENTITY-01", message, help="ask somebody who does")
    return None


def _entities(session: Session, kind: str, key: str, body: Mapping[str, Any]) -> Iterator[str]:
    """The entities of a record: its own, or that of the order, the agreement or the key that it hangs on."""
    yield str(body.get("entity") or "")
    match kind:
        case "receipt" | "despatch" | "dispute":
            yield str(_on_file(session, f"order/{body.get('order')}").get("entity") or "")
        case "schedule":
            yield str(_on_file(session, f"agreement/{key}").get("entity") or "")
        case "period" | "coding":  # `DE/2026-03`, `DE/S08`
            yield key.partition("/")[0]
        case _:
            pass


def _on_file(session: Session, alias: str) -> dict[str, Any]:
    rows = session.uow.references([alias])[alias]
    body: Any = decode(rows[0].body) if rows else {}
    return dict(body)
