"""Which rows of a register are worth comparing: those that meet in a block, each with its nearest few.

Comparing all rows with all would take a million times a million looks. Two copies of one document share something
exactly: the supplier and the number but for writing; the supplier and the amount; the number and the amount under two
suppliers; the account and the amount; or, where there is no number, amount and day at a supplier of a similar name.
Rows that share such a key form a block. Within a block, in the order of the days, a row is compared with the few
before it only, so that a withheld payee or an amount that everybody pays costs as much as any other (the numbers that
are near to it are found by their common forms, however large the block is).
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final

from comptroller.domain.controls import numbers
from comptroller.domain.controls.register.payment import Payment
from comptroller.domain.kernel import limits

Pair = tuple[int, int]
"""Places of two payments in the register, the earlier one first."""

_Key = Callable[[Payment], Hashable | None]


def pairs(payments: Sequence[Payment]) -> Iterator[Pair]:
    """List the pairs to compare, none twice."""
    for _, block in blocks(payments, _by_number):
        yield from _neighbours(block, limits.NEIGHBOURS_MAX)
    for _, block in blocks(payments, _by_amount):
        yield from _of_one_amount(payments, block)
    for key in (_by_copy, _by_account):
        for _, block in blocks(payments, key):
            for one, other in _neighbours(block, limits.NEIGHBOURS_MAX):
                if payments[one].key != payments[other].key or not payments[one].key:
                    yield one, other
    for _, block in blocks(payments, _by_day):
        block.sort(key=lambda place: (payments[place].key, place))
        for one, other in _neighbours(block, limits.SORTED_NEIGHBOURS_MAX):
            if payments[one].key != payments[other].key:
                yield (one, other) if one < other else (other, one)


def blocks(payments: Sequence[Payment], key: _Key) -> Iterator[tuple[Hashable, list[int]]]:
    """Group the places that share a key, each group in the order of days; those that are alone are left out."""
    places: dict[Hashable, int | list[int]] = {}
    for place, payment in enumerate(payments):
        shared = key(payment)
        if shared is None:
            continue
        known = places.get(shared)
        if known is None:
            places[shared] = place
        elif isinstance(known, list):
            known.append(place)
        else:
            places[shared] = [known, place]
    for shared, known in places.items():
        if isinstance(known, list):
            known.sort(key=lambda place: (payments[place].day, place))
            yield shared, known


def _by_number(payment: Payment) -> Hashable | None:
    return (payment.key, numbers.without_suffix(payment.normalised)) if payment.key and payment.normalised else None


def by_amount(payment: Payment) -> Hashable | None:
    """The key of payments of one amount to one supplier, credits among them."""
    return (payment.key, payment.currency, abs(payment.amount)) if payment.key else None


_by_amount: Final = by_amount


def _by_copy(payment: Payment) -> Hashable | None:
    if len(payment.normalised) < numbers.PART_CHARACTERS_MIN:
        return None
    return (numbers.without_suffix(payment.normalised), payment.currency, abs(payment.amount))


def _by_account(payment: Payment) -> Hashable | None:
    return (payment.account, payment.currency, abs(payment.amount)) if payment.account else None


def _by_day(payment: Payment) -> Hashable | None:
    return None if payment.normalised or not payment.key else (payment.currency, payment.amount, payment.day)


def _neighbours(block: Sequence[int], most: int) -> Iterator[Pair]:
    for place, other in enumerate(block):
        for one in block[max(0, place - most) : place]:
            yield one, other


def _of_one_amount(payments: Sequence[Payment], block: Sequence[int]) -> Iterator[Pair]:
    """Pairs of one supplier and amount; those of one number were met by their number already."""
    near: dict[str, list[int]] = {}
    is_large = len(block) > limits.NEIGHBOURS_MAX + 1
    for at, other in enumerate(block):
        met = list(block[max(0, at - limits.NEIGHBOURS_MAX) : at])
        number = payments[other].normalised
        if is_large and number:
            for form in numbers.near_forms(number):
                known = near.setdefault(form, [])
                met += known[-limits.SORTED_NEIGHBOURS_MAX :]
                known.append(other)
                del known[: -limits.SORTED_NEIGHBOURS_MAX]
        stem = numbers.without_suffix(number)
        for one in dict.fromkeys(met):
            if not stem or numbers.without_suffix(payments[one].normalised) != stem:
                yield one, other
