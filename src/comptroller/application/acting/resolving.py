"""Who may take which way out of an exception: policy's, by the kind of exception and the roles of the person.

An exception comes to many: its owner, a stand-in, the next owner, or whom it was handed to. Mending the cause is
theirs; paying short, refusing a document and laying a case aside take a role that policy names (decision 33).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from comptroller.application.casework.clock import today_of
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.signing import refusal_of
from comptroller.application.policy import Policy
from comptroller.application.records import TaskRow
from comptroller.domain.feel import Value
from comptroller.domain.identity import Principal
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection

MAY_RESOLVE: Final = "may resolve"


def may_resolve(run: CaseRun, task: TaskRow, action: str) -> Rejection | None:
    """Ask policy whether the caller may answer an exception of a document so; anything but a plain yes refuses."""
    if not is_asked(run.in_force, task) or not run.has_document:
        return None
    facts = resolution_facts(run.session.caller.principal, run.row.entity, task, action, today_of(run))
    return refusal_of(run, run.decide(MAY_RESOLVE, facts).value, "do this", "RESOLVE-POLICY-01")


def is_asked(policy: Policy, task: TaskRow) -> bool:
    """Whether a version of policy says who may take which way out: one of an earlier release does not."""
    return task.kind == "exception" and MAY_RESOLVE in policy.models


def resolution_facts(person: Principal, entity: str, task: TaskRow, action: str, today: date) -> Mapping[str, Value]:
    """What the decision is asked about a person, an exception and a way out of it."""
    detail: Any = decode(task.detail)
    return {
        "decision date": today,
        "resolution": action,
        "exception type": str(detail["item"].get("type") or "") or None,
        "resolver": {
            "id": person.id,
            "kind": person.kind.value,
            "active": person.active,
            "works for entity": person.works_for(entity),
            "roles": list(person.roles),
        },
    }
