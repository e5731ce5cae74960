"""Keys in files: one for each tenant, readable by the owner alone, made at first use.

A key is made once and for all: it is written whole under another name and then linked to its own, which fails when
another process was faster; that one's key is then read. A key that would replace a lost one is not refused here, but
by the sequencer, which does not extend a log that another key has signed.

The file holds one line in the form of Go's note package: `PRIVATE+KEY+<name>+<key id>+<base64 of the type and seed>`.
"""

import os
import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from comptroller.adapters.keys.ed25519 import Ed25519Signer
from comptroller.domain.audit.note import ED25519, NoteError, is_key_name, strict_base64
from comptroller.domain.kernel.ids import TenantId

SEED_BYTES: Final = 32
_LINE: Final = re.compile(r"PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)")


class KeyFileError(RuntimeError):
    """A key file is not what this directory writes, or others may read it."""


class KeyDirectory:
    """The keys of one installation's logs; `origin` begins their names, as in `<origin>/<tenant>`."""

    def __init__(self, directory: Path, *, origin: str, chance: Callable[[int], bytes] = os.urandom) -> None:
        self._directory = directory
        self._origin = origin
        self._chance = chance
        self._signers: dict[TenantId, Ed25519Signer] = {}

    def signer(self, tenant: TenantId) -> Ed25519Signer:
        """Find the key of a tenant's log; make it where there is none yet."""
        signer = self._signers.get(tenant)
        if signer is None:
            name, path = self._name(tenant), self._path(tenant)
            with suppress(FileExistsError):
                self._create(path, name)
            signer = self._signers[tenant] = _read(path, name)
        return signer

    def known_signer(self, tenant: TenantId) -> Ed25519Signer | None:
        """Find the key of a tenant's log, and make none: for whoever only verifies."""
        return self.signer(tenant) if self._path(tenant).exists() else None

    def _name(self, tenant: TenantId) -> str:
        name = f"{self._origin}/{tenant}"
        if not is_key_name(name):
            raise KeyFileError(f"the tenant `{tenant}` cannot name a key: it holds a space or a `+`")
        return name

    def _path(self, tenant: TenantId) -> Path:
        return self._directory / f"{quote(tenant, safe='')}.key"

    def _create(self, path: Path, name: str) -> None:
        """Write a new key and give it its name; `FileExistsError` where it has one."""
        if path.exists():
            raise FileExistsError(path)
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        seed = self._chance(SEED_BYTES)
        key_id = Ed25519Signer.from_seed(name, seed).key_id.hex()
        line = f"PRIVATE+KEY+{name}+{key_id}+{b64encode(bytes([ED25519]) + seed).decode()}\n"
        draft = path.with_suffix(f".{os.getpid()}-{os.urandom(8).hex()}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            path.hardlink_to(draft)
        finally:
            draft.unlink()
        _sync_directory(self._directory)


def _read(path: Path, name: str) -> Ed25519Signer:
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"`{path}` can be read by others than its owner: `chmod 600` it, and think of a new key")
    parts = _LINE.fullmatch(path.read_text("utf-8").removesuffix("\n"))
    try:
        data = strict_base64(parts[3]) if parts else b""
    except NoteError:
        data = b""
    if parts is None or len(data) != 1 + SEED_BYTES or data[0] != ED25519:
        raise KeyFileError(f"`{path}` holds no Ed25519 key")
    signer = Ed25519Signer.from_seed(parts[1], data[1:])
    if parts[1] != name or parts[2] != signer.key_id.hex():
        raise KeyFileError(f"`{path}` holds a key of `{parts[1]}`, not of `{name}`, or a damaged one")
    return signer


def _sync_directory(directory: Path) -> None:
    """Make a new name in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
