"""What differs between two outcomes, in words: entry by entry, and of lists who or what there was and is from now on.

The items of a list are called by their title or the like: an item that is called as before and says something else has
changed, whatever its place. A short list is told whole, before and after: who gains authority is who is left alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from comptroller.domain.feel.text import literal_text

_NAMED_BY: Final = ("title", "name", "role", "step", "control", "type", "reason", "outcome")
"""Entries that an item of a list, and a whole outcome, is called by."""

_ASKED_BY: Final = frozenset({"role", "step", "relation"})
"""Entries of an item that stands for somebody who is asked."""

WHOLE_MAX: Final = 6
"""Items of a list that is told whole; of a longer one is told what goes and what comes."""

Write = Callable[[Any], str]
"""Writes what is neither a context nor a list."""


def in_words(before: object, after: object, write: Write = literal_text) -> str:
    """Say what becomes of an outcome; both are made of mappings, sequences and what `write` writes.

    >>> print(in_words({"steps": ["Owner", "Director"], "hours": 16}, {"steps": ["Owner"], "hours": 8}))
    `steps`: from "Owner" and "Director" to "Owner" alone; `hours`: 16 becomes 8
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        told: dict[str, list[str]] = {}
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                told.setdefault(in_words(before.get(name), after.get(name), write), []).append(f"`{name}`")
        return "; ".join(f"{', '.join(names)}: {becomes}" for becomes, names in told.items())
    if _is_list(before) and _is_list(after):
        return "; ".join(_lists_in_words(before, after, write)) or "the same in another order"
    return f"{in_brief(before, write)} becomes {in_brief(after, write)}"


def in_brief(value: object, write: Write = literal_text) -> str:
    """Write a value, with contexts by what they are called where they are called something."""
    if isinstance(value, Mapping):
        entries = (f"{name}: {in_brief(entry, write)}" for name, entry in value.items())
        return _name_of(value) or f"{{{', '.join(entries)}}}"
    if _is_list(value):
        return f"[{', '.join(in_brief(each, write) for each in value)}]"  # type: ignore[attr-defined]  # it is a list
    return "null" if value is None else write(value)


def what_differs(one: object, other: object) -> str:
    """Write an outcome without the entries in which it is like another one; what is no context is written whole."""
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return in_brief(one)
    apart = (name for name in one if name not in other or other[name] != one[name])
    return f"{{{', '.join(f'{name}: {in_brief(one[name])}' for name in apart)}}}"


def lost_and_gained(before: object, after: object) -> object:
    """What goes and what comes, without what is the same in both: changes that are alike have it in common."""
    if _is_list(before) and _is_list(after):
        return repr((_without(before, after), _without(after, before)))  # type: ignore[arg-type]  # both are lists
    return repr((before, after))


def in_common(values: Sequence[Any]) -> Any:
    """The items that all of some lists have, in the order of the first one; of other values the first."""
    first, *others = values
    return [item for item in first if all(item in other for other in others)] if _is_list(first) else first


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _lists_in_words(before: Any, after: Any, write: Write) -> Iterator[str]:
    gone, come = _without(before, after), _without(after, before)
    changed: list[str] = []
    for item in list(gone):
        name = _name_of(item)
        then = next((each for each in come if name and _name_of(each) == name), None)
        if then is not None:
            gone.remove(item)
            come.remove(then)
            changed.append(f"`{name}` {in_words(item, then, write)}")
    if gone or come:
        sides = [[in_brief(item, write) for item in side] for side in (before, after)]
        if all(len(side) == len(set(side)) <= WHOLE_MAX for side in sides):
            is_asked = any(isinstance(item, Mapping) and _ASKED_BY & item.keys() for item in (*before, *after))
            was, becomes = (_all_of(side, len(other) > 1, is_asked) for side, other in (sides, sides[::-1]))
            yield f"from {was} to {becomes}"
        else:
            told = (("loses", gone), ("gains", come))
            yield ", ".join(f"{what} {', '.join(in_brief(item, write) for item in of)}" for what, of in told if of)
    yield from changed


def _all_of(names: Sequence[str], are_more: bool, is_asked: bool) -> str:  # noqa: FBT001 - as the list is told
    """A list by the names of its items: one is alone where the other side has more of them."""
    if not names:
        return "nobody" if is_asked else "nothing"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else f"{last} alone" if are_more else last


def _without(items: Sequence[object], others: Sequence[object]) -> list[object]:
    """The items that the others do not have, each counted."""
    left = list(others)
    found = []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            found.append(item)
    return found


def _name_of(item: object) -> str:
    named = (item.get(name) for name in _NAMED_BY) if isinstance(item, Mapping) else ()
    return next((each.strip('"') for each in named if isinstance(each, str) and each.strip('"')), "")
