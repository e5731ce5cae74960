"""A case's row and its stream of entries, kept in step: the row names the newest entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comptroller.application.evidence import Evidence
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CaseRow, revised
from comptroller.application.session import Session


def stream_of(case_id: str) -> str:
    """The stream that tells a case."""
    return f"case/{case_id}"


def know_case(evidence: Evidence, row: CaseRow) -> None:
    """Take the case's head of stream from its row, which was read in this unit of work."""
    evidence.know(stream_of(row.case_id), row.entry_seq, bytes.fromhex(row.entry_hash))


def headed(evidence: Evidence, row: CaseRow, now: datetime) -> CaseRow:
    """The row after its stream has grown: next version, newest entry."""
    seq, leaf_hash = evidence.head(stream_of(row.case_id))
    return revised(row, version=row.version + 1, updated_at=now, entry_seq=seq, entry_hash=leaf_hash.hex())


def tell_on_case(session: Session, case_id: str, kind: str, data: Mapping[str, Any]) -> int:
    """Append one entry to a case's stream and nothing else; its number."""
    lock_case(session.uow, case_id)
    row = session.uow.case(case_id)
    if row is None:
        raise LookupError(f"no case `{case_id}`")
    know_case(session.evidence, row)
    seq = session.evidence.tell(stream_of(case_id), kind, data)
    session.uow.update(headed(session.evidence, row, session.now))
    return seq


def lock_case(uow: UnitOfWork, case_id: str) -> None:
    """Let nobody else act on the case until this unit of work ends."""
    uow.serialize([stream_of(case_id)])
