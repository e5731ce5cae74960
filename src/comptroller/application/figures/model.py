"""What a figure is: its words, its kind, and the samples that it is made of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any, Final

from comptroller.domain.kernel.money import CONTEXT, ZERO


class Kind(StrEnum):
    """What is made of samples; a closed list."""

    RATE = "rate"  # numerators over denominators, in percent
    DURATION = "duration"  # the median and the 90th percentile of the numerators, in hours
    MINUTES = "minutes"  # the same in minutes
    COUNT = "count"  # how many
    AMOUNT = "amount"  # the sum, in the group's currency
    DAYS = "days"  # numerators over denominators, in days
    RATIO = "ratio"  # numerators over denominators, as a number
    COST = "cost"  # numerators over denominators, in the group's currency
    SHARE = "share"  # each group's numerators over all numerators, in percent


MEASURED: Final = frozenset({Kind.DURATION, Kind.MINUTES})
"""What is told by its median and its 90th percentile."""


class By(StrEnum):
    """What a figure can be told apart by; a closed list."""

    NONE = ""
    ENTITY = "entity"
    UNIT = "unit"  # cost centre
    SUPPLIER = "supplier"
    PERSON = "person"
    PERIOD = "period"
    PART = "part"  # what the figure itself tells apart: types, classes, rules


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing counted or measured."""

    case_id: str
    at: datetime  # when it counts: the closing event
    numerator: Decimal
    denominator: Decimal = Decimal(1)
    part: str = ""
    entity: str = ""
    unit: str = ""
    supplier: str = ""
    person: str = ""
    amount: Decimal = ZERO  # at stake, group currency
    detail: tuple[tuple[str, Decimal], ...] = ()  # further measures of the same thing, by name

    def key(self, by: By, zone: tzinfo) -> str:
        """What it is told apart by, months as they are in a zone; `not known` where it has no such thing."""
        match by:
            case By.NONE:
                return ""
            case By.PERIOD:
                return f"{self.at.astimezone(zone):%Y-%m}"
            case _:
                return str(getattr(self, by.value)) or "not known"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure, in the words that stand beside it."""

    key: str
    title: str
    kind: Kind
    numerator: str
    denominator: str
    exclusions: str
    samples: Callable[[Any], Iterable[Sample]]
    parts: str = ""  # what its parts are
    note: Callable[[Any], str] | None = None  # what a reader has to know of this computation


CASES_TOLD: Final = 1_000
"""Cases that a figure names; it counts them all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one group; `value` is None where nothing was there to be measured."""

    group: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal
    samples: int
    amount: Decimal
    median: Decimal | None = None
    ninetieth: Decimal | None = None
    details: tuple[tuple[str, Decimal, Decimal], ...] = ()  # name, median, 90th percentile
    cases: tuple[str, ...] = ()  # of the numerator
    denominator_cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A figure as it was computed."""

    definition: Definition
    total: Row
    rows: tuple[Row, ...] = field(default=())
    note: str = ""


def result_of(definition: Definition, samples: Sequence[Sample], by: By, zone: tzinfo = UTC) -> Result:
    """Make a figure of its samples: the whole, and each group in the order of its key."""
    groups: dict[str, list[Sample]] = {}
    if by is not By.NONE:
        for sample in samples:
            groups.setdefault(sample.key(by, zone), []).append(sample)
    return Result(
        definition,
        _row(definition.kind, "", samples, samples),
        tuple(_row(definition.kind, key, groups[key], samples) for key in sorted(groups)),
    )


def _row(kind: Kind, group: str, samples: Sequence[Sample], whole: Sequence[Sample]) -> Row:
    with localcontext(CONTEXT):
        numerator = sum((sample.numerator for sample in samples), ZERO)
        denominator = sum((sample.denominator for sample in samples), ZERO)
        amount = sum((sample.amount for sample in samples), ZERO)
        median = ninetieth = value = None
        match kind:
            case Kind.RATE:
                value = numerator * 100 / denominator if denominator else None
            case Kind.SHARE:
                denominator = sum((sample.numerator for sample in whole), ZERO)
                value = numerator * 100 / denominator if denominator else None
            case Kind.DAYS | Kind.COST | Kind.RATIO:
                value = numerator / denominator if denominator else None
            case Kind.DURATION | Kind.MINUTES:
                measured = sorted(sample.numerator for sample in samples)
                median, ninetieth = quantile(measured, 50), quantile(measured, 90)
                value = median
            case Kind.COUNT | Kind.AMOUNT:
                value = numerator
        counted = [sample.case_id for sample in samples if sample.case_id and (sample.numerator or kind in MEASURED)]
        over = [sample.case_id for sample in samples if sample.case_id and sample.denominator]
        return Row(
            group,
            value,
            numerator,
            denominator,
            len(samples),
            amount,
            median,
            ninetieth,
            _details(samples),
            tuple(dict.fromkeys(counted))[:CASES_TOLD],
            tuple(dict.fromkeys(over))[:CASES_TOLD],
        )


def _details(samples: Sequence[Sample]) -> tuple[tuple[str, Decimal, Decimal], ...]:
    measures: dict[str, list[Decimal]] = {}
    for sample in samples:
        for name, value in sample.detail:
            measures.setdefault(name, []).append(value)
    told = []
    for name, values in measures.items():
        ordered = sorted(values)
        told.append((name, quantile(ordered, 50) or ZERO, quantile(ordered, 90) or ZERO))
    return tuple(told)


def quantile(ordered: Sequence[Decimal], percent: int) -> Decimal | None:
    """The value that so many percent do not exceed (nearest rank); None of nothing.

    >>> [quantile([Decimal(n) for n in range(1, 11)], percent) for percent in (50, 90)]
    [Decimal('5'), Decimal('9')]
    """
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]
