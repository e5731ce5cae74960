"""Who may do what: principals, the duties their roles give them, their limits, and what one person must not hold.

The one idea: a duty is the right to ask for one kind of thing; whether this person may do it on this case is decided
again from what was done on the case. Nothing here grants by absence: an unknown role, a missing limit or an inactive
principal gives nothing.
"""

from comptroller.domain.identity.duty import Duty
from comptroller.domain.identity.principal import (
    Authority,
    Limit,
    Principal,
    PrincipalKind,
    grant_for,
    is_mail_address,
    limit_for,
)
from comptroller.domain.identity.role import NEVER_AN_AGENT, ONLY_A_PERSON, Party, Role, attenuate, duties_of
from comptroller.domain.identity.segregation import (
    ACT_CONFLICTS,
    DUTY_CONFLICTS,
    ActConflict,
    CaseAct,
    CaseConflict,
    DutyConflict,
    Scope,
    Weight,
    case_conflicts,
    conflicts,
)
from comptroller.domain.identity.standing_in import Absence, Delegation, read_absence, read_delegation

__all__ = [
    "ACT_CONFLICTS",
    "DUTY_CONFLICTS",
    "NEVER_AN_AGENT",
    "ONLY_A_PERSON",
    "Absence",
    "ActConflict",
    "Authority",
    "CaseAct",
    "CaseConflict",
    "Delegation",
    "Duty",
    "DutyConflict",
    "Limit",
    "Party",
    "Principal",
    "PrincipalKind",
    "Role",
    "Scope",
    "Weight",
    "attenuate",
    "case_conflicts",
    "conflicts",
    "duties_of",
    "grant_for",
    "is_mail_address",
    "limit_for",
    "read_absence",
    "read_delegation",
]
