"""What a change means for the decisions that build on what was changed.

Both versions decide of the same unknown inputs, on the same ways. A decision is proved to stay as it was where no way
leads to two outcomes; where one does, an input on it is decided by both models, and told with what each says. Where a
process hands outcomes on, the decisions of other models are made of them in their place: one way leads through all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from comptroller.domain.decisions.contrast import in_words
from comptroller.domain.decisions.definitions import InputData
from comptroller.domain.decisions.dependents import dependents
from comptroller.domain.decisions.handing import Handed, Named
from comptroller.domain.decisions.item_types import form_of
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.proving.deciding import decide_handed
from comptroller.domain.decisions.proving.graphs import Graph, Making, Place
from comptroller.domain.decisions.proving.linear import Linear, TooMany
from comptroller.domain.decisions.proving.reading import Reader
from comptroller.domain.decisions.proving.regions import as_inputs, region_of, values_of
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, Unknown, Way
from comptroller.domain.decisions.proving.values import Later, Part, key_of, settled
from comptroller.domain.feel import Value

QUESTIONS_MAX: Final = 20_000
"""Questions that the tracing of one decision may ask."""

TOLD_MAX: Final = 100
"""Regions that are told of one decision."""

TRIED_MAX: Final = 64
"""Inputs near those that occur that are decided where a decision's ways say nothing."""

KEPT_MAX: Final = 4
"""Inputs on which a decision differs that are tried for the decisions behind it."""

Bases = Mapping[str, Sequence[Mapping[str, Any]]]
"""Inputs that occur, by decision."""


@dataclass(frozen=True, slots=True)
class Region:
    """Inputs of which both versions say something else: an example, what each says of it, and the rules that hit.

    Without a region it is the example alone.
    """

    region: Mapping[str, str] | None
    inputs: Mapping[str, Any]
    before: Value
    after: Value
    rules_before: tuple[str, ...] = ()
    rules_after: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The difference in a sentence."""
        if self.region is None:
            return f"of an input: {in_words(self.before, self.after)}"
        where = " and ".join(f"`{name}` {cell}" for name, cell in self.region.items()) or "everywhere"
        return f"where {where}: {in_words(self.before, self.after)}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change means for a decision: nothing (proved), other outcomes in regions, or what nobody can say."""

    decision: str
    regions: tuple[Region, ...] = ()
    undecided: str = ""
    is_handed: bool = False  # it stands in another model: what changed is handed to it

    @property
    def is_none(self) -> bool:
        """Whether the decision is proved to decide the same of all inputs."""
        return not self.regions and not self.undecided


def trace(
    before: Graph,
    after: Graph,
    changed: Collection[tuple[str, str]],
    bases: Bases | None = None,
    *,
    known: Collection[str] = (),
) -> tuple[Effect, ...]:
    """Follow changed decisions and knowledge models (namespace and name) to every decision that looks at them.

    The changed decisions are traced too, in the order of the new version's files; of the models to which their outcomes
    are handed the decisions on which no other one of the model builds. Where the ways of a decision leave open what it
    says, inputs near `bases` are decided. Of changed decisions that are `known` (by name) it is clear already what they
    decide otherwise: they are left out.
    """
    change = _Change(before, after, [Named(*each) for each in changed], bases or {})
    return change.effects(QUESTIONS_MAX, known=known)


def trace_handed(
    before: Graph, after: Graph, changed: Collection[tuple[str, str]], bases: Bases, questions: int
) -> tuple[Effect, ...]:
    """Follow changes to the decisions of other models alone, with so many questions for each."""
    return _Change(before, after, [Named(*each) for each in changed], bases).effects(questions, own=False)


