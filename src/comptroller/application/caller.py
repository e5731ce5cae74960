"""Who a principal is now: read from the reference data in the same unit of work that acts, never from a token."""

from comptroller.application.people.records import principal_of
from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.releasing.timeline import alias_of, timeline_of
from comptroller.application.session import Caller
from comptroller.domain.identity import duties_of
from comptroller.domain.kernel.fault import Rejection, RejectionKind

SYSTEM = "system"
"""The principal under which the platform's own workers act."""

PACK = "accounts-payable"
"""The pack that this release runs; a tenant with several packs comes with a second one."""


def resolve_caller(uow: UnitOfWork, policies: PolicyLibrary, principal_id: str) -> tuple[Caller, Policy] | Rejection:
    """Find an active principal and the policy in force; anything missing refuses."""
    person_alias = f"person/{principal_id}"
    found = uow.references([person_alias, alias_of(PACK)])
    policy = policy_in_force(policies, uow)
    if policy is None:
        return Rejection(RejectionKind.UNAVAILABLE, "POLICY-FORCE-01", "no policy is in force for this tenant")
    records = found[person_alias]
    principal = principal_of(records[0]) if records else None
    if principal is None or not principal.active:
        return Rejection(RejectionKind.UNAUTHENTICATED, "AUTH-PRINCIPAL-01", f"`{principal_id}` is no active principal")
    return Caller(principal, duties_of(principal, policy.pack.roles)), policy


def policy_in_force(policies: PolicyLibrary, uow: UnitOfWork) -> Policy | None:
    """The policy that is in force for the group now."""
    entry = timeline_of(uow, PACK).in_force()
    return None if entry is None else policies.version(uow, entry.version)
