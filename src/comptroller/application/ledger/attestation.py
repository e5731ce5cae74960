"""A period's attestation: somebody's word that a trial balance is right, which stands until that balance changes.

An attestation is a record, `attestation/DE/2026-03`. While it stands it is found under its entity, so that the journal
which changes what was attested takes it back in the same unit of work (INVARIANT 1). It does not come back by itself:
what has changed wants to be looked at and attested again.
"""

from collections.abc import Mapping
from typing import Any, Final

from comptroller.application.casework.gathering.names import standing_attestations
from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.records import JournalRow, ReferenceRow
from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import digest, encode
from comptroller.domain.kernel.instant import instant_text

ATTESTATION: Final = "attestation"


def attestation_of(session: Session, entity: str, period: str) -> ReferenceRow | None:
    """The newest version of a period's attestation, standing or taken back."""
    alias = f"{ATTESTATION}/{entity}/{period}"
    rows = session.uow.references([alias])[alias]
    return rows[0] if rows else None


def keep_attestation(session: Session, entity: str, period: str, body: Mapping[str, Any], kind: str) -> None:
    """Store the next version of a period's attestation and tell it as an entry of this kind."""
    before, key, content = attestation_of(session, entity, period), f"{entity}/{period}", digest(dict(body))
    version = before.version + 1 if before is not None else 1
    aliases = (standing_attestations(entity),) if body["stands"] else ()
    row = ReferenceRow(
        ATTESTATION, key, version, encode(dict(body)).decode(), content, session.now, session.caller.id, aliases
    )
    session.uow.insert(row)
    session.evidence.tell(f"ledger/{key}", kind, {"version": version, "digest": content, "content": body["content"]})


def take_back_attestations(session: Session, journal: JournalRow) -> None:
    """Take back what was attested of the journal's period and of later ones, which carry its balances forward."""
    alias = standing_attestations(journal.entity)
    for row in session.uow.references([alias])[alias]:
        body = body_of(row)
        if str(body["period"]) < journal.period:
            continue
        changed = {"journal": journal.journal_id, "by": session.caller.id, "on": instant_text(session.now)}
        keep_attestation(
            session,
            journal.entity,
            str(body["period"]),
            {**body, "stands": False, "changed": changed},
            "period.attestation-taken-back",
        )
