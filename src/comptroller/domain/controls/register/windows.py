"""Parts of one purchase: rows of one supplier and one cost centre or person, within some days, that pass a limit.

Each group is walked once in the order of its days. A window begins at a row and takes all that follow within the days;
it is told when, for some limit, the rows that stay below it pass it together. Rows of a window that was found begin no
other, so that a purchase is told once.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from comptroller.domain.controls.register.pairing import blocks
from comptroller.domain.controls.register.payment import Payment
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.money import CONTEXT, ZERO


@dataclass(frozen=True, slots=True)
class Window:
    """Places of the rows that may be parts, and by what they belong together."""

    places: tuple[int, ...]
    by: str  # cost centre, requester


def windows(payments: Sequence[Payment], days: int, ceilings: Sequence[Decimal]) -> Iterator[Window]:
    """List the windows in which a limit is passed by rows that each stay below it; none twice."""
    told: set[tuple[int, ...]] = set()
    for by, key in (("cost centre", _by_cost_centre), ("requester", _by_requester)):
        for _, block in blocks(payments, key):
            for places in _windows_of(payments, block, days, ceilings):
                if places not in told:
                    told.add(places)
                    yield Window(places, by)


def _by_cost_centre(payment: Payment) -> Hashable | None:
    return (
        (payment.key, payment.currency, payment.entity, payment.cost_centre)
        if _counts(payment.cost_centre, payment)
        else None
    )


def _by_requester(payment: Payment) -> Hashable | None:
    return (payment.key, payment.currency, payment.requester) if _counts(payment.requester, payment) else None


def _counts(owner: str, payment: Payment) -> bool:
    return bool(owner and payment.key and payment.amount > 0 and not payment.order_number)


def _windows_of(
    payments: Sequence[Payment], block: Sequence[int], days: int, ceilings: Sequence[Decimal]
) -> Iterator[tuple[int, ...]]:
    begin = 0
    while begin < len(block) - 1:
        last = payments[block[begin]].day + timedelta(days=days)
        end = begin
        while end < len(block) and end - begin < limits.SPENDING_DOCUMENTS_MAX and payments[block[end]].day <= last:
            end += 1
        found = _passing(payments, block[begin:end], ceilings)
        if found:
            yield found
            begin = end
        else:
            begin += 1


def _passing(payments: Sequence[Payment], places: Sequence[int], ceilings: Sequence[Decimal]) -> tuple[int, ...]:
    """The rows below the highest limit that they pass together; none where no limit is passed so."""
    for ceiling in sorted(ceilings, reverse=True):
        below = [place for place in places if payments[place].amount <= ceiling]
        if len(below) > 1:
            total = ZERO
            for place in below:
                total = CONTEXT.add(total, payments[place].amount)
            if total > ceiling:
                return tuple(below)
    return ()
