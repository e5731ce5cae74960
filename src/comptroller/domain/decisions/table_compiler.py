"""Compiling a decision table: cells to tests, columns to indexes, output entries to values where they are constants.

Cells of one column that read the same are compiled once and indexed as one. A table that is put together wrongly (a
rule with a cell too few, an aggregation of two outputs) gives faults and compiles to null.
"""

from collections.abc import Iterator, Sequence

from comptroller.domain import feel
from comptroller.domain.decisions.columns import Cells, Column, index
from comptroller.domain.decisions.constants import constant_of
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
    columns = [_Cells(words, path, column) for column in range(len(source.inputs))]
    cells = tuple(
        tuple(column.tests(rule.inputs[place], number) for place, column in enumerate(columns))
        for number, rule in enumerate(source.rules, 1)
    )
    entries = _Entries(words, path)
    outputs = tuple(_output_limits(clause, number, words, path) for number, clause in enumerate(source.outputs, 1))
    return Table(
        source=source,
        path=path,
        inputs=tuple(_input(clause, number, words, path) for number, clause in enumerate(source.inputs, 1)),
        outputs=outputs,
        blocks=tuple(_blocks(source, columns)),
        cells=cells,
        conclusions=tuple(
            entries.conclusions(rule.outputs, outputs, f"{path}/rule[{number}]")
            for number, rule in enumerate(source.rules, 1)
        ),
        default=_default(source.outputs, outputs, entries, path),
        conclusion=Conclusion(
            path=path,
            names=tuple(clause.name for clause in source.outputs) if len(source.outputs) > 1 else (),
            ranks=_ranks(source, words, path),
        ),
        policy=policy(source.hit_policy, source.aggregation),
        without_hits=answer_without_hits(source.hit_policy, source.aggregation),
    )


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
    """The cells of one input column: each text compiled once, with the literals it compares with."""

    def __init__(self, words: Vocabulary, path: str, position: int) -> None:
        self._words = words
        self._path = path
        self._position = position
        self._compiled: dict[str, feel.UnaryTests] = {}

    def tests(self, cell: UnaryTests, rule: int) -> feel.UnaryTests | None:
        """A cell's tests; None for a cell that accepts everything."""
        text = cell.text.strip()
        if text in {"", "-"}:
            return None
        if text not in self._compiled or cell.language != FEEL_LANGUAGE:
            place = f"{self._path}/rule[{rule}]/input[{self._position + 1}]"
            self._compiled[text] = self._words.tests(cell, place)
        return self._compiled[text]

    @property
    def segments(self) -> int:
        """How many answers an index of the column keeps, at most."""
        return sum(2 * len(tests.literals or ()) + 1 for tests in self._compiled.values())

    def split(self, rules: Sequence[Rule]) -> tuple[list[Cells], dict[int, feel.UnaryTests]]:
        """The cells that an index can hold, by their text, and the others by their rule's bit; free cells: neither."""
        indexed: dict[str, int] = {}
        others: dict[int, feel.UnaryTests] = {}
        for number, rule in enumerate(rules):
            text = rule.inputs[self._position].text.strip()
            if text in {"", "-"}:
                continue
            tests = self._compiled[text]
            if tests.literals is None:
                others[1 << number] = tests
            else:
                indexed[text] = indexed.get(text, 0) | 1 << number
        cells = [
            Cells(bits, self._compiled[text], self._compiled[text].literals or ()) for text, bits in indexed.items()
        ]
        return cells, others


