"""Moving many cases as a job: one case a step, in the order of the list."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.jobs.job import MIGRATION, Job, answer_of, begin_job
from comptroller.application.jobs.stepping import Step
from comptroller.application.migrating.case import MigrateCase
from comptroller.application.migrating.plan import FindMigrating, PlanMigration, Stayed, plan_migration
from comptroller.application.migrating.versions import Move
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Fault, Rejection

NOTHING: Final = {"migrated": 0, "stayed": 0, "cannot": []}


@dataclass(frozen=True, slots=True)
class StartMigration:
    """Have the open cases of a version moved by a job."""

    move: Move
    reason: str


def start_migration(session: Session, command: StartMigration) -> dict[str, Any] | Refused:
    """Write the job, with the version and the mapping that the plan comes to now; what cannot be planned is refused."""
    refused = words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused)
    plan = plan_migration(session, PlanMigration(command.move))
    if isinstance(plan, Refused):
        return plan
    nodes = {each["node"]: each["to"] for each in plan["nodes"] if each["to"]}
    move = replace(command.move, to_policy=plan["to"]["policy"], nodes=nodes)
    job_id = session.environment.chance.identifier(session.machine_now)
    wish = {"move": asdict(move), "reason": command.reason}
    return answer_of(begin_job(session, job_id, MIGRATION, wish, total=plan["cases"], entity=move.entity))


def migration_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Move one case after the other; one that cannot go is counted with its reason and left where it is."""
    job, move, reason = step.job, Move(**step.job.wish["move"]), step.job.wish["reason"]
    while True:
        page = step.ask(FindMigrating(move, job.after, 1))
        if isinstance(page, Rejection):
            yield replace(job, refused={"code": page.code, "message": page.message}), True
            return
        if not page["cases"]:
            yield job, True
            return
        job = _one(step, job, page, MigrateCase("", reason, move.to_policy, move.nodes))
        yield job, False


def _one(step: Step, job: Job, page: dict[str, Any], command: MigrateCase) -> Job:
    """Deal with the one case of a page."""
    told = dict(job.told or NOTHING)
    then = replace(job, done=job.done + 1, after=page["next"])
    if page["ready"]:
        (case_id,) = page["ready"]
        moved = replace(then, told=told | {"migrated": told["migrated"] + 1})
        answer = step.do(replace(command, case_id=case_id), moved)
        if not isinstance(answer, Rejection):
            return moved
        faults = answer.faults or (Fault(answer.code, "", answer.message),)
        reasons = _added(told, [], case_id, faults)
    else:
        reasons = _added(told, page["stayed"])
    return replace(then, told=told | {"stayed": told["stayed"] + 1, "cannot": reasons})


def _added(
    told: dict[str, Any], stayed: list[dict[str, Any]], case_id: str = "", faults: tuple[Fault, ...] = ()
) -> list[dict[str, Any]]:
    counted = Stayed()
    for reason in (*told["cannot"], *stayed):
        counted.add(reason)
    counted.count(case_id, faults)
    return counted.told()
