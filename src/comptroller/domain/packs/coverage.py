"""How far a pack's situations reach: for every rule, one that fires it and one that it does not fire in.

A rule that no situation fires may be dead or wrong; one that fires in every situation its table sees is not shown to
tell anything apart. Rules whose ids end in `-otherwise` are the last resort behind rows that already cover everything
that can occur: they need not fire, and what they show is that nothing reaches them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import DecisionTable, Definitions, HitPolicy, Rule
from comptroller.domain.packs.examples import Situation, run_example
from comptroller.domain.packs.lint import tables

LAST_RESORT: Final = "-otherwise"
"""How the ids of rules end that nothing should reach."""


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One rule and the number of situations that fire it and that it misses in."""

    table: str  # file and element
    rule: str
    fires: int
    misses: int
    can_miss: bool  # a rule that asks nothing fires whenever its table is asked

    @property
    def shown(self) -> bool:
        """Whether the situations show the rule both ways."""
        fired = self.fires > 0 or self.rule.endswith(LAST_RESORT)
        return fired and (self.misses > 0 or not self.can_miss)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A situation that came out otherwise than expected, or that nothing can decide."""

    decision: str
    title: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What running all situations of a pack showed."""

    situations: int
    wrong: tuple[Wrong, ...]
    rules: tuple[RuleCoverage, ...]

    @property
    def gaps(self) -> tuple[RuleCoverage, ...]:
        """The rules that are not shown both ways."""
        return tuple(rule for rule in self.rules if not rule.shown)


def cover(
    situations: Iterable[Situation],
    models: Mapping[str, Model],
    definitions: Mapping[str, Definitions],
    now: datetime,
) -> Coverage:
    """Run every situation and count, rule by rule; `models` by decision, `definitions` by file."""
    fires: dict[str, int] = {}
    misses: dict[str, int] = {}
    wrong: list[Wrong] = []
    number = 0
    for situation in situations:
        number += 1
        model = models.get(situation.decision)
        if model is None:
            wrong.append(Wrong(situation.decision, situation.title, ("the pack has no such decision",)))
            continue
        told = run_example(situation, model, now)
        if told:
            wrong.append(Wrong(situation.decision, situation.title, told))
        fired, seen = _judged(situation, model, now)
        for rule in seen:
            counts = fires if rule in fired else misses
            counts[rule] = counts.get(rule, 0) + 1
    rules = tuple(
        RuleCoverage(
            place.path, rule.id, fires.get(rule.id, 0), misses.get(rule.id, 0), can_miss=_can_miss(place.table, rule)
        )
        for place in tables(definitions)
        for rule in place.table.rules
    )
    return Coverage(number, tuple(wrong), rules)


def _can_miss(table: DecisionTable, rule: Rule) -> bool:
    """Whether a cell of the rule, or a rule before it, can keep it from firing."""
    first = table.hit_policy is HitPolicy.FIRST and table.rules[0] is not rule
    return first or any(cell.text.strip() != "-" for cell in rule.inputs)


def _judged(situation: Situation, model: Model, now: datetime) -> tuple[set[str], set[str]]:
    """The rules that fired in a situation, and all rules of the tables that were asked in it."""
    fired: set[str] = set()
    seen: set[str] = set()
    for trace in model.decide(situation.decision, situation.inputs, now).tables:
        rules = trace.table.source.rules
        seen |= {rule.id for rule in rules}
        fired |= {rules[hit].id for hit in trace.hits}
    return fired, seen
