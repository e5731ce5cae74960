"""Object-centric logs: their events are put together to cases by the objects that they share.

An event may be about an order, a receipt and an invoice at once. A case is what hangs together by objects of the kinds
that the process names: the order and whatever is linked to it, not the materials that many orders share.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comptroller.adapters.event_logs.gathering import OpenLog
from comptroller.adapters.event_logs.unreadable import UnreadableLog
from comptroller.domain.controls.conformance import LogCase, LogEvent, folded


@dataclass(slots=True)
class ObjectLog:
    """An object-centric log, as any of its formats tells it."""

    events: list[tuple[LogEvent, Sequence[str]]] = field(default_factory=list)  # with the ids of its objects
    kinds: dict[str, str] = field(default_factory=dict)  # object -> its type
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)


def cases(log: ObjectLog, opened: OpenLog) -> Iterator[LogCase]:
    """Put events together to the cases of a process, in the order of the orders' ids in the log."""
    process = opened.process
    making = {folded(kind) for kind in process.case_objects}
    counting = making | {folded(kind) for kind in process.linked_objects}
    if not any(folded(kind) in making for kind in log.kinds.values()):
        listed = ", ".join(f"`{kind}`" for kind in dict.fromkeys(log.kinds.values())) or "none"
        message = "no object of the log is one that makes a case of this process"
        raise UnreadableLog("CONTROL-LOG-06", message, f"name it under [objects] in the process; the log has: {listed}")
    kept = {name for name, kind in log.kinds.items() if folded(kind) in counting}
    roots = _Roots(kept)
    for one, other in log.links:
        if one in kept and other in kept:
            roots.join(one, other)
    for _, objects in log.events:
        shared = [name for name in objects if name in kept]
        for name in shared[1:]:
            roots.join(shared[0], name)
    members: dict[str, list[str]] = {}
    for name, kind in log.kinds.items():
        if folded(kind) in making:
            members.setdefault(roots.root(name), []).append(name)
    events: dict[str, list[LogEvent]] = {root: [] for root in members}
    for event, objects in log.events:
        root = next((roots.root(name) for name in objects if name in kept), None)
        if root is not None and root in events:
            events[root].append(event)
    for root, names in members.items():
        attributes = {k: v for name in names for k, v in log.attributes.get(name, {}).items()}
        name = " + ".join(names)
        yield LogCase(name, attributes, opened.in_order(events[root], name))


class _Roots:
    """Objects that hang together have one root."""

    def __init__(self, names: set[str]) -> None:
        self._above: dict[str, str] = {name: name for name in names}

    def root(self, name: str) -> str:
        """The object that stands for all that hang together with this one."""
        above: Mapping[str, str] = self._above
        while above[name] != name:
            self._above[name] = above[above[name]]
            name = above[name]
        return name

    def join(self, one: str, other: str) -> None:
        """Let two objects hang together."""
        self._above[self.root(other)] = self.root(one)
