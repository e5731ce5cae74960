"""Which situations fire which rules: what a row of a table has to show for itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from comptroller.domain.decisions import Model
from comptroller.domain.packs.examples import Situation, run_example


@dataclass(frozen=True, slots=True)
class Witness:
    """A situation as it was decided: what came out otherwise, the rules that fired, all rules of the tables asked."""

    situation: Situation
    wrong: tuple[str, ...]
    fired: frozenset[str]
    asked: frozenset[str]


def witnesses(situations: Iterable[Situation], model: Model, now: datetime) -> tuple[Witness, ...]:
    """Decide the situations of a model's decisions, in their order."""
    return tuple(
        _witness(situation, model, now) for situation in situations if situation.decision in model.decision_names
    )


def _witness(situation: Situation, model: Model, now: datetime) -> Witness:
    tables = model.decide(situation.decision, situation.inputs, now).tables
    fired = frozenset(trace.table.source.rules[hit].id for trace in tables for hit in trace.hits)
    asked = frozenset(rule.id for trace in tables for rule in trace.table.source.rules)
    return Witness(situation, run_example(situation, model, now), fired, asked)
