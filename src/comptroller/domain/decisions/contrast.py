"""What differs between two outcomes, in words: entry by entry, and of lists what goes, what comes and what changes.

The items of a list are called by their title or the like: an item that is called as before and says something else has
changed, whatever its place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from comptroller.domain.feel.text import literal_text

_NAMED_BY: Final = ("title", "name", "role", "step")
"""Entries that an item of a list is called by."""

Write = Callable[[Any], str]
"""Writes what is neither a context nor a list."""


def in_words(before: object, after: object, write: Write = literal_text) -> str:
    """Say what becomes of an outcome; both are made of mappings, sequences and what `write` writes.

    >>> print(in_words({"steps": ["Owner", "Director"], "hours": 16}, {"steps": ["Owner"], "hours": 8}))
    `steps`: loses "Director"; `hours`: 16 becomes 8
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return "; ".join(f"`{name}`: {in_words(before.get(name), after.get(name), write)}" for name in names)
    if _is_list(before) and _is_list(after):
        return "; ".join(_lists_in_words(before, after, write)) or "the same in another order"
    return f"{_written(before, write)} becomes {_written(after, write)}"


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _lists_in_words(before: Any, after: Any, write: Write) -> Iterator[str]:
    gone, come = _without(before, after), _without(after, before)
    for item in list(gone):
        name = _name_of(item)
        then = next((each for each in come if name and _name_of(each) == name), None)
        if then is not None:
            gone.remove(item)
            come.remove(then)
            yield f"`{name}` {in_words(item, then, write)}"
    told = (("loses", gone), ("gains", come))
    if gone or come:
        yield ", ".join(f"{what} {', '.join(_called(item, write) for item in of)}" for what, of in told if of)


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


def _called(item: object, write: Write) -> str:
    return _name_of(item) or _written(item, write)


def _written(value: object, write: Write) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_written(entry, write)}' for name, entry in value.items())}}}"
    if _is_list(value):
        return f"[{', '.join(_written(each, write) for each in value)}]"  # type: ignore[attr-defined]  # it is a list
    return write(value)
