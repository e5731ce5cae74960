"""What surrounds a page, and the sign-in of a demonstration tenant."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.caller import PACK, policy_in_force
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.words import Names
from comptroller.application.session import Environment, Session
from comptroller.application.views import Chrome, NavigationItem, PeopleGroup, PersonChoice, SignInView
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode

NAVIGATION: Final = (
    ("queue", "My queue", "q", Duty.TASK_READ),
    ("cases", "Cases", "c", Duty.CASE_READ),
    ("exceptions", "Exceptions", "e", Duty.CASE_READ),
    ("overview", "Overview", "o", Duty.CASE_LIST),
    ("evidence", "Evidence", "v", Duty.AUDIT_READ),
)


@dataclass(frozen=True, slots=True)
class ShowChrome:
    """What surrounds the page that is open at a navigation key."""

    current: str


def show_chrome(session: Session, command: ShowChrome) -> Chrome:
    """The tenant, the person, and the way to what else the person may open."""
    about = _tenant(session.uow)
    caller, names = session.caller, Names(session)
    waiting = len(session.uow.open_tasks(person=caller.id, roles=caller.principal.roles, limit=200))
    navigation = tuple(
        NavigationItem(key, title, letter, waiting if key == "queue" else None)
        for key, title, letter, duty in NAVIGATION
        if duty in caller.duties
    )
    entities = () if "*" in caller.principal.entities else tuple(names.entity(e) for e in caller.principal.entities)
    person = PersonChoice(
        caller.id,
        caller.principal.name,
        tuple(names.role(role) for role in caller.principal.roles),
        caller.principal.entities,
        waiting=waiting,
        is_agent=caller.principal.kind == "agent",
    )
    return Chrome(
        tenant=session.uow.tenant,
        tenant_name=str(about.get("name", session.uow.tenant)),
        now=session.now,
        time_zone=str(about.get("time_zone", "UTC")),
        managed_by=str(about.get("managed_by", "")),
        person=person,
        entity_names=entities or ("all entities",),
        navigation=navigation,
        current=command.current,
    )


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


def show_door(environment: Environment, uow: UnitOfWork, onward: str) -> DoorView:
    """The door of a tenant; only a demonstration tenant names its people there."""
    about = _tenant(uow)
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
    return DoorView(chrome, SignInView(_groups(people), onward), str(about.get("colour", "#1d5fa8")), is_demonstration)


def _people(environment: Environment, uow: UnitOfWork) -> tuple[PersonChoice, ...]:
    alias = f"policy/{PACK}"
    policy = policy_in_force(environment.policies, uow, uow.references([alias])[alias])
    roles = policy.pack.roles if policy is not None else {}
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
                tuple(body.get("entities", ())),
                waiting=len(uow.open_tasks(person=row.key, limit=200)),
                is_agent=body["kind"] == "agent",
            )
        )
    return tuple(sorted(choices, key=lambda choice: (-choice.waiting, choice.name)))


def _groups(people: tuple[PersonChoice, ...]) -> tuple[PeopleGroup, ...]:
    """First those who are waited for."""
    busy = tuple(person for person in people if person.waiting)
    idle = tuple(person for person in people if not person.waiting)
    groups = (PeopleGroup("Somebody waits for them", busy), PeopleGroup("Nothing in their queue", idle))
    return tuple(group for group in groups if group.people)


def _tenant(uow: UnitOfWork) -> dict[str, Any]:
    rows = uow.references(["tenant/self"])["tenant/self"]
    body: Any = decode(rows[0].body) if rows else {}
    assert isinstance(body, dict)
    return body
