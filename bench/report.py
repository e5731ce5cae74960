"""How figures are reported: a table for people, one JSON object a line for programs."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `figure` is `group/case/variant/peer`; `ratio` is ours over theirs as rates: more is better."""

    figure: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """How much was done, in how many seconds of the wall and of this process's processor time."""

    done: int
    wall_s: float
    cpu_s: float

    def __add__(self, other: "Spent") -> "Spent":
        """What both did, one after the other."""
        return Spent(self.done + other.done, self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)

    @property
    def rate(self) -> float:
        """So many a second."""
        return self.done / self.wall_s

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the processor that each took."""
        return 1000 * self.cpu_s / self.done


def rate(figure: str, ours: float, theirs: float, unit: str = "cases/s") -> Figure:
    """A rate of ours beside a peer's in the same run."""
    return Figure(figure, round(ours, 1), unit, round(theirs, 1), round(ours / theirs, 3))


def report(figures: list[Figure], *, as_json: bool) -> None:
    """Print the figures."""
    if as_json:
        report_each(figures, as_json=True)
    else:
        report_each(figures, as_json=False, width=max(len(figure.figure) for figure in figures))


def report_each(figures: Iterable[Figure], *, as_json: bool, width: int = 56) -> None:
    """Print each figure when it is known; the names fit the width."""
    if not as_json:
        sys.stdout.write(f"{'figure':<{width}}  {'ours':>12}  {'against':>12}  {'ratio':>8}  unit\n")
    for figure in figures:
        sys.stdout.write((json.dumps(asdict(figure)) if as_json else _line(figure, width)) + "\n")
        sys.stdout.flush()


def _line(figure: Figure, width: int) -> str:
    against = "" if figure.against is None else f"{figure.against:,.1f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
    return f"{figure.figure:<{width}}  {figure.value:>12,.1f}  {against:>12}  {ratio:>8}  {figure.unit}"
