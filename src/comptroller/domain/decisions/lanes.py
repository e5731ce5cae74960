"""Fast lanes: a decision made of tables over plain inputs as one Python function, for the case that nothing is unusual.

Most decisions of a policy are tables whose inputs are variables and whose outputs are constants. For such a plan a
straight function is written: it takes the inputs, looks each column up, lets the sets of rules meet and gives the
outputs of the rule that is left. As soon as anything is unusual (an input is missing or of another type, no rule or
more than one is left where one must be) it gives up without having done anything, and the plan is evaluated the long
way, which knows how to say what is wrong. So a lane can only be faster, never different.

What an author wrote reaches the function as constants of its namespace, never as text.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from comptroller.domain.decisions.columns import Column, Equality
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.plans import Plan, Step
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Value

Passage: TypeAlias = tuple[Value, tuple[Value, ...], tuple[int, ...]]
"""What came of a lane: the value, the inputs in the plan's order, and of each table the rule that hit (from 0)."""

_CLASSES: Final = (Decimal, str, bool, date)
_POLICIES: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY})


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """The lane of a plan: `take` passes through it, or answers None."""

    take: Callable[[Mapping[str, Value]], Passage | None]
    plan: Plan
    tables: tuple[Table, ...]

    def rule_ids(self, passage: Passage) -> tuple[str, ...]:
        """The ids of the rules that hit on the way."""
        return tuple(table.source.rules[number].id for table, number in zip(self.tables, passage[2], strict=True))

    def inputs(self, passage: Passage) -> dict[str, Value]:
        """What the decision was asked with, as far as it looked."""
        return dict(zip(self.plan.input_names, passage[1], strict=True))


def lane_of(plan: Plan) -> Lane | None:
    """The lane of a plan; None for a plan that has none."""
    tables = tuple(step.node.logic for step in plan.steps if isinstance(step.node.logic, Table))
    if plan.wanted is not None or len(plan.outputs) != 1 or not all(_is_plain(step) for step in plan.steps):
        return None
    try:
        return Lane(_Writer().lane(plan), plan, tables)
    except _NoLane:
        return None


class _NoLane(Exception):
    """A column looks at what no index of its holds."""


def _is_plain(step: Step) -> bool:
    node, table = step.node, step.node.logic
    return (
        isinstance(table, Table)
        and not (node.functions or node.faults or step.imported)
        and table.source.hit_policy in _POLICIES
        and len(table.blocks) == 1
        and not table.blocks[0].open_cells
        and all(column.variable for column in table.inputs)
        and all(conclusions.constant for conclusions in table.conclusions)
    )


class _Writer:
    """One function being written: its lines, and the constants that they name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, object] = {"bisect_left": bisect_left, "Decimal": Decimal, "int": int}

    def lane(self, plan: Plan) -> Callable[[Mapping[str, Value]], Passage | None]:
        classes: dict[int, type] = {}
        for place, node in plan.inputs:
            if node.expected is None:
                raise _NoLane
            classes[place] = node.expected
            self.lines.append(f"v{place} = get({self._constant(node.key)})")
            if node.expected is Decimal:
                self.lines.append(f"if v{place}.__class__ is int: v{place} = Decimal(v{place})")
            self.lines.append(f"if v{place}.__class__ is not {self._constant(node.expected)}: return None")
        for step in plan.steps:
            self._step(step, classes)
        inputs = "".join(f"v{place}, " for place, _ in plan.inputs)
        rules = "".join(f"n{step.place}, " for step in plan.steps)
        self.lines.append(f"return v{plan.outputs[0][1]}, ({inputs}), ({rules})")
        body = "\n    ".join(self.lines)
        namespace: dict[str, Any] = {**self.constants, "__builtins__": {}}
        exec(f"def lane(inputs):\n    get = inputs.get\n    {body}\n", namespace)  # noqa: S102 - no text of an author
        made: Callable[[Mapping[str, Value]], Passage | None] = namespace["lane"]
        return made

    def _step(self, step: Step, classes: dict[int, type]) -> None:
        table, own = step.node.logic, step.place
        assert isinstance(table, Table)
        places = dict(step.places)
        block = table.blocks[0]
        sets = []
        for position, column in block.columns:
            place = places.get(table.inputs[position].variable)
            if place is None or place not in classes:
                raise _NoLane
            expected = table.inputs[position].expected
            if table.inputs[position].limits is not None and expected is not classes[place]:
                raise _NoLane
            sets.append(self._look_up(column, f"v{place}", classes[place]))
        self.lines.append(f"r = {' & '.join(sets) or block.rules}")
        if table.source.hit_policy is HitPolicy.FIRST:
            self.lines.append("if not r: return None")
            self.lines.append(f"n{own} = (r & -r).bit_length() - 1")
        else:
            self.lines.append("if not r or r & (r - 1): return None")
            self.lines.append(f"n{own} = r.bit_length() - 1")
        values = [table.conclusion.value(conclusions.constant or ()) for conclusions in table.conclusions]
        found = f"{self._constant(values)}[n{own}]"
        if all(value.__class__ is dict for value in values):
            self.lines.append(f"v{own} = {found}.copy()")  # whoever gets it may change it
            kept: set[type] = {dict}
        else:
            kept = {value.__class__ for value in values}
            self.lines.append(f"v{own} = {found}")
        if len(kept) != 1 or (step.node.wanted is not None and kept != {step.node.expected}):
            raise _NoLane
        (classes[own],) = kept

    def _look_up(self, column: Column, value: str, kind: type) -> str:
        index = column.indexes.get(kind)
        if index is None or kind not in _CLASSES:
            raise _NoLane
        if isinstance(index, Equality):
            named = {literal: rules | column.open_rules for literal, rules in index.named.items()}
            return f"{self._constant(named)}.get({value}, {self._constant(index.otherwise | column.open_rules)})"
        points = self._constant(list(index.points))
        accepting = self._constant([rules | column.open_rules for rules in index.accepting])
        place = f"p{len(self.constants)}"
        self.lines.append(f"{place} = bisect_left({points}, {value})")
        at = f"{place} < {len(index.points)} and {points}[{place}] == {value}"
        return f"{accepting}[2 * {place} + ({at})]"

    def _constant(self, value: object) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name
