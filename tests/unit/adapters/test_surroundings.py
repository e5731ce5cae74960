"""The machine's clock has one reader, so that whoever sets another one sets it for everything."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import comptroller

SOURCES: Final = Path(comptroller.__file__).parent
READS: Final = frozenset(
    {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time", "time.time_ns"}
)
READERS: Final = frozenset({"adapters/surroundings.py"})
WITHOUT_A_PLATFORM: Final = "entrypoints/cli/"
"""Commands that compute on files alone take the instant of whoever runs them."""


def readers() -> Iterator[str]:
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in READS:
                yield path.relative_to(SOURCES).as_posix()


def test_one_place_reads_the_clock_of_the_machine() -> None:
    found = {place for place in readers() if not place.startswith(WITHOUT_A_PLATFORM)}
    assert found == READERS
