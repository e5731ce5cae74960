"""docs/bulk.md keeps its word: each of its examples gives what it says."""

from contextlib import chdir
from pathlib import Path
from typing import Final

from tests.unit.docs import examples

DOCS: Final = Path(__file__).parents[3] / "docs"


def test_python_of_the_page_gives_what_it_says() -> None:
    with chdir(DOCS / "examples"):
        failed, tried = examples.check_python(DOCS / "bulk.md")
    assert (failed, tried > 10) == (0, True)
