"""Every document of the XRechnung test suite handed in over HTTP and taken to its end, on every database.

What is checked, and against what, says `tests.soak.xrechnung`; here its verdict counts, and that the run was worth it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.acceptance.company import Databases, Snapshot
from tests.soak.xrechnung.run import run

ROOT: Final = os.environ.get("CONFORMANCE_DATA", "")
KIT: Final = Path(ROOT) / "einvoice" / "xrechnung_testsuite"
BUDGET_S: Final = 300

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.conformance,
    pytest.mark.skipif(not ROOT, reason="CONFORMANCE_DATA names no directory"),
]


@pytest.fixture
def place(databases: Databases) -> Iterator[Snapshot]:
    snapshot = databases.empty()
    yield snapshot
    databases.drop(snapshot)


def test_every_document_comes_to_its_end_and_nothing_is_lost(databases: Databases, place: Snapshot) -> None:
    result = run(kit=KIT, budget=BUDGET_S, database_url=databases.settings(place).database_url, home=place.home)

    assert result["violations"] == []
    assert result["cases"] == result["files"] == len(list(KIT.rglob("*.xml"))) > 0
    assert result["outcomes"].keys() == {
        "posted: posted",
        "posted: posted with payment block",
        "rejected: invalid",
        "rejected: rejected",
        "cancelled: cancelled",
    }
    assert result["tasks_acted_on"].keys() == {"approve", "cancel", "reject", "resolve", "resubmit", "send back"}
