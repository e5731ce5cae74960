"""Begins the cases of the supplier master: a record entered, an account changed. A mail or letter alone begins none."""

from collections.abc import Mapping
from typing import Any, Final

from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.casework.opening import begin, start
from comptroller.application.records import WaitRow
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.numbers import identifier
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.kernel.fault import Rejection, RejectionKind

ACCOUNT_CHANGE_PROCESS: Final = "account-change"
SUPPLIER_CHANGE_PROCESS: Final = "supplier-change"
PENDING: Final = "supplier.pending"
"""What a change of the supplier master waits under until it ends: one change of a record at a time."""


def open_supplier_change(session: Session, key: str, body: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """Put an entered record before a second person; until then the one in force stays."""
    rows = session.uow.references([f"supplier/{key}"])[f"supplier/{key}"]
    before = _accounts(body_of(rows[0])) if rows else set()
    if not _accounts(body) <= before:
        return _refused(
            RejectionKind.INVALID,
            "SUPPLIER-ACCOUNT-01",
            "a bank account is no part of the record that is entered",
            help="enter the account as an `account-change`, which is called back by a second person",
        )
    pending = _pending(session, key)
    if pending is not None:
        return pending
    proposal = {name: value for name, value in body.items() if name != "accounts"}
    dossier = Dossier(enterer=session.caller.id, requester=session.caller.id, proposal=proposal)
    run = begin(session, SUPPLIER_CHANGE_PROCESS, kind="supplier_change", number=key, dossier=dossier)
    session.uow.insert(WaitRow(PENDING, f"supplier/{key}", run.row.case_id, ""))
    run.tell("supplier.entered", {"supplier": key, "by": session.caller.id})
    return start(run)


def open_account_change(session: Session, key: str, body: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """Enter a changed account as unverified, and ask a second person to call back."""
    given, kind = digest(dict(body)), KINDS["account-change"]
    rows = session.uow.references([f"account-change/{key}"])[f"account-change/{key}"]
    if rows and body_of(rows[0])["given"] == given:
        return {"kind": kind.name, "key": key, "version": rows[0].version, "changed": False}
    if rows:
        return _refused(
            RejectionKind.CONFLICT, "ACCOUNT-CHANGE-01", f"the change `{key}` is there already and says something else"
        )
    change = _by_whom(session, body)
    if isinstance(change, Refused):
        return change
    supplier = str(change["supplier"])
    found = session.uow.references([f"supplier/{supplier}"])[f"supplier/{supplier}"]
    if not found:
        return _refused(RejectionKind.NOT_FOUND, "ACCOUNT-SUPPLIER-01", f"there is no supplier `{supplier}`")
    pending = _pending(session, supplier)
    if pending is not None:
        return pending
    record = body_of(found[0])
    accounts, before = _entered(record, change)
    change["before"], change["given"] = before, given
    change["known_numbers"] = [
        each["number"] for each in record.get("telephones", ()) if each["since"] < change["entered_on"]
    ]
    store_version(session, kind, key, change)
    store_version(session, KINDS["supplier"], supplier, {**record, "accounts": accounts})
    entered_by = str(change["entered_by"])
    dossier = Dossier(enterer=entered_by, requester=entered_by, proposal={"change": key, "supplier": supplier})
    run = begin(session, ACCOUNT_CHANGE_PROCESS, kind="account_change", number=key, dossier=dossier)
    session.uow.insert(WaitRow(PENDING, f"supplier/{supplier}", run.row.case_id, ""))
    run.tell("account.entered", {"supplier": supplier, "change": key, "by": entered_by, "source": change["source"]})
    return start(run)


def _by_whom(session: Session, body: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """A person enters in their own name and today; another system says who did and when."""
    if Duty.REFERENCE_IMPORT not in session.caller.duties:
        return {**body, "entered_by": session.caller.id, "entered_on": session.now.date().isoformat()}
    if not body.get("entered_by") or not body.get("entered_on"):
        return _refused(
            RejectionKind.INVALID,
            "ACCOUNT-ENTERED-01",
            "a change that is brought in says who entered it and when",
            help="give `entered_by` and `entered_on`",
        )
    return dict(body)


def _entered(record: Mapping[str, Any], change: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The accounts of the record with the changed one, and as they were before."""
    own, replaced = identifier(change["account"]), identifier(change.get("replaces", ""))
    now: list[dict[str, Any]] = list(record.get("accounts", ()))
    others = [account for account in now if identifier(account["account"]) not in {own, replaced}]
    old = next((account for account in now if identifier(account["account"]) == replaced), None)
    if old is None and replaced:
        old = {"account": change["replaces"]}
    entered = {"account": change["account"], "changed_on": change["entered_on"], "changed_by": change["entered_by"]}
    if change.get("bank"):
        entered["bank"] = change["bank"]
    return [*others, entered], [*others, *([old] if old else [])]


def _accounts(body: Mapping[str, Any]) -> set[str]:
    return {identifier(account["account"]) for account in body.get("accounts", ())}


def _pending(session: Session, supplier: str) -> Refused | None:
    pending = session.uow.waiting_for(PENDING, f"supplier/{supplier}")
    if not pending:
        return None
    return _refused(
        RejectionKind.CONFLICT,
        "SUPPLIER-PENDING-01",
        f"a change of supplier `{supplier}` already waits for its verification",
        help="have it verified or refused first",
        subject=pending[0].case_id,
    )


def _refused(kind: RejectionKind, code: str, message: str, *, help: str = "", subject: str = "") -> Refused:  # noqa: A002 - the rejection's own field
    return Refused(Rejection(kind, code, message, help=help, subject=subject))
