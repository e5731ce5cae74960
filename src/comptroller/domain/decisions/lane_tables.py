"""A table as its lane sees it: what each rule gives, what no hit gives, and of what classes these are.

Only tables whose outputs are constants have a lane. Of a table whose policy lets one rule hit, the answer of every rule
is there beforehand; where several may hit, the hit policy itself makes the answer of the set that was found.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Final

from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.lane_buckets import bits_of
from comptroller.domain.decisions.lane_search import LookUp, Search, search
from comptroller.domain.decisions.plans import Node
from comptroller.domain.decisions.run import Outputs, Run
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Evaluation, Type, Value

GIVE_UP: Final = object()
"""Stands for an answer that only the long way can give."""

_UNCHANGING: Final = frozenset({NoneType, Decimal, str, bool, date})


class NoLane(Exception):
    """There is no lane through something."""


class LaneTable:
    """A table in a lane.

    `single` says that one rule at most can hit: what is found is its number then (-1: none), else a set of rules.
    `certain` says that every cell can judge what passes through the lane, so that no rule can err.
    """

    def __init__(self, node: Node, table: Table, constants: Sequence[Outputs]) -> None:
        self.node = node
        self.table = table
        self.constants = constants
        self.single = table.source.hit_policy in {HitPolicy.UNIQUE, HitPolicy.FIRST}
        self.certain = True
        self.values: list[Value] = []
        if self.single:
            self.values = [*(table.conclusion.value(outputs) for outputs in constants), self._without_hits()]

    def searched(self, look_ups: Sequence[LookUp]) -> Search:
        """How the rules are found."""
        return search(look_ups, len(self.constants), self.single_of if self.single else None)

    def hits(self, found: int) -> list[int]:
        """The numbers of the rules that hit."""
        if self.single:
            return [found] if found >= 0 else []
        return list(bits_of(found))

    def value(self, found: int) -> Value:
        """What the table answered, in a value of the caller's own."""
        if not self.single:
            return self.collect(found)
        value = self.values[found]
        return value.copy() if isinstance(value, dict) else value

    def single_of(self, rules: int) -> int | None:
        """The number of the rule that a set comes to, -1 for none; None where rules contradict each other."""
        if self.table.source.hit_policy is HitPolicy.UNIQUE and rules & (rules - 1) and rules:
            return None
        return (rules & -rules).bit_length() - 1

    def collect(self, rules: int) -> Value:
        """The answer of a set of rules, or `GIVE_UP`."""
        if not rules:
            value = self._without_hits()
            return value if _is_of(self.node.wanted, value) else GIVE_UP  # type: ignore[return-value]  # as below
        run, hits = Run(Evaluation()), list(bits_of(rules))
        value = self.table.policy(self.table.conclusion, hits, [self.constants[rule] for rule in hits], run)
        return GIVE_UP if run.evaluation.faults or not _is_of(self.node.wanted, value) else value  # type: ignore[return-value]  # no value, and never given to anyone

    def _without_hits(self) -> Value:
        table = self.table
        if table.default is not None:
            return table.conclusion.value(table.default.constant or ())
        return [] if isinstance(table.without_hits, list) else table.without_hits


def lane_table(node: Node, table: Table) -> LaneTable:
    """A decision's table for a lane."""
    told = (*table.conclusions, *([table.default] if table.default is not None else []))
    constants = [conclusions.constant for conclusions in told if conclusions.constant is not None]
    if len(constants) != len(told) or not all(value.__class__ in _UNCHANGING for row in constants for value in row):
        raise NoLane
    made = LaneTable(node, table, constants[: len(table.conclusions)])
    if not all(_is_of(node.wanted, value) for value in made.values):
        raise NoLane
    return made


def _is_of(wanted: Type | None, value: Value) -> bool:
    """Say whether a decision's value is of its type as it is; null always is."""
    return wanted is None or value is None or wanted.conforms(value)
