"""Policy packs: a company's policy as data, versioned by content."""

from comptroller.domain.packs.manifest import Pack, content_hash, read_pack

__all__ = ["Pack", "content_hash", "read_pack"]
