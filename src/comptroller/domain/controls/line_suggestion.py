"""Which line of an order a line of an invoice may mean, where the document does not say so.

What a clerk would look at is compared: the number of the item, what it is called, its price. One order line that has
more of these than every other is suggested, with what they have in common; where two are as near, nothing is. It is a
suggestion to a person and no fact: no control asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from comptroller.domain.controls import similarity
from comptroller.domain.documents.model import Invoice, Line, Order, OrderLine
from comptroller.domain.kernel.money import CONTEXT

_ALIKE: Final = frozenset({similarity.EQUAL, "order", "contained"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An order line that an invoice line may mean, and why."""

    order_line: str
    why: tuple[str, ...]  # item number, description, price


def suggested_lines(invoice: Invoice, order: Order) -> Mapping[int, Suggestion]:
    """Suggest an order line for the lines of an invoice, by their place from 1; no entry where none stands out."""
    found, same_currency = {}, invoice.currency == order.currency
    for place, line in enumerate(invoice.lines, start=1):
        told = [(_in_common(line, each, same_currency=same_currency), each) for each in order.lines]
        ranked = sorted(told, key=lambda pair: _weight(pair[0]), reverse=True)
        if ranked and ranked[0][0] and (len(ranked) == 1 or _weight(ranked[0][0]) > _weight(ranked[1][0])):
            found[place] = Suggestion(ranked[0][1].id, ranked[0][0])
    return found


def _in_common(line: Line, ordered: OrderLine, *, same_currency: bool) -> tuple[str, ...]:
    numbers = {line.item_id, line.buyer_item_id, line.standard_item_id.value if line.standard_item_id else ""} - {""}
    marks = (
        ("item number", ordered.item in numbers),
        ("description", similarity.relation(line.name, ordered.name) in _ALIKE),
        ("price", same_currency and _is_same_price(line, ordered)),
    )
    return tuple(name for name, is_common in marks if is_common)


def _is_same_price(line: Line, ordered: OrderLine) -> bool:
    """Whether one unit costs the same; a price without a unit tells nothing."""
    if line.net_price is None or line.unit != ordered.unit:
        return False
    return CONTEXT.divide(line.net_price, line.price_base_quantity or 1) == ordered.unit_price


def _weight(marks: tuple[str, ...]) -> tuple[bool, bool, bool]:
    """A number says more than a name, a name more than a price."""
    return "item number" in marks, "description" in marks, "price" in marks
