"""Keys of audit logs: Ed25519 over `cryptography`, and the files that an embedded installation keeps them in."""

from comptroller.adapters.keys.directory import KeyDirectory, KeyFileError
from comptroller.adapters.keys.ed25519 import Ed25519Signer, Ed25519Verifier

__all__ = ["Ed25519Signer", "Ed25519Verifier", "KeyDirectory", "KeyFileError"]
