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
from comptroller.domain.decisions.proving.spoken import can_be, never_said, texts_compared
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, IsOver, Unknown, Way
from comptroller.domain.decisions.proving.values import Part
from comptroller.domain.decisions.regions_in_words import region_in_words
from comptroller.domain.feel import Evaluation, Type, Value, admit, compile_expression, tree
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
    """What became of a statement: where it breaks, with inputs that break it, or why nobody can say.

    `code` tells what is wrong with the statement itself, where that is why.
    """

    verdict: Verdict
    message: str = ""
    code: str = ""
    region: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    higher: Any = None  # the value of the input that rises, in the second outcome


UNREADABLE: Final = "PACK-INVARIANT-04"
NOT_THERE: Final = "PACK-INVARIANT-05"
NEVER_SAID: Final = "PACK-INVARIANT-06"
VACUOUS: Final = "PACK-INVARIANT-07"
TOO_LONG: Final = "PACK-INVARIANT-08"
"""What is wrong with a statement that nobody can say is true: no FEEL; it names what is not there; it compares with a
text that never occurs; it applies to nothing; more is to be gone through than there is time for."""


def prove(
    graph: Graph,
    statement: Statement,
    bases: Sequence[Mapping[str, Any]] = (),
    *,
    is_over: IsOver = lambda: False,
) -> Proof:
    """Prove a statement, or find an input that breaks it.

    `bases` are inputs that occur: where a way rests on something that is not looked into, a counterexample is sought
    near them. `is_over` says when nothing more is gone through.
    """
    return _Proving(graph, statement, bases, is_over).proof()


def condition_of(node: tree.Node | None) -> tuple[tree.Node, bool] | None:
    """The condition of a statement that is true of all else, and the truth that it must have for the rest to count."""
    match node:
        case tree.If(condition=condition, alternative=tree.Literal(value=True)):
            return condition, True
        case tree.If(condition=condition, consequence=tree.Literal(value=True)):
            return condition, False
    return None


