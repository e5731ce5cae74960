"""Hands mails to an SMTP server: over TLS from the start, or STARTTLS, or in the clear on this machine alone.

One connection a mail. An answer that may pass (4xx, no connection, a refused sign-in that an operator mends) is worth
another attempt; a 5xx about the mail or its reader is the server's no.
"""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from comptroller.adapters.mail.message import build_message
from comptroller.application.ports.notices import Mail
from comptroller.domain.kernel import limits
from comptroller.plugins import Delivered

_FORM: Final = "smtps://USER:PASSWORD@HOST:465, smtp://USER:PASSWORD@HOST:587 or smtp://127.0.0.1:PORT"
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_DETAIL_CHARACTERS: Final = 300


class MailAddressError(ValueError):
    """The address of the mail server is none."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in, and how."""

    host: str
    port: int
    security: str  # tls, starttls, none
    user: str = ""
    password: str = ""

    @classmethod
    def read(cls, url: str) -> Self:
        """Read `smtps://` (TLS) or `smtp://` (STARTTLS; in the clear only to this machine)."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname or ""
        except ValueError:
            raise MailAddressError(f"this is no address of a mail server: write {_FORM}") from None
        if parts.scheme not in {"smtp", "smtps"} or not host or parse_qs(parts.query) or parts.path not in {"", "/"}:
            raise MailAddressError(f"this is no address of a mail server: write {_FORM}")
        security = "tls" if parts.scheme == "smtps" else "none" if host in _HERE else "starttls"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port or (465 if security == "tls" else 587), security, user, password)


class SmtpSender:
    """One mail server; safe to share between threads."""

    def __init__(self, server: MailServer, *, sender: str, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._sender = sender
        self._context = context or ssl.create_default_context()

    def send(self, mail: Mail) -> Delivered:
        """Hand one mail in and say how it ended."""
        message = build_message(mail, sender=self._sender)
        try:
            with self._connect() as connection:
                connection.send_message(message, self._sender, [mail.to_address])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return _refused(code, text)
        except smtplib.SMTPAuthenticationError as error:
            return Delivered(accepted=False, retry=True, status=error.smtp_code, detail="the mail server refused us")
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            detail = f"{type(error).__name__}: {error}"[:_DETAIL_CHARACTERS]
            return Delivered(accepted=False, retry=True, status=0, detail=detail)
        return Delivered(accepted=True, retry=False, status=250, detail="")

    def _connect(self) -> smtplib.SMTP:
        server, timeout = self._server, limits.NOTICE_TIMEOUT_S
        connection: smtplib.SMTP
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=self._context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=self._context)  # a server that does not know it is an error: no mail goes
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _refused(code: int, text: bytes | str) -> Delivered:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    detail = f"{code} {said}"[:_DETAIL_CHARACTERS]
    return Delivered(accepted=False, retry=not 500 <= code < 600, status=code, detail=detail)
