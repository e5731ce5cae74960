"""Cases on which a change makes a decision differ, put together of inputs that occur.

A proof says where a change makes a difference in its own model; what becomes of that in others is tried. A case of
another decision is one of its inputs that occur, with those of each decision that hands it something: the ones of which
that says what the case was given. On such cases what was changed is set to where it makes a difference.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from comptroller.domain.decisions.handing import Named, kept
from comptroller.domain.decisions.proving.reach import Reach
from comptroller.domain.decisions.proving.regions import OTHER, Usual
from comptroller.domain.feel import Value
from comptroller.domain.feel.text import literal_text

TRIED_MAX: Final = 250
"""Cases that are decided for one decision."""

KEPT_MAX: Final = 8
"""Cases on which a decision differs that are tried for the decisions behind it."""

BASES_MAX: Final = 8
"""Inputs that occur into which one is put where a change makes a difference."""

Bases = Mapping[str, Sequence[Mapping[str, Any]]]
"""Inputs that occur, by decision."""

Inputs = Mapping[str, Any]


class Nearby:
    """Cases on which decisions differ; `shown` are inputs on which a decision that needs no process is known to."""

    def __init__(self, reach: Reach, bases: Bases, shown: Callable[[Named], Sequence[Inputs]]) -> None:
        self._reach = reach
        self._bases = bases
        self._shown = shown
        self._differing: dict[Named, Sequence[Inputs]] = {}
        self._usual: dict[Named, Usual] = {}
        self._said: dict[Named, list[tuple[Inputs, Value]]] = {}
        self._count: Counter[Named] = Counter()

    def differing(self, name: Named) -> Sequence[Inputs]:
        """Cases of which both versions say something else: of each way in which they differ one, then more."""
        if name not in self._differing:
            self._differing[name] = ()  # where decisions hand to one another in a circle
            seen, more = dict[object, Inputs](), list[Inputs]()
            for inputs in islice(self._tried(name), TRIED_MAX):
                self._count[name] += 1
                way = self._difference(name, inputs)
                if way is None:
                    continue
                if way in seen:
                    more.append(inputs)
                seen.setdefault(way, inputs)
                if len(seen) == KEPT_MAX:
                    break
            self._differing[name] = [*seen.values(), *more][:KEPT_MAX]
        return self._differing[name]

    def tried(self, name: Named) -> int:
        """Cases of a decision that were decided by both versions."""
        return self._count[name]

    def occurring(self, name: Named) -> Sequence[Inputs]:
        """Inputs of a decision that occur."""
        return self._bases.get(name.name, ())

    def usual(self, name: Named) -> Usual:
        """The texts that occur in the inputs of a decision."""
        if name not in self._usual:
            self._usual[name] = usual_texts(self.occurring(name))
        return self._usual[name]

    def _tried(self, name: Named) -> Iterator[Inputs]:
        occur = self._bases.get(name.name, ())
        if name in self._reach.own:
            yield from occur
            shown = self._shown(name)
            yield from (within(base, each) for base in occur[:BASES_MAX] for each in shown)
            yield from shown
            yield from (each for base in occur for each in _moved(base, self._reach.numbers))
        handed = [(each, inputs) for each in self._reach.handed_to(name) for inputs in self.differing(each)]
        for base in occur:
            for producer, inputs in handed:
                yield {**self._completed(name, base, producer), **base, **inputs}

    def _completed(self, name: Named, base: Inputs, but: Named) -> dict[str, Any]:
        """Inputs of the decisions that hand something to a case, of which they say what it was given."""
        found: dict[str, Any] = {}
        for given, handed in self._reach.filled(name).items():
            if handed.decision != but and not handed.entries:
                said = self._sayings(handed.decision)
                wanted = _way_of(base.get(given.name))
                inputs = next((inputs for inputs, value in said if _way_of(value) == wanted), {})
                found |= {**self._completed(handed.decision, inputs, but), **inputs}
        return found

    def _sayings(self, name: Named) -> list[tuple[Inputs, Value]]:
        """What a decision says of each of its inputs that occur."""
        if name not in self._said:
            model = self._reach.graphs[0].models[name.namespace]
            occur = self._bases.get(name.name, ())
            self._said[name] = [(each, kept(name.name, model.decide(name.name, each))) for each in occur]
        return self._said[name]

    def _difference(self, name: Named, inputs: Inputs) -> object:
        """In what both versions differ; None where they say the same."""
        before, after = (outcome.value for outcome in self._reach.decided(name, inputs))
        if before == after:
            return None
        if isinstance(before, dict) and isinstance(after, dict):
            return frozenset(each for each in before.keys() | after.keys() if before.get(each) != after.get(each))
        return ""


def usual_texts(bases: Sequence[Inputs]) -> Usual:
    """The texts of inputs that occur, by their paths, the commonest first."""
    found: dict[tuple[Hashable, ...], Counter[str]] = {}
    for base in bases:
        for path, text in texts_of(base):
            found.setdefault(path, Counter())[text] += 1
    return {path: [text for text, _ in counts.most_common()] for path, counts in found.items()}


def texts_of(inputs: Inputs, path: tuple[Hashable, ...] = ()) -> Iterator[tuple[tuple[Hashable, ...], str]]:
    """The texts of inputs with their paths."""
    for name, value in inputs.items():
        if isinstance(value, Mapping):
            yield from texts_of(value, (*path, name))
        elif isinstance(value, str) and value:
            yield (*path, name), value


def _way_of(outcome: Value) -> Value:
    """What an outcome comes to, without what it rests on."""
    return outcome.get("outcome") if isinstance(outcome, dict) else outcome


def _moved(value: Any, numbers: Sequence[Decimal]) -> Iterator[Any]:
    """A value with one of its numbers moved to each of some."""
    match value:
        case Decimal() | int() if not isinstance(value, bool):
            yield from numbers
        case Mapping():
            for name, entry in value.items():
                yield from ({**value, name: each} for each in _moved(entry, numbers))
        case list():
            for place, item in enumerate(value):
                yield from ([*value[:place], each, *value[place + 1 :]] for each in _moved(item, numbers))


def occurring(inputs: Inputs, bases: Sequence[Inputs], named: Callable[[str], str], path: str = "") -> dict[str, Any]:
    """Inputs with a text that occurs in the place of each that stands for all that a cell (by its path) leaves."""
    found: dict[str, Any] = {}
    for name, value in inputs.items():
        there = [base[name] for base in bases if name in base]
        if isinstance(value, Mapping):
            inner = [each for each in there if isinstance(each, Mapping)]
            found[name] = occurring(value, inner, named, f"{path}{name}.")
            continue
        texts = (each for each in there if isinstance(each, str) and each)
        own = (each for each in texts if value == OTHER and literal_text(each) not in named(f"{path}{name}"))
        found[name] = next(own, value)
    return found


def within(base: Inputs, inputs: Inputs) -> dict[str, Any]:
    """Inputs put into others, entry by entry."""
    merged = dict(base)
    for name, value in inputs.items():
        there = merged.get(name)
        merged[name] = within(there, value) if isinstance(value, Mapping) and isinstance(there, Mapping) else value
    return merged
