"""What one version of a table says of a part of the space, by the rules that meet it: one text where the value is one.

A part is settled where each rule that has a say takes all of it; else it depends, and the part has to be cut.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from comptroller.domain.decisions.analysis.axes import Axis
from comptroller.domain.decisions.constants import constant_of
from comptroller.domain.decisions.definitions import Aggregation, HitPolicy
from comptroller.domain.decisions.tables import Conclusions, Table
from comptroller.domain.feel.text import literal_text
from comptroller.domain.kernel.money import ZERO

NOTHING: Final = "nothing"
"""What a table says where no rule hits."""

NO_ANSWER: Final = "no answer"
"""What it says where rules hit together that may not: null, with a fault."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says of a part, and by which rules; two are equal when they say the same."""

    text: str
    parts: object = field(compare=False)  # what is said, by entries and items
    rules: tuple[int, ...] = field(compare=False, default=())
    computed: frozenset[str] = field(compare=False, default=frozenset())  # the entries in it that are no constants


class SaidBy:
    """One version: its rules are numbered from `first` in the common columns.

    `in_order` says that the order of what is collected counts: where both versions collect, it does not.
    """

    def __init__(self, table: Table, axes: Sequence[Axis], first: int, *, in_order: bool) -> None:
        self._in_order = in_order
        self.rules = range(first, first + len(table.cells))
        self.policy = table.source.hit_policy
        self.form = (self.policy, table.source.aggregation, table.conclusion.names, table.conclusion.ranks)
        self._table = table
        self._first = first
        self.parts = [
            _concluded(conclusions, [entry.text for entry in rule.outputs], table.conclusion.names)
            for conclusions, rule in zip(table.conclusions, table.source.rules, strict=True)
        ]
        self.concluded = [_written(parts) for parts in self.parts]
        self.computed = [
            _computed(conclusions, [entry.text for entry in rule.outputs])
            for conclusions, rule in zip(table.conclusions, table.source.rules, strict=True)
        ]
        defaults = [clause.default.text if clause.default else "null" for clause in table.source.outputs]
        if table.default is None:
            given = table.without_hits
            text = NOTHING if given is None else literal_text(given)
            self.without = Said(text, [] if given == [] else text)
        else:
            default = _concluded(table.default, defaults, table.conclusion.names)
            self.without = Said(_written(default), default, computed=_computed(table.default, defaults))
        self.keys = [
            (tuple(axis.cells[rule].pieces for axis in axes), self.concluded[rule - first]) for rule in self.rules
        ]

    def asked(self, takes_all: Sequence[bool]) -> list[bool]:
        """Which rules that meet a part can have a say: of the first hit, none behind one that takes all of it."""
        if self.policy is not HitPolicy.FIRST or True not in takes_all:
            return [True] * len(takes_all)
        until = takes_all.index(True)
        return [place <= until for place in range(len(takes_all))]

    def said(self, rules: Sequence[int], takes_all: Sequence[bool]) -> Said | None:
        """What is said of a part, by the rules that meet it and whether each takes all of it; None: it depends."""
        if not rules:
            return self.without
        if self.policy is HitPolicy.FIRST:
            until = next((place for place, all_of_it in enumerate(takes_all) if all_of_it), None)
            if until is None:
                return None
            texts = {self._text(rule) for rule in rules[: until + 1]}
            return self._as(rules[0], rules[: until + 1]) if len(texts) == 1 else None
        texts = {self._text(rule) for rule in rules}
        if self.policy is HitPolicy.ANY and len(texts) == 1 and any(takes_all):
            return self._as(rules[0], rules)
        return self._together(rules) if all(takes_all) else None

    def _as(self, rule: int, rules: Sequence[int]) -> Said:
        """What one rule says, by all that say so."""
        place = rule - self._first
        return Said(self._text(rule), self.parts[place], self._numbers(rules), self.computed[place])

    def _together(self, rules: Sequence[int]) -> Said:
        """What rules say that hit together, each for all of the part."""
        texts = [self._text(rule) for rule in rules]
        no_answer = Said(NO_ANSWER, NO_ANSWER, self._numbers(rules))
        if len(rules) == 1 and self._table.source.aggregation is Aggregation.LIST and self.policy in _ONE:
            return self._as(rules[0], rules)
        if self.policy is HitPolicy.UNIQUE:
            return no_answer
        if self.policy is HitPolicy.ANY:
            return self._as(rules[0], rules) if len(set(texts)) == 1 else no_answer
        if self.policy is HitPolicy.PRIORITY:
            constants = [self._table.conclusions[rule - self._first].constant for rule in rules]
            ranked = [
                (self._table.conclusion.rank(each), text, rule)
                for each, text, rule in zip(constants, texts, rules, strict=True)
                if each
            ]
            if len(ranked) == len(rules):
                return self._as(min(ranked)[2], rules)
        return self._collected(rules)

    def _collected(self, rules: Sequence[int]) -> Said:
        """What a table makes of the conclusions of all that hit."""
        numbers, aggregation = self._numbers(rules), self._table.source.aggregation
        one = str(len(rules)) if aggregation is Aggregation.COUNT else self._aggregated(rules)
        if one is not None:
            return Said(one, one, numbers)
        by_text = self._ordered(rules) if self._in_order else sorted(rules, key=self._text)
        text = f"{aggregation.lower()}[{', '.join(map(self._text, by_text))}]"
        parts = [self.parts[rule - self._first] for rule in by_text]
        computed = frozenset[str]().union(*(self.computed[rule - self._first] for rule in by_text))
        return Said(text, text if aggregation is not Aggregation.LIST else parts, numbers, computed)

    def _ordered(self, rules: Sequence[int]) -> Sequence[int]:
        """Rules in the order of what they give."""
        constants = {rule: self._table.conclusions[rule - self._first].constant for rule in rules}
        if self.policy is not HitPolicy.OUTPUT_ORDER:
            return rules
        if None in constants.values():
            return sorted(rules, key=self._text)
        return sorted(rules, key=lambda rule: self._table.conclusion.rank(constants[rule] or ()))

    def _aggregated(self, rules: Sequence[int]) -> str | None:
        """What a table makes of the numbers of its hits; None where it makes nothing of them, or has no numbers."""
        work_out = _WORKED_OUT.get(self._table.source.aggregation)
        constants = [self._table.conclusions[rule - self._first].constant for rule in rules]
        numbers = [each[0] for each in constants if each is not None and isinstance(each[0], Decimal)]
        if work_out is None or len(numbers) < len(rules):
            return None
        return literal_text(work_out(numbers))

    def _text(self, rule: int) -> str:
        return self.concluded[rule - self._first]

    def _numbers(self, rules: Sequence[int]) -> tuple[int, ...]:
        return tuple(rule - self._first + 1 for rule in rules)


_WORKED_OUT: Final[Mapping[Aggregation, Callable[[Sequence[Decimal]], Decimal]]] = {
    Aggregation.SUM: lambda numbers: sum(numbers, ZERO),
    Aggregation.MIN: min,
    Aggregation.MAX: max,
}
_ONE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST})


def _concluded(conclusions: Conclusions, texts: Sequence[str], names: Sequence[str]) -> Mapping[str, str] | str:
    """A conclusion, each entry as a text that is the same where the value is."""
    told = [" ".join(text.split()) for text in texts]
    if conclusions.constant is not None:
        told = [literal_text(value) for value in conclusions.constant]
    return dict(zip(names, told, strict=True)) if names else told[0]


def _computed(conclusions: Conclusions, texts: Sequence[str]) -> frozenset[str]:
    """The entries of a conclusion that are no constants."""
    if conclusions.constant is not None:
        return frozenset()
    return frozenset(" ".join(text.split()) for text in texts if constant_of(text) is None)


def _written(concluded: Mapping[str, str] | str) -> str:
    if isinstance(concluded, str):
        return concluded
    return f"{{{', '.join(f'{name}: {text}' for name, text in concluded.items())}}}"
