"""What a person says of their own notices, and what the person's page shows of it."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.notices.subscriptions import subscriptions_of
from comptroller.application.notices.wishes import WISHES_KIND, NoticeSettings, wishes_of
from comptroller.application.people.keeping import today_of
from comptroller.application.people.records import known
from comptroller.application.ports.notices import MAIL, PUSH
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.notices import NoticeKind

TITLES: Final = {
    NoticeKind.OFFERED: "Something is asked of you",
    NoticeKind.REMINDED: "It is due soon",
    NoticeKind.ESCALATED: "It was overdue with somebody else and comes to you",
    NoticeKind.REASSIGNED: "Somebody passes it on to you",
    NoticeKind.ROLLBACK: "A change of policy of yours, or that you could propose, does not do what was forecast",
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
    writes_texts: bool = False  # for everybody: in whose words notices go out
    problem: str = ""
    away: str = ""


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
        away=_away(session),
        has_mail=channels.mail is not None,
        has_push=channels.push is not None,
        push_key=channels.push.public_key if channels.push is not None else "",
        digest_hour=NoticeSettings.of(session.uow).digest_hour,
        wishes=tuple(WishView(kind, TITLES[kind], kind in wishes.mail, kind in wishes.push) for kind in NoticeKind),
        browsers=tuple(
            BrowserView(one.key, one.label or "a browser") for one in subscriptions_of(session.uow, caller.id)
        ),
        writes_texts=Duty.NOTICE_WRITE in caller.duties,
    )


def _away(session: Session) -> str:
    """Whether the caller is away today, or will be."""
    found, today = known(session.uow, session.caller.id), today_of(session)
    spans = sorted((each.start, each.until) for each in found.absent if each.until >= today) if found else []
    if not spans:
        return "no absence of yours is on file"
    start, until = spans[0]
    return f"you are away from {start.isoformat()} until {until.isoformat()}"
