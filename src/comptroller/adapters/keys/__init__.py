"""Keys over `cryptography`, and the files of an embedded installation that hold them: of logs and of tenants' data."""

from comptroller.adapters.keys.data_keys import DataKeys, TenantCipher
from comptroller.adapters.keys.directory import KeyDirectory
from comptroller.adapters.keys.ed25519 import Ed25519Signer, Ed25519Verifier
from comptroller.adapters.keys.files import KeyFileError

__all__ = ["DataKeys", "Ed25519Signer", "Ed25519Verifier", "KeyDirectory", "KeyFileError", "TenantCipher"]
