"""What one run of a decision keeps while it goes: FEEL's evaluation, and the raw trace that explanations are made of.

The trace is a list of the tables that were evaluated, each with what it saw and which rules hit: references to what
exists anyway. Words are made of it only when somebody asks.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from weakref import ref

from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.types import KindType, Type, coerce
from comptroller.domain.feel.values import Kind, Value
from comptroller.domain.kernel.fault import Fault

if TYPE_CHECKING:
    from comptroller.domain.decisions.tables import Table

Scope: TypeAlias = Mapping[str, Value]
Outputs: TypeAlias = tuple[Value, ...]


class TableTrace(NamedTuple):
    """One evaluation of a table: the values of its input columns, the numbers of its hits and what they gave."""

    table: "Table"
    scope: Scope
    values: Sequence[Value]
    hits: Sequence[int]
    outputs: Sequence[Outputs]


class DecisionTrace(NamedTuple):
    """One evaluation of a decision: its scope and value, and which of the run's tables and faults are its own."""

    name: str
    scope: Scope
    value: Value
    tables_from: int
    tables_to: int
    faults_from: int
    faults_to: int


class Instead(NamedTuple):
    """A table of the model, and the one that is asked in its place: what if it said something else?"""

    table: "Table"
    asked: "Table"


class Run:
    """One run; made for each call, not shared between threads."""

    __slots__ = ("__weakref__", "binding", "decisions", "evaluation", "instead", "tables")

    def __init__(self, evaluation: Evaluation, instead: "Instead | None" = None) -> None:
        self.evaluation = evaluation
        self.instead = instead
        self.tables: list[TableTrace] = []
        self.decisions: list[DecisionTrace] = []
        self.binding = ref(self)
        """What a function that is bound to the run holds of it: the trace holds the function, and would never go."""

    def forget(self) -> None:
        """Drop the trace: nothing is left to explain but the faults."""
        self.tables.clear()
        self.decisions.clear()

    def fault(self, code: str, path: str, message: str, *, help: str = "") -> None:  # noqa: A002 - Fault's own field
        """Note why a value became null."""
        self.evaluation.faults.append(Fault(code, path, message, by="dmn", help=help))


Compiled: TypeAlias = Callable[[Scope, Run], Value]
"""A compiled expression: evaluates in a scope, noting what goes wrong in the run."""


def null(scope: Scope, run: Run) -> Value:  # noqa: ARG001 - the form of a compiled expression
    """The compiled form of what is absent or faulty."""
    return None


def placed(compiled: Compiled, path: str) -> Compiled:
    """Let faults of evaluating an expression say where it stands."""

    def evaluate(scope: Scope, run: Run) -> Value:
        evaluation = run.evaluation
        outer, evaluation.where = evaluation.where, path
        try:
            return compiled(scope, run)
        finally:
            evaluation.where = outer

    return evaluate


_CLASSES: Final[dict[Type, type]] = {
    KindType(Kind.NUMBER): Decimal,
    KindType(Kind.STRING): str,
    KindType(Kind.BOOLEAN): bool,
    KindType(Kind.DATE): date,
}


def class_of(wanted: Type | None) -> type | None:
    """The Python class whose values all conform to a type, so that most checks are one comparison."""
    return _CLASSES.get(wanted) if isinstance(wanted, KindType) else None


def typed(compiled: Compiled, wanted: Type | None, path: str) -> Compiled:
    """Hold an expression's value to a type: what does not conform becomes null."""
    if wanted is None:
        return compiled
    expected = class_of(wanted)

    def evaluate(scope: Scope, run: Run) -> Value:
        value = compiled(scope, run)
        return value if value is None or value.__class__ is expected else hold(wanted, value, run, path)

    return evaluate


def hold(wanted: Type | None, value: Value, run: Run, path: str) -> Value:
    """Convert a value to a type, or note that it does not conform and give null."""
    fits, taken = coerce(wanted, value)
    if not fits:
        message, remedy = f"the value `{brief(value)}` is not of the declared type", "correct the value or its type"
        run.fault("DMN-TYPE-04", path, message, help=remedy)
    return taken


def brief(value: Value) -> str:
    """A value in a message, cut to what a line holds."""
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
