"""What the types of documents mean."""

from typing import Final

CREDIT_NOTE_TYPES: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""SOURCE: UNTDID 1001, the codes that EN 16931 reads as credit notes."""
