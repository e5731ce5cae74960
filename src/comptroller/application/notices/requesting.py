"""Puts notices into the outbox, in the transaction of what they tell of; and the timers by which people are reminded.

Nobody is told of their own act, nor of what they may not see. Of a case that is held for sanctions nothing goes out.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.notices.subscriptions import subscriptions_of
from comptroller.application.notices.wishes import NoticeSettings, wishes_of
from comptroller.application.outbox import outbox_row
from comptroller.application.people.records import holders, principal
from comptroller.application.ports.notices import MAIL, PUSH
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CaseRow, TaskRow, revised
from comptroller.application.session import Session
from comptroller.domain.identity import Principal, PrincipalKind
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.notices import NoticeKind

NOTICE: Final = "notice"
REMINDER: Final = "reminder"
DIGEST: Final = "digest"
"""The kinds of outbox rows that end here."""

Tell = Callable[[str, dict[str, Any]], object]


def request_task_notices(session: Session, case: CaseRow, task: TaskRow, kind: NoticeKind, tell: Tell) -> None:
    """Have everybody told who is asked by a task."""
    channels = session.environment.notices.names
    if not channels or task.status != "open":
        return
    settings = NoticeSettings.of(session.uow)
    if is_silent(settings, case, task):
        tell("notice.withheld", {"task": task.task_id, "why": "nothing about such a case leaves the house"})
        return
    if settings.remind_hours is not None and kind is not NoticeKind.REMINDED:
        _set_reminder(session, task, settings.remind_hours)
    asked = asked_people(session.uow, case, task)
    if len(asked) > limits.NOTICE_RECIPIENTS_MAX:
        tell("notice.withheld", {"task": task.task_id, "why": f"{len(asked)} people hold the role {task.role}"})
        return
    people = [person for person in asked if person.id != session.caller.id]
    told = request_notices(session, people, kind, case_id=case.case_id, task_id=task.task_id)
    if told:
        tell("notice.requested", {"task": task.task_id, "kind": kind, "people": told})


def request_notices(
    session: Session, people: Iterable[Principal], kind: NoticeKind, *, case_id: str = "", task_id: str = ""
) -> list[str]:
    """Write a row for each person and each way in which the person wants to be told; answers who will be."""
    uow, channels = session.uow, session.environment.notices.names
    reachable = {person.id: person for person in people if _is_person(person)}
    wishes = wishes_of(uow, reachable)
    told: list[str] = []
    for person in reachable.values():
        wanted = [channel for channel in channels if kind in wishes[person.id].by(channel)]
        ways = [(MAIL, "")] if MAIL in wanted and person.mail else []
        ways += [(PUSH, one.key) for one in subscriptions_of(uow, person.id)] if PUSH in wanted else []
        for channel, browser in ways:
            _request(session, person.id, kind, channel, browser, case_id=case_id, task_id=task_id)
        told += [person.id] if ways else []
    return told


def asked_people(uow: UnitOfWork, case: CaseRow, task: TaskRow) -> tuple[Principal, ...]:
    """Whom a task may be answered by: its person, or the holders of its role for the case's entity."""
    if task.person:
        person = principal(uow, task.person)
        return (person,) if person is not None else ()
    return holders(uow, task.role, case.entity)


def is_silent(settings: NoticeSettings, case: CaseRow, task: TaskRow) -> bool:
    """Whether nothing of this case may leave the house."""
    detail: Any = decode(task.detail)
    item = detail.get("item") or {}
    types = {*case.exceptions.split(","), str(item.get("type") or "")}
    return any(silent in kind for silent in settings.silent for kind in types if silent)


def schedule_digest(session: Session, time_zone: str) -> None:
    """Set the tenant's one digest timer to the next time, or end it where no hour is set any more."""
    hour, row = NoticeSettings.of(session.uow).digest_hour, session.uow.outbox(DIGEST)
    if hour is None:
        if row is not None:
            session.uow.update(revised(row, status="cancelled", lease_owner="", lease_until=None))
        return
    due = next_digest(session.now, hour, time_zone)
    wanted = outbox_row(session, DIGEST, DIGEST, "", {}, due=due)
    if row is None:
        session.uow.insert(wanted)
    else:
        session.uow.update(
            revised(row, status="pending", not_before=wanted.not_before, lease_owner="", lease_until=None)
        )


def next_digest(now: datetime, hour: int, time_zone: str) -> datetime:
    """The next time that a tenant's clock shows this hour."""
    local = now.astimezone(ZoneInfo(time_zone))
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if today > local:
        return today
    following = (local + timedelta(days=1)).date()
    return datetime(following.year, following.month, following.day, hour, tzinfo=local.tzinfo)


def _request(
    session: Session, person: str, kind: NoticeKind, channel: str, browser: str, *, case_id: str, task_id: str
) -> None:
    at = session.now.strftime("%Y%m%dT%H%M%S%f")
    identifier = ".".join(["notice", task_id or kind, kind, at, person, browser or channel])
    if session.uow.outbox(identifier) is not None:
        return
    payload = {"kind": kind, "person": person, "task": task_id, "browser": browser, "at": session.machine_now}
    session.uow.insert(outbox_row(session, identifier, NOTICE, channel, payload, case_id=case_id))


def _set_reminder(session: Session, task: TaskRow, hours: int) -> None:
    due = task.due - timedelta(hours=hours)
    identifier = f"reminder.{task.task_id}"
    if due > session.now and session.uow.outbox(identifier) is None:
        payload = {"task": task.task_id}
        session.uow.insert(outbox_row(session, identifier, REMINDER, "", payload, case_id=task.case_id, due=due))


def _is_person(person: Principal) -> bool:
    return person.active and person.kind is PrincipalKind.PERSON
