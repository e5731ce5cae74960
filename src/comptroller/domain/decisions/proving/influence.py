"""Which parts of a value a change can reach at all: seen in the texts of both versions, with nothing asked.

Of each decision it is known which parts of its value may differ: none, the whole, or entries somewhere under it, those
of each item of a list alike, however many there are. What is written the same in both versions has of that what it
looks at: behind an entry that stays as it was nothing differs, a filter whose condition stays keeps the same items, and
what is computed of a part that may differ may differ as a whole. Where nothing is left of a change, it is proved that a
decision says the same of all inputs.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from comptroller.domain.decisions.definitions import (
    Aggregation,
    BoxedExpression,
    BusinessKnowledgeModel,
    Context,
    Decision,
    DecisionService,
    DecisionTable,
    HitPolicy,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
)
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.proving.parts import (
    EACH,
    NOTHING,
    WHOLE,
    Differing,
    Function,
    Parts,
    Scope,
    Seen,
    entry_of,
    is_same,
    under,
)
from comptroller.domain.decisions.proving.reading import kind_of_node

_UNHELD: Final = frozenset({"", "Any"})
"""Types to which nothing is held: what is held to another one may become null as a whole."""


class Influence:
    """What may differ between two versions, by decision."""

    def __init__(self, before: Graph, after: Graph) -> None:
        self._graphs = before, after
        self._differing = Differing(after.programs, after.members)
        self._seen: dict[Reference, Seen] = {}
        self._settled: set[Reference] = set()
        types = [{space: each.item_definitions for space, each in of.definitions.items()} for of in self._graphs]
        self._is_retyped = types[0] != types[1]

    def of(self, name: Named) -> Parts:
        """The parts of a decision's value that may differ."""
        before, after = (graph.decisions.get(name) for graph in self._graphs)
        return self._value(after) if after is not None and before == after else WHOLE

    def settle(self, name: Named) -> None:
        """Take for granted that a decision says the same in both versions: it was proved by its ways."""
        self._settled.add(self._graphs[1].decisions[name])
        self._seen.clear()

    @property
    def unreached(self) -> Mapping[Reference, Named]:
        """The decisions that say the same in both versions."""
        return {reference: name for name, reference in self._graphs[1].decisions.items() if not self.of(name)}

    def _value(self, reference: Reference) -> Parts:
        seen = self._element(reference)
        return seen if isinstance(seen, frozenset) else WHOLE

    # ---- elements ----------------------------------------------------------------------------------------------------

    def _element(self, reference: Reference) -> Seen:
        if reference not in self._seen:
            self._seen[reference] = WHOLE  # where something is handed on in a circle
            self._seen[reference] = WHOLE if self._is_retyped else self._looked_at(reference)
        return self._seen[reference]

    def _looked_at(self, reference: Reference) -> Seen:
        if reference in self._settled:
            return NOTHING
        match tuple(graph.elements.get(reference) for graph in self._graphs):
            case InputData() as before, InputData() as after if before == after:
                return self._input(reference, after)
            case Decision() as before, Decision() as after if _about(before) == _about(after):
                scope = self._scope(reference.namespace, _needs(after))
                found = _held(after.variable.type_ref, self._boxed(before.expression, after.expression, scope))
                faulty = [
                    graph.is_faulty(reference.namespace, each)
                    for graph, each in zip(self._graphs, (before, after), strict=True)
                ]
                return found if faulty[0] == faulty[1] else WHOLE
            case BusinessKnowledgeModel() as before, BusinessKnowledgeModel() as after if _about(before) == _about(
                after
            ):
                return self._function(reference, before, after)
            case DecisionService() as before, DecisionService() as after if before == after:
                inside = (*after.output_decisions, *after.encapsulated_decisions, *after.input_data)
                return WHOLE if any(self._value(each) for each in inside) else NOTHING
        return WHOLE

    def _input(self, reference: Reference, element: InputData) -> Parts:
        before, after = (graph.handing.get(Named(reference.namespace, element.name)) for graph in self._graphs)
        if before != after:
            return WHOLE
        if after is None:
            return NOTHING
        parts = self.of(after.decision)
        if after.entries:
            parts = frozenset(each for name in after.entries for each in entry_of(parts, name))
        return _held(element.variable.type_ref, parts)

    def _scope(self, namespace: str, required: Iterable[Reference]) -> dict[str, Seen]:
        graph = self._graphs[1]
        imports = {item.namespace: item.name for item in graph.definitions[namespace].imports}
        scope: dict[str, Seen] = {}
        for reference in required:
            element = graph.elements.get(reference)
            if element is None:
                continue
            seen_through = "" if reference.namespace == namespace else imports.get(reference.namespace, "")
            into = scope.setdefault(seen_through, {}) if seen_through else scope
            assert isinstance(into, dict)
            into[element.variable.name] = self._element(reference)
        return scope

    def _function(self, reference: Reference, one: BusinessKnowledgeModel, other: BusinessKnowledgeModel) -> Seen:
        before, after = one.logic, other.logic
        if before is None or after is None or (before.parameters, before.kind) != (after.parameters, after.kind):
            return WHOLE
        scope = self._scope(reference.namespace, other.required_knowledge)
        held = frozenset(each.name for each in after.parameters if each.type_ref not in _UNHELD)

        def of(given: Mapping[str, Parts]) -> Parts:
            if any(given[name] for name in held):
                return WHOLE  # an argument that does not conform makes all null
            return _held(other.variable.type_ref, self._boxed(before.body, after.body, {**scope, **given}))

        return Function(tuple(each.name for each in after.parameters), of)

    # ---- boxed expressions -------------------------------------------------------------------------------------------

    def _boxed(self, one: BoxedExpression | None, other: BoxedExpression | None, scope: Scope) -> Parts:
        if one == other and all(map(is_same, scope.values())):
            return NOTHING
        match one, other:
            case LiteralExpression(), LiteralExpression() if _written(one) == _written(other):
                return _held(other.type_ref, self._differing.text(other.text, scope))
            case DecisionTable(), DecisionTable() if _rows(one) == _rows(other):
                return _held(other.type_ref, self._table(one, other, scope))
            case Context(), Context() if [each.variable for each in one.entries] == [e.variable for e in other.entries]:
                return _held(other.type_ref, self._context(one, other, scope))
        return WHOLE

    def _context(self, one: Context, other: Context, scope: Scope) -> Parts:
        found: dict[str, Parts] = {}
        for before, after in zip(one.entries, other.entries, strict=True):
            parts = self._boxed(before.value, after.value, {**scope, **found})
            if after.variable is None:
                return parts
            found[after.variable.name] = _held(after.variable.type_ref, parts)
        return frozenset(each for name, parts in found.items() for each in under(name, parts))

    def _table(self, one: DecisionTable, other: DecisionTable, scope: Scope) -> Parts:
        if not self._hits_the_same(other, scope):
            return WHOLE
        found = set[tuple[str, ...]]()
        for place, clause in enumerate(other.outputs):
            for before, after in zip(one.rules, other.rules, strict=True):
                parts = self._concluded(clause, (before.outputs[place], after.outputs[place]), scope)
                if parts is None:
                    return WHOLE
                found |= parts if len(other.outputs) == 1 else under(clause.name, parts)
            if clause.default is not None and self._differing.text(clause.default.text, scope):
                return WHOLE
        if not found or other.hit_policy in {HitPolicy.UNIQUE, HitPolicy.FIRST}:
            return frozenset(found)
        is_list = other.hit_policy is HitPolicy.RULE_ORDER or (
            other.hit_policy is HitPolicy.COLLECT and other.aggregation is Aggregation.LIST
        )
        return under(EACH, frozenset(found)) if is_list else WHOLE

    def _hits_the_same(self, table: DecisionTable, scope: Scope) -> bool:
        """Whether the same rules hit in both versions."""
        for place, clause in enumerate(table.inputs):
            cells = dict.fromkeys(rule.inputs[place].text.strip() for rule in table.rules)
            tests = [each for each in cells if each not in {"", "-"}]
            is_looked_at = tests or clause.allowed or clause.expression.type_ref not in _UNHELD
            if is_looked_at and self._differing.text(clause.expression.text, scope):
                return False
            if any(self._differing.text(each, scope, unary=True) for each in tests):
                return False
        return True

    def _concluded(
        self, clause: OutputClause, outputs: tuple[LiteralExpression, LiteralExpression], scope: Scope
    ) -> Parts | None:
        """What may differ of an output of a rule; None where the whole table may be null for it."""
        before, after = outputs
        is_written_anew = before.text.strip() != after.text.strip()
        parts = WHOLE if is_written_anew else self._differing.text(after.text, scope) if after.text.strip() else NOTHING
        if not parts or (clause.type_ref in _UNHELD and clause.allowed is None):
            return parts
        nodes = [
            graph.programs.read(each.text, tuple(scope), graph.members)
            for graph, each in zip(self._graphs, outputs, strict=True)
        ]
        conforms = clause.allowed is None and all(_kind_name(kind_of_node(each)) == clause.type_ref for each in nodes)
        return parts if conforms else None


