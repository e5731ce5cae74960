"""Situations: what a decision must answer, in plain titles, as data of the pack.

A file of examples names one decision, the facts that its situations share (`given`), and the situations: what differs
from the shared facts, what is missing, what must come out, which rules must hit and which must miss. Paths go into
lists and contexts with slashes: `lines/0/percent`. So a controller reads the edge of every limit, and the runner proves
it against the tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.decisions.run import TableTrace
from comptroller.domain.feel.text import literal_text
from comptroller.domain.kernel.fault import Fault

_FILE_KEYS = frozenset({"decision", "given", "situations"})
_KEYS = frozenset({"title", "given", "missing", "expect", "hits", "misses"})


@dataclass(frozen=True, slots=True)
class Situation:
    """One example: a decision, all its inputs, and what is expected of it."""

    title: str
    decision: str
    inputs: Mapping[str, Any]
    expect: Mapping[str, Any]  # path in the outcome -> value; the empty path is the whole
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


def read_examples(path: str, content: Any) -> tuple[tuple[Situation, ...], tuple[Fault, ...]]:
    """Read the content of a file of examples; what is wrong comes back as faults, the sound situations beside them."""
    entries = content.get("situations") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(entries, list) or set(content) - _FILE_KEYS:
        return (), (_fault("PACK-EXAMPLE-01", path, "a file of examples has `decision`, `given` and `situations`"),)
    decision, shared = content.get("decision"), content.get("given", {})
    if not isinstance(decision, str) or not isinstance(shared, dict):
        return (), (_fault("PACK-EXAMPLE-02", path, "the file names no `decision`, or `given` is no mapping"),)
    situations: list[Situation] = []
    faults: list[Fault] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            faults.append(_fault("PACK-EXAMPLE-03", f"{path}/{number}", "a situation is a mapping with a title"))
            continue
        place = f"{path}/{entry.get('title') or number}"
        unknown = sorted(set(entry) - _KEYS)
        if unknown or not entry.get("title") or not (entry.get("expect") or entry.get("hits")):
            message = "a situation has a title, and expects an outcome or hits"
            faults.append(_fault("PACK-EXAMPLE-03", place, f"{message}; unknown: {', '.join(unknown) or 'nothing'}"))
            continue
        try:
            inputs = _inputs(shared, entry)
        except (KeyError, IndexError, ValueError, TypeError) as error:
            faults.append(_fault("PACK-EXAMPLE-04", place, f"no such fact: {error}"))
            continue
        hits, misses = tuple(entry.get("hits", ())), tuple(entry.get("misses", ()))
        situations.append(Situation(entry["title"], decision, inputs, entry.get("expect", {}), hits, misses))
    return tuple(situations), tuple(faults)


@dataclass(frozen=True, slots=True)
class Shown:
    """A situation that was decided, and what came out otherwise; no model where the pack has no such decision."""

    situation: Situation
    model: Model | None
    wrong: tuple[str, ...]
    tables: Sequence[TableTrace] = ()


def show(situation: Situation, models: Mapping[str, Model], now: datetime | None) -> Shown:
    """Decide a situation by the model of its decision, and keep what every table saw."""
    model = models.get(situation.decision)
    if model is None:
        return Shown(situation, None, ("the pack has no such decision",))
    outcome = model.decide(situation.decision, situation.inputs, now)
    return Shown(situation, model, otherwise(situation, outcome), outcome.tables)


def run_example(situation: Situation, model: Model, now: datetime | None = None) -> tuple[str, ...]:
    """Decide a situation; answers what came out otherwise than expected, nothing when all is well."""
    return otherwise(situation, model.decide(situation.decision, situation.inputs, now))


def otherwise(situation: Situation, outcome: Outcome) -> tuple[str, ...]:
    """What came out otherwise than a situation expects."""
    wrong = [
        f"{f'`{path}`' if path else 'the outcome'} is {literal_text(_at(outcome.value, path))}, "
        f"expected {literal_text(expected)}"
        for path, expected in situation.expect.items()
        if _at(outcome.value, path) != expected
    ]
    hit = frozenset(outcome.rule_ids)
    wrong += [f"rule `{rule}` did not hit" for rule in situation.hits if rule not in hit]
    wrong += [f"rule `{rule}` hit" for rule in situation.misses if rule in hit]
    return tuple(wrong)


def examples_content(decision: str, situations: Sequence[Situation]) -> dict[str, Any]:
    """The content of a file of examples: what most situations share once, in each of them only what differs."""
    shared: dict[str, Any] = {}
    for name in dict.fromkeys(name for situation in situations for name in situation.inputs):
        values = [situation.inputs.get(name) for situation in situations]
        shared[name] = max(values, key=lambda value: sum(repr(other) == repr(value) for other in values))
    entries = []
    for situation in situations:
        given = {path: value for name in shared for path, value in _differing(name, shared, situation.inputs)}
        about = {"given": given, "expect": situation.expect, "hits": situation.hits, "misses": situation.misses}
        told = {name: of if isinstance(of, Mapping) else list(of) for name, of in about.items() if of}
        entries.append({"title": situation.title, **told})
    return {"decision": decision, "given": shared, "situations": entries}


def _differing(path: str, shared: Any, own: Any) -> Iterator[tuple[str, Any]]:
    """The paths at which a situation differs from what is shared, as deep as both have the same form."""
    step = path.rpartition("/")[2]
    one, other = (shared[int(step)], own[int(step)]) if isinstance(shared, list) else (shared.get(step), own.get(step))
    steps: list[str] = []
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        steps = [str(key) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        steps = [str(place) for place in range(len(one))]
    if repr(one) == repr(other):
        return
    if steps and not any("/" in each for each in steps):
        for each in steps:
            yield from _differing(f"{path}/{each}", one, other)
    else:
        yield path, other


def _inputs(shared: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    inputs = deepcopy(dict(shared))
    for path, value in entry.get("given", {}).items():
        _put(inputs, path, value)
    for path in entry.get("missing", ()):
        _put(inputs, path, None)
    return inputs


def _put(target: Any, path: str, value: Any) -> None:
    *way, last = path.split("/")
    for step in way:
        target = target[int(step)] if isinstance(target, list) else target[step]
    if isinstance(target, list):
        target[int(last)] = value
    else:
        target[last] = value


def _at(value: Any, path: str) -> Any:
    """Follow a path into an outcome; None where it leads nowhere."""
    for step in path.split("/") if path else ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _fault(code: str, path: str, message: str) -> Fault:
    return Fault(code, path, message, by="pack")
