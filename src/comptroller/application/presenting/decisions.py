"""The verdicts of the controls, with the rules that hit: the explanation that was recorded when they were decided."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from comptroller.application.casework.decision_record import read_record, read_value, recorded_faults, take_again
from comptroller.application.records import DecisionRow
from comptroller.application.session import Session
from comptroller.application.views import DecisionView, RuleView, standing_of
from comptroller.domain.decisions import RuleHit
from comptroller.domain.decisions.explanation import json_value
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant

TITLES: Final = {
    "document validity": "Document",
    "supplier standing": "Supplier",
    "bank details": "Bank details",
    "duplicate": "Duplicate",
    "order policy": "Order required",
    "line match": "Match with order and receipt",
    "tax comparison": "Tax",
    "approval routing": "Approval",
    "disposition": "What happens",
}
"""The controls that a case page shows, in this order."""

INPUT_CHARACTERS_SHOWN: Final = 160


def latest_decisions(rows: Sequence[DecisionRow], decided: Mapping[str, int]) -> dict[str, DecisionRow]:
    """The decisions in force, by name: the newest of each."""
    by_seq = {row.seq: row for row in rows}
    return {name: by_seq[seq] for name, seq in decided.items() if seq in by_seq}


def decision_views(session: Session, decided: Mapping[str, DecisionRow]) -> tuple[DecisionView, ...]:
    """The verdicts in the order of the titles."""
    return tuple(_view(session, name, title, decided[name]) for name, title in TITLES.items() if name in decided)


def _view(session: Session, name: str, title: str, row: DecisionRow) -> DecisionView:
    outcome: Any = decode(row.outcome)
    record = read_record(row)
    verdict = outcome if isinstance(outcome, dict) else {}
    word = str(verdict.get("outcome") or "undecided")
    again = take_again(session.uow, session.environment.policies, row)
    hits = [_rule(hit) for step in again.explanation for hit in step.hits]
    inputs = {name: json_value(read_value(value)) for name, value in record["inputs"].items()}
    return DecisionView(
        name=name,
        title=title,
        outcome=word,
        standing=standing_of(word),
        text=str(verdict.get("text") or ""),
        reason=str(verdict.get("reason") or ""),
        decided_at=parse_instant(record.get("now", "")),
        date_basis=record.get("date_basis", ""),
        rechecked=bool(record.get("recheck")),
        hits=tuple(hits),
        inputs=tuple((str(key), _shown(value)) for key, value in inputs.items()),
        faults=recorded_faults(record),
        model_hash=row.model_hash,
    )


def _rule(hit: RuleHit) -> RuleView:
    return RuleView(
        table=hit.table.rpartition("/")[2],
        number=hit.number,
        rule_id=hit.rule_id,
        text=hit.annotations.get("text", ""),
        clause=hit.annotations.get("clause", ""),
    )


def _shown(value: Any) -> str:
    text = "not known" if value is None else value if isinstance(value, str) else str(value)
    return text if len(text) <= INPUT_CHARACTERS_SHOWN else f"{text[:INPUT_CHARACTERS_SHOWN]}…"
