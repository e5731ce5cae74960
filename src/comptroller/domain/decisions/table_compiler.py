"""Compiling a decision table: cells to tests, columns to indexes, output entries to values where they are constants.

Cells of one column that read the same are compiled once and indexed as one. A table that is put together wrongly (a
rule with a cell too few, an aggregation of two outputs) gives faults and compiles to null.
"""

from collections.abc import Iterator, Sequence

from comptroller.domain import feel
from comptroller.domain.decisions.columns import Cells, Column, index
from comptroller.domain.decisions.constants import constant_of, path_of
from comptroller.domain.decisions.definitions import (
    FEEL_LANGUAGE,
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)
from comptroller.domain.decisions.hit_policies import Conclusion, answer_without_hits, policy
from comptroller.domain.decisions.run import Compiled, Outputs, Run, Scope, brief, class_of, null, typed
from comptroller.domain.decisions.tables import (
    BLOCK_RULES_MIN,
    INDEX_BITS_MAX,
    Block,
    Conclusions,
    Input,
    Limits,
    Table,
)
from comptroller.domain.decisions.vocabulary import Vocabulary
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.types import coerce
from comptroller.domain.feel.values import Value


def compile_table(source: DecisionTable, words: Vocabulary, path: str) -> Compiled:
    """Compile a decision table; null when its shape is wrong."""
    wrong = tuple(_shape_faults(source))
    for code, place, message, remedy in wrong:
        words.fault(code, f"{path}{place}", message, help=remedy)
    if wrong:
        return null
    columns = [_Cells(words, path, column, source.rules) for column in range(len(source.inputs))]
    outputs = tuple(_output_limits(clause, number, words, path) for number, clause in enumerate(source.outputs, 1))
    entries = _Entries(words, outputs)
    table = Table(
        source=source,
        path=path,
        inputs=tuple(_input(clause, number, words, path) for number, clause in enumerate(source.inputs, 1)),
        outputs=outputs,
        blocks=tuple(_blocks(source, columns)),
        cells=tuple(zip(*(column.tests for column in columns), strict=True)) or ((),) * len(source.rules),
        conclusions=tuple(
            entries.conclusions(rule.outputs, f"{path}/rule[{number}]") for number, rule in enumerate(source.rules, 1)
        ),
        default=_default(source.outputs, entries, path),
        conclusion=Conclusion(
            path=path,
            names=tuple(clause.name for clause in source.outputs) if len(source.outputs) > 1 else (),
            ranks=_ranks(source, words, path),
        ),
        policy=policy(source.hit_policy, source.aggregation),
        without_hits=answer_without_hits(source.hit_policy, source.aggregation),
    )
    words.tables.append(table)
    return table


def _shape_faults(source: DecisionTable) -> Iterator[tuple[str, str, str, str]]:
    """What is wrong with a table as a whole: code, place, message, help."""
    if not source.outputs:
        yield "DMN-TABLE-03", "", "the table has no output", "add an output column"
    for number, rule in enumerate(source.rules, 1):
        if len(rule.inputs) != len(source.inputs):
            message = f"the rule has {len(rule.inputs)} input entries for {len(source.inputs)} inputs"
            yield "DMN-TABLE-04", f"/rule[{number}]", message, "write `-` where the input does not matter"
        if len(rule.outputs) != len(source.outputs):
            message = f"the rule has {len(rule.outputs)} output entries for {len(source.outputs)} outputs"
            yield "DMN-TABLE-05", f"/rule[{number}]", message, "fill every output"
    names = [clause.name for clause in source.outputs]
    if len(names) > 1 and (not all(names) or len(set(names)) != len(names)):
        yield "DMN-TABLE-06", "", "outputs lack a name or share one", "give each of several outputs its own name"
    if source.aggregation is not Aggregation.LIST:
        if source.hit_policy is not HitPolicy.COLLECT:
            message = f"a table of hit policy {source.hit_policy} does not aggregate"
            yield "DMN-HIT-06", "", message, "use the hit policy COLLECT"
        elif len(names) > 1:
            yield "DMN-HIT-07", "", "several outputs cannot be aggregated", "keep one output, or collect a list"


