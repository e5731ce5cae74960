"""Boxed expressions as DMN 1.5 elements; an attribute that says the standard's default is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from lxml import etree

from comptroller.adapters.dmn_xml.elements import TARGET_NAMESPACE, uri_of_language
from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BoxedList,
    Conditional,
    Context,
    DecisionTable,
    Filter,
    FunctionDefinition,
    FunctionKind,
    HitPolicy,
    InformationItem,
    Invocation,
    Iterator,
    IteratorKind,
    LiteralExpression,
    Reference,
    Relation,
    Rule,
    UnaryTests,
)


@dataclass(frozen=True, slots=True)
class Building:
    """One file being built: the namespace its own references leave out, and the language that goes without saying.

    `made_ids` are the ids made for elements that have none which XML can hold.
    """

    namespace: str
    language: str
    made_ids: Mapping[str, str]

    def add(self, parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
        """Append an element; empty attributes are left out."""
        node = etree.SubElement(parent, f"{{{TARGET_NAMESPACE}}}{tag}")
        for name, value in attributes.items():
            if value:
                node.set(name, value)
        return node

    def text(self, parent: etree._Element, tag: str, text: str) -> None:
        """Append an element that holds a text, if there is one."""
        if text:
            self.add(parent, tag).text = text

    def item(self, parent: etree._Element, tag: str, item: InformationItem) -> None:
        """Append a variable, a parameter or a column."""
        self.add(parent, tag, typeRef=item.type_ref).set("name", item.name)

    def references(self, parent: etree._Element, tag: str, references: Iterable[Reference]) -> None:
        """Append an element for each target."""
        for reference in references:
            own = reference.namespace == self.namespace
            identifier = self.made_ids.get(reference.id, reference.id) if own else reference.id
            self.add(parent, tag, href=f"{'' if own else reference.namespace}#{identifier}")

    def unary_tests(self, parent: etree._Element, tag: str, tests: UnaryTests | None) -> None:
        """Append unary tests, if there are any."""
        if tests is not None:
            node = self.add(parent, tag, id=tests.id, expressionLanguage=self._language(tests.language))
            self.add(node, "text").text = tests.text

    def literal(self, parent: etree._Element, tag: str, literal: LiteralExpression) -> None:
        """Append a literal expression under a tag of its place."""
        language = self._language(literal.language)
        node = self.add(parent, tag, id=literal.id, typeRef=literal.type_ref, expressionLanguage=language)
        self.add(node, "text").text = literal.text

    def function(self, parent: etree._Element, tag: str, function: FunctionDefinition) -> None:
        """Append a function definition under a tag of its place."""
        kind = "" if function.kind is FunctionKind.FEEL else function.kind
        node = self.add(parent, tag, id=function.id, typeRef=function.type_ref, kind=kind)
        for parameter in function.parameters:
            self.item(node, "formalParameter", parameter)
        if function.body is not None:
            self.expression(node, function.body)

    def expression(self, parent: etree._Element, expression: BoxedExpression) -> None:
        """Append a boxed expression of any kind."""
        match expression:
            case LiteralExpression():
                self.literal(parent, "literalExpression", expression)
            case DecisionTable():
                self._table(parent, expression)
            case Context():
                node = self._boxed(parent, "context", expression)
                for entry in expression.entries:
                    row = self.add(node, "contextEntry")
                    if entry.variable is not None:
                        self.item(row, "variable", entry.variable)
                    self.expression(row, entry.value)
            case BoxedList():
                node = self._boxed(parent, "list", expression)
                for item in expression.items:
                    self.expression(node, item)
            case Relation():
                self._relation(parent, expression)
            case Invocation():
                self._invocation(parent, expression)
            case FunctionDefinition():
                self.function(parent, "functionDefinition", expression)
            case Conditional():
                node = self._boxed(parent, "conditional", expression)
                self.expression(self.add(node, "if"), expression.condition)
                self.expression(self.add(node, "then"), expression.then)
                self.expression(self.add(node, "else"), expression.otherwise)
            case Filter():
                node = self._boxed(parent, "filter", expression)
                self.expression(self.add(node, "in"), expression.source)
                self.expression(self.add(node, "match"), expression.match)
            case Iterator():
                self._iterator(parent, expression)
            case _:
                assert_never(expression)

    def _language(self, name: str) -> str:
        return "" if name == self.language else uri_of_language(name)

    def _boxed(self, parent: etree._Element, tag: str, expression: BoxedExpression) -> etree._Element:
        return self.add(parent, tag, id=expression.id, typeRef=expression.type_ref)

    def _relation(self, parent: etree._Element, relation: Relation) -> None:
        node = self._boxed(parent, "relation", relation)
        for column in relation.columns:
            self.item(node, "column", column)
        for cells in relation.rows:
            row = self.add(node, "row")
            for cell in cells:
                self.expression(row, cell)

    def _invocation(self, parent: etree._Element, invocation: Invocation) -> None:
        node = self._boxed(parent, "invocation", invocation)
        self.expression(node, invocation.called)
        for binding in invocation.bindings:
            bound = self.add(node, "binding")
            self.item(bound, "parameter", binding.parameter)
            if binding.value is not None:
                self.expression(bound, binding.value)

    def _iterator(self, parent: etree._Element, iterator: Iterator) -> None:
        node = self._boxed(parent, iterator.kind, iterator)
        node.set("iteratorVariable", iterator.variable)
        self.expression(self.add(node, "in", typeRef=iterator.source_type_ref), iterator.source)
        body = "return" if iterator.kind is IteratorKind.FOR else "satisfies"
        self.expression(self.add(node, body), iterator.body)

    def _table(self, parent: etree._Element, table: DecisionTable) -> None:
        node = self._boxed(parent, "decisionTable", table)
        if table.hit_policy is not HitPolicy.UNIQUE:
            node.set("hitPolicy", table.hit_policy)
        if table.aggregation:
            node.set("aggregation", table.aggregation)
        for clause in table.inputs:
            column = self.add(node, "input", id=clause.id, label=clause.label)
            self.literal(column, "inputExpression", clause.expression)
            self.unary_tests(column, "inputValues", clause.allowed)
        for output in table.outputs:
            column = self.add(node, "output", id=output.id, name=output.name, typeRef=output.type_ref)
            self.unary_tests(column, "outputValues", output.allowed)
            if output.default is not None:
                self.literal(column, "defaultOutputEntry", output.default)
        for annotation in table.annotations:
            self.add(node, "annotation", name=annotation)
        for rule in table.rules:
            self._rule(node, rule)

    def _rule(self, parent: etree._Element, rule: Rule) -> None:
        # a number is what the reader calls a rule whose id is unstated
        node = self.add(parent, "rule", id="" if rule.id.isdecimal() else rule.id)
        for tests in rule.inputs:
            self.unary_tests(node, "inputEntry", tests)
        for entry in rule.outputs:
            self.literal(node, "outputEntry", entry)
        for annotation in rule.annotations:
            self.add(self.add(node, "annotationEntry"), "text").text = annotation