class _Proving:
    """The proof of one statement."""

    def __init__(self, graph: Graph, statement: Statement, bases: Sequence[Mapping[str, Any]], is_over: IsOver) -> None:
        self._graph = graph
        self._statement = statement
        self._bases = ({}, *bases)
        self._types = _inputs_of(graph, statement)
        names = (LOWER, HIGHER) if statement.rises else (OUTCOME,)
        self._names = (*self._types, *names)
        self._exact: set[Place] = set()
        self._written = compile_expression(statement.holds, self._names, members=graph.members)
        self._node = graph.programs.read(statement.holds, self._names, graph.members)
        self._condition = condition_of(self._node)
        self._is_over = is_over

    def proof(self) -> Proof:
        if self._written.faults:
            reason = f"the statement cannot be read: {self._written.faults[0].message}"
            return Proof(Verdict.UNDECIDED, reason, UNREADABLE)
        wanted = (*self._statement.given, *filter(None, [self._statement.rises]))
        if unknown := [*(name for name in wanted if name not in self._types), *self._unknown()]:
            return Proof(Verdict.UNDECIDED, f"the decision does not look at `{unknown[0]}`", NOT_THERE)
        if never := self._never_said():
            return Proof(Verdict.UNDECIDED, never, NEVER_SAID)
        while True:
            guessed = len(self._exact)
            found = self._explored()
            if len(self._exact) == guessed:
                return found

    def _unknown(self) -> list[str]:
        """What the statement names and nothing fills: null on every way, it would hold of everything."""
        node = self._node
        if node is None:
            return []
        own = keys_of(node)
        items = self._graph.entries if has_filter(node) else frozenset[str]()
        names = self._written.looked_up - {*self._names, *items}
        entries = members_of(node, {name for name, wanted in self._types.items() if wanted is None})
        return sorted(names) + sorted(entries - self._graph.entries - PROPERTY_NAMES - own)

    def _never_said(self) -> str:
        """What the statement compares with a text that it never is: equal to nothing, it would hold of everything."""
        compared = {} if self._node is None else texts_compared(self._node, frozenset(self._names))
        for path, texts in compared.items():
            for text in texts if path[0] in self._types else ():
                if not can_be(self._types[path[0]], path[1:], text):
                    return f"`{'.'.join(path)}` is never {literal_text(text)}"
        said = {path[1:]: texts for path, texts in compared.items() if path[0] not in self._types}
        never = never_said(self._outcome_of, said) if said else None
        if never is None:
            return ""
        path, text = never
        return f"the decision never says {literal_text(text)}{' in `' + '.'.join(path) + '`' if path else ''}"

    def _outcome_of(self, way: Way) -> Part:
        """What the decision says on a way, with every table guessed."""
        own: dict[str, Part] = {name: Unknown((name,), self._types[name]) for name in self._statement.given}
        return Making(self._graph, way, inputs=own, exact=()).decision(self._statement.decision)

    def _explored(self) -> Proof:
        """Go all ways; where one on which the statement does not hold rests on a guess, that is made exact instead."""
        open_way: Proof | None = None
        counts = self._condition is None
        try:
            for way, (applies, holds) in Exploration(is_over=self._is_over).ways(self._walk):
                counts = counts or (applies and _can_be_gone(way))
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
            return open_way or Proof(Verdict.UNDECIDED, "there are more cases than are gone through", TOO_LONG)
        except RecursionError:
            return Proof(Verdict.UNDECIDED, "the decision nests too deeply")
        if open_way is None and not counts:
            return Proof(Verdict.UNDECIDED, "it applies to no input: its condition is met by none", VACUOUS)
        return open_way or Proof(Verdict.PROVED)

    # ---- on a way ----------------------------------------------------------------------------------------------------

    def _walk(self, way: Way) -> tuple[bool, bool]:
        """Whether the condition of the statement is met on a way, and whether the statement holds."""
        statement = self._statement
        own: dict[str, Part] = {name: Unknown((name,), self._types[name]) for name in statement.given}
        making = Making(self._graph, way, inputs=own, exact=self._exact)
        scope: dict[str, Part] = {name: making.input(name, wanted) for name, wanted in self._types.items()}
        if statement.rises:
            low = Unknown((statement.rises,), self._types[statement.rises])
            high = Unknown((f"{statement.rises}, raised",), low.wanted)
            is_number = [
                way.ask(each, "number", lambda value: value.__class__ is Decimal, Compared((Decimal(0),)))
                for each in (low, high)
            ]
            if "False" in is_number:
                return False, True  # of what is no number nothing is said
            way.rises(low, high)
            own = {**own, statement.rises: high}
            raised = Making(self._graph, way, inputs=own, exact=self._exact)
            scope |= {LOWER: making.decision(statement.decision), HIGHER: raised.decision(statement.decision)}
        else:
            scope[OUTCOME] = making.decision(statement.decision)
        reader = making.reader
        applies = self._condition is None or reader.holds(self._condition[0], scope) is self._condition[1]
        return applies, self._node is None or reader.holds(self._node, scope)

    # ---- by the model itself -----------------------------------------------------------------------------------------

    def _judged(self, way: Way) -> Proof | None:
        """What is to be said of a way on which the statement does not hold; None where nobody can go it."""
        region = region_of(way)
        try:
            values = values_of(way)
        except TooMany:
            return Proof(Verdict.UNDECIDED, "too many inequalities meet", region=region)
        if values is None:
            return None
        raised = f"{self._statement.rises}, raised"
        higher = next((value for unknown, value in values.items() if unknown.key == (raised,)), None)
        own = {unknown: value for unknown, value in values.items() if unknown.key != (raised,)}
        for base in self._bases:
            inputs = as_inputs(own, base)
            if self._is_broken(inputs, higher):
                return Proof(Verdict.BROKEN, self._told(inputs, higher), region=region, inputs=inputs, higher=higher)
        return Proof(Verdict.UNDECIDED, f"nobody can say where {region_in_words(region) or 'any input'}", region=region)

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


def _can_be_gone(way: Way) -> bool:
    """Whether somebody may go a way: yes where that is not found out."""
    try:
        return values_of(way) is not None
    except TooMany:
        return True


def _inputs_of(graph: Graph, statement: Statement) -> dict[str, Type | None]:
    """The inputs of a decision, and the decisions that are taken as such, with their types."""
    model, name = graph.models[statement.decision.namespace], statement.decision.name
    found = dict(model.input_types(name))
    plan = model.plan(name)
    for step in plan.steps if plan is not None else ():
        if step.node.name in statement.given:
            found[step.node.name] = step.node.wanted
    return {each: None if isinstance(wanted, UnknownType) else wanted for each, wanted in found.items()}
