"""Random small graphs of decisions, decided at every combination of values: what proofs are held against.

Two numbers, a text and a truth go through a chain of tables and expressions. All literals are tens, so that fives, tens
and their neighbours stand for every number; null stands for what is missing. A proof must say what trying all says.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.feel import Evaluation, Value, compile_expression

SPACE = "urn:graphs"
INPUTS = {"amount": "number", "limit": "number", "kind": "string", "known": "boolean"}
NUMBERS = (*(Decimal(each) for each in (-60, -1, 0, 5, 9, 10, 11, 15, 19, 20, 21, 25, 29, 30, 31, 40)), None)
POINTS: Mapping[str, tuple[Value, ...]] = {
    "amount": NUMBERS,
    "limit": (Decimal(-60), *NUMBERS[1::2]),
    "kind": ("a", "b", "neither", None),
    "known": (True, False, None),
}

_NUMBER_CELLS = ("-", "-", "<= 10", "> 10", "[10..20]", "> 20", "not(null)", "null", "< 30", "(20..30)")
_CELLS = {
    "number": (*_NUMBER_CELLS, "? > 10", "? > limit", 'kind = "a"'),
    "string": ("-", "-", '"a"', '"b"', 'not("a")', "null", '"a", null', '? = "a"', "known", "amount > limit"),
    "boolean": ("-", "-", "true", "false", "null", "not(true)", "? or known", "amount > 10"),
}
_EXPRESSIONS = (
    ("number", "amount + limit"),
    ("number", "if known then amount else limit"),
    ("number", "max(amount, limit)"),
    ("number", "2 * amount - limit"),
    ("boolean", "amount > limit"),
    ("boolean", "known and amount <= 20"),
    ("boolean", 'kind = "a" or amount = 10'),
    ("boolean", "amount between 10 and 20"),
    ("string", 'if amount >= limit then "a" else kind'),
    ("string", 'if kind in ("a", "b") then kind else "b"'),
)
_ONE = (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY)
_CONCLUSIONS = {"number": ("10", "20", "amount"), "string": ('"a"', '"b"', "kind"), "boolean": ("true", "false")}


class RandomGraph:
    """A chain of decisions, each seeing the inputs and those before it; the last one is the one that is asked."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.types = dict(INPUTS)
        self.decisions: list[Decision] = []
        for number in range(chance.randint(2, 4)):
            self._add(f"step {number}")

    @property
    def last(self) -> str:
        """The decision that is asked."""
        return self.decisions[-1].name

    def definitions(self) -> Definitions:
        inputs = tuple(InputData(name, name, InformationItem(name, type_ref)) for name, type_ref in INPUTS.items())
        return Definitions("graph", SPACE, elements=(*inputs, *self.decisions))

    def version(self) -> list[tuple[Definitions, Model]]:
        definitions = self.definitions()
        return [(definitions, compile_model(definitions))]

    def changed(self) -> "RandomGraph":
        """The graph with one decision made anew."""
        other = RandomGraph(random.Random(self._chance.random()))
        other.types, other.decisions = dict(self.types), list(self.decisions)
        place = self._chance.randrange(len(self.decisions))
        name = self.decisions[place].name
        seen = {each: type_ref for each, type_ref in self.types.items() if each in INPUTS or each < name}
        other.decisions[place] = other._table(name, seen, self.types[name])
        if isinstance(self.decisions[place].expression, DecisionTable) and self._chance.random() < 0.7:
            other.decisions[place] = replace(self.decisions[place], expression=self._mutated(self.decisions[place]))
        return other

    def behind(self, written: Sequence[tuple[str, str]]) -> list[str]:
        """The decisions that are written anew, and those that see one of them."""
        names = {name for _, name in written}
        first = next((place for place, each in enumerate(self.decisions) if each.name in names), len(self.decisions))
        return [each.name for each in self.decisions[first:]]

    def _mutated(self, decision: Decision) -> DecisionTable:
        table = decision.expression
        assert isinstance(table, DecisionTable)
        rules = list(table.rules)
        place = self._chance.randrange(len(rules))
        rule = rules[place]
        column = self._chance.randrange(len(rule.inputs))
        cells = _CELLS[table.inputs[column].expression.type_ref]
        inputs = [*rule.inputs[:column], UnaryTests(self._chance.choice(cells)), *rule.inputs[column + 1 :]]
        rules[place] = replace(rule, inputs=tuple(inputs))
        return replace(table, rules=tuple(rules))

    def _add(self, name: str) -> None:
        if self._chance.random() < 0.35:
            type_ref, text = self._chance.choice(_EXPRESSIONS)
            self.decisions.append(self._decision(name, type_ref, LiteralExpression(text), self.types))
        else:
            type_ref = self._chance.choice(("number", "string", "boolean"))
            self.decisions.append(self._table(name, self.types, type_ref))
        self.types[name] = type_ref

    def _table(self, name: str, seen: Mapping[str, str], type_ref: str) -> Decision:
        chosen = self._chance.sample(list(seen), k=self._chance.randint(1, 3))
        chosen[0] = next((each for each in reversed(list(seen)) if each not in INPUTS), chosen[0])
        columns = list(dict.fromkeys(chosen))
        rules = tuple(
            Rule(
                tuple(UnaryTests(self._chance.choice(_CELLS[seen[column]])) for column in columns),
                (LiteralExpression(self._chance.choice(_CONCLUSIONS[type_ref])),),
            )
            for _ in range(self._chance.randint(1, 4))
        )
        clauses = tuple(InputClause(LiteralExpression(column, seen[column])) for column in columns)
        listed = UnaryTests('"b", "a"') if type_ref == "string" else None
        policy = self._chance.choice(_ONE if type_ref == "string" else _ONE[:3])
        output = OutputClause(type_ref="" if listed is None else type_ref, allowed=None)
        if policy is HitPolicy.PRIORITY:
            rules = tuple(
                replace(each, outputs=(LiteralExpression(self._chance.choice(('"a"', '"b"'))),)) for each in rules
            )
            output = replace(output, allowed=listed)
        return self._decision(name, type_ref, DecisionTable(clauses, (output,), rules, policy), seen)

    def _decision(
        self, name: str, type_ref: str, logic: DecisionTable | LiteralExpression, seen: Mapping[str, str]
    ) -> Decision:
        return Decision(
            name,
            name,
            InformationItem(name, type_ref),
            logic,
            required_inputs=tuple(Reference(SPACE, each) for each in seen if each in INPUTS),
            required_decisions=tuple(Reference(SPACE, each) for each in seen if each not in INPUTS),
        )


