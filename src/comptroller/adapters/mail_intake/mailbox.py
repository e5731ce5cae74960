"""A mailbox read over IMAP (RFC 3501): each mail is taken in and then moved to a folder that says how that ended.

A mail leaves the inbox only after what became of it is recorded, so a connection that breaks loses nothing: it is
found again, and known by its Message-ID.
"""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from comptroller.domain.kernel import limits

TIMEOUT_S: Final = 30
DONE: Final = "Done"
FAILED: Final = "Failed"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """A mailbox that cannot be named or used."""


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """Where a mailbox is: `imaps://user:password@host/INBOX`; in the clear only on this machine."""

    host: str
    port: int
    is_secure: bool
    user: str
    password: str
    folder: str

    @classmethod
    def read(cls, url: str) -> Self:
        """Read an address; a `MailboxError` says what is wrong with it, without repeating a secret."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MailboxError("write imaps://user:password@host/INBOX") from None
        if parts.scheme not in {"imaps", "imap"} or not parts.hostname or not parts.username:
            raise MailboxError("write imaps://user:password@host/INBOX")
        if parts.scheme == "imap" and parts.hostname not in LOOPBACK:
            raise MailboxError("a mailbox on another machine is read by imaps only")
        is_secure = parts.scheme == "imaps"
        return cls(
            parts.hostname,
            port or (993 if is_secure else 143),
            is_secure,
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
        )


@dataclass(frozen=True, slots=True)
class Received:
    """A mail in the inbox; of one that is too large, its headers only."""

    uid: str
    content: bytes
    is_whole: bool
    received_at: datetime | None  # by the server's own clock (INTERNALDATE); None where it does not say


class Mailbox:
    """An open mailbox."""

    def __init__(self, server: MailboxServer) -> None:
        self._server = server
        self._connection: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        server = self._server
        try:
            if server.is_secure:
                context = ssl.create_default_context()
                connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    server.host, server.port, ssl_context=context, timeout=TIMEOUT_S
                )
            else:
                connection = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_S)
            connection.login(server.user, server.password)
            self._connection = connection
            for folder in (DONE, FAILED):
                connection.create(_quoted(folder))  # one that is there already is refused, which is as well
            _good(connection.select(_quoted(server.folder)))
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"the mailbox at `{server.host}` cannot be used: {str(error)[:200]}") from None
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._connection.logout()

    def mails(self) -> Iterator[Received]:
        """Every mail of the inbox, oldest first."""
        for uid in _good(self._open.uid("SEARCH", "ALL"))[0].decode().split():
            about = _flat(_good(self._open.uid("FETCH", uid, "(RFC822.SIZE INTERNALDATE)")))
            size = _SIZE.search(about)
            is_whole = size is not None and int(size[1]) <= limits.BATCH_BYTES_MAX
            section = "BODY.PEEK[]" if is_whole else "BODY.PEEK[HEADER]"
            content = _literal(_good(self._open.uid("FETCH", uid, f"({section})")))
            yield Received(uid, content, is_whole, _instant(about))

    def settle(self, uid: str, *, failed: bool) -> None:
        """Move a mail out of the inbox."""
        folder = _quoted(FAILED if failed else DONE)
        _good(self._open.uid("COPY", uid, folder))
        _good(self._open.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        _good(self._open.expunge())

    @property
    def _open(self) -> imaplib.IMAP4:
        assert self._connection is not None
        return self._connection


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _good(answer: tuple[str, Any]) -> Any:
    status, data = answer
    if status != "OK":
        raise MailboxError(f"the mailbox answered {status}: {str(data)[:200]}")
    return data


def _instant(about: bytes) -> datetime | None:
    """When the server put the mail into the mailbox: its own word, which no sender can write."""
    local = imaplib.Internaldate2tuple(about)
    return None if local is None else datetime.fromtimestamp(time.mktime(local), UTC)


def _flat(data: Any) -> bytes:
    return b" ".join(part if isinstance(part, bytes) else b" ".join(part) for part in data if part)


def _literal(data: Any) -> bytes:
    return next((bytes(part[1]) for part in data if isinstance(part, tuple)), b"")
