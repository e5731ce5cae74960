"""Whether a signature counts: asked of policy when it is given, and again whenever what it rests on is judged anew.

INVARIANT 8: authority and duties of the signer, the supplier's standing, bank details and duplicates are decided by
what is valid now and by the policy in force, before a signature counts.
"""

from typing import TYPE_CHECKING, Any

from comptroller.application.casework.assignment import principal
from comptroller.application.records import TaskRow
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, Principal, limit_for
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def may_sign(run: "CaseRun", person: Principal, step: dict[str, Any]) -> Rejection | None:
    """Ask decision 35 for this person and step; anything but a plain yes refuses."""
    ensure_facts(run)
    if person.id in run.dossier.keyers:  # who typed any of it entered it
        run.facts["enterer"] = person.id
    run.facts["signer"] = _signer(run, person, str(step.get("step") or ""))
    run.facts["step"] = {**step, "needs limit": step.get("needs limit") in (True, "true")}
    verdict: Any = run.decide("may sign").value
    if isinstance(verdict, dict) and verdict.get("outcome") == "yes":
        return None
    verdict = verdict if isinstance(verdict, dict) else {}
    return Rejection(
        RejectionKind.FORBIDDEN,
        str(verdict.get("reason") or "SIGN-POLICY-01"),
        str(verdict.get("text") or "policy could not decide whether you may sign, so you may not"),
        breach=str(verdict.get("breach") or ""),
        subject=run.row.case_id,
    )


def signature_stands(run: "CaseRun", person: str, step: dict[str, Any]) -> bool:
    """Whether a signature given earlier would still be allowed now."""
    signer = principal(run.session.uow, person)
    return signer is not None and may_sign(run, signer, step) is None


def controls_still_pass(run: "CaseRun", task: TaskRow) -> bool:
    """Whether the fields are those that were shown, and every control still leads the way it led when the task came.

    A control may say something else and mean the same (one signature is given, so the steps left are fewer); what
    counts is the way that the disposition makes of it, and the route.
    """
    ensure_facts(run)
    before = recorded_outcomes(run)
    for name in controls_of(run.process):
        run.keep_outcome(name, run.decide(name))
    run.keep_outcome("disposition", run.decide("disposition"))
    ways = _ways(run.outcomes)
    if not ways or ways != _ways(before) or _route(run.outcomes) != _route(before):
        return False
    return run.hash_of_fields(run.outcomes["approval routing"]) == task.content_hash


def controls_of(process: Process) -> tuple[str, ...]:
    """Every decision that the disposition rests on, in the order of the process: each behind the ones that it needs."""
    asked = [place.node.decision for place in process.places.values() if isinstance(place.node, BusinessRuleTask)]
    return tuple(name for name in asked if name not in {"disposition", "exception routing"})


def _ways(outcomes: dict[str, Any]) -> Any:
    return (outcomes.get("disposition") or {}).get("ways")


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


def _signer(run: "CaseRun", person: Principal, step: str) -> dict[str, Value]:
    category = run.context.supplier.category if run.context.supplier else ""
    limit = limit_for(person, Authority.INVOICE, category, run.context.today)
    return {
        "id": person.id,
        "kind": person.kind.value,
        "active": person.active,
        "roles": list(person.roles),
        "works for entity": person.works_for(run.row.entity),
        "limit": limit,
        "has signed": any(given.person == person.id and given.step != step for given in run.dossier.signatures),
    }
