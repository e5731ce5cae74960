"""What a change does not reach stands for itself: an outcome that is the same in both versions is unknown, not made.

What is proved of any such outcomes holds of those that come about. Where a decision differs by them, a case is sought
whose inputs come to them: it shows that the way can be gone, and the region is told by the outcomes as policy names
them, not by all that they are made of.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from comptroller.domain.decisions.analysis.axes import entry_at
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.deciding import decide_handed
from comptroller.domain.decisions.proving.graphs import Graph, Making
from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.unknowns import Unknown, Way
from comptroller.domain.decisions.proving.values import is_known, plain, settled
from comptroller.domain.feel import Value

Inputs = Mapping[str, Any]


def is_standing(unknown: Unknown) -> bool:
    """Whether an unknown is the outcome of a decision that stands for itself, or an entry of one."""
    return isinstance(unknown.key[0], Named)


def outcomes_on(way: Way) -> list[Unknown]:
    """The standing outcomes of which a way takes anything for granted."""
    in_sums = (key for linear in way.signs for key, _ in linear.terms if isinstance(key, Unknown))
    return [each for each in dict.fromkeys([*way.restricted, *in_sums]) if is_standing(each)]


def follow(way: Way, other: Way) -> None:
    """Take for granted what another way does of inputs."""
    way.follow(other, filter(_is_input, other.restricted), filter(_is_of_inputs, other.signs))


def follow_but_for(way: Way, other: Way, left_out: Collection[Unknown]) -> None:
    """Take for granted what another way does, but for some outcomes."""
    signs = (linear for linear in other.signs if not any(key in left_out for key, _ in linear.terms))
    way.follow(other, (unknown for unknown in other.restricted if unknown not in left_out), signs)


def comes_to(way: Way, other: Way, unknown: Unknown, making: Making) -> bool | None:
    """Whether an outcome made on a way is such as another way takes for granted; None where nobody can say."""
    name, *entries = unknown.key
    assert isinstance(name, Named)
    value = making.decision(name)
    for entry in entries:
        value = making.reader.entry(value, str(entry))
    value = settled(value)
    if isinstance(value, Unknown):
        return way.answers_as(other, unknown, value)
    return way.answers_as(other, unknown, plain(value)) if is_known(value) else None


class Outcomes:
    """What the decisions that stand for themselves say of inputs, each through its own chain."""

    def __init__(self, graph: Graph, followed: Collection[Named]) -> None:
        self._graph = graph
        self._followed = followed

    def has_case(self, way: Way, inputs: Inputs) -> bool:
        """Whether inputs come to such outcomes as a way takes for granted."""
        found = {unknown: self._of(unknown, inputs) for unknown in outcomes_on(way)}
        if not all(way.answers_as(way, unknown, value) for unknown, value in found.items()):
            return False
        signs = ((linear, sign) for linear, sign in way.signs.items() if not _is_of_inputs(linear))
        return all(_has_sign(linear, sign, found, inputs) for linear, sign in signs)

    def put_right(self, way: Way, inputs: Inputs, occurring: Sequence[Inputs]) -> Inputs:
        """Inputs in which those that lead to another outcome than a way's are those of a case that occurs."""
        for unknown in outcomes_on(way):
            if not way.answers_as(way, unknown, self._of(unknown, inputs)):
                cases = (case for case in occurring if way.answers_as(way, unknown, self._of(unknown, case)))
                inputs = {**inputs, **self._looked_at(unknown, next(cases, {}))}
        return inputs

    def _of(self, unknown: Unknown, inputs: Inputs) -> Value:
        name, *entries = unknown.key
        assert isinstance(name, Named)
        return entry_at(decide_handed(self._graph, name, inputs, self._followed).value, list(map(str, entries)))

    def _looked_at(self, unknown: Unknown, case: Inputs) -> Inputs:
        name = unknown.key[0]
        assert isinstance(name, Named)
        names = self._graph.models[name.namespace].input_names(name.name)
        return {each: case[each] for each in names if each in case}


def _has_sign(linear: Linear, sign: int, outcomes: Mapping[Unknown, Value], inputs: Inputs) -> bool:
    found: dict[Hashable, Fraction] = {}
    for key, _ in linear.terms:
        assert isinstance(key, Unknown)
        value = outcomes[key] if key in outcomes else entry_at(dict(inputs), list(map(str, key.key)))
        if not isinstance(value, Decimal | int):
            return False
        found[key] = Fraction(value)
    at = linear.at(found)
    return (at > 0) - (at < 0) == sign


def _is_input(unknown: Unknown) -> bool:
    return unknown.is_given and not is_standing(unknown)


def _is_of_inputs(linear: Linear) -> bool:
    return all(isinstance(key, Unknown) and _is_input(key) for key, _ in linear.terms)
