"""The OMG's DMN Technology Compatibility Kit: every test case that is listed as passing must pass.

The list `dmn_tck_passing.txt` may only grow: a case that passes and is not listed fails here until it is entered. Run
this file as a program to print the list as it should be. What counts as a pass, `comptroller.dmn.tck` says.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from comptroller.dmn import tck

PASSING: Final = Path(__file__).with_name("dmn_tck_passing.txt")
NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def results() -> Iterator[tck.CaseResult]:
    """What came of every test case of the kit; none when the kit is not there."""
    data = os.environ.get("CONFORMANCE_DATA")
    if data:
        for directory in tck.run(Path(data) / "dmn-tck", NOW):
            yield from directory.cases


def name_of(case: tck.CaseResult) -> str:
    return f"{case.directory.parent.name}/{case.file.stem}/{case.id}"


def _listed() -> frozenset[str]:
    return frozenset(PASSING.read_text(encoding="utf-8").splitlines())


CASES: Final = tuple(results())

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CASES, reason="set CONFORMANCE_DATA to the directory that holds dmn-tck"),
]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case(case: tck.CaseResult) -> None:
    complaints = [node.complaint for node in case.nodes if node.complaint]
    if name_of(case) in _listed():
        assert complaints == []
    elif complaints:
        pytest.xfail("not yet listed as passing: " + "; ".join(complaints))
    else:
        pytest.fail(f"passes and is not listed: enter `{name_of(case)}` in {PASSING.name}")


def test_every_listed_case_is_in_the_kit() -> None:
    assert _listed() - {name_of(case) for case in CASES} == frozenset()


if __name__ == "__main__":
    for passing in CASES:
        if passing.passed:
            sys.stdout.write(name_of(passing) + "\n")
