"""Holds an expression's two answers against each other: the product's, compiled, and the reference's, by the letter.

What is wrong comes back as a text, and `reduced` finds a smaller expression in which something is still wrong.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, get_args

from tests.reference import feel_evaluator
from tests.reference.feel_generator import MEMBERS, NAMES, Generator
from tests.reference.feel_values import Unstated, Value, alike, from_product, to_product
from tests.reference.feel_writer import write

from comptroller.domain.feel import BUILTINS, Evaluation, compile_expression, compile_unary_tests, tree
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read

KNOWN = Vocabulary(tuple(NAMES), tuple(MEMBERS))
LAYER = layer(BUILTINS)
WORDS = (*NAMES, *MEMBERS)


class Skipped(Exception):
    """There is nothing to compare: the reference has no opinion, or a limit of the product ended the evaluation."""


def same_tree(left: Any, right: Any) -> bool:
    """Compare two trees, the places in the text left aside."""
    if type(left) is not type(right):
        return False
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(same_tree, left, right))
    if is_dataclass(left):
        names = [field.name for field in fields(left) if field.name != "at"]
        return all(same_tree(getattr(left, name), getattr(right, name)) for name in names)
    return bool(left == right)


@dataclass(frozen=True)
class Given:
    """The variables of an expression, as both sides have them."""

    reference: Mapping[str, Value]
    product: Mapping[str, Any]


def given(generator: Generator) -> Given:
    """Values for all variables, most of them of their type."""
    scope: dict[str, Value] = {}
    generator.variables = {}
    for name, kind in NAMES.items():
        try:
            value = feel_evaluator.evaluate(generator.node(kind, 1), {})
            to_product(value)
        except (Unstated, TypeError):  # functions do not cross to the other side
            value = None
        scope[name] = value
    generator.variables = dict(NAMES)
    return Given(scope, {name: to_product(value) for name, value in scope.items()})


def tree_of(text: str) -> tree.Node:
    """The tree of a text that can be read."""
    node, faults = read(text, KNOWN, LAYER, unary=False)
    if node is None:
        raise ValueError(faults[0].message)
    return node


def reading(node: tree.Node) -> str:
    """What is wrong with a tree that is written and read again; nothing when it is the same."""
    text = write(node, WORDS)
    again, faults = read(text, KNOWN, LAYER, unary=isinstance(node, tree.Tests))
    if again is None:
        return f"`{text}` cannot be read: {faults[0].path}: {faults[0].message}"
    return "" if same_tree(node, again) else f"`{text}` reads as `{write(again, WORDS)}`:\n  {node}\n  {again}"


def evaluating(node: tree.Node, scope: Given) -> str:
    """What is wrong with an expression's answer; nothing when both say the same."""
    text = write(node, WORDS)
    try:
        wanted = feel_evaluator.evaluate(node, scope.reference)
    except (Unstated, RecursionError) as unstated:
        raise Skipped from unstated
    evaluation = Evaluation()
    answer = compile_expression(text, NAMES, members=MEMBERS).evaluate(scope.product, evaluation)
    if evaluation.stopped:
        raise Skipped
    try:
        found = from_product(answer)
    except (OverflowError, ValueError):
        return f"`{text}` is {answer!r}, which is no value of the language"
    return "" if alike(found, wanted) else f"`{text}` is {found!r}, and {wanted!r} by the letter"


def testing(node: tree.Tests, value: Value, scope: Given) -> str:
    """What is wrong with the answer of a cell's tests to a value."""
    text = write(node, WORDS)
    try:
        wanted = feel_evaluator.matches(node, value, scope.reference)
    except (Unstated, RecursionError) as unstated:
        raise Skipped from unstated
    evaluation = Evaluation()
    found = compile_unary_tests(text, NAMES, members=MEMBERS).matches(to_product(value), scope.product, evaluation)
    if evaluation.stopped:
        raise Skipped
    return "" if found is wanted else f"`{text}` says {found} of {value!r}, and {wanted} by the letter"


def reduced(node: tree.Node, wrong: Callable[[tree.Node], str]) -> tree.Node:
    """A smaller tree with which something is still wrong: operands in place of operators, as long as that helps."""
    smaller: tree.Node | None = node
    while smaller is not None:
        node = smaller
        smaller = next((change for change in _changes(node) if _still(change, wrong)), None)
    return node


def _still(node: tree.Node, wrong: Callable[[tree.Node], str]) -> bool:
    try:
        return bool(wrong(node))
    except Skipped:
        return False


def _changes(node: Any) -> Iterator[Any]:
    """Each tree that is one step smaller."""
    if not isinstance(node, tree.Tests | tree.Iteration | tree.UnaryComparison):
        yield from (child for child in tree.children(node) if not isinstance(child, _PARTS))
        if not isinstance(node, tree.Literal | tree.Name):
            yield tree.Literal(0, None)
    for field in fields(node):
        part = getattr(node, field.name)
        if isinstance(part, _NODES):
            yield from (replace(node, **{field.name: change}) for change in _changes(part))
        elif isinstance(part, tuple) and part and isinstance(part[0], _NODES):
            if field.name in {"tests", "items", "operands"} and len(part) > (2 if field.name == "operands" else 1):
                yield from (replace(node, **{field.name: part[:at] + part[at + 1 :]}) for at in range(len(part)))
            for at, entry in enumerate(part):
                yield from (
                    replace(node, **{field.name: (*part[:at], change, *part[at + 1 :])}) for change in _changes(entry)
                )


_NODES = get_args(tree.Node)
_PARTS = (tree.Tests, tree.Iteration, tree.UnaryComparison)
