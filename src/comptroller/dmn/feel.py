"""FEEL by itself: a text and the values of its names give a value.

>>> evaluate("net amount * 1.19", {"net amount": 200}).value
Decimal('238.00')
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import InvalidOperation

from comptroller.domain.decisions.admission import NAN, NUMBER_OR_NONE, Inadmissible, admitted
from comptroller.domain.feel import Evaluation, Value, compile_expression
from comptroller.domain.feel.text import literal_text
from comptroller.domain.kernel.fault import Fault

__all__ = ["Answer", "evaluate", "literal_text"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expression gives, and what is wrong with it or went wrong: errors of the text, reasons for a null."""

    value: Value
    faults: tuple[Fault, ...]


def evaluate(text: str, scope: Mapping[str, object] | None = None, now: datetime | None = None) -> Answer:
    """Evaluate an expression; never raises for what the text or the scope holds.

    `scope` gives the values of its names, which may hold blanks and operators. `now` is the time that `now()` and
    `today()` tell; without it they are null.
    """
    evaluation = Evaluation(now)
    try:
        values = {str(name): admitted(value, str(name)) for name, value in (scope or {}).items()}
        value = compile_expression(text, values).evaluate(values, evaluation)
    except Inadmissible as refused:
        fault = Fault("DMN-INPUT-03", f"input[{refused.place}]", refused.message, by="feel", help=refused.help)
        return Answer(None, (fault,))
    except InvalidOperation:
        fault = Fault("DMN-INPUT-02", "", NAN, by="feel", help=NUMBER_OR_NONE)
        return Answer(None, (*evaluation.faults, fault))
    return Answer(value, tuple(evaluation.faults))
