"""The forms of the supplier master: an account that changes, a match with a list of sanctions that is somebody else."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.reference_kinds.parties import SOURCES
from comptroller.application.session import Refused, Session
from comptroller.application.views.forms import FieldGroup, FieldKind, FieldView, FormView, LinkView
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class ShowAccountForm:
    """The form by which a changed account of a supplier is entered."""

    supplier: str


@dataclass(frozen=True, slots=True)
class ShowClearanceForm:
    """The form by which compliance clears the screening in force."""

    supplier: str


def show_account_form(session: Session, command: ShowAccountForm) -> FormView | Refused:
    """Accounts on file are chosen by their place: none of them is written out."""
    body = _supplier(session, command.supplier)
    if isinstance(body, Refused):
        return body
    known = tuple(
        (str(place), f"{account['account'][:SHOWN_DIGITS]} … {account['account'][-SHOWN_DIGITS:]}")
        for place, account in enumerate(body.get("accounts", ()))
    )
    changes = f"supplier-account-changes/{command.supplier}"
    count = len(session.uow.references([changes])[changes])
    sources = tuple((each, each.capitalize()) for each in SOURCES)
    replaced = (("", "No other, it is added"), *known)
    fields = (
        FieldView("number", "Number of the change", value=f"AC-{command.supplier}-{count + 1}"),
        FieldView("account", "New account (IBAN or national)"),
        FieldView("replaces", "Replaces", FieldKind.CHOICE, options=replaced, required=False),
        FieldView("source", "Asked for by", FieldKind.CHOICE, options=sources),
        FieldView("requested_on", "Asked for on", FieldKind.DAY, value=session.now.date().isoformat()),
    )
    return FormView(
        title="Change the account",
        action=f"/suppliers/{command.supplier}/account",
        button="Enter the change",
        back=LinkView(str(body.get("name") or command.supplier), f"/suppliers/{command.supplier}"),
        lead="From now on the account counts as changed and not verified: what names it is posted and not paid. "
        "Somebody else calls the supplier back on a number that was on file before.",
        groups=(FieldGroup("", fields),),
        refusal="" if Duty.SUPPLIER_ENTER in session.caller.duties else "entering an account takes the duty for it",
        place="suppliers",
    )


def show_clearance_form(session: Session, command: ShowClearanceForm) -> FormView | Refused:
    """The screening that is cleared is named by the version of its list."""
    body = _supplier(session, command.supplier)
    if isinstance(body, Refused):
        return body
    alias = f"screening/{command.supplier}"
    rows = session.uow.references([alias])[alias]
    screening: Any = decode(rows[0].body) if rows else {}
    hit, confirmed = bool(screening.get("hit")), bool(screening.get("confirmed"))
    refusal = "" if Duty.SANCTIONS_CLEAR in session.caller.duties else "compliance alone clears a match"
    if not hit or confirmed:
        refusal = "the match is confirmed" if confirmed else "there is no match to clear"
    fields = (
        FieldView("until", "Cleared until", FieldKind.DAY),
        FieldView("reason", "Why it is somebody else", FieldKind.WORDS),
    )
    return FormView(
        title="Clear the screening",
        action=f"/suppliers/{command.supplier}/clearance",
        button="Clear it",
        back=LinkView(str(body.get("name") or command.supplier), f"/suppliers/{command.supplier}"),
        lead="A newer screening is not cleared by this. Cases that are held for it are judged anew.",
        facts=(
            ("Screened on", str(screening.get("screened_on") or "never")),
            ("List of", str(screening.get("list_version") or "none")),
            ("Match", ", ".join(screening.get("matched", ())) or ("possible" if hit else "none")),
            ("Likeness", str(screening.get("score") or "not told")),
            ("Cleared until", str(screening.get("cleared_until") or "not cleared")),
        ),
        groups=(FieldGroup("", fields),),
        hidden=(("list_version", str(screening.get("list_version") or "")),),
        refusal=refusal,
        place="suppliers",
    )


def _supplier(session: Session, key: str) -> dict[str, Any] | Refused:
    rows = session.uow.references([f"supplier/{key}"])[f"supplier/{key}"]
    if not rows:
        message = f"there is no supplier `{key}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "SUPPLIER-UNKNOWN-01", message, help="look in the list"))
    body: Any = decode(rows[0].body)
    return dict(body)