class _Change:
    """What was changed, and what stands behind it."""

    def __init__(self, before: Graph, after: Graph, changed: Sequence[Named], bases: Bases) -> None:
        self.graphs = before, after
        self._bases = bases
        self._differing: dict[Named, Sequence[Mapping[str, Any]]] = {}
        self._changed = changed
        self._reach = {each: self._behind(each) for each in changed}
        self._own = {name for each in changed for name in (each, *self._dependents(each, is_handed=False))}
        touched = set[Named]().union(*self._reach.values())
        self.followed = {
            handed.decision for graph in self.graphs for handed in graph.handing.values() if handed.decision in touched
        }
        self.inputs = _of_other_types(before, after)
        self.tables = {place for place in after.tables if _owner(place) in set(changed)}

    def effects(self, questions: int, *, own: bool = True, known: Collection[str] = ()) -> tuple[Effect, ...]:
        """What the change means for each decision behind it."""
        told = [
            name
            for name in self.graphs[1].decisions
            if name in self.graphs[0].decisions
            and ((own and name in self._own) or (self.filled(name) and self._is_answer(name)))
            and not (name in self._changed and name.name in known and not self.filled(name))
        ]
        return tuple(_Tracing(self, name, questions).effect() for name in told)

    def cut(self, name: Named) -> Sequence[Named]:
        """Decisions without which nothing of the change comes to one: where they say the same, so does it."""
        changes = [each for each in self._changed if name in self._reach[each]]
        if all(each in graph.decisions for each in changes for graph in self.graphs):
            return changes
        if name in self._own:
            return []  # a knowledge model is no decision that can be looked at
        return self.handed_to(name)

    def handed_to(self, name: Named) -> Sequence[Named]:
        """The decisions behind the change whose outcomes come to the model of another one."""
        return list(dict.fromkeys(each.decision for each in self.filled(name).values()))

    def filled(self, name: Named) -> dict[Named, Handed]:
        """The inputs of a decision that are filled with outcomes behind the change."""
        return {
            given: handed
            for graph in self.graphs
            for given, handed in graph.handed_to(name)
            if handed.decision in self.followed
        }

    def differing(self, name: Named) -> Sequence[Mapping[str, Any]]:
        """Inputs that occur, or several of them put together, of which both versions say something else."""
        if name not in self._differing:
            occur = self._bases.get(name.name, ())
            handed = [inputs for producer in self.handed_to(name) for inputs in self.differing(producer)]
            near = ({**each, **inputs} for each in occur for inputs in handed)
            tried = islice((*(occur if name in self._own else ()), *near), TRIED_MAX)
            self._differing[name] = list(islice(filter(lambda inputs: self._differs(name, inputs), tried), KEPT_MAX))
        return self._differing[name]

    def decided(self, name: Named, inputs: Mapping[str, Any]) -> tuple[Outcome, Outcome]:
        """What the models of both versions decide, each through its own chain."""
        before, after = (decide_handed(graph, name, inputs, self.followed) for graph in self.graphs)
        return before, after

    def _differs(self, name: Named, inputs: Mapping[str, Any]) -> bool:
        before, after = self.decided(name, inputs)
        return before.value != after.value

    def _behind(self, name: Named) -> set[Named]:
        return {name, *self._dependents(name, is_handed=True)}

    def _dependents(self, name: Named, *, is_handed: bool) -> Iterator[Named]:
        for graph in self.graphs:
            yield from dependents(graph.definitions.values(), [name], graph.handing if is_handed else None)

    def _is_answer(self, name: Named) -> bool:
        """Whether a decision is what its model is asked for: it is handed on, or no other one builds on it."""
        if name in self.followed:
            return True
        users = dependents([self.graphs[1].definitions[name.namespace]], [name])
        return not any(each in self.graphs[1].decisions for each in users)


def _of_other_types(before: Graph, after: Graph) -> dict[str, Part]:
    """The inputs that both versions have, of different types: nobody says of them what they are."""
    forms: dict[str, set[object]] = {}
    for graph in (before, after):
        for place, element in graph.elements.items():
            if isinstance(element, InputData):
                wanted = graph.type(place.namespace, element.variable.type_ref)
                forms.setdefault(element.name, set()).add(form_of(wanted))
    return {name: Unknown((name,), None) for name, found in forms.items() if len(found) > 1}


