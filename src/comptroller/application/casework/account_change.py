"""A change of a supplier's bank account: entered by one person, called back and settled by another.

The account stands in the record from the moment it is entered, marked as changed and unverified, so that what names it
is posted and not paid. The call goes to a number that was known before the change. A genuine change is verified; one
that is not is reversed, and every open item of the supplier is blocked with the reason.

Accounts stay in reference records, which are sealed: a case only names the record of its change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import Asked, assign_role, lacks
from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.casework.payment_blocks import block_open_items
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.domain.controls.numbers import identifier
from comptroller.domain.documents.lexical import text_problem
from comptroller.domain.feel import Value
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text, parse_day

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

VERIFIER: Final = "supplier-verify"
HOURS: Final = 16
GENUINE: Final = "genuine"
NOT_GENUINE: Final = "not genuine"
NOT_REACHED: Final = "not reached"
BREACH: Final = "unverified bank change"
PAYEE_CHECKS: Final = ("match", "close match", "no match", "not possible")
"""What the bank may say about the holder of an account."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """A call to a supplier: which number, who answered, when; and what the bank says about the holder."""

    number: str
    spoken_to: str
    at: datetime
    payee_check: str = ""


def ask_for_verification(run: "CaseRun") -> Mapping[str, Value]:
    """Ask the supplier master's second person to call back."""
    uow, change = run.session.uow, _change(run)
    supplier = _supplier(run)
    run.dossier.content_hash = digest(change)
    lacking = lacks(Duty.SUPPLIER_VERIFY, run.session.policy.pack.roles)
    assignee = assign_role(uow, VERIFIER, Asked("", run.session.now.date(), lacking, {run.dossier.enterer}))
    step: dict[str, Value] = {
        "step": "verification",
        "title": f"Call {supplier['name']} back about its account",
        "role": assignee.role,
        "person": assignee.person,
        "why": assignee.why,
        "hours": Decimal(HOURS),
        "resolutions": [GENUINE, NOT_GENUINE, NOT_REACHED],
        "call back": True,
    }
    text = f"the account of {supplier['name']} was changed on {change['entered_on']} and waits for its call-back"
    run.dossier.reasons = [{"code": "ACCOUNT-VERIFY-01", "text": text}]
    run.describe(supplier=supplier["id"], supplier_name=supplier["name"], outcome="verification")
    return {"open steps": [step]}


def call_back_problem(run: "CaseRun", action: str, call: CallBack | None) -> Rejection | None:
    """Why a call-back does not settle the change; None when it does."""
    change = _change(run)
    if call is None:
        return _wrong("ACCOUNT-CALL-01", "say which number was called, who answered and when", "give `call_back`")
    known = {identifier(number) for number in change["known_numbers"]}
    if identifier(call.number) not in known:
        return Rejection(
            RejectionKind.FORBIDDEN,
            "ACCOUNT-CALL-02",
            "the number was not known before the change",
            breach=BREACH,
            subject=run.row.case_id,
            help="call a number that the supplier's record held before the account was changed",
        )
    problem = text_problem(call.spoken_to)
    if problem is not None or (action != NOT_REACHED and not call.spoken_to.strip()):
        return _wrong("ACCOUNT-CALL-03", "the call-back does not say who answered", "name who answered")
    entered = parse_day(change["entered_on"])
    if call.at > run.session.now or entered is None or call.at.date() < entered:
        return _wrong("ACCOUNT-CALL-04", "the call was not made between the change and now", "say when it was made")
    if call.payee_check not in PAYEE_CHECKS and (call.payee_check or action == GENUINE):
        return _wrong(
            "ACCOUNT-CALL-05", "what the bank says about the holder is wanting", f"say {', '.join(PAYEE_CHECKS)}"
        )
    return None


def keep_call_back(run: "CaseRun", action: str, call: CallBack) -> None:
    """Tell the call in the case's stream; who answered is kept where it can be erased."""
    session = run.session
    kept = {
        "number": call.number,
        "spoken_to": session.evidence.withhold(call.spoken_to.strip(), salt=session.environment.chance.salt()),
        "at": instant_text(call.at),
        "result": action,
        "by": session.caller.id,
        "payee_check": call.payee_check,
    }
    run.dossier.proposal = {**run.dossier.proposal, "call_backs": [*run.dossier.proposal.get("call_backs", ()), kept]}
    run.tell("account.called.back", kept)


def put_account_in_force(run: "CaseRun") -> Mapping[str, Value]:
    """Mark the account as verified by the one who called; payment waits for the cooling-off all the same."""
    change, call = _change(run), run.dossier.proposal["call_backs"][-1]
    verified = {
        "verified_by": call["by"],
        "verified_on": run.session.now.date().isoformat(),
        "payee_check": call["payee_check"],
    }
    accounts = [
        account | verified if identifier(account["account"]) == identifier(change["account"]) else account
        for account in _supplier(run)["accounts"]
    ]
    _store(run, accounts)
    run.tell("account.verified", {"supplier": run.row.supplier, "change": run.row.number})
    run.describe(status="done", outcome="verified")
    return {}


def reverse_account(run: "CaseRun") -> Mapping[str, Value]:
    """Put the accounts back as they were, and block every open item of the supplier with what was found."""
    change, call = _change(run), run.dossier.proposal["call_backs"][-1]
    _store(run, change["before"])
    text = (
        f"the change of the account of {change['entered_on']} is not genuine: "
        f"the supplier denied it when called back on {call['at'][:10]}"
    )
    items = block_open_items(run.session, run.row.supplier, cause="bank details", text=text)
    named = [row.case_id for row in items]
    run.dossier.reasons = [{"code": "ACCOUNT-REVERSED-01", "text": text}]
    run.dossier.proposal = {**run.dossier.proposal, "open_items": named}
    run.tell("account.reversed", {"supplier": run.row.supplier, "change": run.row.number, "open_items": named})
    run.describe(status="done", outcome="reversed")
    return {}


def enterer_problem(run: "CaseRun") -> Rejection | None:
    """Refuse the one who entered a change of the supplier master: two people, whatever their duties."""
    caller = run.session.caller
    if caller.id == run.dossier.enterer:
        message = "you entered this change, so somebody else verifies it"
    elif Duty.SUPPLIER_VERIFY not in caller.duties:
        message = f"this takes the duty `{Duty.SUPPLIER_VERIFY}`, which you do not hold"
    else:
        return None
    return Rejection(
        RejectionKind.FORBIDDEN,
        "SUPPLIER-VERIFY-01",
        message,
        breach="agent beyond its rights" if caller.principal.kind == "agent" else "forbidden duty pair",
        subject=run.row.case_id,
    )


def _store(run: "CaseRun", accounts: list[dict[str, Any]]) -> None:
    supplier = _supplier(run)
    run.session.uow.serialize([f"supplier/{supplier['id']}"])
    store_version(run.session, KINDS["supplier"], supplier["id"], {**supplier, "accounts": accounts})


def _change(run: "CaseRun") -> dict[str, Any]:
    return _record(run, f"account-change/{run.dossier.proposal['change']}")


def _supplier(run: "CaseRun") -> dict[str, Any]:
    return _record(run, f"supplier/{run.dossier.proposal['supplier']}")


def _record(run: "CaseRun", alias: str) -> dict[str, Any]:
    return body_of(run.session.uow.references([alias])[alias][0])


def _wrong(code: str, message: str, what: str) -> Rejection:
    return Rejection(RejectionKind.INVALID, code, message, help=what)
