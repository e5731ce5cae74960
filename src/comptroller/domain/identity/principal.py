"""Principals and their limits.

A limit says up to which amount, in the group's currency and inclusive, a principal's signature carries one kind of
authority: for some categories or all of them, from a day to a day. The four authorities are different things; one is
never read as another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from comptroller.domain.identity.record import RecordReader
from comptroller.domain.identity.standing_in import Absence, Delegation, absences, delegations_of
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.ids import PersonId

ALL_ENTITIES = "*"

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


class PrincipalKind(StrEnum):
    """What acts; a closed list."""

    PERSON = "person"
    AGENT = "agent"  # an AI agent
    INTEGRATION = "integration"  # another system
    SYSTEM = "system"  # the platform itself


class Authority(StrEnum):
    """What a limit is for; the four never stand for one another."""

    COMMITMENT = "commitment"  # order, contract
    INVOICE = "invoice"  # without an order
    VARIANCE = "variance"  # accepting an exception
    PAYMENT = "payment"  # release


@dataclass(frozen=True, slots=True)
class Limit:
    """One grant of authority: `amount` EUR inclusive; no category means all of them; both days are inclusive."""

    authority: Authority
    amount: Decimal
    categories: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None

    def applies(self, authority: Authority, category: str, on: date) -> bool:
        """Tell whether the grant speaks of this authority and category on this day."""
        return (
            self.authority is authority
            and (not self.categories or category in self.categories)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody or something that acts, as the reference record says it now."""

    id: PersonId
    name: str
    kind: PrincipalKind
    roles: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()  # `*` for all
    limits: tuple[Limit, ...] = ()
    manager: str = ""
    active: bool = True
    absent: tuple[Absence, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    mail: str = ""  # where notices go
    language: str = ""  # of the notices, such as `de`

    def is_absent(self, on: date) -> bool:
        """Tell whether the principal is away on a day."""
        return any(absence.covers(on) for absence in self.absent)

    def works_for(self, entity: str) -> bool:
        """Tell whether the principal may act for an entity; an unknown entity takes one who works for all."""
        return ALL_ENTITIES in self.entities or (entity != "" and entity in self.entities)

    @staticmethod
    def from_body(key: str, body: object) -> "Principal | tuple[Fault, ...]":
        """Read the record `person/<key>`; all its faults where it has any."""
        reader = RecordReader(body, kind="principal", area="PERSON")
        if reader.faults:
            return tuple(reader.faults)
        named, kind = reader.text("id"), reader.choice("kind", PrincipalKind)
        if named and named != key:
            reader.fault("07", "id", f"the record of `{key}` names `{named}`")
        manager = reader.text("manager")
        if manager == key:
            reader.fault("09", "manager", f"`{key}` cannot be their own manager")
        limits = _limits(reader)
        absent, delegations = absences(reader), delegations_of(reader, key)
        name, roles, entities = reader.text("name", required=True), reader.texts("roles"), reader.texts("entities")
        active = reader.truth("active", default=True)
        mail, language = reader.text("mail"), reader.text("language")
        if mail and not is_mail_address(mail):
            reader.fault("14", "mail", f"`{mail}` is no mail address such as `ada@example.com`")
        if language and _LANGUAGE.fullmatch(language) is None:
            reader.fault("15", "language", f"`{language}` is no language such as `en` or `de`")
        reader.finish()
        if reader.faults or kind is None:
            return tuple(reader.faults)
        return Principal(
            id=PersonId(key),
            name=name,
            kind=kind,
            roles=roles,
            entities=entities,
            limits=limits,
            manager=manager,
            active=active,
            absent=absent,
            delegations=delegations,
            mail=mail,
            language=language,
        )


def is_mail_address(text: str) -> bool:
    """Tell whether a text is a mail address as every server takes it: ASCII, one `@`, a domain with a dot.

    SOURCE: RFC 5321, sections 4.1.2 and 4.5.3.1, without quoted local parts, comments and address literals.
    """
    local, _, domain = text.rpartition("@")
    return len(text) <= 254 and len(local) <= 64 and _MAIL.fullmatch(text) is not None and len(domain) <= 253


def limit_for(principal: Principal, authority: Authority, category: str, on: date) -> Decimal | None:
    """Find the amount, inclusive, up to which a principal's signature counts on a day; None for no authority at all.

    The highest grant that applies counts. A document without a category needs a grant for all categories.
    """
    grant = grant_for(principal, authority, category, on)
    return grant.amount if grant is not None else None


def grant_for(principal: Principal, authority: Authority, category: str, on: date) -> Limit | None:
    """Find the grant that a limit rests on."""
    if not principal.active or principal.kind is not PrincipalKind.PERSON:
        return None
    applying = (each for each in principal.limits if each.applies(authority, category, on))
    return max(applying, key=lambda each: each.amount, default=None)


def _limits(reader: RecordReader) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    for position, body in enumerate(reader.objects("limits")):
        inner = RecordReader(body, kind="limit", area=reader.area, path=f"/limits/{position}")
        if not inner.faults:
            limits.extend(_limit(inner))
        reader.faults.extend(inner.faults)
    return tuple(limits)


def _limit(reader: RecordReader) -> Iterator[Limit]:
    authority = reader.choice("authority", Authority)
    valid_from, valid_to = reader.day("valid_from"), reader.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        reader.fault("11", "valid_to", f"the grant ends on {valid_to}, before it begins on {valid_from}")
    amount, categories = reader.amount("amount"), frozenset(reader.texts("categories"))
    reader.finish()
    if authority is not None:
        yield Limit(authority, amount, categories, valid_from, valid_to)
