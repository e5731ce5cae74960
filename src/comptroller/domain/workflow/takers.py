"""Who takes what is thrown, as far as the drawing tells: errors that nobody takes, and takers that nothing can reach.

An error goes outward, scope by scope, until a boundary event or an event sub-process takes it. The codes that a drawing
throws are known; a service, a decision or a called process may answer with any other.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    Node,
    ProcessModel,
    Scope,
    ServiceTask,
    StartEvent,
    SubProcess,
)


@dataclass(frozen=True, slots=True)
class Thrown:
    """The errors that leave a place: by code, who throws it; `others` when any code may come."""

    codes: dict[str, str]
    others: bool = False

    def reaches(self, code: str) -> bool:
        """Whether a taker of the code may have something to take; the empty code takes every error."""
        return self.others or code in self.codes or (not code and bool(self.codes))

    def without(self, taken: set[str]) -> "Thrown":
        """What goes on outward when some codes are taken."""
        if "" in taken:
            return Thrown({})
        return Thrown({code: by for code, by in self.codes.items() if code not in taken}, self.others)


def check_takers(scope: Scope) -> Iterator[Fault]:
    """What is thrown and taken in a scope, without the scopes in it."""
    yield from _check_twice(scope)
    leaving = _leaving(scope)
    for boundary in scope.nodes:
        if isinstance(boundary, BoundaryEvent) and isinstance(boundary.definition, ErrorDefinition):
            host = next((node for node in scope.nodes if node.id == boundary.attached_to), None)
            if host is not None and not _thrown_by(host).reaches(boundary.definition.error):
                yield _unreached(boundary.id, f"`{host.id}`")
    for taker, start in _begun(scope):
        if isinstance(start.definition, ErrorDefinition):
            others = (thrown for node, thrown in leaving.items() if node != taker.id)
            if not any(thrown.reaches(start.definition.error) for thrown in others):
                yield _unreached(start.id, f"`{scope.id}`")
    if isinstance(scope, ProcessModel):
        for code, by in _thrown_in(scope).codes.items():
            if not code:
                continue  # told where it is drawn
            yield fault(
                "WORKFLOW-ERROR-04",
                by,
                f"nothing in the process takes the error `{code}`: the case stands here with an incident then, unless "
                "it was called by a process that takes it",
                help="draw an error event on a boundary around it, or end by terminating",
                severity=Severity.WARNING,
            )


def never_completes(node: Node) -> bool:
    """Whether a sub-process can only be left by an error or by being cancelled, so that nothing follows it plainly."""
    if not isinstance(node, SubProcess) or any(start.interrupting for _, start in _begun(node)):
        return False
    ends = [each for each in node.nodes if isinstance(each, EndEvent)]
    return bool(ends) and all(isinstance(end.definition, ErrorDefinition) for end in ends)


def _check_twice(scope: Scope) -> Iterator[Fault]:
    places: list[tuple[str, str, EventDefinition | None]] = [
        (node.attached_to, node.id, node.definition) for node in scope.nodes if isinstance(node, BoundaryEvent)
    ]
    places += [(scope.id, start.id, start.definition) for _, start in _begun(scope)]
    seen: Counter[tuple[str, str, str]] = Counter()
    for place, event, definition in places:
        match definition:
            case ErrorDefinition(code):
                kind, number = "error", "WORKFLOW-ERROR-05"
            case EscalationDefinition(code):
                kind, number = "escalation", "WORKFLOW-ESCALATION-02"
            case _:
                continue
        seen[place, kind, code] += 1
        if seen[place, kind, code] > 1:
            what = f"the {kind} `{code}`" if code else f"every {kind}"
            message = f"{what} is taken here already: this event never happens"
            yield fault(number, event, message, help="take one of them away, or give it another code")


def _unreached(event: str, where: str) -> Fault:
    return fault(
        "WORKFLOW-ERROR-03",
        event,
        f"nothing in {where} throws this error: what follows the event never happens",
        help="let it take the code that is thrown, or take it away",
        severity=Severity.WARNING,
    )


def _begun(scope: Scope) -> Iterator[tuple[SubProcess, StartEvent]]:
    """The event sub-processes of a scope, with what begins them."""
    for node in scope.nodes:
        if isinstance(node, SubProcess) and node.by_event:
            yield from ((node, start) for start in node.nodes if isinstance(start, StartEvent))


def _thrown_in(scope: Scope) -> Thrown:
    """What leaves a scope: no event sub-process takes what it throws itself."""
    takers = [
        (taker.id, start.definition.error)
        for taker, start in _begun(scope)
        if isinstance(start.definition, ErrorDefinition)
    ]
    found = Thrown({})
    for node, thrown in _leaving(scope).items():
        left = thrown.without({code for taker, code in takers if taker != node})
        found = Thrown(found.codes | left.codes, found.others or left.others)
    return found


def _leaving(scope: Scope) -> dict[str, Thrown]:
    """What each node that throws at all throws, without what the events on its boundary take."""
    taken: dict[str, set[str]] = {}
    for event in scope.nodes:
        if isinstance(event, BoundaryEvent) and isinstance(event.definition, ErrorDefinition):
            taken.setdefault(event.attached_to, set()).add(event.definition.error)
    thrown = {node.id: _thrown_by(node).without(taken.get(node.id, set())) for node in scope.nodes}
    return {node: each for node, each in thrown.items() if each.codes or each.others}


def _thrown_by(node: Node) -> Thrown:
    match node:
        case EndEvent(definition=ErrorDefinition(code)):
            return Thrown({code: node.id})
        case SubProcess():
            return _thrown_in(node)
        case ServiceTask() | BusinessRuleTask() | CallActivity():
            return Thrown({}, others=True)
        case _:
            return Thrown({})
