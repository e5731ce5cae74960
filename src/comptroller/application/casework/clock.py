"""The clock that a case's deadlines go by: the calendar and the zone of its entity."""

from dataclasses import replace
from datetime import UTC, date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from comptroller.application.casework.gathering.reading import body_of
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
    if not run.row.entity:
        return ServiceCalendar(UTC)
    keys = (f"entity/{run.row.entity}", f"calendar/{run.row.entity}")
    found = run.session.uow.references(keys)
    entity, calendar = (body_of(found[key][0]) if found[key] else {} for key in keys)
    return replace(calendar_from(calendar), zone=ZoneInfo(entity.get("time_zone", "UTC")))


def today_of(run: "CaseRun") -> date:
    """The calendar day at the case's entity."""
    return run.session.now.astimezone(calendar_of(run).zone).date()
