"""Whether a scope is sound, by going through everything that its tokens can do.

Choices are taken as free: what data would never let happen together is not known to the graph. The net is made smaller
first, and then looked at marking by marking; what is found is exact, and a net too large for that is said to be so.
Sound is what never gets stuck, does nothing twice at once, and can come to its end from wherever it stands.
SOURCE: van der Aalst, "The application of Petri nets to workflow management", 1998, definition 8.
"""

from collections import deque
from collections.abc import Iterator

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.graph import Graph
from comptroller.domain.workflow.net import Logic, Net, fires, net_of, reduce

Marking = frozenset[int]


def check_behaviour(graph: Graph) -> Iterator[Fault]:
    """Deadlocks and missing synchronisation of a scope, each told once."""
    told: set[tuple[str, str]] = set()
    for start in graph.starts:
        net, begin = net_of(graph, start)
        reduce(net, begin)
        for found in _explore(net, begin, start):
            if (found.code, found.path) not in told:
                told.add((found.code, found.path))
                yield found


def _explore(net: Net, begin: int, start: str) -> Iterator[Fault]:
    first: Marking = frozenset(net.knots[begin].outs)
    before: dict[Marking, list[Marking]] = {first: []}  # in the order in which they were come to
    pending = deque([first])
    is_sound, moves = True, 0
    while pending:
        marking = pending.popleft()
        moved = False
        for after, key in _moves(net, marking):
            moved = True
            moves += 1
            if after is None:
                is_sound = False
                yield _unsynchronised(net.knots[key].name)
            elif after in before:
                before[after].append(marking)
            else:
                before[after] = [marking]
                pending.append(after)
            if len(before) > limits.WORKFLOW_MARKINGS_MAX or moves > limits.WORKFLOW_MOVES_MAX:
                yield _too_large(start)
                return
        if marking and not moved:
            is_sound = False
            yield from _stuck(net, marking)
    if is_sound:
        yield from _endless(net, before)


def _moves(net: Net, marking: Marking) -> Iterator[tuple[Marking | None, int]]:
    """What can come of a marking, by which knot; None when a token would meet one that is there already."""
    for key in sorted({net.edges[edge][1] for edge in marking}):
        for taken, put in fires(net, key, marking):
            yield _after(net, key, marking - taken, put), key


def _after(net: Net, key: int, rest: Marking, put: tuple[int, ...]) -> Marking | None:
    if net.knots[key].ends_all:
        return frozenset()
    return None if rest & set(put) else rest | set(put)


def _stuck(net: Net, marking: Marking) -> Iterator[Fault]:
    for key in sorted({net.edges[edge][1] for edge in marking}):
        if net.knots[key].join is not Logic.ONE:
            yield fault(
                "WORKFLOW-SOUND-01",
                net.knots[key].name,
                "the case can get stuck: a token waits here for others that never come",
                help="join what was parted by the same kind of gateway",
            )


def _endless(net: Net, before: dict[Marking, list[Marking]]) -> Iterator[Fault]:
    """The first marking from which no way leads to the end."""
    done: Marking = frozenset()
    ending = {done} & before.keys()
    pending = list(ending)
    while pending:
        for earlier in before[pending.pop()]:
            if earlier not in ending:
                ending.add(earlier)
                pending.append(earlier)
    for marking in before:
        if marking not in ending:
            yield fault(
                "WORKFLOW-SOUND-04",
                min(net.knots[net.edges[edge][1]].name for edge in marking),
                "from here the case never ends, whatever is chosen: one branch always comes back",
                help="end the branch, or part it off before the loop",
            )
            return


def _too_large(start: str) -> Fault:
    return fault(
        "WORKFLOW-SOUND-03",
        start,
        f"what follows is too large to be looked at whole: {limits.WORKFLOW_MARKINGS_MAX} markings, or "
        f"{limits.WORKFLOW_MOVES_MAX} moves between them, were",
        help="draw parts of it as sub-processes",
        severity=Severity.WARNING,
    )


def _unsynchronised(name: str) -> Fault:
    return fault(
        "WORKFLOW-SOUND-02",
        name,
        "what follows can be done twice: branches that go on side by side come together here without waiting",
        help="bring them together with a parallel gateway",
    )