class _Cells:
    """The cells of one input column: each text compiled once, with the literals it compares with.

    `tests` holds them by rule, None for a cell that accepts everything.
    """

    def __init__(self, words: Vocabulary, path: str, position: int, rules: Sequence[Rule]) -> None:
        self._texts = [rule.inputs[position].text.strip() for rule in rules]
        self._compiled: dict[str, feel.UnaryTests | None] = {"": None, "-": None}
        for number, (rule, text) in enumerate(zip(rules, self._texts, strict=True), 1):
            if text not in self._compiled or (text and rule.inputs[position].language != FEEL_LANGUAGE):
                place = f"{path}/rule[{number}]/input[{position + 1}]"
                self._compiled[text] = words.tests(rule.inputs[position], place)
        self.tests = [self._compiled[text] for text in self._texts]

    @property
    def segments(self) -> int:
        """How many answers an index of the column keeps, at most."""
        return sum(2 * len(tests.literals or ()) + 1 for tests in self._compiled.values() if tests is not None)

    def split(self, first: int, end: int) -> tuple[list[Cells], dict[int, feel.UnaryTests]]:
        """The cells that an index can hold, by their text, and the others by their rule's bit; free cells: neither."""
        indexed: dict[str, list[int]] = {}
        others: dict[int, feel.UnaryTests] = {}
        for number in range(first, end):
            tests = self.tests[number]
            if tests is None:
                continue
            if tests.literals is None:
                others[1 << number - first] = tests
            else:
                indexed.setdefault(self._texts[number], []).append(number - first)
        cells: list[Cells] = []
        for text, numbers in indexed.items():
            found = self._compiled[text]
            assert found is not None
            cells.append(Cells(_set_of(numbers), found, found.literals or ()))
        return cells, others


