"""The Boolean function `not`, and `is`.

SOURCE: DMN 1.5, clauses 10.3.4.2 and 10.3.4.6.
"""

from typing import Final

from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.comparison import identical
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.values import Value

LIBRARY: Final = Library()


@LIBRARY.function("not(negand:?)")
def negate(negand: Value) -> Value:
    """Negate a truth; null for anything else."""
    return not negand if isinstance(negand, bool) else None


@LIBRARY.function("is(value1:?, value2:?)", with_evaluation=True)
def is_identical(run: Evaluation, left: Value, right: Value) -> Value:
    """Say whether two values are the same in kind and in every part."""
    return identical(run, left, right)
