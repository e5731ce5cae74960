"""Long jobs for people: who asked, and what a trial says of each case."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.jobs.job import MIGRATION, REPAIRS, ListJobs, list_jobs
from comptroller.application.presenting.incidents import became_of
from comptroller.application.presenting.words import Names
from comptroller.application.session import Session
from comptroller.domain.kernel.instant import parse_instant

_EACH: Final = {REPAIRS: "cases", MIGRATION: "of_each"}
"""Where the trial of a kind of job tells what would become of each case."""


@dataclass(frozen=True, slots=True)
class ShowJobs:
    """The jobs that the caller may see."""


def show_jobs(session: Session, _command: ShowJobs) -> list[dict[str, Any]]:
    """The newest jobs with the names of people and the numbers of cases."""
    names = Names(session)
    return [
        job
        | {
            "asked": parse_instant(job["asked_at"]),
            "asked_by": names.person(job["asked_by"]),
            "stopped_by": names.person(job["stopped_by"]) if job["stopped_by"] else "",
            "became": became_of(session.uow, job["told"].get(_EACH.get(job["kind"], "")) or ()),
        }
        for job in list_jobs(session, ListJobs())["jobs"]
    ]
