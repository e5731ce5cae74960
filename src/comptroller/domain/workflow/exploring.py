"""Whether a scope is sound, by going through everything that its tokens can do.

Choices are taken as free: what data would never let happen together is not known to the graph. The net is made smaller
first, and then looked at marking by marking; what is found is exact, and a net too large for that is said to be so.
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
    seen, pending = {first}, deque([first])
    while pending:
        marking = pending.popleft()
        moved = False
        for key in {net.edges[edge][1] for edge in marking}:
            for taken, puts in fires(net, key, marking):
                moved = True
                for put in puts:
                    after = _after(net, key, marking - taken, put)
                    if after is None:
                        yield _unsynchronised(net.knots[key].name)
                    elif after not in seen:
                        seen.add(after)
                        pending.append(after)
        if marking and not moved:
            yield from _stuck(net, marking)
        if len(seen) > limits.WORKFLOW_MARKINGS_MAX:
            yield fault(
                "WORKFLOW-SOUND-03",
                start,
                f"what follows is too large to be looked at whole: {limits.WORKFLOW_MARKINGS_MAX} markings were",
                help="draw parts of it as sub-processes",
                severity=Severity.WARNING,
            )
            return


def _after(net: Net, key: int, rest: Marking, put: tuple[int, ...]) -> Marking | None:
    """The marking after a knot has fired; None when a token would meet one that is there already."""
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


def _unsynchronised(name: str) -> Fault:
    return fault(
        "WORKFLOW-SOUND-02",
        name,
        "what follows can be done twice: branches that go on side by side come together here without waiting",
        help="bring them together with a parallel gateway",
    )
