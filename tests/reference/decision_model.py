"""A decision model by the letter: the requirement graph walked from the wanted decision, boxed expressions as written.

Nothing is compiled or planned: each decision asks for what it requires, every time anew.

SOURCE: DMN 1.5, clauses 6.3 and 10.4 (requirements), 7.3 (types), 10.2.2 (boxed expressions).
"""

from collections.abc import Mapping
from typing import Any, assert_never

from tests.reference import feel_evaluator
from tests.reference.decision_table_model import Scope, accepts, answer, value_of
from tests.reference.feel_types import Limited, Nothing, converted
from tests.reference.feel_values import Closure, Value

from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BoxedList,
    BusinessKnowledgeModel,
    Conditional,
    Context,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    Element,
    Filter,
    FunctionDefinition,
    InputData,
    Invocation,
    ItemDefinition,
    Iterator,
    IteratorKind,
    LiteralExpression,
    Relation,
)
from comptroller.domain.feel.types import ANY, NAMED, ContextType, ListType

SPELLINGS = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


class ReferenceModel:
    """The decisions of one model."""

    def __init__(self, definitions: Definitions) -> None:
        self._elements: dict[str, Element] = {element.id: element for element in definitions.elements}
        self._types = {definition.name: definition for definition in definitions.item_definitions}
        components = {part.name for definition in self._types.values() for part in definition.components}
        names = {element.variable.name for element in definitions.elements}
        self._members = tuple(sorted(components | names))

    def decide(self, name: str, inputs: Scope) -> Value:
        """The value of the decision of a name."""
        (decision,) = (
            element for element in self._elements.values() if isinstance(element, Decision) and element.name == name
        )
        return self._decision(decision, inputs)

    def invoke(self, name: str, arguments: Scope) -> Value:
        """What a decision service answers: its output decision's value, or a context of several (clause 10.4)."""
        (service,) = (
            element
            for element in self._elements.values()
            if isinstance(element, DecisionService) and element.name == name
        )
        return self._service(service).call(*(arguments.get(name) for name in self._given(service)))

    def _given(self, service: DecisionService) -> list[str]:
        """The names of what a service is given: its input data, then its input decisions."""
        return [self._elements[reference.id].name for reference in (*service.input_data, *service.input_decisions)]

    def _service(self, service: DecisionService) -> Closure:
        """A function that decides the outputs; the input decisions are not decided but given."""
        names = self._given(service)
        outputs = [self._elements[reference.id] for reference in service.output_decisions]
        parameters = [self._elements[reference.id] for reference in (*service.input_data, *service.input_decisions)]

        def call(*arguments: Value) -> Value:
            given = dict(zip(names, arguments, strict=True))
            values = {output.name: self._required(output, given) for output in outputs}
            value: Value = dict(values) if len(values) > 1 else next(iter(values.values()))
            return self._held(value, service.variable.type_ref)

        types = tuple(self._type(parameter.variable.type_ref) for parameter in parameters)
        return Closure(tuple(names), types, call)

    def _decision(self, decision: Decision, inputs: Scope) -> Value:
        if decision.name in inputs:  # an input decision of a service
            return self._held(inputs[decision.name], decision.variable.type_ref)
        scope = {}
        for reference in (*decision.required_inputs, *decision.required_decisions, *decision.required_knowledge):
            required = self._elements[reference.id]
            scope[required.variable.name] = self._required(required, inputs)
        value = None if decision.expression is None else self._value(decision.expression, scope)
        return self._held(value, decision.variable.type_ref)

    def _required(self, element: Element, inputs: Scope) -> Value:
        match element:
            case InputData():
                return self._held(inputs.get(element.name), element.variable.type_ref)
            case Decision():
                return self._decision(element, inputs)
            case BusinessKnowledgeModel():
                return self._knowledge(element)
            case DecisionService():
                return self._service(element)
        assert_never(element)

    def _knowledge(self, element: BusinessKnowledgeModel) -> Value:
        """A function that sees its parameters, the functions it requires and itself."""
        assert element.logic is not None
        scope: dict[str, Value] = {}
        for reference in element.required_knowledge:
            required = self._elements[reference.id]
            scope[required.variable.name] = self._required(required, {})
        function = self._function(element.logic, scope)

        def call(*arguments: Value) -> Value:
            return self._held(function.call(*arguments), element.variable.type_ref)

        made = Closure(function.parameters, function.types, call)
        scope[element.variable.name] = made
        return made

    # Boxed expressions

    def _value(self, source: BoxedExpression, scope: Scope) -> Value:
        """The value of a boxed expression, held to its type; a function definition's type is that of its body."""
        if isinstance(source, FunctionDefinition):
            return self._function(source, scope)
        return self._held(self._plain(source, scope), source.type_ref)

    def _plain(self, source: BoxedExpression, scope: Scope) -> Value:  # one line for each form
        match source:
            case LiteralExpression():
                return value_of(source.text, scope, self._members)
            case DecisionTable():
                return answer(source, scope, self._type, self._members)
            case Context():
                return self._context(source, scope)
            case BoxedList():
                return [self._value(item, scope) for item in source.items]
            case Relation():
                return [self._row(source, row, scope) for row in source.rows]
            case Invocation():
                return self._invocation(source, scope)
            case FunctionDefinition():
                return self._function(source, scope)
            case Conditional():
                taken = source.then if self._value(source.condition, scope) is True else source.otherwise
                return self._value(taken, scope)
            case Filter():
                return self._filter(source, scope)
            case Iterator():
                return self._iterator(source, scope)
        assert_never(source)

    def _context(self, source: Context, scope: Scope) -> Value:
        """Each entry sees those above it; an entry without a name is the result."""
        made: dict[str, Value] = {}
        for entry in source.entries:
            value = self._value(entry.value, {**scope, **made})
            if entry.variable is None:
                return value
            made[entry.variable.name] = self._held(value, entry.variable.type_ref)
        return made

    def _row(self, source: Relation, row: tuple[BoxedExpression, ...], scope: Scope) -> Value:
        return {
            column.name: self._held(self._value(cell, scope), column.type_ref)
            for column, cell in zip(source.columns, row, strict=True)
        }

    def _invocation(self, source: Invocation, scope: Scope) -> Value:
        function = self._value(source.called, scope)
        names = tuple(binding.parameter.name for binding in source.bindings)
        arguments = [
            self._held(None if binding.value is None else self._value(binding.value, scope), binding.parameter.type_ref)
            for binding in source.bindings
        ]
        return feel_evaluator.called(function, arguments, names)

    def _function(self, source: FunctionDefinition, scope: Scope) -> Closure:
        names = tuple(parameter.name for parameter in source.parameters)

        def call(*arguments: Value) -> Value:
            if source.body is None:
                return None
            inner = {**scope, **dict(zip(names, arguments, strict=True))}
            return self._held(self._value(source.body, inner), source.type_ref)

        return Closure(names, tuple(self._type(parameter.type_ref) for parameter in source.parameters), call)

    def _filter(self, source: Filter, scope: Scope) -> Value:
        def condition(item: Value) -> Value:
            entries: Mapping[str, Value] = item if isinstance(item, dict) else {}
            return self._value(source.match, {**scope, "item": item, **entries})

        return feel_evaluator.filtered(self._value(source.source, scope), condition)

    def _iterator(self, source: Iterator, scope: Scope) -> Value:
        items = self._held(self._value(source.source, scope), source.source_type_ref)

        def body(item: Value, partial: list[Value]) -> Value:
            so_far: Scope = {"partial": partial} if source.kind is IteratorKind.FOR else {}
            return self._value(source.body, {**scope, source.variable: item, **so_far})

        if source.kind is IteratorKind.FOR:
            return feel_evaluator.mapped(items, body)
        decider = source.kind is IteratorKind.SOME
        return feel_evaluator.judged(items, lambda item: body(item, []), decider=decider)

    # Types

    def _held(self, value: Value, type_ref: str) -> Value:
        """A value converted to a type; null where it is none of it."""
        return converted(value, self._type(type_ref))[1]

    def _type(self, name: str) -> Any:
        """The type of a name; nothing to hold to where there is no name, or anything goes."""
        if name in {"", "Any"}:
            return None
        if name in self._types:
            return self._defined(self._types[name])
        return NAMED.get(SPELLINGS.get(name, name), Nothing())

    def _defined(self, definition: ItemDefinition) -> Any:
        if definition.components:
            made: Any = ContextType(tuple((part.name, self._defined(part)) for part in definition.components))
        else:
            made = self._type(definition.type_ref) or ANY
        allowed, constraint = definition.allowed, definition.constraint
        if allowed is not None:
            made = Limited(made, lambda value: accepts(allowed, value, {}, self._members))
        if definition.is_collection:
            made = ListType(made)
        if constraint is not None:
            made = Limited(made, lambda value: accepts(constraint, value, {}, self._members))
        return made
