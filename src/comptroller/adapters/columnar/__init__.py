"""Decisions over Arrow tables: a model's decision for millions of rows, equal to deciding each row by itself.

    kernel = compile(model, "Approval")
    decided = kernel.decide(batch)
    decided.answers, decided.by_row, decided.faults

The idea: a table's cells tell apart only a few parts of each input. A row becomes a handful of small numbers, one for
the part of each input it lies in; what becomes of a combination of parts is worked out once, by the model's own tables,
and looked up from then on. Needs the extra `columnar` (NumPy and PyArrow).
"""

from comptroller.adapters.columnar.bounds import DEFAULT, Bounds
from comptroller.adapters.columnar.kernel import Decided, Kernel
from comptroller.adapters.columnar.rows import Refused
from comptroller.domain.decisions import Model

__all__ = ["Bounds", "Decided", "Kernel", "Refused", "compile"]


def compile(model: Model, decision: str, *, bounds: Bounds = DEFAULT) -> Kernel:  # noqa: A001 - `columnar.compile`
    """Make a decision of a model ready for batches; raises `Refused` when nothing tells what type its answers have.

    `bounds` say how much the kernel may keep of what it learns from rows.
    """
    return Kernel(model, decision, bounds)
