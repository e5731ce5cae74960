"""What a case waits for outside of its row: messages, signals and timers, kept where others find them.

A message is found by what it is about: the case itself, a key that the process worked out, or for changes all that the
case's facts rest on. Several tokens may wait for the same: the row stays as long as one does, and which tokens they are
is asked of the case's state.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.outbox import Thrown, cycle_id, thrown_row, timer_id, timer_row
from comptroller.application.records import OutboxRow, WaitRow, revised
from comptroller.domain.workflow import Token, events

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

WATCH: Final = "posted.watch"
"""What a posted case goes on waiting under: changes of its order."""

SIGNAL: Final = "signal"
"""What a signal's wait is about, whoever throws it; also the kind of its row in the outbox."""

Awaited = (
    events.MessageAwaited
    | events.CorrelationAwaited
    | events.MessageReceived
    | events.MessageForgotten
    | events.SignalAwaited
    | events.SignalReceived
    | events.SignalForgotten
)
Timed = events.TimerSet | events.CycleSet | events.TimerCancelled
ThrownEvent = events.MessageThrown | events.SignalThrown


def key_subject(key: str) -> str:
    """What a message with a key is about."""
    return f"key/{key}"


def tokens_awaiting(run: "CaseRun", message: str, key: str = "") -> Sequence[str]:
    """The tokens of a case that take a message, the oldest first."""
    return [token for token, at in run.state.tokens.items() if _awaits(at, message, key)]


def _awaits(at: Token, message: str, key: str) -> bool:
    return message in at.messages and dict(at.keys).get(message, "") == key


def _times_of(rows: Sequence[OutboxRow], timer: str, key: str) -> list[OutboxRow]:
    """The rows of a cycle: one for each time, each named by the timer's own name and the time."""
    return [row for row in rows if row.target == timer and row.outbox_id.startswith(key)]


def _has_key(row: WaitRow) -> bool:
    return row.correlation.startswith(key_subject(""))


class Waits:
    """The waits of the case that is being run."""

    def __init__(self, run: "CaseRun") -> None:
        self._run = run

    def take(self, event: Awaited) -> None:
        """Open or close a wait for a message or signal."""
        match event:
            case events.MessageAwaited():
                subjects = self._run.subjects(event.message)
                self._drop(event.message, but=subjects)
                self._open(event.token, event.message, subjects)
            case events.CorrelationAwaited():
                self._open(event.token, event.message, (key_subject(event.key),))
            case events.SignalAwaited():
                self._open(event.token, event.signal, (SIGNAL,))
            case events.SignalReceived() | events.SignalForgotten():
                self._close(event.signal)
            case events.MessageReceived() | events.MessageForgotten():
                self._close(event.message)

    def take_timer(self, event: Timed) -> None:
        """Set or cancel a timer."""
        run = self._run
        uow, case_id = run.session.uow, run.row.case_id
        match event:
            case events.TimerSet() | events.CycleSet():
                row = timer_row(run.session, case_id, token=event.token, timer=event.timer, due=event.due)
                if isinstance(event, events.CycleSet):
                    key = cycle_id(case_id, event.token, event.timer, event.due)
                    row = revised(row, outbox_id=key, idempotency_key=key)
                is_back = bool(run.dossier.earlier) and uow.outbox(row.outbox_id) is not None  # in a version it is from
                (uow.update if is_back else uow.insert)(row)
            case events.TimerCancelled():
                key = timer_id(case_id, event.token, event.timer)
                pending = uow.outbox(key)
                rows = [pending] if pending else _times_of(uow.case_outbox(case_id), event.timer, key)
                uow.update(*(revised(row, status="cancelled") for row in rows if row.status != "done"))

    def throw(self, event: ThrownEvent) -> None:
        """Send a message or signal on its way: it is delivered once this case's unit of work is committed."""
        run, depth = self._run, int(self._run.dossier.begun.get("depth", 0))
        if isinstance(event, events.SignalThrown):
            thrown = Thrown(SIGNAL, event.signal, SIGNAL, event.variables, entity=run.row.entity, depth=depth)
        else:
            about = key_subject(event.key) if event.key else f"case/{run.row.case_id}"
            whose: Any = {"entity": run.row.entity, "depth": depth}
            thrown = Thrown("thrown", event.message, about, event.variables, event.key, **whose)
        run.session.uow.insert(thrown_row(run.session, run.row.case_id, thrown))

    def stop(self) -> None:
        """Wait for nothing any more, but for what becomes of what was posted."""
        for wait in self._run.session.uow.case_waits(self._run.row.case_id):
            if wait.message != WATCH:
                self._run.session.uow.delete(wait)
        self._run.wait_rows = []

    def _open(self, token: str, message: str, subjects: Sequence[str]) -> None:
        rows, case_id = self._known(), self._run.row.case_id
        known = {(row.message, row.correlation) for row in rows}
        new = [WaitRow(message, each, case_id, token) for each in subjects if (message, each) not in known]
        self._run.session.uow.insert(*new)
        rows.extend(new)

    def _drop(self, message: str, *, but: Sequence[str]) -> None:
        """Wait no longer for a message about what the case has nothing to do with any more."""
        for row in [row for row in self._known() if row.message == message and not _has_key(row)]:
            if row.correlation not in {SIGNAL, *but}:
                self._remove(row)

    def _close(self, name: str) -> None:
        """Drop the waits for a message or signal that no token has any more."""
        for row in [row for row in self._known() if row.message == name]:
            if not self._is_awaited(row):
                self._remove(row)

    def _remove(self, row: WaitRow) -> None:
        self._known().remove(row)
        self._run.session.uow.delete(row)

    def _is_awaited(self, row: WaitRow) -> bool:
        tokens = self._run.state.tokens.values()
        if row.correlation == SIGNAL:
            return any(row.message in at.signals for at in tokens)
        keys = [dict(at.keys).get(row.message, "") for at in tokens if row.message in at.messages]
        return any(row.correlation == key_subject(key) if key else not _has_key(row) for key in keys)

    def _known(self) -> list[WaitRow]:
        run = self._run
        if run.wait_rows is None:
            run.wait_rows = list(run.session.uow.case_waits(run.row.case_id))
        return run.wait_rows
