"""What a version would have decided otherwise, had it been in force: a correction's reach, case by case.

Decisions keep their inputs, so each is taken again with what it was asked with. Where an earlier decision of the case
comes out otherwise, the later ones are asked with its new outcome, in the order of the process: what is told of the
last ones is what would have become of the document.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.decision_record import outcome_text, read_record, read_value
from comptroller.application.casework.signing import controls_of
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow, DecisionRow
from comptroller.application.releasing.overrides import Versions
from comptroller.application.session import Session
from comptroller.domain.decisions.contrast import in_words
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import ZERO

CASES_MAX: Final = 2_000
"""Newest cases that are looked at where somebody waits for the answer: a job looks at all (`jobs/correction.py`)."""

PAGE: Final = 200

DIFFERENCE_MAX: Final = 500
"""Characters told of what the outcomes of one decision differ in."""

WORDS: Final = frozenset({"reason", "text"})
"""What an outcome says to people of why it is so."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A decision of a case that would have come out otherwise."""

    row: CaseRow
    decision: str
    before: Any
    after: Any
    unknown: tuple[str, ...]  # facts that the version asks for and nobody recorded

    @property
    def is_reworded(self) -> bool:
        """Whether the same is decided, in other words."""
        return bool(_unworded(self.before) == _unworded(self.after))

    @property
    def difference(self) -> str:
        """What the outcomes differ in, where what they say is the same; a long text is cut, for thousands are kept."""
        return in_words(self.before, self.after)[:DIFFERENCE_MAX] if brief(self.before) == brief(self.after) else ""

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        return {
            "case_id": self.row.case_id,
            "number": self.row.number,
            "supplier": self.row.supplier_name,
            "entity": self.row.entity,
            "status": self.row.status,
            "currency": self.row.currency,
            "gross": self.row.gross,
            "decision": self.decision,
            "before": brief(self.before),
            "after": brief(self.after),
            "difference": self.difference,
            "reworded": self.is_reworded,
            "unknown": list(self.unknown),
        }


def correction(session: Session, candidate: Versions, since: date) -> dict[str, Any]:
    """Every decision taken since a day that a version would have taken otherwise, with the sums of their cases.

    A request keeps what was on record when its version was checked, just before it was written.
    """
    own = tuple(sorted((entity, policy.hash) for entity, policy in candidate.own.items()))
    key = "correction", candidate.policy.hash, candidate.entity, own, since
    return session.groundwork.of(key, lambda: _correction(session, candidate, since))


def _correction(session: Session, candidate: Versions, since: date) -> dict[str, Any]:
    rows = list(_cases(session))
    found = list(of_cases(session, candidate, rows, since))
    return {
        "since": since.isoformat(),
        **totals(found),
        "decisions": [each.to_json() for each in found],
        "is_complete": len(rows) < CASES_MAX,
    }


def of_cases(session: Session, candidate: Versions, rows: Iterable[CaseRow], since: date) -> Iterator[Otherwise]:
    """The decisions of some cases, of those that the caller works for, that were taken since a day."""
    for row in rows:
        policy = candidate.of(row.entity)
        if policy is not None and row.updated_at.date() >= since and session.caller.sees(row.entity):
            yield from _of_case(session, policy, row, since)


def totals(found: Sequence[Otherwise]) -> dict[str, Any]:
    """How many cases would have gone otherwise, with their gross amounts by currency; those only reworded apart."""
    met = {each.row.case_id for each in found}
    otherwise = {each.row.case_id: each.row for each in found if not each.is_reworded}
    sums: dict[str, Decimal] = {}
    for row in otherwise.values():
        if row.gross is not None:
            sums[row.currency] = sums.get(row.currency, ZERO) + abs(row.gross)
    return {"cases": len(otherwise), "reworded": len(met - otherwise.keys()), "gross": sums}


def _cases(session: Session) -> Iterator[CaseRow]:
    after = ""
    for _ in range(CASES_MAX // PAGE):
        rows = session.uow.cases(after=after, limit=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].case_id


def _of_case(session: Session, candidate: Policy, row: CaseRow, since: date) -> Iterator[Otherwise]:
    last = {each.decision: each for each in session.uow.decisions(row.case_id)}
    kept = session.environment.policies.version(session.uow, row.policy_hash)
    order = [name for name in controls_of(kept.processes[row.process]) if name in last]
    anew: dict[str, Any] = {}
    for name in [*order, *(name for name in last if name not in order)]:
        told = _again(candidate, last[name], since, anew)
        if told is not None:
            anew[name] = told[0]
            yield Otherwise(row, name, decode(last[name].outcome), decode(outcome_text(told[0])), told[1])


def _again(
    candidate: Policy, row: DecisionRow, since: date, anew: Mapping[str, Any]
) -> tuple[Any, tuple[str, ...]] | None:
    """What a decision comes to now, and what it lacked; None where that is the same, or it was taken before the day."""
    model, record = candidate.models.get(row.decision), read_record(row)
    now = parse_instant(str(record["now"]))
    if model is None or now is None or now.date() < since:
        return None
    if model.hash == row.model_hash and not anew.keys() & record["inputs"].keys():
        return None
    inputs = {name: read_value(value) for name, value in record["inputs"].items()} | {
        name: value for name, value in anew.items() if name in record["inputs"]
    }
    outcome = model.decide(row.decision, inputs, now)
    if outcome_text(outcome.value) == row.outcome:
        return None
    return outcome.value, tuple(name for name in model.input_names(row.decision) if name not in inputs)


def _unworded(value: Any) -> Any:
    """An outcome without the words that tell why."""
    match value:
        case dict():
            return {name: _unworded(part) for name, part in value.items() if name not in WORDS}
        case list():
            return [_unworded(part) for part in value]
    return value


def brief(value: Any) -> Any:
    """What an outcome says, without what it rests on."""
    if not isinstance(value, dict):
        return value
    return {name: value[name] for name in ("outcome", "reason", "text") if name in value}
