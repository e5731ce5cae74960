"""List functions that look into lists, and that make new ones. Positions count from 1, or from -1 at the end.

SOURCE: DMN 1.5, clause 10.3.4.4.
"""

from decimal import Decimal
from typing import Final

from comptroller.domain.feel.builtins.numbers import position
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.comparison import same
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.invocation import invoke
from comptroller.domain.feel.text import number_text
from comptroller.domain.feel.values import Builtin, Function, Kind, Value, kind_of

LIBRARY: Final = Library()

_HASHED: Final = frozenset({Kind.NULL, Kind.NUMBER, Kind.STRING, Kind.BOOLEAN, Kind.DATE})
"""Kinds whose values, or a text that stands for them, have a hash that goes with equality."""


def _place(items: list[Value], number: Decimal) -> int:
    """Turn a position into an index from 0."""
    place = position(number)
    if not 1 <= abs(place) <= len(items):
        raise Undefined(f"the list of {len(items)} has no position {place}")
    return place - 1 if place > 0 else len(items) + place


@LIBRARY.function("list contains(list: list, element:?)", with_evaluation=True)
def list_contains(run: Evaluation, items: list[Value], element: Value) -> Value:
    """Say whether an item equals an element, which may be null."""
    if element.__class__ is str and not run.watches:  # to Python as to FEEL, a text equals nothing but a text
        return element in items
    for item in items:  # noqa: SIM110  # several times faster than a generator, on the short lists of policies
        if same(run, item, element) is True:
            return True
    return False


@LIBRARY.function("count(list: list)", "count(*c:?)")
def count(*items: Value) -> Value:
    """Count the items."""
    if items == (None,):
        raise Undefined("null is no list")
    return Decimal(len(items[0]) if len(items) == 1 and isinstance(items[0], list) else len(items))


@LIBRARY.function("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """Take a part of a list."""
    first = _place(items, start)
    if length is None:
        return items[first:]
    size = position(length)
    if size < 1 or first + size > len(items):
        raise Undefined(f"the list has no {size} items from there")
    return items[first : first + size]


@LIBRARY.function("append(list: list, *item:?)")
def append(items: list[Value], *more: Value) -> Value:
    """Put items at the end."""
    return [*items, *more]


@LIBRARY.function("concatenate(*list: list)")
def concatenate(*lists: list[Value]) -> Value:
    """Put lists one behind the other."""
    return [item for items in lists for item in items]


@LIBRARY.function("insert before(list: list, position: number, newItem:?)")
def insert_before(items: list[Value], position: Decimal, new: Value) -> Value:
    """Put an item before a position."""
    place = _place(items, position)
    return [*items[:place], new, *items[place:]]


@LIBRARY.function("remove(list: list, position: number)")
def remove(items: list[Value], position: Decimal) -> Value:
    """Leave out the item at a position."""
    place = _place(items, position)
    return [*items[:place], *items[place + 1 :]]


@LIBRARY.function(
    "list replace(list: list, position: number, newItem:?)",
    "list replace(list: list, match: function, newItem:?)",
    with_evaluation=True,
)
def list_replace(run: Evaluation, items: list[Value], which: Decimal | Function | Builtin, new: Value) -> Value:
    """Put an item in place of the one at a position, or of each that a function of item and new item chooses."""
    if isinstance(which, Function | Builtin):
        at = run.place
        verdicts = [invoke(run, at, which, item, new) for item in items]
        if not all(isinstance(verdict, bool) for verdict in verdicts):
            raise Undefined("the match function says neither true nor false")
        return [new if verdict else item for item, verdict in zip(items, verdicts, strict=True)]
    place = _place(items, which)
    return [*items[:place], new, *items[place + 1 :]]


@LIBRARY.function("reverse(list: list)")
def reverse(items: list[Value]) -> Value:
    """Turn the order round."""
    return items[::-1]


@LIBRARY.function("index of(list: list, match:?)", with_evaluation=True)
def index_of(run: Evaluation, items: list[Value], match: Value) -> Value:
    """Give the positions of the items that equal a value."""
    return [Decimal(place) for place, item in enumerate(items, start=1) if same(run, item, match) is True]


@LIBRARY.function("distinct values(list: list)", with_evaluation=True)
def distinct_values(run: Evaluation, items: list[Value]) -> Value:
    """Leave out what equals an earlier item."""
    kept: list[Value] = []
    others: list[Value] = []  # what is kept and has no hash that goes with equality
    seen: set[tuple[Kind, Value]] = set()
    for item in items:
        kind = kind_of(item)
        if kind in _HASHED:
            # numbers that have one hash are easily written, and would cost the square of their number; texts are not
            key = (kind, number_text(item) if isinstance(item, Decimal | int) and kind is Kind.NUMBER else item)
            if key not in seen:
                seen.add(key)
                kept.append(item)
            continue
        run.charge(len(others))
        if not any(same(run, item, other) is True for other in others):
            others.append(item)
            kept.append(item)
    return kept


@LIBRARY.function("union(*list: list)", with_evaluation=True)
def union(run: Evaluation, *lists: list[Value]) -> Value:
    """Put lists one behind the other and leave out what equals an earlier item."""
    return distinct_values(run, [item for items in lists for item in items])


@LIBRARY.function("flatten(list: list)", with_evaluation=True)
def flatten(run: Evaluation, items: list[Value]) -> Value:
    """Put the items of nested lists in place of the lists."""
    flat: list[Value] = []
    pending: list[Value] = list(reversed(items))
    while pending:
        run.charge(1)
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return flat
