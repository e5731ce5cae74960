"""The verdicts of the controls, with the rules that hit: the explanation that was recorded when they were decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from comptroller.application.casework.decision_record import read_record, read_value, recorded_faults, take_again
from comptroller.application.presenting.given import Amounts, given_views
from comptroller.application.presenting.near import erring_rules, near_rules, rule_that_hit
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names, decision_title, verdict_of
from comptroller.application.records import DecisionRow
from comptroller.application.session import Session
from comptroller.application.views import DecisionView, Standing
from comptroller.domain.decisions.wording import place_text, why_not_text
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask

_UNSHOWN: Final = {"exception routing"}
"""What only says who is asked: the exceptions themselves are shown."""


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule that somebody asks about: the decision, and the rule as explanations name it; empty for none."""

    decision: str = ""
    rule: str = ""


def latest_decisions(rows: Sequence[DecisionRow], decided: Mapping[str, int]) -> dict[str, DecisionRow]:
    """The decisions in force, by name: the newest of each."""
    by_seq = {row.seq: row for row in rows}
    return {name: by_seq[seq] for name, seq in decided.items() if seq in by_seq}


def controls_shown(process: Process) -> tuple[str, ...]:
    """The decisions that a case page shows, in the order in which the process asks them."""
    nodes = (place.node for place in process.places.values())
    asked = [node.decision for node in nodes if isinstance(node, BusinessRuleTask)]
    return tuple(name for name in dict.fromkeys(asked) if name not in _UNSHOWN)


def decision_views(
    session: Session,
    names: Names,
    decided: Mapping[str, DecisionRow],
    shown: Sequence[str],
    currency: str,
    asked: AskedRule,
) -> tuple[DecisionView, ...]:
    """The verdicts of the decisions shown, as far as they were taken; `currency` is the document's."""
    amounts = Amounts(currency, str(tenant_record(session.uow).get("group_currency") or ""))
    ways = _ways(decided)
    return tuple(
        _view(
            session,
            names,
            amounts,
            name,
            decided[name],
            way=ways.get(name, ""),
            asked_rule=asked.rule if asked.decision == name else "",
        )
        for name in shown
        if name in decided
    )


def _ways(decided: Mapping[str, DecisionRow]) -> dict[str, str]:
    """Which way each control led, as the disposition in force says."""
    outcome: Any = decode(decided["disposition"].outcome) if "disposition" in decided else None
    ways = outcome.get("ways") if isinstance(outcome, dict) else None
    return {str(each["control"]): str(each["way"]) for each in ways or ()}


def _stands(standing: Standing, way: str) -> Standing:
    """How a control stands: what it led to counts; its own word tells only how far from plain that is."""
    match way:
        case "post":
            return standing if standing in {Standing.NOTED, Standing.NEUTRAL} else Standing.PASSED
        case "hold" | "park" | "post with payment block":
            return standing if standing is Standing.STOPPED else Standing.WAITING
        case "return" | "reject":
            return Standing.STOPPED
        case _:
            return standing


def _view(
    session: Session,
    names: Names,
    amounts: Amounts,
    name: str,
    row: DecisionRow,
    *,
    way: str,
    asked_rule: str,
) -> DecisionView:
    outcome: Any = decode(row.outcome)
    record = read_record(row)
    verdict = outcome if isinstance(outcome, dict) else {}
    word, standing = verdict_of(name, str(verdict.get("outcome") or ""))
    text, reason = str(verdict.get("text") or ""), str(verdict.get("reason") or "")
    again = take_again(session.uow, session.environment.policies, row)
    steps = again.explanation
    hits = [hit for step in steps for hit in step.hits]
    gave = [hit for hit in hits if reason and hit.outputs.get("reason") == reason]
    return DecisionView(
        name=name,
        title=decision_title(name),
        outcome=word,
        standing=_stands(standing, way),
        text=names.told(text),
        reason=reason,
        mentions=names.mentioned(text),
        decided_at=parse_instant(record.get("now", "")),
        date_basis=record.get("date_basis", ""),
        rechecked=bool(record.get("recheck")),
        hits=tuple(rule_that_hit(hit) for hit in hits),
        rule=rule_that_hit(gave[0]) if gave else None,
        near=near_rules(again, amounts),
        erring=erring_rules(steps, amounts),
        inputs=given_views(names, amounts, {key: read_value(value) for key, value in record["inputs"].items()}),
        faults=tuple(replace(fault, path=place_text(fault.path)) for fault in recorded_faults(record, again)),
        model_hash=row.model_hash,
        entry=row.seq,
        asked_rule=asked_rule,
        why_not=why_not_text(again, asked_rule) if asked_rule else "",
    )
