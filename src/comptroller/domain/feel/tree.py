"""The syntax tree of FEEL: one frozen record for each form of the grammar, with the offset where it stands.

The tree says what was written and nothing about how it runs; the compiler reads it once. Operators keep the standard's
spelling. A chain of `and`s or `or`s is one node, so that long conditions do not nest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, TypeAlias, get_args

from comptroller.domain.feel.types import Type
from comptroller.domain.feel.values import Scalar


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string, boolean, null or `@"..."`."""

    at: int
    value: Scalar


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or a function of the language."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`base.name`"""

    at: int
    base: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[condition]`"""

    at: int
    base: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """`callee(arguments)`; `names` is empty for a positional call."""

    at: int
    callee: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic `+ - * / **` and comparison `= != < <= > >=`."""

    at: int
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`"""

    at: int
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Junction:
    """A chain of `and` (deciding value false) or of `or` (deciding value true)."""

    at: int
    decider: bool
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`"""

    at: int
    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class UnaryComparison:
    """`< endpoint` and its kin, as a test of something that is given."""

    at: int
    operator: str
    endpoint: "Node"


@dataclass(frozen=True, slots=True)
class Tests:
    """A list of unary tests; no tests at all means `-`, anything."""

    at: int
    tests: tuple["Node", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """`value in tests`"""

    at: int
    value: "Node"
    tests: Tests


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`"""

    at: int
    value: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then consequence else alternative`"""

    at: int
    condition: "Node"
    consequence: "Node"
    alternative: "Node"


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source` or `name in source..end`"""

    at: int
    name: str
    source: "Node"
    end: "Node | None" = None


@dataclass(frozen=True, slots=True)
class For:
    """`for iterations return body`"""

    at: int
    iterations: tuple[Iteration, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some` (deciding value true) or `every` (deciding value false) `iterations satisfies condition`."""

    at: int
    decider: bool
    iterations: tuple[Iteration, ...]
    condition: "Node"


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`"""

    at: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral:
    """`{key: value}`; later entries see the earlier ones."""

    at: int
    keys: tuple[str, ...]
    entries: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral:
    """`[start..end]`, its open forms, and `(< end)`; a missing end is None."""

    at: int
    start: "Node | None"
    end: "Node | None"
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class FunctionLiteral:
    """`function(parameters) body`"""

    at: int
    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: "Node"


Node: TypeAlias = (
    Literal
    | Name
    | Member
    | Filter
    | Call
    | Binary
    | Negation
    | Junction
    | Between
    | UnaryComparison
    | Tests
    | In
    | InstanceOf
    | If
    | Iteration
    | For
    | Quantified
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | FunctionLiteral
)
NODES: Final = get_args(Node)
_FIELDS: Final = {form: tuple(field.name for field in fields(form)) for form in NODES}
"""The fields of each form, by its class."""


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly below."""
    for name in _FIELDS[node.__class__]:
        value = getattr(node, name)
        if value.__class__ in _FIELDS:
            yield value
        elif value.__class__ is tuple:
            yield from (entry for entry in value if entry.__class__ in _FIELDS)


def height(node: Node, limit: int) -> int:
    """Count the levels of a tree, no further than one beyond `limit`; a long chain of operators counts as well."""
    level, levels = [node], 0
    while level and levels <= limit:
        level = [child for parent in level for child in children(parent)]
        levels += 1
    return levels


class Survey:
    """What a compiler asks of the nodes of one tree: how large each is, and whether it mentions `?` or `partial`.

    Every node is looked at once, however many are around it.
    """

    __slots__ = ("_found",)

    def __init__(self, root: Node) -> None:
        self._found: dict[int, tuple[int, frozenset[str]]] = {}
        self._look(root)

    def size(self, node: Node) -> int:
        """Count the nodes of a tree."""
        return self._found[id(node)][0]

    def mentions(self, node: Node, name: str) -> bool:
        """Say whether one of the two names occurs anywhere in a tree."""
        return name in self._found[id(node)][1]

    def _look(self, node: Node) -> tuple[int, frozenset[str]]:
        below = [self._look(child) for child in children(node)]
        own = frozenset({node.name}) if isinstance(node, Name) and node.name in _ASKED_FOR else _NONE
        found = 1 + sum(count for count, _ in below), own.union(*(names for _, names in below if names))
        self._found[id(node)] = found
        return found


_ASKED_FOR: Final = frozenset({"?", "partial"})
_NONE: Final[frozenset[str]] = frozenset()


def only_looks_into(node: Node, name: str) -> bool:
    """Say whether a list's name occurs only where one of its items is taken, `name[-1]`."""
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, Name) and found.name == name:
            return False
        if isinstance(found, Filter) and isinstance(found.base, Name) and found.base.name == name:
            if not isinstance(literal_of(found.condition), Decimal):
                return False
            continue
        pending.extend(children(found))
    return True


COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})


def is_condition(node: Node | None) -> bool:
    """Say whether a node's form alone makes it true, false or null, and nothing else."""
    return isinstance(node, Junction | Between | In | InstanceOf | Quantified) or (
        isinstance(node, Binary) and node.operator in COMPARISONS
    )


def literal_of(node: Node | None) -> Scalar:
    """Give the value of a literal or of a negated number; None for anything else."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        value = node.operand.value
        return value.copy_negate() if isinstance(value, Decimal) else None
    return None
