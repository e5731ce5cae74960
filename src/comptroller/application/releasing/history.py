"""What two versions make of the tenant's own cases, by what their decisions were taken with: figures and single cases.

Decisions keep their inputs, so both versions are asked with the very same, as before anybody had signed. A case counts
where its disposition was decided since the day. Amounts are what authority is measured on, in the group's currency, to
the cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Final

from comptroller.application.caller import PACK
from comptroller.application.casework.decision_record import outcome_text, read_record, read_value
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow, DecisionRow
from comptroller.application.releasing.backtested import SCALE
from comptroller.application.releasing.checks import compiled
from comptroller.application.releasing.correction import brief
from comptroller.application.releasing.drafts import Draft, base_files, draft_of, unknown_draft
from comptroller.application.releasing.overrides import Versions, keep, settle
from comptroller.application.releasing.release import today
from comptroller.application.releasing.requests import faulty, past_day, unfit
from comptroller.application.releasing.scope import not_for
from comptroller.application.releasing.sources import store_files, stored_files
from comptroller.application.releasing.timeline import policy_standing
from comptroller.application.session import Session
from comptroller.domain.decisions.handing import kept
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.backtest import Course, Pair
from comptroller.domain.packs.chain import Asked, Chain

DISPOSITION: Final = "disposition"
AMOUNT: Final = "amount"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be tried: a stored version, a draft as it stands, or the files of a pack."""

    version: str = ""
    draft: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    entity: str = ""  # whose version it is to be; empty: the group's, or whose the draft is


@dataclass(frozen=True, slots=True)
class Compared:
    """A version in force and the one that is tried in its place, and whose that is to be."""

    base: Policy
    policy: Policy
    entity: str

    @property
    def wish(self) -> dict[str, str]:
        """What a job is asked for."""
        versions = {"version": self.policy.hash, "base": self.base.hash}
        return {**versions, "entity": self.entity} if self.entity else versions


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


def stored_candidate(session: Session, candidate: Candidate) -> Compared | Rejection:
    """The version that is meant, stored where it is not yet: what a job works through must not change under it."""
    draft = draft_of(session, candidate.draft) if candidate.draft else None
    files = _files(session, candidate, draft)
    entity = draft.entity if draft is not None else candidate.entity
    refused = files if isinstance(files, Rejection) else unfit(files) or not_for(session, entity)
    if refused is not None or isinstance(files, Rejection):
        assert refused is not None
        return refused
    policy, base = compiled(session, files), policy_standing(session, entity)
    if not isinstance(policy, Policy):
        return faulty(policy)
    if policy.pack.key != PACK or policy.hash == base.hash:
        what = "is another pack" if policy.pack.key != PACK else "is in force already: nothing is changed"
        return Rejection(RejectionKind.INVALID, "POLICY-SAME-01", f"this {what}")
    store_files(session.uow, policy, files, at=session.now, by=session.caller.id)
    return Compared(base, policy, entity)


def wish_of(session: Session, candidate: Candidate) -> dict[str, Any] | Rejection:
    """The versions to compare by their hashes; of the group with what entities have of their own on each of them."""
    found = stored_candidate(session, candidate)
    if isinstance(found, Rejection) or found.entity:
        return found if isinstance(found, Rejection) else {**found.wish}
    files = stored_files(session.uow, found.policy.hash)
    assert files is not None  # they were just stored
    bearing = settle(session, found.policy, files, today(session))
    keep(session, bearing.brought)
    base, version = found.base.hash, found.policy.hash
    own = {each.entity: [each.was or base, each.version or version] for each in bearing.brought}
    return {**found.wish, "entities": own} if own else {**found.wish}


def wish_since(session: Session, candidate: Candidate, since: str) -> dict[str, Any] | Rejection:
    """The same, with the day that is looked back to, written YYYY-MM-DD; refused where it has not been."""
    first = past_day(session, since)
    if isinstance(first, Rejection):
        return first
    compared = wish_of(session, candidate)
    return compared if isinstance(compared, Rejection) else {**compared, "since": first.isoformat()}


def versions_of(session: Session, wish: Mapping[str, Any]) -> tuple[Versions, Versions]:
    """What decides before and after, as a wish names it."""
    own: Mapping[str, list[str]] = wish.get("entities") or {}

    def versions(place: int, version: str) -> Versions:
        compiled = partial(session.environment.policies.version, session.uow)
        return Versions(
            compiled(version), wish.get("entity") or "", {entity: compiled(pair[place]) for entity, pair in own.items()}
        )

    return versions(0, wish["base"]), versions(1, wish["version"])


