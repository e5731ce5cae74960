"""Figures that are added up of pieces: what of a figure can be kept and merged, and what it comes to.

Sums are sums. A median is not the median of medians: of durations the values themselves are kept, rounded as they are
told, each with how often it occurred. Rounding all of them changes no order, so that the quantiles of the whole are
exact to what is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any, Final, Self

from comptroller.application.figures.model import MEASURED, Definition, Kind, Sample
from comptroller.domain.kernel.money import CONTEXT, ZERO

NOT_ADDED: Final = frozenset(
    {
        *("ageing-queue", "past-due", "discount-expiring", "dead-letters", "unconfirmed-effects", "interest-exposure"),
        *("days-payable", "accrual-accuracy", "delay-attribution"),
    }
)
"""What is open now has no span; balances, accruals and shares of a span are not the sums of those of its months."""

_CENTS: Final = Decimal("0.01")


@dataclass(slots=True)
class Sum:
    """A figure of some cases, as far as it can be added up."""

    samples: int = 0
    numerator: Decimal = ZERO
    denominator: Decimal = ZERO
    amount: Decimal = ZERO
    values: dict[str, int] = field(default_factory=dict)  # of durations: how often each occurred

    @classmethod
    def of(cls, kind: Kind, samples: Iterable[Sample]) -> Self:
        """Sum samples up."""
        total = cls()
        with localcontext(CONTEXT):
            for sample in samples:
                total.samples += 1
                total.numerator += sample.numerator
                total.denominator += sample.denominator
                total.amount += sample.amount
                if kind in MEASURED:
                    value = str(sample.numerator.quantize(_CENTS))
                    total.values[value] = total.values.get(value, 0) + 1
        return total

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept."""
        numerator, denominator, amount = (Decimal(kept[name]) for name in ("numerator", "denominator", "amount"))
        return cls(kept["samples"], numerator, denominator, amount, dict(kept["values"]))

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept of it."""
        numbers = {name: str(getattr(self, name)) for name in ("numerator", "denominator", "amount")}
        return {"samples": self.samples, **numbers, "values": self.values}

    def add(self, other: "Sum") -> None:
        """Add another piece."""
        with localcontext(CONTEXT):
            self.samples += other.samples
            self.numerator += other.numerator
            self.denominator += other.denominator
            self.amount += other.amount
        for value, times in other.values.items():
            self.values[value] = self.values.get(value, 0) + times

    def quantile(self, percent: int) -> Decimal | None:
        """The value that so many percent do not exceed (nearest rank); None of nothing."""
        rank, seen = max(-(-self.samples * percent // 100), 1), 0
        for value in sorted(map(Decimal, self.values)):
            seen += self.values[str(value)]
            if seen >= rank:
                return value
        return None

    def told(self, kind: Kind) -> dict[str, Any]:
        """What it comes to."""
        told: dict[str, Any] = {"samples": self.samples, "at_stake": self.amount.quantize(_CENTS)}
        if kind in MEASURED:
            return told | {"value": self.quantile(50), "ninetieth_percentile": self.quantile(90)}
        told |= {name: getattr(self, name).quantize(_CENTS) for name in ("numerator", "denominator")}
        with localcontext(CONTEXT):
            if kind in {Kind.COUNT, Kind.AMOUNT}:
                value: Decimal | None = self.numerator
            elif not self.denominator:
                value = None
            else:
                value = self.numerator * (100 if kind is Kind.RATE else 1) / self.denominator
        return told | {"value": None if value is None else value.quantize(_CENTS)}


def is_added(definition: Definition) -> bool:
    """Whether a figure of a span is the sum of those of its days."""
    return definition.key not in NOT_ADDED
