"""Quantities in another unit: a conversion counts only when it is on file and comes out exactly.

Pieces are invoiced where boxes were ordered. Without a conversion on file two units are never compared, and one that
would have to be rounded says nothing either: a balance counts exactly or not at all.
"""

from collections.abc import Sequence
from decimal import Decimal

from comptroller.domain.documents.purchasing import UnitConversion
from comptroller.domain.kernel.money import CONTEXT


def in_unit(
    quantity: Decimal, unit: str, wanted: str, *, item: str, conversions: Sequence[UnitConversion]
) -> Decimal | None:
    """Express a quantity in another unit; None where no conversion is on file, or where it leaves a remainder.

    >>> boxes = UnitConversion("S04/XBX/H87", "S04", "H87", "XBX", Decimal(12))
    >>> in_unit(Decimal(24), "H87", "XBX", item="", conversions=[boxes])
    Decimal('2')
    >>> in_unit(Decimal(25), "H87", "XBX", item="", conversions=[boxes]) is None
    True
    """
    if unit == wanted:
        return quantity
    for conversion in sorted(conversions, key=lambda one: one.item == ""):
        if conversion.item not in {"", item} or conversion.factor <= 0:
            continue
        if (unit, wanted) == (conversion.order_unit, conversion.unit):
            return CONTEXT.multiply(quantity, conversion.factor)
        if (unit, wanted) == (conversion.unit, conversion.order_unit):
            converted = CONTEXT.divide(quantity, conversion.factor)
            return converted if CONTEXT.multiply(converted, conversion.factor) == quantity else None
    return None


def is_convertible(unit: str, wanted: str, *, item: str, conversions: Sequence[UnitConversion]) -> bool:
    """Whether a conversion between two units is on file."""
    return in_unit(Decimal(0), unit, wanted, item=item, conversions=conversions) is not None
