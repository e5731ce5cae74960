"""Cases that a decision cannot tell apart: decided once, by one of them, for all.

A case is given by its leaves: the few facts in which the cases of a history differ, each with a name; all other facts
they share. Numbers and days are watched while a decision is taken (`feel.watching`), so that it is known between which
values nothing changes; every other leaf, and a number that something was computed from, counts as exactly what it is.
An outcome that holds a leaf holds it by name. Whatever is learnt of one case serves those that follow.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any, TypeAlias

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.handing import kept
from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.feel.text import text_of
from comptroller.domain.feel.values import exactly
from comptroller.domain.feel.watching import Watch, WatchedDay, WatchedNumber, WatchedText, joined


@dataclass(frozen=True, slots=True)
class Leaf:
    """A fact by its name in the place of its value: a number times a factor, moved; a day moved."""

    name: str
    factor: Decimal = Decimal(1)
    offset: Decimal | timedelta = Decimal(0)


@dataclass(frozen=True, slots=True)
class Said:
    """A text in which facts are written."""

    parts: tuple[str | Leaf, ...]


Template: TypeAlias = Any
"""A value in which leaves stand for what differs from case to case."""


def leaves_of(template: Template) -> frozenset[str]:
    """The names of the leaves in a value."""
    match template:
        case Leaf():
            return frozenset({template.name})
        case Said():
            return frozenset(part.name for part in template.parts if isinstance(part, Leaf))
        case list():
            return frozenset[str]().union(*map(leaves_of, template))
        case dict():
            return frozenset[str]().union(*map(leaves_of, template.values()))
    return frozenset()


def filled(template: Template, leaf: Callable[[str], Any]) -> Any:
    """The value with every leaf filled in; a number that is watched is moved and goes on being watched."""
    match template:
        case Leaf():
            return _moved(leaf(template.name), template)
        case Said():
            parts = [filled(part, leaf) for part in template.parts]
            return reduce(joined, map(_written, parts))
        case list():
            return [filled(item, leaf) for item in template]
        case dict():
            return {name: filled(entry, leaf) for name, entry in template.items()}
    return template


def _written(part: Any) -> str:
    if isinstance(part, WatchedNumber | WatchedDay):
        return WatchedText(text_of(Evaluation(), part.plain), (part,))
    return text_of(Evaluation(), part)


def _moved(value: Any, leaf: Leaf) -> Any:
    if not leaf.offset and leaf.factor == 1:
        return value
    match value, leaf.offset:
        case WatchedNumber(), Decimal() as offset:
            moved: Any = value.moved(leaf.factor, offset)
            return exactly(value) * leaf.factor + offset if moved is None else moved
        case WatchedDay(), timedelta() as days:
            moved = value.moved(days)
            return exactly(value) + days if moved is None else moved
        case Decimal(), Decimal() as offset:
            return value * leaf.factor + offset
        case date(), timedelta() as days:
            return value + days
    raise TypeError(f"`{leaf.name}` cannot be moved by `{leaf.offset}`")


def settled(template: Template, values: Mapping[str, Any]) -> Template:
    """The value with those leaves filled in whose values are given."""
    if isinstance(template, Leaf | Said):
        return filled(template, values.__getitem__) if leaves_of(template) <= values.keys() else template
    if isinstance(template, dict):
        return {name: settled(entry, values) for name, entry in template.items()}
    return [settled(item, values) for item in template] if isinstance(template, list) else template


def lifted(value: Any) -> Template:
    """The value with what is watched in it as leaves."""
    if isinstance(value, WatchedNumber):
        return Leaf(value.watch.name, value.factor, value.offset)
    if isinstance(value, WatchedDay):
        return Leaf(value.watch.name, offset=value.offset)
    if isinstance(value, WatchedText):
        return Said(tuple(lifted(part) for part in value.parts))
    if isinstance(value, dict):
        return {name: lifted(entry) for name, entry in value.items()}
    return [lifted(item) for item in value] if isinstance(value, list) else value


def days_apart(later: Template, earlier: Template) -> int | None:
    """The days between two days of an outcome; None where that differs from case to case, or one is no day.

    >>> days_apart(Leaf("day", offset=timedelta(days=14)), Leaf("day", offset=timedelta(0)))
    14
    """
    match later, earlier:
        case date(), date():
            return (later - earlier).days
        case Leaf(name=name), Leaf(name=other) if name == other:
            until, since = (
                each.offset if isinstance(each.offset, timedelta) else timedelta(0) for each in (later, earlier)
            )
            return (until - since).days
    return None


@dataclass(slots=True)
class Outcomes:
    """All outcomes that were met, each once, told apart by everything that they hold; of all decisions and versions."""

    templates: list[Template] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def number(self, template: Template) -> int:
        """The number of an outcome."""
        shape = repr(template)
        if shape not in self._known:
            self._known[shape] = len(self.templates)
            self.templates.append(template)
        return self._known[shape]


@dataclass(slots=True)
class Told:
    """What a decision tells apart of each leaf: the values between which it may come out otherwise, or each one."""

    cuts: dict[str, list[Any]] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)

    def learn(self, watches: Mapping[str, Watch]) -> bool:
        """Take in what was noted; whether any of it is new."""
        is_new = False
        for name, watch in watches.items():
            if watch.is_exact:
                is_new |= name not in self.exact
                self.exact.add(name)
            known = self.cuts.setdefault(name, [])
            for cut in watch.cuts:
                at = bisect_left(known, cut)
                if at == len(known) or known[at] != cut:
                    known.insert(at, cut)
                    is_new = True
        return is_new


@dataclass(slots=True)
class Decided:
    """One decision of one model, with all that was learnt of it: numbers of outcomes by what it tells apart."""

    name: str
    model: Model
    told: Told = field(default_factory=Told)
    by_key: dict[tuple[Any, ...], int] = field(default_factory=dict)
    runs: int = 0

    def decide(self, facts: Mapping[str, Template], case: Mapping[str, Any], now: datetime) -> tuple[Template, bool]:
        """Decide a case, given by its leaves; the outcome, and whether something new was learnt: then it may not count.

        # INVARIANT: the case itself is decided by itself too; where that comes out otherwise, no leaf is shared.
        """
        self.runs += 1
        names = frozenset[str]().union(*map(leaves_of, facts.values()))
        watches = {name: Watch(name) for name in names if name not in self.told.exact}
        watched = {name: _watched(case[name], watches.get(name)) for name in names}
        outcome = self.model.decide_watched(self.name, _filled(facts, watched), now)
        template = lifted(kept(self.name, outcome))
        alone = kept(self.name, self.model.decide(self.name, _filled(facts, case), now))
        if repr(filled(template, case.__getitem__)) != repr(alone):
            for watch in watches.values():
                watch.is_exact = True
        return template, self.told.learn(watches)


def _filled(facts: Mapping[str, Template], case: Mapping[str, Any]) -> dict[str, Value]:
    return {name: filled(template, case.__getitem__) for name, template in facts.items()}


def _watched(value: Any, watch: Watch | None) -> Any:
    if watch is None or value is None:
        return value
    if value.__class__ is Decimal:
        return WatchedNumber(value, watch)
    return WatchedDay(value, watch) if value.__class__ is date else value
