"""A plan for columns: each input coded once, each table a few look-ups, the outcome of one table the input of the next.

Everything here is worked out for one kind of value in each input. Whatever a code stands for, a witness of it has been
asked for: whether it is of the declared types, and which rules of each table accept it. Equal answers share a code.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final

import numpy as np

from comptroller.adapters.columnar.answers import Answers, Field
from comptroller.adapters.columnar.bounds import Bounds, Full
from comptroller.adapters.columnar.encoding import Reader, encoder_of, kind_of_type
from comptroller.adapters.columnar.groups import Groups
from comptroller.adapters.columnar.outcomes import Outcomes
from comptroller.adapters.columnar.pieces import Pieces
from comptroller.adapters.columnar.rule_sets import Codes, classes_of
from comptroller.adapters.columnar.segments import (
    NotInColumns,
    column_literals,
    segments_of,
    type_literals,
)
from comptroller.domain.decisions.plans import InputNode, Plan, Step
from comptroller.domain.decisions.run import Run
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Evaluation, Value

MISFIT: Final = "an input is not of its type, or a column not among its allowed values"
CONVERTED: Final = "an input is converted to its type"
NOTED: Final = "a cell does not compare with the kind of value"
TOO_WIDE: Final = "a number or day is too large to be told from the tables' own"


@dataclass(frozen=True, slots=True)
class Look:
    """A column of a table, and the place of the value it looks at."""

    table: Table
    position: int
    place: int

    def literals(self, kind: type) -> Iterator[Value]:
        """What the column, its type and its allowed values compare values of a kind with."""
        for block in self.table.blocks:
            for position, column in block.columns:
                if position == self.position:
                    yield from column_literals(column, kind)
        limits = self.table.inputs[self.position].limits
        if limits is not None:
            yield from type_literals(limits.type, kind)
            if limits.allowed is not None:
                if limits.allowed.open_rules or not limits.allowed.indexes:
                    raise NotInColumns("allowed values compare with more than literals")
                yield from column_literals(limits.allowed, kind)

    def rules_for(self, value: Value) -> tuple[int, str]:
        """The rules whose cell accepts a value, or the reason why that must be asked row by row."""
        seen, evaluation = self.table.inputs[self.position], Evaluation()
        if seen.limits is not None and value.__class__ is not seen.expected:
            wrong, taken = seen.limits.misfit(value, evaluation)
            if wrong or taken is not value:
                return 0, MISFIT if wrong else CONVERTED
        rules = 0
        for block in self.table.blocks:
            column = next((column for position, column in block.columns if position == self.position), None)
            rules |= (block.rules if column is None else column.rules_for(value, evaluation)) << block.first
        return rules, NOTED if evaluation.faults else ""


@dataclass(frozen=True, slots=True)
class _Coded:
    """What a place's codes stand for: for each look the sets of rules, and which code has which; reasons by code."""

    sets: tuple[Sequence[int], ...]
    classes: tuple[Sequence[int], ...]
    reasons: Sequence[str]


def _coded(values: Sequence[Value], looks: Sequence[Look], reasons: Sequence[str]) -> _Coded:
    told = list(reasons)
    found = []
    for look in looks:
        sets = []
        for code, value in enumerate(values):
            rules, reason = look.rules_for(value) if not told[code] else (0, "")
            told[code] = told[code] or reason
            sets.append(rules)
        found.append(classes_of(sets))
    return _Coded(tuple(sets for sets, _ in found), tuple(classes for _, classes in found), told)


