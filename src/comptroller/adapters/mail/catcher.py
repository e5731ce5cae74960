"""A mail catcher for demonstrations: takes every mail on the loopback interface, keeps the last ones in memory."""

from asyncio import Server
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Lock
from typing import Any, Final

from aiosmtpd.controller import Controller
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
            text = str(body.get_content()) if body is not None else ""
            head = [str(message[name] or "") for name in ("From", "To", "Subject", "Date", "Message-ID")]
            sender, to, subject, date, message_id = head
            self._mails.append(CaughtMail(self._count, sender, to, subject, date, message_id, text))

    def mails(self) -> tuple[CaughtMail, ...]:
        """The mails that are kept, the newest first."""
        with self._lock:
            return tuple(reversed(self._mails))


class MailCatcher:
    """An SMTP server that keeps what it gets."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._controller = _Controller(self, hostname=HOST, port=0, data_size_limit=MAIL_BYTES_MAX)

    def start(self) -> int:
        """Listen on a free port; answers which."""
        self._controller.start()
        server = self._controller.server
        assert isinstance(server, Server)
        return int(server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """Take one mail."""
        content: Any = envelope.content
        self.mailbox.take(content if isinstance(content, bytes) else str(content).encode())
        return "250 kept"


class _Controller(Controller):
    """Ready once it listens: the library's own check connects to a port that is not known before."""

    def _trigger_server(self) -> None:
        """Nothing to wake."""
