"""A decision table asked with columns that may be unknown: rule by rule, as its hit policy needs them.

A cell that compares with literals asks the unknown by the table's own compiled tests. A rule that an earlier answer has
excluded already is passed by before any other of its cells is asked, so that a way asks little more than what it
distinguishes.
"""

from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Final, Protocol

from comptroller.domain.decisions.analysis.pieces import compared
from comptroller.domain.decisions.definitions import Aggregation, HitPolicy
from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.reading import Reader, Scope, kind_of_node
from comptroller.domain.decisions.proving.unknowns import NOTHING, Question, Unknown
from comptroller.domain.decisions.proving.values import Later, Part, is_known, key_of, plain, settled
from comptroller.domain.decisions.run import Run
from comptroller.domain.decisions.tables import Conclusions, Limits, Table
from comptroller.domain.feel import Evaluation, UnaryTests, Value, tree
from comptroller.domain.feel.compared import Compared


class ReadText(Protocol):
    """Reads a text with the names of the table's scope."""

    def __call__(self, text: str, *, unary: bool = False) -> tree.Node | None:
        """Read an expression, or the tests of a cell; None where it cannot be read."""
        ...


MISFIT: Final = object()
"""What a column has whose value it may not have: the table is null."""


def ask_table(table: Table, reader: Reader, scope: Scope, read: ReadText) -> Part:
    """What a table concludes."""
    return _Asking(table, reader, scope, read).answer()


def can_be_guessed(table: Table) -> bool:
    """Whether a table gives one rule's outputs, so that it can be guessed which."""
    return table.source.hit_policy in _ONE


def guess_table(table: Table, at: tuple[str, str], reader: Reader, scope: Scope, read: ReadText) -> Part:
    """What a table concludes, by any of its rules or by none: more than it can, but no cell is asked.

    `at` tells the table from others; where its columns have the same values, the same is guessed.
    """
    asking = _Asking(table, reader, scope, read)
    if not asking.look():
        return None
    picked = reader.way.pick((at, asking.seen), ("none", *_different(table)))
    return asking.without_hits() if picked == "none" else asking.concluded(int(picked))


_ONE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST})


def _different(table: Table) -> Iterator[str]:
    """The rules whose outputs no rule before them has."""
    seen = set()
    for number, rule in enumerate(table.source.rules):
        written = tuple(entry.text.strip() for entry in rule.outputs)
        if written not in seen:
            seen.add(written)
            yield str(number)


