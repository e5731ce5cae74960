"""Whether a signature counts: asked of policy when it is given, and again whenever what it rests on is judged anew.

INVARIANT 8: authority and duties of the signer, the supplier's standing, bank details and duplicates are decided by
what is valid now and by the policy in force, before a signature counts.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comptroller.application.casework.assignment import Asked, acts_by, lacks
from comptroller.application.casework.dossier import SignatureGiven
from comptroller.application.people.records import principal
from comptroller.application.records import TaskRow
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, CaseAct, Duty, Limit, Principal, case_conflicts, grant_for
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import parse_decimal
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def may_sign(
    run: "CaseRun", person: Principal, step: dict[str, Any], *, opened: bool, given: SignatureGiven | None = None
) -> Rejection | None:
    """Ask decision 35 for this person and step; anything but a plain yes refuses.

    `given` is the person's own signature where it is asked about one that stands already.

    The amount is what the step was routed by: of a purchase in parts that is their sum.
    """
    ensure_facts(run)
    amount = _amount(step.get("amount"), run.facts.get("amount"))
    more: dict[str, Value] = {
        "signer": {**_signer(run, person, step, amount, given), "opened": opened},
        "step": {**step, **{name: step.get(name) in (True, "true") for name in ("needs limit", "must open")}},
        "amount": amount,
    }
    if person.id in run.dossier.keyers:  # who typed any of it entered it
        more["enterer"] = person.id
    return refusal_of(run, run.decide("may sign", more).value, "sign", "SIGN-POLICY-01")


def refusal_of(run: "CaseRun", verdict: Any, act: str, undecided: str) -> Rejection | None:
    """Why policy does not let somebody do an act; anything but a plain yes refuses, with the code `undecided` at least.

    INVARIANT 2: an answer that is none, or that cannot be read, never grants.
    """
    told = verdict if isinstance(verdict, dict) else {}
    if told.get("outcome") == "yes":
        return None
    return Rejection(
        RejectionKind.FORBIDDEN,
        str(told.get("reason") or undecided),
        str(told.get("text") or f"policy could not decide whether you may {act}, so you may not"),
        breach=str(told.get("breach") or ""),
        subject=run.row.case_id,
    )


def signature_stands(run: "CaseRun", given: SignatureGiven, step: dict[str, Any]) -> bool:
    """Whether a signature given earlier would still be allowed now, on the same grounds."""
    signer = principal(run.session.uow, given.person)
    grounds = {**step, "stands for": given.stands_for, "chain": list(given.chain)}
    return signer is not None and may_sign(run, signer, grounds, opened=given.opened, given=given) is None


def controls_still_pass(run: "CaseRun", task: TaskRow) -> bool:
    """Whether the fields are those that were shown, and every control still leads the way it led when the task came.

    A control may say something else and mean the same (one signature is given, so the steps left are fewer); what
    counts is the way that the disposition makes of it, and the route.
    """
    ensure_facts(run)
    before = recorded_outcomes(run)
    for name in controls_of(run.process):
        run.keep_outcome(name, run.decide(name))
    run.facts["open steps"] = run.state.variables.get("open steps")  # the signatures that are asked for go on
    run.keep_outcome("disposition", run.decide("disposition"))
    ways = _ways(run.outcomes)
    if not ways or ways != _ways(before) or _route(run.outcomes) != _route(before):
        return False
    return run.hash_of_fields(run.outcomes["approval routing"]) == task.content_hash


def controls_of(process: Process) -> tuple[str, ...]:
    """Every decision that the disposition rests on, in the order of the process: each behind the ones that it needs."""
    asked = [place.node.decision for place in process.places.values() if isinstance(place.node, BusinessRuleTask)]
    return tuple(name for name in asked if name not in {"disposition", "exception routing"})


def _ways(outcomes: dict[str, Any]) -> dict[str, str]:
    """Which way each control leads; its own word may change without a change of the way."""
    told = (outcomes.get("disposition") or {}).get("ways") or ()
    return {str(each["control"]): str(each["way"]) for each in told}


def _route(outcomes: dict[str, Any]) -> list[Any]:
    return [step.get("step") for step in (outcomes.get("approval routing") or {}).get("steps") or ()]


def ensure_facts(run: "CaseRun") -> None:
    """Gather the facts where this run has not done so yet."""
    if not run.facts:
        run.gather()


def recorded_outcomes(run: "CaseRun") -> dict[str, dict[str, Any]]:
    """The outcomes that the case's last judgement recorded, by decision."""
    in_force = set(run.dossier.decided.values())
    outcomes: dict[str, dict[str, Any]] = {}
    for row in run.session.uow.decisions(run.row.case_id):
        outcome: Any = decode(row.outcome)
        if row.seq in in_force and isinstance(outcome, dict):
            outcomes[row.decision] = outcome
    return outcomes


