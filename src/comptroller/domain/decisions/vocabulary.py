"""What an expression is compiled in: the names it sees, the model's types, and where its faults are noted.

Vocabularies of inner scopes share the types and the list of faults with the outer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from comptroller.domain import feel
from comptroller.domain.decisions.definitions import FEEL_LANGUAGE, LiteralExpression, UnaryTests
from comptroller.domain.decisions.item_types import TypeTable
from comptroller.domain.decisions.run import Compiled, Run, Scope, null
from comptroller.domain.feel.types import Type
from comptroller.domain.feel.values import Value
from comptroller.domain.kernel.fault import Fault, Severity

if TYPE_CHECKING:
    from comptroller.domain.decisions.tables import Table


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names in scope and names of components; types by the model's namespace; the faults found so far.

    `elsewhere` are the names of the model's other elements, which a requirement would bring into scope; `expected` is
    the declared type of the expression that is being compiled; `any_name` says that the scope may hold further names,
    as the entries of a filtered item. `used` are the names that expressions have looked up so far, `tables` the
    decision tables that were compiled.
    """

    namespace: str
    types: TypeTable
    members: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    expected: str = ""
    any_name: bool = False
    faults: list[Fault] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    tables: "list[Table]" = field(default_factory=list)

    def with_names(self, names: Iterable[str], *, any_name: bool = False) -> "Vocabulary":
        """The vocabulary of an inner scope."""
        return replace(self, names=(*self.names, *names), any_name=self.any_name or any_name)

    def expecting(self, type_ref: str) -> "Vocabulary":
        """The vocabulary for an expression of a declared type (empty: of none)."""
        return self if type_ref == self.expected else replace(self, expected=type_ref)

    def fault(
        self,
        code: str,
        path: str,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        help: str = "",  # noqa: A002 - Fault's own field
    ) -> None:
        """Note something wrong."""
        self.faults.append(Fault(code, path, message, severity, by="dmn", help=help))

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that leave nothing to be decided."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    def type(self, type_ref: str, path: str) -> Type | None:
        """The type that a reference names; None when nothing is to be checked."""
        return self.types.resolve(self.namespace, type_ref, path, self.faults)

    def literal(self, source: LiteralExpression, path: str, *, filters: bool = False) -> Compiled:
        """Compile a FEEL text, or the condition of a filter on what the scope has as `LISTED`; null without a text."""
        if not self._is_feel(source.language, path) or not source.text.strip():
            return null
        if not filters and (name := self.variable(source)):
            self.used.add(name)
            return _variable(name, path)
        compile_text = feel.compile_condition if filters else feel.compile_expression
        expression = compile_text(
            source.text, self.names, members=self.members, types=self.types.in_scope(self.namespace)
        )
        if expression.faults:
            self.note(expression.faults, path)
            return null
        self.used.update(expression.looked_up)
        if not filters:  # in a filter, a name may be an entry of the item
            self._tell_unknown(expression, path)
        evaluate = expression.evaluate

        def compiled(scope: Scope, run: Run) -> Value:
            evaluation = run.evaluation
            outer, evaluation.where = evaluation.where, path
            value = evaluate(scope, evaluation)
            evaluation.where = outer
            return value

        return compiled

    def variable(self, source: LiteralExpression) -> str:
        """The variable that an expression is and nothing else; empty for any other expression."""
        name = " ".join(source.text.split())
        return name if source.language == FEEL_LANGUAGE and name in self.names else ""

    def tests(self, source: UnaryTests, path: str) -> feel.UnaryTests:
        """Compile the unary tests of a cell or of allowed values."""
        text = source.text if self._is_feel(source.language, path) else ""
        tests = feel.compile_unary_tests(
            text, self.names, members=self.members, types=self.types.in_scope(self.namespace)
        )
        self.note(tests.faults, path)
        self.used.update(tests.looked_up)
        self._tell_unknown(tests, path)
        return tests.placed(path)

    def note(self, faults: Iterable[Fault], path: str) -> None:
        """Note an expression's faults with the place where the expression stands."""
        for fault in faults:
            self.faults.append(replace(fault, path=f"{path}, {fault.path}" if fault.path else path))

    def _is_feel(self, language: str, path: str) -> bool:
        if language != FEEL_LANGUAGE:
            message = f"the expression language `{language}` is not evaluated"
            self.fault("DMN-LANGUAGE-01", path, message, help="write the expression in FEEL")
        return language == FEEL_LANGUAGE

    def _tell_unknown(self, compiled: feel.Expression | feel.UnaryTests, path: str) -> None:
        """Warn of names that are null for want of a requirement, or that nobody has."""
        if self.any_name or "[" in compiled.text:  # in a filter, a name may be an entry of the item
            return
        for name in sorted(compiled.looked_up.difference(self.names)):
            if name in self.elsewhere:
                message, remedy = f"`{name}` is not required here and is null", "draw the requirement from it"
                self.fault("DMN-REQUIREMENT-04", path, message, severity=Severity.WARNING, help=remedy)
            else:
                message, remedy = (
                    f"nothing is named `{name}`; it is null",
                    "correct the name, or draw an input of this name",
                )
                self.fault("DMN-NAME-05", path, message, severity=Severity.WARNING, help=remedy)


def _variable(name: str, path: str) -> Compiled:
    """An expression that is a variable and nothing else: the commonest of a table's inputs."""

    def compiled(scope: Scope, run: Run) -> Value:
        value = scope.get(name)
        if value is None and name not in scope:
            evaluation = run.evaluation
            outer, evaluation.where = evaluation.where, path
            evaluation.note("FEEL-NAME-01", 0, f"nothing here is named `{name}`")
            evaluation.where = outer
        return value

    return compiled
