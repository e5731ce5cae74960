"""Named Ed25519 keys that sign and verify notes. No representation, text or error of theirs holds a private key."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from comptroller.domain.audit.note import ED25519, NoteError, VerificationKey


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """A public key, as its verification key names it."""

    key: VerificationKey
    _public: Ed25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.key.algorithm != ED25519:
            raise NoteError(f"the key of `{self.key.name}` has type {self.key.algorithm}, not Ed25519")
        try:
            public = Ed25519PublicKey.from_public_bytes(self.key.public_key)
        except ValueError:
            raise NoteError(f"the key of `{self.key.name}` has not the 32 bytes of an Ed25519 key") from None
        object.__setattr__(self, "_public", public)

    @property
    def name(self) -> str:
        """The key's name."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """The key's id."""
        return self.key.key_id

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed the message."""
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """A private key with its public half."""

    verifier: Ed25519Verifier
    _private: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> "Ed25519Signer":
        """Make the key that these 32 secret bytes stand for."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(Ed25519Verifier(VerificationKey(name, private.public_key().public_bytes_raw())), private)

    @property
    def name(self) -> str:
        """The key's name."""
        return self.verifier.name

    @property
    def key_id(self) -> bytes:
        """The key's id."""
        return self.verifier.key_id

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        return self._private.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed the message."""
        return self.verifier.verify(message, signature)
