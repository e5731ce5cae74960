"""Event logs as CSV: one row an event; the rows of a case may stand anywhere."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Final

from comptroller.adapters.csv_rows import StrayQuote, csv_rows
from comptroller.adapters.event_logs.gathering import OpenLog
from comptroller.adapters.event_logs.unreadable import UnreadableLog
from comptroller.domain.controls.conformance import LogCase, LogEvent, folded
from comptroller.domain.kernel import limits

_CASE_PREFIX: Final = re.compile(r"case[:\s]")
"""How columns begin that tell of the case."""


def cases(file: IO[bytes], log: OpenLog) -> Iterator[LogCase]:
    """Read the rows and put them together to cases, in the order in which these begin."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        start = text.read(20_000)
        text.seek(0)
        separator = max(",;\t|", key=re.split(r"[\r\n]", start, maxsplit=1)[0].count)
        yield from _cases(csv_rows(text, separator), log)
    except StrayQuote as error:
        raise UnreadableLog("CONTROL-LOG-11", str(error), "mend the row that it names") from None
    finally:
        text.detach()


def _cases(rows: Iterator[tuple[int, Sequence[str]]], log: OpenLog) -> Iterator[LogCase]:
    _, head = next(rows, (1, ()))
    heads = [cell.strip() for cell in head]
    case_at, activity_at, time_at = places = _places(heads, log)
    shared_at = {place: folded(head[5:]) for place, head in enumerate(heads) if _CASE_PREFIX.match(head.casefold())}
    own_at = {place: folded(head) for place, head in enumerate(heads) if place not in shared_at}
    found: dict[str, tuple[dict[str, str], list[LogEvent]]] = {}
    for count, (number, row) in enumerate(rows, start=1):
        if count > limits.REGISTER_ROWS_MAX:
            raise UnreadableLog("CONTROL-LOG-05", f"the log has more than {limits.REGISTER_ROWS_MAX} rows")
        if not any(row):
            continue
        if len(row) <= max(places):
            message = f"the row has {len(row)} cells, the header {len(heads)}"
            log.tell("CONTROL-LOG-09", f"row {number}", message, "export it anew with all its cells")
            continue
        case = found.get(row[case_at])
        if case is None:
            case = found[row[case_at]] = (_cells(row, shared_at), [])
        case[1].append(LogEvent(f"row {number}", row[activity_at], row[time_at], _cells(row, own_at)))
    for name, (shared, events) in found.items():
        yield LogCase(name, shared, log.in_order(events, name))


def _cells(row: Sequence[str], names: Mapping[int, str]) -> dict[str, str]:
    return {name: row[place] for place, name in names.items() if place < len(row) and row[place]}


def _places(heads: Sequence[str], log: OpenLog) -> tuple[int, int, int]:
    """Where the case, the activity and the time stand."""
    known = [folded(head) for head in heads]
    places = []
    lacking = []
    for field in ("case", "activity", "time"):
        names = [folded(name) for name in log.process.columns.get(field, ())]
        place = next((known.index(name) for name in names if name in known), None)
        if place is None:
            lacking.append(field)
        else:
            places.append(place)
    if lacking:
        message = f"no column tells the {' and the '.join(lacking)}"
        listed = ", ".join(f"`{head}`" for head in heads) or "none"
        raise UnreadableLog("CONTROL-LOG-04", message, f"name it under [csv] in the process; the columns are: {listed}")
    case, activity, time = places
    return case, activity, time
