"""The end of a way as a region of inputs: in words, and as one set of values that lie in it.

A way leaves pieces of single unknowns, and signs of sums of several. Values are sought piece by piece: for those that
occur in sums together, so that all inequalities hold. Where none are found the way is one that nobody can go.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product
from typing import Any, Final

from comptroller.domain.decisions.analysis.axes import Axis, bits
from comptroller.domain.decisions.analysis.cover import Box, merged
from comptroller.domain.decisions.analysis.lines import typical
from comptroller.domain.decisions.analysis.pieces import Piece
from comptroller.domain.decisions.proving.comparing import SAMPLES
from comptroller.domain.decisions.proving.labels import label
from comptroller.domain.decisions.proving.linear import Inequality, Linear, TooMany, solve
from comptroller.domain.decisions.proving.unknowns import Unknown, Way, bounds
from comptroller.domain.feel import Kind, Value, kind_of

COMBINATIONS_MAX: Final = 256
"""Combinations of pieces of the unknowns in sums that are tried."""

_CENT: Final = Decimal("0.01")

OTHER: Final = "other"
"""A text that stands for all that nobody names."""

NOT_NULL: Final = "not(null)"

_SAID: Final = {-1: "<", 0: "=", 1: ">"}


def region_of(way: Way) -> dict[str, str]:
    """What a way takes for granted, by the labels of unknowns; conditions of several under their left side."""
    ((region, _),) = regions_together([way], {})
    return region


def regions_together(
    ways: Sequence[Way], left_out: Mapping[Way, Collection[Unknown]]
) -> list[tuple[dict[str, str], list[Way]]]:
    """What ways of one exploration take for granted, as few regions, each with its ways.

    What is `left_out` of a way is not told: it follows from the rest.
    """
    unknowns = list(dict.fromkeys(unknown for way in ways for unknown in way.restricted))
    axes = [replace(ways[0].axis(unknown)[0], is_ordered=False) for unknown in unknowns]  # what has a gap is one too
    by_signs: dict[frozenset[tuple[Linear, int]], list[tuple[Box, Way]]] = {}
    for way in ways:
        box = tuple(_part(way, unknown, left_out.get(way, ())) for unknown in unknowns)
        by_signs.setdefault(frozenset(way.signs.items()), []).append((box, way))
    return [
        (_region(unknowns, axes, box, of[0][1].signs), [way for own, way in of if _lies_in(own, box)])
        for of in by_signs.values()
        for box in merged(axes, [own for own, _ in of])
    ]


def _part(way: Way, unknown: Unknown, left_out: Collection[Unknown]) -> int:
    axis, part = way.axis(unknown)
    return axis.everything if unknown in left_out else part


def _lies_in(one: Box, other: Box) -> bool:
    return all(not part & ~beside for part, beside in zip(one, other, strict=True))


def _region(unknowns: Sequence[Unknown], axes: Sequence[Axis], box: Box, signs: Mapping[Linear, int]) -> dict[str, str]:
    told: dict[str, str] = {}
    there = [unknown.key for unknown, axis, part in zip(unknowns, axes, box, strict=True) if not _has_null(axis, part)]
    for unknown, axis, part in zip(unknowns, axes, box, strict=True):
        words = axis.words(part)
        is_said = words == NOT_NULL and any(key[: len(unknown.key)] == unknown.key != key for key in there)
        if words != "-" and not is_said:  # what has an entry is there
            told[unknown.label] = words
    for linear, sign in signs.items():
        left, right = _sides(linear)
        condition = f"{_SAID[sign]} {label(right)}"
        told[label(left)] = f"{told[label(left)]} and {condition}" if label(left) in told else condition
    return told


def _has_null(axis: Axis, part: int) -> bool:
    return any(axis.pieces[place].is_null for place in bits(part))


def _sides(linear: Linear) -> tuple[Linear, Linear]:
    """The terms with positive factors, and the others with the constant on the other side."""
    left = Linear(tuple(term for term in linear.terms if term[1] > 0), Fraction(0))
    return left, linear.plus(left, Fraction(-1)).times(Fraction(-1))


Usual = Mapping[tuple[Hashable, ...], Sequence[str]]
"""The texts that occur in inputs, by their paths, the commonest first."""


def values_of(way: Way, usual: Usual | None = None) -> dict[Unknown, Value] | None:
    """Values for every input that a way restricts, such as occur where the way leaves a choice.

    None where the way cannot be gone. Raises `TooMany`.
    """
    in_sums = {key for linear in way.signs for key, _ in linear.terms if isinstance(key, Unknown)}
    found: dict[Unknown, Value] = {}
    for unknown in dict.fromkeys([*way.restricted, *in_sums]):
        axis, part = way.axis(unknown)
        if not part:
            return None
        if unknown not in in_sums and unknown.is_given:
            found[unknown] = _typical(unknown, axis, part, (usual or {}).get(unknown.key, ()))
    if in_sums:
        solved = _solved(way, sorted(in_sums, key=repr))
        if solved is None:
            return None
        found |= {
            key: _value(key, number) for key, number in solved.items() if isinstance(key, Unknown) and key.is_given
        }
    return found | _agreeing(way, found)


def _agreeing(way: Way, found: Mapping[Unknown, Value]) -> dict[Unknown, Value]:
    """Inputs of which the way says that they are equal, or not: by the texts that nobody names."""
    changed: dict[Unknown, Value] = {}
    for unknown in way.restricted:
        match unknown.key:
            case (_, "=", ("unknown", one), ("unknown", other)):
                axis, part = way.axis(unknown)
                left, right = (next((each for each in found if each.key == key), None) for key in (one, other))
                if left is None or right is None:
                    continue
                truth = axis.pieces[next(bits(part))].witness
                value = changed.get(left, found[left])
                changed[right] = value if truth else changed.get(right, found[right])
                if not truth and changed[right] == value and isinstance(value, str):
                    changed[right] = f"{value}, {right.label}"
    return changed


def _solved(way: Way, in_sums: list[Unknown]) -> Mapping[Hashable, Fraction] | None:
    axes = [way.axis(unknown) for unknown in in_sums]
    choices = [[piece for piece in _lowest_first(*of) if _is_on_line(piece)] for of in axes]
    tried = 0
    for pieces in islice(product(*choices), COMBINATIONS_MAX):
        tried += 1
        ends = [each for unknown, piece in zip(in_sums, pieces, strict=True) for each in _ends(unknown, piece)]
        solved = solve([*way.inequalities(), *ends])
        if solved is not None:
            return solved
    if tried == COMBINATIONS_MAX:
        raise TooMany
    return None


def _ends(unknown: Unknown, piece: Piece) -> list[Inequality]:
    return [] if piece.witness == {} else bounds(unknown, piece)


def _is_on_line(piece: Piece) -> bool:
    return kind_of(piece.witness) in {Kind.NUMBER, Kind.DATE} or (piece.witness == {} and not piece.is_foreign)


def _lowest_first(axis: Axis, part: int) -> list[Piece]:
    """The pieces of a part, those first whose values read best: not negative, with a lower end, the lowest of them."""

    def rank(piece: Piece) -> tuple[bool, bool, bool, bool]:
        return piece.is_foreign, piece.is_null, _is_negative(piece), not piece.is_point and piece.low is None

    return sorted((axis.pieces[place] for place in bits(part)), key=rank)


def _is_negative(piece: Piece) -> bool:
    """Whether all numbers of a piece are below zero: a credit, where an invoice would do as well."""
    if not isinstance(piece.witness, Decimal):
        return False
    return piece.witness < 0 if piece.is_point else isinstance(piece.high, Decimal) and piece.high <= 0


def _typical(unknown: Unknown, axis: Axis, part: int, usual: Sequence[str]) -> Value:
    """A value that reads well: a text that occurs, a number at a lower end, a cent above it or below an upper end."""
    common = next((text for text in usual if part >> axis.place_of_text(text) & 1), None)
    if common is not None:
        return common
    pieces = _lowest_first(axis, part)
    piece = pieces[0]
    low, high, value = piece.low, piece.high, piece.witness
    if piece.is_others:
        return value if any(each.witness == OTHER for each in axis.pieces) else OTHER
    if value == {} and not piece.is_foreign:
        return SAMPLES.get(unknown.kind or Kind.STRING)
    if piece.is_point:
        return value
    if not isinstance(value, Decimal):
        return typical(low, high, value)
    if isinstance(low, Decimal):
        if low < 0 and (high is None or (isinstance(high, Decimal) and high > 1)):
            return Decimal(1)
        above = low + _CENT
        if (
            isinstance(high, Decimal)
            and above >= high
            and not any(each.is_point and each.low == above for each in pieces)
        ):
            return (low + high) / 2
        return above
    return high - _CENT if isinstance(high, Decimal) else value


def _value(unknown: Unknown, number: Fraction) -> Value:
    if unknown.kind is Kind.DATE:
        return date.fromordinal(min(max(-(-number.numerator // number.denominator), 1), date.max.toordinal()))
    return Decimal(number.numerator) / Decimal(number.denominator)


def as_inputs(values: Mapping[Unknown, Value], base: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs as a decision is given them: the values put into a base by their paths."""
    inputs: dict[str, Any] = dict(base)
    for unknown, value in sorted(values.items(), key=lambda each: len(each[0].key)):
        *way, last = map(str, unknown.key)
        context = inputs
        for name in way:
            inner = context.get(name)
            context[name] = dict(inner) if isinstance(inner, Mapping) else {}
            context = context[name]
        context[last] = value
    return inputs
