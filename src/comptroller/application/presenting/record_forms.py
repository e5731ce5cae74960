"""Contracts, recurring agreements, schedules and budgets as people see them, each with the form that changes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.commitment import RELEASED
from comptroller.application.casework.gathering import GROUP_CURRENCY
from comptroller.application.presenting.codes import UNITS
from comptroller.application.presenting.purchasing import NO_ENTRY, pending_change, taken_of, versions_table
from comptroller.application.presenting.words import Names
from comptroller.application.record_specs import SPECS, FieldSpec, RecordSpec, shown_in
from comptroller.application.records import ReferenceRow
from comptroller.application.reference_kinds import KINDS
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
from comptroller.domain.controls.balances import ceiling_key
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import ZERO

ROWS_MAX: Final = 200
CONTRACT_STATES: Final = (("active", "Active"), ("cancelled", "Cancelled"))
NO_IMPORT: Final = "it comes with the master data: changing it takes the duty to import them, which you do not hold"


@dataclass(frozen=True, slots=True)
class ShowRecordForm:
    """A record of one kind with the form that changes it; without a key, the form for a new one."""

    kind: str
    key: str = ""
    rows: int = 0  # of its list; 0: those on file and an empty one


@dataclass(frozen=True, slots=True)
class ShowAgreements:
    """What is agreed and what is budgeted."""


def path_of(kind: str, key: str) -> str:
    """Where a record has its page."""
    return f"/agreements/{key}/schedule" if kind == "schedule" else f"/{kind}s/{key}"


def show_record_form(session: Session, command: ShowRecordForm) -> FormView | Refused:
    """The record in force, or an empty form."""
    spec, versions = SPECS[command.kind], session.uow.reference_versions(command.kind, command.key)
    agreement = _on_file(session, "agreement", command.key) if command.kind == "schedule" else {}
    body = _body(versions[-1]) if versions else {}
    entity = str(body.get("entity") or agreement.get("entity") or "")
    is_unknown = bool(command.key) and not versions and not agreement
    if is_unknown or (entity and not session.caller.sees(entity)):
        message = f"there is no {spec.title.lower()} `{command.key}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, f"{command.kind.upper()}-UNKNOWN-01", message))
    names, currency = Names(session), str(body.get("currency") or agreement.get("currency") or "")
    shown = shown_in(spec, body)
    options = _options(session, entity)
    asked = spec.fields if command.key else (*spec.names, *spec.fields)
    groups = (
        [FieldGroup("", tuple(_field(each, each.name, shown, options, currency) for each in asked))] if asked else []
    )
    return FormView(
        title=_title(spec, command.key, body),
        action=path_of(command.kind, command.key or "new"),
        button=f"{'Amend' if versions else 'Enter'} the {spec.title.lower()}",
        back=LinkView("Agreements and budgets", "/agreements"),
        lead=spec.lead,
        facts=_facts(names, spec, {**agreement, **body}, versions),
        links=_links(session, command.kind, command.key, body),
        groups=(*groups, *_row_groups(spec, body, shown, options, currency, command.rows)),
        hidden=(("version", str(versions[-1].version if versions else 0)),),
        refusal=_refusal(session, command.kind, command.key),
        place="agreements",
        tables=(
            *_tables(session, command.kind, command.key, body),
            *((versions_table(names, versions),) if versions else ()),
        ),
    )


def _title(spec: RecordSpec, key: str, body: Mapping[str, Any]) -> str:
    if not key:
        return f"New {spec.title.lower()}"
    if spec.kind == "budget":
        return f"Budget of {body['cost_centre']}, {body['year']}"
    return f"{spec.title} {key}"


def _field(
    spec: FieldSpec,
    name: str,
    shown: Mapping[str, str],
    options: Mapping[str, tuple[tuple[str, str], ...]],
    currency: str,
) -> FieldView:
    told = options.get(spec.name, ())
    value = shown.get(name, spec.default)
    if told and value and value not in dict(told):
        told = (*told, (value, value))
    label = f"{spec.label}, {currency}" if currency and spec.name in {"amount", "ceiling", "price"} else spec.label
    return FieldView(
        name, label, spec.kind, value, told, spec.hint, required=spec.required, wide=spec.kind is FieldKind.WORDS
    )


def _options(session: Session, entity: str) -> dict[str, tuple[tuple[str, str], ...]]:
    names, uow = Names(session), session.uow
    entities = tuple(
        (row.key, names.entity(row.key)) for row in uow.reference_list("entity") if session.caller.sees(row.key)
    )
    centres = [(row.key, _body(row)) for row in uow.reference_list("cost-centre")]
    people = [(row.key, _body(row)) for row in uow.reference_list("person")]
    return {
        "entity": entities,
        "cost_centre": (
            ("", "No cost centre"),
            *((key, f"{key} {body['name']}") for key, body in centres if not entity or body["entity"] == entity),
        ),
        "owner": (
            ("", "Nobody"),
            *((key, str(body["name"])) for key, body in people if body.get("kind", "person") == "person"),
        ),
        "status": CONTRACT_STATES,
        "unit": tuple(UNITS.items()),
    }


def _row_groups(
    spec: RecordSpec,
    body: Mapping[str, Any],
    shown: Mapping[str, str],
    options: Mapping[str, tuple[tuple[str, str], ...]],
    currency: str,
    wanted: int,
) -> Iterator[FieldGroup]:
    """The rows on file and an empty one, or as many as were asked for."""
    if spec.rows is None:
        return
    count = min(wanted or len(body.get(spec.rows.part) or ()) + 1, ROWS_MAX)
    fields = tuple(
        _optional(_field(each, f"{spec.rows.part}-{place}-{each.name}", shown, options, currency))
        for place in range(1, count + 1)
        for each in spec.rows.fields
    )
    yield FieldGroup(spec.rows.title, fields, more=spec.rows.more if count < ROWS_MAX else "")


def _optional(view: FieldView) -> FieldView:
    """A row that is left empty is left out."""
    return FieldView(view.name, view.label, view.kind, view.value, view.options, required=False)


def _refusal(session: Session, kind: str, key: str) -> str:
    if kind in RELEASED and key and (waiting := pending_change(session, kind, key)):
        return waiting
    if KINDS[kind].duties & session.caller.duties:
        return ""
    return NO_ENTRY if Duty.ORDER_AMEND in KINDS[kind].duties else NO_IMPORT


def _facts(
    names: Names, spec: RecordSpec, body: Mapping[str, Any], versions: Sequence[ReferenceRow]
) -> tuple[tuple[str, str], ...]:
    if not body:
        return ()
    shown = [each for each in spec.names if each.name != "number" and each.name in body]
    told = [(each.label, _named(names, each.name, str(body[each.name]))) for each in shown]
    if spec.kind == "schedule":
        told.append(("Supplier", names.told(str(body.get("supplier", "")))))
    if body.get("owner") and spec.kind != "budget":
        told.append(("Owner", names.person(str(body["owner"]))))
    if spec.kind in {"contract", "agreement"}:
        told.append(("Released by", names.person(str(body.get("released_by") or "")) or "nobody"))
    return (*told, *((("Version", str(versions[-1].version)),) if versions else ()))


def _named(names: Names, field: str, value: str) -> str:
    return {"supplier": names.told, "entity": names.entity}.get(field, str)(value)


def _links(session: Session, kind: str, key: str, body: Mapping[str, Any]) -> tuple[LinkView, ...]:
    supplier = body.get("supplier")
    about = (LinkView("Supplier", f"/suppliers/{supplier}"),) if supplier else ()
    match kind:
        case "agreement" if key:
            has = bool(session.uow.references([f"schedule/{key}"])[f"schedule/{key}"])
            return (LinkView("Schedule" if has else "Enter a schedule", path_of("schedule", key)), *about)
        case "schedule":
            return (LinkView("Agreement", path_of("agreement", key)),)
        case _:
            return about


def _tables(session: Session, kind: str, key: str, body: Mapping[str, Any]) -> tuple[TableView, ...]:
    """What is used of it, where something is counted."""
    if not body or kind not in {"contract", "budget"}:
        return ()
    whole, used = whole_and_used(session, kind, key, body)
    currency = str(body["currency"]) if kind == "contract" else GROUP_CURRENCY
    left = None if whole is None else whole - used
    row = tuple(CellText(value=value, currency=currency, is_number=True) for value in (whole, used, left))
    heads = ("Ceiling" if kind == "contract" else "Budget with what is carried over", "Used", "Left")
    return (TableView("What is used of it", heads, (row,)),)


def whole_and_used(session: Session, kind: str, key: str, body: Mapping[str, Any]) -> tuple[Decimal | None, Decimal]:
    """A contract's ceiling or a budget, and what is used of it: here by cases, elsewhere as its record says."""
    if kind == "contract":
        balance = ceiling_key(None, key)
        ceiling = Decimal(body["ceiling"]) if body.get("ceiling") is not None else None
        return ceiling, taken_of(session, [balance])[balance] + _sum(body, "consumed")
    balance = f"budget/{key}"
    return _sum(body, "amount", "carry_over"), taken_of(session, [balance])[balance] + _sum(body, "committed", "actual")


