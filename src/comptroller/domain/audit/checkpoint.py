"""Checkpoints (C2SP tlog-checkpoint): what a log commits to, as the text of a signed note.

Three lines: the log's origin, the size of its tree, the tree's root in base64. A log never signs two checkpoints of
which one does not extend the other.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from comptroller.domain.audit.merkle import EMPTY_ROOT, HASH_BYTES
from comptroller.domain.audit.note import NoteError, strict_base64

SIZE_MAX: Final = 2**63 - 1
_SIZE: Final = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log; `extensions` are further lines, which this log never writes but may read."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(not line or "\n" in line for line in (self.origin, *self.extensions)):
            raise NoteError("a checkpoint's lines are not empty")
        if not 0 <= self.size <= SIZE_MAX or len(self.root) != HASH_BYTES:
            raise NoteError(f"no tree has the size {self.size} and a root of {len(self.root)} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteError("the root of an empty tree is the hash of nothing")

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, b64encode(self.root).decode(), *self.extensions)
        )

    @staticmethod
    def parse(text: str) -> "Checkpoint":
        """Read the text of a note; one that is no checkpoint is a `NoteError`."""
        if not text.endswith("\n"):
            raise NoteError("a checkpoint ends in a newline")
        origin, *rest = text[:-1].split("\n")
        if len(rest) < 2:
            raise NoteError("a checkpoint has an origin, a size and a root")
        size, root, *extensions = rest
        if _SIZE.fullmatch(size) is None:
            raise NoteError(f"`{size}` is no tree size")
        return Checkpoint(origin, int(size), strict_base64(root), tuple(extensions))
