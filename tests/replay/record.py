"""Records streams from the demonstration's cases: plays it with a ledger outside and runs acceptance tests, listening.

    python -m tests.replay.record

What no process of the pack does is recorded by `tests.replay.elements`.
Of all that was heard it keeps, for each process, the few cases that together take every way that any took. A process
version that has streams already is left as it is.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from tests.acceptance.company import ROOT, TENANT, Databases
from tests.replay import streams
from tests.replay.streams import Step, step_of

from comptroller.application.casework.run import CaseRun
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.founding import IMPORTER
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.reference import PutReference
from comptroller.application.work import work_until_idle
from comptroller.bootstrap import Platform, pack_files
from comptroller.domain import workflow
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.workflow import Advance, Command, Process, State
from comptroller.entrypoints.cli.demo import Demonstration

PACK: Final = ROOT / "packs" / "accounts-payable"

TESTS: Final = [
    f"tests/acceptance/test_{name}.py"
    for name in (
        "storyline",
        "supplier_master",
        "purchasing",
        "payments",
        "acts",
        "escalation",
        "keying",
        "undo",
        "money",
        "quorum",
        "sending_back",
        "policy_release",
    )
]


class Ledger:
    """A ledger outside that takes whatever it is sent."""

    @staticmethod
    def deliver(payload: bytes, *, idempotency_key: str) -> Delivered:  # noqa: ARG004 - the port's form
        return Delivered(accepted=True, retry=False, status=200, detail="")


@dataclass
class Recorder:
    """Hears every advance. A case goes on from one of its states, so what was heard is a tree of steps."""

    heard: dict[str, dict[tuple[str, bytes], tuple[Step, ...]]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, str] = field(default_factory=dict)  # by hash
    _cases: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Stand between the cases and the machine from now on."""
        command_of, advance = CaseRun._command, workflow.advance

        def commanded(run: CaseRun, command: Command) -> Rejection | None:
            self._cases.append(run.row.case_id)
            try:
                return command_of(run, command)
            finally:
                self._cases.pop()

        def advanced(
            definition: Process, state: State | None, command: Command, now: datetime, **more: Any
        ) -> Advance | Rejection:
            done = advance(definition, state, command, now, **more)
            if isinstance(done, Advance):
                self._hear(definition, state, step_of(now, command, done))
            return done

        CaseRun._command = commanded  # type: ignore[method-assign,assignment] # a recorder listens where it can
        workflow.advance = advanced

    def _hear(self, definition: Process, state: State | None, step: Step) -> None:
        self.names[definition.hash] = definition.id
        heard, case = self.heard[definition.hash], self._cases[-1]
        before = heard.get((case, encode(state.to_json()))) if state is not None else ()
        if before is not None:
            heard[case, step.state] = (*before, step)

    def chosen(self, process_hash: str) -> Iterator[tuple[Step, ...]]:
        """The fewest and shortest cases, nearly, that together show whatever any case showed."""
        found = sorted(self.heard[process_hash].values(), key=lambda steps: (len(steps), steps[-1].state))
        shown: set[str] = set()
        while True:
            best = max(found, key=lambda steps: len(_shows(steps) - shown), default=())
            if not _shows(best) - shown:
                return
            shown |= _shows(best)
            yield best


def _shows(steps: tuple[Step, ...]) -> frozenset[str]:
    """The ways of a case: nodes and flows by what happened there, and commands."""
    ways = set()
    for step in steps:
        ways.add(type(step.command).__name__)
        for told in streams.told(step):
            name, _token, *rest = told
            ways.add(f"{name} {' '.join(rest[:2])}")
    return frozenset(ways)


def deliver_outside(folder: Path) -> None:
    """The demonstration with a ledger outside; then the period opens that one document waits for."""
    databases = Databases("sqlite", folder)
    with chdir(ROOT), databases.platform(databases.empty()) as built:
        environment = replace(built.environment, connectors={"ledger": Ledger()})
        platform = Platform(built.settings, environment, Dispatcher(environment, USE_CASES))
        demonstration = Demonstration(platform, quiet=True)
        demonstration.found()
        demonstration.hand_in()
        opened = PutReference("period", "DE/2026-04", {"state": "open"})
        platform.dispatcher.execute(TENANT, Request(IMPORTER, opened))
        work_until_idle(platform.dispatcher, "recorder")


def main() -> int:
    """Run the tests and write the streams."""
    recorder = Recorder()
    recorder.listen()
    with TemporaryDirectory() as folder:
        deliver_outside(Path(folder))
    failed = pytest.main(["-q", "-n", "0", "-p", "no:randomly", "-W", "ignore", "-k", "sqlite", *TESTS])
    sources = {streams.hash_of(content): content for content in pack_files(PACK).values()}
    for process_hash, name in recorder.names.items():
        is_kept = (streams.PROCESSES / f"{process_hash}.bpmn").exists()
        if is_kept or process_hash not in sources:  # a test's own version is none of the pack
            continue
        streams.keep(sources[process_hash])
        for number, steps in enumerate(recorder.chosen(process_hash), start=1):
            streams.write(f"{name}-{process_hash[:8]}-{number:02}", streams.Stream(process_hash, (), steps))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
