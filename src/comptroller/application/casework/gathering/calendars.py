"""The calendar of the entity that received the document."""

from typing import TYPE_CHECKING

from comptroller.application.casework.gathering.reading import Found, body_of
from comptroller.application.reference_kinds.calendars import calendar_of
from comptroller.domain.controls.service_hours import ServiceCalendar

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known


def aliases(known: "Known") -> tuple[str, ...]:
    """A calendar is kept under its entity's code."""
    return (f"calendar/{known.entity.code}",) if known.entity else ()


def build(known: "Known", found: Found) -> ServiceCalendar | None:
    """When the entity's people are at work; None where no calendar is on file."""
    for alias in aliases(known):
        for row in found.get(alias, ()):
            return calendar_of(body_of(row))
    return None
