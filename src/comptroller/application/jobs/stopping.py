"""Stopping a long job: what is done stays, the rest is not begun.

The wish is a row of its own, so that it meets nothing that the worker writes; whoever has the job looks for it before
each step, and ends the job with what it has told so far. What is handed in again after that goes on behind it.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.jobs.job import OVER, STOPPED_BY, answer_of, stop_id, visible_job
from comptroller.application.outbox import outbox_row
from comptroller.application.records import revised
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind

STOP: Final = "stop"
"""The kind of the row that says so; nobody leases it."""


@dataclass(frozen=True, slots=True)
class StopJob:
    """Have a job begin nothing more."""

    job_id: str
    reason: str


def stop_job(session: Session, command: StopJob) -> dict[str, Any] | Refused:
    """Note the wish; one that is noted already is answered as it stands."""
    found = visible_job(session, command.job_id)
    if isinstance(found, Refused):
        return found
    job, row = found
    if not STOPPED_BY[job.kind] & session.caller.duties:
        message = "you see this job, but whoever could have asked for it stops it"
        return Refused(Rejection(RejectionKind.FORBIDDEN, "JOB-STOP-01", message))
    refused = words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused)
    if row.status in OVER:
        return Refused(Rejection(RejectionKind.CONFLICT, "JOB-STOP-02", "the job has ended already"))
    if session.uow.outbox(stop_id(job)) is None:
        reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
        session.uow.insert(
            revised(outbox_row(session, stop_id(job), STOP, "", {"by": session.caller.id}), status="done")
        )
        session.evidence.tell("jobs", "job.stopped", {"job": job.job_id, "kind": job.kind, "reason": reason})
    return answer_of(job, row) | {"status": "stopping"}
