"""What a case is about that has no document: what a change would alter, or what began the case.

Who releases a change of an order, a contract or the supplier master reads that, and no less.
"""

from typing import Any, Final

from comptroller.application.messages import VARIABLE as MESSAGE
from comptroller.application.presenting.changes import changes_told
from comptroller.application.presenting.policies.request import KIND, policy_proposal
from comptroller.application.presenting.words import Names, begun_words
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.application.starting.event import KIND as BEGUN
from comptroller.application.views import ProposalView
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.value_json import value_from_json
from comptroller.domain.kernel.canonical_json import decode

_CHANGE: Final = "_change"
_NOT_PROPOSED: Final = ("accounts", "released_by", "created_by")
"""What a proposal does not say: accounts are changed by themselves, and who does what is recorded when it is done."""


def proposal_view(session: Session, names: Names, row: CaseRow, dossier: dict[str, Any]) -> ProposalView | None:
    """The proposal of a case that is about a record, or what began it; None of a case that is about a document."""
    if row.kind == KIND:
        return policy_proposal(session, names, row, dossier)
    if row.kind == BEGUN:
        return _begun(names, dossier["begun"])
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


def _begun(names: Names, begun: dict[str, Any]) -> ProposalView:
    """What began a case, who sent it, and what it carried."""
    carried: Any = value_from_json(begun["carries"])
    said = carried.get(MESSAGE) if begun["sender"] else carried
    values = said if isinstance(said, dict) else {}
    lines = [f"{name}: {value if isinstance(value, str) else literal_text(value)}" for name, value in values.items()]
    sender = f", sent by {names.person(begun['sender'])}" if begun["sender"] else ""
    about = f"Begun by {begun_words(begun)}{sender}"
    return ProposalView(about, tuple(lines), title="What it carried", unchanged="Nothing: that it came is all.")
