"""Brings a version of policy in force: the timeline says so, and its timer start events are set from now on."""

from comptroller.application.caller import policy_in_force
from comptroller.application.evidence import Evidence
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.releasing.timeline import alias_of, put_in_force
from comptroller.application.session import Environment
from comptroller.application.starting.schedule import Now, renew_starts
from comptroller.domain.packs.timeline import GROUP, InForce, Way


def bring_in_force(environment: Environment, uow: UnitOfWork, evidence: Evidence, pack: str, *entries: InForce) -> None:
    """Add entries to the timeline of a pack, and set what begins by the clock: processes are the group's.

    A version on trial has the same processes.
    """
    uow.serialize([alias_of(pack)])
    before = policy_in_force(environment.policies, uow)
    put_in_force(uow, evidence, pack, *entries)
    for entry in entries:
        if entry.entity == GROUP and entry.way is not Way.TRIAL:
            after, now = environment.policies.version(uow, entry.version), environment.clock.machine_now()
            renew_starts(uow, evidence, before, after, Now(entry.recorded_at, now))
