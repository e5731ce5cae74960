"""Where along a column of numbers a table says something else: a strip for the eye, beside the regions that say it.

The strip is cut at every limit that the column has in either version, into pieces of one width: what lies between two
limits is answered alike. A piece is marked where some region that changes lies in it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from comptroller.application.views.policies import RegionView, Strip
from comptroller.domain.decisions.definitions import DecisionTable
from comptroller.domain.packs.moved_limits import Bound, bounds


def strips(before: DecisionTable, after: DecisionTable, regions: Sequence[RegionView]) -> Iterator[Strip]:
    """A strip for each column of numbers along which only a part of the values is answered otherwise."""
    for clause in after.inputs:
        label = clause.label or " ".join(clause.expression.text.split())
        limits = sorted({*_limits(before, label), *_limits(after, label)})
        marked = tuple(_is_marked(limits, place, label, regions) for place in range(len(limits) + 1))
        if limits and any(marked) and not all(marked):
            yield Strip(label, tuple(limits), marked)


def _limits(table: DecisionTable, label: str) -> Iterator[Decimal]:
    for place, clause in enumerate(table.inputs):
        if label == (clause.label or " ".join(clause.expression.text.split())):
            for rule in table.rules:
                for bound in bounds(rule.inputs[place].text):
                    yield bound.value


def _is_marked(limits: Sequence[Decimal], place: int, label: str, regions: Sequence[RegionView]) -> bool:
    """Whether what lies between two limits is within a region."""
    low = limits[place - 1] if place else None
    high = limits[place] if place < len(limits) else None
    return any(
        any(_reaches(bounds(cell), low, high) for cell in dict(region.where).get(label, ("-",))) for region in regions
    )


def _reaches(cell: tuple[Bound, ...], low: Decimal | None, high: Decimal | None) -> bool:
    """Whether a cell takes the values between two neighbouring limits; one that has no bound takes all."""
    lower = next((each.value for each in cell if each.is_lower), None)
    upper = next((each.value for each in cell if not each.is_lower), None)
    is_above = lower is None or (low is not None and low >= lower)
    is_below = upper is None or (high is not None and high <= upper)
    return is_above and is_below
