"""Examples that nobody has written yet: for each rule a situation that fires it, and one that it just misses in.

The situations that there are lead the way. For a rule the nearest of them is taken, the one in which the fewest cells
keep the rule from firing, and changed fact by fact: the fact that a column looks at, or any that moves what the column
sees by as much as is lacking. Each change is decided by the model itself, and kept where it comes closer. A miss is
made of a situation that fires: one value is moved over the edge of one cell by the smallest step. So what is proposed
has been seen to come out like this; whether it should is for its reader to say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.analysis.knowing import owner_of
from comptroller.domain.decisions.columns import Tests
from comptroller.domain.decisions.run import TableTrace
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.feel.text import literal_text
from comptroller.domain.packs.coverage import LAST_RESORT, kept_alone
from comptroller.domain.packs.examples import Situation, show
from comptroller.domain.packs.validity import is_validity

TRIES_MAX: Final = 300
"""Situations that are decided for one proposal before it is given up."""

NEAREST: Final = 3
"""Situations that a search begins with, one after another."""


@dataclass(frozen=True, slots=True)
class Unfound:
    """What nothing was found for."""

    rule: str
    wanted: str


@dataclass(slots=True)
class Proposals:
    """The situations found, and what nothing was found for."""

    situations: list[Situation] = field(default_factory=list)
    unfound: list[Unfound] = field(default_factory=list)


def propose(
    situations: Iterable[Situation],
    models: Mapping[str, Model],
    now: datetime,
    *,
    names: Sequence[str] = (),
    every: bool = False,
) -> Proposals:
    """Propose what the situations of a pack lack, of all tables or of those decisions alone that are named.

    `every` proposes for every rule, whatever is there already.
    """
    seen: dict[int, list[_Seen]] = {}
    for situation in situations:
        shown = show(situation, models, now)
        for trace in shown.tables:
            seen.setdefault(id(trace.table), []).append(_Seen(shown.situation, trace))
    found = Proposals()
    for model in {model.hash: model for model in models.values()}.values():
        for table in model.tables:
            if not names or owner_of(table) in names:
                start = seen.get(id(table)) or _from_nothing(model, table, now)
                for number in range(len(table.cells)):
                    _propose(found, _Search(model, table, number, now), start, every=every)
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """A situation, and what a table saw in it."""

    situation: Situation
    trace: TableTrace


def _from_nothing(model: Model, table: Table, now: datetime) -> list[_Seen]:
    """Where no situation asks a table: its own decision with no facts at all."""
    owner = owner_of(table)
    if owner not in model.decision_names:
        return []
    inputs = dict.fromkeys(model.input_names(owner))
    traces = model.decide(owner, inputs, now).tables
    return [_Seen(Situation("", owner, inputs, {}), trace) for trace in traces if trace.table is table]


def _propose(found: Proposals, search: "_Search", start: Sequence[_Seen], *, every: bool) -> None:
    firing = next((each for each in start if search.number in each.trace.hits), None)
    if firing is None or every:
        made = firing or search.firing(start)
        if made is not None:
            found.situations.append(search.told(made.situation, "fires", fires=True))
        elif not search.rule.id.endswith(LAST_RESORT):
            found.unfound.append(Unfound(search.rule.id, "one that fires it"))
        firing = made
    if firing is None or not search.can_miss or (search.is_missed(start) and not every):
        return
    missed = search.missing(firing)
    if missed is None:
        found.unfound.append(Unfound(search.rule.id, "one that it misses by the smallest step"))
    else:
        found.situations.append(missed)


class _Search:
    """The search for situations of one rule."""

    def __init__(self, model: Model, table: Table, number: int, now: datetime) -> None:
        self._model, self._table, self._now = model, table, now
        self.number, self.rule, self._cells = number, table.source.rules[number], table.cells[number]
        self._columns = [
            column
            for column, tests in enumerate(self._cells)
            if tests is not None and not is_validity(table.source, self.rule, column)
        ]
        self._tries = TRIES_MAX

    @property
    def can_miss(self) -> bool:
        """Whether a cell asks anything but the row's validity."""
        return bool(self._columns)

    # ---- one that fires ----------------------------------------------------------------------------------------------

    def firing(self, start: Sequence[_Seen]) -> _Seen | None:
        """A situation that fires the rule, made of those that there are."""
        self._tries = TRIES_MAX
        for seen in sorted(start, key=lambda each: self._distance(each.trace))[:NEAREST]:
            found: _Seen | None = seen
            while found is not None and self.number not in found.trace.hits:
                found = self._closer(found)
            if found is not None:
                return found
        return None

    def _distance(self, trace: TableTrace) -> int:
        """How many cells keep the rule from firing, of all that it has."""
        return sum(not _accepts(tests, trace, column) for column, tests in enumerate(self._cells) if tests is not None)

    def _rank(self, trace: TableTrace) -> tuple[int, int]:
        """How far the rule is from firing: cells that keep it from that, then which rule comes before it."""
        return self._distance(trace), -trace.hits[0] if trace.hits else -len(self._table.cells)

    def _closer(self, seen: _Seen) -> _Seen | None:
        """The situation with one fact changed so that less keeps the rule from firing."""
        rank = self._rank(seen.trace)
        for column, value in self._wanted(seen.trace):
            for other in self._changed(seen, column, value):
                if self.number in other.trace.hits or self._rank(other.trace) < rank:
                    return other
        return None

    def _wanted(self, trace: TableTrace) -> Iterator[tuple[int, Value]]:
        """What a column should see: what the rule's cell accepts; where all do, what a rule before it turns away."""
        failing = False
        for column, tests in enumerate(self._cells):
            if tests is not None and not _accepts(tests, trace, column):
                failing = True
                yield from ((column, value) for value in _values(tests, trace, column, accepted=True))
        if failing or not trace.hits:
            return
        for column, tests in enumerate(self._table.cells[trace.hits[0]]):
            own = self._cells[column]
            if tests is not None:
                for value in _values(tests, trace, column, accepted=False):
                    if own is None or _passes(own, trace, value):
                        yield column, value

    # ---- one that just misses ----------------------------------------------------------------------------------------

    def is_missed(self, start: Iterable[_Seen]) -> bool:
        """Whether a threshold of the rule turns away what lies next to it; without one, whether a cell alone does."""
        thresholds = [column for column in self._columns if self._is_threshold(column)]
        if not thresholds:
            return any(rule == self.rule.id for seen in start for rule, _ in kept_alone(seen.trace))
        return any(self._at_the_edge(seen.trace, column) for seen in start for column in thresholds)

    def _at_the_edge(self, trace: TableTrace, column: int) -> bool:
        tests = self._cells[column]
        assert tests is not None, "a column that is asked has a cell"
        return not _accepts(tests, trace, column) and trace.values[column] in _around(_points(tests, trace))

    def _is_threshold(self, column: int) -> bool:
        """Whether the cell compares with numbers or days."""
        literals = getattr(self._cells[column], "literals", None) or ()
        return any(isinstance(literal, Decimal | date) for literal in literals)

    def missing(self, firing: _Seen) -> Situation | None:
        """The situation with one fact moved over the edge of one cell."""
        self._tries = TRIES_MAX
        for column in sorted(self._columns, key=lambda column: not self._is_threshold(column)):
            tests = self._cells[column]
            assert tests is not None, "a column that is asked has a cell"
            for value in _values(tests, firing.trace, column, accepted=False):
                for other in self._changed(firing, column, value):
                    alone = (self.rule.id, column) in kept_alone(other.trace)
                    near = alone or (self._is_threshold(column) and self._at_the_edge(other.trace, column))
                    if near and self.number not in other.trace.hits:
                        label, met = self._table.inputs[column].label, literal_text(other.trace.values[column])
                        return self.told(other.situation, f"does not fire: {label} is {met}", fires=False)
        return None

    # ---- changing facts ----------------------------------------------------------------------------------------------

    def _changed(self, seen: _Seen, column: int, value: Value) -> Iterator[_Seen]:
        """The situation with facts changed such that the column may see a value."""
        met = seen.trace.values[column]
        for change in _changes(seen.situation.inputs, self._table.inputs[column].path, met, value):
            if self._tries <= 0:
                return
            self._tries -= 1
            inputs = deepcopy(dict(seen.situation.inputs))
            change(inputs)
            decision = seen.situation.decision
            tables = self._model.decide(decision, inputs, self._now).tables
            traces = [each for each in tables if each.table is self._table]
            if traces:
                nearest = min(traces, key=lambda each: (self.number not in each.hits, self._distance(each)))
                yield _Seen(Situation(seen.situation.title, decision, inputs, {}), nearest)

    def told(self, situation: Situation, what: str, *, fires: bool) -> Situation:
        """The situation with a title, and what came of it as what is expected."""
        value = self._model.decide(situation.decision, situation.inputs, self._now).value
        rule = (self.rule.id,)
        return Situation(
            f"{self.rule.id} {what}",
            situation.decision,
            situation.inputs,
            expected(value),
            rule if fires else (),
            () if fires else rule,
        )


