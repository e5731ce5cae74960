"""Context functions.

SOURCE: DMN 1.5, clause 10.3.4.10.
"""

from typing import Final

from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.values import Value

LIBRARY: Final = Library()


@LIBRARY.function("get value(m: context, key: string)")
def get_value(context: dict[str, Value], key: str) -> Value:
    """Take the entry of a name; null when there is none."""
    if key not in context:
        raise Undefined(f"the context has no entry `{key[:40]}`")
    return context[key]


@LIBRARY.function("get entries(m: context)", with_evaluation=True)
def get_entries(run: Evaluation, context: dict[str, Value]) -> Value:
    """List the entries as contexts of `key` and `value`."""
    run.charge(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@LIBRARY.function("context(entries: list)")
def make_context(entries: list[Value]) -> Value:
    """Make a context of a list of contexts of `key` and `value`."""
    made: dict[str, Value] = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(key, str) or "value" not in entry:
            raise Undefined("an entry is a context with a string `key` and a `value`")
        if key in made:
            raise Undefined(f"two entries are named `{key[:40]}`")
        made[key] = entry["value"]
    return made


@LIBRARY.function("context put(context: context, key: string, value:?)", with_evaluation=True)
def context_put(run: Evaluation, context: dict[str, Value], key: str, value: Value) -> Value:
    """Set an entry in a copy."""
    run.charge(len(context))
    return {**context, key: value}


@LIBRARY.function("context put(context: context, keys: list, value:?)", with_evaluation=True)
def context_put_deep(run: Evaluation, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """Set an entry, reached by a path of names, in a copy."""
    path = [key for key in keys if isinstance(key, str)]
    if not path or len(path) < len(keys):
        raise Undefined("the path is a list of one string or more")
    outer: list[dict[str, Value]] = [context]
    for key in path[:-1]:
        inner = outer[-1].get(key)
        if not isinstance(inner, dict):
            raise Undefined(f"the context has no context `{key[:40]}`")
        outer.append(inner)
    run.charge(sum(map(len, outer)))
    made = value
    for key, inner in zip(reversed(path), reversed(outer), strict=True):
        made = {**inner, key: made}
    return made


@LIBRARY.function("context merge(contexts: list)", with_evaluation=True)
def context_merge(run: Evaluation, contexts: list[Value]) -> Value:
    """Bring the entries of contexts together; a later one wins."""
    made: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Undefined("not every item is a context")
        run.charge(len(context))
        made.update(context)
    return made
