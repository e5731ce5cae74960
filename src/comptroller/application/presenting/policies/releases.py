"""Releases of policy as their page shows them: what was asked for, the calendar, and what was in force from when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from comptroller.application.presenting.policies.calendar import ShowCalendar, show_calendar
from comptroller.application.presenting.policies.overrides import ShowOverrides, show_overrides
from comptroller.application.presenting.policies.rollback import ShowRollback, show_rollback
from comptroller.application.presenting.policies.states import STANDING_OF_STATE
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.queries import (
    ListPolicyRequests,
    ListPolicyVersions,
    list_policy_requests,
    list_policy_versions,
)
from comptroller.application.releasing.states import PolicyState
from comptroller.application.session import Session
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.timeline import BEGINNING, Way


@dataclass(frozen=True, slots=True)
class ShowReleases:
    """What is asked for and what was released, with half a year from a month on, written YYYY-MM."""

    month: str = ""


def show_releases(session: Session, command: ShowReleases) -> dict[str, Any]:
    """The requests and the timeline, the newest first, with the names of people and entities."""
    names = Names(session)
    asked: Any = list_policy_requests(session, ListPolicyRequests())
    released = list_policy_versions(session, ListPolicyVersions())["versions"]
    rollback: Any = show_rollback(session, ShowRollback())
    return {
        "asked": [_asked(names, each) for each in asked["requests"]],
        "released": [_released(names, each) for each in released],
        "calendar": show_calendar(session, ShowCalendar(command.month)),
        "overrides": show_overrides(session, ShowOverrides()),
        "on_trial": any(each["way"] == Way.TRIAL and each["in_force"] for each in released),
        "can_go_back": not rollback.refusal,
    }


def _asked(names: Names, each: dict[str, Any]) -> dict[str, Any]:
    last = each["states"][-1]
    return {
        **each,
        "entity": names.entity(each["entity"]),
        "day": date.fromisoformat(each.get("starts") or each["valid_from"]),
        "state": each["state"].capitalize(),
        "standing": STANDING_OF_STATE[PolicyState(each["state"])],
        "since": parse_instant(last["since"]),
        "by": _people(names, last["by"]),
        "told": last["told"],
        "authors": _people(names, each["authors"]),
        "signed_by": _people(names, [given["person"] for given in each["signatures"]]),
    }


def _released(names: Names, each: dict[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat(each["valid_from"])
    about = {"entity": names.entity(each["entity"]), "signed_by": _people(names, each["signed_by"])}
    return {**each, **about, "day": day if day != BEGINNING else None}


def _people(names: Names, people: list[str]) -> list[str]:
    return [names.person(person) for person in people]
