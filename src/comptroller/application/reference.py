"""Bringing in reference data: suppliers, orders, receipts, people.

Each record is versioned; the newest version is in force and all are kept. Who brings a record in decides what happens:
an import is taken as released by the system it comes from; a buyer's amendment of an order first runs through the
order's own release by somebody else. Cases that wait on the record are called up again by a message in the outbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptroller.application.casework.commitment import RELEASED
from comptroller.application.casework.master_data import open_account_change, open_supplier_change
from comptroller.application.casework.opening import open_change
from comptroller.application.casework.order_lines import lines_taken_off
from comptroller.application.notices.requesting import schedule_digest
from comptroller.application.notices.wishes import SETTINGS_KIND
from comptroller.application.people.held_together import refuse_together
from comptroller.application.people.looking_after import look_after_person
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.receiving import own_receipt
from comptroller.application.records import ReferenceRow
from comptroller.application.reference_entities import elsewhere
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.application.settling import plan_settlement, settle
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind


@dataclass(frozen=True, slots=True)
class PutReference:
    """Bring in one record, as a whole; who changes one that they looked at names the version that they saw."""

    kind: str
    key: str
    body: Mapping[str, Any]
    version: int | None = None  # 0: there was none


def put_reference(session: Session, command: PutReference) -> dict[str, Any] | Refused:
    """Store a new version of a record; the same content again changes nothing and says so."""
    kind = KINDS.get(command.kind)
    if kind is None:
        known = ", ".join(sorted(KINDS))
        return _refused(
            "REFERENCE-KIND-01", f"`{command.kind}` is no kind of reference data", help=f"use one of {known}"
        )
    if not kind.duties & session.caller.duties:
        needed = " or ".join(sorted(kind.duties))
        return Refused(
            Rejection(
                RejectionKind.FORBIDDEN,
                "AUTH-DUTY-01",
                f"a `{command.kind}` record takes the duty `{needed}`, which `{session.caller.id}` does not hold",
                breach="forbidden duty pair" if command.kind in {"supplier", "account-change", "person"} else "",
            )
        )
    faults = kind.check(command.key, command.body)
    if faults:
        return _refused("REFERENCE-BODY-01", f"the `{command.kind}` record has {len(faults)} faults", faults)
    body, imported = dict(command.body), Duty.REFERENCE_IMPORT in session.caller.duties
    planned = plan_settlement(session, body) if command.kind == "receipt" else None
    keys = [*kind.subjects(command.key, body), f"{command.kind}/{command.key}"]
    session.uow.serialize([*keys, *(planned.needs.keys if planned is not None else ())])
    stale = _stale(session, command) if command.version is not None else None
    if stale is not None:
        return Refused(stale)
    problem = _barred(session, command, body, imported=imported)
    if problem is not None:
        return Refused(problem)
    if command.kind == "screening":
        body |= _clearance(session, command.key, body)
    if command.kind == "account-change":
        return open_account_change(session, command.key, body)
    if command.kind == "supplier" and not imported:
        return open_supplier_change(session, command.key, body)
    if command.kind in RELEASED and not imported:
        return open_change(session, command.kind, command.key, body)
    answer = store_version(session, kind, command.key, body)
    if planned is not None and answer["changed"] and answer["version"] == 1:
        planned = plan_settlement(session, body) or planned  # as the order stands now that nobody else changes it
        answer |= {"settlement": settle(session, command.key, planned)}
    if command.kind == "person" and answer["changed"]:
        look_after_person(session, command.key)
    if command.kind == SETTINGS_KIND and answer["changed"]:
        schedule_digest(session, str(tenant_record(session.uow).get("time_zone", "UTC")))
    return answer


def _stale(session: Session, command: PutReference) -> Rejection | None:
    alias = f"{command.kind}/{command.key}"
    rows = session.uow.references([alias])[alias]
    in_force = rows[0].version if rows else 0
    if in_force == command.version:
        return None
    message = f"the {command.kind} was changed since you opened it: version {in_force} is in force"
    if not command.version:
        message = f"the {command.kind} `{command.key}` is on file already"
    help_text = "look at it as it stands now"
    return Rejection(RejectionKind.CONFLICT, "REFERENCE-STALE-01", message, help=help_text)


def _barred(session: Session, command: PutReference, body: dict[str, Any], *, imported: bool) -> Rejection | None:
    """Why a record is not taken from this hand, or would give somebody what belongs apart, whoever brings it in."""
    kind, key = command.kind, command.key
    problem = None if imported else elsewhere(session, kind, key, body) or _own_hand(session, kind, body)
    if problem is None and kind == "person":
        return refuse_together(session, key, body)
    return problem


def _own_hand(session: Session, kind: str, body: dict[str, Any]) -> Rejection | None:
    """Put the facts that a person may not state of themselves into a record that the person enters."""
    person = session.caller.id
    match kind:
        case "receipt":
            return own_receipt(session, body)
        case "dispute":
            body["recorded_by"] = person
        case "coding":
            body["coded_by"] = person
        case "unit-conversion":
            body["entered_by"] = person
        case "order" | "contract":
            body["created_by"] = person
            body["released_by"] = ""
            unknown = _unknown_supplier(session, body)
            return unknown or (lines_taken_off(session.uow, body) if kind == "order" else None)
        case "agreement":
            body["owner"] = person
            body["released_by"] = ""
            return _unknown_supplier(session, body)
        case _:
            pass
    return None


def _unknown_supplier(session: Session, body: Mapping[str, Any]) -> Rejection | None:
    """A person commits the company to a supplier that is on file, or to none."""
    alias = f"supplier/{body['supplier']}"
    if session.uow.references([alias])[alias]:
        return None
    message, help_text = f"no supplier `{str(body['supplier'])[:60]}` is on file", "look it up in the list of suppliers"
    fault = Fault("REFERENCE-SUPPLIER-01", "/supplier", message, by="reference", help=help_text)
    return Rejection(RejectionKind.INVALID, fault.code, message, (fault,), help=help_text)


def _clearance(session: Session, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What compliance made of this very screening; of another one nothing."""
    rows = session.uow.references([f"screening/{key}"])[f"screening/{key}"]
    before = _body(rows[0]) if rows else {}
    kept: dict[str, Any] = {name: before.pop(name) for name in ("cleared_by", "cleared_until") if name in before}
    return kept if before == body else {}


def _body(row: ReferenceRow) -> dict[str, Any]:
    body = decode(row.body)
    assert isinstance(body, dict)
    return body


def _refused(code: str, message: str, faults: tuple[Fault, ...] = (), *, help: str = "") -> Refused:  # noqa: A002 - the rejection's own field
    return Refused(Rejection(RejectionKind.INVALID, code, message, faults, help=help))
