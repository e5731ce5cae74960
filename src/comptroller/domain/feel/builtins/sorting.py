"""The function `sort`.

SOURCE: DMN 1.5, clause 10.3.4.9. The given function says whether its first argument stands before its second.
"""

from typing import Final

from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.comparison import order
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.invocation import invoke
from comptroller.domain.feel.values import Builtin, Function, Value

LIBRARY: Final = Library()


class _Place:
    """An item that compares as the author's function says."""

    __slots__ = ("_at", "_item", "_precedes", "_run")

    def __init__(self, run: Evaluation, at: int, precedes: Function | Builtin | None, item: Value) -> None:
        self._run = run
        self._at = at
        self._precedes = precedes
        self._item = item

    def __lt__(self, other: "_Place") -> bool:
        self._run.charge(1)
        if self._precedes is not None:
            precedes = invoke(self._run, self._at, self._precedes, self._item, other._item)
            if not isinstance(precedes, bool):
                raise Undefined("the function says neither true nor false")
            return precedes
        verdict = order("<", self._item, other._item)
        if verdict is None:
            raise Undefined("the items have no order of their own")
        return verdict


@LIBRARY.function("sort(list: list, precedes?: function)", with_evaluation=True)
def sort(run: Evaluation, items: list[Value], precedes: Function | Builtin | None = None) -> Value:
    """Sort a list, stably; without a function, numbers, strings, days, times and durations by their own order."""
    at = run.place
    return sorted(items, key=lambda item: _Place(run, at, precedes, item))
