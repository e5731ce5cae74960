"""Reading boxed expressions: each kind of element has one function, found by its name in a table.

An element of an unknown kind gives a fault and stands as an empty literal expression, so that reading goes on and every
other fault of the file is found in the same pass.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeVar

from lxml import etree

from comptroller.adapters.dmn_xml.elements import Reading, one_line
from comptroller.domain.decisions.definitions import (
    Aggregation,
    Binding,
    BoxedExpression,
    BoxedList,
    Conditional,
    Context,
    ContextEntry,
    DecisionTable,
    Filter,
    FunctionDefinition,
    FunctionKind,
    HitPolicy,
    InputClause,
    Invocation,
    Iterator,
    IteratorKind,
    LiteralExpression,
    OutputClause,
    Relation,
    Rule,
)

_Closed = TypeVar("_Closed", bound=StrEnum)

_ABSENT: Final = LiteralExpression("")


def expression_in(reading: Reading, element: etree._Element) -> BoxedExpression | None:
    """The boxed expression among an element's children; None when there is none."""
    for name, child in reading.children(element):
        read = _KINDS.get(name)
        if read is not None:
            return read(reading, child)
    return None


def function_definition(reading: Reading, element: etree._Element) -> FunctionDefinition:
    """A function definition, also as a business knowledge model's encapsulated logic."""
    return FunctionDefinition(
        parameters=tuple(reading.information_item(child) for child in reading.all(element, "formalParameter")),
        body=expression_in(reading, element),
        kind=_kind_of_function(reading, element),
        type_ref=reading.type_ref(element),
        id=element.get("id") or "",
    )


_LETTERS: Final = {"F": FunctionKind.FEEL, "J": FunctionKind.JAVA, "P": FunctionKind.PMML}


def _kind_of_function(reading: Reading, element: etree._Element) -> FunctionKind:
    """The kind of a function; DMN 1.1 has no place for it, so vendors wrote it as an attribute of their own."""
    if element.get("kind") is None:
        vendors = (str(value) for name, value in element.items() if etree.QName(name).localname == "kind")
        stated = next(vendors, "")
        return _LETTERS.get(stated[:1].upper(), FunctionKind.FEEL)
    return _one_of(reading, element, "kind", FunctionKind.FEEL, code="DMN-READ-04")


def literal_expression(reading: Reading, element: etree._Element) -> LiteralExpression:
    """A literal expression; imported values are not read."""
    if reading.one(element, "importedValues") is not None:
        reading.fault("DMN-READ-05", element, "imported values are not read", help="write the values as FEEL")
    return LiteralExpression(
        text=reading.text(element),
        type_ref=reading.type_ref(element),
        language=reading.expression_language(element),
        id=element.get("id") or "",
    )


def _one_of(reading: Reading, element: etree._Element, attribute: str, default: _Closed, *, code: str) -> _Closed:
    """An attribute out of a closed list; an unknown word gives a fault and stands as the default."""
    text = element.get(attribute)
    if not text:
        return default
    try:
        return type(default)(text)
    except ValueError:
        known = ", ".join(member for member in type(default) if member)
        reading.fault(code, element, f"the {attribute} `{text}` is unknown", help=f"known: {known}")
        return default


def _required(reading: Reading, element: etree._Element) -> BoxedExpression:
    expression = expression_in(reading, element)
    return _unknown(reading, element) if expression is None else expression


def _unknown(reading: Reading, element: etree._Element) -> BoxedExpression:
    message = "an expression is missing or of an unknown kind"
    reading.fault("DMN-READ-06", element, message, help="known kinds: " + ", ".join(sorted(_KINDS)))
    return _ABSENT


def _required_child(reading: Reading, element: etree._Element, name: str) -> BoxedExpression:
    child = reading.one(element, name)
    if child is None:
        reading.fault("DMN-READ-06", element, f"the element `{name}` is missing", help="complete the expression")
        return _ABSENT
    return _required(reading, child)


def _decision_table(reading: Reading, element: etree._Element) -> DecisionTable:
    return DecisionTable(
        inputs=tuple(_input_clause(reading, child) for child in reading.all(element, "input")),
        outputs=tuple(_output_clause(reading, child) for child in reading.all(element, "output")),
        rules=tuple(_rule(reading, child, number) for number, child in enumerate(reading.all(element, "rule"), 1)),
        hit_policy=_one_of(reading, element, "hitPolicy", HitPolicy.UNIQUE, code="DMN-HIT-01"),
        aggregation=_one_of(reading, element, "aggregation", Aggregation.LIST, code="DMN-HIT-02"),
        annotations=tuple(one_line(child.get("name")) for child in reading.all(element, "annotation")),
        type_ref=reading.type_ref(element),
        id=element.get("id") or "",
    )


