"""Every recorded case goes the way it went: the same events and the same state, to the byte, after every command."""

from pathlib import Path

import pytest
from tests.acceptance.company import ROOT
from tests.replay import streams
from tests.replay.streams import read, step_of

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.workflow import Advance, Process, State, advance, apply

RECORDED = sorted(streams.STREAMS.glob("*.jsonl"))
PROCESSES = sorted((ROOT / "packs").glob("*/processes/*.bpmn"))


def process_of(process_hash: str) -> Process:
    """The recorded process version."""
    content = (streams.PROCESSES / f"{process_hash}.bpmn").read_bytes()
    assert streams.hash_of(content) == process_hash
    definition, faults = read_bpmn(content)
    assert definition is not None, faults
    return definition


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_case_goes_the_way_it_went(path: Path) -> None:
    process_hash, steps = read(path)
    definition, state = process_of(process_hash), None
    for step in steps:
        advanced = advance(definition, state, step.command, step.now)
        assert isinstance(advanced, Advance), advanced
        assert step_of(step.now, step.command, advanced) == step
        replayed = state
        for event in advanced.events:
            replayed = apply(definition, replayed, event)
        assert replayed == advanced.state
        stored = decode(step.state)
        assert isinstance(stored, dict)
        state = State.from_json(stored)
        assert state == advanced.state


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_the_version_that_the_pack_has_now_has_recorded_cases(path: Path) -> None:
    process_hash = streams.hash_of(path.read_bytes())
    assert any(read(recorded)[0] == process_hash for recorded in RECORDED), (
        f"`{path.name}` has changed: record it with `python -m tests.replay.record`"
    )
