"""What a change means for the decisions that build on what was changed.

Both versions decide of the same unknown inputs, on the same ways. A decision is proved to stay as it was where no way
leads to two outcomes; where one does, an input on it is decided by both models, and told with what each says.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from comptroller.domain.decisions.contrast import in_words
from comptroller.domain.decisions.definitions import BusinessKnowledgeModel, Decision, Definitions, Reference
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.proving.deciding import decide
from comptroller.domain.decisions.proving.graphs import Graph, Making, Named, Place
from comptroller.domain.decisions.proving.linear import Linear, TooMany
from comptroller.domain.decisions.proving.reading import Reader
from comptroller.domain.decisions.proving.regions import as_inputs, region_of, values_of
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, Unknown, Way
from comptroller.domain.decisions.proving.values import Later, Part, key_of, settled
from comptroller.domain.feel import Value

QUESTIONS_MAX: Final = 200_000
"""Questions that the tracing of one decision may ask."""

TOLD_MAX: Final = 100
"""Regions that are told of one decision."""


@dataclass(frozen=True, slots=True)
class Region:
    """Inputs of which both versions say something else: an example, what each says of it, and the rules that hit."""

    region: Mapping[str, str]
    inputs: Mapping[str, Any]
    before: Value
    after: Value
    rules_before: tuple[str, ...] = ()
    rules_after: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The difference in a sentence."""
        where = " and ".join(f"`{name}` {cell}" for name, cell in self.region.items()) or "everywhere"
        return f"where {where}: {in_words(self.before, self.after)}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change means for a decision: nothing (proved), other outcomes in regions, or what nobody can say."""

    decision: str
    regions: tuple[Region, ...] = ()
    undecided: str = ""

    @property
    def is_none(self) -> bool:
        """Whether the decision is proved to decide the same of all inputs."""
        return not self.regions and not self.undecided


def trace(
    old: Sequence[tuple[Definitions, Model]],
    new: Sequence[tuple[Definitions, Model]],
    changed: Collection[tuple[str, str]],
) -> tuple[Effect, ...]:
    """Follow changed decisions and knowledge models (namespace and name) to every decision that looks at them.

    The changed decisions are traced too, in the order of the new version's files.
    """
    before, after = Graph(old), Graph(new)
    touched = _touched(after, changed)
    places = {place for place in after.tables if _owner(place) in changed}
    own = [name for name in after.decisions if name in changed and name in before.decisions]
    sources = own if len(own) == len(changed) else []  # a knowledge model is no decision that can be looked at
    return tuple(
        _Tracing(before, after, name, sources, places).effect()
        for name in after.decisions
        if name in touched & before.decisions.keys()
    )


def _owner(place: Place) -> tuple[str, str]:
    return place[0], place[1].partition("[")[2].partition("]")[0]


def _touched(graph: Graph, changed: Collection[tuple[str, str]]) -> set[Named]:
    """The decisions that are changed, or look at one that is touched."""
    reached = {
        reference for reference, element in graph.elements.items() if (reference.namespace, element.name) in changed
    }
    while True:
        further = {
            reference
            for reference, element in graph.elements.items()
            if isinstance(element, Decision | BusinessKnowledgeModel)
            and reference not in reached
            and any(each in reached for each in _required(element))
        }
        if not further:
            found = {each: graph.elements[each] for each in reached}
            return {
                Named(each.namespace, element.name) for each, element in found.items() if isinstance(element, Decision)
            }
        reached |= further


def _required(element: Decision | BusinessKnowledgeModel) -> tuple[Reference, ...]:
    if isinstance(element, BusinessKnowledgeModel):
        return element.required_knowledge
    return (*element.required_decisions, *element.required_knowledge)


class _Tracing:
    """One decision in both versions."""

    def __init__(
        self, before: Graph, after: Graph, name: Named, changed: Sequence[Named], exact: Collection[Place]
    ) -> None:
        self._graphs = before, after
        self._name = name
        self._changed = changed
        self._exact = set(exact)

    def effect(self) -> Effect:
        """What the change means for it; guesses on which a difference rests are made exact first."""
        while True:
            guessed = len(self._exact)
            found = self._explored()
            if len(self._exact) == guessed:
                return found

    def _explored(self) -> Effect:
        regions: list[Region] = []
        undecided = ""
        try:
            for way, is_same in Exploration(QUESTIONS_MAX).ways(self._walk):
                if is_same:
                    continue
                if way.picks:
                    self._exact |= {place for place, _ in way.picks}
                    return Effect(self._name.name)
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
        return Effect(self._name.name, tuple(regions), undecided)

    def _walk(self, way: Way) -> bool:
        makings = [Making(graph, way, exact=self._exact) for graph in self._graphs]
        reader = makings[1].reader
        if self._changed and all(
            _is_same(reader, *(making.decision(each) for making in makings)) for each in self._changed
        ):
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
        inputs = as_inputs(values, {})
        said = [decide(graph, self._name, inputs) for graph in self._graphs]
        if said[0] == said[1]:
            told = " and ".join(f"`{name}` {words}" for name, words in region.items())
            return f"nobody can say where {told}"
        rules = [graph.models[self._name.namespace].decide(self._name.name, inputs).rule_ids for graph in self._graphs]
        return Region(region, inputs, said[0], said[1], *rules)


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
