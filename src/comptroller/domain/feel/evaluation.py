"""One decision run: its clock, its budget and the diagnostics it gathers.

FEEL answers nearly everything that goes wrong with null. The reason would be lost, so each null of that sort leaves a
diagnostic here, once for each place and kind. The budget is shared by all expressions of the run: whatever builds or
walks a list or a long text pays for it, and a run that cannot pay is stopped. `stopped` then stays set, so that a
caller can tell a value of null from a run that was cut off.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Final, TypeVar

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Severity

CALLS_MAX: Final = limits.FEEL_DEPTH_MAX
"""Calls of functions, written in FEEL, that may be under way inside one another."""

TEXT_CHARACTERS_MAX: Final = limits.FEEL_ITERATIONS_MAX
"""Characters of one string that an expression may build."""

CHARACTERS_PER_STEP: Final = 64
"""Characters of a string that are read or written for the price of one iteration."""

DIAGNOSTICS_MAX: Final = 200
"""Different diagnostics kept of one run: a reader needs the first ones."""


_WEIGHTLESS: Final = frozenset({Decimal, str, bool, NoneType, date})
"""Classes of what holds nothing more: most entries are of one, and need not be asked."""

_LESS: Final = "make its lists smaller, or its nesting"


T = TypeVar("T")


class Stopped(Exception):
    """Leaves an evaluation that has reached a limit; caught where the evaluation began."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Undefined(Exception):
    """Leaves a built-in function whose result the standard defines as null; caught at its call."""

    def __init__(self, message: str, code: str = "FEEL-VALUE-01") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def one_line(message: str) -> str:
    """Keep a message that quotes an author's text to one line of characters that can be seen."""
    if message.isprintable():
        return message
    return "".join(character if character.isprintable() else " " for character in message)


class Evaluation:
    """One decision run. Make a new one for each decision that is asked for; it is not shared between threads."""

    __slots__ = ("_seen", "calls", "faults", "now", "place", "remaining", "stopped", "watches", "where")

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now
        self.faults: list[Fault] = []
        self.remaining = limits.FEEL_ITERATIONS_MAX
        self.calls = 0
        self.place = 0
        """Where in the text the loop or call stands that was begun last: it is the one that pays."""
        self.stopped = False
        self.watches = False  # whether there are numbers and days that watch what becomes of them
        self.where = ""  # where the expression stands that is being evaluated; its caller sets it
        self._seen: set[tuple[str, str, str]] = set()

    def note(self, code: str, at: int, message: str) -> None:
        """Record why a value became null; paid for, since a loop may note the same in each of its rounds."""
        self.charge(1)
        path = self.path(at)
        key = (code, path, message)
        if key in self._seen or len(self._seen) >= DIAGNOSTICS_MAX:
            return
        self._seen.add(key)
        self.faults.append(Fault(code, path, one_line(message), Severity.WARNING, by="feel"))

    def unnoted(self, ask: Callable[[], T]) -> T:
        """Ask what nobody asked for, and forget what it notes: there is no value that became null by it."""
        known, seen = len(self.faults), set(self._seen)
        found = ask()
        del self.faults[known:]
        self._seen = seen
        return found

    def path(self, at: int) -> str:
        """Tell where an offset of the text stands."""
        return f"{self.where}, offset {at}" if self.where else f"offset {at}"

    def charge(self, steps: int) -> None:
        """Pay for work before doing it."""
        self.remaining -= steps
        if self.remaining < 0:
            raise Stopped("FEEL-LIMIT-03", f"the decision takes more than {limits.FEEL_ITERATIONS_MAX} iterations")

    def weigh(self, value: object) -> None:
        """Pay for a walk through everything that a value holds."""
        if isinstance(value, dict):
            items: Iterable[object] = value.values()
        elif isinstance(value, list):
            items = value
        else:
            return
        self.charge(len(value))
        for item in items:
            if item.__class__ not in _WEIGHTLESS:
                self.weigh(item)

    def stop(self, stopped: Stopped, path: str = "") -> None:
        """Record that a limit ended the run, and where; once, though every expression around it ends as well."""
        self.stopped = True
        self.remaining = min(self.remaining, 0)
        if all(fault.code != stopped.code for fault in self.faults):
            self.faults.append(Fault(stopped.code, path, stopped.message, by="feel", help=_LESS))