def _input_clause(reading: Reading, element: etree._Element) -> InputClause:
    expression = reading.one(element, "inputExpression")
    if expression is None:
        reading.fault("DMN-READ-06", element, "the input has no expression", help="say what the column looks at")
    return InputClause(
        expression=_ABSENT if expression is None else literal_expression(reading, expression),
        allowed=reading.unary_tests(reading.one(element, "inputValues")),
        label=one_line(element.get("label")),
        id=element.get("id") or "",
    )


def _output_clause(reading: Reading, element: etree._Element) -> OutputClause:
    default = reading.one(element, "defaultOutputEntry")
    return OutputClause(
        name=one_line(element.get("name")),
        type_ref=reading.type_ref(element),
        allowed=reading.unary_tests(reading.one(element, "outputValues")),
        default=None if default is None else literal_expression(reading, default),
        id=element.get("id") or "",
    )


def _rule(reading: Reading, element: etree._Element, number: int) -> Rule:
    return Rule(
        inputs=tuple(reading.cell(child) for child in reading.all(element, "inputEntry")),
        outputs=tuple(literal_expression(reading, child) for child in reading.all(element, "outputEntry")),
        annotations=tuple(reading.text(child) for child in reading.all(element, "annotationEntry")),
        id=element.get("id") or str(number),
    )


def _context(reading: Reading, element: etree._Element) -> Context:
    entries = []
    for child in reading.all(element, "contextEntry"):
        variable = reading.one(child, "variable")
        item = None if variable is None else reading.information_item(variable)
        entries.append(ContextEntry(item, _required(reading, child)))
    return Context(tuple(entries), reading.type_ref(element), element.get("id") or "")


def _list(reading: Reading, element: etree._Element) -> BoxedList:
    return BoxedList(_expressions(reading, element), reading.type_ref(element), element.get("id") or "")


def _expressions(reading: Reading, element: etree._Element) -> tuple[BoxedExpression, ...]:
    return tuple(
        _KINDS[name](reading, child) if name in _KINDS else _unknown(reading, child)
        for name, child in reading.children(element)
        if name not in _BESIDE
    )


_BESIDE: Final = frozenset({"description", "extensionElements"})


def _relation(reading: Reading, element: etree._Element) -> Relation:
    return Relation(
        columns=tuple(reading.information_item(child) for child in reading.all(element, "column")),
        rows=tuple(_expressions(reading, row) for row in reading.all(element, "row")),
        type_ref=reading.type_ref(element),
        id=element.get("id") or "",
    )


def _invocation(reading: Reading, element: etree._Element) -> Invocation:
    bindings = []
    for child in reading.all(element, "binding"):
        parameter = reading.one(child, "parameter")
        if parameter is None:
            reading.fault("DMN-READ-06", child, "the element `parameter` is missing", help="complete the binding")
        bindings.append(Binding(reading.information_item(parameter), expression_in(reading, child)))
    return Invocation(_required(reading, element), tuple(bindings), reading.type_ref(element), element.get("id") or "")


def _conditional(reading: Reading, element: etree._Element) -> Conditional:
    return Conditional(
        condition=_required_child(reading, element, "if"),
        then=_required_child(reading, element, "then"),
        otherwise=_required_child(reading, element, "else"),
        type_ref=reading.type_ref(element),
        id=element.get("id") or "",
    )


def _filter(reading: Reading, element: etree._Element) -> Filter:
    return Filter(
        source=_required_child(reading, element, "in"),
        match=_required_child(reading, element, "match"),
        type_ref=reading.type_ref(element),
        id=element.get("id") or "",
    )


def _iterator(kind: IteratorKind, body: str) -> Callable[[Reading, etree._Element], Iterator]:
    def read(reading: Reading, element: etree._Element) -> Iterator:
        source = reading.one(element, "in")
        return Iterator(
            kind=kind,
            variable=one_line(element.get("iteratorVariable")),
            source=_required_child(reading, element, "in"),
            body=_required_child(reading, element, body),
            source_type_ref="" if source is None else reading.type_ref(source),
            type_ref=reading.type_ref(element),
            id=element.get("id") or "",
        )

    return read


_KINDS: Final[dict[str, Callable[[Reading, etree._Element], BoxedExpression]]] = {
    "literalExpression": literal_expression,
    "decisionTable": _decision_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": function_definition,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator(IteratorKind.FOR, "return"),
    "some": _iterator(IteratorKind.SOME, "satisfies"),
    "every": _iterator(IteratorKind.EVERY, "satisfies"),
}

EXPRESSIONS: Final = frozenset(_KINDS)
"""The names of the elements that are boxed expressions."""
