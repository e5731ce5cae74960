"""Key files: written once and for all, readable by their owner alone.

A key is written whole under another name and then linked to its own, which fails when another process was faster; that
one's key is then read. So no process ever reads half a key, and none replaces one that is in use.
"""

import os
from contextlib import suppress
from pathlib import Path


class KeyFileError(RuntimeError):
    """A key file is missing, is not what this installation writes, or others may read it."""


def write_once(path: Path, line: str) -> None:
    """Write a key file where there is none; one that is there stays."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}-{os.urandom(8).hex()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    _sync_directory(path.parent)


def read_line(path: Path) -> str:
    """Read a key file's one line; refuse a file that others than its owner may read."""
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"`{path}` can be read by others than its owner: `chmod 600` it, and think of a new key")
    return path.read_text("utf-8").removesuffix("\n")


def _sync_directory(directory: Path) -> None:
    """Make a new name in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
