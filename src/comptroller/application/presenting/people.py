"""People as pages: who is there, one person with absences and stand-ins, and the forms that put these down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from comptroller.application.casework.gathering import GROUP_CURRENCY
from comptroller.application.people.keeping import today_of, whose
from comptroller.application.people.records import absences_of, delegations_of, known
from comptroller.application.presenting.held_together import held_together_tables
from comptroller.application.presenting.words import Names
from comptroller.application.session import Refused, Session
from comptroller.application.views.forms import (
    CellText,
    FieldGroup,
    FieldKind,
    FieldView,
    FormView,
    LinkView,
    TableView,
)
from comptroller.application.views.standing import Standing
from comptroller.domain.identity import (
    Absence,
    Authority,
    Delegation,
    Duty,
    Principal,
    PrincipalKind,
    duties_of,
)
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import Money

_READS: Final = frozenset({Duty.REFERENCE_READ, Duty.PEOPLE_ADMINISTER})


@dataclass(frozen=True, slots=True)
class ShowPeople:
    """Everybody who works here, with who is away."""


@dataclass(frozen=True, slots=True)
class ShowPerson:
    """One person."""

    person: str


@dataclass(frozen=True, slots=True)
class ShowAbsenceForm:
    """The form by which an absence is put down."""

    person: str


@dataclass(frozen=True, slots=True)
class ShowDelegationForm:
    """The form by which a delegation is put down."""

    person: str


@dataclass(frozen=True, slots=True)
class ShowEnding:
    """What is asked before an absence or a delegation is ended."""

    person: str
    kind: str  # absences, delegations
    key: str


# ---- everybody -----------------------------------------------------------------------------------------------------


def show_people(session: Session, _command: ShowPeople) -> FormView:
    """The active people by name: who is away first."""
    names, today = Names(session), today_of(session)
    found = [known(session.uow, row.key) for row in session.uow.reference_list("person")]
    people = [each for each in found if each is not None and each.active and each.kind is PrincipalKind.PERSON]
    people.sort(key=lambda each: (not each.is_absent(today), each.name))
    away = sum(each.is_absent(today) for each in people)
    return FormView(
        title="People",
        action="",
        button="",
        back=LinkView("Your own page", f"/people/{session.caller.id}"),
        lead=f"{len(people)} people work here, {away} of them {'is' if away == 1 else 'are'} away today.",
        tables=(
            TableView(
                "Who works here",
                ("Person", "Today", "Roles", "For", "Signs invoices up to"),
                tuple(_row(names, each, today) for each in people),
            ),
            *held_together_tables(session, names),
        ),
        place="people",
    )


def _row(names: Names, person: Principal, today: date) -> tuple[CellText, ...]:
    roles = ", ".join(names.role(role) for role in person.roles) or "no role"
    limits = [each.amount for each in person.limits if each.authority is Authority.INVOICE]
    return (
        CellText(person.name, href=f"/people/{person.id}"),
        _today(names, person, today),
        CellText(roles),
        CellText(", ".join(names.entities(person.entities)) or "no entity"),
        CellText(value=max(limits, default=None), currency=GROUP_CURRENCY, is_number=True),
    )


def _today(names: Names, person: Principal, today: date) -> CellText:
    until = max((each.until for each in person.absent if each.covers(today)), default=None)
    if until is None:
        return CellText("there")
    stand_ins = [names.person(each.to) for each in person.delegations if each.start <= today <= each.until]
    told = f"stood in for by {', '.join(dict.fromkeys(stand_ins))}" if stand_ins else "nobody stands in"
    return CellText("Away", standing=Standing.WAITING, sub=f"until {_day(until)}, {told}")


# ---- one person ----------------------------------------------------------------------------------------------------


def show_person(session: Session, command: ShowPerson) -> FormView | Refused:
    """Roles and limits, absences, who stands in, and for whom the person stands in."""
    person = _seen(session, command.person)
    if isinstance(person, Refused):
        return person
    names, today = Names(session), today_of(session)
    here, may_keep = f"/people/{person.id}", not isinstance(whose(session, person.id), Rejection)
    links = (
        (LinkView("Put an absence down", f"{here}/absences"), LinkView("Name a stand-in", f"{here}/delegations"))
        if may_keep
        else ()
    )
    return FormView(
        title=person.name,
        action="",
        button="",
        back=LinkView("People", "/people")
        if _READS & session.caller.duties
        else LinkView("Your settings", "/settings"),
        facts=tuple(_facts(names, person, today)),
        links=links,
        tables=(
            _absences(session, names, person, today, here if may_keep else ""),
            _delegations(session, names, person, today, here if may_keep else ""),
            _stands_in(session, names, person, today),
        ),
        place="people",
    )


def _seen(session: Session, person: str) -> Principal | Refused:
    """A person whom the caller may look at: oneself, or anybody for who reads master data."""
    found = known(session.uow, person) if person == session.caller.id or _READS & session.caller.duties else None
    if found is None:
        message = f"there is no person `{person}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "PEOPLE-UNKNOWN-03", message, help="look in the list"))
    return found


def _facts(names: Names, person: Principal, today: date) -> Iterable[tuple[str, str]]:
    yield "Roles", ", ".join(names.role(role) for role in person.roles) or "no role"
    yield "Works for", ", ".join(names.entities(person.entities)) or "no entity"
    for limit in person.limits:
        if (limit.valid_from or today) <= today <= (limit.valid_to or today):
            within = f" ({', '.join(sorted(limit.categories))})" if limit.categories else ""
            yield f"{limit.authority.capitalize()} up to", f"{Money(limit.amount, GROUP_CURRENCY)}{within}"
    if person.manager:
        yield "Reports to", names.person(person.manager)
    if not person.active:
        yield "State", "has left"


def _absences(session: Session, names: Names, person: Principal, today: date, here: str) -> TableView:
    recorded = absences_of(session.uow, person.id)
    own = {each.absence for each in recorded if not each.ended}
    rows = [
        (
            *_span(each.absence),
            CellText("Planned" if each.planned else "Not planned"),
            CellText(names.person(each.recorded_by)),
            _state(each.absence, today, ended=each.ended),
            _ending(here, "absences", each.key, is_over=each.ended or each.absence.until < today),
        )
        for each in recorded
    ]
    rows += [
        (*_span(each), CellText("Planned"), CellText("Master data"), _state(each, today), CellText(""))
        for each in person.absent
        if each not in own
    ]
    columns = ("From", "Until", "How", "Put down by", "State", "End early")
    return TableView("Away", columns, tuple(rows), "No absence is on file.")


def _delegations(session: Session, names: Names, person: Principal, today: date, here: str) -> TableView:
    recorded = delegations_of(session.uow, person.id)
    own = {each.delegation for each in recorded if not each.ended}
    rows = [
        (
            CellText(names.person(each.delegation.to), href=f"/people/{each.delegation.to}"),
            *_span(each.delegation),
            CellText(_bounds(names, each.delegation)),
            CellText(names.person(each.recorded_by)),
            _state(each.delegation, today, ended=each.ended),
            _ending(here, "delegations", each.key, is_over=each.ended or each.delegation.until < today),
        )
        for each in recorded
    ]
    rows += [
        (
            CellText(names.person(each.to), href=f"/people/{each.to}"),
            *_span(each),
            CellText(_bounds(names, each)),
            CellText("Master data"),
            _state(each, today),
            CellText(""),
        )
        for each in person.delegations
        if each not in own
    ]
    return TableView(
        "Stood in for by",
        ("Person", "From", "Until", "Within", "Put down by", "State", "End early"),
        tuple(rows),
        "Nobody stands in: what is asked during an absence goes up the reporting line.",
        "A stand-in signs while the person is away, and never above either one's own limit.",
    )


def _stands_in(session: Session, names: Names, person: Principal, today: date) -> TableView:
    """Whose delegations lead to the person, now or on days to come."""
    rows = []
    for row in session.uow.reference_list("person"):
        other = known(session.uow, row.key)
        for each in other.delegations if other is not None and other.active else ():
            if each.to == person.id and each.until >= today and other is not None:
                link = CellText(other.name, href=f"/people/{other.id}")
                rows.append((link, *_span(each), CellText(_bounds(names, each)), _state(each, today)))
    columns = ("Person", "From", "Until", "Within", "State")
    return TableView("Stands in for", columns, tuple(rows), "Stands in for nobody.")


def _span(of: Absence | Delegation) -> tuple[CellText, CellText]:
    return CellText(_day(of.start)), CellText(_day(of.until))


def _state(of: Absence | Delegation, today: date, *, ended: bool = False) -> CellText:
    if ended:
        return CellText("Ended", standing=Standing.NEUTRAL)
    if of.until < today:
        return CellText("Over", standing=Standing.NEUTRAL)
    if of.start > today:
        return CellText("To come", standing=Standing.NEUTRAL)
    return CellText("Now", standing=Standing.WAITING)


def _ending(here: str, kind: str, key: str, *, is_over: bool) -> CellText:
    return CellText("End it", href=f"{here}/{kind}/{key}") if here and not is_over else CellText("")


def _bounds(names: Names, delegation: Delegation) -> str:
    told = [", ".join(names.entities(tuple(sorted(delegation.entities)))) or "all entities"]
    told.append(", ".join(sorted(delegation.categories)) or "all categories")
    if delegation.amount is not None:
        told.append(f"up to {Money(delegation.amount, GROUP_CURRENCY)}")
    if delegation.may_pass_on:
        told.append("may be passed on")
    if "release" in delegation.kinds:
        told.append("orders and contracts too" if "approval" in delegation.kinds else "orders and contracts alone")
    return "; ".join(told)


def _day(day: date) -> str:
    return day.isoformat()


# ---- forms ---------------------------------------------------------------------------------------------------------


def show_absence_form(session: Session, command: ShowAbsenceForm) -> FormView | Refused:
    """From when, until when, and whether anybody planned it."""
    person = _seen(session, command.person)
    if isinstance(person, Refused):
        return person
    today = today_of(session).isoformat()
    fields = (
        FieldView("from", "First day away", FieldKind.DAY, value=today),
        FieldView("until", "Last day away", FieldKind.DAY),
        FieldView("unplanned", "Nobody planned it: it begins today", FieldKind.TICK, required=False),
    )
    return _form(
        session,
        person,
        title="Put an absence down",
        button="Put it down",
        action=f"/people/{person.id}/absences",
        lead="From the first day on nothing new is asked of the person. What lies with them goes to a stand-in within "
        "the delegation, back to the group it was taken from, or up the reporting line.",
        fields=fields,
    )


def show_delegation_form(session: Session, command: ShowDelegationForm) -> FormView | Refused:
    """Who stands in, on which days, within which bounds."""
    person = _seen(session, command.person)
    if isinstance(person, Refused):
        return person
    names, today, kept = Names(session), today_of(session).isoformat(), session.policy.pack.why_kept
    entities = sorted(row.key for row in session.uow.reference_list("entity") if person.works_for(row.key))
    fields = (
        FieldView("to", "Who stands in", FieldKind.CHOICE, options=(("", "Choose"), *_signers(session, person))),
        FieldView("from", "First day", FieldKind.DAY, value=today),
        FieldView("until", "Last day", FieldKind.DAY),
        FieldView(
            "entity",
            "Only for",
            FieldKind.CHOICE,
            options=(("", "All entities"), *((key, names.entity(key)) for key in entities)),
            required=False,
        ),
        FieldView("categories", "Only these categories", required=False, hint="With commas: software, marketing"),
        FieldView(
            "amount",
            "Each at most",
            FieldKind.DECIMAL,
            required=False,
            unit=GROUP_CURRENCY,
            hint="Empty: the lower of both people's own limits",
        ),
        FieldView("may_pass_on", "Who stands in may be stood in for", FieldKind.TICK, required=False),
        *(
            []
            if kept("release")
            else [FieldView("releases", "Orders and contracts too", FieldKind.TICK, required=False)]
        ),
    )
    return _form(
        session,
        person,
        title="Name a stand-in",
        button="Put it down",
        action=f"/people/{person.id}/delegations",
        lead="A stand-in signs invoices while the person is away. Nobody signs by it above their own limit, nor above "
        "the person's, nor where either of them has a hand in the case. Payments, changes of policy and changes of "
        "suppliers go to others of the role.",
        fields=fields,
    )


def show_ending(session: Session, command: ShowEnding) -> FormView | Refused:
    """What would end, and what follows."""
    person = _seen(session, command.person)
    if isinstance(person, Refused):
        return person
    facts = _ended(session, person.id, command)
    if not facts:
        message = "there is no such absence or delegation"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "PEOPLE-UNKNOWN-02", message))
    word = "absence" if command.kind == "absences" else "delegation"
    return _form(
        session,
        person,
        title=f"End the {word}",
        button="End it now",
        action=f"/people/{person.id}/{command.kind}/{command.key}",
        lead="What a stand-in has by it and has not signed goes home, or up. What was signed stays as it was; "
        "where more signatures are to come, each is asked again whether it counts.",
        fields=(),
        facts=facts,
    )


def _ended(session: Session, person: str, command: ShowEnding) -> tuple[tuple[str, str], ...]:
    """What an absence or a delegation says; nothing where there is none."""
    names = Names(session)
    if command.kind == "absences":
        for each in absences_of(session.uow, person):
            if each.key == command.key:
                return ("From", _day(each.absence.start)), ("Until", _day(each.absence.until))
    if command.kind == "delegations":
        for handed in delegations_of(session.uow, person):
            if handed.key == command.key:
                by, until = names.person(handed.delegation.to), _day(handed.delegation.until)
                return ("Stands in", by), ("Until", until), ("Within", _bounds(names, handed.delegation))
    return ()


def _form(
    session: Session,
    person: Principal,
    *,
    title: str,
    button: str,
    action: str,
    lead: str,
    fields: tuple[FieldView, ...],
    facts: tuple[tuple[str, str], ...] = (),
) -> FormView:
    refused = whose(session, person.id)
    return FormView(
        title=title,
        action=action,
        button=button,
        groups=(FieldGroup("", fields),) if fields else (),
        back=LinkView(person.name, f"/people/{person.id}"),
        lead=lead,
        facts=facts,
        refusal=refused.message if isinstance(refused, Rejection) else "",
        place="people",
    )


def _signers(session: Session, person: Principal) -> tuple[tuple[str, str], ...]:
    """Who could stand in for somebody: active people who sign in their own right, by name."""
    roles, found = session.policy.pack.roles, []
    for row in session.uow.reference_list("person"):
        other = known(session.uow, row.key)
        if other is None or not other.active or other.id in {person.id, session.caller.id}:
            continue
        if Duty.TASK_APPROVE in duties_of(other, roles):
            titles = ", ".join(roles[role].name for role in other.roles if role in roles)
            found.append((str(other.id), f"{other.name} ({titles})"))
    return tuple(sorted(found, key=lambda each: each[1]))