class _Input:
    """An input: how its column is coded."""

    def __init__(self, place: int, node: InputNode, looks: Sequence[Look], arrow_type: Any) -> None:
        self.place, self.key = place, node.key
        kind = kind_of_type(arrow_type)
        if kind is None:
            raise NotInColumns(f"the column `{node.key}` holds values of the type `{arrow_type}`")
        literals = [literal for look in looks for literal in look.literals(kind)]
        segments = segments_of(kind, [*literals, *type_literals(node.wanted, kind)])
        coded = _coded(segments.witnesses, looks, [_reason(node, witness) for witness in segments.witnesses])
        alike: dict[tuple[object, ...], int] = {}
        codes = [alike.setdefault(answers, len(alike)) for answers in zip(coded.reasons, *coded.classes, strict=True)]
        self.sets = coded.sets
        self.classes = tuple(np.array([answers[1 + look] for answers in alike], np.int32) for look in range(len(looks)))
        self.reasons = [str(answers[0]) for answers in alike]
        self.matters = bool(looks) or any(self.reasons)
        self.over: Callable[[Any], Reader] = encoder_of(arrow_type, segments, codes)


def _reason(node: InputNode, value: Value) -> str:
    run = Run(Evaluation())
    taken = node.take({node.key: value}, run)
    if run.evaluation.faults:
        return MISFIT
    return "" if taken is value else CONVERTED


class _Table:
    """A step: its columns meet, the last one in pieces."""

    def __init__(
        self,
        step: Step,
        looks: Sequence[Look],
        sets: Sequence[Sequence[int]],
        classes: Sequence[Codes],
        fields: Sequence[Field],
        bounds: Bounds,
    ) -> None:
        table = step.node.logic
        assert isinstance(table, Table)
        self.place = step.place
        self.outcomes = Outcomes(step, table, fields, bounds)
        rules = len(table.conclusions)
        every = (1 << rules) - 1
        order = sorted(range(len(sets)), key=lambda look: len(sets[look]))
        self._looks = [(looks[look].place, _unless_same(classes[look])) for look in order]
        columns = [sets[look] for look in order] or [(every,)]
        self._groups = Groups(columns[:-1], every, bounds)
        self._pieces = Pieces(columns[-1], max(rules, 1), prod(map(len, columns[:-1])), self.outcomes, bounds)

    def decide(self, codes: Mapping[int, Codes], rows: int) -> Codes:
        """The outcome of each row."""
        own = [codes[place] if classes is None else classes.take(codes[place]) for place, classes in self._looks] or [
            np.zeros(rows, np.int32)
        ]
        groups = self._groups.find(own[:-1], rows)
        return self._pieces.find(groups, own[-1], self._groups.sets)

    def forget(self) -> None:
        """Begin anew."""
        self._groups.forget()
        self._pieces.forget()


def _unless_same(classes: Codes) -> Codes | None:
    return None if np.array_equal(classes, np.arange(len(classes))) else classes


