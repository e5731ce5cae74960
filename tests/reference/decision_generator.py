"""Generates small decision models: typed inputs, decisions that need decisions, functions, tables, boxed expressions.

Half of the tables are plain (typed variables, literals in the cells, constant outputs), so that the product takes its
fast lanes; the others have expressions in every place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.reference.choosing import Chooser, one, rarely
from tests.reference.feel_forms import FORMS
from tests.reference.feel_generator import LITERALS, MEMBERS, NAMES, VARIABLES, Generator, literal
from tests.reference.feel_writer import write

from comptroller.domain.decisions.definitions import (
    Aggregation,
    Binding,
    BoxedExpression,
    BoxedList,
    BusinessKnowledgeModel,
    Conditional,
    Context,
    ContextEntry,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    Filter,
    FunctionDefinition,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    Invocation,
    ItemDefinition,
    Iterator,
    IteratorKind,
    LiteralExpression,
    OutputClause,
    Reference,
    Relation,
    Rule,
    UnaryTests,
)

NAMESPACE = "urn:reference"
DECISIONS = ("answer", "first result", "second-guess")
KNOWLEDGE = ("scaled", "rated by hand")
TYPE_NAMES = {
    "moment": "dateTime",
    "seconds": "dayTimeDuration",
    "months": "yearMonthDuration",
    "list of number": "tNumbers",
    "list of context": "tLines",
    "context": "tLine",
}
POLICIES = tuple((policy, Aggregation.LIST) for policy in HitPolicy) + tuple(
    (HitPolicy.COLLECT, aggregation) for aggregation in Aggregation
)
RANKED = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
INDEXED = ("number", "string", "boolean", "date")
STRAIGHT = tuple(
    (policy, Aggregation.LIST) for policy in (HitPolicy.FIRST, HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY)
)
ITEMS = (
    ItemDefinition("tNumbers", "number", is_collection=True),
    ItemDefinition(
        "tLine",
        components=(ItemDefinition("net amount", "number"), ItemDefinition("kind", "tKind")),
    ),
    ItemDefinition("tLines", "tLine", is_collection=True),
    ItemDefinition("tKind", "string", allowed=UnaryTests('"a", "b", "abc", ""')),
)
RESULTS = ("number", "string", "boolean", "date", "list of number", "list of context", "context", "seconds")


def definitions(chooser: Chooser) -> Definitions:
    """A model whose decision `answer` may need all the others."""
    return _Making(chooser).definitions()


def one_table(chooser: Chooser, policy: HitPolicy, aggregation: Aggregation) -> Definitions:
    """A model of one decision, a table of a hit policy, in which several rules hit more often than not."""
    making = _Making(chooser)
    making.known = {"amount": "number", "text": "string"}
    making.feel.variables = dict(making.known)
    kind = one(chooser, ("number", "string", "context") if aggregation is Aggregation.LIST else ("number", "seconds"))
    inputs = tuple(InputData(name, name, InformationItem(name)) for name in making.known)
    references = tuple(Reference(NAMESPACE, element.id) for element in inputs)
    table = making.table(kind, (policy, aggregation))
    decision = Decision("answer", "answer", InformationItem("answer"), table, required_inputs=references)
    return Definitions("reference", NAMESPACE, item_definitions=ITEMS, elements=(*inputs, decision))


@dataclass
class _Making:
    """One model being made: its generator of expressions and what there is already."""

    chooser: Chooser
    known: dict[str, str] = field(default_factory=dict)  # what later decisions may require, by type
    straight: bool = False  # plain tables alone, one upon the other

    def __post_init__(self) -> None:
        self.feel = Generator(self.chooser, FORMS, {})
        self.words = (*NAMES, *MEMBERS, *DECISIONS, *KNOWLEDGE, *VARIABLES)

    def definitions(self) -> Definitions:
        self.straight = rarely(self.chooser, 3)
        inputs = [name for name in NAMES if rarely(self.chooser, 3) and self._fits(NAMES[name])] or ["amount"]
        elements: list[InputData | Decision | BusinessKnowledgeModel] = []
        for name in inputs:
            untyped = rarely(self.chooser, 20 if self.straight else 4)
            type_ref = "" if untyped else self._type_name(NAMES[name])
            elements.append(InputData(name, name, InformationItem(name, type_ref)))
            self.known[name] = NAMES[name]
        if not self.straight:
            elements += [self._knowledge(name) for name in KNOWLEDGE[: self.chooser.below(3)]]
        for name in DECISIONS[self.chooser.below(3) :][::-1]:
            elements.append(self._decision(name, [element for element in elements if not rarely(self.chooser, 4)]))
        if elements[-1].name != "answer":
            elements.append(self._decision("answer", elements))
        service = self._service([element for element in elements if not isinstance(element, BusinessKnowledgeModel)])
        return Definitions("reference", NAMESPACE, item_definitions=ITEMS, elements=(*elements, service))

    def _service(self, elements: list[InputData | Decision]) -> DecisionService:
        """A service that answers with the last decision, or two; another one may be given to it."""
        references = {element.id: Reference(NAMESPACE, element.id) for element in elements}
        decisions = [element.id for element in elements if isinstance(element, Decision)]
        given, *inside = decisions if len(decisions) > 1 and rarely(self.chooser, 2) else ["", *decisions]
        outputs = inside[-2:] if rarely(self.chooser, 3) else inside[-1:]
        return DecisionService(
            "service",
            "service",
            InformationItem("service"),
            output_decisions=tuple(references[each] for each in outputs),
            encapsulated_decisions=tuple(references[each] for each in inside if each not in outputs),
            input_decisions=(references[given],) if given else (),
            input_data=tuple(references[element.id] for element in elements if isinstance(element, InputData)),
        )

    def _fits(self, kind: str) -> bool:
        """Say whether there may be an input of a kind: a straight model has those that an index can hold."""
        return not self.straight or kind in INDEXED

    def _type_name(self, kind: str) -> str:
        return TYPE_NAMES.get(kind, "" if kind.startswith("list") or kind == "range" else kind)

    def _declared(self, kind: str) -> str:
        """The name of a type, or none; now and then another's."""
        if rarely(self.chooser, 15):
            kind = one(self.chooser, RESULTS)
        return "" if rarely(self.chooser, 2) else self._type_name(kind)

    def _knowledge(self, name: str) -> BusinessKnowledgeModel:
        kind = one(self.chooser, ("number", "string"))
        self.feel.variables = {"x": "number", "y": kind}
        parameters = (InformationItem("x", self._declared("number")), InformationItem("y", self._declared(kind)))
        logic = FunctionDefinition(parameters, self.boxed(kind, 1), type_ref=self._declared(kind))
        self.feel.variables = {}
        self.known[name] = f"function to {kind}"
        return BusinessKnowledgeModel(name, name, InformationItem(name, self._declared(kind)), logic)

    def _decision(self, name: str, required: list[InputData | Decision | BusinessKnowledgeModel]) -> Decision:
        kind = one(self.chooser, INDEXED if self.straight else RESULTS)
        self.feel.variables = {element.name: self.known[element.name] for element in required}
        expression = self.table(kind) if self.straight else self.boxed(kind, 2)
        self.feel.variables = {}
        self.known[name] = kind

        def references(sort: type) -> tuple[Reference, ...]:
            return tuple(Reference(NAMESPACE, element.id) for element in required if isinstance(element, sort))

        return Decision(
            id=name,
            name=name,
            variable=InformationItem(name, self._type_name(kind) if self.straight else self._declared(kind)),
            expression=expression,
            required_inputs=references(InputData),
            required_decisions=references(Decision),
            required_knowledge=references(BusinessKnowledgeModel),
        )

    # Boxed expressions

    def literal(self, kind: str, depth: int = 1) -> LiteralExpression:
        """A text of a type."""
        return LiteralExpression(write(self.feel.node(kind, depth), self.words), self._declared(kind))

    def boxed(self, kind: str, depth: int) -> BoxedExpression:
        """A boxed expression of a type."""
        if not depth:
            return self.literal(kind)
        match self.chooser.below(8):
            case 0:
                return self.literal(kind, 2)
            case 1 | 2 | 3:
                return self.table(kind)
            case 4:
                condition, then = self.boxed("boolean", depth - 1), self.boxed(kind, depth - 1)
                return Conditional(condition, then, self.boxed(kind, depth - 1), self._declared(kind))
            case 5:
                return self._context(kind, depth)
            case 6:
                return self._call(kind, depth)
        return self._special(kind, depth)

    def _context(self, kind: str, depth: int) -> BoxedExpression:
        outer = dict(self.feel.variables)
        entries: list[ContextEntry] = []
        for name, member in MEMBERS.items():
            if not rarely(self.chooser, 3):
                item = InformationItem(name, self._declared(member))
                entries.append(ContextEntry(item, self.boxed(member, depth - 1)))
                self.feel.variables[name] = member
        if kind != "context":
            entries.append(ContextEntry(None, self.boxed(kind, depth - 1)))
        self.feel.variables = outer
        return Context(tuple(entries), self._declared(kind))

    def _call(self, kind: str, depth: int) -> BoxedExpression:
        """An invocation of a knowledge model that gives the type, or of a function written in place."""
        functions = [name for name, given in self.feel.variables.items() if given == f"function to {kind}"]
        bound = {"x": "number", "y": kind}
        called: BoxedExpression
        if functions:
            called = LiteralExpression(one(self.chooser, functions))
        else:
            outer = self.feel.variables
            self.feel.variables = {**outer, **bound}
            parameters = tuple(InformationItem(name, self._declared(each)) for name, each in bound.items())
            called = FunctionDefinition(parameters, self.boxed(kind, depth - 1))
            self.feel.variables = outer
        bindings = [Binding(InformationItem(name), self.boxed(each, depth - 1)) for name, each in bound.items()]
        return Invocation(called, tuple(bindings[::-1] if rarely(self.chooser, 2) else bindings), self._declared(kind))

    def _special(self, kind: str, depth: int) -> BoxedExpression:
        """The forms that only some types have."""
        if kind == "boolean":
            sort = one(self.chooser, (IteratorKind.SOME, IteratorKind.EVERY))
            return self._iterator(sort, "boolean", depth)
        item = kind.removeprefix("list of ")
        if item == kind:
            return self.literal(kind, 2)
        match self.chooser.below(4):
            case 0:
                return BoxedList(tuple(self.boxed(item, depth - 1) for _ in range(self.chooser.below(3))))
            case 1 if item == "context":
                columns = tuple(InformationItem(name, self._declared(given)) for name, given in MEMBERS.items())
                rows = [tuple(self.literal(given) for given in MEMBERS.values()) for _ in range(self.chooser.below(3))]
                return Relation(columns, tuple(rows), self._declared(kind))
            case 2:
                seen = {"item": item, **(MEMBERS if item == "context" else {})}
                source = self.boxed(kind, depth - 1)
                return Filter(source, self._bound(seen, "boolean"), self._declared(kind))
        return self._iterator(IteratorKind.FOR, item, depth)

    def _iterator(self, sort: IteratorKind, body: str, depth: int) -> BoxedExpression:
        item = one(self.chooser, ("number", "string", "context"))
        source = self.boxed(f"list of {item}", depth - 1)
        partial = {"partial": f"list of {body}"} if sort is IteratorKind.FOR else {}
        return Iterator(sort, "each one", source, self._bound({"each one": item, **partial}, body))

    def _bound(self, given: Mapping[str, str], kind: str) -> LiteralExpression:
        outer = self.feel.variables
        self.feel.variables = {**outer, **given}
        made = self.literal(kind)
        self.feel.variables = outer
        return made

    # Tables

    def table(self, kind: str, wanted: tuple[HitPolicy, Aggregation] | None = None) -> DecisionTable:
        """A table that gives a type, of a hit policy or of any; several outputs where the type is a context."""
        plain, broad = self.straight or rarely(self.chooser, 2), rarely(self.chooser, 3) or wanted is not None
        known = [(name, given) for name, given in self.feel.variables.items() if given in LITERALS]
        columns = [one(self.chooser, known) for _ in range(1 + self.chooser.below(3))] if known else []
        outputs = tuple((name, given) for name, given in MEMBERS.items()) if kind == "context" else (("", kind),)
        policy, aggregation = wanted or one(self.chooser, STRAIGHT if self.straight else POLICIES)
        if len(outputs) > 1:
            aggregation = Aggregation.LIST
        if kind not in {"number", "string", "context"} and policy in RANKED:
            policy = HitPolicy.ANY  # there are no values to rank
        clauses = tuple(self._output(name, given, policy) for name, given in outputs)
        rules = tuple(
            Rule(
                inputs=tuple(self._cell(given, plain=plain, broad=broad) for _, given in columns),
                outputs=tuple(
                    self._entry(given, clause, plain=plain) for (_, given), clause in zip(outputs, clauses, strict=True)
                ),
                id=f"r{number}",
            )
            for number in range(1 + self.chooser.below(5))
        )
        if self.straight and policy is HitPolicy.FIRST:
            rules = (*rules, replace(rules[-1], inputs=(UnaryTests("-"),) * len(columns), id="last"))
        return DecisionTable(
            inputs=tuple(self._input(name, given, plain=plain) for name, given in columns),
            outputs=clauses,
            rules=rules,
            hit_policy=policy,
            aggregation=aggregation,
            type_ref="" if self.straight or policy is HitPolicy.COLLECT or kind == "context" else self._declared(kind),
        )

    def _input(self, name: str, kind: str, *, plain: bool) -> InputClause:
        if plain:
            # the type of the column is that of the variable, which index and lane rely on
            return InputClause(LiteralExpression(name, self._type_name(kind)))
        allowed = UnaryTests(self._list(kind)) if rarely(self.chooser, 6) else None
        text = name if rarely(self.chooser, 2) else write(self.feel.node(kind, 1), self.words)
        return InputClause(LiteralExpression(text, self._declared(kind)), allowed)

    def _output(self, name: str, kind: str, policy: HitPolicy) -> OutputClause:
        listed = kind in {"number", "string"}
        allowed = UnaryTests(self._list(kind)) if listed and (policy in RANKED or rarely(self.chooser, 6)) else None
        default = None
        if rarely(self.chooser, 4):
            default = LiteralExpression(one(self.chooser, self._allowed(allowed, kind)))
        return OutputClause(
            name, self._type_name(kind) if kind in LITERALS and rarely(self.chooser, 2) else "", allowed, default
        )

    def _list(self, kind: str) -> str:
        """Some literals, as allowed values have them."""
        texts = dict.fromkeys(self._literal(kind) for _ in range(2 + self.chooser.below(3)))
        return ", ".join(texts)

    def _literal(self, kind: str) -> str:
        """A literal, or null; in a straight model mostly one of those that an index holds."""
        if self.straight and not rarely(self.chooser, 50):
            return write(literal(kind, one(self.chooser, LITERALS[kind][:4])))
        outer, self.feel.variables = self.feel.variables, {}
        text = write(self.feel.leaf(kind), self.words)
        self.feel.variables = outer
        return text

    def _allowed(self, allowed: UnaryTests | None, kind: str) -> list[str]:
        return [self._literal(kind)] if allowed is None else allowed.text.split(", ")

    def _cell(self, kind: str, *, plain: bool, broad: bool) -> UnaryTests:
        """The tests of a cell; in a broad table many say nothing, so that several rules hit."""
        if broad and not rarely(self.chooser, 3):
            return UnaryTests("-")
        if not plain:
            return UnaryTests(write(self.feel.cell(kind, 1), self.words))
        first, second = self._literal(kind), self._literal(kind)
        forms = ("-", first, f"{first}, {second}", f"not({first})", f"<= {first}", f"> {first}", f"[{first}..{second})")
        ordered = kind not in {"string", "boolean"} or rarely(self.chooser, 50)
        return UnaryTests(one(self.chooser, forms if ordered else forms[:4]))

    def _entry(self, kind: str, clause: OutputClause, *, plain: bool) -> LiteralExpression:
        if clause.allowed is not None and not rarely(self.chooser, 8):
            return LiteralExpression(one(self.chooser, clause.allowed.text.split(", ")))
        return LiteralExpression(self._literal(kind) if plain else write(self.feel.node(kind, 1), self.words))
