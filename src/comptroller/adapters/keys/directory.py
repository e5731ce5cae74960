"""Signing keys in files: one for each tenant's log, made at first use.

A key that would replace a lost one is not refused here, but by the sequencer, which does not extend a log that another
key has signed.

The file holds one line in the form of Go's note package: `PRIVATE+KEY+<name>+<key id>+<base64 of the type and seed>`.
"""

import os
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from comptroller.adapters.keys.ed25519 import Ed25519Signer
from comptroller.adapters.keys.files import KeyFileError, read_line, write_once
from comptroller.domain.audit.note import ED25519, NoteError, is_key_name, strict_base64
from comptroller.domain.kernel.ids import TenantId

SEED_BYTES: Final = 32
_LINE: Final = re.compile(r"PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)")


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
            if not path.exists():
                write_once(path, self._line(name))
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

    def _line(self, name: str) -> str:
        seed = self._chance(SEED_BYTES)
        key_id = Ed25519Signer.from_seed(name, seed).key_id.hex()
        return f"PRIVATE+KEY+{name}+{key_id}+{b64encode(bytes([ED25519]) + seed).decode()}\n"


def _read(path: Path, name: str) -> Ed25519Signer:
    parts = _LINE.fullmatch(read_line(path))
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
