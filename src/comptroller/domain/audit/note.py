"""Signed notes (C2SP signed-note): a text and, below it, lines by which known keys vouch for it.

    <text, ending in a newline>
    <an empty line>
    — <key name> <base64 of 4 bytes of key id and the signature>

Reading is strict: whatever two readers could take differently (loose base64, control characters, a name with a space)
is no note. A signature by an unknown key is passed over; one bad signature by a known key spoils the whole note.
Keys come in as protocols, so that the domain knows no cryptography but hashing.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

ED25519: Final = 0x01
"""The signature type of plain Ed25519 keys."""

NOTE_BYTES_MAX: Final = 1_000_000
NOTE_SIGNATURES_MAX: Final = 100
_KEY_ID_BYTES: Final = 4
_SIGNATURE_LINE: Final = re.compile("\u2014 ([^ ]+) ([^ ]+)")
_VERIFICATION_KEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+(.+)")


class NoteError(ValueError):
    """A text is no note, no checkpoint or no key, or nobody known vouches for it."""


class Verifier(Protocol):
    """A public key with its name."""

    @property
    def name(self) -> str:
        """The key's name, which in a log is the log's origin."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed the message."""
        ...


class Signer(Verifier, Protocol):
    """A private key with its name; it verifies too."""

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        ...


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key as it is handed out: `<name>+<key id>+<base64 of the type and the key>`."""

    name: str
    public_key: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise NoteError(f"`{self.name}` is no key name: it has neither spaces nor `+`")

    @property
    def key_id(self) -> bytes:
        """The first bytes of the hash over name, type and key."""
        return sha256(f"{self.name}\n".encode() + bytes([self.algorithm]) + self.public_key).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        key = b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @staticmethod
    def parse(text: str) -> "VerificationKey":
        """Read what `str` wrote; the base64 may itself contain a `+`."""
        parts = _VERIFICATION_KEY.fullmatch(text)
        data = strict_base64(parts[3]) if parts else b""
        if parts is None or len(data) < 2:
            raise NoteError("a verification key reads `name+id+key`")
        key = VerificationKey(parts[1], data[1:], data[0])
        if key.key_id.hex() != parts[2]:
            raise NoteError(f"the verification key of `{key.name}` does not have the id `{parts[2]}`")
        return key


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line below a note: whose it claims to be, and the signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read; `verified` holds the signatures that known keys vouch for."""

    text: str
    signatures: tuple[NoteSignature, ...]
    verified: tuple[NoteSignature, ...] = ()


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """Sign a text with each key; a text that no reader would take is a `NoteError`."""
    lines = [f"\u2014 {each.name} {b64encode(each.key_id + each.sign(text.encode())).decode()}\n" for each in signers]
    note = f"{text}\n{''.join(lines)}"
    if parse_note(note).text != text:
        raise NoteError("a note's text ends in a newline")
    return note


def open_note(note: str | bytes, verifiers: Iterable[Verifier]) -> Note:
    """Read a note and verify it: at least one known key vouches for it and none is misused, else `NoteError`."""
    parsed = parse_note(note)
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) is not verifier:
            raise NoteError(f"two keys of the name `{verifier.name}` have one id")
    message = parsed.text.encode()
    verified = []
    for signature in parsed.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verify(message, signature.signature):
            raise NoteError(f"the signature of `{signature.name}` is not that key's over this text")
        verified.append(signature)
    if not verified:
        raise NoteError("no known key has signed this note")
    return Note(parsed.text, parsed.signatures, tuple(verified))


def parse_note(note: str | bytes) -> Note:
    """Read a note without verifying anything."""
    try:
        data = note if isinstance(note, bytes) else note.encode()
        whole = data.decode()
    except UnicodeError:
        raise NoteError("a note is UTF-8") from None
    if len(data) > NOTE_BYTES_MAX:
        raise NoteError(f"a note has at most {NOTE_BYTES_MAX} bytes")
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("a note has no control characters but newlines")
    before, separator, below = whole.rpartition("\n\n")
    if not separator:
        raise NoteError("a note's signatures stand below an empty line")
    if not below.endswith("\n"):
        raise NoteError("a note's last signature line ends in a newline")
    lines = below[:-1].split("\n")
    if len(lines) > NOTE_SIGNATURES_MAX:
        raise NoteError(f"a note has at most {NOTE_SIGNATURES_MAX} signatures")
    return Note(f"{before}\n", tuple(map(_signature, lines)))


def is_key_name(name: str) -> bool:
    """Tell whether a key may be called so: not empty, no kind of space, no `+`, nothing unprintable as text."""
    return name != "" and not any(each.isspace() or each < " " or each == "+" for each in name)


def strict_base64(text: str) -> bytes:
    """Decode base64 in its one canonical form, padding and unused bits included; else `NoteError`."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (Base64Error, UnicodeError):
        data = b""
    if b64encode(data).decode() != text:
        raise NoteError(f"`{text}` is no canonical base64")
    return data


def _signature(line: str) -> NoteSignature:
    parts = _SIGNATURE_LINE.fullmatch(line)
    if parts is None or not is_key_name(parts[1]):
        raise NoteError("a signature line reads `\u2014 name base64`")
    data = strict_base64(parts[2])
    if len(data) <= _KEY_ID_BYTES:
        raise NoteError(f"the signature line of `{parts[1]}` holds no signature")
    return NoteSignature(parts[1], data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])
