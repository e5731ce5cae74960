"""Standing in: a person hands the signing of invoices, or of orders and contracts, to another for some days.

A delegation can do no more than both people could: each signature by it is held against its days, entities, categories
and amount, against the delegator's limit and against the delegate's, when the task is asked and again when it is
signed. What could never be used, or would bring two halves of a forbidden pair together, is refused here already.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, Final

from comptroller.application.people.keeping import days_of, end, keep, whose
from comptroller.application.people.records import DELEGATION, principal
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import (
    Authority,
    Principal,
    PrincipalKind,
    conflicts,
    duties_of,
)
from comptroller.domain.identity.duty import DUTY_OF
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import parse_decimal
from comptroller.domain.packs.manifest import DELEGABLE, SIGNATURES

INVOICES: Final = "approval"
AUTHORITY_OF: Final = {INVOICES: (Authority.INVOICE, "invoices"), "release": (Authority.COMMITMENT, "commitments")}
"""What each kind of signature that can be handed on is measured by, and its word."""


@dataclass(frozen=True, slots=True)
class RecordDelegation:
    """A person is stood in for from a day to a day, both included; what is empty bounds nothing more."""

    person: str
    to: str
    start: str
    until: str
    categories: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    amount: str = ""  # in the group's currency, inclusive
    may_pass_on: bool = False
    kinds: tuple[str, ...] = (INVOICES,)  # of signatures: what tasks ask that may be signed by it


@dataclass(frozen=True, slots=True)
class EndDelegation:
    """A person takes back what was handed to another."""

    person: str
    key: str


def record_delegation(session: Session, command: RecordDelegation) -> dict[str, Any] | Refused:
    """Put a delegation down."""
    delegator = whose(session, command.person)
    if isinstance(delegator, Rejection):
        return Refused(delegator)
    days = days_of(session, command.start, command.until)
    if isinstance(days, Rejection):
        return Refused(days)
    refused = _kinds(session, command)
    if refused is not None:
        return Refused(refused)
    delegate = _delegate(session, command)
    if isinstance(delegate, Rejection):
        return Refused(delegate)
    refused = _entities(command, delegator, delegate) or _authority(command, days, (delegator, delegate))
    if refused is not None:
        return Refused(refused)
    body: dict[str, Any] = {
        "to": command.to,
        "from": days[0].isoformat(),
        "until": days[1].isoformat(),
        "categories": sorted(set(command.categories)),
        "entities": sorted(set(command.entities)),
        "may_pass_on": command.may_pass_on,
        "recorded_by": session.caller.id,
    }
    if set(command.kinds) != {INVOICES}:
        body["kinds"] = sorted(set(command.kinds))
    if command.amount:
        body["amount"] = command.amount
    return keep(session, DELEGATION, command.person, body)


def end_delegation(session: Session, command: EndDelegation) -> dict[str, Any] | Refused:
    """End a delegation now; what the delegate has by it and has not signed goes back, or up."""
    return end(session, DELEGATION, command.person, command.key)


def _kinds(session: Session, command: RecordDelegation) -> Rejection | None:
    """Why signatures of a kind are handed to nobody, as policy says."""
    if not command.kinds or not set(command.kinds) <= SIGNATURES:
        message = f"`{', '.join(command.kinds)}` names no kinds of signatures"
        help_ = f"name some of {', '.join(sorted(DELEGABLE))}"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-10", message, help=help_)
    for kind in command.kinds:
        why = session.policy.pack.why_kept(kind)
        if why:
            message = f"a signature of the kind `{kind}` is handed to nobody: {why}"
            return Rejection(RejectionKind.FORBIDDEN, "PEOPLE-DELEGATE-11", message, breach="over own limit")
    return None


def _delegate(session: Session, command: RecordDelegation) -> Principal | Rejection:
    """Who is to stand in: another person, who signs here in their own right and holds nothing that bars it."""
    if command.to == command.person:
        message = "nobody stands in for themselves"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-01", message, help="name another person")
    found = principal(session.uow, command.to)
    if found is None or found.kind is not PrincipalKind.PERSON:
        message = f"`{command.to}` is nobody who works here"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-02", message, help="name an active person by id")
    if command.to == session.caller.id:
        message = "who puts a delegation down for somebody else does not stand in by it"
        return Rejection(RejectionKind.FORBIDDEN, "PEOPLE-DELEGATE-09", message, breach="own request or benefit")
    duties, handed = duties_of(found, session.policy.pack.roles), {DUTY_OF[kind] for kind in command.kinds}
    for rule in conflicts(duties | handed):
        if {rule.first, rule.second} & handed:
            message = f"{found.name} could then {rule.risk} ({rule.id})"
            return Rejection(RejectionKind.FORBIDDEN, "PEOPLE-DELEGATE-04", message, breach="forbidden duty pair")
    if not duties >= handed:
        words = " and ".join(word for kind, (_, word) in AUTHORITY_OF.items() if DUTY_OF[kind] in handed - duties)
        message = f"{found.name} signs no {words} here, so nothing could be signed by the delegation"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-03", message, help="name somebody who signs")
    return found


def _entities(command: RecordDelegation, delegator: Principal, delegate: Principal) -> Rejection | None:
    for entity in command.entities:
        for person in (delegator, delegate):
            if not person.works_for(entity):
                message = f"{person.name} does not work for {entity}"
                return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-05", message)
    return None


def _authority(
    command: RecordDelegation, days: tuple[date, date], people: tuple[Principal, Principal]
) -> Rejection | None:
    """The delegation's amount is above nobody's own limit, and both hold one on its days."""
    amount = parse_decimal(command.amount) if command.amount else None
    if command.amount and (amount is None or amount <= 0):
        message = f"`{command.amount}` is no amount above zero"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-06", message, help="write 20000.00")
    for person, kind in product(people, dict.fromkeys(command.kinds)):
        authority, word = AUTHORITY_OF[kind]
        limit = _highest(person, days, authority)
        if limit is None:
            message = f"{person.name} holds no authority over {word} on these days"
            return Rejection(RejectionKind.INVALID, "PEOPLE-DELEGATE-07", message)
        if amount is not None and amount > limit:
            message = f"the amount is above the own limit of {person.name} over {word}, {limit}"
            return Rejection(RejectionKind.FORBIDDEN, "PEOPLE-DELEGATE-08", message, breach="over own limit")
    return None


def _highest(person: Principal, days: tuple[date, date], authority: Authority) -> Decimal | None:
    """The highest limit of an authority that a person holds on some of the days, whatever the category."""
    start, until = days
    return max(
        (
            each.amount
            for each in person.limits
            if each.authority is authority
            and (each.valid_from is None or each.valid_from <= until)
            and (each.valid_to is None or start <= each.valid_to)
        ),
        default=None,
    )
