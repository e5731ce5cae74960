"""What a FEEL text is, when that can be told without evaluating it in any scope.

Only plain forms count: literals, days written as `date("...")`, and lists of them. Everything else is left to
evaluation, so a form that is not recognised here costs speed and nothing else.
"""

from collections.abc import Iterable
from typing import Final

from comptroller.domain.feel import BUILTINS, Value, tree
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read
from comptroller.domain.feel.plain_tests import literal_value

_BUILTINS: Final = layer(BUILTINS)
_NO_VOCABULARY: Final = Vocabulary()


def constant_of(text: str) -> tuple[Value] | None:
    """The value of a literal (or of a list of literals), in a tuple since it may be null; None for any other text."""
    node, _ = read(text, _NO_VOCABULARY, _BUILTINS, unary=False)
    if isinstance(node, tree.ListLiteral):
        items = [literal_value(item) for item in node.items]
        found = [item[0] for item in items if item is not None]
        return (found,) if len(found) == len(items) else None
    return None if node is None else literal_value(node)


def path_of(text: str, names: Iterable[str], members: Iterable[str]) -> tuple[str, ...]:
    """The variable and the entries under it that a text such as `invoice.total.net` names; nothing for another text."""
    variables = tuple(names)
    node, _ = read(text, Vocabulary(variables, tuple(members)), _BUILTINS, unary=False)
    entries: list[str] = []
    while isinstance(node, tree.Member):
        entries.append(node.name)
        node = node.base
    return (node.name, *reversed(entries)) if isinstance(node, tree.Name) and node.name in variables else ()
