"""What share of the cases a version is expected to send which way, as a band, and whether what is seen leaves it.

Both sides are counts of cases, so both are uncertain: a share is told as the interval that a count of that size leaves
open. What is expected is that interval, made at least as wide as policy says; what is seen leaves it where its own
interval has no point in common with it. Two intervals that do not meet are further apart than a test at their level
asks for, so that looking again and again seldom finds what is not there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any, Final, Self

from comptroller.domain.kernel.money import CONTEXT

Z: Final[Mapping[Decimal, Decimal]] = {
    Decimal(90): Decimal("1.6449"),
    Decimal(95): Decimal("1.9600"),
    Decimal(99): Decimal("2.5758"),
    Decimal("99.9"): Decimal("3.2905"),
}
"""Two-sided quantiles of the normal distribution, by the level in percent."""

_SHARE: Final = Decimal("0.0001")
_WHOLE: Final = Decimal(1)
_NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A figure that a version is watched by, as policy says it."""

    figure: str
    ways: tuple[str, ...]  # of the cases that it counts
    cases: int  # live ones, before it says anything
    confidence: Decimal  # percent
    width: Decimal  # of the band at least, in percentage points

    @classmethod
    def read(cls, row: Any) -> Self | None:
        """Read a row of the decision; None where it is none that can be gone by."""
        match row:
            case {
                "figure": str(figure),
                "ways": [*ways],
                "cases": Decimal() as cases,
                "confidence": Decimal() as confidence,
                "width": Decimal() as width,
            } if confidence in Z and cases >= 1 and width >= 0 and all(isinstance(way, str) for way in ways):
                return cls(figure, tuple(ways), int(cases), confidence, width)
        return None

    @classmethod
    def kept(cls, body: Mapping[str, Any]) -> Self:
        """Read a rule that was written as data."""
        numbers = int(body["cases"]), Decimal(body["confidence"]), Decimal(body["width"])
        return cls(body["figure"], tuple(body["ways"]), *numbers)


@dataclass(frozen=True, slots=True)
class Interval:
    """Shares between two bounds, both included; rounded outwards."""

    low: Decimal
    high: Decimal

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a share in common."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of a figure: the rule, the cases that it was made of, and the band."""

    rule: Rule
    cases: int
    hits: int
    band: Interval

    @classmethod
    def of(cls, rule: Rule, counts: Mapping[str, int]) -> Self:
        """Expect what so many cases, by the way that each takes, let expect."""
        cases, hits = sum(counts.values()), _hits(rule, counts)
        return cls(rule, cases, hits, widened(interval(hits, cases, rule.confidence), rule.width / 100))

    def seen(self, counts: Mapping[str, int]) -> "Seen":
        """Hold what was seen against it."""
        cases, hits = sum(counts.values()), _hits(self.rule, counts)
        return Seen(self, cases, hits, interval(hits, cases, self.rule.confidence))

    def facts(self) -> dict[str, Any]:
        """The forecast as data."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `facts` wrote."""
        bounds = Interval(Decimal(kept["band"]["low"]), Decimal(kept["band"]["high"]))
        return cls(Rule.kept(kept["rule"]), int(kept["cases"]), int(kept["hits"]), bounds)


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure of live cases beside its forecast."""

    forecast: Forecast
    cases: int
    hits: int
    interval: Interval

    @property
    def is_enough(self) -> bool:
        """Whether so many cases were seen that the figure says something."""
        return self.cases >= self.forecast.rule.cases

    @property
    def leaves(self) -> bool:
        """Whether enough was seen, and all of it lies beside the band."""
        return self.is_enough and not self.interval.meets(self.forecast.band)


def interval(hits: int, cases: int, confidence: Decimal) -> Interval:
    """The shares that a count leaves open, at a level in percent; no case leaves every share open.

    # SOURCE: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
    # American Statistical Association 22 (1927), 209-212: the score interval, without correction for continuity.
    """
    if not cases:
        return Interval(_NONE, _WHOLE)
    with localcontext(CONTEXT):
        share, z = Decimal(hits) / cases, Z[confidence]
        square = z * z / cases
        middle = share + square / 2
        half = z * ((share * (1 - share) + square / 4) / cases).sqrt()
        return _between((middle - half) / (1 + square), (middle + half) / (1 + square))


def widened(of: Interval, width: Decimal) -> Interval:
    """An interval that is at least so wide about its middle, as far as there are shares."""
    missing = max(_NONE, width - (of.high - of.low)) / 2
    return _between(of.low - missing, of.high + missing)


def _between(low: Decimal, high: Decimal) -> Interval:
    return Interval(
        max(_NONE, low.quantize(_SHARE, ROUND_FLOOR)),
        min(_WHOLE, high.quantize(_SHARE, ROUND_CEILING)),
    )


def _hits(rule: Rule, counts: Mapping[str, int]) -> int:
    return sum(counts.get(way, 0) for way in rule.ways)
