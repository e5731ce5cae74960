"""Rows of a CSV file as people's programs write them, and the one stray quote that would swallow a file unseen."""

import csv
from collections.abc import Iterable, Iterator, Sequence


class StrayQuote(Exception):
    """A quote that opens and does not close before other rows."""

    def __init__(self, row: int, last: int) -> None:
        super().__init__(f"a quote that opens in row {row} does not close before row {last}: the rows between are lost")


def csv_rows(lines: Iterable[str], separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows with the number of their first line; raises `StrayQuote` and `csv.Error`."""
    taken: list[str] = []  # the lines of the row that is being read

    def noted() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(noted(), delimiter=separator)
    first = 1
    for cells in reader:
        last = reader.line_num
        if len(taken) > 1 and _is_stray(taken, cells, separator):
            raise StrayQuote(first, last)
        yield first, cells
        first = last + 1
        taken.clear()


def _is_stray(lines: Sequence[str], cells: Sequence[str], separator: str) -> bool:
    """Whether lines that were read as one row hold rows, or end within a quote."""
    if sum(line.count('"') for line in lines) % 2:
        return True
    wanted = max(len(cells) - 1, 2)
    return any(line.count(separator) >= wanted and '"' not in line for line in lines[1:-1])
