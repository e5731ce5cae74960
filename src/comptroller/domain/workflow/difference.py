"""What a version of a process does otherwise than another one, element by element.

Elements are the same by their id, else by kind and name where each version has them once (`migration.propose`, by which
running cases are taken over). The drawing does not count: a box that was moved runs as it did.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from comptroller.domain.workflow.migration import propose
from comptroller.domain.workflow.model import Activity, Node
from comptroller.domain.workflow.outline import does, kind_of
from comptroller.domain.workflow.process import Flow, Place, Process

_TOLD: Final = frozenset(
    "id name nodes flows default definition service decision kind message key script result called interrupting "
    "transaction by_event attached_to".split()
)
"""What is compared by itself, or told by what an element does; what lies inside one has places of its own."""


class Becomes(StrEnum):
    """What became of an element."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element that is not as it was, in words; ids are empty where a version does not have it."""

    becomes: Becomes
    before: str
    after: str
    title: str
    told: tuple[str, ...]
    flows_before: tuple[str, ...] = ()  # ways out of it that are no more, or lead elsewhere
    flows_after: tuple[str, ...] = ()


def process_difference(old: Process, new: Process) -> tuple[ElementChange, ...]:
    """Every element that differs: those of the new version in its order, then those that are gone."""
    nodes = propose(old, new)
    back = {target: node for node, target in nodes.items()}
    found = list(_as_a_whole(old, new))
    for key, place in new.places.items():
        if key not in back:
            told = tuple(_way(new, flow) for flow in place.outgoing)
            flows = tuple(flow.id for flow in place.outgoing)
            found.append(ElementChange(Becomes.ADDED, "", key, _title(place), (_done(place), *told), (), flows))
        else:
            change = _changed(old, new, nodes, old.places[back[key]], place)
            if change is not None:
                found.append(change)
    found += [
        ElementChange(Becomes.REMOVED, key, "", _title(place), (), tuple(flow.id for flow in place.outgoing))
        for key, place in old.places.items()
        if key not in nodes
    ]
    return tuple(found)


def _as_a_whole(old: Process, new: Process) -> Iterator[ElementChange]:
    told = [f"it is called `{new.name}`, it was called `{old.name}`"] if old.name != new.name else []
    if old.correctable != new.correctable:
        told.append(f"an operator may correct {', '.join(sorted(new.correctable)) or 'nothing'}")
    if told:
        yield ElementChange(Becomes.CHANGED, "", "", "the process", tuple(told))


def _changed(old: Process, new: Process, nodes: Mapping[str, str], before: Place, after: Place) -> ElementChange | None:
    was, now = before.node, after.node
    told = []
    if was.id != now.id:
        told.append(f"its id is `{now.id}`, it was `{was.id}`")
    if was.name != now.name:
        told.append(f"it is called `{now.name}`, it was called `{was.name}`")
    if does(before) != does(after):
        told.append(f"it is {_done(after)}, it was {_done(before)}")
    if differing := list(_other_parts(was, now)):
        told.append(f"{', '.join(differing)} {'is' if len(differing) == 1 else 'are'} written otherwise")
    if nodes.get(before.scope, before.scope) != after.scope or _edge(was, nodes) != _edge(now, {}):
        told.append("it lies elsewhere")
    gone, come = _ways(old, nodes, before), _ways(new, {}, after)
    left = [flow for way, flow in gone.items() if way not in come]
    taken = [flow for way, flow in come.items() if way not in gone]
    told += [f"no more {_way(old, flow)}" for flow in left]
    told += [f"now {_way(new, flow)}" for flow in taken]
    if not told:
        return None
    ids = tuple(flow.id for flow in left), tuple(flow.id for flow in taken)
    return ElementChange(Becomes.CHANGED, was.id, now.id, _title(after), tuple(told), *ids)


def _edge(node: Node, nodes: Mapping[str, str]) -> str:
    """The activity on whose edge an event lies."""
    attached_to: str = getattr(node, "attached_to", "")
    return nodes.get(attached_to, attached_to)


def _ways(process: Process, nodes: Mapping[str, str], place: Place) -> dict[tuple[str, str, bool], Flow]:
    """The ways out of an element: whither, under which condition, and whether it is the one that is taken else."""
    flows = [*place.outgoing, *([place.default] if place.default is not None else [])]
    default = place.default.id if place.default is not None else ""
    return {
        (
            nodes.get(flow.target, flow.target),
            flow.condition.text if flow.condition is not None else "",
            flow.id == default,
        ): flow
        for flow in flows
        if flow.target in process.places
    }


def _other_parts(was: Node, now: Node) -> Iterator[str]:
    for part in fields(now):
        name = part.name
        if name not in _TOLD and hasattr(was, name) and getattr(was, name) != getattr(now, name):
            yield f"`{name.replace('_', ' ')}`"


def _way(process: Process, flow: Flow) -> str:
    condition = f" if `{flow.condition.text}`" if flow.condition is not None else ""
    return f"leads to {_title(process.places[flow.target])}{condition}"


def _done(place: Place) -> str:
    told = does(place)
    return f"a {kind_of(place.node)}{f': {told}' if told else ''}"


def _title(place: Place) -> str:
    node = place.node
    return node.name or (kind_of(node) if not isinstance(node, Activity) else node.id)
