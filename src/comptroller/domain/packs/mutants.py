"""How sharp a pack's situations are: what of a table could be wrong without any of them noticing.

A mutant is a table with one thing made wrong: a threshold moved by the smallest step that its author writes, a
conclusion taken from another rule, a rule left out, two neighbours of a FIRST table swapped. A situation kills it when
something comes out otherwise than it expects. What no situation kills is either no change at all, which is proved over
all inputs and then not counted, or a mistake that the pack would let pass.

Only situations whose tables a mutant can touch are decided again, with the mutant in the place of the compiled table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.analysis.differences import compare_tables
from comptroller.domain.decisions.analysis.knowing import known_of, owner_of
from comptroller.domain.decisions.columns import Tests
from comptroller.domain.decisions.definitions import DecisionTable, HitPolicy, LiteralExpression, Rule, UnaryTests
from comptroller.domain.decisions.run import Instead, TableTrace, null
from comptroller.domain.decisions.tables import Block, Conclusions, Table
from comptroller.domain.feel import Evaluation, compile_unary_tests
from comptroller.domain.feel.lexer import Token, TokenKind, tokens_of
from comptroller.domain.packs.examples import Shown, Situation, otherwise, show
from comptroller.domain.packs.validity import is_validity

PROOF_CELLS: Final = 50_000
"""Cells that the proof of one mutant's being no change may look at; one that needs more counts as a change."""

