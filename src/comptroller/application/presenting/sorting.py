"""Lists in the order that their address asks for: a column's name, with a minus in front for the other way round."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

from comptroller.application.views import SortLink
from comptroller.domain.kernel.money import Money

T = TypeVar("T")
Keys = Mapping[str, Callable[[T], Any]]
"""By column, what an item is compared by; None where it has nothing there."""


def ordered(items: Iterable[T], keys: Keys[T], sort: str) -> tuple[T, ...]:
    """The items in the order asked for; as they came where no column of that name is there.

    What an item does not have (`None`) puts it behind all others, whichever way round.

    >>> ordered([2, None, 3], {"size": lambda item: item}, "-size")
    (3, 2, None)
    """
    key = keys.get(sort.removeprefix("-"))
    if key is None:
        return tuple(items)
    compared = [(key(item), item) for item in items]
    there = sorted((pair for pair in compared if pair[0] is not None), key=itemgetter(0), reverse=sort.startswith("-"))
    return tuple(item for _, item in (*there, *(pair for pair in compared if pair[0] is None)))


def sort_links(columns: Sequence[str], sort: str, others: Mapping[str, str]) -> dict[str, SortLink]:
    """A link for each column, keeping the other parts of the address.

    >>> sort_links(["due"], "due", {"kind": "approval"})["due"]
    SortLink(query='kind=approval&sort=-due', order='ascending')
    """
    orders = {"": "none", "-": "descending"}
    links = {}
    for column in columns:
        order = "ascending" if sort == column else orders["-" if sort == f"-{column}" else ""]
        links[column] = SortLink(address(others, f"-{column}" if order == "ascending" else column), order)
    return links


def address(others: Mapping[str, str], sort: str) -> str:
    """The query of a list, without what is empty."""
    return urlencode({name: value for name, value in {**others, "sort": sort}.items() if value})


def by_money(value: Money | None) -> tuple[str, Decimal] | None:
    """Amounts of one currency beside each other, by size; amounts of different currencies do not compare."""
    return (value.currency, value.amount) if value is not None else None