def _sum(body: Mapping[str, Any], *names: str) -> Decimal:
    return sum((Decimal(body.get(name) or 0) for name in names), ZERO)


def show_agreements(session: Session, _command: ShowAgreements) -> FormView:
    """Every contract, recurring agreement and budget of the entities that the caller works for."""
    names = Names(session)
    known = {
        kind: [
            (row.key, body)
            for row in session.uow.reference_list(kind)
            if session.caller.sees((body := _body(row))["entity"])
        ]
        for kind in ("contract", "agreement", "budget")
    }
    made = tuple(
        LinkView(f"New {SPECS[kind].title.lower()}", path_of(kind, "new"))
        for kind in known
        if KINDS[kind].duties & session.caller.duties
    )
    return FormView(
        title="Agreements and budgets",
        action="",
        button="",
        lead="What is agreed with suppliers for longer than one order, and what may be spent in a year.",
        links=made,
        place="agreements",
        tables=(
            _contracts(session, names, known["contract"]),
            _agreements(names, known["agreement"]),
            _budgets(session, names, known["budget"]),
        ),
    )


Records = Sequence[tuple[str, Mapping[str, Any]]]


def _contracts(session: Session, names: Names, records: Records) -> TableView:
    rows = []
    for key, body in records:
        whole, used = whole_and_used(session, "contract", key, body)
        left, currency = None if whole is None else whole - used, body["currency"]
        rows.append((_link("contract", names, key, body), _money(left, currency), _money(whole, currency), _ends(body)))
    return TableView("Contracts", ("Contract", "Left", "Ceiling", "Until"), tuple(rows), "No contract is on file.")


