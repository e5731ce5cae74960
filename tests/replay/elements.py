"""Records streams of what no process of the pack does: small processes, played so that every kind of event occurs.

    python -m tests.replay.elements

A play that has a stream for its process version already is left as it is. What is drawn anew is another version.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.replay import streams
from tests.replay.streams import Step, Stream, TakeOver, step_of

from comptroller.adapters.bpmn_xml import read
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.workflow import (
    Advance,
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    FailJob,
    FireTimer,
    Library,
    Process,
    Start,
    State,
    Status,
    advance,
)
from comptroller.domain.workflow.commands import Correct, MoveBack, Resume, Retry, Skip, Suspend
from comptroller.domain.workflow.migration import migrate

SOURCES: Final = streams.HERE / "elements"
BEGIN: Final = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


class Case:
    """A case that is played, an hour between two steps."""

    def __init__(self, name: str, *called: str) -> None:
        self.definition = _process(name)
        self.library = Library({each.id: each for each in map(_process, called)})
        self.steps: list[Step] = []
        self.state: State | None = None
        self.now = BEGIN

    def say(self, command: Command) -> None:
        """Give a command that must be taken."""
        self._take(command, advance(self.definition, self.state, command, self.now, library=self.library))

    def take_over(self, name: str, nodes: Mapping[str, str]) -> None:
        """Go on by another version."""
        assert self.state is not None
        new = _process(name)
        taken = migrate(self.definition, new, nodes, self.state, self.now, library=self.library)
        self._take(TakeOver(new.hash, nodes), taken)
        self.definition = new

    def at(self, node: str, number: int = 0) -> str:
        """The token at a node: the first, or another."""
        assert self.state is not None
        return [key for key, at in self.state.tokens.items() if at.node == node][number]

    def finish(self, node: str, instance: int = 1, **outputs: Value) -> None:
        """Have the task at a node done."""
        self.say(CompleteTask(self.at(node), instance, outputs))

    def answer(self, node: str, number: int = 0, **outputs: Value) -> None:
        """Have the service at a node answer."""
        self.say(CompleteJob(self.at(node, number), outputs))

    def _take(self, command: Command | TakeOver, done: Advance | Rejection) -> None:
        assert isinstance(done, Advance), done
        self.steps.append(step_of(self.now, command, done))
        self.state = done.state
        self.now += timedelta(hours=1)


def _process(name: str) -> Process:
    definition, faults = read((SOURCES / f"{name}.bpmn").read_bytes())
    assert definition is not None, faults
    return definition


def given_up(case: Case) -> None:
    """A transaction is cancelled: what was done in it is undone."""
    case.say(Start())
    case.answer("book", seat="12A")
    case.finish("ask", said="no")
    case.answer("unbook")


def undone(case: Case) -> None:
    """What a transaction has done is undone after it, with its variables of then."""
    case.say(Start())
    case.answer("book", seat="12A")
    case.finish("ask", said="yes")
    case.finish("go")
    case.answer("unbook")


def told(case: Case) -> None:
    """Everybody is told by something else."""
    case.say(Start({"order": "4711"}))
    case.say(FireTimer(case.at("work"), "hourly"))
    case.say(DeliverSignal("horn"))
    case.answer("do")
    case.say(DeliverMessage(case.at("hear"), "told", {"x": "stop"}, "4711"))


def refused(case: Case) -> None:
    """A service fails, a condition is met at a gateway, a task is done."""
    case.say(Start({"order": "4711"}))
    case.say(FailJob(case.at("do"), "refused"))
    case.say(DeliverMessage(case.at("hear"), "told", {"x": "go"}, "4711"))
    case.finish("ask")


def repaired(case: Case) -> None:
    """Conditions err, are corrected and tried again; a service is left out, and the case is laid aside."""
    case.say(Start({"order": "4711", "x": {"no": "text"}}))
    case.say(Suspend("what was sent is wrong"))
    case.say(Correct({"x": "wait"}))
    case.say(Resume())
    case.say(Retry(case.at("first")))
    case.say(Retry(case.at("ask")))
    case.say(Skip(case.at("do")))
    case.say(Cancel("nobody wants it any more"))


def withdrawn(case: Case) -> None:
    """A service is asked, and the case laid aside before it has answered."""
    case.say(Start({"order": "4711"}))
    case.say(Cancel("nobody wants it any more"))


def many(case: Case) -> None:
    """Instances at once, then in turn; an operator has them looked at anew."""
    case.say(Start({"items": ["a", "b"]}))
    case.answer("weigh", 2, weight=2)
    case.answer("weigh", 1, weight=1)
    case.finish("look")
    case.say(MoveBack(case.at("look"), "weigh", ("post",)))
    case.answer("weigh", 1, weight=1)
    case.answer("weigh", 1, weight=2)
    case.finish("look", 1)
    case.finish("look", 2)


def taken_over(case: Case) -> None:
    """Another process answers; then the case goes on by a later version."""
    case.say(Start())
    case.finish("think", answer="nine")
    case.take_over("calling-later", {"check": "look", "check-late": "look-late"})
    case.say(DeliverMessage(case.at("look"), "told", {}))


PLAYS: Final[tuple[tuple[Callable[[Case], None], tuple[str, ...]], ...]] = (
    (given_up, ("undoing",)),
    (undone, ("undoing",)),
    (told, ("events",)),
    (refused, ("events",)),
    (repaired, ("events",)),
    (withdrawn, ("events",)),
    (many, ("instances",)),
    (taken_over, ("calling", "called")),
)
"""Each play with its process and those that it calls."""


def played(play: Callable[[Case], None], names: tuple[str, ...]) -> tuple[str, Stream]:
    """A play from its beginning to its end, and the name of its stream."""
    case = Case(*names)
    stream_name = f"{names[0]}-{case.definition.hash[:8]}-{play.__name__.replace('_', '-')}"
    calls = tuple(each.hash for each in case.library.release.values())
    play(case)
    assert case.state is not None
    assert case.state.status in {Status.ENDED, Status.CANCELLED}, case.state
    return stream_name, Stream(hash_of(names[0]), calls, tuple(case.steps))


def hash_of(name: str) -> str:
    """The hash of a process drawn for the plays."""
    return streams.hash_of((SOURCES / f"{name}.bpmn").read_bytes())


def main() -> None:
    """Write the streams that there are not yet."""
    for source in SOURCES.glob("*.bpmn"):
        streams.keep(source.read_bytes())
    for play, names in PLAYS:
        name, stream = played(play, names)
        if not (streams.STREAMS / f"{name}.jsonl").exists():
            streams.write(name, stream)


if __name__ == "__main__":
    main()
