"""The ways to a person outside the page: mail and web push. What is not configured is not there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from comptroller.application.ports.surroundings import Delivered

MAIL: Final = "mail"
PUSH: Final = "push"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person. The key makes a repeat recognisable: the same key, the same Message-ID."""

    key: str
    tenant: str
    tenant_name: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    at: datetime  # of the notice, the same at every attempt


@dataclass(frozen=True, slots=True)
class PushTarget:
    """Where one browser of a person is reached, and the keys that only it can open (RFC 8291)."""

    endpoint: str
    public_key: str  # base64url, an uncompressed point of P-256
    secret: str  # base64url, 16 bytes


@dataclass(frozen=True, slots=True)
class PushMessage:
    """One short message to one browser; a later one under the same topic takes its place."""

    key: str
    target: PushTarget
    title: str
    body: str
    address: str


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What a link in a mail is bound to: whose answer, to which task, on which content, until when; `key` names it."""

    tenant: str
    task: str
    person: str
    content_hash: str
    key: str
    expires: datetime  # on the tenant's clock


class AnswerLinks(Protocol):
    """Makes links that nobody else can make or change."""

    def seal(self, link: AnswerLink) -> str:
        """The link as a part of an address."""
        ...

    def open(self, text: str) -> AnswerLink | None:
        """What a part of an address is bound to; None for what was not made here."""
        ...


class MailSender(Protocol):
    """Hands mails to a mail server."""

    def send(self, mail: Mail) -> Delivered: ...


class PushSender(Protocol):
    """Hands messages to push services."""

    @property
    def public_key(self) -> str:
        """The installation's key by which browsers subscribe (RFC 8292), base64url."""
        ...

    def problem_of(self, target: PushTarget) -> str:
        """Why this target is not taken: no address of a push service that is allowed here; empty for none."""
        ...

    def send(self, message: PushMessage) -> Delivered: ...


@dataclass(frozen=True, slots=True)
class NoticeChannels:
    """How people can be told things, and the address that links in notices begin with."""

    base_url: str = ""
    mail: MailSender | None = None
    push: PushSender | None = None
    links: AnswerLinks | None = None  # None: mails lead to the case itself

    @property
    def names(self) -> tuple[str, ...]:
        """The channels that there are."""
        return ((MAIL,) if self.mail else ()) + ((PUSH,) if self.push else ())


NO_CHANNELS: Final = NoticeChannels()
"""Where nothing is set up, nobody is told anything outside the page."""
