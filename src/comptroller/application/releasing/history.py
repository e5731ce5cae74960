"""What two versions make of the tenant's own cases, by what their decisions were taken with: figures and single cases.

Decisions keep their inputs, so both versions are asked with the very same, as before anybody had signed. A case counts
where its disposition was decided since the day. Amounts are what authority is measured on, in the group's currency, to
the cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from comptroller.application.caller import PACK
from comptroller.application.casework.decision_record import outcome_text, read_record, read_value
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow
from comptroller.application.releasing.correction import brief
from comptroller.application.releasing.drafts import base_files, draft_of, unknown_draft
from comptroller.application.releasing.requests import faulty, unfit
from comptroller.application.releasing.sources import store_files, stored_files
from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.backtest import Course, Pair
from comptroller.domain.packs.chain import Asked, Chain

SCALE: Final = 2
"""Digits of the amounts behind the point."""

DISPOSITION: Final = "disposition"
AMOUNT: Final = "amount"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be tried: a stored version, a draft as it stands, or the files of a pack."""

    version: str = ""
    draft: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """A case under both versions."""

    row: CaseRow
    pair: Pair
    amount: int  # minor units
    decisions: tuple[dict[str, Any], ...]  # those that come out otherwise, with both outcomes
    lacks: tuple[str, ...]  # facts that the candidate asks for and nobody recorded

    @property
    def names(self) -> dict[str, str]:
        """What the case is called in each group."""
        supplier = f"{self.row.supplier} {self.row.supplier_name}".strip() or "unknown"
        return {"unit": self.row.entity or "unknown", "supplier": supplier, "period": f"{self.row.received_at:%Y-%m}"}


def stored_candidate(session: Session, candidate: Candidate) -> Policy | Rejection:
    """The version that is meant, stored where it is not yet: what a job works through must not change under it."""
    files = _files(session, candidate)
    refused = files if isinstance(files, Rejection) else unfit(files)
    if refused is not None or isinstance(files, Rejection):
        assert refused is not None
        return refused
    policy = session.environment.policies.compile(files)
    if not isinstance(policy, Policy):
        return faulty(policy)
    if policy.pack.key != PACK or policy.hash == session.policy.hash:
        what = "is another pack" if policy.pack.key != PACK else "is in force already: nothing is changed"
        return Rejection(RejectionKind.INVALID, "POLICY-SAME-01", f"this {what}")
    store_files(session.uow, policy, files, at=session.now, by=session.caller.id)
    return policy


def _files(session: Session, candidate: Candidate) -> Mapping[str, bytes] | Rejection:
    if candidate.version:
        stored = stored_files(session.uow, candidate.version)
        unknown = f"there is no version `{candidate.version[:80]}`"
        return stored or Rejection(RejectionKind.NOT_FOUND, "POLICY-VERSION-01", unknown)
    if candidate.draft:
        draft = draft_of(session.uow, candidate.draft)
        if draft is None:
            return unknown_draft(candidate.draft)
        texts = {**base_files(session.uow, draft), **draft.files}
        return {path: text.encode() for path, text in texts.items()}
    return candidate.files


def tried(session: Session, rows: list[CaseRow], versions: tuple[Policy, Policy], since: date) -> Iterator[Tried]:
    """Those of some cases that the caller works for and that were decided since a day, under both versions."""
    for row in rows:
        if session.caller.sees(row.entity) and row.updated_at.date() >= since:
            asked = asked_of(session, row)
            if DISPOSITION in asked and asked[DISPOSITION].now.date() >= since:
                yield _tried(session, row, versions, asked)


def asked_of(session: Session, row: CaseRow) -> dict[str, Asked]:
    """What each decision of a case was asked with last."""
    last = {each.decision: each for each in session.uow.decisions(row.case_id)}
    asked = {}
    for name, each in last.items():
        record = read_record(each)
        now = parse_instant(str(record["now"]))
        assert isinstance(now, datetime)  # every record has its instant
        asked[name] = Asked({fact: read_value(value) for fact, value in record["inputs"].items()}, now)
    return asked


def _tried(session: Session, row: CaseRow, versions: tuple[Policy, Policy], asked: Mapping[str, Asked]) -> Tried:
    process = session.environment.policies.version(session.uow, row.policy_hash).processes[row.process]
    chains = [Chain.of(process, version.models) for version in versions]
    before, after = (chain.decide_again(asked) for chain in chains)
    parted = [name for name in {**before, **after} if _text(before, name) != _text(after, name)]
    decisions = tuple(
        {"decision": name, "before": _brief(before, name), "after": _brief(after, name)} for name in parted
    )
    pair = Pair(Course.of(before), Course.of(after), differs=bool(parted))
    return Tried(row, pair, _amount(asked), decisions, chains[1].lacks(asked))


def _text(outcomes: Mapping[str, Any], name: str) -> str:
    return outcome_text(outcomes[name]) if name in outcomes else ""


def _brief(outcomes: Mapping[str, Any], name: str) -> Any:
    return brief(decode(outcome_text(outcomes[name]))) if name in outcomes else None


def _amount(asked: Mapping[str, Asked]) -> int:
    found = (each.inputs[AMOUNT] for each in asked.values() if AMOUNT in each.inputs)
    amount = next((each for each in found if isinstance(each, Decimal)), Decimal(0))
    return int(amount.scaleb(SCALE).to_integral_value(ROUND_HALF_UP))
