"""The encryption of a push message: a key is agreed with the browser's own, afresh for every message.

The push service sees who is sent something and how long it is, never what: the body is padded to one length.

SOURCE: RFC 8291 (message encryption for web push), RFC 8188 (aes128gcm), RFC 5869 (HKDF).
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comptroller.domain.kernel import limits

RECORD_BYTES: Final = 4_096
SALT_BYTES: Final = 16
SECRET_BYTES: Final = 16
PADDED_BYTES: Final = limits.PUSH_PAYLOAD_BYTES_MAX + 1
_LAST: Final = b"\x02"


def encrypt(
    content: bytes,
    *,
    public_key: bytes,
    secret: bytes,
    private_key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
    padded: int = PADDED_BYTES,
) -> bytes:
    """Encrypt a message for who holds a public key and a secret; a key or salt of the caller's is for tests alone."""
    if len(content) >= padded > 0:
        raise ValueError(f"a push message has at most {padded - 1} bytes")
    private_key = private_key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    own = point_of(private_key)
    shared = private_key.exchange(ec.ECDH(), receiver)
    material = _derived(shared, secret, b"WebPush: info\x00" + public_key + own, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    record = (content + _LAST).ljust(padded, b"\x00")
    header = salt + RECORD_BYTES.to_bytes(4, "big") + len(own).to_bytes(1, "big") + own
    return header + AESGCM(key).encrypt(nonce, record, None)


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key, as 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_text(value: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of a base64url text; a `ValueError` for anything else."""
    if not text.isascii() or any(character not in _ALPHABET for character in text.rstrip("=")):
        raise ValueError("this is not base64url")
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)
