"""Statements about a decision that hold for every input, or do not.

A statement is FEEL over the inputs of a decision and its `outcome`; one about what happens as an input rises sees two
outcomes, `lower` and `higher`, of inputs that differ in this one alone. It is read on every way of the decision. A way
on which it is not true must be one that nobody can go; else an input on it is decided by the model itself, and a
counterexample is told only where the model confirms it. What is neither proved nor refuted is undecided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.item_types import UnknownType
from comptroller.domain.decisions.proving.deciding import decide
from comptroller.domain.decisions.proving.graphs import Graph, Making, Place
from comptroller.domain.decisions.proving.linear import TooMany
from comptroller.domain.decisions.proving.regions import as_inputs, region_of, values_of
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, Unknown, Way
from comptroller.domain.decisions.proving.values import Part
from comptroller.domain.feel import Evaluation, Type, Value, admit, compile_expression
from comptroller.domain.feel.compared import Compared
from comptroller.domain.feel.mentions import has_filter, keys_of, members_of
from comptroller.domain.feel.properties import PROPERTIES
from comptroller.domain.feel.text import literal_text

OUTCOME: Final = "outcome"
LOWER: Final = "lower"
HIGHER: Final = "higher"
PROPERTY_NAMES: Final = frozenset(name for _, name in PROPERTIES)


class Verdict(StrEnum):
    """What became of a statement; a closed list."""

    PROVED = "proved"
    BROKEN = "broken"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Statement:
    """What must be true of a decision; `rises` names the input of a statement about two outcomes.

    `given` are decisions that are taken as inputs, whatever they are made of.
    """

    decision: Named
    holds: str
    rises: str = ""
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of a statement: where it breaks, with inputs that break it, or why nobody can say."""

    verdict: Verdict
    message: str = ""
    region: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    higher: Any = None  # the value of the input that rises, in the second outcome


def prove(graph: Graph, statement: Statement, bases: Sequence[Mapping[str, Any]] = ()) -> Proof:
    """Prove a statement, or find an input that breaks it.

    `bases` are inputs that occur: where a way rests on something that is not looked into, a counterexample is sought
    near them.
    """
    return _Proving(graph, statement, bases).proof()


