"""Gathers what a log tells into cases: events in the order of their instants; what is no event is told, not dropped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from comptroller.adapters.date_forms import date_form
from comptroller.adapters.event_logs.times import Times
from comptroller.domain.controls.conformance import LogCase, LogEvent, LogProcess, folded
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

TRANSITION = folded("lifecycle:transition")
COMPLETE = "complete"


@dataclass(slots=True)
class OpenLog:
    """A log on its way to cases; its faults are whole once all cases were taken."""

    process: LogProcess
    cases: Iterator[LogCase] = field(default_factory=lambda: iter(()))
    faults: list[Fault] = field(default_factory=list)
    faults_count: int = 0
    _times: Times = field(init=False)

    def __post_init__(self) -> None:
        """Read times in the forms of the process."""
        self._times = Times([date_form(form) for form in self.process.columns.get("dates", ())])

    def __iter__(self) -> Iterator[LogCase]:
        """The cases, once."""
        return self.cases

    def in_order(self, events: Iterable[LogEvent], case: str) -> list[LogEvent]:
        """The events of a case by their instants, those of one instant as they stand; without one no event counts."""
        timed = []
        for event in events:
            instant = self._times.read(event.time)
            if instant is None:
                what = f"`{event.time[:80]}` is no time of a known form" if event.time.strip() else "there is no time"
                remedy = "write ISO 8601, or name the form of dates as `dates` under [csv] in the process"
                self.tell("CONTROL-LOG-08", f"case `{case[:80]}`, {event.ref}", what, remedy)
            else:
                timed.append((instant, event))
        timed.sort(key=lambda pair: pair[0])
        return completed(event for _, event in timed)

    def tell(self, code: str, path: str, message: str, remedy: str) -> None:
        """Collect a fault; of many only the first are kept, and all are counted."""
        self.faults_count += 1
        if len(self.faults) < limits.ROW_FAULTS_MAX:
            self.faults.append(Fault(code, path, message, by="log", help=remedy))


def completed(events: Iterable[LogEvent]) -> list[LogEvent]:
    """The events without the other transitions of what completes: starting and completing are one step."""
    kept = list(events)
    done = {event.activity for event in kept if event.attributes.get(TRANSITION, "").casefold() == COMPLETE}
    if not done:
        return kept
    return [
        event
        for event in kept
        if event.activity not in done or event.attributes.get(TRANSITION, COMPLETE).casefold() == COMPLETE
    ]
