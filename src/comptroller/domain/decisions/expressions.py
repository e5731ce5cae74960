"""Compiling boxed expressions: each becomes a function of scope and run, with everything that can be settled settled.

Texts are parsed, types found and tables indexed here, once; what runs later is a tree of closures. Whatever is wrong is
noted with the place where it stands and compiles to null, so that one pass finds every fault of a model.
"""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BoxedList,
    Conditional,
    Context,
    DecisionTable,
    Filter,
    FunctionDefinition,
    FunctionKind,
    InformationItem,
    Invocation,
    Iterator,
    IteratorKind,
    LiteralExpression,
    Relation,
)
from comptroller.domain.decisions.item_types import result_type
from comptroller.domain.decisions.run import Compiled, Run, Scope, null, placed, typed
from comptroller.domain.decisions.table_compiler import compile_table
from comptroller.domain.decisions.vocabulary import Vocabulary
from comptroller.domain.feel import LISTED
from comptroller.domain.feel.invocation import invoke_named
from comptroller.domain.feel.navigation import every_item, iterate, quantify, select
from comptroller.domain.feel.types import Type
from comptroller.domain.feel.values import Function, Value


def compile_expression(source: BoxedExpression, words: Vocabulary, path: str) -> Compiled:
    """Compile a boxed expression in a vocabulary; faults are noted there."""
    compiled = _compile(source, words.expecting(source.type_ref or words.expected), path)
    wanted = words.type(source.type_ref, path)
    # a table's type is that of its result, a function definition's that of its body
    return compiled if isinstance(source, FunctionDefinition) else typed(compiled, wanted, path)


def _compile(source: BoxedExpression, words: Vocabulary, path: str) -> Compiled:
    inner = words.expecting("")  # what is declared of a whole is not declared of its parts
    match source:
        case LiteralExpression():
            return words.literal(source, path)
        case DecisionTable():
            return compile_table(source, words, f"{path}/decisionTable")
        case Context():
            return _context(source, words, f"{path}/context")
        case BoxedList():
            return _list(source.items, inner, f"{path}/list")
        case Relation():
            return _relation(source, inner, f"{path}/relation")
        case Invocation():
            return _invocation(source, inner, f"{path}/invocation")
        case FunctionDefinition():
            return _function(source, inner, f"{path}/functionDefinition")
        case Conditional():
            return _conditional(source, words, f"{path}/conditional")
        case Filter():
            return _filter(source, inner, f"{path}/filter")
        case Iterator():
            return _iterator(source, inner, f"{path}/{source.kind}")
    assert_never(source)


_FUNCTION: Final = "unction"  # in a text, or in the name of the boxed form


def _context(source: Context, words: Vocabulary, path: str) -> Compiled:
    entries: list[tuple[str, Compiled, bool, bool]] = []
    result: Compiled | None = None
    for position, entry in enumerate(source.entries, 1):
        if entry.variable is None:
            result = compile_expression(entry.value, words, f"{path}/contextEntry[{position}]")  # of the whole's type
            continue
        name, at = entry.variable.name, f"{path}/contextEntry[{entry.variable.name}]"
        if name in {other for other, *_ in entries}:
            words.fault("DMN-CONTEXT-01", at, "the context has two entries of this name", help="rename one of them")
        recursive = _is_function(entry.value)
        inner = words.with_names((name,)) if recursive else words
        compiled = compile_expression(entry.value, inner.expecting(entry.variable.type_ref), at)
        compiled = typed(compiled, words.type(entry.variable.type_ref, at), at)
        entries.append((name, compiled, recursive, _FUNCTION in repr(entry.value)))
        words = words.with_names((name,))

    def evaluate(scope: Scope, run: Run) -> Value:
        inner, made = dict(scope), {}
        for name, compiled, recursive, keeps in entries:
            seen = dict(inner) if keeps else inner  # a function keeps what it was written in: the entries above it
            value = inner[name] = made[name] = compiled(seen, run)
            if recursive:
                seen[name] = value
        return made if result is None else result(inner, run)

    return evaluate


def _is_function(value: BoxedExpression) -> bool:
    """Whether an entry is a function, which may call itself by the entry's name."""
    return isinstance(value, FunctionDefinition) or (
        isinstance(value, LiteralExpression) and value.text.lstrip().startswith("function")
    )


def _list(items: Sequence[BoxedExpression], words: Vocabulary, path: str) -> Compiled:
    compiled = [compile_expression(item, words, f"{path}[{position}]") for position, item in enumerate(items, 1)]

    def evaluate(scope: Scope, run: Run) -> Value:
        return [item(scope, run) for item in compiled]

    return evaluate


def _relation(source: Relation, words: Vocabulary, path: str) -> Compiled:
    rows: list[list[tuple[str, Compiled]]] = []
    for number, row in enumerate(source.rows, 1):
        at = f"{path}/row[{number}]"
        if len(row) != len(source.columns):
            message = f"the row has {len(row)} cells under {len(source.columns)} columns"
            words.fault("DMN-RELATION-01", at, message, help="fill every column")
            continue
        cells = []
        for column, cell in zip(source.columns, row, strict=True):
            place = f"{at}/{column.name}"
            compiled = typed(compile_expression(cell, words, place), words.type(column.type_ref, place), place)
            cells.append((column.name, compiled))
        rows.append(cells)

    def evaluate(scope: Scope, run: Run) -> Value:
        return [{name: cell(scope, run) for name, cell in cells} for cells in rows]

    return evaluate


