"""When somebody comes, goes or leaves: their open tasks are looked at, so that none waits for who is not there.

A person has one row in the outbox for each day on which an absence or a delegation begins or has ended, and one at
once whenever something about the person changes. Each of the tasks is then looked at in a unit of work of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.watching import look_at_holder
from comptroller.application.outbox import outbox_row
from comptroller.application.people.records import delegations_of, known
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.records import OutboxRow, TaskRow, revised
from comptroller.application.session import Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode

PERSON: Final = "person"
HOLDER: Final = "holder"
"""The kinds of outbox rows that end here."""


@dataclass(frozen=True, slots=True)
class LookAfterPerson:
    """Somebody has come, gone or left."""

    row: OutboxRow


@dataclass(frozen=True, slots=True)
class LookAfterTask:
    """Who has a task may not be there any more."""

    row: OutboxRow


def look_after_person(session: Session, person: str) -> None:
    """Have somebody's tasks looked at now, and on each day on which an absence or a delegation begins or has ended."""
    chance = session.environment.chance
    session.uow.insert(outbox_row(session, chance.identifier(session.now), PERSON, person, {}))
    zone = ZoneInfo(str(tenant_record(session.uow).get("time_zone", "UTC")))
    for day in _days(session, person):
        at = datetime.combine(day, time(), zone)
        identifier = f"person.{person}.{day.isoformat()}"
        if at > session.now and session.uow.outbox(identifier) is None:
            session.uow.insert(outbox_row(session, identifier, PERSON, person, {}, due=at))


def _days(session: Session, person: str) -> tuple[date, ...]:
    found = known(session.uow, person)
    if found is None:
        return ()
    spans = [(each.start, each.until) for each in found.absent]
    spans += [(each.start, each.until) for each in found.delegations]
    return tuple(dict.fromkeys(day for start, until in spans for day in (start, until + timedelta(days=1))))


def look_after_tasks(session: Session, command: LookAfterPerson) -> dict[str, Any]:
    """Put each open task of a person, and each that somebody has by the person's delegation, in hand."""
    row, count = command.row, 0
    for task in _tasks(session, row.target):
        identifier = session.environment.chance.identifier(session.now)
        session.uow.insert(outbox_row(session, identifier, HOLDER, task.task_id, {}, case_id=task.case_id))
        count += 1
    session.uow.update(revised(row, status="done", lease_owner="", lease_until=None))
    return {"tasks": count}


def _tasks(session: Session, person: str) -> Iterator[TaskRow]:
    yield from _held(session, person)
    for delegate in sorted(_reached(session, person) - {person}):
        for task in _held(session, delegate):
            detail: Any = decode(task.detail)
            if person in (detail["item"].get("chain") or ()):
                yield task


def _reached(session: Session, person: str) -> set[str]:
    """Everybody to whom delegations lead or led from a person, passed on or not."""
    reached: set[str] = set()
    waiting = [person]
    while waiting:
        one = waiting.pop()
        if one in reached:
            continue
        reached.add(one)
        found = known(session.uow, one)
        waiting += [each.to for each in found.delegations] if found is not None else []
        waiting += [each.delegation.to for each in delegations_of(session.uow, one)]
    return reached


def _held(session: Session, person: str) -> Iterator[TaskRow]:
    after = ""
    while rows := session.uow.open_tasks(person=person, after=after, limit=limits.PAGE_SIZE_MAX):
        yield from rows
        if len(rows) < limits.PAGE_SIZE_MAX:
            return
        after = rows[-1].task_id


def look_after_task(session: Session, command: LookAfterTask) -> dict[str, Any]:
    """See whether who has a task is there; one that was answered or taken back is left alone."""
    row, done = command.row, ""
    case = session.uow.case(row.case_id)
    if case is not None and case.status == "waiting":
        run = resume_case(session, case)
        task = session.uow.task(row.target)
        if task is not None and task.status == "open":
            if run.has_document:
                run.gather()
            done = look_at_holder(run, task)
            run.close()
    session.uow.update(revised(row, status="done", lease_owner="", lease_until=None))
    return {"done": done}
