"""What every way through a process to a node passes: services, decisions, tasks, and the conditions of its flows.

A node (or flow) is passed on every way to another one where that one cannot be come to without it. Whoever stands at a
node has come there by some way, however tokens were split and joined, so what is said of every way holds of every case.
What lies inside a sub-process has passed what the sub-process has; what no flow leads to may begin at any time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from comptroller.domain.workflow.model import (
    BoundaryEvent,
    BusinessRuleTask,
    CatchEvent,
    LinkDefinition,
    ManualTask,
    Node,
    ServiceTask,
    ThrowEvent,
    UserTask,
)
from comptroller.domain.workflow.process import ROOT, Process


@dataclass(frozen=True, slots=True)
class Passed:
    """A node (a service by its name, a decision, a kind of task, else its id), and what every way to it has passed."""

    reached: str
    services: tuple[str, ...]
    decisions: tuple[str, ...]
    tasks: tuple[str, ...]
    conditions: tuple[str, ...]


def passed_on_ways(process: Process) -> Iterator[Passed]:
    """Every node that can be come to, with what every way to it passes."""
    conditions = {
        flow.id: " ".join(flow.condition.text.split())
        for place in process.places.values()
        for flow in place.outgoing
        if flow.condition is not None
    }
    for key, found in _dominators(process).items():
        nodes = [place.node for name, place in process.places.items() if name != key and name in found]
        yield Passed(
            _name(process.places[key].node),
            tuple(node.service for node in nodes if isinstance(node, ServiceTask)),
            tuple(node.decision for node in nodes if isinstance(node, BusinessRuleTask)),
            tuple(node.kind for node in nodes if isinstance(node, UserTask | ManualTask)),
            tuple(text for flow, text in conditions.items() if flow in found),
        )


def _name(node: Node) -> str:
    match node:
        case ServiceTask():
            return node.service
        case BusinessRuleTask():
            return node.decision
        case UserTask() | ManualTask():
            return node.kind
    return node.id


def _steps(process: Process) -> Mapping[str, list[tuple[str, str]]]:
    """The ways out of each node: the flow (or boundary event), and where it leads."""
    landings = {
        (place.scope, place.node.definition.link): name
        for name, place in process.places.items()
        if isinstance(place.node, CatchEvent) and isinstance(place.node.definition, LinkDefinition)
    }
    steps: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, place in process.places.items():
        node = place.node
        steps[name] += [(flow.id, flow.target) for flow in place.outgoing]
        if isinstance(node, BoundaryEvent):
            steps[node.attached_to].append((name, name))
        elif isinstance(node, ThrowEvent) and isinstance(node.definition, LinkDefinition):
            landing = landings.get((place.scope, node.definition.link))
            steps[name] += [(name, landing)] if landing else []
    led_to = {target for ways in steps.values() for _, target in ways}
    for name, place in process.places.items():
        if name not in led_to:
            steps[place.scope].append((name, name))
    return steps


def _dominators(process: Process) -> Mapping[str, frozenset[str]]:
    """For each node that can be come to, the nodes (itself among them) and flows on every way to it.

    The sets only shrink: to what all ways in have in common, until nothing changes.
    """
    steps = _steps(process)
    passed: dict[str, frozenset[str]] = {ROOT: frozenset()}
    pending = [ROOT]
    while pending:
        source = pending.pop()
        for way, target in steps[source]:
            through = passed[source] | {way, target}
            before = passed.get(target)
            after = through if before is None else before & through
            if after != before:
                passed[target] = after
                pending.append(target)
    del passed[ROOT]
    return passed