_Item = TypeVar("_Item")
_Row: TypeAlias = tuple[Tests | None, ...]
"""The cells of a rule."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A table with one thing made wrong; `touches` says whether what a table saw could come out otherwise by it."""

    rule: str
    change: str
    table: Table
    touches: Callable[[TableTrace], bool]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no situation kills."""

    rule: str
    change: str


@dataclass(frozen=True, slots=True)
class Sharpness:
    """The mutants of one table, and those that survive all situations."""

    decision: str  # or business knowledge model
    mutants: int
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        """Those that a situation kills."""
        return self.mutants - len(self.survivors)


def sharpness(
    situations: Iterable[Situation], models: Mapping[str, Model], now: datetime, names: Sequence[str] = ()
) -> Iterator[Sharpness]:
    """Try the mutants of every table of a pack, or of those decisions alone that are named, one table after another.

    Situations that come out otherwise than they expect prove nothing and are left out.
    """
    seen: dict[int, list[tuple[Shown, TableTrace]]] = {}
    for situation in situations:
        shown = show(situation, models, now)
        for trace in shown.tables if not shown.wrong else ():
            seen.setdefault(id(trace.table), []).append((shown, trace))
    for model in {model.hash: model for model in models.values()}.values():
        for table in model.tables:
            if not names or owner_of(table) in names:
                yield _tried(model, table, seen.get(id(table), ()), now)


def _tried(model: Model, table: Table, seen: Sequence[tuple[Shown, TableTrace]], now: datetime) -> Sharpness:
    mutants, survivors = 0, []
    for mutant in mutants_of(table):
        if not _is_killed(table, mutant, seen, now):
            if compare_tables(table, mutant.table, known_of(model, table), cells=PROOF_CELLS).is_equal:
                continue
            survivors.append(Survivor(mutant.rule, mutant.change))
        mutants += 1
    return Sharpness(owner_of(table), mutants, tuple(survivors))


def _is_killed(table: Table, mutant: Mutant, seen: Sequence[tuple[Shown, TableTrace]], now: datetime) -> bool:
    tried: set[int] = set()
    for shown, trace in seen:
        if id(shown) in tried or not mutant.touches(trace):
            continue
        tried.add(id(shown))
        situation, model = shown.situation, shown.model
        assert model is not None, "what has seen a table was decided by a model"
        outcome = model.decide_instead(situation.decision, situation.inputs, Instead(table, mutant.table), now)
        if otherwise(situation, outcome):
            return True
    return False


# ---- mutants ---------------------------------------------------------------------------------------------------------


def mutants_of(table: Table) -> Iterator[Mutant]:
    """Every mutant of a table, rule by rule."""
    rules = table.source.rules
    for number in range(len(rules)):
        yield from _moved_thresholds(table, number)
        yield _other_conclusion(table, number)
        yield _left_out(table, number)
        if table.source.hit_policy is HitPolicy.FIRST and number + 1 < len(rules):
            yield _swapped(table, number)


def _moved_thresholds(table: Table, number: int) -> Iterator[Mutant]:
    rule = table.source.rules[number]
    for column, tests in enumerate(table.cells[number]):
        text = rule.inputs[column].text.strip()
        if tests is None or is_validity(table.source, rule, column):
            continue
        for moved in _moved(text):
            other = compile_unary_tests(moved)
            if other.literals is None:
                continue
            inputs = (*rule.inputs[:column], UnaryTests(moved), *rule.inputs[column + 1 :])
            cells = (*table.cells[number][:column], other, *table.cells[number][column + 1 :])

            def touches(trace: TableTrace, column: int = column, one: Tests = tests, other: Tests = other) -> bool:
                return _answer(one, trace, column) is not _answer(other, trace, column)

            yield Mutant(
                rule.id,
                f"`{text}` of `{table.inputs[column].label}` becomes `{moved}`",
                _with(table, _replaced(table.source.rules, number, replace(rule, inputs=inputs)), {number: cells}),
                touches,
            )


def _answer(tests: Tests, trace: TableTrace, column: int) -> bool:
    return tests.matches(trace.values[column], trace.scope, Evaluation()) is True


def _moved(text: str) -> Iterator[str]:
    """The cell with one of its numbers or days moved by the smallest step, up and down."""
    tokens, fault = tokens_of(text)
    if fault is not None:
        return
    for place, token in enumerate(tokens):
        for other in _steps(tokens, place, token):
            yield text[: token.at] + other + text[token.end :]


_DAY: Final = timedelta(days=1)


def _steps(tokens: Sequence[Token], place: int, token: Token) -> tuple[str, ...]:
    if token.kind is TokenKind.NUMBER:
        number = Decimal(token.text)
        step = Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0))
        return (f"{number + step:f}", f"{number - step:f}") if number else (f"{number + step:f}",)
    if token.kind is TokenKind.STRING and [each.text for each in tokens[max(place - 2, 0) : place]] == ["date", "("]:
        try:
            day = date.fromisoformat(token.text)
        except ValueError:
            return ()
        return f'"{day + _DAY}"', f'"{day - _DAY}"'
    return ()


def _other_conclusion(table: Table, number: int) -> Mutant:
    """A rule that says what another one says in the first column of its conclusion; nothing where all say the same."""
    rule, own = table.source.rules[number], table.conclusions[number]
    said = rule.outputs[0].text.strip()
    others = (place for place, other in enumerate(table.source.rules) if other.outputs[0].text.strip() != said)
    place = min(others, key=lambda other: abs(other - number), default=None)
    other = _NOTHING if place is None else table.conclusions[place]
    text = "null" if place is None else table.source.rules[place].outputs[0].text.strip()
    constant = None if own.constant is None or other.constant is None else (other.constant[0], *own.constant[1:])
    conclusions = Conclusions((other.entries[0], *own.entries[1:]), constant, own.path)
    outputs = (LiteralExpression(text), *rule.outputs[1:])
    changed = _with(table, _replaced(table.source.rules, number, replace(rule, outputs=outputs)), {})
    return Mutant(
        rule.id,
        f"it concludes `{text}` in place of `{said}`",
        replace(changed, conclusions=_replaced(table.conclusions, number, conclusions)),
        lambda trace: number in trace.hits,
    )


_NOTHING: Final = Conclusions((null,), (None,), "")


def _left_out(table: Table, number: int) -> Mutant:
    kept = [place for place in range(len(table.cells)) if place != number]
    return Mutant(
        table.source.rules[number].id, "the rule is left out", _ordered(table, kept), lambda trace: number in trace.hits
    )


def _swapped(table: Table, number: int) -> Mutant:
    order = [*range(number), number + 1, number, *range(number + 2, len(table.cells))]
    other = table.source.rules[number + 1].id
    return Mutant(
        table.source.rules[number].id,
        f"it comes behind `{other}`",
        _ordered(table, order),
        lambda trace: number in trace.hits,
    )


def _ordered(table: Table, order: Sequence[int]) -> Table:
    rules = tuple(table.source.rules[place] for place in order)
    changed = _with(table, rules, {}, [table.cells[place] for place in order])
    return replace(changed, conclusions=tuple(table.conclusions[place] for place in order))


def _with(
    table: Table,
    rules: Sequence[Rule],
    changed: Mapping[int, _Row],
    cells: Sequence[_Row] | None = None,
) -> Table:
    """The table with other rules, which are asked cell by cell: an index would take longer than it saves."""
    source: DecisionTable = replace(table.source, rules=tuple(rules))
    rows = [changed.get(place, row) for place, row in enumerate(cells if cells is not None else table.cells)]
    asked = {
        1 << place: tuple((column, tests) for column, tests in enumerate(row) if tests is not None)
        for place, row in enumerate(rows)
    }
    block = Block(0, (1 << len(rows)) - 1, (), {bit: of for bit, of in asked.items() if of})
    return replace(table, source=source, cells=tuple(rows), blocks=(block,))


def _replaced(items: Sequence[_Item], place: int, item: _Item) -> tuple[_Item, ...]:
    return (*items[:place], item, *items[place + 1 :])
