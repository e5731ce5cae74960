"""What a change means for the decisions that build on what was changed.

Both versions decide of the same unknown inputs, on the same ways. A decision is proved to stay as it was where no way
leads to two outcomes; where one does, an input on it is decided by both models, and told with what each says. Where a
process hands outcomes on, the decisions of other models are made of them in their place: one way leads through all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from comptroller.domain.decisions.contrast import in_words, what_differs
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.graphs import Graph, Making
from comptroller.domain.decisions.proving.influence import Influence
from comptroller.domain.decisions.proving.linear import Linear, TooMany
from comptroller.domain.decisions.proving.nearby import Bases, Nearby, occurring, texts_of
from comptroller.domain.decisions.proving.reach import Reach
from comptroller.domain.decisions.proving.reading import Reader
from comptroller.domain.decisions.proving.regions import Usual, as_inputs, region_of, values_of
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, Unknown, Way
from comptroller.domain.decisions.proving.values import Later, Part, key_of, settled
from comptroller.domain.feel import Value

QUESTIONS_MAX: Final = 20_000
"""Questions that the tracing of one decision may ask."""

SHOWN_QUESTIONS_MAX: Final = 2_000
"""Questions that may be asked for inputs on which a decision differs that hands something to the one that is traced."""

TOLD_MAX: Final = 100
"""Regions that are told of one decision."""


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
    rarities: int = 0  # amounts below zero in the example, and texts that are not the commonest

    @property
    def rank(self) -> tuple[int, int]:
        """The order in which regions are told: the plainest first, with an ordinary example."""
        return len(self.inputs if self.region is None else self.region), self.rarities

    @property
    def message(self) -> str:
        """The difference in a sentence."""
        if self.region is None:
            return f"of an input: {self.what}"
        where = " and ".join(f"`{name}` {cell}" for name, cell in self.region.items()) or "everywhere"
        return f"where {where}: {self.what}"

    @property
    def what(self) -> str:
        """What becomes of the outcome."""
        return in_words(self.before, self.after)

    @property
    def told(self) -> tuple[str, str]:
        """What each version says of the example, without what both say of it."""
        return what_differs(self.before, self.after), what_differs(self.after, self.before)


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
    reach = Reach(before, after, [Named(*each) for each in changed])
    return _Change(reach, bases or {}).effects(QUESTIONS_MAX, known=known)


def trace_handed(
    before: Graph, after: Graph, changed: Collection[tuple[str, str]], bases: Bases, questions: int
) -> tuple[Effect, ...]:
    """Follow changes to the decisions of other models alone, with so many questions for each."""
    return _Change(Reach(before, after, [Named(*each) for each in changed]), bases).effects(questions, own=False)


class _Change:
    """What was changed, and what it means for the decisions behind it."""

    def __init__(self, reach: Reach, bases: Bases) -> None:
        self._reach = reach
        self._nearby = Nearby(reach, bases, self._shown)
        self._influence = Influence(*reach.graphs)
        self._effects: dict[Named, Effect] = {}

    def effects(self, questions: int, *, own: bool = True, known: Collection[str] = ()) -> tuple[Effect, ...]:
        """What the change means for each decision behind it."""
        return tuple(self._effect(name, questions) for name in self._reach.told(own=own, known=known))

    def _effect(self, name: Named, questions: int) -> Effect:
        if name not in self._effects and not self._influence.of(name):
            self._effects[name] = Effect(name.name, is_handed=bool(self._reach.filled(name)))
        if name not in self._effects:
            self._effects[name] = _Tracing(self._reach, self._nearby, name, questions).effect()
        return self._effects[name]

    def _shown(self, name: Named) -> Sequence[Mapping[str, Any]]:
        """Inputs on which a decision is known to differ by its ways alone."""
        found = _Tracing(self._reach, self._nearby, name, SHOWN_QUESTIONS_MAX).explored()
        return [region.inputs for region in found.regions]


class _Tracing:
    """One decision in both versions."""

    def __init__(self, reach: Reach, nearby: Nearby, name: Named, questions: int) -> None:
        self._reach = reach
        self._nearby = nearby
        self._name = name
        self._questions = questions
        self._filled = {each.name for each in reach.filled(name)}
        self._cut = reach.cut(name)
        self._exact = set(reach.tables)

    def effect(self) -> Effect:
        """What the change means for it: by all ways, or else by a case."""
        found = self.explored()
        if found.undecided and not found.regions:
            differing = self._nearby.differing(self._name)
            regions = [self._tried(inputs, None) for inputs in differing[:1]]
            return self._found([each for each in regions if each is not None], found.undecided)
        return found

    def explored(self) -> Effect:
        """What its ways say; guesses on which a difference rests are made exact first."""
        while True:
            guessed = len(self._exact)
            found = self._explored()
            if len(self._exact) == guessed:
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
        reach = self._reach
        makings = [
            Making(graph, way, inputs=reach.inputs, exact=self._exact, followed=reach.followed)
            for graph in reach.graphs
        ]
        reader = makings[1].reader
        if self._cut and all(is_same(reader, *(making.decision(each) for making in makings)) for each in self._cut):
            return True  # what changed says the same here, and so does what looks at it
        return is_same(reader, *(making.decision(self._name) for making in makings))

    def _judged(self, way: Way) -> Region | str | None:
        """What both models say of an input on a way; nothing where nobody can go it, a text where they say the same."""
        region = region_of(way)
        try:
            values = values_of(way, self._nearby.usual(self._name))
        except TooMany:
            return "too many inequalities meet"
        if values is None:
            return None
        inputs = as_inputs(values, {})
        near = occurring(inputs, self._nearby.occurring(self._name), lambda label: region.get(label, ""))
        found = self._tried(near, region) or self._tried(inputs, region)
        if found is None:
            told = " and ".join(f"`{name}` {words}" for name, words in region.items())
            return f"nobody can say where {told}"
        return found

    def _tried(self, inputs: Mapping[str, Any], region: Mapping[str, str] | None) -> Region | None:
        """An input of which both versions say something else."""
        before, after = self._reach.decided(self._name, inputs)
        if before.value == after.value:
            return None
        shown = {name: value for name, value in inputs.items() if name not in self._filled}
        rarities = _rarities(shown, self._nearby.usual(self._name))
        return Region(region, shown, before.value, after.value, before.rule_ids, after.rule_ids, rarities)


def _rarities(inputs: Mapping[str, Any], usual: Usual) -> int:
    """How much of inputs is out of the ordinary: amounts below zero, and texts that others are commoner than."""
    rare = sum(1 for path, text in texts_of(inputs) if usual.get(path, [text])[0] != text)
    return rare + _negatives(inputs)


def _negatives(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(map(_negatives, value.values()))
    return int(isinstance(value, Decimal) and value < 0)


def is_same(reader: Reader, one: Part, other: Part) -> bool:
    """Whether two values are the same on the way that is gone; what is put off alike is not worked out."""
    if isinstance(one, Later) and isinstance(other, Later) and one.key == other.key:
        return True
    one, other = settled(one), settled(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(reader, one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_same(reader, *pair) for pair in zip(one, other, strict=True))
    if key_of(one) == key_of(other):
        return True
    if isinstance(one, Unknown | Linear) or isinstance(other, Unknown | Linear):
        return reader.compare("=", one, other) is True
    return bool(one.__class__ is other.__class__ and one == other)
