"""A correction as a job: every decision recorded since a day that a version would have taken otherwise, with amounts.

Nothing is changed by it: what follows from it is for people. The oldest cases come first, some in each step; what was
found is kept with the job, so that it goes on where it was left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from comptroller.application.jobs.job import (
    CORRECTION,
    EVERYWHERE,
    FOUND,
    Job,
    answer_of,
    begin_job,
    standing_of,
    visible_job,
)
from comptroller.application.jobs.stepping import CASES_PAGE, Step
from comptroller.application.releasing.correction import of_cases, totals
from comptroller.application.releasing.history import Candidate, versions_of, wish_since
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection

TOLD_MAX: Final = 5_000
"""Decisions that are told one by one; the cases of further ones are counted."""


@dataclass(frozen=True, slots=True)
class StartCorrection:
    """Have a job list what would have been decided otherwise, had a candidate counted since a day."""

    candidate: Candidate
    since: str  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class CorrectCases:
    """A page of cases, the oldest first, from behind a case."""

    wish: Mapping[str, Any]  # `version`, `base`, and what entities have
    since: date
    after: str = ""


@dataclass(frozen=True, slots=True)
class GetCorrection:
    """The list as far as it has come."""

    job_id: str


def start_correction(session: Session, command: StartCorrection) -> dict[str, Any] | Refused:
    """Write the job."""
    wish = wish_since(session, command.candidate, command.since)
    if isinstance(wish, Rejection):
        return Refused(wish)
    job_id = session.environment.chance.identifier(session.machine_now)
    total = sum(count.cases for count in session.uow.case_counts())
    return answer_of(begin_job(session, job_id, CORRECTION, wish, total=total, entity=EVERYWHERE))


def correct_cases(session: Session, command: CorrectCases) -> dict[str, Any]:
    """Decide a page of cases again; `next` is where to go on, `looked_at` how many there were."""
    rows = list(session.uow.cases(after=command.after, limit=CASES_PAGE, oldest=True))
    found = list(of_cases(session, versions_of(session, command.wish)[1], rows, command.since))
    where = {"looked_at": len(rows), "next": rows[-1].case_id if rows else command.after}
    return {**where, **totals(found), "decisions": [each.to_json() for each in found]}


def correction_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Decide and list page after page."""
    wish = step.job.wish
    return step.through_cases(partial(CorrectCases, wish, date.fromisoformat(wish["since"])), _told)


def _told(job: Job, page: Mapping[str, Any]) -> dict[str, Any]:
    """What was found before, with a page more."""
    told, listed = _found(job)
    gross = {currency: Decimal(amount) for currency, amount in told["gross"].items()}
    for currency, amount in page["gross"].items():
        gross[currency] = gross.get(currency, Decimal(0)) + amount
    more = len(listed) + len(page["decisions"]) + told["more"] - TOLD_MAX
    return {
        "cases": told["cases"] + page["cases"],
        "reworded": told["reworded"] + page["reworded"],
        "gross": gross,
        "more": max(more, 0),
        FOUND: [*listed, *page["decisions"]][:TOLD_MAX],
    }


def _found(job: Job) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The sums, and the decisions one by one."""
    told = dict(job.told or {"cases": 0, "reworded": 0, "gross": {}, "more": 0, FOUND: []})
    return told, list(told.pop(FOUND))


def get_correction(session: Session, command: GetCorrection) -> dict[str, Any] | Refused:
    """The job with its sums, and every decision that would have been another."""
    found = visible_job(session, command.job_id, CORRECTION)
    if isinstance(found, Refused):
        return found
    told, listed = _found(found[0])
    return {**standing_of(session, *found), **found[0].wish, **told, "decisions": listed}