def _kind_name(kind: object) -> str:
    return str(getattr(getattr(kind, "kind", None), "value", ""))


def _held(type_ref: str, parts: Parts) -> Parts:
    """What may differ of a value that is held to a type."""
    return parts if type_ref in _UNHELD or not parts else WHOLE


def _needs(element: Decision) -> tuple[Reference, ...]:
    return (*element.required_inputs, *element.required_decisions, *element.required_knowledge)


def _about(element: Decision | BusinessKnowledgeModel) -> tuple[object, ...]:
    """What must be the same of elements whose logic is compared."""
    needs = _needs(element) if isinstance(element, Decision) else element.required_knowledge
    return element.variable, needs


def _written(expression: LiteralExpression) -> tuple[str, str, str]:
    return expression.text, expression.type_ref, expression.language


def _rows(table: DecisionTable) -> tuple[object, ...]:
    """What a table says beside the outputs of its rules."""
    columns = [(_written(each.expression), each.allowed and each.allowed.text) for each in table.inputs]
    outputs = [
        (each.name, each.type_ref, each.allowed and each.allowed.text, each.default and each.default.text)
        for each in table.outputs
    ]
    rows = [[each.text.strip() for each in rule.inputs] for rule in table.rules]
    return columns, outputs, rows, table.hit_policy, table.aggregation
