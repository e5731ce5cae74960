"""How figures are reported: a table for people, one JSON object a line for programs."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `figure` is `group/case/variant/peer`; `ratio` is ours over theirs as rates: more is better."""

    figure: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None


def rate(figure: str, ours: float, theirs: float, unit: str = "cases/s") -> Figure:
    """A rate of ours beside a peer's in the same run."""
    return Figure(figure, round(ours, 1), unit, round(theirs, 1), round(ours / theirs, 3))


def report(figures: list[Figure], *, as_json: bool) -> None:
    """Print the figures."""
    if as_json:
        for figure in figures:
            sys.stdout.write(json.dumps(asdict(figure)) + "\n")
        return
    width = max(len(figure.figure) for figure in figures)
    sys.stdout.write(f"{'figure':<{width}}  {'ours':>10}  {'against':>10}  {'ratio':>6}  unit\n")
    for figure in figures:
        against = "" if figure.against is None else f"{figure.against:,.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
        ours = f"{figure.value:,.1f}"
        sys.stdout.write(f"{figure.figure:<{width}}  {ours:>10}  {against:>10}  {ratio:>6}  {figure.unit}\n")