def _set_of(numbers: Sequence[int]) -> int:
    """The set of so many rules, by their numbers in order."""
    if len(numbers) == 1:
        return 1 << numbers[0]
    octets = bytearray(numbers[-1] // 8 + 1)
    for number in numbers:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def _blocks(source: DecisionTable, columns: Sequence[_Cells]) -> Iterator[Block]:
    segments = sum(column.segments for column in columns)
    size = max(BLOCK_RULES_MIN, INDEX_BITS_MAX // max(segments, 1))
    for first in range(0, len(source.rules), size):
        end = min(first + size, len(source.rules))
        every = (1 << end - first) - 1
        indexes = []
        open_cells: dict[int, tuple[tuple[int, feel.UnaryTests], ...]] = {}
        for position, column in enumerate(columns):
            cells, others = column.split(first, end)
            for bit, tests in others.items():
                open_cells[bit] = (*open_cells.get(bit, ()), (position, tests))
            if cells:
                held = sum(group.rules for group in cells)
                indexes.append((position, index(cells, every & ~held)))
        yield Block(first, every, tuple(indexes), open_cells)


def _input(clause: InputClause, number: int, words: Vocabulary, path: str) -> Input:
    at = f"{path}/input[{number}]"
    wanted = words.type(clause.expression.type_ref, at)
    limits = None
    if wanted is not None or clause.allowed is not None:
        limits = Limits(wanted, *_allowed(clause.allowed, words, at))
    label = clause.label or " ".join(clause.expression.text.split())
    expected = class_of(wanted) if clause.allowed is None else None
    variable = words.variable(clause.expression)
    entries: tuple[str, ...] = (variable,) if variable else ()
    if not variable and clause.expression.language == FEEL_LANGUAGE:
        entries = path_of(clause.expression.text, words.names, words.members)
    return Input(label, words.literal(clause.expression, at), variable, limits, expected, entries)


def _output_limits(clause: OutputClause, number: int, words: Vocabulary, path: str) -> Limits | None:
    at = f"{path}/output[{clause.name or number}]"
    wanted = words.type(clause.type_ref, at)
    if wanted is None and clause.allowed is None:
        return None
    return Limits(wanted, *_allowed(clause.allowed, words, at))


def _allowed(source: UnaryTests | None, words: Vocabulary, path: str) -> tuple[Column | None, str]:
    """Allowed values as a column of one cell, and their text."""
    if source is None:
        return None, ""
    tests = words.tests(source, path)
    text = " ".join(source.text.split())
    cells = Cells(1, tests, tests.literals or ())
    return (Column({}, {}, (cells,), 0) if tests.literals is None else index([cells], 0)), text


class _Entries:
    """The output entries of a table: each text of a column compiled once, constants held to the column's limits."""

    def __init__(self, words: Vocabulary, limits: Sequence[Limits | None]) -> None:
        self._words = words
        self._limits = limits
        self._known: dict[tuple[int, str, str, str], tuple[Compiled, tuple[Value] | None, str]] = {}

    def conclusions(self, entries: Sequence[LiteralExpression], path: str) -> Conclusions:
        """A rule's conclusions."""
        compiled: list[Compiled] = []
        constants: list[Value] = []
        for place, entry in enumerate(entries):
            key = (place, entry.language, entry.text, entry.type_ref)
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = self._entry(entry, place, path)
            evaluate, constant, wrong = known
            compiled.append(evaluate)
            if wrong:
                self._words.fault("DMN-TABLE-02", f"{path}/output[{place + 1}]", wrong, help="correct the rule")
            if constant is not None:
                constants.append(constant[0])
        constant_outputs: Outputs | None = tuple(constants) if len(constants) == len(entries) else None
        return Conclusions(tuple(compiled), constant_outputs, path)

    def _entry(self, entry: LiteralExpression, place: int, path: str) -> tuple[Compiled, tuple[Value] | None, str]:
        """How an entry is evaluated, its value where it is a constant, and what is wrong with that."""
        at = f"{path}/output[{place + 1}]"
        wanted = self._words.type(entry.type_ref, at)
        constant = constant_of(entry.text) if entry.language == FEEL_LANGUAGE else None
        if constant is None or isinstance(constant[0], list):  # who gets a list may change it
            return typed(self._words.literal(entry, at), wanted, at), None, ""
        fits, own = coerce(wanted, constant[0])
        if not fits:
            message = f"the value `{brief(constant[0])}` is not of the declared type"
            self._words.fault("DMN-TYPE-04", at, message, help="correct the value or its type")
        limit = self._limits[place]
        wrong, value = limit.misfit(own, Evaluation()) if limit is not None else ("", own)
        return _always(own), (value,), wrong


def _always(value: Value) -> Compiled:
    def constant(scope: Scope, run: Run) -> Value:  # noqa: ARG001 - the form of a compiled expression
        return value

    return constant


def _default(clauses: Sequence[OutputClause], entries: _Entries, path: str) -> Conclusions | None:
    if all(clause.default is None for clause in clauses):
        return None
    absent = LiteralExpression("null")
    return entries.conclusions([clause.default or absent for clause in clauses], f"{path}/default")


def _allowed_by_type(clause: OutputClause, source: DecisionTable, words: Vocabulary) -> UnaryTests | None:
    """The allowed values of an output's type, or of its part in the type of the whole."""
    if clause.type_ref:
        return words.types.allowed_values(words.namespace, clause.type_ref)
    part = clause.name if len(source.outputs) > 1 else ""
    return words.types.allowed_values(words.namespace, source.type_ref or words.expected, part)


def _listed(text: str) -> tuple[Value, ...]:
    """The values of a list of allowed values, ranges among them; none when they cannot be told without a scope."""
    constant = constant_of(f"[{text}]")
    if constant is not None:
        return tuple(constant[0]) if isinstance(constant[0], list) else ()
    expression, evaluation = feel.compile_expression(f"[{text}]"), Evaluation()
    value = expression.evaluate({}, evaluation)
    return () if evaluation.faults or not isinstance(value, list) else tuple(value)


def _ranks(source: DecisionTable, words: Vocabulary, path: str) -> tuple[tuple[Value, ...], ...]:
    """Each output's allowed values from the most to the least important, for the policies that order by them."""
    if source.hit_policy not in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
        return ()
    ranks = []
    for clause in source.outputs:
        allowed = clause.allowed or _allowed_by_type(clause, source, words)
        ranks.append(() if allowed is None else _listed(allowed.text))
    if not any(ranks):
        words.fault(
            "DMN-HIT-03",
            path,
            f"a table of hit policy {source.hit_policy} needs its outputs' values in the order of their priority",
            help="list the allowed values of an output, the most important first",
        )
    return tuple(ranks)
