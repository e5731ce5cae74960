"""Rules that nearly hit: one cell alone kept them from hitting, some other condition of theirs did hold.

The idea: who asks why something was held wants to know what would have had to be different. Only rules that would have
been reached count: of a table whose first hit decides, those before that. A rule that is of another time is not near;
one whose cell cannot be judged is told as erring.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.run import TableTrace
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.values import Value


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A cell that a rule (number from 0) of an evaluated table failed in, and how many of its other cells held."""

    trace: TableTrace
    number: int
    column: int
    held: int

    @property
    def label(self) -> str:
        """What the column looks at."""
        return self.trace.table.inputs[self.column].label

    @property
    def text(self) -> str:
        """What the cell asks for."""
        return self.trace.table.source.rules[self.number].inputs[self.column].text.strip()

    @property
    def value(self) -> Value:
        """What it met."""
        return self.trace.values[self.column]

    def answer(self) -> bool | None:
        """Whether the cell accepts what it met; None when that cannot be told."""
        tests = self.trace.table.cells[self.number][self.column]
        return tests is None or tests.matches(self.value, self.trace.scope, Evaluation())


def near_misses(traces: Sequence[TableTrace], shown: int) -> list[NearMiss]:
    """For each table as many as are shown, those first of which the most conditions held; no rule twice alike."""
    by_table: dict[str, dict[tuple[int, int, str], NearMiss]] = {}
    for trace in traces:
        kept = by_table.setdefault(trace.table.path, {})
        for miss in _near(trace):
            kept.setdefault((miss.number, miss.column, repr(miss.value)), miss)
    nearest: list[NearMiss] = []
    for misses in by_table.values():
        nearest += sorted(misses.values(), key=lambda miss: (-miss.held, miss.number))[:shown]
    return nearest


def _near(trace: TableTrace) -> Iterator[NearMiss]:
    table, source = trace.table, trace.table.source
    last = trace.hits[0] if trace.hits and source.hit_policy is HitPolicy.FIRST else len(source.rules)
    for number in range(last):
        failed: list[int] = []
        held = 0
        for column, tests in enumerate(table.cells[number]):
            if tests is None:
                continue
            value = trace.values[column]
            answer = tests.matches(value, trace.scope, Evaluation())
            if answer is not True:
                failed.append(column)
                if len(failed) > 1 or answer is None or isinstance(value, date):
                    held = 0
                    break
            elif not isinstance(value, date):
                held += 1
        if len(failed) == 1 and held:
            yield NearMiss(trace, number, failed[0], held)