def expected(value: Value) -> dict[str, Any]:
    """What a situation is to expect of an outcome: its plain entries, but for texts that say it in words."""
    if not isinstance(value, dict):
        return {"": value} if isinstance(value, _PLAIN) else {}
    return {name: entry for name, entry in value.items() if isinstance(entry, _PLAIN) and name != "text"}


_PLAIN: Final = (Decimal, str, bool, date, type(None))
_DAY: Final = timedelta(days=1)


def _accepts(tests: Tests, trace: TableTrace, column: int) -> bool:
    return _passes(tests, trace, trace.values[column])


def _passes(tests: Tests, trace: TableTrace, value: Value) -> bool:
    return tests.matches(value, trace.scope, Evaluation()) is True


def _points(tests: Tests, trace: TableTrace) -> list[Value]:
    """What a cell compares with: its literals, or what the names that it looks at stand for here."""
    literals = getattr(tests, "literals", None)
    return list(
        literals if literals is not None else [trace.scope.get(name) for name in getattr(tests, "looked_up", ())]
    )


def _around(points: Iterable[Value]) -> list[Value]:
    """Each point and its neighbours at the smallest step that its author writes."""
    found: list[Value] = []
    for point in points:
        found.append(point)
        if isinstance(point, Decimal):
            step = Decimal(1).scaleb(min(int(point.as_tuple().exponent), 0))
            found += [point + step, point - step]
        elif isinstance(point, date):
            found += [point + _DAY, point - _DAY]
    return found


