"""Repairing many cases as a job: one case a step, in the order of the list; a trial asks each and changes none."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from comptroller.application.jobs.job import EVERYWHERE, REPAIRS, Job, answer_of, begin_job
from comptroller.application.jobs.stepping import Step
from comptroller.application.migrating.plan import Stayed
from comptroller.application.repairing_many import (
    LOOKED_AT_MAX,
    Chosen,
    FindChosen,
    RepairCases,
    find_chosen,
    order_for,
    refusal_of,
    told_of,
)
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Fault, Rejection

NOTHING: Final = {"repaired": 0, "refused": 0, "cannot": [], "cases": []}
TOLD_MAX: Final = 200
"""Cases of which a trial tells each what it would do; the others are counted."""


@dataclass(frozen=True, slots=True)
class StartRepairs:
    """Have the chosen cases repaired by a job, or tried by one."""

    wish: RepairCases


def start_repairs(session: Session, command: StartRepairs) -> dict[str, Any] | Refused:
    """Write the job; how many cases are meant is counted now, as far as one look goes."""
    refused = refusal_of(command.wish)
    if refused is not None:
        return Refused(refused)
    page = find_chosen(session, FindChosen(command.wish.chosen, limit=LOOKED_AT_MAX))
    if isinstance(page, Refused):
        return page
    total = 0 if page["next"] else len(page["cases"])
    job_id = session.environment.chance.identifier(session.machine_now)
    entity = command.wish.chosen.entity or EVERYWHERE
    return answer_of(begin_job(session, job_id, REPAIRS, asdict(command.wish), total=total, entity=entity))


def repair_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Repair one case after the other; one that is refused is counted with its reason and left as it is."""
    job, said = step.job, dict(step.job.wish)
    chosen = Chosen(**(said["chosen"] | {"case_ids": tuple(said["chosen"]["case_ids"])}))
    wish = RepairCases(**(said | {"chosen": chosen}))
    while True:
        page = step.ask(FindChosen(chosen, job.after))
        if isinstance(page, Rejection):
            yield replace(job, refused={"code": page.code, "message": page.message}), True
            return
        for case_id in page["cases"]:
            job = _one(step, job, wish, case_id)
            yield job, False
        if not page["next"]:
            yield job, True
            return
        job = replace(job, after=page["next"])


def _one(step: Step, job: Job, wish: RepairCases, case_id: str) -> Job:
    """Deal with one case."""
    told = dict(job.told or NOTHING | {"is_trial": wish.is_trial})
    then, command = replace(job, done=job.done + 1, after=case_id), order_for(wish, case_id)
    repaired = {"repaired": told["repaired"] + 1}
    if wish.is_trial:
        answer = step.rehearse(command)
        told["cases"] = [*told["cases"], told_of(case_id, answer)][:TOLD_MAX]
    else:
        answer = step.do(command, replace(then, told=told | repaired))
    if not isinstance(answer, Rejection):
        return replace(then, told=told | repaired)
    counted = Stayed()
    for reason in told["cannot"]:
        counted.add(reason)
    counted.count(case_id, answer.faults or (Fault(answer.code, "", answer.message),))
    return replace(then, told=told | {"refused": told["refused"] + 1, "cannot": counted.told()})
