"""Evidence that nobody can change unseen: entries, the Merkle tree over them, and signed checkpoints of that tree.

The one idea: every entry is a byte string that names its predecessor in its stream, every tree root commits to all
entries before it, and a signature on a root is enough to find any later change. The log proves integrity, not that
what was put in was true.
"""

from comptroller.domain.audit.commitment import commit, opens
from comptroller.domain.audit.entry import (
    NO_PREVIOUS,
    Actor,
    Content,
    Entry,
    EntryTooLarge,
    build_entry,
    encode_data,
    read_entry,
)

__all__ = [
    "NO_PREVIOUS",
    "Actor",
    "Content",
    "Entry",
    "EntryTooLarge",
    "build_entry",
    "commit",
    "encode_data",
    "opens",
    "read_entry",
]
