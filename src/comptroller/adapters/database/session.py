"""What a unit of work needs of a database: one transaction that answers queries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from comptroller.adapters.database.query import Query
from comptroller.application.ports.store import Conflict

Loaders = Mapping[object, Callable[[Any], Any] | None]
"""How a raw cell of each type becomes a value; None where it is one already."""


class TransactionLost(Conflict):
    """The database ended the whole transaction: another one was faster. All of it has to run again."""


class Session(Protocol):
    """One transaction."""

    def fetch(self, requests: Sequence[tuple[Query, Mapping[str, object]]]) -> Sequence[list[Any]]:
        """Answer each query with its rows, in one round trip; a row is a tuple of the parts of the query's shape."""
        ...

    def lock(self, tenant: str, keys: Sequence[str]) -> bool:
        """Hold these keys until the transaction ends; tell whether rows may have changed while it waited."""
        ...

    def place(self, tenant: str, first_index: int, row_ids: Sequence[int]) -> None:
        """Give entries consecutive places in the log."""
        ...


def reader(
    makers: Sequence[tuple[type | None, int, int]], loaders: Sequence[Callable[[Any], Any] | None]
) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return the function that turns a row's raw cells into the parts of its query's shape."""
    plain = not any(loaders)

    def read(cells: Sequence[Any]) -> tuple[Any, ...]:
        values = (
            cells
            if plain
            else [
                cell if load is None or cell is None else load(cell) for load, cell in zip(loaders, cells, strict=True)
            ]
        )
        return tuple(values[start] if record is None else record(*values[start:stop]) for record, start, stop in makers)

    return read
