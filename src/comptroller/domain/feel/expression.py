"""Compiled expressions and unary tests: what the rest of the platform holds of the language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from comptroller.domain.feel import tree
from comptroller.domain.feel.builtins import BUILTINS
from comptroller.domain.feel.compared import Compared, compared_with
from comptroller.domain.feel.compiler import compile_node
from comptroller.domain.feel.evaluation import Evaluation, Stopped
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read, too_deep
from comptroller.domain.feel.plain_cells import read_plain
from comptroller.domain.feel.plain_tests import plain_tests
from comptroller.domain.feel.tree import Node, Tests
from comptroller.domain.feel.types import Type
from comptroller.domain.feel.values import Value, admit
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

_BUILTIN_LAYER: Final = layer(BUILTINS)
LISTED: Final = "the filtered list"
_WEIGHED: Final = frozenset({list, dict, int})


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, read and compiled once. With faults it evaluates to null.

    `looked_up` are the names that it takes from the scope.
    """

    text: str
    faults: tuple[Fault, ...]
    looked_up: frozenset[str]
    _program: Callable[..., Value]

    def evaluate(self, scope: Mapping[str, Value], evaluation: Evaluation) -> Value:
        """Evaluate in a scope; never raises for what the expression or the scope's values do."""
        try:
            value = self._program(evaluation, scope)
            if value.__class__ in _WEIGHED:
                # shared many times over, a small value could grow without bound outside
                evaluation.weigh(value)
                return admit(value) if value.__class__ is int else value
        except (Stopped, RecursionError) as ended:
            _stop(evaluation, ended)
            return None
        return value


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of one cell of a decision table, read and compiled once. With faults they are null: no match.

    `literals` is what they compare with, None when they look at anything else, or by an order that no index holds;
    `compared` tells of every order, and is None only when they look at anything else.
    """

    text: str
    faults: tuple[Fault, ...]
    looked_up: frozenset[str]
    literals: tuple[Value, ...] | None
    _program: Callable[..., Value]
    compared: Compared | None = None
    place: str = ""

    def placed(self, place: str) -> "UnaryTests":
        """Give tests that say where they stand when they tell what went wrong."""
        return replace(self, place=place)

    def matches(self, value: Value, scope: Mapping[str, Value], evaluation: Evaluation) -> bool | None:
        """Apply a value to the tests: true, false, or null where the standard says that they do not compare."""
        outer = evaluation.where
        evaluation.where = self.place or outer
        try:
            result = self._program(evaluation, scope, value)
        except (Stopped, RecursionError) as ended:
            _stop(evaluation, ended)
            return None
        finally:
            evaluation.where = outer
        return result if result.__class__ is bool else None


def compile_expression(
    text: str,
    names: Iterable[str] = (),
    *,
    members: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
) -> Expression:
    """Compile an expression; what is wrong with it is in `faults`, nothing is raised.

    `names` are the variables it may use: needed for names that hold operators or keywords, and to tell a variable from
    a built-in function of the same name. `members` are names of context entries, needed on the same ground; `types` are
    the model's own types for `instance of` and parameters.
    """
    vocabulary = Vocabulary(tuple(names), tuple(members), types or {})
    try:
        node, faults = read(text, vocabulary, _BUILTIN_LAYER, unary=False)
        if node is None:
            return Expression(text, faults, frozenset(), _faulty(faults))
        program, looked_up = compile_node(node, BUILTINS, vocabulary.names)
    except RecursionError:  # the caller was already deep in calls of its own
        return Expression(text, (too_deep(0),), frozenset(), _faulty((too_deep(0),)))
    return Expression(text, (), looked_up, program)


def compile_condition(
    text: str,
    names: Iterable[str] = (),
    *,
    members: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
) -> Expression:
    """Compile what stands in the brackets of a filter; evaluated, it filters what the scope has under `LISTED`.

    It sees `item`, and the entries of an item by their names, `members` among them.
    """
    names, members = tuple(names), tuple(members)
    vocabulary = Vocabulary((*names, "item", *members), members, types or {})
    try:
        node, faults = read(text, vocabulary, _BUILTIN_LAYER, unary=False)
        if node is None:
            return Expression(text, faults, frozenset(), _faulty(faults))
        filtering = tree.Filter(0, tree.Name(0, LISTED), node)
        program, looked_up = compile_node(filtering, BUILTINS, (*names, LISTED))
    except RecursionError:  # the caller was already deep in calls of its own
        return Expression(text, (too_deep(0),), frozenset(), _faulty((too_deep(0),)))
    return Expression(text, (), looked_up - {LISTED}, program)


def compile_unary_tests(
    text: str,
    names: Iterable[str] = (),
    *,
    members: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
) -> UnaryTests:
    """Compile the tests of a cell, such as `< 10`, `"a", "b"`, `not([1..3])` or `-`; an empty text is `-`."""
    vocabulary = Vocabulary(tuple(names), tuple(members), types or {})
    try:
        node: Node | None = read_plain(text)
        faults: tuple[Fault, ...] = ()
        if node is None:
            node, faults = read(text, vocabulary, _BUILTIN_LAYER, unary=True)
        if node is None:
            return UnaryTests(text, faults, frozenset(), None, _faulty(faults))
        plain = plain_tests(node, frozenset(vocabulary.names)) if isinstance(node, Tests) else None
        if plain is not None:
            return UnaryTests(text, (), frozenset(), plain[1], plain[0], Compared(plain[1]))
        program, looked_up = compile_node(node, BUILTINS, vocabulary.names)
    except RecursionError:  # the caller was already deep in calls of its own
        return UnaryTests(text, (too_deep(0),), frozenset(), None, _faulty((too_deep(0),)))
    compared = compared_with(node, frozenset(vocabulary.names)) if isinstance(node, Tests) else None
    return UnaryTests(text, (), looked_up, None, program, compared)


def _faulty(faults: tuple[Fault, ...]) -> Callable[..., None]:
    """Make the program of a text that cannot be read: null, with the faults of the text."""

    def program(evaluation: Evaluation, *_arguments: object) -> None:
        evaluation.faults.extend(fault for fault in faults if fault not in evaluation.faults)

    return program


def _stop(evaluation: Evaluation, ended: Stopped | RecursionError) -> None:
    """Record which limit ended an evaluation."""
    if isinstance(ended, Stopped):
        evaluation.stop(ended, evaluation.path(evaluation.place))
    else:
        message = f"the evaluation nests deeper than {limits.FEEL_DEPTH_MAX} allows"
        evaluation.stop(Stopped("FEEL-LIMIT-02", message), evaluation.where)
