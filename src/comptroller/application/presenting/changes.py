"""What changed from one version of a record to the next, in a line a person can read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from comptroller.domain.kernel.money import Money, parse_decimal

CHANGES_TOLD_MAX: Final = 4
_NOT_TOLD: Final = frozenset({"accounts"})
"""Fields of which only that they changed is told: a bank account is never written out."""

_AMOUNTS: Final = frozenset({"price", "ceiling", "consumed", "amount"})
"""Fields that are told as money, in the currency of their record."""


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Name the fields that differ, each with both values.

    >>> order = {"currency": "EUR", "lines": [{"id": "1", "price": "306.00"}]}
    >>> changed_fields(order, order | {"lines": [{"id": "1", "price": "325.00"}]})
    'line 1 price from EUR 306.00 to EUR 325.00'
    """
    changes = changes_told(old, new)
    told = changes[:CHANGES_TOLD_MAX]
    more = len(changes) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def changes_told(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Every field that differs, with both values."""
    before, after = (dict(_leaves(record, "", str(record.get("currency") or ""))) for record in (old, new))
    return [_told(name, before, after) for name in {**before, **after} if before.get(name) != after.get(name)]


def _told(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    if name in _NOT_TOLD:
        return f"bank {name} changed"
    if name not in before:
        return f"{name} {after[name]} added"
    return f"{name} {before[name]} removed" if name not in after else f"{name} from {before[name]} to {after[name]}"


def _leaves(value: Any, name: str, currency: str) -> Iterator[tuple[str, str]]:
    if name in _NOT_TOLD:
        yield name, str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{name} {key.replace('_', ' ')}".strip(), currency)
    elif isinstance(value, list):
        for place, item in enumerate(value, start=1):
            yield from _leaves(item, _member(name, place, item), currency)
    elif value is not None:
        yield name, _written(name, str(value), currency)


def _member(name: str, place: int, item: Any) -> str:
    """What a member of a list is called: a line by its own number, anything else by its place."""
    number = item.get("id") if isinstance(item, dict) and name == "lines" else None
    return f"line {number}" if number else f"{name} {place}"


def _written(name: str, value: str, currency: str) -> str:
    amount = parse_decimal(value) if currency and name.rpartition(" ")[2] in _AMOUNTS else None
    return value if amount is None else str(Money(amount, currency))
