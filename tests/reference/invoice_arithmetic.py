"""The arithmetic of EN 16931 written down a second time, slowly: in whole cents and `Fraction`, straight from the text.

An invoice is given by its parts; `totals_of` says what its totals have to be. Nothing of the product is used.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Parts:
    """An invoice's figures in cents: lines and charges as (cents, rate), allowances likewise, what was paid."""

    lines: tuple[tuple[int, int], ...]
    allowances: tuple[tuple[int, int], ...]
    charges: tuple[tuple[int, int], ...]
    prepaid: int
    rounding: int


def totals_of(parts: Parts) -> dict[str, int]:
    """The document totals, in cents."""
    line_net = sum(cents for cents, _ in parts.lines)
    allowances = sum(cents for cents, _ in parts.allowances)
    charges = sum(cents for cents, _ in parts.charges)
    net = line_net - allowances + charges
    tax = sum(tax for _, tax in breakdown_of(parts).values())
    return {
        "line_net": line_net,
        "allowances": allowances,
        "charges": charges,
        "net": net,
        "tax": tax,
        "gross": net + tax,
        "payable": net + tax - parts.prepaid + parts.rounding,
    }


def breakdown_of(parts: Parts) -> dict[int, tuple[int, int]]:
    """Taxable amount and tax of each rate, in cents."""
    taxable: dict[int, int] = {}
    for cents, rate in (*parts.lines, *((-cents, rate) for cents, rate in parts.allowances), *parts.charges):
        taxable[rate] = taxable.get(rate, 0) + cents
    return {rate: (cents, half_up(Fraction(cents * rate, 100))) for rate, cents in taxable.items()}


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole
