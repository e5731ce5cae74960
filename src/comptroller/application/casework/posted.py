"""What happens after the posting: a case whose ground is taken back is not paid.

A posted case keeps watching what it rests on: its order with the receipts, its contract, its recurring agreement with
the schedule. When one of them changes while something is still to be paid, the case is measured again by the policy in
force; where what it was paid for is no longer there, or no longer agreed, a payment block says so with the fact. The
posting stays: what is owed less is credited, and people lift the block.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.gathering.reading import record_of
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.payment_blocks import LIFTED, place_block
from comptroller.application.casework.waits import WATCH
from comptroller.application.ledger.items import change
from comptroller.application.records import WaitRow
from comptroller.application.reference_kinds.agreements import returns_alias
from comptroller.domain.controls.balances import disputed_key
from comptroller.domain.documents.purchasing import Dispute
from comptroller.domain.kernel.canonical_json import decode

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

SHORT: Final = frozenset({"quantity", "no receipt", "quality"})
"""The exceptions that say that something billed is not there."""

CANCELLED: Final = "order cancelled"
WITHDRAWN: Final = "receipt withdrawn"
RETURNED: Final = "goods returned"
UNCOVERED: Final = "contract withdrawn"
NOT_AGREED: Final = "agreement withdrawn"

Ground = tuple[str, str]
"""What is gone: the cause of a block, and the fact in words."""


def watch(run: "CaseRun") -> None:
    """Let a case that has just been posted hear of changes of what it rests on."""
    if run.invoice.is_credit_note:
        return
    known = {(each.message, each.correlation) for each in run.session.uow.case_waits(run.row.case_id)}
    wanted = [WaitRow(WATCH, subject, run.row.case_id, "") for subject in dict.fromkeys(_subjects(run))]
    run.session.uow.insert(*(wait for wait in wanted if (wait.message, wait.correlation) not in known))


def _subjects(run: "CaseRun") -> Iterator[str]:
    context = run.context
    if context.order is not None:
        yield f"order/{context.order.number}"
    if context.ceiling is not None and context.ceiling.contract is not None:
        yield f"contract/{context.ceiling.number}"
    if context.recurring is not None:
        yield f"agreement/{context.recurring.agreement.number}"


def look_again(run: "CaseRun") -> bool:
    """Measure a posted case anew; True where it is blocked now and was not before."""
    uow, case_id = run.session.uow, run.row.case_id
    items = [item for item in uow.open_items(case_id=case_id) if item.status != "paid"]
    if not items:  # what was paid under a contract stays paid: it is told of goods and orders alone
        for wait in uow.case_waits(case_id):
            if not wait.correlation.startswith("order/"):
                uow.delete(wait)
    run.gather()
    lost = [*_lost_goods(run), *(_lost_agreement(run) if items else ())]
    found = [ground for ground in lost if not _is_told(run, ground)]
    for cause, text in found:
        told = place_block(run.session, run.row, cause=cause, text=text)
        seq = run.tell("payment.blocked", {**told, "items": [item.item_id for item in items]})
        mark(run, seq, "payment blocked", detail=cause)
        items = [change(run.session, item, payment_block=_with(item.payment_block, cause)) for item in items]
        run.dossier.payment_block = _with(run.dossier.payment_block, cause)
        run.describe(outcome="posted with payment block")
    return bool(found)


def _with(causes: str, cause: str) -> str:
    return "; ".join(dict.fromkeys([*filter(None, causes.split("; ")), cause]))


def _is_told(run: "CaseRun", ground: Ground) -> bool:
    """Whether a block says so already, or people lifted one that said the very same."""
    cause, text = ground
    same = [block for block in run.session.uow.payment_blocks(case_id=run.row.case_id) if block.cause == cause]
    texts = run.session.uow.private_texts([block.reason for block in same])
    return any(block.status != LIFTED or texts.get(block.reason) == text for block in same)


def _lost_goods(run: "CaseRun") -> Iterator[Ground]:
    """What was ordered and received when the case was posted and is not any more."""
    order = run.context.order
    if order is not None and order.status == "cancelled":
        yield CANCELLED, f"{CANCELLED}: order {order.number}"
    elif order is not None:
        short = _short(run)
        if short:
            yield WITHDRAWN, f"{WITHDRAWN}: order {order.number}, {short}"
    returns = [] if order is None else _returns(run, order.number)
    if returns:
        yield RETURNED, f"{RETURNED}: {', '.join(returns)}; the credit note is awaited"


def _lost_agreement(run: "CaseRun") -> Iterator[Ground]:
    """What was agreed when the case was posted and is not any more."""
    contract = _off_contract(run)
    if contract:
        yield UNCOVERED, contract
    agreement = _off_agreement(run)
    if agreement:
        yield NOT_AGREED, agreement


def _returns(run: "CaseRun", order: str) -> list[str]:
    """The returns because of this very invoice that were recorded since it was posted and are not credited yet."""
    uow, case_id, alias = run.session.uow, run.row.case_id, returns_alias(order)
    if uow.balances([disputed_key(case_id)]).get(disputed_key(case_id), 0):
        return []
    posted = next((each.at for each in uow.milestones(case_id) if each.kind == "posted"), run.session.now)
    found = []
    for row in uow.references([alias])[alias]:
        claim = record_of(Dispute, row)
        if claim is None or (claim.kind, claim.status) != ("return", "open"):
            continue
        is_own = (claim.supplier, claim.invoice) == (run.row.supplier, run.invoice.number)
        if is_own and uow.reference_versions("dispute", row.key)[0].recorded_at > posted:
            found.append(claim.number)
    return found


def _short(run: "CaseRun") -> str:
    """What the match finds to be wanting now; that the order has been closed since then says nothing."""
    found = _exceptions(_decided(run, "line match", {"order status": "open"}))
    return "; ".join(str(each.get("text") or "") for each in found if each.get("type") in SHORT)


def _off_contract(run: "CaseRun") -> str:
    """Why the contract or blanket order covers the document no longer; its age and a closed order say nothing."""
    ends, order = run.facts.get("contract ends"), run.context.order
    more: dict[str, Any] = {} if ends is None else {"days after contract": _days(run, ends)}
    if order is not None and order.order_type == "blanket":
        more["contract active"] = order.status != "cancelled"
    outcome = _decided(run, "blanket and contract", more)
    return str(outcome.get("text") or "") if _exceptions(outcome) else ""


def _off_agreement(run: "CaseRun") -> str:
    """Why the agreement does not ask for the document any more; what was signed beside it stays signed."""
    outcome = _decided(run, "recurring agreement", {})
    if _exceptions(outcome):
        return str(outcome.get("text") or "")
    if outcome.get("outcome") == "auto" or _at_posting(run, "recurring agreement").get("outcome") != "auto":
        return ""
    agreed = run.facts.get("scheduled amount") if run.facts.get("scheduled") else run.facts.get("agreed amount")
    billed = run.invoice.totals.net
    is_lowered = agreed is None or billed is None or billed > agreed
    return str(outcome.get("text") or "") if is_lowered else ""


def _at_posting(run: "CaseRun", decision: str) -> Mapping[str, Any]:
    """What a decision said when the case was posted."""
    uow, case_id = run.session.uow, run.row.case_id
    posted = next((each.seq for each in uow.milestones(case_id) if each.kind == "posted"), 0)
    said: list[Any] = [
        decode(row.outcome) for row in uow.decisions(case_id) if row.decision == decision and row.seq < posted
    ]
    return said[-1] if said and isinstance(said[-1], dict) else {}


def _days(run: "CaseRun", ends: Any) -> Any:
    """How long after the end of the contract the document came."""
    came = run.row.received_at.astimezone(run.material.zone).date() if run.material is not None else ends
    return Decimal((came - ends).days)


def _decided(run: "CaseRun", decision: str, more: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a decision says now; one that could not decide says nothing about the ground."""
    if not run.knows(decision):
        return {}
    outcome: Any = run.decide(decision, more).value
    return outcome if isinstance(outcome, dict) else {}


def _exceptions(outcome: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in outcome.get("exceptions") or () if isinstance(each, dict)]
