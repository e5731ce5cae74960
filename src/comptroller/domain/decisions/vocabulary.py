"""What an expression is compiled in: the names it sees, the model's types, and where its faults are noted.

Vocabularies of inner scopes share the types and the list of faults with the outer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from comptroller.domain import feel
from comptroller.domain.decisions.definitions import FEEL_LANGUAGE, LiteralExpression, UnaryTests
from comptroller.domain.decisions.item_types import TypeTable
from comptroller.domain.decisions.run import Compiled, Run, Scope, null
from comptroller.domain.feel.types import Type
from comptroller.domain.feel.values import Value
from comptroller.domain.kernel.fault import Fault


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names in scope and names of components; types by the model's namespace; the faults found so far."""

    namespace: str
    types: TypeTable
    members: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    def with_names(self, names: Iterable[str]) -> "Vocabulary":
        """The vocabulary of an inner scope."""
        return replace(self, names=(*self.names, *names))

    def fault(self, code: str, path: str, message: str, *, help: str = "") -> None:  # noqa: A002 - Fault's own field
        """Note something wrong."""
        self.faults.append(Fault(code, path, message, by="dmn", help=help))

    def type(self, type_ref: str, path: str) -> Type | None:
        """The type that a reference names; None when nothing is to be checked."""
        return self.types.resolve(self.namespace, type_ref, path, self.faults)

    def literal(self, source: LiteralExpression, path: str) -> Compiled:
        """Compile a FEEL text; an absent one is null."""
        if source.language != FEEL_LANGUAGE:
            message = f"the expression language `{source.language}` is not evaluated"
            self.fault("DMN-LANGUAGE-01", path, message, help="write the expression in FEEL")
            return null
        if not source.text.strip():
            return null
        if name := self.variable(source):
            return _variable(name)
        expression = feel.compile_expression(source.text, self.names, members=self.members)
        if expression.faults:
            self.note(expression.faults, path)
            return null
        evaluate = expression.evaluate

        def compiled(scope: Scope, run: Run) -> Value:
            return evaluate(scope, run.evaluation)

        return compiled

    def variable(self, source: LiteralExpression) -> str:
        """The variable that an expression is and nothing else; empty for any other expression."""
        name = " ".join(source.text.split())
        return name if source.language == FEEL_LANGUAGE and name in self.names else ""

    def tests(self, source: UnaryTests, path: str) -> feel.UnaryTests:
        """Compile the unary tests of a cell or of allowed values."""
        tests = feel.compile_unary_tests(source.text, self.names, members=self.members)
        self.note(tests.faults, path)
        return tests

    def note(self, faults: Iterable[Fault], path: str) -> None:
        """Note an expression's faults with the place where the expression stands."""
        for fault in faults:
            self.faults.append(replace(fault, path=f"{path}, {fault.path}" if fault.path else path))


def _variable(name: str) -> Compiled:
    """An expression that is a variable and nothing else: the commonest of a table's inputs."""

    def compiled(scope: Scope, run: Run) -> Value:
        value = scope.get(name)
        if value is None and name not in scope:
            run.evaluation.note("FEEL-NAME-01", 0, f"nothing here is named `{name}`")
        return value

    return compiled
