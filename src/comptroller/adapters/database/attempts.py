"""How often a unit of work runs, and what becomes of the ones that raise: the same on both databases."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from comptroller.adapters.database.session import TransactionLost
from comptroller.adapters.database.unit_of_work import DatabaseUnitOfWork
from comptroller.application.ports.store import Conflict, UnitOfWork

T = TypeVar("T")

ATTEMPTS_MAX: Final = 40
"""Runs of one unit of work before its conflict is the caller's: from the third on, those that lost take turns, but a
newcomer may still be faster than the one whose turn it is."""

BATCH_ATTEMPTS_MAX: Final = 3
"""Runs of a batch as one transaction before its units of work run alone."""

TURN_KEY: Final = "\0turn"
"""The key that units of work hold which have lost twice, so that they compete with newcomers only."""


def keys_to_begin_with(attempt: int, learned: frozenset[str]) -> list[str]:
    """Return the keys that a repeated attempt takes first, all at once and sorted: whoever sorts does not deadlock."""
    return sorted({*learned, TURN_KEY} if attempt > 1 else learned)


def answer_each(
    unit: DatabaseUnitOfWork,
    works: Sequence[Callable[[UnitOfWork], T]],
    fatal: tuple[type[Exception], ...] = (),
) -> list[T | Exception]:
    """Run several use cases in one unit of work; what one that raises has written is taken back.

    An exception of a `fatal` type spoils the transaction for all of them, and leaves.
    """
    answers: list[T | Exception] = []
    for work in works:
        mark = unit.buffer.mark()
        try:
            answers.append(work(unit))
        except Exception as error:
            if isinstance(error, (TransactionLost, *fatal)):
                raise
            unit.buffer.undo(mark)
            answers.append(error)
    return answers


def settle(
    run: Callable[[Callable[[UnitOfWork], T]], T],
    works: Sequence[Callable[[UnitOfWork], T]],
    answers: Sequence[T | Exception] = (),
) -> list[T | Exception]:
    """Run alone those use cases of a batch that have no answer yet, or a conflict for one."""
    settled = list(answers)
    for place, work in enumerate(works):
        if place < len(answers) and not isinstance(answers[place], Conflict):
            continue
        try:
            settled[place : place + 1] = [run(work)]
        except Exception as error:  # noqa: BLE001 - every exception of a use case is its answer
            settled[place : place + 1] = [error]
    return settled
