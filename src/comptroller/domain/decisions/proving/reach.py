"""What stands behind a change: the decisions that look at what was changed, in its model and by what is handed on."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from comptroller.domain.decisions.definitions import Decision, InputData
from comptroller.domain.decisions.dependents import dependents
from comptroller.domain.decisions.handing import Handed, Named
from comptroller.domain.decisions.item_types import form_of
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.proving.deciding import decide_handed
from comptroller.domain.decisions.proving.graphs import Graph, Place
from comptroller.domain.decisions.proving.unknowns import Unknown
from comptroller.domain.decisions.proving.values import Part

_NUMBER: Final = re.compile(r"(?<![\w.\"-])\d+(?:\.\d+)?(?![\w.\"-])")


class Reach:
    """Both versions, what was changed between them, and what looks at it.

    `own` are what was changed and the elements behind it that need no process to see it; `followed` the decisions whose
    outcomes carry the change to other models; `inputs` those that the versions have of different types; `tables` what
    stands in what was changed.
    """

    def __init__(self, before: Graph, after: Graph, changed: Sequence[Named]) -> None:
        self.graphs = before, after
        self._changed = changed
        self._reach = {each: self._behind(each) for each in changed}
        self.own = {name for each in changed for name in (each, *self._dependents(each, is_handed=False))}
        self._touched = set[Named]().union(*self._reach.values())
        self.followed = {
            handed.decision
            for graph in self.graphs
            for handed in graph.handing.values()
            if handed.decision in self._touched
        }
        self.inputs = _of_other_types(before, after)
        self.tables = {place for place in after.tables if _owner(place) in set(changed)}

    def told(self, *, own: bool, known: Collection[str] = ()) -> Iterator[Named]:
        """The decisions of which it is told what the change means; with `own` those that need no process too.

        Of changed decisions that are `known` nothing is told.
        """
        for name in self.graphs[1].decisions:
            is_told = (own and name in self.own) or (self.filled(name) and self._is_answer(name))
            is_known = name in self._changed and name.name in known and not self.filled(name)
            if name in self.graphs[0].decisions and is_told and not is_known:
                yield name

    def cut(self, name: Named) -> Sequence[Named]:
        """Decisions without which nothing of the change comes to one: where they say the same, so does it."""
        changes = [each for each in self._changed if name in self._reach[each]]
        if all(each in graph.decisions for each in changes for graph in self.graphs):
            return changes
        if name in self.own:
            return []  # a knowledge model is no decision that can be looked at
        return self.handed_to(name)

    def handed_to(self, name: Named) -> Sequence[Named]:
        """The decisions behind the change whose outcomes come to the model of another one."""
        return list(dict.fromkeys(each.decision for each in self.filled(name).values()))

    def looked_at(self, name: Named) -> Iterator[Named]:
        """The decisions behind the change that a decision looks at, in its model and by what it is handed."""
        element = self.graphs[1].elements[self.graphs[1].decisions[name]]
        required = element.required_decisions if isinstance(element, Decision) else ()
        known = {reference: each for each, reference in self.graphs[1].decisions.items() if reference in required}
        behind = [each for each in known.values() if each in self._touched and each in self.graphs[0].decisions]
        yield from behind
        yield from self.handed_to(name)

    def filled(self, name: Named) -> dict[Named, Handed]:
        """The inputs of a decision that are filled with outcomes behind the change."""
        return {
            given: handed
            for graph in self.graphs
            for given, handed in graph.handed_to(name)
            if handed.decision in self.followed
        }

    @property
    def numbers(self) -> Sequence[Decimal]:
        """The numbers that one version writes where the other writes others, and what lies in the middle of them."""
        written = [
            Counter(_NUMBER.findall(graph.programs.written(graph.elements[graph.decisions[each]])))
            for graph in self.graphs
            for each in self._changed
            if each in graph.decisions
        ]
        found = sorted({Decimal(each) for one in written for other in written for each in one - other})
        return [*found, (found[0] + found[-1]) / 2] if found else []

    def decided(self, name: Named, inputs: Mapping[str, Any]) -> tuple[Outcome, Outcome]:
        """What the models of both versions decide, each through its own chain."""
        before, after = (decide_handed(graph, name, inputs, self.followed) for graph in self.graphs)
        return before, after

    def _behind(self, name: Named) -> set[Named]:
        return {name, *self._dependents(name, is_handed=True)}

    def _dependents(self, name: Named, *, is_handed: bool) -> Iterator[Named]:
        for graph in self.graphs:
            yield from dependents(graph.definitions.values(), [name], graph.handing if is_handed else None)

    def _is_answer(self, name: Named) -> bool:
        """Whether a decision is what its model is asked for: it is handed on, or no other one builds on it."""
        if name in self.followed:
            return True
        users = dependents([self.graphs[1].definitions[name.namespace]], [name])
        return not any(each in self.graphs[1].decisions for each in users)


def _of_other_types(before: Graph, after: Graph) -> dict[str, Part]:
    """The inputs that both versions have, of different types: nobody says of them what they are."""
    forms: dict[str, set[object]] = {}
    for graph in (before, after):
        for place, element in graph.elements.items():
            if isinstance(element, InputData):
                wanted = graph.type(place.namespace, element.variable.type_ref)
                forms.setdefault(element.name, set()).add(form_of(wanted))
    return {name: Unknown((name,), None) for name, found in forms.items() if len(found) > 1}


def _owner(place: Place) -> Named:
    return Named(place[0], place[1].partition("[")[2].partition("]")[0])
