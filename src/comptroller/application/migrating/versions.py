"""The versions between which cases move, named by the hash of their policy, and whether a case may go to one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any

from comptroller.application.caller import PACK
from comptroller.application.casework.halting import HALTED
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow
from comptroller.application.releasing.timeline import policy_of, versions_in_force
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.migration import propose


@dataclass(frozen=True, slots=True)
class Version:
    """A process as one policy version has it."""

    policy: Policy
    process: Process


@dataclass(frozen=True, slots=True)
class ListVersions:
    """The versions of a process: the one in force, and those that open cases run by."""

    process: str


@dataclass(frozen=True, slots=True)
class Move:
    """Which cases are to go where; without a mapping, by the one that goes without saying."""

    process: str
    from_policy: str
    to_policy: str = ""  # empty: the one in force for the entity of each case
    nodes: Mapping[str, str] | None = None
    entity: str = ""
    node: str = ""  # only cases with a token on this node of the old version


def list_versions(session: Session, command: ListVersions) -> dict[str, Any] | Refused:
    """Each version with how many open cases run by it, the one in force first."""
    counted: Counter[str] = Counter()
    for each in session.uow.open_counts():
        if each.process == command.process and session.caller.sees(each.entity):
            counted[each.policy_hash] += each.cases
    hashes = [session.policy.hash, *sorted(counted.keys() - {session.policy.hash})]
    found = [version_of(session, command.process, policy_hash) for policy_hash in hashes]
    known = [version for version in found if isinstance(version, Version)]
    if not known:
        text = f"there is no process `{command.process}`"
        return Refused(
            Rejection(RejectionKind.NOT_FOUND, "PROCESS-UNKNOWN-02", text, help="open the list of processes")
        )
    return {
        "process": command.process,
        "name": known[0].process.name,
        "versions": [told(session, version) | {"cases": counted[version.policy.hash]} for version in known],
    }


def told(session: Session, version: Version) -> dict[str, Any]:
    """A version in the form of the interface."""
    return {
        "policy": version.policy.hash,
        "process": version.process.hash,
        "version": version.policy.pack.version,
        "is_in_force": version.policy.hash in versions_in_force(session),
    }


def version_of(session: Session, process: str, policy_hash: str = "") -> Version | Refused:
    """A process in a released version of the policy; without a hash, in the one in force."""
    policy = session.policy
    if policy_hash and policy_hash != policy.hash:
        row = session.uow.policy(policy_hash)
        if row is None or row.pack != PACK:
            text = f"no version of the policy with the hash `{policy_hash}` was released"
            help_ = "name a policy by its whole hash; the page of the process lists those of open cases"
            return Refused(Rejection(RejectionKind.NOT_FOUND, "MIGRATE-VERSION-01", text, help=help_))
        policy = session.environment.policies.version(session.uow, policy_hash)
    found = policy.processes.get(process)
    if found is None:
        text = f"this version of the policy has no process `{process}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "MIGRATE-VERSION-02", text, help="name one of its processes"))
    return Version(policy, found)


def mapping_of(nodes: Mapping[str, str] | None, old: Process, new: Process) -> dict[str, str] | Refused:
    """The mapping to move by; a wish must name nodes that there are."""
    if nodes is None:
        return propose(old, new)
    faults = []
    for node, target in nodes.items():
        if node not in old.places:
            message = f"there is no node `{node}` in the version that is left"
            faults.append(Fault("MIGRATE-MAP-01", node, message, by="workflow"))
        elif target not in new.places:
            message = f"`{node}` is mapped to `{target}`, which the other version does not have"
            faults.append(Fault("MIGRATE-MAP-02", node, message, by="workflow"))
    if faults:
        text, help_ = "the mapping names nodes that there are not", "mend what the faults name"
        return Refused(Rejection(RejectionKind.INVALID, "MIGRATE-MAP-03", text, tuple(faults), help=help_))
    return dict(nodes)


def target_of(session: Session, case: CaseRow, named: str) -> str:
    """The version that a case is to go to: the one that is named, else the one in force for its entity."""
    return named or policy_of(session, case).hash


def target_fault(session: Session, case: CaseRow, earlier: list[str], to: str) -> Fault | None:
    """Why a case does not go to a version: to one in force, or back; never to rules of the mover's choice."""
    if to == case.policy_hash:
        return Fault("MIGRATE-CASE-04", "", "the case runs by this version already", by="workflow")
    if to in {policy_of(session, case).hash, *earlier}:
        return None
    message = "a case goes to the version in force, or back to one that it ran by before"
    return Fault("MIGRATE-TARGET-01", "", message, by="workflow", help="leave the target out to name the one in force")


def own_fault(session: Session, people: set[str]) -> Fault | None:
    """That the caller has a hand in a case, and so moves it to no other rules."""
    if session.caller.id not in people:
        return None
    message = "you requested, entered, ordered or received on this case, so somebody else moves it to other rules"
    return Fault("MIGRATE-OWN-01", "", message, by="workflow")


def open_cases(
    session: Session, process: str, *, policy_hash: str = "", entity: str = "", after: str = ""
) -> Iterator[CaseRow]:
    """The open cases of a process that the caller may see, the newest first, from behind one.

    Open is a case that waits, and one that is stuck or stopped behind its posting.
    """
    asked = {"policy_hash": policy_hash, "entities": session.caller.among(entity), "after": after}
    waiting = _pages(session, {"status": "waiting", **asked})
    halted = (_pages(session, {"outcome": outcome, **asked}) for outcome in sorted(HALTED))
    behind = ((row for row in rows if row.status != "waiting") for rows in halted)
    for row in merge(waiting, *behind, key=_arrival, reverse=True):
        if row.process == process:
            yield row


def _arrival(row: CaseRow) -> tuple[datetime, str]:
    return row.received_at, row.case_id


def _pages(session: Session, asked: dict[str, Any]) -> Iterator[CaseRow]:
    while True:
        page = session.uow.cases(**asked, limit=limits.PAGE_SIZE_MAX)
        yield from page
        if len(page) < limits.PAGE_SIZE_MAX:
            return
        asked = {**asked, "after": page[-1].case_id}
