"""A mail catcher for demonstrations: takes every mail on the loopback interface, keeps the last ones in memory."""

import asyncio
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from threading import Lock, Thread
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST: Final = "127.0.0.1"
KEPT_MAX: Final = 200
"""Mails that are kept; the oldest go first."""
MAIL_BYTES_MAX: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """A mail as it came in, its plain text only."""

    number: int
    sender: str
    to: str
    subject: str
    date: str
    message_id: str
    list_id: str
    text: str


class Mailbox:
    """The last mails; shared between the catcher's thread and whoever looks."""

    def __init__(self, *, kept: int = KEPT_MAX) -> None:
        self._mails: deque[CaughtMail] = deque(maxlen=kept)
        self._lock = Lock()
        self._count = 0

    def take(self, content: bytes) -> None:
        """Keep a mail."""
        message = message_from_bytes(content, policy=default)
        body = message.get_body(preferencelist=("plain",)) if isinstance(message, EmailMessage) else None
        with self._lock:
            self._count += 1
            text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
            head = [str(message[name] or "") for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Id")]
            sender, to, subject, date, message_id, list_id = head
            self._mails.append(CaughtMail(self._count, sender, to, subject, date, message_id, list_id, text))

    def mails(self) -> tuple[CaughtMail, ...]:
        """The mails that are kept, the newest first."""
        with self._lock:
            return tuple(reversed(self._mails))


class MailCatcher:
    """An SMTP server that keeps what it gets; it runs in a thread of its own."""

    def __init__(self, handler: "Mailbox | object") -> None:
        self._handler = _Keeping(handler) if isinstance(handler, Mailbox) else handler
        self._loop = asyncio.new_event_loop()
        self._listening: Future[int] = Future()
        self._ended = asyncio.Event()
        self._thread = Thread(target=self._run, name="mail-catcher", daemon=True)

    def start(self) -> int:
        """Listen on a free port; answers which."""
        self._thread.start()
        return self._listening.result()

    def stop(self) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        made = partial(SMTP, self._handler, loop=self._loop, hostname="localhost", data_size_limit=MAIL_BYTES_MAX)
        try:
            server = await self._loop.create_server(made, HOST, 0)
        except OSError as error:
            self._listening.set_exception(error)
            return
        async with server:
            self._listening.set_result(int(server.sockets[0].getsockname()[1]))
            await self._ended.wait()


class _Keeping:
    """What the server does with a mail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """Take one mail."""
        content: Any = envelope.content
        self._mailbox.take(content if isinstance(content, bytes) else str(content).encode())
        return "250 kept"
