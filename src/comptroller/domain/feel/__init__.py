"""FEEL, the Friendly Enough Expression Language of DMN 1.5 (chapter 10): read, compiled once, evaluated often.

    expression = compile_expression("sum(lines.amount) > limit", names=("lines", "limit"))
    value = expression.evaluate({"lines": [...], "limit": Decimal(500)}, Evaluation(now))

Nothing an author writes raises, runs Python, loops for ever or takes memory without bound: faults of the text are in
`faults`, what became null at run time and why is in the evaluation's `faults`.
"""

from comptroller.domain.feel.builtins import BUILTINS
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.expression import (
    LISTED,
    Expression,
    UnaryTests,
    compile_condition,
    compile_expression,
    compile_unary_tests,
)
from comptroller.domain.feel.temporal import parse as parse_temporal
from comptroller.domain.feel.temporal import text_of as text_of_temporal
from comptroller.domain.feel.types import ANY, NAMED, Type, coerce
from comptroller.domain.feel.values import (
    Builtin,
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    Function,
    Kind,
    MonthsDuration,
    Range,
    Value,
    admit,
    kind_of,
)

__all__ = [
    "ANY",
    "BUILTINS",
    "LISTED",
    "NAMED",
    "Builtin",
    "DaysDuration",
    "Evaluation",
    "Expression",
    "FarDate",
    "FarDateAndTime",
    "FineTime",
    "Function",
    "Kind",
    "MonthsDuration",
    "Range",
    "Type",
    "UnaryTests",
    "Value",
    "admit",
    "coerce",
    "compile_condition",
    "compile_expression",
    "compile_unary_tests",
    "kind_of",
    "parse_temporal",
    "text_of_temporal",
]
