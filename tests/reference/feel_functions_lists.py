"""Functions that look into lists and contexts and make new ones; positions count from 1, or from -1 at the end.

SOURCE: DMN 1.5, clauses 10.3.4.4 (list), 10.3.4.9 (sort), 10.3.4.10 (context).
"""

from fractions import Fraction

from tests.reference import feel_operators as operators
from tests.reference.feel_functions import Call, native
from tests.reference.feel_numbers import truncated
from tests.reference.feel_values import Closure, Native, Unstated, Value


def _index(items: list[Value], position: Fraction) -> int | None:
    """A position as an index from 0; what stands behind the point does not count."""
    place = truncated(position)
    if not 1 <= abs(place) <= len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@native("list contains", "list: list", "element")
def list_contains(items: list[Value], element: Value) -> Value:
    return any(operators.equal(item, element) is True for item in items)


@native("sublist", "list: list", "start position: number", "length?: number")
def sublist(items: list[Value], start: Fraction, length: Fraction | None = None) -> Value:
    """A part that must lie within the list."""
    first = _index(items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    size = truncated(length)
    return items[first : first + size] if 1 <= size <= len(items) - first else None


@native("append", "list: list", "*item")
def append(items: list[Value], *more: Value) -> Value:
    return items + list(more)


@native("concatenate", "*list: list")
def concatenate(*lists: list[Value]) -> Value:
    return [item for items in lists for item in items]


@native("insert before", "list: list", "position: number", "newItem")
def insert_before(items: list[Value], position: Fraction, new: Value) -> Value:
    place = _index(items, position)
    return None if place is None else [*items[:place], new, *items[place:]]


@native("remove", "list: list", "position: number")
def remove(items: list[Value], position: Fraction) -> Value:
    place = _index(items, position)
    return None if place is None else [item for at, item in enumerate(items) if at != place]


@native("list replace", "list: list", "position: number", "newItem")
def replace_at(items: list[Value], position: Fraction, new: Value) -> Value:
    place = _index(items, position)
    return None if place is None else [new if at == place else item for at, item in enumerate(items)]


@native("list replace", "list: list", "match: function", "newItem", takes_call=True)
def replace_where(call: Call, items: list[Value], match: Value, new: Value) -> Value:
    """Where a function of item and new item says true; it must say true or false of each."""
    verdicts = [call(match, [item, new]) for item in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [new if verdict else item for item, verdict in zip(items, verdicts, strict=True)]


@native("reverse", "list: list")
def reverse(items: list[Value]) -> Value:
    return [items[-place] for place in range(1, len(items) + 1)]


@native("index of", "list: list", "match")
def index_of(items: list[Value], match: Value) -> Value:
    return [Fraction(place) for place, item in enumerate(items, 1) if operators.equal(item, match) is True]


@native("distinct values", "list: list")
def distinct_values(items: list[Value]) -> Value:
    """Of what equals an earlier item only the earlier is kept."""
    kept: list[Value] = []
    for item in items:
        if not any(operators.equal(item, earlier) is True for earlier in kept):
            kept.append(item)
    return kept


@native("union", "*list: list")
def union(*lists: list[Value]) -> Value:
    return distinct_values([item for items in lists for item in items])


@native("flatten", "list: list")
def flatten(items: list[Value]) -> Value:
    flat: list[Value] = []
    for item in items:
        inner = flatten(item) if isinstance(item, list) else [item]
        assert isinstance(inner, list)
        flat += inner
    return flat


@native("sort", "list: list", "precedes?: function", takes_call=True)
def sort(call: Call, items: list[Value], precedes: Closure | Native | None = None) -> Value:
    """By a function of two items, or by the items' own order; null where they have none."""
    if precedes is not None:
        said = [
            isinstance(call(precedes, [first, second]), bool)
            for place, first in enumerate(items)
            for second in items[place + 1 :]
        ]
        if said and not any(said):
            return None  # the function says neither true nor false
        if not all(said):
            raise Unstated("which items are compared is left to the algorithm")
        return operators.in_order(items, lambda first, second: call(precedes, [first, second]))
    if any(operators.order("<", first, second) is None for first in items for second in items) and len(items) > 1:
        return None
    return operators.in_order(items, lambda first, second: operators.order("<", first, second))


# Contexts


@native("get value", "m: context", "key: string")
def get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@native("get entries", "m: context")
def get_entries(context: dict[str, Value]) -> Value:
    return [{"key": key, "value": value} for key, value in context.items()]


@native("context", "entries: list")
def make_context(entries: list[Value]) -> Value:
    """Of contexts with `key` and `value`; null for anything else, or a key given twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@native("context put", "context: context", "key: string", "value")
def context_put(context: dict[str, Value], key: str, value: Value) -> Value:
    return context | {key: value}


@native("context put", "context: context", "keys: list", "value")
def context_put_deep(context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """By a path of names; every context on the way must be there."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    first, *others = (str(key) for key in keys)
    if not others:
        return context | {first: value}
    inner = context.get(first)
    changed = context_put_deep(inner, list[Value](others), value) if isinstance(inner, dict) else None
    return None if changed is None else context | {first: changed}


@native("context merge", "contexts: list")
def context_merge(contexts: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        made |= context
    return made
