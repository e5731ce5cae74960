"""Decisions over Arrow tables: a model's decision for millions of rows, equal to deciding each row by itself.

    kernel = compile(model, "Approval")
    decided = kernel.decide(batch)
    decided.answers, decided.by_row, decided.faults

The idea: a table's cells tell apart only a few parts of each input. A row becomes a handful of small numbers, one for
the part of each input it lies in; what becomes of a combination of parts is worked out once, by the model's own tables,
and looked up from then on. Needs the extra `columnar` (NumPy and PyArrow).
"""

from comptroller.adapters.columnar.kernel import Decided, Kernel
from comptroller.adapters.columnar.rows import Refused
from comptroller.domain.decisions import Model

__all__ = ["Decided", "Kernel", "Refused", "compile"]


def compile(model: Model, decision: str) -> Kernel:  # noqa: A001 - what it does, said of a module: `columnar.compile`
    """Make a decision of a model ready for batches; `Refused` when nothing tells what type its answers have."""
    return Kernel(model, decision)
