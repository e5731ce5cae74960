"""The demonstration company with ways to its people: senders that keep what they are given, and answer as told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tests.acceptance.company import Company, Databases, Snapshot, make_company

from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.ports.notices import AnswerLinks, Mail, NoticeChannels, PushMessage, PushTarget
from comptroller.application.ports.surroundings import Delivered
from comptroller.bootstrap import Platform

BASE: Final = "https://comptroller.example"
TAKEN: Final = Delivered(accepted=True, retry=False, status=250, detail="")


@dataclass(slots=True)
class Post:
    """A mail server."""

    answer: Delivered = TAKEN
    tried: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> Delivered:
        """Keep a mail."""
        self.tried.append(mail)
        return self.answer

    def to(self, address: str) -> list[Mail]:
        """What one person was sent."""
        return [mail for mail in self.tried if mail.to_address == address]


@dataclass(slots=True)
class Services:
    """All push services."""

    answer: Delivered = TAKEN
    tried: list[PushMessage] = field(default_factory=list)
    public_key: str = "installation"

    def problem_of(self, target: PushTarget) -> str:
        """Take what is at push.example."""
        return "" if target.endpoint.startswith("https://push.example/") else "not allowed here"

    def send(self, message: PushMessage) -> Delivered:
        """Keep a message."""
        self.tried.append(message)
        return self.answer


@dataclass(slots=True)
class Machine:
    """The machine's clock, which can be set forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return machine_time() + self.ahead


@dataclass(frozen=True, slots=True)
class Notified:
    """A company whose people can be told things."""

    company: Company
    post: Post
    services: Services
    machine: Machine

    def wait(self, **span: float) -> None:
        """Let time pass, and the worker do what is due."""
        self.machine.ahead += timedelta(**span)
        self.company.work()


@contextmanager
def notified(databases: Databases, snapshot: Snapshot, links: AnswerLinks | None = None) -> Iterator[Notified]:
    """The company on a copy of a snapshot, with a mail server and push services, and links to answer by if given."""
    own = databases.copy(snapshot)
    post, services, machine = Post(), Services(), Machine()
    try:
        with databases.platform(own) as platform:
            channels = NoticeChannels(BASE, post, services, links)
            environment = replace(platform.environment, notices=channels, clock=TenantClock(machine))
            made = Platform(platform.settings, environment, Dispatcher(environment, USE_CASES))
            yield Notified(make_company(made), post, services, machine)
    finally:
        databases.drop(own)
