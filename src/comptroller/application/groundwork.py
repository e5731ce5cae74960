"""What takes seconds to find out is found out before a transaction writes, never within it.

A use case asks for it by what it is of: the hashes of files. Where a transaction that writes asks for what is not
there, it is taken back; the use case is rehearsed on a snapshot, which finds out whatever is asked for and writes
nothing; and it runs again with what was found. Where something else was put in force in between, it asks for findings
of other bytes, which are not there either, and is rehearsed again. So what is written rests on what was found of the
very bytes that it names, and nobody waits for that.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from comptroller.domain.kernel.fault import Rejection, RejectionKind

ROUNDS_MAX: Final = 4
"""Runs of one use case before it is refused: what it stands on became another thing before each of them."""

UNSETTLED: Final = Rejection(
    RejectionKind.CONFLICT,
    "POLICY-CHECK-02",
    "each time that the change was checked, another version was put in force meanwhile",
    help="look at what is in force now, and do it again",
)

T = TypeVar("T")


class Unfounded(Exception):  # rolls the unit of work back
    """A transaction that writes asked for what nobody has found out."""


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What was found out, by what it is of; `is_open` says whether more may be."""

    is_open: bool
    found: dict[Hashable, object] = field(default_factory=dict)

    def of(self, key: Hashable, find: Callable[[], T]) -> T:
        """What was found under a key. Raises `Unfounded` where that would have to be found out first."""
        if key not in self.found:
            if not self.is_open:
                raise Unfounded
            self.found[key] = find()
        return self.found[key]  # type: ignore[return-value]  # a key names what is found under it
