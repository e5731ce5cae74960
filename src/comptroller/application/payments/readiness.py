"""Whether an open item is ready to be paid, asked of policy when a run is proposed and again before each release.

INVARIANT 8: what protects money is decided by what is valid now. The supplier's standing, sanctions, bank details and
duplicates of the item's case are decided again, on the case and recorded there; so is whether those who signed it may
still sign. What comes out is asked of decision 38 on the payment run, with the item's days and amounts.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.clock import today_of
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.signing import controls_of, recorded_outcomes, signature_stands
from comptroller.application.casework.taking_up import take_up
from comptroller.application.ledger.items import block_now
from comptroller.application.records import OpenItemRow
from comptroller.domain.kernel.instant import parse_day

READINESS: Final = "payment readiness"

ASKED_AGAIN: Final = ("supplier standing", "sanctions", "bank details", "duplicate")
"""The controls of the item's case that readiness rests on."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What policy says of one item."""

    release: bool
    reason: str
    text: str
    take_discount: bool


def decide_readiness(run: CaseRun, item: OpenItemRow, *, balance: Decimal, run_date: date) -> Ready:
    """Ask everything about one item; anything but a plain release holds it."""
    session = run.session
    case = session.uow.case(item.case_id) if item.case_id else None
    asked: dict[str, Any] = dict.fromkeys(ASKED_AGAIN)
    stands: bool | None = None
    if case is not None:
        own = take_up(session, run.handlers, case)
        asked, stands = _asked_again(own)
        own.close()
    run.facts = {
        "has case": case is not None,
        "posted": case is not None and case.status == "posted",
        "payment block": block_now(session.uow, item),
        **asked,
        "signatures stand": stands,
        "supplier balance": balance,
        "amount": item.amount,
        "due date": parse_day(item.due_on),
        "discount date": parse_day(item.discount_on),
        "run date": run_date,
        "decision date": today_of(run),
    }
    outcome: Any = run.decide(READINESS).value
    if not isinstance(outcome, dict):
        return Ready(release=False, reason="PAY-READY-15", text="policy could not decide", take_discount=False)
    return Ready(
        release=outcome.get("outcome") == "release",
        reason=str(outcome.get("reason") or ""),
        text=str(outcome.get("text") or ""),
        take_discount=outcome.get("take discount") is True,
    )


def _asked_again(own: CaseRun) -> tuple[dict[str, Any], bool]:
    """Decide the case's own controls again, each behind those that it needs, and ask about its signers."""
    signed = list(own.dossier.signatures)
    before = recorded_outcomes(own)
    own.gather()
    for name in _needed(own):
        own.keep_outcome(name, own.decide(name))
    outcomes = {name: own.outcomes.get(name) for name in ASKED_AGAIN}
    steps = {str(step.get("step")): step for step in (before.get("approval routing") or {}).get("steps") or ()}
    stands = all(signature_stands(own, each, steps.get(each.step, {"step": each.step})) for each in signed)
    return outcomes, stands


def _needed(own: CaseRun) -> list[str]:
    """The controls to decide, in the order of the process: those asked for and what they rest on."""
    order = controls_of(own.process)
    models = own.in_force.models
    wanted: set[str] = {name for name in ASKED_AGAIN if name in order}
    for name in reversed(order):
        if name in wanted and name in models:
            wanted |= set(models[name].input_names(name)) & set(order)
    return [name for name in order if name in wanted]
