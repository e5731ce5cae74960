"""One decision in both versions, on the ways of its inputs: where they say the same, and where not.

Both versions decide of the same unknown inputs, on the same ways. Where one leads to two outcomes, an input on it is
decided by both models, and told with what each says.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from comptroller.domain.decisions.definitions import Reference
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.effects import Effect, Region
from comptroller.domain.decisions.proving.graphs import Making, Place
from comptroller.domain.decisions.proving.linear import Linear, TooMany
from comptroller.domain.decisions.proving.nearby import Nearby, occurring, texts_of, within
from comptroller.domain.decisions.proving.reach import Reach
from comptroller.domain.decisions.proving.reading import Reader
from comptroller.domain.decisions.proving.regions import Usual, as_inputs, region_of, regions_together, values_of
from comptroller.domain.decisions.proving.standing import (
    Outcomes,
    comes_to,
    follow,
    follow_but_for,
    is_standing,
    outcomes_on,
)
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, Unknown, Way
from comptroller.domain.decisions.proving.values import Later, Part, key_of, settled
from comptroller.domain.decisions.regions_in_words import region_in_words

SHOWN_QUESTIONS_MAX: Final = 2_000
"""Questions that may be asked for a case of one region, or of a decision that hands something to the one traced."""

CASES_TRIED: Final = 8
"""Cases found before, and as many that occur, into which the inputs on a way are put before any is sought."""

FOLLOWING_QUESTIONS_MAX: Final = 2_000
"""Questions that may be asked of one decision for what need not be told of its regions."""

TOLD_MAX: Final = 100
"""Regions that are told of one decision."""

NOBODY_CAN_SAY: Final = "nobody can say"
"""Begins what is told of a region that nobody can be shown to come to, nor proved not to."""


class _Guessed(Exception):
    """A difference rests on guesses about tables: these are read exactly."""

    def __init__(self, places: Collection[Place]) -> None:
        super().__init__()
        self.places = frozenset(places)


class Tracing:
    """One decision in both versions; `unreached` are decisions that say the same in both."""

    def __init__(
        self, reach: Reach, nearby: Nearby, name: Named, questions: int, unreached: Mapping[Reference, Named]
    ) -> None:
        self._reach = reach
        self._nearby = nearby
        self._name = name
        self._questions = questions
        self._unreached = unreached
        self._filled = {each.name for each in reach.filled(name)}
        self._cut = reach.cut(name)
        self._exact = set(reach.tables)
        self._outcomes = Outcomes(reach.graphs[1], reach.followed)
        self._cases: list[Mapping[str, Any]] = []

    def effect(self) -> Effect:
        """What the change means for it: by all ways, or else by a case."""
        found = self.explored()
        if not found.undecided or found.regions:
            return found
        differing = self._nearby.differing(self._name)
        regions = [each for each in (self._tried(inputs, None) for inputs in differing[:1]) if each is not None]
        tried = self._nearby.tried(self._name)
        none = f", and of {tried} that were put together of cases that occur none differs" if tried else ""
        return self._found(regions, found.undecided if regions else f"{found.undecided}{none}")

    def explored(self) -> Effect:
        """What its ways say: by outcomes that stand for themselves, or else by what these are made of."""
        found = self._explored(self._unreached)
        if not found.undecided.startswith(NOBODY_CAN_SAY):
            return found
        made = self._explored({})
        return found if made.undecided and found.regions else made

    def _found(self, regions: Sequence[Region], undecided: str) -> Effect:
        return Effect(self._name.name, tuple(regions), undecided, bool(self._filled))

    def _explored(self, standing: Mapping[Reference, Named]) -> Effect:
        """What its ways say; guesses on which a difference rests are made exact first."""
        while True:
            exploration = Exploration(self._questions)
            ways = exploration.ways(lambda way: self._walk(self._makings(way, standing, self._exact)))
            try:
                regions, undecided = gone_through(ways, partial(self._judged, exploration))
            except _Guessed as guessed:
                self._exact |= guessed.places
            else:
                return self._found(self._together(regions, exploration, standing), undecided)
            finally:
                self._questions = exploration.left

    def _makings(self, way: Way, standing: Mapping[Reference, Named], exact: Collection[Place] | None) -> list[Making]:
        reach = self._reach
        return [
            Making(graph, way, inputs=reach.inputs, exact=exact, followed=reach.followed, standing=standing)
            for graph in reach.graphs
        ]

    def _walk(self, makings: Sequence[Making]) -> bool:
        reader = makings[1].reader
        if self._cut and all(is_same(reader, *(making.decision(each) for making in makings)) for each in self._cut):
            return True  # what changed says the same here, and so does what looks at it
        return is_same(reader, *(making.decision(self._name) for making in makings))

    def _judged(self, exploration: Exploration, way: Way) -> Region | str | None:
        """What both models say of an input on a way; nothing where nobody can go it, a text where they say the same."""
        if way.picks:
            raise _Guessed({place for place, _ in way.picks})
        region = region_of(way)
        try:
            values = values_of(way, self._nearby.usual(self._name))
        except TooMany:
            return "too many inequalities meet"
        if values is None:
            return None
        inputs = as_inputs({unknown: value for unknown, value in values.items() if not is_standing(unknown)}, {})
        near = occurring(inputs, self._nearby.occurring(self._name), lambda label: region.get(label, ""))
        if outcomes_on(way):
            return self._met(way, near, region, exploration)
        found = self._tried(near, region) or self._tried(inputs, region)
        return nobody_can_say(way) if found is None else found

    def _met(
        self, way: Way, inputs: Mapping[str, Any], region: Mapping[str, str], exploration: Exploration
    ) -> Region | str | None:
        """A case that comes to the outcomes on a way; nothing where none does, a text where nobody can say."""
        occur = self._nearby.occurring(self._name)
        for base in (*self._cases[::-1][:CASES_TRIED], *occur[:CASES_TRIED]):
            near = within(base, inputs)
            found = self._case(way, near, region) or self._case(way, self._outcomes.put_right(way, near, occur), region)
            if found is not None:
                return found
        questions = min(SHOWN_QUESTIONS_MAX, exploration.left)
        inner = Exploration(questions)
        inner.cuts = exploration.cuts
        is_open = False
        try:
            for made, is_left in inner.ways(lambda each: self._comes_to(each, way)):
                if not is_left:
                    continue
                values = values_of(made, self._nearby.usual(self._name))
                found = None if values is None else self._case(way, as_inputs(values, {}), region)
                if found is not None:
                    return found
                is_open = is_open or values is not None
        except (Exhausted, TooMany):
            is_open = True
        finally:
            exploration.left -= questions - inner.left
        return nobody_can_say(way) if is_open else None

    def _comes_to(self, made: Way, way: Way) -> bool:
        """Whether the inputs on a way may come to the outcomes on another one, and differ there."""
        follow(made, way)
        makings = self._makings(made, {}, None)
        met = all(comes_to(made, way, unknown, makings[1]) is not False for unknown in outcomes_on(way))
        return met and not self._walk(makings)

    def _together(
        self, found: Mapping[Way, Region], exploration: Exploration, standing: Mapping[Reference, Named]
    ) -> list[Region]:
        """Regions of which the same is told as few, each with its most ordinary example."""
        spare = Exploration(FOLLOWING_QUESTIONS_MAX)
        spare.cuts = exploration.cuts
        alike: dict[str, list[Way]] = {}
        left_out = dict[Way, list[Unknown]]()
        for way, region in found.items():
            alike.setdefault(region.what, []).append(way)
            left_out[way] = []
            for unknown in reversed(outcomes_on(way)):
                if self._follows(way, unknown, left_out[way], spare, standing):
                    left_out[way].append(unknown)
        return [
            replace(min((found[way] for way in inside), key=lambda each: each.rarities), region=where)
            for ways in alike.values()
            for where, inside in regions_together(ways, left_out)
        ]

    def _follows(
        self,
        way: Way,
        unknown: Unknown,
        left_out: Sequence[Unknown],
        exploration: Exploration,
        standing: Mapping[Reference, Named],
    ) -> bool:
        """Whether an outcome on a way follows from what else the way takes for granted."""
        others = {reference: name for reference, name in standing.items() if name != unknown.key[0]}

        def walk(made: Way) -> bool:
            follow_but_for(made, way, [*left_out, unknown])
            return comes_to(made, way, unknown, self._makings(made, others, None)[1]) is True

        try:
            return all(follows for _, follows in exploration.ways(walk))
        except (Exhausted, RecursionError):
            return False

    def _case(self, way: Way, inputs: Mapping[str, Any], region: Mapping[str, str]) -> Region | None:
        """Inputs that come to the outcomes on a way, where both versions say something else of them."""
        if not self._outcomes.has_case(way, inputs):
            return None
        found = self._tried(inputs, region)
        if found is not None:
            self._cases.append(inputs)
        return found

    def _tried(self, inputs: Mapping[str, Any], region: Mapping[str, str] | None) -> Region | None:
        """An input of which both versions say something else."""
        before, after = self._reach.decided(self._name, inputs)
        if before.value == after.value:
            return None
        shown = {name: value for name, value in inputs.items() if name not in self._filled}
        rarities = _rarities(shown, self._nearby.usual(self._name))
        return Region(region, shown, before.value, after.value, before.rule_ids, after.rule_ids, rarities)


def gone_through(
    ways: Iterable[tuple[Way, bool]], judge: Callable[[Way], Region | str | None]
) -> tuple[dict[Way, Region], str]:
    """The regions of the ways on which both versions do not say the same, and why there may be more."""
    regions: dict[Way, Region] = {}
    undecided = ""
    try:
        for way, is_same in ways:
            found = None if is_same else judge(way)
            if isinstance(found, Region):
                regions[way] = found
            undecided = undecided or (found if isinstance(found, str) else "")
            if len(regions) == TOLD_MAX:
                return regions, "there are more regions than are told"
    except Exhausted:
        undecided = "there are more cases than are gone through"
    except RecursionError:
        undecided = "it nests too deeply"
    return regions, undecided


def nobody_can_say(way: Way) -> str:
    """Of which region of the inputs it is open whether anything differs."""
    region = region_of(way)
    given = {
        name: cell for name, cell in region.items() if name in {each.label for each in way.restricted if each.is_given}
    }
    rests = "" if len(given) == len(region) else ": it rests on what is computed and not looked into"
    return f"{NOBODY_CAN_SAY}{f' where {region_in_words(given)}' if given else ''}{rests}"


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
