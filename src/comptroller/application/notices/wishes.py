"""What a tenant lets out by notices, and what each person wants to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.ports.notices import MAIL, PUSH
from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.notices import NoticeKind

SETTINGS_KIND: Final = "notice-settings"
WISHES_KIND: Final = "notice-wishes"
TEMPLATE_KIND: Final = "template"
SUBSCRIPTION_KIND: Final = "push-subscription"
SELF: Final = "self"

OWN_KINDS: Final = frozenset({SUBSCRIPTION_KIND, "saved-search", "list-columns"})
"""The kinds whose records are their person's alone."""

ALWAYS_SILENT: Final = ("sanctions",)
"""Exceptions of which nothing leaves the house, whatever a tenant sets: nobody is warned by a mail gone astray."""


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """The tenant's part: what a notice may name, and when the digest goes out."""

    digest_hour: int | None = None  # on the tenant's clock; none for no digest
    remind_hours: int | None = None  # before a task is due; none for no reminder
    amounts: bool = True
    suppliers: bool = True
    language: str = "en"
    silent: tuple[str, ...] = ALWAYS_SILENT

    @classmethod
    def of(cls, uow: UnitOfWork) -> "NoticeSettings":
        """The settings in force."""
        body = _body(uow, f"{SETTINGS_KIND}/{SELF}")
        return cls(
            digest_hour=int(body["digest_hour"]) if "digest_hour" in body else None,
            remind_hours=int(body["remind_hours"]) if "remind_hours" in body else None,
            amounts=body.get("amounts", True),
            suppliers=body.get("suppliers", True),
            language=body.get("language", "en"),
            silent=(*ALWAYS_SILENT, *body.get("silent", ())),
        )


@dataclass(frozen=True, slots=True)
class NoticeWishes:
    """A person's part: which kinds come by which channel. Who has said nothing gets everything by mail."""

    mail: frozenset[NoticeKind] = frozenset(NoticeKind)
    push: frozenset[NoticeKind] = frozenset(NoticeKind) - {NoticeKind.DIGEST}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "NoticeWishes":
        """The wishes of a record."""
        plain = cls()
        return cls(_kinds(body, MAIL, plain.mail), _kinds(body, PUSH, plain.push))

    def by(self, channel: str) -> frozenset[NoticeKind]:
        """What is wanted by one channel."""
        return self.mail if channel == MAIL else self.push


def wishes_of(uow: UnitOfWork, people: Iterable[str]) -> dict[str, NoticeWishes]:
    """The wishes of several people, read at once."""
    aliases = {person: f"{WISHES_KIND}/{person}" for person in people}
    found = uow.references(aliases.values())
    return {
        person: NoticeWishes.of(_decoded(found[alias][0].body) if found[alias] else {})
        for person, alias in aliases.items()
    }


def _kinds(body: Mapping[str, Any], channel: str, otherwise: frozenset[NoticeKind]) -> frozenset[NoticeKind]:
    return frozenset(NoticeKind(kind) for kind in body[channel]) if channel in body else otherwise


def _body(uow: UnitOfWork, alias: str) -> dict[str, Any]:
    rows = uow.references([alias])[alias]
    return _decoded(rows[0].body) if rows else {}


def _decoded(text: str) -> dict[str, Any]:
    body = decode(text)
    assert isinstance(body, dict)
    return body
