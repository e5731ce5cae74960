"""How far a pack's situations reach: for every rule, one that fires it and one that it does not fire in.

A rule that no situation fires may be dead or wrong; one that fires in every situation its table sees is not shown to
tell anything apart. Rules whose ids end in `-otherwise` are the last resort behind rows that already cover everything
that can occur: they need not fire, and what they show is that nothing reaches them.

A cell is shown by a situation in which it alone keeps its rule from firing: all other cells of the row hold. What only
says from when to when a row holds is not counted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import DecisionTable, Definitions, HitPolicy, Rule
from comptroller.domain.decisions.run import TableTrace
from comptroller.domain.feel import Evaluation
from comptroller.domain.packs.examples import Situation, show
from comptroller.domain.packs.lint import tables
from comptroller.domain.packs.validity import is_validity

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
class CellCoverage:
    """One cell that asks something, and whether a situation shows it alone keeping its rule from firing."""

    table: str  # file and element
    rule: str
    column: str
    text: str
    shown: bool


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
    cells: tuple[CellCoverage, ...]

    @property
    def gaps(self) -> tuple[RuleCoverage, ...]:
        """The rules that are not shown both ways."""
        return tuple(rule for rule in self.rules if not rule.shown)

    @property
    def unshown_cells(self) -> tuple[CellCoverage, ...]:
        """The cells that no situation shows by themselves."""
        return tuple(cell for cell in self.cells if not cell.shown)

    def of(self, names: Collection[str]) -> "Coverage":
        """What is told of the tables of some decisions alone."""
        return Coverage(
            self.situations,
            tuple(wrong for wrong in self.wrong if wrong.decision in names),
            tuple(rule for rule in self.rules if rule.table.rpartition("/")[2] in names),
            tuple(cell for cell in self.cells if cell.table.rpartition("/")[2] in names),
        )


def cover(
    situations: Iterable[Situation],
    models: Mapping[str, Model],
    definitions: Mapping[str, Definitions],
    now: datetime,
) -> Coverage:
    """Run every situation and count, rule by rule; `models` by decision, `definitions` by file."""
    fires: dict[str, int] = {}
    misses: dict[str, int] = {}
    alone: set[tuple[str, int]] = set()
    wrong: list[Wrong] = []
    number = 0
    asked: set[tuple[int, str]] = set()
    for situation in situations:
        number += 1
        shown = show(situation, models, now)
        if shown.wrong:
            wrong.append(Wrong(situation.decision, situation.title, shown.wrong))
        fired, seen = _judged(shown.tables)
        for rule in seen:
            counts = fires if rule in fired else misses
            counts[rule] = counts.get(rule, 0) + 1
        for trace in shown.tables:
            key = id(trace.table), repr(trace.values)
            if key not in asked:
                asked.add(key)
                alone.update(kept_alone(trace))
    rules = tuple(
        RuleCoverage(
            place.path, rule.id, fires.get(rule.id, 0), misses.get(rule.id, 0), can_miss=_can_miss(place.table, rule)
        )
        for place in tables(definitions)
        for rule in place.table.rules
    )
    return Coverage(number, tuple(wrong), rules, tuple(_cells(definitions, alone)))


def kept_alone(trace: TableTrace) -> Iterator[tuple[str, int]]:
    """The rules that a single cell kept from firing, by their id, each with the cell's column."""
    for rule, cells in zip(trace.table.source.rules, trace.table.cells, strict=True):
        failed = -1
        for column, tests in enumerate(cells):
            if tests is None or tests.matches(trace.values[column], trace.scope, Evaluation()) is True:
                continue
            if failed >= 0:
                break
            failed = column
        else:
            if failed >= 0:
                yield rule.id, failed


def _cells(definitions: Mapping[str, Definitions], alone: set[tuple[str, int]]) -> Iterator[CellCoverage]:
    for place in tables(definitions):
        for rule in place.table.rules:
            for column, cell in enumerate(rule.inputs):
                text = cell.text.strip()
                if text in {"", "-"} or is_validity(place.table, rule, column):
                    continue
                clause = place.table.inputs[column]
                label = clause.label or " ".join(clause.expression.text.split())
                yield CellCoverage(place.path, rule.id, label, text, shown=(rule.id, column) in alone)


def _can_miss(table: DecisionTable, rule: Rule) -> bool:
    """Whether a cell of the rule, or a rule before it, can keep it from firing."""
    first = table.hit_policy is HitPolicy.FIRST and table.rules[0] is not rule
    return first or any(cell.text.strip() != "-" for cell in rule.inputs)


def _judged(traces: Sequence[TableTrace]) -> tuple[set[str], set[str]]:
    """The rules that fired in a situation, and all rules of the tables that were asked in it."""
    fired: set[str] = set()
    seen: set[str] = set()
    for trace in traces:
        rules = trace.table.source.rules
        seen |= {rule.id for rule in rules}
        fired |= {rules[hit].id for hit in trace.hits}
    return fired, seen