def _invocation(source: Invocation, words: Vocabulary, path: str) -> Compiled:
    called = compile_expression(source.called, words, path)
    names = tuple(binding.parameter.name for binding in source.bindings)
    if len(set(names)) != len(names):
        words.fault("DMN-FUNCTION-01", path, "a parameter is bound twice", help="remove one of the bindings")
        return null
    arguments = []
    for binding in source.bindings:
        at = f"{path}/binding[{binding.parameter.name}]"
        compiled = null if binding.value is None else compile_expression(binding.value, words, at)
        arguments.append(typed(compiled, words.type(binding.parameter.type_ref, at), at))

    def evaluate(scope: Scope, run: Run) -> Value:
        function = called(scope, run)
        values = [argument(scope, run) for argument in arguments]
        return invoke_named(run.evaluation, 0, function, names, *values)

    return placed(evaluate, path)


def parameter_types(parameters: Iterable[InformationItem], words: Vocabulary, path: str) -> tuple[Type | None, ...]:
    """The types that a function's arguments are held to."""
    return tuple(words.type(parameter.type_ref, f"{path}/{parameter.name}") for parameter in parameters)


def body_of(source: FunctionDefinition, words: Vocabulary, path: str) -> Compiled:
    """A function's body, seeing its parameters; only FEEL is evaluated."""
    if source.kind is not FunctionKind.FEEL:
        message = f"a function of kind {source.kind} is not evaluated"
        words.fault("DMN-LANGUAGE-02", path, message, help="write the function in FEEL")
        return null
    if source.body is None:
        return null
    names = [parameter.name for parameter in source.parameters]
    if len(set(names)) != len(names):
        words.fault("DMN-FUNCTION-02", path, "two parameters have the same name", help="rename one of them")
        return null
    inner = words.with_names(names).expecting(source.type_ref or words.expected)
    return typed(compile_expression(source.body, inner, path), result_type(words.type(source.type_ref, path)), path)


def _function(source: FunctionDefinition, words: Vocabulary, path: str) -> Compiled:
    body = body_of(source, words, path)
    names = tuple(parameter.name for parameter in source.parameters)
    constraints = parameter_types(source.parameters, words, path)

    def evaluate(scope: Scope, run: Run) -> Value:
        def call(*arguments: Value) -> Value:
            return body({**scope, **dict(zip(names, arguments, strict=True))}, run)

        return Function(names, call, constraints)

    return evaluate


def _conditional(source: Conditional, words: Vocabulary, path: str) -> Compiled:
    condition = compile_expression(source.condition, words.expecting(""), f"{path}/if")
    then = compile_expression(source.then, words, f"{path}/then")
    otherwise = compile_expression(source.otherwise, words, f"{path}/else")

    def evaluate(scope: Scope, run: Run) -> Value:
        return (then if condition(scope, run) is True else otherwise)(scope, run)

    return evaluate


def _filter(source: Filter, words: Vocabulary, path: str) -> Compiled:
    listed = compile_expression(source.source, words, f"{path}/in")
    at = f"{path}/match"
    if isinstance(source.match, LiteralExpression) and not source.match.type_ref:
        chosen = words.literal(source.match, at, filters=True)

        def filtered(scope: Scope, run: Run) -> Value:
            return chosen({**scope, LISTED: listed(scope, run)}, run)

        return filtered
    inner = words.with_names(("item", *words.members), any_name=True)  # an item's entries are seen by their names
    match = compile_expression(source.match, inner, at)

    def evaluate(scope: Scope, run: Run) -> Value:
        def matches(item: Value) -> Value:
            entries = item if isinstance(item, dict) else {}
            # an entry named `item` hides the item itself (10.3.2.5)
            return match({**scope, "item": item, **entries}, run)

        return select(run.evaluation, 0, listed(scope, run), matches)

    return placed(evaluate, path)


_PARTIAL: Final = "partial"


def _iterator(source: Iterator, words: Vocabulary, path: str) -> Compiled:
    if not source.variable:
        words.fault("DMN-ITERATOR-01", path, "the iteration names no variable", help="give it an iterator variable")
    at = f"{path}/in"
    listed = typed(compile_expression(source.source, words, at), words.type(source.source_type_ref, at), at)
    loops = source.kind is IteratorKind.FOR
    words = words.with_names((source.variable, _PARTIAL) if loops else (source.variable,))
    body = compile_expression(source.body, words, f"{path}/{'return' if loops else 'satisfies'}")
    wants_partial = _PARTIAL in repr(source.body)  # a copy for each element is dear, and hardly ever looked at

    def each(scope: Scope, run: Run) -> Value:
        def result(item: Value, partial: Value = None) -> Value:
            return body({**scope, source.variable: item, _PARTIAL: partial}, run)

        return iterate(
            run.evaluation, 0, (lambda: every_item(run.evaluation, listed(scope, run)),), result, wants_partial
        )

    def quantified(scope: Scope, run: Run) -> Value:
        def condition(item: Value) -> Value:
            return body({**scope, source.variable: item}, run)

        decider = source.kind is IteratorKind.SOME
        items = (lambda: every_item(run.evaluation, listed(scope, run)),)
        return quantify(run.evaluation, 0, decider, items, condition)

    return placed(each if loops else quantified, path)
