"""Small decision models in few words, for the tests of this area."""

from collections.abc import Sequence

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import (
    Aggregation,
    BoxedExpression,
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    Element,
    FunctionDefinition,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.decisions.model import Model
from comptroller.domain.kernel.fault import Severity

NAMESPACE = "urn:test"


def here(name: str) -> Reference:
    """An element of the test's own model; ids are names."""
    return Reference(NAMESPACE, name)


def input_data(name: str, type_ref: str = "") -> InputData:
    return InputData(name, name, InformationItem(name, type_ref))


def decision(
    name: str,
    expression: BoxedExpression | str | None,
    *,
    inputs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    knowledge: Sequence[str] = (),
    type_ref: str = "",
) -> Decision:
    """A decision; a text is its literal expression."""
    return Decision(
        id=name,
        name=name,
        variable=InformationItem(name, type_ref),
        expression=LiteralExpression(expression) if isinstance(expression, str) else expression,
        required_inputs=tuple(map(here, inputs)),
        required_decisions=tuple(map(here, decisions)),
        required_knowledge=tuple(map(here, knowledge)),
    )


def knowledge_model(
    name: str,
    parameters: Sequence[str],
    body: BoxedExpression | str,
    *,
    knowledge: Sequence[str] = (),
    type_ref: str = "",
) -> BusinessKnowledgeModel:
    """A function; a parameter may carry its type, as in `amount: number`."""
    items = tuple(InformationItem(*(part.strip() for part in parameter.split(":"))) for parameter in parameters)
    expression = LiteralExpression(body) if isinstance(body, str) else body
    return BusinessKnowledgeModel(
        id=name,
        name=name,
        variable=InformationItem(name, type_ref),
        logic=FunctionDefinition(items, expression),
        required_knowledge=tuple(map(here, knowledge)),
    )


def table(
    inputs: Sequence[str],
    outputs: Sequence[str | OutputClause],
    rules: Sequence[Sequence[str]],
    hit_policy: HitPolicy = HitPolicy.UNIQUE,
    *,
    aggregation: Aggregation = Aggregation.LIST,
    types: Sequence[str] = (),
) -> DecisionTable:
    """A table whose rules are written as rows of cells, conditions before conclusions; rules are named r1, r2, ..."""
    return DecisionTable(
        inputs=tuple(
            InputClause(LiteralExpression(text, types[place] if types else "")) for place, text in enumerate(inputs)
        ),
        outputs=tuple(clause if isinstance(clause, OutputClause) else OutputClause(clause) for clause in outputs),
        rules=tuple(
            Rule(
                inputs=tuple(UnaryTests(cell) for cell in row[: len(inputs)]),
                outputs=tuple(LiteralExpression(cell) for cell in row[len(inputs) :]),
                id=f"r{number}",
            )
            for number, row in enumerate(rules, 1)
        ),
        hit_policy=hit_policy,
        aggregation=aggregation,
    )


def definitions(*elements: Element, types: Sequence[ItemDefinition] = ()) -> Definitions:
    return Definitions("test", NAMESPACE, item_definitions=tuple(types), elements=elements)


def model(*elements: Element, types: Sequence[ItemDefinition] = ()) -> Model:
    """A model, with or without faults."""
    return compile_model(definitions(*elements, types=types))


def sound_model(*elements: Element, types: Sequence[ItemDefinition] = ()) -> Model:
    """A model without faults; that a requirement is not used is none."""
    compiled = model(*elements, types=types)
    assert [fault for fault in compiled.faults if fault.severity is not Severity.INFORMATION] == []
    return compiled