class _Proving:
    """The proof of one statement."""

    def __init__(self, graph: Graph, statement: Statement, bases: Sequence[Mapping[str, Any]]) -> None:
        self._graph = graph
        self._statement = statement
        self._bases = ({}, *bases)
        self._types = _inputs_of(graph, statement)
        names = (LOWER, HIGHER) if statement.rises else (OUTCOME,)
        self._names = (*self._types, *names)
        self._exact: set[Place] = set()
        self._written = compile_expression(statement.holds, self._names, members=graph.members)

    def proof(self) -> Proof:
        if self._written.faults:
            return Proof(Verdict.UNDECIDED, f"the statement cannot be read: {self._written.faults[0].message}")
        wanted = (*self._statement.given, *filter(None, [self._statement.rises]))
        if unknown := [*(name for name in wanted if name not in self._types), *self._unknown()]:
            return Proof(Verdict.UNDECIDED, f"the decision does not look at `{unknown[0]}`")
        while True:
            guessed = len(self._exact)
            found = self._explored()
            if len(self._exact) == guessed:
                return found

    def _unknown(self) -> list[str]:
        """What the statement names and nothing fills: null on every way, it would hold of everything."""
        node = self._graph.programs.read(self._statement.holds, self._names, self._graph.members)
        if node is None:
            return []
        own = keys_of(node)
        items = self._graph.entries if has_filter(node) else frozenset[str]()
        names = self._written.looked_up - {*self._names, *items}
        entries = members_of(node, {name for name, wanted in self._types.items() if wanted is None})
        return sorted(names) + sorted(entries - self._graph.entries - PROPERTY_NAMES - own)

    def _explored(self) -> Proof:
        """Go all ways; where one on which the statement does not hold rests on a guess, that is made exact instead."""
        open_way: Proof | None = None
        try:
            for way, holds in Exploration().ways(self._walk):
                if holds:
                    continue
                found = self._judged(way)
                if found is not None and found.verdict is Verdict.BROKEN:
                    return found
                if found is not None and way.picks:
                    self._exact |= {place for place, _ in way.picks}
                    return found
                open_way = open_way or found
        except Exhausted:
            return open_way or Proof(Verdict.UNDECIDED, "there are more cases than are gone through")
        except RecursionError:
            return Proof(Verdict.UNDECIDED, "the decision nests too deeply")
        return open_way or Proof(Verdict.PROVED)

    # ---- on a way ----------------------------------------------------------------------------------------------------

    def _walk(self, way: Way) -> bool:
        statement = self._statement
        own: dict[str, Part] = {name: Unknown((name,), self._types[name]) for name in statement.given}
        making = Making(self._graph, way, inputs=own, exact=self._exact)
        scope: dict[str, Part] = {name: making.input(name, wanted) for name, wanted in self._types.items()}
        node = self._graph.programs.read(statement.holds, self._names, self._graph.members)
        if statement.rises:
            low = Unknown((statement.rises,), self._types[statement.rises])
            high = Unknown((f"{statement.rises}, raised",), low.wanted)
            is_number = [
                way.ask(each, "number", lambda value: value.__class__ is Decimal, Compared((Decimal(0),)))
                for each in (low, high)
            ]
            if "False" in is_number:
                return True  # of what is no number nothing is said
            way.rises(low, high)
            own = {**own, statement.rises: high}
            raised = Making(self._graph, way, inputs=own, exact=self._exact)
            scope |= {LOWER: making.decision(statement.decision), HIGHER: raised.decision(statement.decision)}
        else:
            scope[OUTCOME] = making.decision(statement.decision)
        return node is None or making.reader.holds(node, scope)

    # ---- by the model itself -----------------------------------------------------------------------------------------

    def _judged(self, way: Way) -> Proof | None:
        """What is to be said of a way on which the statement does not hold; None where nobody can go it."""
        region = region_of(way)
        try:
            values = values_of(way)
        except TooMany:
            return Proof(Verdict.UNDECIDED, "too many inequalities meet", region)
        if values is None:
            return None
        raised = f"{self._statement.rises}, raised"
        higher = next((value for unknown, value in values.items() if unknown.key == (raised,)), None)
        own = {unknown: value for unknown, value in values.items() if unknown.key != (raised,)}
        for base in self._bases:
            inputs = as_inputs(own, base)
            if self._is_broken(inputs, higher):
                return Proof(Verdict.BROKEN, self._told(inputs, higher), region, inputs, higher)
        told = " and ".join(f"`{name}` {words}" for name, words in region.items()) or "any input"
        return Proof(Verdict.UNDECIDED, f"nobody can say where {told}", region)

    def _is_broken(self, inputs: Mapping[str, Any], higher: Value) -> bool:
        scope: dict[str, Value] = {name: admit(inputs.get(name)) for name in self._types}
        if self._statement.rises:
            raised = {**inputs, self._statement.rises: higher}
            scope |= {LOWER: self._decided(inputs), HIGHER: self._decided(raised)}
        else:
            scope[OUTCOME] = self._decided(inputs)
        return self._written.evaluate(scope, Evaluation()) is not True

    def _decided(self, inputs: Mapping[str, Any]) -> Value:
        return decide(self._graph, self._statement.decision, inputs, given=self._statement.given)

    def _told(self, inputs: Mapping[str, Any], higher: Value) -> str:
        if not self._statement.rises:
            return f"decided: {literal_text(self._decided(inputs))}"
        name = self._statement.rises
        before, after = self._decided(inputs), self._decided({**inputs, name: higher})
        return (
            f"at {literal_text(inputs.get(name))}: {literal_text(before)}; "
            f"at {literal_text(higher)}: {literal_text(after)}"
        )


def _inputs_of(graph: Graph, statement: Statement) -> dict[str, Type | None]:
    """The inputs of a decision, and the decisions that are taken as such, with their types."""
    model, name = graph.models[statement.decision.namespace], statement.decision.name
    found = dict(model.input_types(name))
    plan = model.plan(name)
    for step in plan.steps if plan is not None else ():
        if step.node.name in statement.given:
            found[step.node.name] = step.node.wanted
    return {each: None if isinstance(wanted, UnknownType) else wanted for each, wanted in found.items()}
