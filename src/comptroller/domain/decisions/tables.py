"""A compiled decision table: columns find the rules that hit, the hit policy makes one answer of them.

Each column answers with a set of rules, and the sets meet; so a decision looks at the columns once, never at the rules
one by one. Rules with a cell that no index can hold are asked for that cell only when every other column has kept them.
Rules come in blocks, which bound what the indexes of a very long table take in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from comptroller.domain.decisions.columns import Column, Tests
from comptroller.domain.decisions.definitions import DecisionTable, HitPolicy
from comptroller.domain.decisions.hit_policies import Conclusion, Policy, determining
from comptroller.domain.decisions.run import Compiled, Outputs, Run, Scope, TableTrace, brief
from comptroller.domain.feel import Evaluation, Type, Value, coerce

INDEX_BITS_MAX: Final = 2**29
"""Bits that the indexes of one block may take, 64 MiB: each of its answers keeps one bit a rule."""

BLOCK_RULES_MIN: Final = 1024
"""Rules that are always kept in one block, however many answers its indexes have."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a column's values are held to: a type, allowed values (as written, for the message), or neither."""

    type: Type | None
    allowed: Column | None  # with one rule
    text: str = ""

    def misfit(self, value: Value, evaluation: Evaluation) -> tuple[str, Value]:
        """Say what is wrong with a value (nothing: the empty text), and give it, converted to the type."""
        fits, taken = coerce(self.type, value)
        if not fits:
            return f"the value `{brief(value)}` is not of the column's type", None
        if self.allowed is not None and taken is not None and not self.allowed.rules_for(taken, evaluation):
            return f"the value `{brief(value)}` is not among the allowed values `{self.text}`", None
        return "", taken


@dataclass(frozen=True, slots=True)
class Input:
    """What a column looks at; None for limits that hold nothing back."""

    label: str
    evaluate: Compiled
    variable: str  # where the expression is one and nothing else
    limits: Limits | None
    expected: type | None  # the class of values that the limits always let pass
    path: tuple[str, ...]  # where the expression is a variable, or an entry somewhere under one


@dataclass(frozen=True, slots=True)
class Conclusions:
    """One rule's output entries; `constant` holds their values when nothing has to be evaluated for them."""

    entries: tuple[Compiled, ...]
    constant: Outputs | None
    path: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some rules in a row: an index for each column that restricts them, and the cells that no index holds."""

    first: int
    rules: int  # one bit for each rule of the block
    columns: tuple[tuple[int, Column], ...]  # with the column's position
    open_cells: Mapping[int, tuple[tuple[int, Tests], ...]]  # for a rule's bit: positions and cells still to be asked

    def hits(self, values: Sequence[Value], scope: Scope, run: Run, *, first_only: bool) -> list[int]:
        """The numbers of the rules that accept the values, in the table's order."""
        rules = self.rules
        for position, column in self.columns:
            value = values[position]
            find = column.finders.get(value.__class__)
            rules &= column.rules_for(value, run.evaluation) if find is None else find(value)
            if not rules:
                return []
        if not self.open_cells and (first_only or not rules & (rules - 1)):
            return [self.first + (rules & -rules).bit_length() - 1]
        hits: list[int] = []
        while rules:
            bit = rules & -rules
            rules ^= bit
            cells = self.open_cells.get(bit)
            if cells is None or all(
                tests.matches(values[position], scope, run.evaluation) is True for position, tests in cells
            ):
                hits.append(self.first + bit.bit_length() - 1)
                if first_only:
                    break
        return hits

    def unjudged(self, values: Sequence[Value], scope: Scope) -> list[int]:
        """The numbers of the rules of which nobody can say whether they hit: no cell says no, and one cannot tell."""
        rules, unable = self.rules, 0
        for position, column in self.columns:
            accepting, untold = column.judge(values[position])
            rules &= accepting | untold
            unable |= untold
        found = []
        pending = rules
        while pending:
            bit = pending & -pending
            pending ^= bit
            answers = [
                tests.matches(values[position], scope, Evaluation()) for position, tests in self.open_cells.get(bit, ())
            ]
            if False not in answers and (unable & bit or None in answers):
                found.append(self.first + bit.bit_length() - 1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A decision table, ready to be evaluated; calling it decides."""

    source: DecisionTable
    path: str
    inputs: tuple[Input, ...]
    outputs: tuple[Limits | None, ...]
    blocks: tuple[Block, ...]
    cells: tuple[tuple[Tests | None, ...], ...]  # of each rule, for explanations
    conclusions: tuple[Conclusions, ...]
    default: Conclusions | None
    conclusion: Conclusion
    policy: Policy
    without_hits: Value

    def __call__(self, scope: Scope, run: Run) -> Value:
        """Decide in a scope."""
        if run.instead is not None and run.instead.table is self:
            return run.instead.asked(scope, run)
        values: list[Value] = []
        for column in self.inputs:
            value = column.evaluate(scope, run)
            if value.__class__ is column.expected:
                values.append(value)
                continue
            if column.limits is not None:
                wrong, value = column.limits.misfit(value, run.evaluation)
                if wrong:
                    run.fault("DMN-TABLE-01", f"{self.path}/input[{column.label}]", wrong, help="correct the input")
                    return None
            values.append(Decimal(value) if value.__class__ is int else value)
        first_only = self.source.hit_policy is HitPolicy.FIRST
        hits: list[int] = []
        for block in self.blocks:
            hits += block.hits(values, scope, run, first_only=first_only)
            if hits and first_only:
                break
        outputs = [
            self.conclusions[rule].constant or self._conclude(self.conclusions[rule], scope, run) for rule in hits
        ]
        run.tables.append(TableTrace(self, scope, values, hits, outputs))
        if hits:
            return None if _FAULTY in outputs else self.policy(self.conclusion, hits, outputs, run)
        if self.default is None:
            return [] if isinstance(self.without_hits, list) else self.without_hits  # a list of the caller's own
        default = self._conclude(self.default, scope, run)
        return None if default is _FAULTY else self.conclusion.value(default)

    def erring(self, values: Sequence[Value], scope: Scope, hits: Sequence[int]) -> list[int]:
        """The numbers of the rules that might have hit, had all of their cells been able to judge what they saw."""
        found = [rule for block in self.blocks for rule in block.unjudged(values, scope)]
        if hits and self.source.hit_policy is HitPolicy.FIRST:
            return [rule for rule in found if rule < hits[0]]  # nobody asks the rules behind the first hit
        return found

    def determining(self, outputs: Sequence[Outputs]) -> tuple[bool, ...]:
        """Tell of each hit, by its outputs, whether the answer is made of them."""
        if _FAULTY in outputs:
            return (False,) * len(outputs)
        return determining(self.source, self.conclusion, outputs)

    def _conclude(self, conclusions: Conclusions, scope: Scope, run: Run) -> Outputs:
        """One rule's outputs; `_FAULTY` when one of them is not what its column may give."""
        if conclusions.constant is not None:
            return conclusions.constant
        outputs: list[Value] = []
        for number, (entry, limits) in enumerate(zip(conclusions.entries, self.outputs, strict=True), 1):
            value = entry(scope, run)
            if limits is not None:
                wrong, value = limits.misfit(value, run.evaluation)
                if wrong:
                    run.fault("DMN-TABLE-02", f"{conclusions.path}/output[{number}]", wrong, help="correct the rule")
                    return _FAULTY
            outputs.append(value)
        return tuple(outputs)


_FAULTY: Final[Outputs] = ()
"""Outputs that may not be given: a table has at least one output, so no rule gives these."""