class _Asking:
    """One evaluation of a table."""

    def __init__(self, table: Table, reader: Reader, scope: Scope, read: ReadText) -> None:
        self._table = table
        self._reader = reader
        self._scope = scope
        self._read = read
        self._columns: list[Part] = []

    def look(self) -> bool:
        """Find out what the columns look at; whether the values are such as they may have."""
        for place, clause in enumerate(self._table.source.inputs):
            value = self._column(clause.expression.text, self._table.inputs[place].limits)
            if value is MISFIT:
                return False
            self._columns.append(value)
        return True

    @property
    def seen(self) -> Hashable:
        """What the columns look at, worked out."""
        return tuple(key_of(settled(column)) for column in self._columns)

    def answer(self) -> Part:
        """Decide."""
        if not self.look():
            return None
        policy, aggregation = self._table.source.hit_policy, self._table.source.aggregation
        rules = self._in_turn()
        if rules is not None:
            first = next((rule for rule in rules if self._hits(rule)), None)
            return self.without_hits() if first is None else self._whole(self._conclude(self._table.conclusions[first]))
        hits = [rule for rule in range(len(self._table.cells)) if self._hits(rule)]
        if not hits:
            return self.without_hits()
        outputs = [self._conclude(self._table.conclusions[rule]) for rule in hits]
        if policy is HitPolicy.UNIQUE:
            return self._whole(outputs[0]) if len(hits) == 1 else None
        if policy is HitPolicy.RULE_ORDER or (policy is HitPolicy.COLLECT and aggregation is Aggregation.LIST):
            return [self._whole(each) for each in outputs]
        if aggregation is Aggregation.COUNT:
            return Decimal(len(hits))
        if all(is_known(value) for each in outputs for value in each):
            known = [tuple(plain(value) for value in each) for each in outputs]
            return self._table.policy(self._table.conclusion, hits, known, Run(Evaluation()))
        if policy is HitPolicy.ANY:
            agree = (
                self._reader.compare("=", one, other) is True
                for each in outputs[1:]
                for one, other in zip(outputs[0], each, strict=True)
            )
            return self._whole(outputs[0]) if all(agree) else None
        text = f"{policy} of rules {', '.join(str(rule + 1) for rule in hits)}"
        return Unknown(
            ("made", self._table.path, tuple(key_of(value) for each in outputs for value in each)), None, text
        )

    def concluded(self, rule: int) -> Part:
        """What one rule concludes."""
        return self._whole(self._conclude(self._table.conclusions[rule]))

    def _in_turn(self) -> Sequence[int] | None:
        """The rules in the order in which the first that hits decides; None where several may have a say."""
        rules = range(len(self._table.cells))
        if self._table.source.hit_policy is HitPolicy.FIRST:
            return rules
        conclusion = self._table.conclusion
        if self._table.source.hit_policy is HitPolicy.PRIORITY:
            ranked = [self._ranked(each) for each in self._table.conclusions]
            if all(each is not None for each in ranked):
                return sorted(rules, key=lambda rule: conclusion.rank(ranked[rule] or ()))
        return None

    def _ranked(self, conclusions: Conclusions) -> tuple[Value, ...] | None:
        """The outputs that a priority is told by; None where one of them is not constant."""
        ranks = self._table.conclusion.ranks
        if conclusions.constant is not None:
            return conclusions.constant
        texts = self._table.source.rules[self._table.conclusions.index(conclusions)].outputs
        found: list[Value] = []
        for rank, text in zip(ranks, texts, strict=True):
            node = self._read(text.text) if rank else tree.Literal(0, None)
            if not isinstance(node, tree.Literal):
                return None
            found.append(node.value)
        return tuple(found)

    # ---- columns and cells -------------------------------------------------------------------------------------------

    def _column(self, text: str, limits: Limits | None) -> Part:
        node = self._read(text)
        if node is None:
            return None
        if limits is None or (limits.allowed is None and limits.type == kind_of_node(node)):
            return self._reader.later(node, self._scope)
        value = settled(self._reader.value(node, self._scope))
        if is_known(value):
            wrong, taken = limits.misfit(plain(value), Evaluation())
            return MISFIT if wrong else taken
        return self._reader.fitting(value, limits, MISFIT)

    def _hits(self, rule: int) -> bool:
        cells = [
            (tests, column)
            for tests, column in zip(self._table.cells[rule], self._columns, strict=True)
            if tests is not None
        ]
        if any(self._is_refused(tests, column) for tests, column in cells):
            return False
        texts = self._table.source.rules[rule].inputs
        return all(
            self._accepts(tests, column, texts[place].text)
            for place, (tests, column) in enumerate(zip(self._table.cells[rule], self._columns, strict=True))
            if tests is not None
        )

    def _is_refused(self, tests: object, column: Part) -> bool:
        """Whether a cell is sure not to accept, with nothing asked that is open."""
        if isinstance(column, Later) and not column.is_there:
            return False
        value = settled(column)
        if not isinstance(tests, UnaryTests) or tests.compared is None:
            return False
        if is_known(value):
            return tests.matches(plain(value), {}, Evaluation()) is not True
        if isinstance(value, Unknown) and compared(tests, value.kind) is not None:
            return self._reader.way.peek(value, *_question(tests)) == ["False"]
        return False

    def _accepts(self, tests: object, column: Part, text: str) -> bool:
        assert isinstance(tests, UnaryTests)
        value = settled(column)
        if isinstance(value, Unknown) and compared(tests, value.kind) is not None:
            return self._reader.way.ask(value, *_question(tests)) == "True"
        names = [name for name in tests.looked_up if name in self._scope]
        if is_known(value) and all(is_known(self._scope[name]) for name in names):
            return tests.matches(plain(value), {name: plain(self._scope[name]) for name in names}, Evaluation()) is True
        node = self._read(text, unary=True)
        return isinstance(node, tree.Tests) and self._reader.passes(node, value, self._scope, cell=True) is True

    # ---- conclusions -------------------------------------------------------------------------------------------------

    def _conclude(self, conclusions: Conclusions) -> tuple[Part, ...]:
        if conclusions.constant is not None:
            return conclusions.constant
        place = next(at for at, each in enumerate(self._table.conclusions) if each is conclusions)
        return tuple(self._outputs([entry.text for entry in self._table.source.rules[place].outputs]))

    def _outputs(self, texts: Sequence[str]) -> Iterator[Part]:
        for text, limits in zip(texts, self._table.outputs, strict=True):
            node = self._read(text) if text.strip() else None
            if node is None:
                yield None
            elif limits is None or (limits.allowed is None and limits.type == kind_of_node(node)):
                yield self._reader.later(node, self._scope)
            else:
                value = settled(self._reader.value(node, self._scope))
                if is_known(value):
                    wrong, value = limits.misfit(plain(value), Evaluation())
                    yield MISFIT if wrong else value
                else:
                    yield value if isinstance(value, Linear) else self._reader.fitting(value, limits, MISFIT)

    def _whole(self, outputs: Sequence[Part]) -> Part:
        names = self._table.conclusion.names
        if MISFIT in outputs:
            return None
        return dict(zip(names, outputs, strict=True)) if names else outputs[0]

    def without_hits(self) -> Part:
        if self._table.default is None:
            return self._table.without_hits
        if self._table.default.constant is not None:
            return self._whole(self._table.default.constant)
        clauses = self._table.source.outputs
        return self._whole(tuple(self._outputs([clause.default.text if clause.default else "" for clause in clauses])))


def _question(tests: UnaryTests) -> tuple[Hashable, Question, Compared]:
    return ("tests", id(tests)), lambda value: tests.matches(value, {}, Evaluation()) is True, tests.compared or NOTHING
