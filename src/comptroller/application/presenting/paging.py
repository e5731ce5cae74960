"""A list that is too long for one page: which of its rows are on it, and how many there are.

Rows come in the order of the list and are counted up to a bound, so that a page costs the same however much waits;
beyond it the page says `more than`. A page that is asked for behind the bound moves the bound.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comptroller.application.presenting.sorting import address
from comptroller.application.records import TaskRow
from comptroller.application.views import Counted

LISTED_MAX: Final = 200  # on a page
COUNTED_MAX: Final = 2_000


class Found:
    """The rows of a list as they are found; `whole` puts all of them on one page."""

    def __init__(self, page: int, *, whole: bool) -> None:
        self._page = page
        self._whole = whole
        self._rows: list[TaskRow] = []
        self._counted_max = max(COUNTED_MAX, page * LISTED_MAX)
        self._is_more = False

    def takes(self, row: TaskRow) -> bool:
        """Take the next row; False when enough were counted."""
        if not self._whole and len(self._rows) == self._counted_max:
            self._is_more = True
            return False
        self._rows.append(row)
        return True

    def is_whole(self) -> bool:
        """Whether all rows are on one page: only then can they be sorted by a column."""
        return self._whole or len(self._rows) <= LISTED_MAX

    def shown(self) -> Sequence[TaskRow]:
        """The rows of the page."""
        return self._rows if self._whole else self._rows[self._before : self._before + LISTED_MAX]

    @property
    def _before(self) -> int:
        return (self._page - 1) * LISTED_MAX

    def counted(self, others: Mapping[str, str]) -> Counted:
        """What the page says of the list; `others` are the other parts of its address."""
        total, shown = len(self._rows), len(self.shown())
        if self._whole or not shown:
            return Counted(total, min(total, 1), total)
        last = self._before + shown
        pages = {"previous": self._page - 1, "next": self._page + 1}
        queries = {name: address({**others, "page": str(page)}, "") for name, page in pages.items()}
        return Counted(
            total,
            self._before + 1,
            last,
            self._is_more,
            queries["previous"] if self._page > 1 else "",
            queries["next"] if last < total or self._is_more else "",
        )