def _signer(
    run: "CaseRun", person: Principal, step: dict[str, Any], amount: Decimal | None, given: SignatureGiven | None
) -> dict[str, Value]:
    category = run.context.supplier.category if run.context.supplier else ""
    today = run.context.today
    chain = tuple(str(each) for each in step.get("chain") or ())
    lacking = lacks(Duty.TASK_APPROVE, run.session.policy.pack.roles)
    grant = grant_for(person, Authority.INVOICE, category, today)
    kind = "" if run.session.policy.pack.why_kept("approval") else "approval"
    asked = Asked(run.row.entity, today, lacking, category=category, amount=amount, kind=kind)
    return {
        "id": person.id,
        "kind": person.kind.value,
        "active": person.active,
        "roles": list(person.roles),
        "works for entity": person.works_for(run.row.entity),
        "limit": grant.amount if grant is not None else None,
        "grant": granted(person, grant) if grant is not None else None,
        "has signed": not {person.id, *chain}.isdisjoint(answered_by(run, without=given)),
        "delegated": bool(chain),
        "delegation covers": acts_by(run.session.uow, person, chain, asked) and not _has_a_hand(run, chain),
        "benefits": _benefits(run, person),
    }


def granted(person: Principal, grant: Limit) -> dict[str, Value]:
    """What the limit is granted for, as evidence: no table goes by it."""
    return {
        "categories": [*sorted(grant.categories)],
        "entities": list(person.entities),
        "valid from": grant.valid_from,
        "valid to": grant.valid_to,
    }


def answered_by(run: "CaseRun", *, without: SignatureGiven | None = None) -> set[str]:
    """Who has signed the case or said no to it, and who was signed for by delegation, whatever the step."""
    answers = (*run.dossier.signatures, *run.dossier.against)
    return {person for given in answers if given is not without for person in given.people}


def _has_a_hand(run: "CaseRun", chain: Sequence[str]) -> bool:
    """Whether somebody by whose delegation it would be signed requested, entered, ordered or received on the case.

    INVARIANT 6: what the delegate signs, the delegator signs.
    """
    order, receipts = run.context.order, run.context.receipts or ()
    acts = [(run.dossier.requester, CaseAct.REQUESTED)]
    acts += [(person, CaseAct.ENTERED) for person in (run.dossier.enterer, *run.dossier.keyers)]
    acts += [(order.created_by, CaseAct.ORDERED)] if order else []
    acts += [(receipt.received_by, CaseAct.RECEIVED) for receipt in receipts]
    acts += [(person, CaseAct.SIGNED) for person in chain]
    return any(found.person in chain for found in case_conflicts(acts))


def _benefits(run: "CaseRun", person: Principal) -> bool:
    """Whether the money goes to the person: the seller or the payee bears their name."""
    payee, seller = run.invoice.payee, run.invoice.seller
    names = [party.name for party in (payee, seller) if party is not None]
    return _folded(person.name) in {_folded(name) for name in [*names, run.row.supplier_name]}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _amount(routed: Any, own: Any) -> Decimal | None:
    """The amount that a step was routed by, as a decision or a stored task states it; else the document's own."""
    amount = parse_decimal(routed) if isinstance(routed, str) else routed
    if isinstance(amount, Decimal):
        return amount
    return own if isinstance(own, Decimal) else None
