"""Cases counted by what two versions make of each: taken in one by one, laid down and gone on with, summed at any time.

What is kept is how many cases, and how much money, each pair of courses has, in all and by unit, supplier and month:
every figure is a sum over that (`sums_of`). So a count that stops in the middle goes on as if it had not, and no figure
depends on the order of the cases.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final, Self

from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE, Course, Pair, Sums, sums_of

GROUPS: Final = ("unit", "supplier", "period")
"""What cases are told apart by."""

WHOLE: Final = ""
"""The group of all cases."""


@dataclass(slots=True)
class Tally:
    """How many cases, and how much in minor units, each pair of courses has in each group."""

    pairs: list[Pair] = field(default_factory=list)
    counts: dict[str, dict[str, dict[int, tuple[int, int]]]] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `facts` wrote."""
        pairs = [Pair(_course(each["before"]), _course(each["after"]), each["differs"]) for each in kept["pairs"]]
        counts = {
            group: {
                name: {int(pair): (cases, amount) for pair, (cases, amount) in of.items()} for name, of in by.items()
            }
            for group, by in kept["counts"].items()
        }
        return cls(pairs, counts)

    def facts(self) -> dict[str, Any]:
        """The tally as data: numbers of pairs are texts, as names are in JSON."""
        counts = {
            group: {name: {str(pair): list(count) for pair, count in of.items()} for name, of in by.items()}
            for group, by in self.counts.items()
        }
        return {"pairs": [asdict(pair) for pair in self.pairs], "counts": counts}

    def add(self, pair: Pair, names: Mapping[str, str], amount: int) -> None:
        """Count a case, with what it is called in each group."""
        self._count(pair, names, 1, amount)

    def take_out(self, pair: Pair, names: Mapping[str, str], amount: int) -> None:
        """Count a case no more, where one was counted so."""
        counted = self.counts.get(WHOLE, {}).get(WHOLE, {})
        if pair in self.pairs and self.pairs.index(pair) in counted:
            self._count(pair, names, -1, -amount)

    def _count(self, pair: Pair, names: Mapping[str, str], cases: int, amount: int) -> None:
        if pair not in self.pairs:
            self.pairs.append(pair)
        number = self.pairs.index(pair)
        for group, name in ((WHOLE, WHOLE), *names.items()):
            of = self.counts.setdefault(group, {}).setdefault(name, {})
            counted, sum_ = of.pop(number, (0, 0))
            if counted + cases:
                of[number] = counted + cases, sum_ + amount
            elif not of:
                del self.counts[group][name]

    def moves(self) -> list[tuple[Pair, int, int]]:
        """The pairs of courses that differ, with how many cases and how much money, the most money first."""
        of = self.counts.get(WHOLE, {}).get(WHOLE, {})
        found = [(self.pairs[pair], *count) for pair, count in of.items() if self.pairs[pair].differs]
        return sorted(found, key=lambda each: (-each[2], -each[1], each[0].before.way, each[0].after.way))

    def whole(self, minutes: int = MINUTES_A_SIGNATURE) -> Sums:
        """The sums over all cases."""
        return dict(self.sums(WHOLE, minutes)).get(WHOLE) or sums_of(())

    def sums(self, group: str, minutes: int = MINUTES_A_SIGNATURE) -> Iterator[tuple[str, Sums]]:
        """The sums of each part of a group, by name."""
        for name, of in sorted(self.counts.get(group, {}).items()):
            yield name, sums_of(((self.pairs[pair], *count) for pair, count in of.items()), minutes)


def _course(kept: Mapping[str, Any]) -> Course:
    hours = Decimal(kept["waiting_hours"])
    steps = tuple(kept["steps"])
    undecided, lost = kept.get("undecided", ""), Decimal(kept.get("discount_lost", 0))  # an earlier release kept none
    return Course(kept["way"], steps, int(kept["signatures"]), hours, kept["breach"], undecided, lost)
