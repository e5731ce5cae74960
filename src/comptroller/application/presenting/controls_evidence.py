"""What an auditor asks of a case: which control ran under which policy, on what, and what each signature rests on.

All of it is read from the audit entries and from the records of the decisions; nothing is worked out anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from comptroller.application.casework.decision_record import read_record
from comptroller.application.policy import Policy
from comptroller.application.presenting.signing_limits import Judged
from comptroller.application.presenting.words import Names, decision_title, verdict_of
from comptroller.application.records import DecisionRow, EntryRow
from comptroller.application.releasing.requests import proposal_of
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.application.views import (
    ControlEvidence,
    EvidenceTrail,
    InputEvidence,
    LimitView,
    SignatureEvidence,
    VarianceEvidence,
)
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import Money, parse_decimal
from comptroller.domain.packs.timeline import InForce, Way

_KIND_NAMES: Final = {"vat-registration": "VAT registration"}
"""Kinds of records that are not told by their key."""


def evidence_trail(
    session: Session,
    names: Names,
    policy: Policy,
    decided: Mapping[str, DecisionRow],
    shown: Sequence[str],
    entries: Sequence[EntryRow],
    judged: Mapping[int, Judged],
) -> EvidenceTrail:
    """Controls, inputs, signatures and settled differences of a case."""
    told = [(entry, _data(entry)) for entry in entries]
    released = timeline_of(session.uow, policy.pack.key).released(policy.hash)
    return EvidenceTrail(
        controls=tuple(_control(names, policy, decided, name) for name in shown if name in policy.models),
        inputs=tuple(_inputs(session, names, told)),
        signatures=tuple(_signatures(names, told, judged)),
        variances=tuple(_variances(session, names, told)),
        policy_version=policy.pack.version,
        policy_authors=_authors(session, names, released) if released is not None else "",
        policy_released_by=", ".join(map(names.person, released.signers)) if released is not None else "",
        policy_released_at=released.recorded_at if released is not None else None,
        policy_is_founding=released is not None and released.way is Way.FOUNDING,
    )


def _authors(session: Session, names: Names, released: InForce) -> str:
    """Who wrote the version, by the request that put it in force; nobody is known of one that was founded with."""
    request = session.uow.case(released.case_id) if released.case_id else None
    return ", ".join(names.person(author) for author in proposal_of(request)["authors"]) if request else ""


def _data(entry: EntryRow) -> dict[str, Any]:
    body: Any = decode(entry.body)
    return dict(body["data"])


def _control(names: Names, policy: Policy, decided: Mapping[str, DecisionRow], name: str) -> ControlEvidence:
    about, row = policy.models[name].policy(name), decided.get(name)
    owner = names.role(about.owner)
    if row is None:
        return ControlEvidence(about.number, decision_title(name), about.risk, about.assertion, owner)
    outcome: Any = decode(row.outcome)
    verdict = outcome if isinstance(outcome, dict) else {}
    record = read_record(row)
    return ControlEvidence(
        number=about.number,
        title=decision_title(name),
        risk=about.risk,
        assertion=about.assertion,
        owner=owner,
        outcome=verdict_of(name, str(verdict.get("outcome") or ""))[0],
        reason=str(verdict.get("reason") or ""),
        decided_at=parse_instant(str(record.get("now", ""))),
        date_basis=str(record.get("date_basis", "")),
        rechecked=bool(record.get("recheck")),
        policy_hash=str(record.get("policy", "")),
        model_hash=row.model_hash,
        entry=row.seq,
    )


def _inputs(session: Session, names: Names, told: Sequence[tuple[EntryRow, dict[str, Any]]]) -> Iterator[InputEvidence]:
    """The records that the last judgement read, each version with who brought it in and when."""
    gathered = [data for entry, data in told if entry.type == "facts.gathered"]
    for text in gathered[-1].get("references", ()) if gathered else ():
        record, _, number = str(text).rpartition(" version ")
        kind, _, key = record.partition("/")
        rows = session.uow.reference_versions(kind, key)
        version = next((each for each in rows if str(each.version) == number), None)
        if version is not None:
            yield InputEvidence(
                _KIND_NAMES.get(kind, kind.replace("-", " ")),
                names.told(key),
                version.version,
                version.recorded_at,
                names.person(version.recorded_by),
                version.digest,
            )


def _signatures(
    names: Names, told: Sequence[tuple[EntryRow, dict[str, Any]]], judged: Mapping[int, Judged]
) -> Iterator[SignatureEvidence]:
    """Every signature: opened when, for how long, over which fields, and by which verdict."""
    opened: dict[str, datetime] = {}
    verdict: Judged | None = None
    fallen = {
        (data.get("step"), data.get("person"), data.get("content_hash")): (entry.at, data)
        for entry, data in told
        if entry.type == "signature.voided"
    }
    for entry, data in told:
        match entry.type:
            case "task.opened":
                opened.setdefault(str(data.get("task")), entry.at)
            case "decision.taken" if data.get("decision") == "may sign":
                verdict = judged.get(entry.seq)
            case "task.signed":
                actor = _actor(entry)
                at = opened.get(str(data.get("task")))
                fell = fallen.get((data.get("step"), actor, data.get("content_hash")))
                yield SignatureEvidence(
                    step=names.role(str(data.get("step") or "")),
                    limit=verdict.limit if verdict is not None else LimitView(),
                    person=names.person(actor),
                    signed_at=entry.at,
                    opened_at=at,
                    looked_s=int((entry.at - at).total_seconds()) if at is not None else None,
                    content_hash=str(data.get("content_hash") or ""),
                    reason=verdict.reason if verdict is not None else "",
                    hands=tuple(_hands(names, verdict)) if verdict is not None else (),
                    stands_for=names.on_behalf(data.get("chain") or (), str(data.get("stands_for") or "")),
                    gross=_gross(data),
                    fell_at=fell[0] if fell is not None else None,
                    fell_because=names.told(str(fell[1].get("reason") or "")) if fell is not None else "",
                    gross_after=_gross(fell[1]) if fell is not None else None,
                )


def _hands(names: Names, verdict: Judged) -> Iterator[str]:
    """Who had which other hand in the case, as it was decided on: `entered by Tomasz Zielinski`."""
    for done, people in verdict.hands:
        yield f"{done} by {', '.join(map(names.person, people))}"


def _variances(
    session: Session, names: Names, told: Sequence[tuple[EntryRow, dict[str, Any]]]
) -> Iterator[VarianceEvidence]:
    """Each difference that somebody settled, with the words of the answer that settled it."""
    answers = {
        (entry.at, _actor(entry)): str(data.get("reason") or "")
        for entry, data in told
        if entry.type == "task.answered"
    }
    texts = session.uow.private_texts(list(answers.values()))
    for entry, data in told:
        if entry.type not in {"variance.accepted", "variance.claimed"}:
            continue
        amount, order = parse_decimal(str(data.get("amount") or "")), str(data.get("order") or "")
        yield VarianceEvidence(
            what=f"{data.get('type')} of line {data.get('line')}" if data.get("line") else str(data.get("type")),
            amount=Money(amount, str(data.get("currency") or "")) if amount is not None else None,
            percent=parse_decimal(str(data.get("percent") or "")),
            order=order.removeprefix("order/").replace(" version ", ", version "),
            is_short=entry.type == "variance.claimed",
            by=names.person(_actor(entry)),
            at=entry.at,
            reason=texts.get(answers.get((entry.at, _actor(entry)), ""), ""),
        )


def _gross(data: Mapping[str, Any]) -> Money | None:
    amount = parse_decimal(str(data.get("gross") or ""))
    return Money(amount, str(data.get("currency") or "")) if amount is not None else None


def _actor(entry: EntryRow) -> str:
    body: Any = decode(entry.body)
    return str(body["actor"]["id"])
