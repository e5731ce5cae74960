"""What a person says of their own notices, and what the person's page shows of it."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.notices.composing import filled, texts_of
from comptroller.application.notices.subscriptions import subscriptions_of
from comptroller.application.notices.wishes import WISHES_KIND, NoticeSettings, wishes_of
from comptroller.application.ports.notices import MAIL, PUSH
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_kinds.notices import template_check
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.notices import SAMPLE, NoticeKind
from comptroller.domain.notices.defaults import Texts

TITLES: Final = {
    NoticeKind.OFFERED: "Something is asked of you",
    NoticeKind.REMINDED: "It is due soon",
    NoticeKind.ESCALATED: "It was overdue with somebody else and comes to you",
    NoticeKind.REASSIGNED: "Somebody passes it on to you",
    NoticeKind.DIGEST: "Once a day, all that waits for you",
}


@dataclass(frozen=True, slots=True)
class SetNoticeWishes:
    """The caller says what to be told by which channel."""

    mail: tuple[str, ...]
    push: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """The caller's own settings."""


@dataclass(frozen=True, slots=True)
class PreviewNotice:
    """Show what a notice would look like: the texts in force, or others that are being written."""

    kind: str
    language: str
    subject: str = ""
    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class WishView:
    """One kind of notice on the page."""

    kind: str
    title: str
    by_mail: bool
    by_push: bool


@dataclass(frozen=True, slots=True)
class BrowserView:
    """One browser in which the person is reached."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What a person may set for themselves."""

    mail: str
    has_mail: bool
    has_push: bool
    push_key: str
    digest_hour: int | None
    wishes: tuple[WishView, ...]
    browsers: tuple[BrowserView, ...]
    problem: str = ""


def set_notice_wishes(session: Session, command: SetNoticeWishes) -> dict[str, Any] | Refused:
    """Keep the caller's wishes; they are the caller's own, so that no duty but being somebody is asked for."""
    kind = KINDS[WISHES_KIND]
    body = {MAIL: sorted(set(command.mail)), PUSH: sorted(set(command.push))}
    faults = kind.check(session.caller.id, body)
    if faults:
        text = f"the wishes have {len(faults)} fault{'' if len(faults) == 1 else 's'}"
        return Refused(Rejection(RejectionKind.INVALID, "NOTICE-WISHES-01", text, faults))
    session.uow.serialize([f"{WISHES_KIND}/{session.caller.id}"])
    return store_version(session, kind, session.caller.id, body)


def show_settings(session: Session, _command: ShowSettings) -> SettingsView:
    """What the caller may set."""
    caller, channels = session.caller, session.environment.notices
    wishes = wishes_of(session.uow, [caller.id])[caller.id]
    return SettingsView(
        mail=caller.principal.mail,
        has_mail=channels.mail is not None,
        has_push=channels.push is not None,
        push_key=channels.push.public_key if channels.push is not None else "",
        digest_hour=NoticeSettings.of(session.uow).digest_hour,
        wishes=tuple(WishView(kind, TITLES[kind], kind in wishes.mail, kind in wishes.push) for kind in NoticeKind),
        browsers=tuple(
            BrowserView(one.key, one.label or "a browser") for one in subscriptions_of(session.uow, caller.id)
        ),
    )


def preview_notice(session: Session, command: PreviewNotice) -> dict[str, Any] | Refused:
    """The three texts with invented fields in, or every fault of the template."""
    given = {"subject": command.subject, "text": command.text, "html": command.html}
    kind = NoticeKind(command.kind) if command.kind in set(NoticeKind) else None
    if kind is None or any(given.values()):
        faults = template_check(f"{command.kind}/{command.language}", given)
        if faults:
            text = f"the template has {len(faults)} fault{'' if len(faults) == 1 else 's'}"
            return Refused(Rejection(RejectionKind.INVALID, "NOTICE-PREVIEW-01", text, faults))
    assert kind is not None  # an unknown kind is a fault of its key
    texts = Texts(**given) if any(given.values()) else next(texts_of(session, kind, command.language))[0]
    done = filled(kind, texts, SAMPLE)
    assert done is not None  # checked above, or when it was written
    return {"kind": kind, "language": command.language, **done._asdict()}
