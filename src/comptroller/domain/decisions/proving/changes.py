"""What a change means for the decisions that build on what was changed.

Both versions decide of the same unknown inputs. A decision is proved to stay as it was where no way leads to two
outcomes, and stands for itself in what looks at it. Where a process hands outcomes on, the decisions of other models
are made of them in their place: one way leads through all.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.effects import Effect
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.proving.influence import Influence
from comptroller.domain.decisions.proving.nearby import Bases, Nearby
from comptroller.domain.decisions.proving.reach import Reach
from comptroller.domain.decisions.proving.tracing import SHOWN_QUESTIONS_MAX, Tracing

QUESTIONS_MAX: Final = 20_000
"""Questions that the tracing of one decision may ask."""


def trace(
    before: Graph,
    after: Graph,
    changed: Collection[tuple[str, str]],
    bases: Bases | None = None,
    *,
    known: Collection[str] = (),
) -> tuple[Effect, ...]:
    """Follow changed decisions and knowledge models (namespace and name) to every decision that looks at them.

    The changed decisions are traced too, in the order of the new version's files; of the models to which their outcomes
    are handed the decisions on which no other one of the model builds. Where the ways of a decision leave open what it
    says, inputs near `bases` are decided. Of changed decisions that are `known` (by name) it is clear already what they
    decide otherwise: they are left out.
    """
    reach = Reach(before, after, [Named(*each) for each in changed])
    return _Change(reach, bases or {}).effects(QUESTIONS_MAX, known=known)


def trace_handed(
    before: Graph, after: Graph, changed: Collection[tuple[str, str]], bases: Bases, questions: int
) -> tuple[Effect, ...]:
    """Follow changes to the decisions of other models alone, with so many questions for each."""
    return _Change(Reach(before, after, [Named(*each) for each in changed]), bases).effects(questions, own=False)


class _Change:
    """What was changed, and what it means for the decisions behind it."""

    def __init__(self, reach: Reach, bases: Bases) -> None:
        self._reach = reach
        self._nearby = Nearby(reach, bases, self._shown)
        self._influence = Influence(*reach.graphs)
        self._effects: dict[Named, Effect] = {}
        self._begun: set[Named] = set()

    def effects(self, questions: int, *, own: bool = True, known: Collection[str] = ()) -> tuple[Effect, ...]:
        """What the change means for each decision behind it."""
        told = list(self._reach.told(own=own, known=known))
        for name in told:
            self._settle(name, questions, told)
        return tuple(self._effects[name] for name in told)

    def _settle(self, name: Named, questions: int, told: Collection[Named]) -> None:
        """Find out what the change means for a decision, after those of which it is told that it looks at."""
        if name in self._begun:
            return
        self._begun.add(name)
        for each in self._reach.looked_at(name):
            self._settle(each, questions, told)
        if name not in told:
            return
        if self._influence.of(name):
            self._effects[name] = self._tracing(name, questions).effect()
            if self._effects[name].is_none:
                self._influence.settle(name)
        else:
            self._effects[name] = Effect(name.name, is_handed=bool(self._reach.filled(name)))

    def _tracing(self, name: Named, questions: int) -> "Tracing":
        return Tracing(self._reach, self._nearby, name, questions, self._influence.unreached)

    def _shown(self, name: Named) -> Sequence[Mapping[str, Any]]:
        """Inputs on which a decision is known to differ by its ways alone."""
        found = self._effects.get(name) or self._tracing(name, SHOWN_QUESTIONS_MAX).explored()
        return [region.inputs for region in found.regions]
