"""Event logs held against the way a purchase should go.

A log tells cases, a case its events in order; a process (data of the pack) says by which names systems call a step and
what is a deviation. A deviation watches for a step and asks what came before it, what holds while it happens, who did
it: every question is one look at what the case has seen so far, so that a case of any length is walked once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

from comptroller.domain.kernel.fault import Fault

NEGATED: Final = "not"
"""The first of a list of values that excludes them."""

_BETWEEN_WORDS: Final = re.compile(r"[\s_:-]+")
_OF_AN_EVENT: Final = re.compile(r"^event[\s_:]+")


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of a case."""

    ref: str  # its id in the log, or its place in the case
    activity: str
    time: str  # as the log writes it
    attributes: Mapping[str, str]  # by their folded names


@dataclass(frozen=True, slots=True)
class LogCase:
    """One case with its events in the order of the log's time, those of one instant as the log lists them."""

    id: str
    attributes: Mapping[str, str]
    events: Sequence[LogEvent]


@dataclass(frozen=True, slots=True)
class DeviationRule:
    """What is a deviation; each question that is asked must be answered yes."""

    kind: str
    event: tuple[str, ...]  # the steps that it watches for
    clause: str
    owner: str
    text: str
    without_before: tuple[str, ...] = ()  # none of these came before
    after: tuple[str, ...] = ()  # one of these came before
    then: tuple[str, ...] = ()  # one of these comes later
    without: tuple[str, ...] = ()  # the case has none of these
    having: tuple[str, ...] = ()  # the case has one of these
    while_set: str = ""  # this came before ...
    unless: str = ""  # ... and was not undone by this
    same_user_as: tuple[str, ...] = ()  # the same person did one of these before
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # attribute of case or event -> values


