"""Comparing values that may be unknown, holding them to types, and taking them for numbers: what asks their way.

Comparisons of an unknown with a known value ask the unknown, by the engine's own comparison; those of sums become
linear. What is not looked into may come out any way, and comes out the same way wherever it is asked.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from comptroller.domain.decisions.analysis.lines import ORDERED
from comptroller.domain.decisions.analysis.pieces import compared, kind_of_type
from comptroller.domain.decisions.proving.labels import label
from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.unknowns import Unknown, Way, number_of
from comptroller.domain.decisions.proving.values import Part, is_known, key_of, plain, settled
from comptroller.domain.decisions.tables import Limits
from comptroller.domain.feel import BUILTINS, DaysDuration, Evaluation, Kind, MonthsDuration, Type, Value, kind_of, tree
from comptroller.domain.feel.compared import Compared
from comptroller.domain.feel.compiler import compile_node
from comptroller.domain.feel.types import KindType

ONE: Final = Fraction(1)
SIGNS: Final = {"=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
"""The operators that compare, with the signs of a difference for which they hold."""

BOOLEAN: Final = KindType(Kind.BOOLEAN)
_CUT: Final = ORDERED | {Kind.BOOLEAN, Kind.NULL}
_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Comparing:
    """Compares values on one way."""

    def __init__(self, way: Way) -> None:
        self.way = way

    def truth(self, value: Part) -> bool | None:
        """Which of true, false and neither a value is."""
        value = settled(value)
        if isinstance(value, Unknown):
            return _TRUTH[self.way.ask(value, "truth", _truth, Compared((True,)))]
        return value if isinstance(value, bool) else None

    def compare(self, operator: str, left: Part, right: Part) -> bool | None:
        """Whether two values compare so; None where they do not compare."""
        left, right = settled(left), settled(right)
        if is_known(left) and is_known(right):
            return _truth(worked_out(operator, plain(left), plain(right)))
        if None in (left, right) and not (isinstance(left, Unknown) or isinstance(right, Unknown)):
            return operator == "!=" if operator in {"=", "!="} else None  # what is there is not null
        if not isinstance(right, Unknown | Linear) and isinstance(left, Unknown | Linear):
            return self._compare_known(operator, left, right)
        if isinstance(right, Unknown | Linear) and not isinstance(left, Unknown | Linear):
            return self._compare_known(_MIRRORED[operator], right, left)
        if left == right and operator in {"=", "!="}:
            return operator == "="
        if isinstance(left, Unknown | Linear) and isinstance(right, Unknown | Linear):
            return self._compare_unknowns(operator, left, right)
        return self._undecided(operator, left, right)

    def _compare_known(self, operator: str, left: Unknown | Linear, right: Part) -> bool | None:
        if not is_known(right):
            return self._undecided(operator, left, right)
        known = plain(right)
        if isinstance(left, Linear):
            if isinstance(known, Decimal):
                return self._sign(operator, left.plus(Linear.of(known), -ONE))
            return None
        if kind_of(known) not in _CUT:
            return self._undecided(operator, left, right)
        answer = self.way.ask(
            left,
            (operator, repr(known)),
            lambda value: _truth(worked_out(operator, value, known)),
            Compared((known,), orders_texts=isinstance(known, str) and operator not in {"=", "!="}),
        )
        return _TRUTH[answer]

    def _compare_unknowns(self, operator: str, left: Unknown | Linear, right: Unknown | Linear) -> bool | None:
        nulls = [isinstance(each, Unknown) and self._is_null(each) for each in (left, right)]
        if any(nulls):
            return all(nulls) is (operator == "=") if operator in {"=", "!="} else None
        numeric = any(isinstance(each, Linear) or each.kind in {Kind.NUMBER, Kind.DATE} for each in (left, right))
        kinds = {Kind.NUMBER if isinstance(each, Linear) else each.kind for each in (left, right)}
        if numeric and len(kinds) == 1:
            sums = [each if isinstance(each, Linear) else Linear.unknown(each) for each in (left, right)]
            return self._sign(operator, sums[0].plus(sums[1], -ONE))
        if Kind.NUMBER in kinds and None in kinds:
            one, other = self._number(left), self._number(right)
            return None if one is None or other is None else self._sign(operator, one.plus(other, -ONE))
        if None not in kinds and len(kinds) == 2:
            return None
        return self._undecided(operator, left, right, compare=None not in kinds)

    def _undecided(self, operator: str, left: Part, right: Part, *, compare: bool = False) -> bool | None:
        """A comparison that is not looked into: it may come out any way, and the same way wherever it is asked.

        `compare` says that the values do compare.
        """
        negated = operator == "!="
        ends = [key_of(left), key_of(right)]
        if operator in {"=", "!="}:
            operator, ends = "=", sorted(ends, key=repr)
        text = f"{label(left)} {operator} {label(right)}"
        unknown = Unknown((MADE, operator, *ends), BOOLEAN, text)
        if compare:
            self.way.assume(unknown, ("=", "None"), lambda value: value is None, "False")
        truth = self.truth(unknown)
        return not truth if negated and truth is not None else truth

    def _sign(self, operator: str, linear: Linear) -> bool:
        if not linear.terms:
            sign = (linear.constant > 0) - (linear.constant < 0)
        elif len(linear.terms) == 1 and (end := _end_of(linear)) is not None:
            (key, share), *_ = linear.terms
            unknown: Any = key  # `Linear` knows its unknowns by being hashable alone
            asked = self.way.ask(unknown, ("sign", repr(end)), lambda value: _sign_of(value, end), Compared((end,)))
            sign = int(asked) if share > 0 else -int(asked)
        else:
            leading = linear.terms[0][1]
            sign = self.way.sign(linear.times(1 / abs(leading)) if leading > 0 else linear.times(-1 / abs(leading)))
            sign = sign if leading > 0 else -sign
        return sign in SIGNS[operator]

    def begins(self, value: Unknown, prefix: str) -> bool | None:
        """Whether a text begins so; None of what is no text."""
        answer = self.way.ask(
            value,
            ("starts with", prefix),
            lambda each: each.startswith(prefix) if isinstance(each, str) else None,
            Compared((prefix,), prefixes=(prefix,)),
        )
        return _TRUTH[answer]

    def _is_null(self, unknown: Unknown) -> bool:
        return self.way.ask(unknown, ("=", "None"), lambda value: value is None) == "True"

    def _is_truth(self, value: Part) -> bool:
        value = settled(value)
        if isinstance(value, Unknown):
            return self.way.ask(value, "is a truth", lambda each: isinstance(each, bool), Compared((True,))) == "True"
        return isinstance(value, bool)

    def _is_missing(self, value: Part) -> bool:
        value = settled(value)
        return value is None or (isinstance(value, Unknown) and self._is_null(value))

    def held(self, value: Unknown, wanted: Type) -> Part:
        """An unknown held to a type: null where it does not conform."""
        if value.wanted == wanted:
            return value
        if value.wanted is None and not value.is_given:  # nobody said what it is: it is that, or null
            return Unknown((*value.key, "as", repr(wanted)), wanted, value.text)
        return self.fitting(value, Limits(wanted, None), None)

    def fitting(self, value: Part, limits: Limits, otherwise: Part) -> Part:
        """A value that limits let through, or what there is instead."""
        if isinstance(value, Linear):
            return value if limits.misfit(Decimal(0), Evaluation())[0] == "" or limits.allowed else otherwise
        if not isinstance(value, Unknown) or (value.wanted == limits.type and limits.allowed is None):
            return value
        if value.wanted is None and not value.is_given and limits.type is not None:
            value = Unknown((*value.key, "as", repr(limits.type)), limits.type, value.text)
            if limits.allowed is None:
                return value
        cells = limits.allowed.cells if limits.allowed else ()
        found = [compared(each.tests, kind_of_type(limits.type)) for each in cells]
        allowed = [of for of in found if of is not None]
        if len(allowed) < len(found):  # it is not looked into which values these are
            key = (MADE, "allowed", value.key, limits.text)
            return value if self.truth(Unknown(key, BOOLEAN, f"{label(value)} in {limits.text}")) else otherwise
        literals = (*samples(limits), *(each for of in allowed for each in of.literals))
        wrong = self.way.ask(
            value,
            ("misfit", repr(limits.type), limits.text),
            lambda each: limits.misfit(each, Evaluation())[0] != "",
            Compared(
                literals,
                any(of.orders_texts for of in allowed),
                tuple(prefix for of in allowed for prefix in of.prefixes),
            ),
        )
        return otherwise if wrong == "True" else value

    def _number(self, value: Part) -> "Linear | None":
        """A value as a sum of numbers; None where it is no number."""
        value = settled(value)
        if isinstance(value, Linear):
            return value
        if isinstance(value, Decimal):
            return Linear.of(value)
        if isinstance(value, Unknown):
            is_number = self.way.ask(value, "number", lambda each: each.__class__ is Decimal, Compared((Decimal(0),)))
            return Linear.unknown(value) if is_number == "True" else None
        return None


# ---- by the engine ---------------------------------------------------------------------------------------------------

_TRUTH: Final = {"True": True, "False": False, "None": None}


def _truth(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


@lru_cache(maxsize=64)
def _of_two(operator: str) -> Callable[..., Value]:
    node = tree.Binary(0, operator, tree.Name(0, "one"), tree.Name(0, "other"))
    return compile_node(node, BUILTINS, ("one", "other"))[0]


def worked_out(operator: str, one: Value, other: Value) -> Value:
    """What an operator makes of two known values."""
    return _of_two(operator)(Evaluation(), {"one": one, "other": other})


def both(*truths: bool | None) -> bool | None:
    """Whether all of some truths hold, as FEEL says it."""
    return False if False in truths else None if None in truths else True


MADE: Final = "made"
"""What the key of an unknown begins with that an expression makes of others."""

SAMPLES: Final[Mapping[Kind, Value]] = {
    Kind.NUMBER: Decimal(0),
    Kind.STRING: "",
    Kind.BOOLEAN: True,
    Kind.DATE: date(2000, 1, 1),
    Kind.TIME: time(12),
    Kind.DATE_AND_TIME: datetime(2000, 1, 1),  # noqa: DTZ001 - a moment without an offset is one of FEEL's
    Kind.DAYS_DURATION: DaysDuration(Decimal(0)),
    Kind.MONTHS_DURATION: MonthsDuration(0),
}
"""A value of each kind that unknowns are cut into."""


def samples(limits: Limits) -> tuple[Value, ...]:
    """A value of the kind that limits ask for, so that the unknown is cut into that kind and others."""
    return (SAMPLES[limits.type.kind],) if isinstance(limits.type, KindType) and limits.type.kind in SAMPLES else ()


def _end_of(linear: Linear) -> Value:
    """Where a sum of one unknown is zero, as a number or a day; None where no number of FEEL is exactly that."""
    (key, share), *_ = linear.terms
    end = -linear.constant / share
    if isinstance(key, Unknown) and key.kind is Kind.DATE:
        return date.fromordinal(int(end)) if end.denominator == 1 and 0 < end < date.max.toordinal() else None
    rest = end.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(end.numerator) / Decimal(end.denominator) if rest == 1 else None


def _sign_of(value: Any, end: Any) -> int:
    if kind_of(value) is not kind_of(end):
        return 0  # asked of numbers only: other pieces have been left behind
    difference = number_of(value) - number_of(end)
    return (difference > 0) - (difference < 0)
