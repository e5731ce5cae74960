"""The files of versions as the store keeps them: whole, under the hash of their content, and never taken away."""

from collections.abc import Mapping
from datetime import datetime

from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import PolicyRow
from comptroller.domain.kernel.canonical_json import decode, encode


def stored_files(uow: UnitOfWork, version: str) -> dict[str, bytes] | None:
    """The files of a stored version."""
    row = uow.policy(version)
    if row is None:
        return None
    files = decode(row.files)
    assert isinstance(files, dict)
    return {path: str(text).encode() for path, text in files.items()}


def store_files(uow: UnitOfWork, policy: Policy, files: Mapping[str, bytes], *, at: datetime, by: str) -> None:
    """Keep the files of a version, where nobody has yet; that puts nothing in force."""
    if uow.policy(policy.hash) is None:
        text = encode({path: content.decode() for path, content in files.items()}).decode()
        uow.insert(PolicyRow(policy.hash, policy.pack.key, text, at, by))
