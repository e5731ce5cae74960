"""What surrounds a page, and the sign-in of a demonstration tenant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

from comptroller.application.acting.undoing import ACT, acts_under_way, given_by
from comptroller.application.caller import policy_in_force
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.paging import LISTED_MAX
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import ACTION_DONE, Names, summary_of
from comptroller.application.records import CaseRow, ReferenceRow, TaskRow
from comptroller.application.session import Caller, Environment, Session
from comptroller.application.views import (
    Chrome,
    NavigationItem,
    Notice,
    PeopleGroup,
    PersonChoice,
    SignInView,
    Standing,
)
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode

NAVIGATION: Final = (
    ("queue", "My queue", "q", {Duty.TASK_READ}),
    ("intake", "Hand in", "h", {Duty.DOCUMENT_SUBMIT}),
    ("cases", "Cases", "c", {Duty.CASE_LIST}),
    ("exceptions", "Exceptions", "e", {Duty.CASE_READ}),
    ("ledger", "Ledger", "l", {Duty.JOURNAL_READ}),
    ("payments", "Payments", "y", {Duty.JOURNAL_READ}),
    ("agreements", "Agreements", "a", {Duty.REFERENCE_READ}),
    ("suppliers", "Suppliers", "p", {Duty.REFERENCE_READ}),
    ("policies", "Policies", "d", {Duty.POLICY_READ}),
    ("processes", "Processes", "r", {Duty.CASE_LIST, Duty.CASE_MIGRATE}),
    ("incidents", "Incidents", "n", {Duty.CASE_REPAIR}),
    ("overview", "Overview", "o", {Duty.CASE_LIST}),
    ("insight", "Insight", "i", {Duty.CASE_LIST}),
    ("evidence", "Evidence", "v", {Duty.AUDIT_READ}),
    ("people", "People", "w", {Duty.REFERENCE_READ, Duty.PEOPLE_ADMINISTER}),
)


NEUTRAL_COLOUR: Final = "#1d5fa8"


@dataclass(frozen=True, slots=True)
class ShowChrome:
    """What surrounds the page that is open at a navigation key, after a task was answered."""

    current: str
    answered: str = ""


def show_chrome(session: Session, command: ShowChrome) -> Chrome:
    """The tenant, the person, and the way to what else the person may open."""
    about = tenant_record(session.uow)
    caller, names = session.caller, Names(session)
    tasks = session.uow.open_tasks(person=caller.id, roles=caller.principal.roles, limit=LISTED_MAX + 1)
    found = len({task.task_id for task in tasks} - acts_under_way(session).keys())
    waiting, is_more = min(found, LISTED_MAX), found > LISTED_MAX
    navigation = tuple(
        NavigationItem(key, title, letter, waiting if key == "queue" and waiting else None, is_more and key == "queue")
        for key, title, letter in places_of(caller)
    )
    person = PersonChoice(
        caller.id,
        caller.principal.name,
        tuple(names.role(role) for role in caller.principal.roles),
        names.entities(caller.principal.entities),
        waiting=waiting,
    )
    return Chrome(
        tenant=session.uow.tenant,
        tenant_name=str(about.get("name", session.uow.tenant)),
        now=session.now,
        time_zone=str(about.get("time_zone", "UTC")),
        managed_by=str(about.get("managed_by", "")),
        person=person,
        entity_names=names.entities(caller.principal.entities),
        navigation=navigation,
        current=command.current,
        notice=_notice(session, command.answered),
    )


def places_of(caller: Caller) -> Iterator[tuple[str, str, str]]:
    """The places that somebody may open: key, title and letter."""
    for key, title, letter, duties in NAVIGATION:
        if duties & caller.duties:
            yield key, title, letter


def _notice(session: Session, task_id: str) -> Notice | None:
    """What the caller's answer to a task did, read from the task itself: an address cannot claim what was not done."""
    task = session.uow.task(task_id) if task_id else None
    case = session.uow.case(task.case_id) if task is not None else None
    if task is None or case is None or not (session.caller.sees(case.entity) or task.person == session.caller.id):
        return None
    if task.status == "done" and task.closed_by == session.caller.id:
        done = ACTION_DONE.get(task.action, task.action)
        text = f"{done}: {_about(case)}. Now: {summary_of(case).lower()}."
        return Notice(text, Standing.PASSED, case.case_id)
    if task.status == "open":
        return _notice_of_act(session, task, case)
    if task.status == "void":
        text = f"Not signed: the controls no longer say what they said when {_about(case)} was put before you."
        return Notice(text, Standing.NOTED, case.case_id)
    return None


