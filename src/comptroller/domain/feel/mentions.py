"""What an expression speaks of: the entries that it asks for, and the texts that it compares names with.

A misspelt one is null, or equal to nothing, and does not say so: who rests on an expression asks here first.
"""

from collections.abc import Collection, Iterator

from comptroller.domain.feel import BUILTINS, tree
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read


def parsed(text: str, names: Collection[str]) -> tree.Node | None:
    """Read an expression; None where it cannot be read."""
    return read(text, Vocabulary(tuple(names), (), {}), layer(BUILTINS), unary=False)[0]


def nodes_of(node: tree.Node) -> Iterator[tree.Node]:
    """Give a node and all below it."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(tree.children(found))


def has_filter(node: tree.Node) -> bool:
    """Say whether something is filtered, so that names may be entries of its items."""
    return any(isinstance(each, tree.Filter) for each in nodes_of(node))


def keys_of(node: tree.Node) -> frozenset[str]:
    """Give the entries of the contexts that the expression makes itself."""
    return frozenset(key for each in nodes_of(node) if isinstance(each, tree.ContextLiteral) for key in each.keys)


def members_of(node: tree.Node, free: Collection[str]) -> frozenset[str]:
    """Give the entries that are asked for after a dot, but for those of the names `free`, which may have any."""
    return frozenset(each.name for each in nodes_of(node) if isinstance(each, tree.Member) and _root(each) not in free)


def compared_texts(node: tree.Node) -> Iterator[tuple[str, str]]:
    """Give each name with each text that it is compared with, by `=`, `!=`, `in` or `list contains`."""
    for each in nodes_of(node):
        match each:
            case tree.Binary(operator="=" | "!=", left=tree.Name(name=name), right=tree.Literal(value=str(text))):
                yield name, text
            case tree.Binary(operator="=" | "!=", left=tree.Literal(value=str(text)), right=tree.Name(name=name)):
                yield name, text
            case tree.In(value=tree.Name(name=name), tests=tests):
                for literal in nodes_of(tests):
                    if isinstance(literal, tree.Literal) and isinstance(literal.value, str):
                        yield name, literal.value
            case tree.Call(
                callee=tree.Name(name="list contains"),
                arguments=(tree.Name(name=name), tree.Literal(value=str(text))),
            ):
                yield name, text


def _root(node: tree.Node) -> str:
    while isinstance(node, tree.Member | tree.Filter):
        node = node.base
    return node.name if isinstance(node, tree.Name) else ""
