"""The keys under which each tenant's bank details and documents lie in the database (INVARIANT 11).

One secret a tenant, in a file beside its signing key; from it HKDF derives a key that seals and a key that names. What
is sealed is bound to its place, so that a sealed value copied into another row, column or tenant does not open. A name
stands for a value where the database must find it without knowing it: the same value has the same name, and only
who holds the key can tell which. A tenant's secret is made when the tenant is, and never again: without it nothing of
that tenant can be read, which is also how a tenant is forgotten.

The form of a sealed value: `1` (one byte), the key's id (4), a nonce (12), AES-256-GCM-SIV ciphertext with its tag.

SOURCE: RFC 8452 (AES-GCM-SIV), RFC 5869 (HKDF).
"""

import hmac
import os
import re
from base64 import b32encode, b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comptroller.adapters.keys.files import KeyFileError, read_line, write_once
from comptroller.application.ports.store import SealBroken
from comptroller.domain.kernel.ids import TenantId

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 12
KEY_ID_BYTES: Final = 4
NAME_BYTES: Final = 20
FORM: Final = b"1"
_HEAD_BYTES: Final = len(FORM) + KEY_ID_BYTES
_LINE: Final = re.compile(r"DATA\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)")


@dataclass(frozen=True, slots=True)
class TenantCipher:
    """Seals, opens and names values of one tenant."""

    key_id: bytes
    _aead: AESGCMSIV = field(repr=False, compare=False)
    _naming: bytes = field(repr=False, compare=False)

    @classmethod
    def from_secret(cls, secret: bytes) -> "TenantCipher":
        """Derive the keys from a tenant's 32 secret bytes."""
        sealing, naming = _derive(secret, b"comptroller sealing"), _derive(secret, b"comptroller naming")
        return cls(sha256(b"comptroller key id" + secret).digest()[:KEY_ID_BYTES], AESGCMSIV(sealing), naming)

    def seal(self, value: bytes, place: bytes) -> bytes:
        """Seal a value for one place; twice the same value gives two different results."""
        nonce = os.urandom(NONCE_BYTES)
        return b"".join((FORM, self.key_id, nonce, self._aead.encrypt(nonce, value, place)))

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Open a value that was sealed for this place; raises `SealBroken` for anything else."""
        if sealed[: len(FORM)] != FORM or len(sealed) < _HEAD_BYTES + NONCE_BYTES:
            raise SealBroken("the value is not sealed")
        key_id = sealed[len(FORM) : _HEAD_BYTES]
        if key_id != self.key_id:
            raise SealBroken(f"the value is sealed under key {key_id.hex()}; the tenant's key is {self.key_id.hex()}")
        nonce, ciphertext = sealed[_HEAD_BYTES : _HEAD_BYTES + NONCE_BYTES], sealed[_HEAD_BYTES + NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, ciphertext, place)
        except InvalidTag:
            raise SealBroken("the value was changed, or brought here from another place") from None

    def name(self, value: str) -> str:
        """The name that stands for a value: 32 letters and digits."""
        return b32encode(hmac.digest(self._naming, value.encode(), "sha256")[:NAME_BYTES]).decode().lower()


class DataKeys:
    """The data keys of one installation's tenants, in files `<tenant>.data-key`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._ciphers: dict[TenantId, TenantCipher] = {}

    def make(self, tenant: TenantId) -> None:
        """Make a new tenant's secret; one that is there stays."""
        secret = os.urandom(SECRET_BYTES)
        key_id = TenantCipher.from_secret(secret).key_id.hex()
        write_once(self._path(tenant), f"DATA+KEY+{quote(tenant, safe='')}+{key_id}+{b64encode(secret).decode()}\n")

    def cipher(self, tenant: TenantId) -> TenantCipher:
        """Find a tenant's cipher; raises `KeyFileError` where its file is missing or damaged."""
        cipher = self._ciphers.get(tenant)
        if cipher is None:
            cipher = self._ciphers[tenant] = _read(self._path(tenant), quote(tenant, safe=""))
        return cipher

    def _path(self, tenant: TenantId) -> Path:
        return self._directory / f"{quote(tenant, safe='')}.data-key"


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=purpose).derive(secret)


def _read(path: Path, name: str) -> TenantCipher:
    if not path.exists():
        raise KeyFileError(f"`{path}` is not there: without it this tenant cannot be read; bring it back from a backup")
    parts = _LINE.fullmatch(read_line(path))
    try:
        secret = b64decode(parts[3], validate=True) if parts else b""
    except Base64Error:
        secret = b""
    if parts is None or len(secret) != SECRET_BYTES:
        raise KeyFileError(f"`{path}` holds no data key")
    cipher = TenantCipher.from_secret(secret)
    if parts[1] != name or parts[2] != cipher.key_id.hex():
        raise KeyFileError(f"`{path}` holds a key of `{parts[1]}`, not of `{name}`, or a damaged one")
    return cipher
