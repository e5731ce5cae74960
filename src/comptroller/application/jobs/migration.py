"""Moving many cases as a job: one case a step, in the order of the list; a trial asks each and changes none."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.jobs.job import MIGRATION, Job, answer_of, begin_job
from comptroller.application.jobs.stepping import Step
from comptroller.application.migrating.case import MigrateCase
from comptroller.application.migrating.plan import FindMigrating, Told, counted, mapped, why
from comptroller.application.migrating.versions import Move
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Fault, Rejection

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class StartMigration:
    """Have the open cases of a version moved by a job, or tried by one."""

    move: Move
    reason: str
    is_trial: bool = False


def start_migration(session: Session, command: StartMigration) -> dict[str, Any] | Refused:
    """Write the job, with the version and the mapping that the plan comes to now; what cannot be planned is refused."""
    refused = words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused)
    move = mapped(session, command.move)
    if isinstance(move, Refused):
        return move
    job_id = session.environment.chance.identifier(session.machine_now)
    wish = {"move": asdict(move), "reason": command.reason, "is_trial": command.is_trial}
    total = counted(session, move)
    return answer_of(begin_job(session, job_id, MIGRATION, wish, total=total, entity=move.entity))


def migration_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Move one case after the other; one that cannot go is counted with its reason and left where it is."""
    job, move = step.job, Move(**step.job.wish["move"])
    while True:
        page = step.ask(FindMigrating(move, job.after, PAGE))
        if isinstance(page, Rejection):
            yield replace(job, refused={"code": page.code, "message": page.message}), True
            return
        for case_id, faults in page["cases"]:
            job = _one(step, job, move, case_id, faults)
            yield job, False
        if not page["next"]:
            yield job, True
            return


def _one(step: Step, job: Job, move: Move, case_id: str, faults: Sequence[Fault]) -> Job:
    """Deal with one case."""
    is_trial = bool(job.wish.get("is_trial"))  # a job may be older than trials
    then = replace(job, done=job.done + 1, after=case_id)

    def told(faults: Sequence[Fault]) -> Job:
        so_far = Told(is_trial=is_trial, before=job.told)
        so_far.take(case_id, faults)
        return replace(then, told=so_far.told())

    if faults:
        return told(faults)
    command = MigrateCase(case_id, job.wish["reason"], move.to_policy, move.nodes)
    return told(why(step.rehearse(command) if is_trial else step.do(command, told(()))))
