"""XES: one trace at a time, so that a log of any size needs the memory of its longest case.

# SOURCE: IEEE 1849-2016, XES.
"""

from collections.abc import Iterator
from typing import IO

from lxml import etree

from comptroller.adapters.event_logs.gathering import OpenLog, completed
from comptroller.adapters.event_logs.unreadable import UnreadableLog
from comptroller.domain.controls.conformance import LogCase, LogEvent, folded

NAME = folded("concept:name")
TIME = folded("time:timestamp")
IDENTITY = folded("identity:id")


def cases(file: IO[bytes], log: OpenLog) -> Iterator[LogCase]:
    """Read the traces of a log."""
    found = False
    walk = etree.iterparse(
        file, events=("end",), tag=("{*}trace",), resolve_entities=False, load_dtd=False, no_network=True
    )
    for number, (_, trace) in enumerate(walk, start=1):
        if trace.getroottree().docinfo.internalDTD is not None:
            raise UnreadableLog(
                "CONTROL-LOG-02", "the log declares a DOCTYPE", "remove it: entities are never expanded"
            )
        found = True
        yield _case(trace, number, log)
        trace.clear()
        while trace.getprevious() is not None:
            del trace.getparent()[0]
    if not found:
        raise UnreadableLog("CONTROL-LOG-03", "the file has no trace", "give an XES log, a CSV of events, or an OCEL")


def _case(trace: etree._Element, number: int, log: OpenLog) -> LogCase:
    attributes = _attributes(trace)
    name = attributes.get(NAME, str(number))
    events = []
    for place, element in enumerate(trace.iterchildren("{*}event"), start=1):
        told = _attributes(element)
        events.append(LogEvent(told.get(IDENTITY, str(place)), told.get(NAME, ""), told.get(TIME, ""), told))
    is_timed = any(event.time for event in events)  # without times the events stand in their order
    return LogCase(name, attributes, log.in_order(events, name) if is_timed else completed(events))


def _attributes(element: etree._Element) -> dict[str, str]:
    return {folded(child.get("key", "")): child.get("value", "") for child in element if child.get("value") is not None}
