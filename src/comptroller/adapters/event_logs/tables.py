"""Event logs as CSV: one row an event; the rows of a case may stand anywhere."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from comptroller.adapters.event_logs.unreadable import UnreadableLog
from comptroller.domain.controls.conformance import LogCase, LogEvent, LogProcess, folded
from comptroller.domain.kernel import limits

CASE_PREFIX = "case:"
"""How columns begin that tell of the case."""


def cases(file: IO[bytes], process: LogProcess) -> Iterator[LogCase]:
    """Read the rows and put them together to cases, in the order in which these begin."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        start = text.read(20_000)
        text.seek(0)
        separator = max(",;\t|", key=start.partition("\n")[0].count)
        yield from _cases(csv.reader(text, delimiter=separator), process)
    finally:
        text.detach()


def _cases(rows: Iterator[list[str]], process: LogProcess) -> Iterator[LogCase]:
    heads = [head.strip() for head in next(rows, [])]
    places = {name: _place(heads, process.columns.get(name, ())) for name in ("case", "activity", "time")}
    lacking = [name for name, place in places.items() if place is None]
    if lacking:
        message = f"no column tells the {' and the '.join(lacking)}"
        listed = ", ".join(f"`{head}`" for head in heads) or "none"
        raise UnreadableLog("CONTROL-LOG-04", message, f"name it under [csv] in the process; the columns are: {listed}")
    case_at, activity_at, time_at = (place or 0 for place in places.values())
    found: dict[str, tuple[dict[str, str], list[LogEvent]]] = {}
    for number, row in enumerate(rows, start=2):
        if number > limits.REGISTER_ROWS_MAX:
            raise UnreadableLog("CONTROL-LOG-05", f"the log has more than {limits.REGISTER_ROWS_MAX} rows")
        if len(row) < len(heads):
            continue
        own = {head: cell for head, cell in zip(heads, row, strict=False) if cell and not head.startswith(CASE_PREFIX)}
        case = found.get(row[case_at])
        if case is None:
            shared = {
                h.removeprefix(CASE_PREFIX): c for h, c in zip(heads, row, strict=False) if h.startswith(CASE_PREFIX)
            }
            case = found[row[case_at]] = (shared, [])
        case[1].append(LogEvent(f"row {number}", row[activity_at], row[time_at], own))
    for name, (shared, events) in found.items():
        yield LogCase(name, shared, sorted(events, key=lambda event: event.time))


def _place(heads: list[str], names: tuple[str, ...]) -> int | None:
    known = [folded(head) for head in heads]
    return next((known.index(folded(name)) for name in names if folded(name) in known), None)
