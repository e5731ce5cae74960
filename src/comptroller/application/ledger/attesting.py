"""Attesting a period: the controller says, of the figures that were seen, that they are right.

What is attested is the trial balance, by its hash. Nobody attests what does not agree, or while something is to be
accrued still. `attestation.py` takes an attestation back when a journal changes what it was about.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.ledger.accruals import PlanAccruals, to_be_booked
from comptroller.application.ledger.attestation import attestation_of, keep_attestation
from comptroller.application.ledger.reading import ShowTrialBalance, show_trial_balance
from comptroller.application.ledger.reconciling import ReconcileLedger, reconcile_ledger
from comptroller.application.ledger.writing import period_state
from comptroller.application.presenting.words import Names
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text, parse_day, parse_instant

NOTE_LENGTH_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class ShowAttestation:
    """What there is to attest of a period, what stands against it, and who attested it."""

    entity: str
    period: str


@dataclass(frozen=True, slots=True)
class AttestPeriod:
    """Attest the trial balance that was seen."""

    entity: str
    period: str
    content_hash: str
    note: str = ""


def show_attestation(session: Session, command: ShowAttestation) -> dict[str, Any] | Refused:
    """The figures with their hash, what keeps them from being attested, and the attestation where there is one."""
    balance = show_trial_balance(session, ShowTrialBalance(command.entity, command.period))
    if isinstance(balance, Refused):
        return balance
    content = _content(balance)
    return {
        "entity": command.entity,
        "period": command.period,
        "currency": balance["currency"],
        "debit": balance["debit"],
        "credit": balance["credit"],
        "accounts": len(balance["accounts"]),
        "content_hash": content,
        "open_points": _open_points(session, command.entity, command.period),
        "attestation": _attested(session, command.entity, command.period, content),
    }


def attest_period(session: Session, command: AttestPeriod) -> dict[str, Any] | Refused:
    """Attest what was seen; the same figures attested again change nothing."""
    shown = show_attestation(session, ShowAttestation(command.entity, command.period))
    if isinstance(shown, Refused):
        return shown
    if command.content_hash != shown["content_hash"]:
        text = "what you saw is not what stands in the ledger now"
        return _refused("ATTEST-STALE-01", text, "look at the period again", breach="stale hash")
    if len(command.note) > NOTE_LENGTH_MAX:
        return _refused("ATTEST-NOTE-01", "the note is too long", f"write at most {NOTE_LENGTH_MAX} characters")
    if shown["open_points"]:
        points = "; ".join(shown["open_points"])
        return _refused("ATTEST-OPEN-01", f"the period cannot be attested yet: {points}", "settle these first")
    if shown["attestation"] is None or not shown["attestation"]["stands"]:
        body = {
            "entity": command.entity,
            "period": command.period,
            "content": shown["content_hash"],
            "debit": str(shown["debit"]),
            "credit": str(shown["credit"]),
            "by": session.caller.id,
            "on": instant_text(session.now),
            "note": command.note,
            "stands": True,
        }
        keep_attestation(session, command.entity, command.period, body, "period.attested")
    return {**shown, "attestation": _attested(session, command.entity, command.period, shown["content_hash"])}


def _content(balance: dict[str, Any]) -> str:
    """The hash of every account's balance, in the entity's currency and in those of the documents."""
    rows = [[row["account"], str(row["balance"]), _by_currency(row["currencies"])] for row in balance["accounts"]]
    return digest({"entity": balance["entity"], "period": balance["period"], "accounts": rows})


def _by_currency(amounts: dict[str, Any]) -> list[list[str]]:
    return [[currency, str(amounts[currency])] for currency in sorted(amounts)]


def _open_points(session: Session, entity: str, period: str) -> list[str]:
    """What keeps a period from being attested, in words."""
    first = parse_day(f"{period}-01")
    state = period_state(session.uow, entity, first) if first is not None else ""
    if not state:
        return [f"the period {period} of {entity} is not on file"]
    points = []
    checks = reconcile_ledger(session, ReconcileLedger(entity))
    assert not isinstance(checks, Refused)  # the trial balance of the same entity was shown
    points += [f"`{check['check']}` does not agree" for check in checks["checks"] if not check["agrees"]]
    if state == "open":
        changes = to_be_booked(session, PlanAccruals(entity, period))
        assert not isinstance(changes, Refused)  # the period is open
        if changes:
            points.append("1 accrual is not booked" if changes == 1 else f"{changes} accruals are not booked")
    return points


def _attested(session: Session, entity: str, period: str, content: str) -> dict[str, Any] | None:
    """The attestation as it stands against the figures of now."""
    row = attestation_of(session, entity, period)
    if row is None:
        return None
    body, names = body_of(row), Names(session)
    changed = body.get("changed")
    told = {
        "stands": body["stands"] and body["content"] == content,
        "version": row.version,
        "on": parse_instant(str(body["on"])),
        "by_name": names.person(str(body["by"])),
    }
    if changed is not None:
        named = {"on": parse_instant(str(changed["on"])), "by_name": names.person(str(changed["by"]))}
        told["changed"] = {**changed, **named}
    return {**body, **told}


def _refused(code: str, text: str, help_text: str, breach: str = "") -> Refused:
    return Refused(Rejection(RejectionKind.CONFLICT, code, text, breach=breach, help=help_text))
