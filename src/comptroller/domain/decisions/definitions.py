"""A DMN 1.5 model as it was written: definitions, decision requirement graph and boxed expressions.

Plain immutable records, one for each element of the standard that has a meaning when deciding; diagrams, knowledge
sources and other drawings are left out. Nothing is resolved or checked here: `compiler` does that. References are pairs
of namespace and id, so that models that import each other live in one graph.

# SOURCE: OMG DMN 1.5, clauses 6 to 8 and 10.2.
"""

from collections.abc import Iterator as Iterating
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from comptroller.domain.kernel.fault import Fault

FEEL_LANGUAGE = "feel"
"""What an unstated expression language is; the reader maps the standard's FEEL namespaces to it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where another element is: the namespace of its model and its id."""

    namespace: str
    id: str

    def __str__(self) -> str:
        return f"{self.namespace}#{self.id}"


@dataclass(frozen=True, slots=True)
class InformationItem:
    """A named, typed place: a variable, a formal parameter, a column; `type_ref` is empty when unstated."""

    name: str
    type_ref: str = ""


# Boxed expressions (clause 10.2.2)


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """A FEEL text; the empty text is an absent expression."""

    text: str
    type_ref: str = ""
    language: str = FEEL_LANGUAGE
    id: str = ""


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The FEEL text of an input entry or of allowed values; `-` and the empty text allow everything."""

    text: str
    id: str = ""
    language: str = FEEL_LANGUAGE


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions: what is looked at, and the values it may have."""

    expression: LiteralExpression
    allowed: UnaryTests | None = None
    label: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of conclusions: its name (empty when it is the only one), allowed values by priority, default."""

    name: str = ""
    type_ref: str = ""
    allowed: UnaryTests | None = None
    default: LiteralExpression | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: conditions and conclusions in the order of the columns, and its annotations."""

    inputs: tuple[UnaryTests, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...] = ()
    id: str = ""


class HitPolicy(StrEnum):
    """How a table answers when several rules match (clause 8.2.10); the values are the file format's."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What a collecting table makes of its hits (clause 8.2.11)."""

    LIST = ""
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rules over input and output clauses, under a hit policy."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation = Aggregation.LIST
    annotations: tuple[str, ...] = ()
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A named entry of a context; without a variable it is the context's result."""

    variable: InformationItem | None
    value: "BoxedExpression"


@dataclass(frozen=True, slots=True)
class Context:
    """Entries evaluated from top to bottom, each seeing those above it."""

    entries: tuple[ContextEntry, ...]
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of expressions."""

    items: tuple["BoxedExpression", ...]
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts of one shape, written as rows under columns."""

    columns: tuple[InformationItem, ...]
    rows: tuple[tuple["BoxedExpression", ...], ...]
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A formal parameter and the expression that is passed for it."""

    parameter: InformationItem
    value: "BoxedExpression | None"


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a function (mostly a business knowledge model) with named parameters."""

    called: "BoxedExpression"
    bindings: tuple[Binding, ...]
    type_ref: str = ""
    id: str = ""


class FunctionKind(StrEnum):
    """In which language a function's body is written; only FEEL is evaluated."""

    FEEL = "FEEL"
    JAVA = "Java"
    PMML = "PMML"


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """Formal parameters and a body."""

    parameters: tuple[InformationItem, ...]
    body: "BoxedExpression | None"
    kind: FunctionKind = FunctionKind.FEEL
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """If, then, else."""

    condition: "BoxedExpression"
    then: "BoxedExpression"
    otherwise: "BoxedExpression"
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """The elements of a list for which the match expression (which sees `item` and its entries) is true."""

    source: "BoxedExpression"
    match: "BoxedExpression"
    type_ref: str = ""
    id: str = ""


class IteratorKind(StrEnum):
    """What an iterator makes of its elements."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Iterator:
    """For, some or every element of a list, under a variable's name; `for` also offers `partial`."""

    kind: IteratorKind
    variable: str
    source: "BoxedExpression"
    body: "BoxedExpression"
    source_type_ref: str = ""
    type_ref: str = ""
    id: str = ""


BoxedExpression = (
    LiteralExpression
    | DecisionTable
    | Context
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | Filter
    | Iterator
)


# Types (clause 7.3.2)


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """A function's type: its parameters and what it gives."""

    parameters: tuple[InformationItem, ...]
    output_type_ref: str = ""


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type: another type with allowed values, a structure, a function, or a collection of one of them."""

    name: str
    type_ref: str = ""
    components: tuple["ItemDefinition", ...] = ()
    function: FunctionItem | None = None
    allowed: UnaryTests | None = None
    constraint: UnaryTests | None = None
    is_collection: bool = False
    id: str = ""


# Decision requirement graph (clause 6)


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """What the platform needs to know about a decision beyond its logic.

    `number` is its number in the inventory of decisions, `date_basis` the date whose valid version counts, `recheck`
    whether it is evaluated again before a signature counts and before posting, `owner` the role that answers for it.
    `binding` says which version of policy answers a running case: the one that the case keeps (`deployment`), the one
    in force on the day of its date basis (`date`), or the one with this hash; what is rechecked is asked of the version
    in force.
    As a control it answers a `risk` (what goes wrong without it) and supports an `assertion` of the accounts
    (occurrence, completeness, accuracy, cut-off and so on; SOURCE: ISA 315, A190).
    """

    number: str = ""
    date_basis: str = "now"
    recheck: bool = False
    binding: str = "deployment"
    owner: str = ""
    risk: str = ""
    assertion: str = ""


@dataclass(frozen=True, slots=True)
class InputData:
    """Something that comes from outside."""

    id: str
    name: str
    variable: InformationItem


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to be decided, what it needs, and its logic (None: answered by people)."""

    id: str
    name: str
    variable: InformationItem
    expression: BoxedExpression | None = None
    required_inputs: tuple[Reference, ...] = ()
    required_decisions: tuple[Reference, ...] = ()
    required_knowledge: tuple[Reference, ...] = ()
    question: str = ""
    allowed_answers: str = ""
    description: str = ""
    policy: DecisionPolicy = DecisionPolicy()


@dataclass(frozen=True, slots=True)
class BusinessKnowledgeModel:
    """A function that decisions share."""

    id: str
    name: str
    variable: InformationItem
    logic: FunctionDefinition | None = None
    required_knowledge: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A part of the graph offered as a function: inputs, the decisions inside, and those it answers with."""

    id: str
    name: str
    variable: InformationItem
    output_decisions: tuple[Reference, ...] = ()
    encapsulated_decisions: tuple[Reference, ...] = ()
    input_decisions: tuple[Reference, ...] = ()
    input_data: tuple[Reference, ...] = ()


Element = InputData | Decision | BusinessKnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True)
class Import:
    """Another model whose elements are seen under a name; the empty name brings them in as one's own."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """One DMN file; `source_hash` is the SHA-256 of its bytes (lower-case hexadecimal), `faults` what reading found."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    item_definitions: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()
    source_hash: str = field(default="", compare=False)
    faults: tuple[Fault, ...] = field(default=(), compare=False)


def texts(written: Any) -> Iterating[str]:
    """Every expression and unary test that an element, or a whole model, is written with."""
    if isinstance(written, LiteralExpression | UnaryTests):
        yield written.text
    elif isinstance(written, tuple):
        for each in written:
            yield from texts(each)
    elif is_dataclass(written):
        for each in fields(written):
            yield from texts(getattr(written, each.name))
