"""What a change of an order, a contract or the supplier master would alter: who releases it reads that, and no less."""

from typing import Any, Final

from comptroller.application.presenting.changes import changes_told
from comptroller.application.presenting.policies.request import KIND, policy_proposal
from comptroller.application.presenting.words import Names
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.application.views import ProposalView
from comptroller.domain.kernel.canonical_json import decode

_CHANGE: Final = "_change"
_NOT_PROPOSED: Final = ("accounts", "released_by", "created_by")
"""What a proposal does not say: accounts are changed by themselves, and who does what is recorded when it is done."""


def proposal_view(session: Session, names: Names, row: CaseRow, dossier: dict[str, Any]) -> ProposalView | None:
    """The proposal of a case that is about a record; None of a case that is about a document."""
    if row.kind == KIND:
        return policy_proposal(session, names, row, dossier)
    if not row.kind.endswith(_CHANGE):
        return None
    proposal: dict[str, Any] = dossier.get("proposal") or {}
    kind = row.kind.removesuffix(_CHANGE).replace("_", "-")
    supplier = row.supplier_name or names.supplier(row.supplier)
    if kind == "account":
        alias = f"account-change/{proposal.get('change', '')}"
        rows = session.uow.references([alias])[alias]
        change: Any = decode(rows[0].body) if rows else {}
        about = f"Another bank account of {supplier}"
        return ProposalView(about, (), str(change.get("account") or ""), str(change.get("source") or ""))
    key = str(proposal.get("id") or row.number)
    known = [each for each in session.uow.reference_versions(kind, key) if each.recorded_at <= row.received_at]
    before: Any = decode(known[-1].body) if known else {}
    old, new = (
        {name: value for name, value in body.items() if name not in _NOT_PROPOSED} for body in (before, proposal)
    )
    about = f"Change of {kind} {key}" + (f" of {supplier}" if kind != "supplier" else f", {supplier}")
    changes = changes_told(old, new) if known else ["the record is new"]
    return ProposalView(about, tuple(names.told(text) for text in changes))
