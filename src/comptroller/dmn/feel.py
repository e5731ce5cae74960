"""FEEL by itself: a text and the values of its names give a value.

>>> evaluate("amount * (1 + rate)", {"amount": 200, "rate": Decimal("0.19")}).value
Decimal('238.00')
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from comptroller.domain.decisions.admission import Inadmissible, admitted
from comptroller.domain.feel import Evaluation, Value, compile_expression
from comptroller.domain.feel.evaluation import Stopped
from comptroller.domain.feel.text import literal_text
from comptroller.domain.kernel.fault import Fault

__all__ = ["Answer", "Decimal", "evaluate", "literal_text"]


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
        evaluation.stop(Stopped("DMN-INPUT-02", "a value holds a NaN, which is no number of FEEL"))
        value = None
    return Answer(value, tuple(evaluation.faults))
