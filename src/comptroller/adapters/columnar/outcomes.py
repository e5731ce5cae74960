"""What a table answers for rules that hit together, each such answer numbered and worked out once.

The table's own hit policy gives the answer, held to the decision's type as in a single evaluation. Where it notes a
fault, or a rule has a cell or a conclusion that must be evaluated for each case, the outcome has no answer but a reason
for which its rows are decided one by one.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comptroller.adapters.columnar.answers import ONE_RULE, Field, unheld
from comptroller.adapters.columnar.bounds import Bounds
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.decisions import Outcome
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.plans import Step
from comptroller.domain.decisions.run import Outputs, Run, hold
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Evaluation, Value

CONFLICT: Final = "rules contradict each other, or an answer is not of its type"
OPEN_CELL: Final = "a cell looks at more than its own column"
COMPUTED: Final = "a conclusion is computed"
UNFIT: Final = "an answer does not fit its column"
CROWDED: Final = "too many rules meet"


class Outcomes:
    """The outcomes of one decision's table: values, numbers of the rule (from 1; 0: none or several), and reasons."""

    def __init__(self, step: Step, table: Table, fields: Sequence[Field], bounds: Bounds) -> None:
        self._step = step
        self._fields = fields
        self._known_max = bounds.outcomes
        self._table = table
        self._count = len(table.conclusions)
        self.first_only = table.source.hit_policy is HitPolicy.FIRST
        self._has_one_rule = table.source.hit_policy in ONE_RULE
        self._open_rules = _open_rules(table)
        # INVARIANT: a table whose answer is that of one rule has no other outcomes than these, from the beginning
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.values: list[Value] = []
        self.rules: list[int] = []
        self.reasons: list[str] = []
        self._known: dict[tuple[int, ...], int] = {}
        self._shared: dict[str, int] = {}
        self.none = self._judge(())
        for reason in (CONFLICT, OPEN_CELL, COMPUTED, CROWDED):
            self._without_answer(reason)
        self._alone: NDArray[np.int64] = np.array(
            [self._judge((rule,)) for rule in range(self._count)] if self._has_one_rule else [], np.int64
        )
        self._hold(0)

    @property
    def is_settled(self) -> bool:
        """Whether all outcomes are known from the beginning."""
        return self._has_one_rule

    @property
    def is_full(self) -> bool:
        """Whether no more outcomes are kept: rows that would need a new one go row by row until all is forgotten."""
        return not self._has_one_rule and len(self._known) >= self._known_max

    def crowded(self) -> int:
        """The outcome of rows for which too many rules meet to be worked out in columns."""
        return self._shared[CROWDED]

    def outcomes(self, piece: Codes, rule: Codes, pieces: int) -> Codes:
        """The outcome of each piece; pairs of a piece and a rule that hits there, the rules of a piece in order."""
        if self.first_only:
            best = np.full(pieces, self._count)
            np.minimum.at(best, piece, rule)
            return np.append(self._alone, self.none).take(best)
        counts = np.bincount(piece, minlength=pieces)
        found = np.full(pieces, self.none)
        if self._has_one_rule:
            one = counts[piece] == 1
            found[piece[one]] = self._alone[rule[one]]
            if self._table.source.hit_policy is HitPolicy.UNIQUE and not self._open_rules:
                found[counts > 1] = self._shared[CONFLICT]
                return found
            several = np.flatnonzero(counts > 1)
        else:
            several = np.flatnonzero(counts)
        known = len(self.values)
        hits = rule[np.argsort(piece, kind="stable")].tolist()
        ends = np.cumsum(counts)
        for place, first, after in zip(
            several.tolist(), (ends - counts)[several].tolist(), ends[several].tolist(), strict=True
        ):
            found[place] = self._of(tuple(hits[first:after]))
        self._hold(known)
        return found

    def _of(self, hits: tuple[int, ...]) -> int:
        """The outcome of rules that hit together."""
        known = self._known.get(hits)
        if known is None:
            if self.is_full:
                return self.crowded()
            if len(self._known) >= self._known_max:  # of a table that gives no new outcomes: it was a short cut only
                self._known.clear()
            known = self._known[hits] = self._judge(hits)
        return known

    def _hold(self, first: int) -> None:
        """Leave new outcomes without answer where that does not fit its column."""
        for place in unheld(self._fields, self.values[first:], first):
            self.values[place], self.rules[place], self.reasons[place] = None, 0, UNFIT

    def _judge(self, hits: tuple[int, ...]) -> int:
        if not self._open_rules.isdisjoint(hits):
            return self._without_answer(OPEN_CELL)
        table, run = self._table, Run(Evaluation())
        outputs = [table.conclusions[rule].constant for rule in hits]
        if not hits:
            value = table.without_hits
            if table.default is not None:
                if table.default.constant is None:
                    return self._without_answer(COMPUTED)
                value = table.conclusion.value(table.default.constant)
        else:
            constants = [constant for constant in outputs if constant is not None]
            if len(constants) < len(outputs):
                return self._without_answer(COMPUTED)
            value = table.policy(table.conclusion, hits, constants, run)
            if self._has_one_rule and len(hits) > 1:
                if run.evaluation.faults:
                    return self._without_answer(CONFLICT)
                return int(self._alone[hits[_best(table, constants)]])
        node = self._step.node
        if node.wanted is not None and value is not None and value.__class__ is not node.expected:
            value = hold(node.wanted, value, run, node.path)
        if run.evaluation.faults or run.evaluation.stopped:
            return self._without_answer(CONFLICT)
        return self._add(value, hits[0] + 1 if hits and self._has_one_rule else 0, "")

    def _without_answer(self, reason: str) -> int:
        if reason not in self._shared:
            self._shared[reason] = self._add(None, 0, reason)
        return self._shared[reason]

    def _add(self, value: Value, rule: int, reason: str) -> int:
        self.values.append(value)
        self.rules.append(rule)
        self.reasons.append(reason)
        return len(self.values) - 1


def rule_of(step: Step, outcome: Outcome) -> int:
    """The number of the rule whose answer a single evaluation has given, from 1; 0 where there is no such rule."""
    table, traces = step.node.logic, outcome.tables
    if not isinstance(table, Table) or not traces or traces[-1].table is not table:
        return 0
    hits, policy = traces[-1].hits, table.source.hit_policy
    if not hits or policy not in ONE_RULE or (len(hits) > 1 and outcome.faults):
        return 0
    best = _best(table, traces[-1].outputs)
    return hits[best] + 1


def _best(table: Table, outputs: Sequence[Outputs]) -> int:
    """Which of several hits gives the answer, in a table whose answer is that of one."""
    if table.source.hit_policy is not HitPolicy.PRIORITY:
        return 0
    return min(range(len(outputs)), key=lambda place: table.conclusion.rank(outputs[place]))


def _open_rules(table: Table) -> frozenset[int]:
    return frozenset(block.first + bit.bit_length() - 1 for block in table.blocks for bit in block.open_cells)