def _files(session: Session, candidate: Candidate, draft: Draft | None) -> Mapping[str, bytes] | Rejection:
    if candidate.version:
        stored = stored_files(session.uow, candidate.version)
        unknown = f"there is no version `{candidate.version[:80]}`"
        return stored or Rejection(RejectionKind.NOT_FOUND, "POLICY-VERSION-01", unknown)
    if candidate.draft:
        if draft is None:
            return unknown_draft(candidate.draft)
        texts = {**base_files(session.uow, draft), **draft.files}
        return {path: text.encode() for path, text in texts.items()}
    return candidate.files


def tried(session: Session, rows: list[CaseRow], versions: tuple[Versions, Versions], since: date) -> Iterator[Tried]:
    """Those of some cases that the caller works for and that were decided since a day, under both versions."""
    for row in rows:
        before, after = (each.of(row.entity) for each in versions)
        if before is None or after is None or not session.caller.sees(row.entity) or row.updated_at.date() < since:
            continue
        asked = asked_of(session, row)
        if DISPOSITION in asked and asked[DISPOSITION].now.date() >= since:
            yield try_asked(session, row, (before, after), asked)


def asked_of(session: Session, row: CaseRow, until: datetime | None = None) -> dict[str, Asked]:
    """What each decision of a case was asked with last; up to an instant, where one is named."""
    rows = session.uow.decisions(row.case_id)
    last: dict[str, Asked] = {}
    for each in reversed(rows):
        if each.decision not in last:
            asked = read_asked(each)
            if until is None or asked.now <= until:
                last[each.decision] = asked
    return {name: last[name] for name in dict.fromkeys(each.decision for each in rows) if name in last}


def read_asked(row: DecisionRow) -> Asked:
    """What a recorded decision was asked with."""
    record = read_record(row)
    now = parse_instant(str(record["now"]))
    assert isinstance(now, datetime)  # every record has its instant
    return Asked({fact: read_value(value) for fact, value in record["inputs"].items()}, now)


def try_asked(session: Session, row: CaseRow, versions: tuple[Policy, Policy], asked: Mapping[str, Asked]) -> Tried:
    """A case under both versions, by what its decisions were asked with."""
    process = session.environment.policies.version(session.uow, row.policy_hash).processes[row.process]
    chains = [Chain.of(process, version.models) for version in versions]
    sides = [_side(chain, asked) for chain in chains]
    before, after = sides
    parted = [name for name in {**before, **after} if _text(before, name) != _text(after, name)]
    old, new = (Course.of({name: taken.value for name, taken in side.items()}) for side in sides)
    pair = Pair(old, new, differs=bool(parted))
    decisions = tuple(_parted(name, before.get(name), after.get(name)) for name in parted)
    return Tried(row, pair, amount_of(asked), decisions, chains[1].lacks(asked))


@dataclass(frozen=True, slots=True)
class _Taken:
    """What came of a decision, and the rules that hit."""

    value: Any
    rules: tuple[str, ...]


def _side(chain: Chain, asked: Mapping[str, Asked]) -> dict[str, _Taken]:
    taken = chain.decide_again(asked)
    return {name: _Taken(kept(name, outcome), outcome.rule_ids) for name, outcome in taken.items()}


def _text(side: Mapping[str, _Taken], name: str) -> str:
    return outcome_text(side[name].value) if name in side else ""


def _parted(name: str, before: _Taken | None, after: _Taken | None) -> dict[str, Any]:
    """Both outcomes of a decision, and the rules that hit under one version only."""
    old, new = (taken.rules if taken else () for taken in (before, after))
    return {
        "decision": name,
        "before": _brief(before),
        "after": _brief(after),
        "rules_before": list(dict.fromkeys(rule for rule in old if rule not in new)),
        "rules_after": list(dict.fromkeys(rule for rule in new if rule not in old)),
    }


def _brief(taken: _Taken | None) -> Any:
    return brief(decode(outcome_text(taken.value))) if taken else None


def amount_of(asked: Mapping[str, Asked]) -> int:
    """What authority over a case is measured on, in the group's currency and minor units."""
    found = (each.inputs[AMOUNT] for each in asked.values() if AMOUNT in each.inputs)
    amount = next((each for each in found if isinstance(each, Decimal)), Decimal(0))
    return int(amount.scaleb(SCALE).to_integral_value(ROUND_HALF_UP))
