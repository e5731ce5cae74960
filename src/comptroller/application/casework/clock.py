"""The clock that a case's deadlines go by: the calendar and the zone of its entity."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from comptroller.application.casework.gathering.reading import body_of, zone_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.reference_kinds.calendars import calendar_of as calendar_from
from comptroller.domain.controls.service_hours import ServiceCalendar

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def calendar_of(run: "CaseRun") -> ServiceCalendar:
    """The calendar of the case's entity, on its clock; Monday to Friday from nine to five where none is on file.

    Where nothing has been gathered in this run, as for a change of an order or a payment run, the entity's records are
    read; a case of no entity goes by UTC.
    """
    if run.material is not None:
        return replace(run.material.context.calendar or ServiceCalendar(), zone=run.material.zone)
    return calendar_at(run.session.uow, run.row.entity)


def calendar_at(uow: UnitOfWork, entity: str) -> ServiceCalendar:
    """The calendar of an entity, on its clock; where it has none, or is none, as for a case."""
    if not entity:
        return ServiceCalendar(UTC)
    keys = (f"entity/{entity}", f"calendar/{entity}")
    found = uow.references(keys)
    record, calendar = (body_of(found[key][0]) if found[key] else {} for key in keys)
    return replace(calendar_from(calendar), zone=zone_of(record))


def today_of(run: "CaseRun") -> date:
    """The calendar day at the case's entity."""
    return run.session.now.astimezone(calendar_of(run).zone).date()


def today_at(uow: UnitOfWork, entity: str, now: datetime) -> date:
    """The calendar day at an entity."""
    return now.astimezone(calendar_at(uow, entity).zone).date()