class Program:
    """A plan for columns of certain Arrow types, by the inputs' names; raises `NotInColumns` where there is none."""

    def __init__(self, plan: Plan, types: Mapping[str, Any], fields: Sequence[Field], bounds: Bounds) -> None:
        self.reasons = [""]
        looks = [looks_of(step) for step in plan.steps]
        by_place: dict[int, list[Look]] = {}
        for look in (look for own in looks for look in own):
            by_place.setdefault(look.place, []).append(look)
        self._inputs = [_Input(place, node, by_place.get(place, ()), types[node.key]) for place, node in plan.inputs]
        found: dict[int, tuple[tuple[Sequence[int], ...], tuple[Codes, ...]]] = {}  # by place, for each of its looks
        self._reasons_of: dict[int, Codes] = {}
        for column in self._inputs:
            found[column.place] = column.sets, column.classes
            if any(column.reasons):
                self._reasons_of[column.place] = self._numbers(column.reasons)
        self._tables: list[_Table] = []
        for step, own in zip(plan.steps, looks, strict=True):
            pairs = [(found[look.place], by_place[look.place].index(look)) for look in own]
            table = _Table(
                step,
                own,
                [sets[at] for (sets, _), at in pairs],
                [classes[at] for (_, classes), at in pairs],
                fields if step is plan.steps[-1] else (),
                bounds,
            )
            self._tables.append(table)
            if step.place in by_place:
                if not table.outcomes.is_settled:
                    raise NotInColumns(f"the answers of `{step.node.name}`, collected from rules, go on to a table")
                coded = _coded(table.outcomes.values, by_place[step.place], table.outcomes.reasons)
                found[step.place] = coded.sets, tuple(np.array(classes, np.int32) for classes in coded.classes)
                self._reasons_of[step.place] = self._numbers(coded.reasons)
        self._outcomes = self._tables[-1].outcomes
        self._answers = Answers(fields)
        self._wide = int(self._numbers([TOO_WIDE])[0])

    def begin(self) -> None:
        """Make room, if need be, before the rows of a batch; later the numbers of its outcomes must stay."""
        if self._outcomes.is_full:
            for table in self._tables:
                table.forget()
            self._outcomes.forget()
            self._answers = Answers(self._answers.fields)

    def answers(self) -> Answers:
        """The answers of all outcomes found so far."""
        self._answers = self._answers.grown(self._outcomes.values, self._outcomes.rules)
        return self._answers

    def readers(self, batch: Any) -> list[Reader | None]:
        """What reads the inputs' columns of a batch."""
        return [column.over(batch.column(column.key)) if column.matters else None for column in self._inputs]

    def decide(self, readers: Sequence[Reader | None], first: int, rows: int) -> tuple[Codes, Codes | None]:
        """The outcomes of some rows, and for each the number of the reason to go row by row (None: there is none)."""
        try:
            return self._decide(readers, first, rows)
        except Full:
            for table in self._tables:
                table.forget()
        try:
            return self._decide(readers, first, rows)
        except Full:
            half = rows // 2
            parts = [self.decide(readers, first, half), self.decide(readers, first + half, rows - half)]
            reasons = [np.zeros(len(codes), np.uint8) if why is None else why for codes, why in parts]
            return np.concatenate([codes for codes, _ in parts]), np.concatenate(reasons)

    def _decide(self, readers: Sequence[Reader | None], first: int, rows: int) -> tuple[Codes, Codes | None]:
        codes: dict[int, Codes] = {}
        why = _Why(rows)
        for column, reader in zip(self._inputs, readers, strict=True):
            if reader is not None:
                codes[column.place], unfit = reader(first, rows)
                if unfit is not None:
                    why.add(unfit * np.uint8(self._wide))
                self._tell(column.place, codes, why)
        for table in self._tables:
            codes[table.place] = table.decide(codes, rows)
            self._tell(table.place, codes, why)
        last = codes[self._tables[-1].place]
        if self._tables[-1].place not in self._reasons_of:
            why.add(self._last_reasons().take(last))
        return last, why.numbers

    def _tell(self, place: int, codes: Mapping[int, Codes], why: "_Why") -> None:
        reasons = self._reasons_of.get(place)
        if reasons is not None:
            why.add(reasons.take(codes[place]))

    def _last_reasons(self) -> Codes:
        reasons = self._outcomes.reasons
        known: Codes | None = getattr(self, "_last", None)
        if known is None or len(known) != len(reasons):
            known = self._last = self._numbers(reasons)
        return known

    def _numbers(self, reasons: Sequence[str]) -> Codes:
        for reason in dict.fromkeys(reasons):
            if reason not in self.reasons:
                self.reasons.append(reason)
        return np.array([self.reasons.index(reason) for reason in reasons], np.uint8)


class _Why:
    """For each row, why it must be decided by itself; the first reason counts."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.numbers: Codes | None = None

    def add(self, numbers: Codes) -> None:
        if not numbers.any():
            return
        self.numbers = numbers if self.numbers is None else np.where(self.numbers != 0, self.numbers, numbers)


def looks_of(step: Step) -> list[Look]:
    """What a step's table looks at; raises `NotInColumns` where that is more than variables."""
    node, table = step.node, step.node.logic
    if node.faults or not isinstance(table, Table):
        raise NotInColumns(f"the decision `{node.name}` {'has faults' if node.faults else 'is no decision table'}")
    places = dict(step.places)
    for column in table.inputs:
        if column.variable not in places:
            raise NotInColumns(f"the column `{column.label}` of the decision `{node.name}` is no input or decision")
    return [Look(table, position, places[column.variable]) for position, column in enumerate(table.inputs)]
