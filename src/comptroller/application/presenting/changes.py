"""What changed from one version of a record to the next, in a line a person can read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

CHANGES_TOLD_MAX: Final = 4
_NOT_TOLD: Final = frozenset({"accounts"})
"""Fields of which only that they changed is told: a bank account is never written out."""


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Name the fields that differ, each with both values.

    >>> changed_fields({"lines": [{"price": "306.00"}]}, {"lines": [{"price": "325.00"}]})
    'lines 1 price from 306.00 to 325.00'
    """
    changes = changes_told(old, new)
    told = changes[:CHANGES_TOLD_MAX]
    more = len(changes) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def changes_told(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Every field that differs, with both values."""
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    return [_told(name, before, after) for name in {**before, **after} if before.get(name) != after.get(name)]


def _told(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    if name in _NOT_TOLD:
        return f"bank {name} changed"
    if name not in before:
        return f"{name} {after[name]} added"
    return f"{name} {before[name]} removed" if name not in after else f"{name} from {before[name]} to {after[name]}"


def _leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if name in _NOT_TOLD:
        yield name, str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{name} {key.replace('_', ' ')}".strip())
    elif isinstance(value, list):
        for place, item in enumerate(value, start=1):
            yield from _leaves(item, f"{name} {place}")
    elif value is not None:
        yield name, str(value)
