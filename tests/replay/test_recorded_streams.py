"""Every recorded case goes the way it went: the same events and the same state, to the byte, after every command."""

from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from tests.acceptance.company import ROOT
from tests.replay import streams
from tests.replay.streams import TakeOver, read, step_of

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.workflow import Advance, Command, Event, Library, Process, State, advance
from comptroller.domain.workflow.migration import migrate, replay

RECORDED = sorted(streams.STREAMS.glob("*.jsonl"))
PROCESSES = sorted((ROOT / "packs").glob("*/processes/*.bpmn"))


@cache
def process_of(process_hash: str) -> Process:
    """The recorded process version."""
    content = (streams.PROCESSES / f"{process_hash}.bpmn").read_bytes()
    assert streams.hash_of(content) == process_hash
    definition, faults = read_bpmn(content, released=True)
    assert definition is not None, faults
    return definition


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_case_goes_the_way_it_went(path: Path) -> None:
    stream = read(path)
    library = Library({each.id: each for each in map(process_of, stream.calls)})
    definition, state, versions = process_of(stream.process), None, {}
    happened: list[Event] = []
    for step in stream.steps:
        if isinstance(step.command, TakeOver):
            assert state is not None
            old, definition = definition, process_of(step.command.process)
            advanced = migrate(old, definition, step.command.nodes, state, step.now, library=library)
        else:
            advanced = advance(definition, state, step.command, step.now, library=library)
        assert isinstance(advanced, Advance), advanced
        assert step_of(step.now, step.command, advanced) == step
        versions[definition.hash] = definition
        happened += advanced.events
        assert replay(happened, versions) == advanced.state
        stored = decode(step.state)
        assert isinstance(stored, dict)
        state = State.from_json(stored)
        assert state == advanced.state


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_the_version_that_the_pack_has_now_has_recorded_cases(path: Path) -> None:
    process_hash = streams.hash_of(path.read_bytes())
    assert any(read(recorded).process == process_hash for recorded in RECORDED), (
        f"`{path.name}` has changed: record it with `python -m tests.replay.record`"
    )


def test_every_kind_of_event_and_command_is_in_a_recorded_case() -> None:
    steps = [step for path in RECORDED for step in read(path).steps]
    told = {name for step in steps for name, *_ in streams.told(step)}
    assert {kind.__name__ for kind in get_args(Event)} - told == set(), "play it in `tests/replay/elements.py`"
    assert {*get_args(Command)} - {type(step.command) for step in steps} == set()
