"""Clients in processes of their own, which begin each turn together.

Each client does ours and the hand-written floor in turns, so that whatever else the machine does falls on both.
"""

import multiprocessing
from collections.abc import Callable
from typing import Any, Protocol

from bench.report import Spent

Turn = Callable[[], Spent]


class Client(Protocol):
    """Makes the two things that a client does in turns, once it is ready; it must be picklable."""

    def __call__(self) -> tuple[Turn, Turn, Callable[[], None]]:
        """Ours, the floor, and what lets go of both."""
        ...


def in_turns(
    ours: Turn, floor: Turn, rounds: int, *, ready: Callable[[], object] = lambda: None
) -> tuple[Spent, Spent]:
    """What each took over so many rounds; the first warms up. Before every turn somebody may wait for the others."""
    spent: list[tuple[Spent, Spent]] = []
    for _ in range(rounds + 1):
        ready()
        first = ours()
        ready()
        spent.append((first, floor()))
    return _sum([first for first, _ in spent[1:]]), _sum([second for _, second in spent[1:]])


def _sum(all_spent: list[Spent]) -> Spent:
    first, *others = all_spent
    for each in others:
        first += each
    return first


def together(client: Client, count: int, rounds: int) -> list[tuple[Spent, Spent]]:
    """Run so many clients in processes of their own; what each of them took."""
    forks = multiprocessing.get_context("spawn")
    gate, answers = forks.Barrier(count), forks.SimpleQueue()
    processes = [forks.Process(target=_run, args=(client, rounds, gate, answers)) for _ in range(count)]
    for process in processes:
        process.start()
    spent: list[tuple[Spent, Spent]] = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    return spent


def _run(client: Client, rounds: int, gate: Any, answers: Any) -> None:
    ours, floor, close = client()
    answers.put(in_turns(ours, floor, rounds, ready=gate.wait))
    close()
