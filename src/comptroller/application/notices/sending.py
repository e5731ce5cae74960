"""The use cases of the worker: a notice that has been tried, a reminder that is due, a day's digest.

INVARIANT 10: a notice that cannot be delivered waits as `dead` where an operator sees it and sends it again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from comptroller.application.casework.record import tell_on_case
from comptroller.application.notices.composing import Unwanted
from comptroller.application.notices.requesting import request_notices, request_task_notices, schedule_digest
from comptroller.application.notices.subscriptions import end_subscription, subscriptions_of
from comptroller.application.notices.wishes import NoticeSettings
from comptroller.application.people.records import on_file
from comptroller.application.ports.notices import PUSH
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.records import OutboxRow, revised
from comptroller.application.session import Session
from comptroller.domain.identity import Principal
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.notices import NoticeKind

GONE: Final = frozenset({404, 410})
"""A push service's answers for a browser that is not subscribed any more (RFC 8030, section 7.3)."""


@dataclass(frozen=True, slots=True)
class RecordNotice:
    """One attempt at a notice has ended, or there was nothing to send."""

    row: OutboxRow
    result: Delivered | Unwanted


@dataclass(frozen=True, slots=True)
class RemindOfTask:
    """A task is due soon."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class SendDigests:
    """The hour of the daily digest has come."""

    row: OutboxRow


def record_notice(session: Session, command: RecordNotice) -> dict[str, Any]:
    """Settle a notice's row by its result and tell it; the fence in the row keeps a late worker out."""
    row, result = command.row, command.result
    if isinstance(result, Unwanted):
        session.uow.update(revised(row, status="cancelled", error=result.why, lease_owner="", lease_until=None))
        return {"state": "cancelled"}
    payload: Any = decode(row.payload)
    settled = _settled(session, row, result)
    session.uow.update(revised(settled, lease_owner="", lease_until=None))
    if row.target == PUSH and result.status in GONE:
        for browser in subscriptions_of(session.uow, payload["person"]):
            if browser.key == payload["browser"]:
                end_subscription(session, browser)
    told = {
        "notice": row.outbox_id,
        "kind": payload["kind"],
        "person": payload["person"],
        "channel": row.target,
        "attempt": row.attempts + 1,
        "status": result.status,
        "state": settled.status,
    }
    kind = "notice.sent" if result.accepted else "notice.failed"
    if row.case_id:
        tell_on_case(session, row.case_id, kind, told)
    else:
        session.evidence.tell(f"principal/{payload['person']}", kind, told)
    return {"state": settled.status}


def _settled(session: Session, row: OutboxRow, result: Delivered) -> OutboxRow:
    attempts = row.attempts + 1
    if result.accepted:
        return revised(row, status="done", attempts=attempts, error="")
    if row.target == PUSH and result.status in GONE:
        return revised(row, status="cancelled", attempts=attempts, error="the browser is not subscribed any more")
    if not result.retry or attempts >= limits.NOTICE_ATTEMPTS_MAX:
        return revised(row, status="dead", attempts=attempts, error=result.detail)
    pause = min(limits.NOTICE_BACKOFF_S_BASE * 2 ** (attempts - 1), limits.DELIVERY_BACKOFF_S_MAX)
    due = session.machine_now + timedelta(seconds=pause)
    return revised(row, status="pending", attempts=attempts, error=result.detail, not_before=due)


def remind_of_task(session: Session, command: RemindOfTask) -> dict[str, Any]:
    """Remind everybody who is asked by a task that is still open."""
    row = command.row
    payload: Any = decode(row.payload)
    task, case = session.uow.task(payload["task"]), session.uow.case(row.case_id)
    is_open = task is not None and case is not None and task.status == "open"
    if task is not None and case is not None:
        request_task_notices(
            session,
            case,
            task,
            NoticeKind.REMINDED,
            lambda kind, data: tell_on_case(session, case.case_id, kind, data),
        )
    session.uow.update(revised(row, status="done", lease_owner="", lease_until=None))
    return {"reminded": is_open}


def send_digests(session: Session, command: SendDigests) -> dict[str, Any]:
    """Have everybody told what waits for them, and set the timer of the next day."""
    people = []
    if NoticeSettings.of(session.uow).digest_hour is not None:
        people = [person for person in on_file(session.uow) if _is_waited_for(session, person)]
    told = request_notices(session, people, NoticeKind.DIGEST)
    session.uow.update(revised(command.row, status="done", lease_owner="", lease_until=None))
    schedule_digest(session, str(tenant_record(session.uow).get("time_zone", "UTC")))
    if told:
        session.evidence.tell("notices", "digest.requested", {"people": told})
    return {"people": len(told)}


def _is_waited_for(session: Session, person: Principal) -> bool:
    return bool(session.uow.open_tasks(person=person.id, roles=person.roles, limit=1))
