"""What a function of a model that was rewritten gives otherwise: nothing, for all arguments, or in regions."""

from collections.abc import Collection, Iterable, Iterator

from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.changes import QUESTIONS_MAX
from comptroller.domain.decisions.proving.effects import Effect, Region
from comptroller.domain.decisions.proving.graphs import Graph, Making
from comptroller.domain.decisions.proving.linear import TooMany
from comptroller.domain.decisions.proving.regions import as_inputs, region_of, values_of
from comptroller.domain.decisions.proving.tracing import gone_through, is_same, nobody_can_say
from comptroller.domain.decisions.proving.unknowns import Exploration, Unknown, Way


def trace_functions(
    before: Graph, after: Graph, changed: Iterable[tuple[str, str]], *, known: Collection[str] = ()
) -> Iterator[Effect]:
    """What becomes of the functions among what was changed (namespace and name), but for those that are `known`."""
    for name in (Named(*each) for each in changed):
        if name in before.functions and name in after.functions and name.name not in known:
            yield _Comparing(before, after, name).effect()


class _Comparing:
    """One function in both versions."""

    def __init__(self, before: Graph, after: Graph, name: Named) -> None:
        self._graphs = before, after
        self._name = name

    def effect(self) -> Effect:
        """What it gives otherwise."""
        one, other = (
            list(graph.models[self._name.namespace].parameter_types(self._name.name)) for graph in self._graphs
        )
        if one != other:
            return Effect(self._name.name, undecided="its parameters are others than before")
        regions, undecided = gone_through(Exploration(QUESTIONS_MAX).ways(self._walk), self._judged)
        return Effect(self._name.name, tuple(regions.values()), undecided)

    def _walk(self, way: Way) -> bool:
        makings = [Making(graph, way) for graph in self._graphs]
        routines = [making.function(self._name) for making in makings]
        given = {name: Unknown((name,), None) for name, _ in routines[1].parameters}
        return is_same(makings[1].reader, *(routine.call(given) for routine in routines))

    def _judged(self, way: Way) -> Region | str | None:
        """What both give of arguments on a way; nothing where nobody can go it, a text where nobody can say."""
        region = region_of(way)
        try:
            values = values_of(way)
        except TooMany:
            return "too many inequalities meet"
        if values is None:
            return None
        given = as_inputs(values, {})
        before, after = (
            graph.models[self._name.namespace].invoke(self._name.name, given).value for graph in self._graphs
        )
        if before == after:
            return nobody_can_say(way)
        return Region(region, given, before, after)