def _agreements(names: Names, records: Records) -> TableView:
    rows = []
    for key, body in records:
        months, amount = int(body.get("months", 1)), body.get("amount")
        often = "by its schedule" if amount is None else "every month" if months == 1 else f"every {months} months"
        told = _money(None if amount is None else Decimal(amount), body["currency"])
        rows.append((_link("agreement", names, key, body), told, CellText(often), _ends(body)))
    columns = ("Agreement", "Amount", "How often", "Until")
    return TableView("Recurring agreements", columns, tuple(rows), "No recurring agreement is on file.")


def _link(kind: str, names: Names, key: str, body: Mapping[str, Any]) -> CellText:
    about = f"{names.supplier(body['supplier'])}, {names.entity(body['entity'])}"
    return CellText(key, href=path_of(kind, key), sub=about)


def _ends(body: Mapping[str, Any]) -> CellText:
    return CellText(body.get("valid_to") or "open")


def _budgets(session: Session, names: Names, records: Records) -> TableView:
    rows = []
    for key, body in records:
        whole, used = whole_and_used(session, "budget", key, body)
        left = None if whole is None else whole - used
        centre = _on_file(session, "cost-centre", body["cost_centre"]).get("name", "")
        about = ", ".join(filter(None, (str(centre), names.entity(body["entity"]))))
        rows.append(
            (
                CellText(f"{body['cost_centre']}, {body['year']}", href=path_of("budget", key), sub=about),
                *(_money(value, GROUP_CURRENCY) for value in (left, whole, used)),
                CellText(names.person(body.get("owner", ""))),
            )
        )
    columns = ("Cost centre", "Left", "Budget", "Used", "Owner")
    return TableView("Budgets", columns, tuple(rows), "No budget is on file.")


def _money(value: Decimal | None, currency: str) -> CellText:
    return CellText(value=value, currency=currency, is_number=True)


def _on_file(session: Session, kind: str, key: str) -> dict[str, Any]:
    rows = session.uow.references([f"{kind}/{key}"])[f"{kind}/{key}"]
    return dict(_body(rows[0])) if rows else {}


def _body(row: ReferenceRow) -> Mapping[str, Any]:
    body: Any = decode(row.body)
    return dict(body)