def _notice_of_act(session: Session, task: TaskRow, case: CaseRow) -> Notice | None:
    """What becomes of the caller's answer that had no effect yet, and what became of one that was refused later."""
    row = acts_under_way(session).get(task.task_id)
    if row is not None and given_by(row) == session.caller.id:
        payload: Any = decode(row.payload)
        left = max(ceil((row.not_before - session.machine_now).total_seconds()), 1)
        done = ACTION_DONE.get(payload["action"], payload["action"])
        text = f"{done}: {_about(case)}. It takes effect in {left} second{'s' * (left > 1)}."
        undo = f"/cases/{case.case_id}/acts/undo?task={task.task_id}" if row.status == "pending" else ""
        return Notice(text, Standing.WAITING, case.case_id, undo, task.task_id, left)
    given = [each for each in session.uow.case_outbox(case.case_id) if each.kind == ACT]
    last = next((each for each in reversed(given) if each.target == task.task_id), None)
    if row is None and last is not None and last.status == "done" and given_by(last) == session.caller.id:
        text = f"Not done: when the time of your answer to {_about(case)} came, it was refused. Its timeline says why."
        return Notice(text, Standing.STOPPED, case.case_id)
    return None


def _about(case: CaseRow) -> str:
    return f"{case.number or 'the document'} of {(case.supplier_name or case.supplier).removesuffix('.')}"


@dataclass(frozen=True, slots=True)
class DoorView:
    """What somebody who has not signed in may know of a tenant."""

    chrome: Chrome
    sign_in: SignInView
    colour: str
    is_demonstration: bool

    @property
    def people(self) -> frozenset[str]:
        """Whom one may choose to be."""
        return frozenset(person.id for group in self.sign_in.groups for person in group.people)


def neutral_door(now: datetime, onward: str) -> DoorView:
    """A door that names no tenant: which one it is, the API key says."""
    chrome = Chrome(tenant="", tenant_name="Comptroller", now=now, time_zone="UTC")
    return DoorView(chrome, SignInView((), onward, is_demonstration=False), NEUTRAL_COLOUR, is_demonstration=False)


def show_door(environment: Environment, uow: UnitOfWork, onward: str) -> DoorView:
    """The door of a tenant; only a demonstration tenant names its people there."""
    about = tenant_record(uow)
    now = environment.clock.now(uow)
    chrome = Chrome(
        tenant=uow.tenant,
        tenant_name=str(about.get("name", uow.tenant)),
        now=now,
        time_zone=str(about.get("time_zone", "UTC")),
        managed_by=str(about.get("managed_by", "")),
    )
    is_demonstration = "clock_start" in about
    people = _people(environment, uow) if is_demonstration else ()
    return DoorView(
        chrome,
        SignInView(_groups(people), onward, is_demonstration=is_demonstration),
        str(about.get("colour", NEUTRAL_COLOUR)),
        is_demonstration,
    )


def _people(environment: Environment, uow: UnitOfWork) -> tuple[PersonChoice, ...]:
    policy = policy_in_force(environment.policies, uow)
    roles = policy.pack.roles if policy is not None else {}
    entities: dict[str, str] = {row.key: _name(row) for row in uow.reference_list("entity")}
    choices = []
    for row in uow.reference_list("person"):
        body: Any = decode(row.body)
        if body["kind"] not in {"person", "agent"}:
            continue
        titles = tuple(roles[role].name for role in body.get("roles", ()) if role in roles)
        choices.append(
            PersonChoice(
                row.key,
                body["name"],
                titles,
                tuple("all entities" if key == "*" else entities.get(key, key) for key in body.get("entities", ())),
                waiting=len(uow.open_tasks(person=row.key, limit=200)),
            )
        )
    return tuple(sorted(choices, key=lambda choice: (-choice.waiting, choice.name)))


def _name(row: ReferenceRow) -> str:
    body: Any = decode(row.body)
    return str(body.get("name") or row.key)


def _groups(people: tuple[PersonChoice, ...]) -> tuple[PeopleGroup, ...]:
    """First those who are waited for."""
    busy = tuple(person for person in people if person.waiting)
    idle = tuple(person for person in people if not person.waiting)
    groups = (PeopleGroup("Somebody waits for them", busy), PeopleGroup("Nothing in their queue", idle))
    return tuple(group for group in groups if group.people)