@dataclass(frozen=True, slots=True)
class LogProcess:
    """The steps, attributes and deviations of a process, and how logs name them."""

    name: str
    step_of: Mapping[str, str]  # folded activity -> step
    attributes: Mapping[str, tuple[str, ...]]  # attribute -> its folded names
    nobody: tuple[str, ...]  # patterns of users who are no person
    columns: Mapping[str, tuple[str, ...]]  # of a CSV log: case, activity, time
    case_objects: frozenset[str]
    linked_objects: frozenset[str]
    rules: tuple[DeviationRule, ...]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation of one case: told once for each kind, with every event that shows it."""

    rule: DeviationRule
    case: str
    events: tuple[LogEvent, ...]  # those that show it; for one person the other act comes first
    users: tuple[str, ...]
    amount: str  # as the log tells it; empty where it does not
    times: int  # how often it happened in the case


@lru_cache(maxsize=10_000)
def folded(text: str) -> str:
    """A name as every system writes it: case, spacing and marks between words aside, and that it is one of an event.

    >>> [folded(name) for name in ("Purchase Order", "purchase_order", "event time:timestamp", "EventTime")]
    ['purchaseorder', 'purchaseorder', 'timetimestamp', 'eventtime']
    """
    return _BETWEEN_WORDS.sub("", _OF_AN_EVENT.sub("", text.casefold()))


def deviations(case: LogCase, process: LogProcess) -> Iterator[Deviation]:
    """Walk a case once and tell its deviations in the order of the process."""
    steps = [process.step_of.get(folded(event.activity), "") for event in case.events]
    last = {step: place for place, step in enumerate(steps)}
    users = [_user(event, process) for event in case.events]
    seen: dict[str, int] = {}
    acts: dict[str, dict[str, int]] = {}  # step -> person -> the place of the first act
    shown: dict[str, list[tuple[int, int | None]]] = {}
    for place, step in enumerate(steps):
        if step:
            for rule in process.rules:
                if step in rule.event and _holds(rule, case, process, place, seen, last):
                    other = _same_person(rule, users[place], acts) if rule.same_user_as else _again(rule, step, seen)
                    if not rule.same_user_as or other is not None:
                        shown.setdefault(rule.kind, []).append((place, other))
            seen[step] = place
            if users[place]:
                acts.setdefault(step, {}).setdefault(users[place], place)
    for rule in process.rules:
        found = shown.get(rule.kind)
        if found:
            places = dict.fromkeys(p for pair in found for p in (pair[1], pair[0]) if p is not None)
            events = tuple(case.events[place] for place in places)
            persons = tuple(dict.fromkeys(users[place] for place in places if users[place]))
            yield Deviation(rule, case.id, events, persons, _amount(case, found[0][0], process), len(found))


def _holds(
    rule: DeviationRule,
    case: LogCase,
    process: LogProcess,
    place: int,
    seen: Mapping[str, int],
    last: Mapping[str, int],
) -> bool:
    if any(step in seen for step in rule.without_before):
        return False
    if rule.after and not any(step in seen for step in rule.after):
        return False
    if rule.then and not any(last.get(step, -1) > place for step in rule.then):
        return False
    if any(step in last for step in rule.without):
        return False
    if rule.having and not any(step in last for step in rule.having):
        return False
    if rule.while_set and not (rule.while_set in seen and seen.get(rule.unless, -1) < seen[rule.while_set]):
        return False
    return all(_allowed(_value(name, case, place, process), values) for name, values in rule.where.items())


def _allowed(value: str, values: Sequence[str]) -> bool:
    if values and values[0] == NEGATED:
        return folded(value) not in map(folded, values[1:])
    return folded(value) in map(folded, values)


def _same_person(rule: DeviationRule, user: str, acts: Mapping[str, Mapping[str, int]]) -> int | None:
    if not user:
        return None
    return next((acts[step][user] for step in rule.same_user_as if user in acts.get(step, ())), None)


def _again(rule: DeviationRule, step: str, seen: Mapping[str, int]) -> int | None:
    """Where the same step came before, of a rule that asks for it: both are shown."""
    return seen.get(step) if step in rule.after else None


def _value(name: str, case: LogCase, place: int, process: LogProcess) -> str:
    for known in process.attributes.get(name, (folded(name),)):
        value = case.events[place].attributes.get(known) or case.attributes.get(known)
        if value:
            return value
    return ""


def _user(event: LogEvent, process: LogProcess) -> str:
    user = next((v for name in process.attributes.get("user", ()) if (v := event.attributes.get(name))), "")
    return "" if any(fnmatchcase(user, pattern) for pattern in process.nobody) else user


def _amount(case: LogCase, place: int, process: LogProcess) -> str:
    """The amount at the event, else the last that the case told before it."""
    for before in range(place, -1, -1):
        value = _value("amount", case, before, process)
        if value:
            return value
    return ""


# Reading

_RULE_LISTS: Final = ("event", "without_before", "after", "then", "without", "having", "same_user_as")
_RULE_TEXTS: Final = ("kind", "clause", "owner", "text", "while_set", "unless")


def read_process(content: Mapping[str, Any]) -> tuple[LogProcess | None, tuple[Fault, ...]]:
    """Read a process from its decoded file; what is wrong comes back as faults."""
    faults: list[Fault] = []
    steps = _lists(content, "steps", faults)
    step_of = {folded(name): step for step, names in steps.items() for name in names}
    rules = []
    for number, entry in enumerate(content.get("deviation", ()), start=1):
        place = f"deviation/{entry.get('kind', number) if isinstance(entry, dict) else number}"
        rule = _rule(entry, place, steps, faults)
        if rule is not None:
            rules.append(rule)
    if not rules and not faults:
        faults.append(_fault("CONTROL-PROCESS-01", "deviation", "the process tells no deviation"))
    objects, people = _lists(content, "objects", faults), _lists(content, "people", faults)
    process = LogProcess(
        str(content.get("name", "")),
        step_of,
        {name: tuple(map(folded, names)) for name, names in _lists(content, "attributes", faults).items()},
        people.get("not", ()),
        _lists(content, "csv", faults),
        frozenset(objects.get("case", ())),
        frozenset(objects.get("linked", ())),
        tuple(rules),
    )
    return (None, tuple(faults)) if faults else (process, ())


def _lists(content: Mapping[str, Any], name: str, faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    table = content.get(name, {})
    if isinstance(table, dict) and all(_are_texts(value) for value in table.values()):
        return {key: tuple(value) for key, value in table.items()}
    faults.append(_fault("CONTROL-PROCESS-02", name, f"`[{name}]` is no table of lists of texts"))
    return {}


def _rule(entry: Any, place: str, steps: Mapping[str, Any], faults: list[Fault]) -> DeviationRule | None:
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(name), str) for name in ("kind", "clause", "owner", "text")
    ):
        faults.append(_fault("CONTROL-PROCESS-03", place, "a deviation has a kind, a clause, an owner and a text"))
        return None
    unknown = sorted(set(entry) - {*_RULE_LISTS, *_RULE_TEXTS, "where"})
    where = entry.get("where", {})
    lists = {name: entry[name] for name in _RULE_LISTS if name in entry}
    if unknown or not all(_are_texts(value) for value in lists.values()) or not isinstance(where, dict):
        faults.append(_fault("CONTROL-PROCESS-04", place, f"not understood: {', '.join(unknown) or 'a list of steps'}"))
        return None
    named = {step for value in lists.values() for step in value} | {entry.get("while_set", ""), entry.get("unless", "")}
    strange = sorted(named - set(steps) - {""})
    if strange or not lists.get("event"):
        faults.append(_fault("CONTROL-PROCESS-05", place, f"no such step: {', '.join(strange) or 'no event is named'}"))
        return None
    given: dict[str, Any] = {name: entry[name] for name in _RULE_TEXTS if name in entry}
    given |= {name: tuple(value) for name, value in lists.items()}
    return DeviationRule(
        **given,
        where={name: tuple(map(str, values)) for name, values in where.items()},
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _fault(code: str, path: str, message: str) -> Fault:
    return Fault(code, path, message, by="process", help="see packs/accounts-payable/processes/purchase-to-pay.toml")
