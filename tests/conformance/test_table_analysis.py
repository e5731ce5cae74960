"""Every DMN model of the kits is looked through for gaps and rules that meet: told or declared, nothing raised."""

import os
from pathlib import Path
from typing import Final

import pytest

from comptroller import dmn
from comptroller.domain.decisions.analysis import FindingKind, analyse
from comptroller.domain.feel import compile_unary_tests

DATA: Final = Path(os.environ.get("CONFORMANCE_DATA", "/nowhere"))
FILES: Final = sorted(
    path.relative_to(DATA).as_posix() for kit in ("camunda_dmn", "dmn-tck") for path in (DATA / kit).rglob("*.dmn")
)

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not FILES, reason="set CONFORMANCE_DATA to the directory that holds camunda_dmn and dmn-tck"),
]


@pytest.mark.parametrize("file", FILES)
def test_a_model_is_looked_through(file: str) -> None:
    model = dmn.load(DATA / file)
    for finding in analyse(model):
        table = next(table for table in model.tables if table.path == finding.table)
        assert all(1 <= rule <= len(table.source.rules) for rule in finding.rules)
        assert all(not compile_unary_tests(cell).faults for cell in finding.proposal)
        if finding.kind is FindingKind.NOT_ANALYSED:
            assert finding.message
