"""Salted commitments: the log holds a fingerprint of a person's words, the words themselves may be erased.

HMAC-SHA256 with the salt as its key. Without the salt the fingerprint says nothing, not even about a guessed text;
with salt and text anybody recomputes it. Erasing text and salt leaves the log whole.
"""

import hmac
import re
from typing import Final

SALT_DIGITS: Final = 64
"""One length only: HMAC pads its key, so salts of different lengths could open one commitment twice."""

_SALT: Final = re.compile(f"[0-9a-f]{{{SALT_DIGITS}}}")


def commit(salt: str, text: str) -> str:
    """Commit to a text under a fresh random salt of 32 bytes, written as 64 lower-case hexadecimal digits.

    >>> commit("00" * 32, "")
    'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'
    """
    if _SALT.fullmatch(salt) is None:
        raise ValueError(f"a commitment's salt is {SALT_DIGITS} hexadecimal digits")
    return hmac.digest(bytes.fromhex(salt), text.encode(), "sha256").hex()


def opens(commitment: str, *, salt: str, text: str) -> bool:
    """Tell whether salt and text are what a commitment was made from."""
    return _SALT.fullmatch(salt) is not None and hmac.compare_digest(commit(salt, text).encode(), commitment.encode())
