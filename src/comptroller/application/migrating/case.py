"""Taking one running case over to another version of its process: decided by a person, with a reason, and recorded.

Decisions are afterwards those of the new version; what guards money at the moment of effect was and stays that of the
version in force (INVARIANT 8). A signature counts while the hash of what was signed holds, as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptroller.application.acting.holding import words_of
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.halting import HALTED
from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.migrating.versions import (
    Version,
    mapping_of,
    own_fault,
    target_fault,
    target_of,
    version_of,
)
from comptroller.application.queries import visible_case
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import Process


@dataclass(frozen=True, slots=True)
class MigrateCase:
    """Have a case go on by another version of its process; without one, by the one in force."""

    case_id: str
    reason: str
    to_policy: str = ""
    nodes: Mapping[str, str] | None = None  # none: the mapping that goes without saying


def migrate_case(session: Session, command: MigrateCase) -> dict[str, Any] | Refused:
    """Take the case over, or tell everything that keeps it where it is."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    refused = words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused, case.case_id)
    run = resume_case(session, case)
    new = version_of(session, run.row.process, target_of(session, run.row, command.to_policy))
    if isinstance(new, Refused):
        return Refused(new.rejection, case.case_id)
    nodes = mapping_of(command.nodes, run.process, new.process)
    if isinstance(nodes, Refused):
        return Refused(nodes.rejection, case.case_id)
    refused = _not_now(run, new)
    if refused is None and run.has_document:
        run.gather()
    refused = refused or _own(run)
    if refused is not None:
        return Refused(refused, case.case_id)
    old, old_policy = run.process, run.row.policy_hash
    refused = run.take_over(new.policy, nodes)
    if refused is not None:
        return Refused(refused, case.case_id)
    run.dossier.earlier = list(dict.fromkeys([*run.dossier.earlier, old_policy]))
    told = {
        "from_policy": old_policy,
        "to_policy": new.policy.hash,
        "from_process": old.hash,
        "to_process": new.process.hash,
        **_told(old, nodes),
    }
    reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    run.tell("case.migrated", {**told, "reason": reason})
    run.close()
    return answer_of(run) | told


def _not_now(run: CaseRun, new: Version) -> Rejection | None:
    if run.row.status != "waiting" and run.row.outcome not in HALTED:
        message = f"the case is {run.row.status}, it does not wait"
        return Rejection(RejectionKind.CONFLICT, "MIGRATE-CASE-03", message, subject=run.row.case_id)
    fault = target_fault(run.session, run.row, run.dossier.earlier, new.policy.hash)
    if fault is None:
        return None
    kind = RejectionKind.CONFLICT if new.policy.hash == run.row.policy_hash else RejectionKind.FORBIDDEN
    return Rejection(kind, fault.code, fault.message, (fault,), subject=run.row.case_id, help=fault.help)


def _own(run: CaseRun) -> Rejection | None:
    fault = own_fault(run.session, run.barred)
    if fault is None:
        return None
    breach, subject = "forbidden duty pair", run.row.case_id
    return Rejection(RejectionKind.FORBIDDEN, fault.code, fault.message, breach=breach, subject=subject)


def _told(old: Process, nodes: Mapping[str, str]) -> dict[str, Any]:
    """The mapping in short: what got another id, and what is mapped to nothing; everything else kept its id."""
    return {
        "nodes": {node: target for node, target in nodes.items() if node != target},
        "unmapped": [node for node in old.places if node not in nodes],
    }