def _blocks(source: DecisionTable, columns: Sequence[_Cells]) -> Iterator[Block]:
    segments = sum(column.segments for column in columns)
    size = max(BLOCK_RULES_MIN, INDEX_BITS_MAX // max(segments, 1))
    for first in range(0, len(source.rules), size):
        rules = source.rules[first : first + size]
        every = (1 << len(rules)) - 1
        indexes = []
        open_cells: dict[int, tuple[tuple[int, feel.UnaryTests], ...]] = {}
        for position, column in enumerate(columns):
            cells, others = column.split(rules)
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
    return Input(label, words.literal(clause.expression, at), words.variable(clause.expression), limits, expected)


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
    """The output entries of a table: each text compiled once."""

    def __init__(self, words: Vocabulary, path: str) -> None:
        self._words = words
        self._path = path
        self._compiled: dict[str, tuple[Compiled, tuple[Value] | None]] = {}

    def conclusions(
        self, entries: Sequence[LiteralExpression], limits: Sequence[Limits | None], path: str
    ) -> Conclusions:
        """A rule's conclusions; constants are held to their column's limits here and now."""
        compiled = [self._held(entry, f"{path}/output[{number}]") for number, entry in enumerate(entries, 1)]
        constants: list[Value] = []
        for number, ((_, constant), limit) in enumerate(zip(compiled, limits, strict=True), 1):
            if constant is None:
                continue
            wrong, value = limit.misfit(constant[0], Evaluation()) if limit is not None else ("", constant[0])
            if wrong:
                self._words.fault("DMN-TABLE-02", f"{path}/output[{number}]", wrong, help="correct the rule")
            constants.append(value)
        constant_outputs: Outputs | None = tuple(constants) if len(constants) == len(entries) else None
        return Conclusions(tuple(entry for entry, _ in compiled), constant_outputs, path)

    def _held(self, entry: LiteralExpression, path: str) -> tuple[Compiled, tuple[Value] | None]:
        """An entry, held to the type that it declares for itself."""
        compiled, constant = self._entry(entry, path)
        wanted = self._words.type(entry.type_ref, path)
        if constant is None or wanted is None:
            return typed(compiled, wanted, path), constant
        fits, value = coerce(wanted, constant[0])
        if not fits:
            message = f"the value `{brief(constant[0])}` is not of the declared type"
            self._words.fault("DMN-TYPE-04", path, message, help="correct the value or its type")
        return _always(value), (value,)

    def _entry(self, entry: LiteralExpression, path: str) -> tuple[Compiled, tuple[Value] | None]:
        key = f"{entry.language} {entry.text}"
        if key not in self._compiled:
            constant = constant_of(entry.text) if entry.language == FEEL_LANGUAGE else None
            if constant is not None:
                self._compiled[key] = _always(constant[0]), constant
            else:
                self._compiled[key] = self._words.literal(entry, path), None
        return self._compiled[key]


def _always(value: Value) -> Compiled:
    def constant(scope: Scope, run: Run) -> Value:  # noqa: ARG001 - the form of a compiled expression
        return value

    return constant


def _default(
    clauses: Sequence[OutputClause], limits: Sequence[Limits | None], entries: _Entries, path: str
) -> Conclusions | None:
    if all(clause.default is None for clause in clauses):
        return None
    absent = LiteralExpression("null")
    return entries.conclusions([clause.default or absent for clause in clauses], limits, f"{path}/default")


def _allowed_by_type(clause: OutputClause, source: DecisionTable, words: Vocabulary) -> UnaryTests | None:
    """The allowed values of an output's type, or of its part in the type of the whole."""
    if clause.type_ref:
        return words.types.allowed_values(words.namespace, clause.type_ref)
    part = clause.name if len(source.outputs) > 1 else ""
    return words.types.allowed_values(words.namespace, source.type_ref or words.expected, part)


def _ranks(source: DecisionTable, words: Vocabulary, path: str) -> tuple[tuple[Value, ...], ...]:
    """Each output's allowed values from the most to the least important, for the policies that order by them."""
    if source.hit_policy not in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
        return ()
    ranks = []
    for clause in source.outputs:
        allowed = clause.allowed or _allowed_by_type(clause, source, words)
        listed = None if allowed is None else constant_of(f"[{allowed.text}]")
        ranks.append(tuple(listed[0]) if listed is not None and isinstance(listed[0], list) else ())
    if not any(ranks):
        words.fault(
            "DMN-HIT-03",
            path,
            f"a table of hit policy {source.hit_policy} needs its outputs' values in the order of their priority",
            help="list the allowed values of an output, the most important first",
        )
    return tuple(ranks)
