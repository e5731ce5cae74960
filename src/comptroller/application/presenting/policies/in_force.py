"""What was in force on a day, as it was known at a moment: the version, who released it, and any of its decisions.

A change that counts from a day in the past takes the place of what was known to count on that day: both are told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from comptroller.application.caller import PACK
from comptroller.application.packs import Study
from comptroller.application.presenting.policies.decision import table_view
from comptroller.application.presenting.policies.elements import (
    expression_of,
    find,
    findings_of,
    inventory,
    key_of,
    logic_lines,
    table_of,
)
from comptroller.application.presenting.policies.listing import entities_shown
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.release import today
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.application.views.corrections import InForceView, VersionTold
from comptroller.domain.kernel.instant import parse_day, parse_instant
from comptroller.domain.packs.timeline import BEGINNING, GROUP, InForce

MOMENT: Final = "2026-03-20T12:00"


@dataclass(frozen=True, slots=True)
class ShowInForce:
    """What counted on a day (today, where none is given), as known at a moment (now, where none is given)."""

    on: str = ""  # YYYY-MM-DD
    known_at: str = ""  # a local time of the tenant's, or RFC 3339 with its offset
    entity: str = ""
    decision: str = ""  # key of one to be shown


def show_in_force(session: Session, command: ShowInForce) -> InForceView:
    """The version, and one of its decisions."""
    names, now = Names(session), today(session)
    on = parse_day(command.on) if command.on else now
    known_at = _moment(session, command.known_at)
    problem = _problem(session, command, is_day=on is not None, is_moment=known_at is not None)
    on, timeline = on or now, timeline_of(session.uow, PACK)
    entity = GROUP if problem else command.entity
    counted = timeline.in_force(entity, on=on, known_at=known_at)
    known_now = timeline.in_force(entity, on=on)
    study = session.environment.packs.version(session.uow, counted.version) if counted is not None else None
    found = find(study, command.decision) if study is not None and command.decision else None
    element = found[1] if found is not None else None
    file = study.file(found[0]) if study is not None and found is not None else None
    table = table_of(element) if element is not None else None
    return InForceView(
        on=on,
        known_at=command.known_at,
        entity=entity,
        entities=tuple(entities_shown(session, names)),
        problem=problem,
        counted=_told(names, counted),
        today=_told(names, known_now) if known_now != counted else None,
        decisions=tuple(_decisions(study)) if study is not None else (),
        decision=key_of(element.name) if element is not None else "",
        name=element.name if element is not None else "",
        table=table_view(file, element, findings_of(file, element), names) if table and file and element else None,
        logic=tuple(logic_lines(expression_of(element))) if element is not None and table is None else (),
    )


def _moment(session: Session, text: str) -> datetime | None:
    if not text:
        return session.now
    zone = str(tenant_record(session.uow).get("time_zone") or "UTC")
    given = parse_instant(text)
    if given is not None:
        return given
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def _problem(session: Session, command: ShowInForce, *, is_day: bool, is_moment: bool) -> str:
    if not is_day:
        return "the day is written YYYY-MM-DD"
    if not is_moment:
        return f"the moment is written like {MOMENT}"
    if command.entity and not session.caller.sees(command.entity):
        return f"you do not work for `{command.entity[:80]}`"
    return ""


def _told(names: Names, entry: InForce | None) -> VersionTold | None:
    if entry is None:
        return None
    return VersionTold(
        entry.version,
        entry.title,
        entry.way.value,
        tuple(map(names.person, entry.signers)),
        entry.valid_from if entry.valid_from != BEGINNING else None,
        entry.recorded_at,
        entry.case_id,
    )


def _decisions(study: Study) -> list[tuple[str, str]]:
    """The decisions of the inventory and their tables, by name."""
    found = {each.name for definitions in study.definitions.values() for each in inventory(definitions)}
    found |= {each.name for _, each in study.elements if table_of(each) is not None}
    return [(key_of(name), name) for name in sorted(found)]
