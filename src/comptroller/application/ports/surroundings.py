"""The small things a use case needs of the outside: time, chance, readers of files, the outside systems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.kernel.fault import Fault


class Clock(Protocol):
    """Tells the time: the tenant's, since a demonstration tenant may live on another day, and that of the machines.

    Business goes by the tenant's time. The outbox goes by that of the machines, so that one worker serves every tenant:
    it is the clock of the database that they share, whatever each one's own says.
    """

    def now(self, uow: UnitOfWork) -> datetime: ...
    def machine_now(self) -> datetime: ...


class Chance(Protocol):
    """Randomness: new identifiers, in the order of time, and salts."""

    def identifier(self, now: datetime) -> str: ...
    def salt(self) -> str: ...


class ReadDocument(Protocol):
    """What a reader answers; the invoice is missing when the bytes are none."""

    @property
    def kind(self) -> DocumentKind: ...
    @property
    def profile(self) -> str: ...
    @property
    def invoice(self) -> Invoice | None: ...
    @property
    def faults(self) -> tuple[Fault, ...]: ...
    @property
    def media_type(self) -> str:
        """What the bytes are, told from the bytes; empty where only the sender's word tells."""
        ...

    @property
    def to_key(self) -> bool:
        """Whether no program reads this document, or its header alone: a person has to key it from what it shows.

        The `invoice` is then none, or that header: of no kind and without lines.
        """
        ...


DocumentReader = Callable[[bytes, str], ReadDocument]
"""Reads and checks a document by all engines: bytes and media type in."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one attempt at a delivery ended. Neither `accepted` nor `retry`: the other side refused for good."""

    accepted: bool
    retry: bool
    status: int
    detail: str
    pause_s: float = 0  # seconds for which the other side can take nothing, as it says or as is seen


class Connector(Protocol):
    """An outside system that takes effects; the key makes a repeated attempt the same effect, where it lets us."""

    def deliver(self, payload: bytes, *, idempotency_key: str) -> Delivered: ...