def _owner(place: Place) -> Named:
    return Named(place[0], place[1].partition("[")[2].partition("]")[0])


class _Tracing:
    """One decision in both versions."""

    def __init__(self, change: _Change, name: Named, questions: int) -> None:
        self._change = change
        self._graphs = change.graphs
        self._name = name
        self._questions = questions
        self._filled = {each.name for each in change.filled(name)}
        self._cut = change.cut(name)
        self._exact = set(change.tables)

    def effect(self) -> Effect:
        """What the change means for it; guesses on which a difference rests are made exact first."""
        while True:
            guessed = len(self._exact)
            found = self._explored()
            if len(self._exact) == guessed:
                break
        if found.undecided and not found.regions:
            differing = self._change.differing(self._name)
            regions = [self._tried(inputs, None) for inputs in differing[:1]]
            return self._found([each for each in regions if each is not None], found.undecided)
        return found

    def _found(self, regions: Sequence[Region], undecided: str) -> Effect:
        return Effect(self._name.name, tuple(regions), undecided, bool(self._filled))

    def _explored(self) -> Effect:
        regions: list[Region] = []
        undecided = ""
        exploration = Exploration(self._questions)
        try:
            for way, is_same in exploration.ways(self._walk):
                if is_same:
                    continue
                if way.picks:
                    self._exact |= {place for place, _ in way.picks}
                    return self._found((), "")
                found = self._judged(way)
                if isinstance(found, Region):
                    regions.append(found)
                undecided = undecided or (found if isinstance(found, str) else "")
                if len(regions) == TOLD_MAX:
                    undecided = "there are more regions than are told"
                    break
        except Exhausted:
            undecided = "there are more cases than are gone through"
        except RecursionError:
            undecided = "the decision nests too deeply"
        finally:
            self._questions = exploration.left
        return self._found(regions, undecided)

    def _walk(self, way: Way) -> bool:
        change = self._change
        makings = [
            Making(graph, way, inputs=change.inputs, exact=self._exact, followed=change.followed)
            for graph in self._graphs
        ]
        reader = makings[1].reader
        if self._cut and all(_is_same(reader, *(making.decision(each) for making in makings)) for each in self._cut):
            return True  # what changed says the same here, and so does what looks at it
        return _is_same(reader, *(making.decision(self._name) for making in makings))

    def _judged(self, way: Way) -> Region | str | None:
        """What both models say of an input on a way; nothing where nobody can go it, a text where they say the same."""
        region = region_of(way)
        try:
            values = values_of(way)
        except TooMany:
            return "too many inequalities meet"
        if values is None:
            return None
        found = self._tried(as_inputs(values, {}), region)
        if found is None:
            told = " and ".join(f"`{name}` {words}" for name, words in region.items())
            return f"nobody can say where {told}"
        return found

    def _tried(self, inputs: Mapping[str, Any], region: Mapping[str, str] | None) -> Region | None:
        """An input of which both versions say something else."""
        before, after = self._change.decided(self._name, inputs)
        if before.value == after.value:
            return None
        shown = {name: value for name, value in inputs.items() if name not in self._filled}
        return Region(region, shown, before.value, after.value, before.rule_ids, after.rule_ids)


def _is_same(reader: Reader, one: Part, other: Part) -> bool:
    """Whether two values are the same on the way that is gone; what is put off alike is not worked out."""
    if isinstance(one, Later) and isinstance(other, Later) and one.key == other.key:
        return True
    one, other = settled(one), settled(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(reader, one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_is_same(reader, *pair) for pair in zip(one, other, strict=True))
    if key_of(one) == key_of(other):
        return True
    if isinstance(one, Unknown | Linear) or isinstance(other, Unknown | Linear):
        return reader.compare("=", one, other) is True
    return bool(one.__class__ is other.__class__ and one == other)
