"""Tells what kind of log a file is by its content, and opens it."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from lxml import etree

from comptroller.adapters.event_logs import ocel, ocel_files, tables, xes
from comptroller.adapters.event_logs.gathering import OpenLog
from comptroller.adapters.event_logs.unreadable import UnreadableLog
from comptroller.domain.controls.conformance import LogCase, LogProcess

START: Final = 65_536
"""Bytes by which a kind of log is told."""


@contextmanager
def open_log(path: Path, process: LogProcess) -> Iterator[OpenLog]:
    """Open a log and give its cases and faults; raises `UnreadableLog`, also while they are read, and `OSError`."""
    log = OpenLog(process)
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if not packed:
            log.cases = _guarded(_cases(path, plain, log))
            yield log
            return
        with gzip.open(plain) as unpacked:
            log.cases = _guarded(_cases(path, unpacked, log))  # type: ignore[arg-type]  # a binary file like any other
            yield log


def _cases(path: Path, file: IO[bytes], log: OpenLog) -> Iterator[LogCase]:
    start = file.read(START)
    file.seek(0)
    if start.startswith(b"SQLite format 3\0"):
        return ocel.cases(ocel_files.from_sqlite(path), log)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return ocel.cases(ocel_files.from_json(file), log)
    if text.startswith(b"<"):
        if b"<!DOCTYPE" in start.upper():
            raise UnreadableLog(
                "CONTROL-LOG-02", "the log declares a DOCTYPE", "remove it: entities are never expanded"
            )
        is_ocel = b"<object-types" in start or b"<objects" in start or b"<event-types" in start
        return ocel.cases(ocel_files.from_xml(file), log) if is_ocel else xes.cases(file, log)
    return tables.cases(file, log)


def _guarded(cases: Iterator[LogCase]) -> Iterator[LogCase]:
    try:
        yield from cases
    except (etree.XMLSyntaxError, csv.Error, UnicodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableLog("CONTROL-LOG-01", f"the log cannot be read: {error}", "export it anew") from None