def points() -> Iterator[dict[str, Value]]:
    """Every combination of values."""
    for values in product(*POINTS.values()):
        yield dict(zip(POINTS, values, strict=True))


def statement(chance: random.Random, type_ref: str) -> str:
    """Something that may be true of a graph's outcome."""
    about = {
        "number": ("outcome >= 0", "outcome != 20", "outcome = null or outcome <= amount", "outcome = 10"),
        "string": (
            'outcome != "a"',
            'outcome = "b" or outcome = kind',
            "outcome != null",
            'outcome in ("a", "b", kind)',
        ),
        "boolean": ("outcome", "outcome != true", "outcome = null or outcome", "outcome != null"),
    }
    asked = chance.choice(about[type_ref])
    if chance.random() < 0.6:
        condition = chance.choice(("amount > 20", 'kind = "a"', "known", "amount > limit", "amount + limit < 10"))
        return f"if {condition} then {asked} else true"
    return asked


def is_true_at(graph: RandomGraph, holds: str, point: Mapping[str, Value]) -> bool:
    """Whether a statement is true at a point, by deciding it."""
    ((_, model),) = graph.version()
    written = compile_expression(holds, (*INPUTS, "outcome"))
    inputs = {**dict.fromkeys(INPUTS), **point}
    return written.evaluate({**inputs, "outcome": model.decide(graph.last, inputs).value}, Evaluation()) is True


def broken_at(graph: RandomGraph, holds: str) -> list[dict[str, Value]]:
    """The points at which a statement is not true, by deciding each."""
    ((_, model),) = graph.version()
    written = compile_expression(holds, (*INPUTS, "outcome"))
    return [
        point
        for point in points()
        if written.evaluate({**point, "outcome": model.decide(graph.last, point).value}, Evaluation()) is not True
    ]
