"""Compiles and evaluates FEEL text for the tests of the language."""

from datetime import UTC, datetime
from typing import Final

from comptroller.domain.feel import Evaluation, Value, admit, compile_expression, compile_unary_tests

NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def value_of(text: str, **scope: object) -> Value:
    """Evaluate a text without faults; `_` in a name of the scope stands for a space."""
    return outcome(text, **scope)[0]


def outcome(text: str, **scope: object) -> tuple[Value, list[str]]:
    """Evaluate a text without faults; give the value and the codes of the diagnostics."""
    named = {name.replace("_", " "): admit(value) for name, value in scope.items()}
    expression = compile_expression(text, named)
    assert expression.faults == ()
    evaluation = Evaluation(NOW)
    value = expression.evaluate(named, evaluation)
    return value, [fault.code for fault in evaluation.faults]


def verdict(tests: str, value: object, **scope: object) -> bool | None:
    """Apply a value to unary tests without faults."""
    named = {name.replace("_", " "): admit(entry) for name, entry in scope.items()}
    compiled = compile_unary_tests(tests, named)
    assert compiled.faults == ()
    return compiled.matches(admit(value), named, Evaluation(NOW))