def _values(tests: Tests, trace: TableTrace, column: int, *, accepted: bool) -> list[Value]:
    """Values that a cell accepts or turns away, those at its edges first."""
    others = [cell for row in trace.table.cells for cell in (row[column],) if cell is not None]
    named = [point for cell in others for point in _points(cell, trace)]
    tried = [*_around(_points(tests, trace)), *named]
    tried += ["other", None] if any(isinstance(point, str) for point in named) else [None]
    tried += [True, False]
    return [value for value in _distinct(tried) if _passes(tests, trace, value) is accepted]


def _distinct(values: Iterable[Value]) -> list[Value]:
    return list({(value.__class__, str(value)): value for value in values}.values())


# ---- facts -----------------------------------------------------------------------------------------------------------


Change = Callable[[dict[str, Any]], None]


def _changes(inputs: Mapping[str, Any], path: Sequence[str], met: Value, wanted: Value) -> Iterator[Change]:
    """Ways to let a column see a value: by what it looks at; else by any fact that is like what it meets now."""
    if path and path[0] in inputs:
        yield _setting(path, wanted)
        return
    for way, value in _facts(inputs):
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            if isinstance(met, Decimal) and isinstance(wanted, Decimal):
                yield _setting(way, value + (wanted - met))
                yield _setting(way, value - (wanted - met))
        elif isinstance(value, date) and isinstance(met, date) and isinstance(wanted, date):
            yield _setting(way, value + (wanted - met))
        elif value.__class__ is wanted.__class__ or value is None:
            yield _setting(way, wanted)
        if isinstance(value, bool):
            yield _setting(way, not value)
        if wanted is None:
            yield _setting(way, None)


def _facts(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every single fact with the way to it."""
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield from _facts(entry, (*way, name))
    elif isinstance(value, list):
        for place, entry in enumerate(value):
            yield from _facts(entry, (*way, place))
    else:
        yield way, value


def _setting(way: Sequence[str | int], value: Value) -> Change:
    def change(inputs: dict[str, Any]) -> None:
        target: Any = inputs
        step: Any
        for step, following in pairwise(way):
            if not isinstance(target[step] if isinstance(target, list) else target.get(step), dict | list):
                target[step] = [] if isinstance(following, int) else {}
            target = target[step]
        target[way[-1]] = value

    return change
