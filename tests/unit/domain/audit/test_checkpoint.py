from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.audit.checkpoint import SIZE_MAX, Checkpoint
from comptroller.domain.audit.merkle import EMPTY_ROOT
from comptroller.domain.audit.note import NoteError

ROOT = bytes(range(32))
ROOT_TEXT = b64encode(ROOT).decode()
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1)


def test_checkpoint_has_three_lines() -> None:
    text = f"log.example/brennhof\n7\n{ROOT_TEXT}\n"
    assert Checkpoint("log.example/brennhof", 7, ROOT).text == text
    assert Checkpoint.parse(text) == Checkpoint("log.example/brennhof", 7, ROOT)


@given(LINES, st.integers(1, SIZE_MAX), st.binary(min_size=32, max_size=32), st.lists(LINES, max_size=3))
def test_any_checkpoint_reads_back(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    assert Checkpoint.parse(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(f"log\n7\n{ROOT_TEXT}", id="no newline at the end"),
        pytest.param("log\n7\n", id="no root"),
        pytest.param(f"\n7\n{ROOT_TEXT}\n", id="no origin"),
        pytest.param(f"log\n07\n{ROOT_TEXT}\n", id="leading zero"),
        pytest.param(f"log\n-7\n{ROOT_TEXT}\n", id="negative"),
        pytest.param(f"log\n+7\n{ROOT_TEXT}\n", id="plus"),
        pytest.param(f"log\n7.0\n{ROOT_TEXT}\n", id="point"),
        pytest.param(f"log\n\u0667\n{ROOT_TEXT}\n", id="digit of another script"),
        pytest.param(f"log\n{2**63}\n{ROOT_TEXT}\n", id="too large"),
        pytest.param(f"log\n{'9' * 5000}\n{ROOT_TEXT}\n", id="far too large"),
        pytest.param(f"log\n7\n{ROOT_TEXT[:-1]}\n", id="root without padding"),
        pytest.param(f"log\n7\n{b64encode(ROOT[1:]).decode()}\n", id="short root"),
        pytest.param(f"log\n7\n{ROOT_TEXT}\n\n", id="empty extension"),
        pytest.param(f"log\n0\n{ROOT_TEXT}\n", id="empty tree with a root"),
    ],
)
def test_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_empty_tree_has_the_empty_root() -> None:
    assert Checkpoint.parse(Checkpoint("log", 0, EMPTY_ROOT).text).size == 0


@pytest.mark.parametrize(
    "members",
    [("", 7, ROOT), ("two\nlines", 7, ROOT), ("log", -1, ROOT), ("log", 7, b""), ("log", 7, ROOT, ("",))],
    ids=["no origin", "origin of two lines", "negative size", "no root", "empty extension"],
)
def test_checkpoint_that_could_not_be_read_is_not_made(members: tuple[Any, ...]) -> None:
    with pytest.raises(NoteError):
        Checkpoint(*members)
