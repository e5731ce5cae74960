"""Absences, and delegations: what a principal hands to another for some days.

A delegation makes nobody's authority higher: what is signed by it is within its own bounds, within the delegator's
limit and within the delegate's. It ends with the delegate, unless it says that it may be passed on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from comptroller.domain.identity.record import RecordReader


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a principal is away, both inclusive."""

    start: date
    until: date

    def covers(self, on: date) -> bool:
        """Tell whether a day lies in the absence."""
        return self.start <= on <= self.until


INVOICES: Final = frozenset({"approval"})
"""What a delegation is of that does not say it."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """What a principal hands to another for some days, both inclusive; no category or entity means all of them.

    `amount`, in the group's currency and inclusive, bounds what each signature by it may be for; None for no bound
    beside both people's own limits. `kinds` are the kinds of tasks that are signed by it.
    """

    to: str
    start: date
    until: date
    categories: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    amount: Decimal | None = None
    may_pass_on: bool = False
    kinds: frozenset[str] = INVOICES

    def applies(self, entity: str, category: str, on: date) -> bool:
        """Tell whether the delegation speaks of this entity and category on this day."""
        return (
            self.start <= on <= self.until
            and (not self.categories or category in self.categories)
            and (not self.entities or entity in self.entities)
        )

    def reaches(self, amount: Decimal | None) -> bool:
        """Tell whether the delegation's own bound lets a signature be for an amount."""
        return amount is not None and (self.amount is None or amount <= self.amount)


def absences(reader: RecordReader) -> tuple[Absence, ...]:
    """Read the member `absent` of a principal's record."""
    found: list[Absence] = []
    for inner in _readers(reader, "absent", "absence"):
        absence = read_absence(inner)
        inner.finish()
        reader.faults.extend(inner.faults)
        found.extend([absence] if absence else [])
    return tuple(found)


def delegations_of(reader: RecordReader, delegator: str) -> tuple[Delegation, ...]:
    """Read the member `delegations` of a principal's record."""
    found: list[Delegation] = []
    for inner in _readers(reader, "delegations", "delegation"):
        delegation = read_delegation(inner, delegator)
        inner.finish()
        reader.faults.extend(inner.faults)
        found.extend([delegation] if delegation else [])
    return tuple(found)


def read_absence(reader: RecordReader) -> Absence | None:
    """Read an absence; None where a day of it is missing."""
    days = _days(reader)
    return Absence(*days) if days else None


def read_delegation(reader: RecordReader, delegator: str) -> Delegation | None:
    """Read a delegation of somebody; None where a day of it is missing."""
    to, days = reader.text("to", required=True), _days(reader)
    if to == delegator:
        reader.fault("13", "to", f"`{delegator}` cannot delegate to themselves")
    categories, entities = frozenset(reader.texts("categories")), frozenset(reader.texts("entities"))
    amount = reader.amount("amount") if reader.has("amount") else None
    may_pass_on = reader.truth("may_pass_on", default=False)
    kinds = frozenset(reader.texts("kinds")) or INVOICES
    return Delegation(to, *days, categories, entities, amount, may_pass_on, kinds) if days else None


def _readers(reader: RecordReader, member: str, kind: str) -> Iterable[RecordReader]:
    """A reader of each object of a list; one that is no object is told and left out."""
    for position, body in enumerate(reader.objects(member)):
        inner = RecordReader(body, kind=kind, area=reader.area, path=f"/{member}/{position}")
        if inner.faults:
            reader.faults.extend(inner.faults)
        else:
            yield inner


def _days(reader: RecordReader) -> tuple[date, date] | None:
    """Read `from` and `until`, which are both needed: nothing of this kind is without an end."""
    start, until = reader.day("from", required=True), reader.day("until", required=True)
    if start is None or until is None:
        return None
    if until < start:
        reader.fault("12", "until", f"the {reader.kind} ends on {until}, before it begins on {start}")
    return start, until
