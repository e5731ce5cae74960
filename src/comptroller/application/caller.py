"""Who a principal is now: read from the reference data in the same unit of work that acts, never from a token."""

from collections.abc import Sequence

from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import ReferenceRow
from comptroller.application.session import Caller
from comptroller.domain.identity import Principal, duties_of
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

PACK = "accounts-payable"
"""The pack that this release runs; a tenant with several packs comes with a second one."""


def resolve_caller(uow: UnitOfWork, policies: PolicyLibrary, principal_id: str) -> tuple[Caller, Policy] | Rejection:
    """Find an active principal and the policy in force; anything missing refuses."""
    person_alias, policy_alias = f"person/{principal_id}", f"policy/{PACK}"
    found = uow.references([person_alias, policy_alias])
    policy = policy_in_force(policies, uow, found[policy_alias])
    if policy is None:
        return Rejection(RejectionKind.UNAVAILABLE, "POLICY-FORCE-01", "no policy is in force for this tenant")
    records = found[person_alias]
    principal = Principal.from_body(records[0].key, decode(records[0].body)) if records else None
    if not isinstance(principal, Principal) or not principal.active:
        return Rejection(RejectionKind.UNAUTHENTICATED, "AUTH-PRINCIPAL-01", f"`{principal_id}` is no active principal")
    return Caller(principal, duties_of(principal, policy.pack.roles)), policy


def policy_in_force(policies: PolicyLibrary, uow: UnitOfWork, records: Sequence[ReferenceRow]) -> Policy | None:
    """The policy that a `policy/<pack>` reference record names."""
    if not records:
        return None
    body = decode(records[0].body)
    assert isinstance(body, dict)
    return policies.version(uow, body["policy_hash"])
