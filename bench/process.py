"""One approval process beside SpiffWorkflow: the same BPMN and DMN files, the same two durable cycles a case.

python -m bench.process [--json] [--cases 400] [--rounds 7]

A case starts, takes a decision, passes a gateway and asks a person: its state is saved. It is restored, the person
approves, a script runs, the case ends and is saved again. What is told is the processor's time, since the machine is
shared: of the engine with its state to text and back, then with two commits to SQLite (synchronous FULL) as well, which
cost everybody the same. Engines take turns, and all of them must come to the same variables.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Final, Protocol

from bench.process_peers import Spiff
from bench.report import Figure, report
from comptroller import dmn
from comptroller.adapters.bpmn_xml import read
from comptroller.domain.kernel.plain_json import decode, encode
from comptroller.domain.workflow import (
    Advance,
    Command,
    CompleteJob,
    CompleteTask,
    Start,
    State,
    Status,
    advance,
    events,
)

HERE: Final = Path(__file__).parent
BPMN, DMN, PROCESS = HERE / "approval.bpmn", HERE / "approval.dmn", "approval"
NOW: Final = datetime(2026, 3, 27, 8, tzinfo=UTC)
APPROVED: Final = {"approved": True}
OURS: Final = "comptroller"


class Engine(Protocol):
    """What takes a case to a person and from there to its end, by a state that is text."""

    def begin(self, variables: dict[str, Any]) -> str: ...

    def finish(self, state: str, outputs: dict[str, Any]) -> tuple[str, Any]: ...


class Comptroller:
    """The token machine; decisions are asked for by events, and answered by the same file's model."""

    def __init__(self, bpmn: Path, decisions: Path) -> None:
        definition, faults = read(bpmn.read_bytes())
        if definition is None:
            raise SystemExit(f"{bpmn.name}: {faults}")
        self._process, self._model = definition, dmn.load(decisions)

    def begin(self, variables: dict[str, Any]) -> str:
        """Start a case and go on until a person is asked; answers the state."""
        exact = {name: Decimal(value) if isinstance(value, int) else value for name, value in variables.items()}
        advanced = self._advance(None, Start(exact))
        asked = advanced.events[-1]
        assert isinstance(asked, events.DecisionRequested)
        outcome = self._model.decide(asked.decision, advanced.state.variables, NOW)
        return _text(self._advance(advanced.state, CompleteJob(asked.token, {"level": outcome.value})).state)

    def finish(self, state: str, outputs: dict[str, Any]) -> tuple[str, Any]:
        """Complete the person's task; answers the state at the end, and the variables."""
        stored: Any = decode(state)
        waiting = State.from_json(stored)
        (token,) = waiting.tokens
        ended = self._advance(waiting, CompleteTask(token, 1, outputs)).state
        if ended.status is not Status.ENDED:
            raise SystemExit("the case has not ended")
        return _text(ended), ended.variables

    def _advance(self, state: State | None, command: Command) -> Advance:
        advanced = advance(self._process, state, command, NOW)
        assert isinstance(advanced, Advance), advanced
        return advanced


def _text(state: State) -> str:
    return encode(state.to_json()).decode()


def documents(count: int) -> list[dict[str, Any]]:
    """So many documents, all of which somebody must approve."""
    known = {"supplier": "S01", "entity": "DE", "requester": "ines.moll"}
    return [
        {**known, "number": f"R-2026-{number:05}", "net": 1000 + number * 7 % 90_000, "tax": 19 * (number % 50)}
        for number in range(count)
    ]


class Cycles:
    """Takes cases through their two cycles; with a database each cycle ends in a commit and begins with a look-up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def spent(self, cases: Sequence[dict[str, Any]]) -> float:
        """Microseconds of the processor a case takes, nothing stored."""
        begun = time.process_time()
        for case in cases:
            self._engine.finish(self._engine.begin(case), APPROVED)
        return (time.process_time() - begun) / len(cases) * 1e6

    def spent_durably(self, cases: Sequence[dict[str, Any]], path: Path) -> float:
        """The same with two commits a case."""
        store = sqlite3.connect(path, isolation_level=None)
        store.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE state (id, text)")
        store.execute("CREATE UNIQUE INDEX state_id ON state (id)")
        begun = time.process_time()
        for number, case in enumerate(cases):
            store.execute("INSERT INTO state VALUES (?, ?)", (number, self._engine.begin(case)))
            (state,) = store.execute("SELECT text FROM state WHERE id = ?", (number,)).fetchone()
            ended, _ = self._engine.finish(state, APPROVED)
            store.execute("UPDATE state SET text = ? WHERE id = ?", (ended, number))
        spent = time.process_time() - begun
        store.close()
        return spent / len(cases) * 1e6

    def states(self, cases: Sequence[dict[str, Any]]) -> tuple[float, list[Any]]:
        """Mean bytes of a waiting state, and the variables at the end."""
        waiting = [self._engine.begin(case) for case in cases]
        ends = [self._engine.finish(state, APPROVED)[1] for state in waiting]
        return sum(len(state.encode()) for state in waiting) / len(cases), ends


def figures(cases: Sequence[dict[str, Any]], rounds: int) -> Iterator[Figure]:
    """Time and bytes of a case, beside each peer."""
    engines: Mapping[str, Engine] = {
        OURS: Comptroller(BPMN, DMN),
        "spiff": Spiff(BPMN, DMN, PROCESS, apart=False),
        "spiff, its model kept apart": Spiff(BPMN, DMN, PROCESS, apart=True),
    }
    cycles = {name: Cycles(engine) for name, engine in engines.items()}
    sizes = {}
    for name, each in cycles.items():
        sizes[name], ends = each.states(cases)
        if name == OURS:
            expected = ends
        elif any(dict(end) != dict(ours) for end, ours in zip(ends, expected, strict=True)):
            raise SystemExit(f"{name} comes to other variables")
    spent: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name, each in cycles.items():
            spent.setdefault(("cpu", name), []).append(each.spent(cases))
            with tempfile.TemporaryDirectory() as folder:
                durably = each.spent_durably(cases, Path(folder) / "process.sqlite3")
            spent.setdefault(("cpu and two commits", name), []).append(durably)
    for peer in list(cycles)[1:]:
        for kind in ("cpu", "cpu and two commits"):
            yield _less(f"{kind}/{peer}", median(spent[kind, OURS]), median(spent[kind, peer]), "µs/case")
        yield _less(f"waiting state/{peer}", sizes[OURS], sizes[peer], "bytes")


def _less(what: str, ours: float, theirs: float, unit: str) -> Figure:
    return Figure(f"process/approval/{what}", round(ours, 1), unit, round(theirs, 1), round(theirs / ours, 1))


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="an approval process beside SpiffWorkflow")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    report(list(figures(documents(options.cases), options.rounds)), as_json=options.json)


if __name__ == "__main__":
    main()
